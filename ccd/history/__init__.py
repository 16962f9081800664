"""The log of what happened, told once: call records, figures, queue_log and `ccd explain` are folds of it.

The engine writes the entries of queues and agents, the call's session those of the IVR, the survey and the
recording. `at` is monotonic seconds.
"""

from ccd.history.agents import AgentStateChanged, AgentStatusChanged, BreakOverdue
from ccd.history.calls import CallEnded, CallStarted
from ccd.history.flows import (
    FactsLearnt,
    FlowEntered,
    FlowLeft,
    LanguageChosen,
    NodeVisited,
    SurveyEnded,
    SurveyOffered,
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.history.outgoing import DialledOut, OutgoingAnswered, OutgoingDecided
from ccd.history.queues import (
    CallbackRequested,
    CallbackTried,
    Candidate,
    Decided,
    OfferEnded,
    OfferStarted,
    PriorityGiven,
    QueueEntered,
    QueueLeft,
)
from ccd.history.recordings import (
    ConsentTaken,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStored,
)
from ccd.history.talks import (
    DispositionChosen,
    HoldChanged,
    SentOn,
    SupervisionEnded,
    SupervisionStarted,
    TalkEnded,
    TalkStarted,
    ThirdJoined,
)

Entry = (
    CallStarted
    | FlowEntered
    | NodeVisited
    | FactsLearnt
    | LanguageChosen
    | FlowLeft
    | QueueEntered
    | PriorityGiven
    | CallbackRequested
    | CallbackTried
    | Decided
    | OfferStarted
    | OfferEnded
    | TalkStarted
    | HoldChanged
    | ThirdJoined
    | TalkEnded
    | DispositionChosen
    | SentOn
    | QueueLeft
    | RecordingStarted
    | RecordingStored
    | ConsentTaken
    | RecordingPaused
    | RecordingResumed
    | SurveyOffered
    | SurveyEnded
    | SupervisionStarted
    | SupervisionEnded
    | VoicemailOffered
    | VoicemailEnded
    | OutgoingDecided
    | OutgoingAnswered
    | DialledOut
    | CallEnded
    | AgentStatusChanged
    | AgentStateChanged
    | BreakOverdue
)

__all__ = [
    "AgentStateChanged",
    "AgentStatusChanged",
    "BreakOverdue",
    "CallEnded",
    "CallStarted",
    "CallbackRequested",
    "CallbackTried",
    "Candidate",
    "ConsentTaken",
    "Decided",
    "DialledOut",
    "DispositionChosen",
    "Entry",
    "FactsLearnt",
    "FlowEntered",
    "FlowLeft",
    "HoldChanged",
    "LanguageChosen",
    "NodeVisited",
    "OfferEnded",
    "OfferStarted",
    "OutgoingAnswered",
    "OutgoingDecided",
    "PriorityGiven",
    "QueueEntered",
    "QueueLeft",
    "RecordingPaused",
    "RecordingResumed",
    "RecordingStarted",
    "RecordingStored",
    "SentOn",
    "SupervisionEnded",
    "SupervisionStarted",
    "SurveyEnded",
    "SurveyOffered",
    "TalkEnded",
    "TalkStarted",
    "ThirdJoined",
    "VoicemailEnded",
    "VoicemailOffered",
]
