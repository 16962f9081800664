"""Facts that come in: what Asterisk, the callers' dialplan and people did. Past tense, frozen.

The engine accepts them twice, late, and AMI and AGI in either order: between AMI and AGI Asterisk keeps no
order at all. Instants are monotonic seconds (see `ccd.clock`); the instant of the event itself is the
`now` that goes with it into `Engine.handle`.
"""

from ccd.events.agents import (
    AgentPaused,
    AgentReadied,
    AgentSignedIn,
    AgentSignedOut,
    DispositionGiven,
    OutgoingTalkEnded,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.events.callers import (
    CallerJoined,
    CallerLeft,
    CallerMoved,
    CallerRestored,
    DialReturned,
    OfferFailed,
    PriorityChanged,
)
from ccd.events.configuration import (
    AgentsConfigured,
    BreaksConfigured,
    DirectLineOpened,
    DrainBegan,
    QueueClosed,
    QueueMoved,
    QueueOpened,
    QueuesConfigured,
    Ticked,
)
from ccd.events.phones import (
    CallerHandedOver,
    ChannelGone,
    ConferenceBegan,
    DeviceStateChanged,
    HangupRequested,
    Held,
    KeyPressed,
    LegEnded,
    LegRang,
    LinkLost,
    LiveChannel,
    Synchronised,
    TalkCut,
)

Event = (
    CallerJoined
    | CallerRestored
    | CallerLeft
    | CallerMoved
    | PriorityChanged
    | DialReturned
    | OfferFailed
    | LegRang
    | LegEnded
    | ChannelGone
    | HangupRequested
    | CallerHandedOver
    | ConferenceBegan
    | TalkCut
    | DeviceStateChanged
    | KeyPressed
    | Held
    | Synchronised
    | LinkLost
    | AgentSignedIn
    | AgentSignedOut
    | AgentPaused
    | AgentReadied
    | WrapUpDone
    | WrapUpExtended
    | OutgoingTalkEnded
    | DispositionGiven
    | QueuesConfigured
    | QueueClosed
    | QueueOpened
    | QueueMoved
    | AgentsConfigured
    | DirectLineOpened
    | BreaksConfigured
    | DrainBegan
    | Ticked
)

__all__ = [
    "AgentPaused",
    "AgentReadied",
    "AgentSignedIn",
    "AgentSignedOut",
    "AgentsConfigured",
    "BreaksConfigured",
    "CallerHandedOver",
    "CallerJoined",
    "CallerLeft",
    "CallerMoved",
    "CallerRestored",
    "ChannelGone",
    "ConferenceBegan",
    "DeviceStateChanged",
    "DialReturned",
    "DirectLineOpened",
    "DispositionGiven",
    "DrainBegan",
    "Event",
    "HangupRequested",
    "Held",
    "KeyPressed",
    "LegEnded",
    "LegRang",
    "LinkLost",
    "LiveChannel",
    "OfferFailed",
    "OutgoingTalkEnded",
    "PriorityChanged",
    "QueueClosed",
    "QueueMoved",
    "QueueOpened",
    "QueuesConfigured",
    "Synchronised",
    "TalkCut",
    "Ticked",
    "WrapUpDone",
    "WrapUpExtended",
]
