"""One call under way: what the daemon must remember of it between AGI sessions, and the messages for it."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ccd.calls.carried import Dialled, LastStay, Served, Visit
from ccd.calls.notes import encode_notes
from ccd.calls.token import Token
from ccd.commands import Announce, Comfort, EndWait, OfferCall, StayChanged
from ccd.config.recordings import Record
from ccd.history import Entry, TalkEnded, TalkStarted, ThirdJoined
from ccd.ivr.ports import Caller, Place
from ccd.model import AgentNumber, CallId, ChannelId, Direction, OfferId, QueueName, Side

Message = OfferCall | EndWait | Announce | Comfort | StayChanged


def is_consultation(channel_name: str) -> bool:
    """Whether a channel is one that Asterisk makes for an agent who consults."""
    return channel_name.startswith("Local/") and "@ccd-transfer-" in channel_name


@dataclass(slots=True, kw_only=True)
class CalledBack:
    """What makes a call a callback: see `ccd.calls.callbacks`."""

    promise: int
    """The number of the promise that it keeps."""
    attempt: int
    absent: bool = True
    """Nobody is on its channel yet; it may not even exist."""
    reached: bool = False
    """The customer is on the line: a caller like any other."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """Who has a caller after a consultation that was a call of its own, to a queue or a number of ours."""

    call_id: CallId
    agent: AgentNumber
    wrap_up_s: float
    """Their queue's, which the engine gives them."""


@dataclass(slots=True, kw_only=True, eq=False)
class LiveCall:
    """One call under way."""

    caller: Caller
    """The caller as flows know them."""
    channel: ChannelId
    """The uniqueid of the caller's channel."""
    channel_name: str
    caller_name: str = ""
    """What the caller's side shows beside the number."""
    started_at: float
    """When the call entered ccd, which may have been before our restart."""
    began_at: float
    """When this process took it up."""
    place: str = ""
    queue: QueueName | None = None
    joined_at: float | None = None
    home: QueueName | None = None
    """The queue of the flow's node, when they were moved from it to `queue`."""
    entered_at: float | None = None
    """When they were moved."""
    priority: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)
    keys_from: float = 0.0
    """From when on keys are choices of the queue: the last key of a menu may be told late."""
    comforts: int = 0
    """Words of comfort that were said in this stay."""
    pressed: str = ""
    """The key that ended the stay, until the caller's session has taken it in."""
    last_stay: LastStay | None = None
    """The last stay that is over, until somebody has kept the caller's place by it."""
    offer_id: OfferId | None = None
    offers: int = 0
    handed_at: float | None = None
    """When the dialplan was told to dial."""
    talking_since: float | None = None
    """When AMI told that what the dialplan dialled has answered."""
    recording: str = ""
    """Relative path of the recording that the current offer would make; empty: none."""
    offered_to: AgentNumber | None = None
    """Whom the current offer goes to, when it is one agent."""
    ends_by: Side = Side.CALLER
    """Who will have ended the call if its channel goes now."""
    inbox: deque[Message] = field(default_factory=deque)
    outside: str = ""
    """The number that the dialplan was told to dial for a flow's `dial` node."""
    restored: bool = False
    """Taken over from the channel after our restart; until it has joined a queue again."""
    failures: int = 0
    """How many of its sessions failed in a row, by a fault of ours."""
    edge: str = ""
    """How the queue or the dial at `place` ended: whoever was served is not queued again, whatever fails."""
    sent_to: Place | None = None
    """Where an operator sent the caller; their dialplan is about to ask what is next."""
    notes_unread: bool = False
    """What a flow knew of the caller is still to be read from their channel."""
    noted: str = ""
    """What was last written there."""
    callback: CalledBack | None = None
    consulted: Consulted | None = None
    """Who has the caller after a consultation."""
    made_during: str = ""
    """Of a consultation: the channel of the caller with whom the agent talked, by Asterisk's linkedid."""
    replaced: bool = False
    """A consultation that waited for an agent: the caller whom it was about waits in its place."""
    third: str = ""
    """Whom the agent took into the talk last."""
    left_behind: bool = False
    """The agent left a talk of three; whether anybody is left tells how long it goes on."""
    talk: TalkStarted | None = None
    served: Served | None = None
    """The last talk that is over."""
    visit: Visit | None = None
    """The mailbox in which the caller is."""
    message_s: float | None = None
    """How long what they said there is; None: they are speaking, or have not."""
    direct_record: Record = Record.NEVER
    """Whether the call to one agent that is under way is recorded."""
    on_demand: bool = False
    """The recording of a phone's call begins when it is asked for."""
    consulting: str = ""
    """Whom the agent who talks with the caller dialled by the keys of the talk, last."""
    dialled: Dialled | None = None
    """Of a call that a phone made: whose it is."""
    _wake: asyncio.Future[None] | None = None

    @property
    def call_id(self) -> CallId:
        """The call's id."""
        return self.caller.call_id

    @property
    def consults(self) -> bool:
        """Whether it is an agent's, who consults a queue or a number of ours during a talk."""
        return is_consultation(self.channel_name)

    @property
    def direction(self) -> Direction:
        """Which way the call goes."""
        if self.dialled is not None:
            return Direction.INTERNAL if self.dialled.internal else Direction.OUTBOUND
        if self.consults:
            return Direction.INTERNAL
        return Direction.INBOUND if self.callback is None else Direction.OUTBOUND

    def restore(self, token: Token, instant: Callable[[float], float]) -> None:
        """Take the caller's place over from their channel; `instant` turns epoch seconds into instants."""
        self.place, self.queue, self.priority = token.place, token.queue, token.priority
        self.offer_id, self.offers = token.offer_id, token.offers
        self.offered_to, self.edge = token.agent, token.edge
        self.served = None if token.served is None else token.served.told_by(instant)
        self.last_stay = None if token.last_stay is None else token.last_stay.told_by(instant)
        last = self.last_stay or self.served
        self.caller.queue = None if last is None else last.queue
        self.visit = None if token.visit is None else token.visit.told_by(instant)
        self.dialled = None if token.dialled is None else token.dialled.told_by(instant)
        self.joined_at = None if token.joined is None else instant(token.joined)
        self.home = token.home
        self.entered_at = None if token.entered is None else instant(token.entered)
        self.handed_at = None if token.handed is None else instant(token.handed)
        self.caller.needs = dict(token.needs)
        self.caller.returns = list(token.returns)
        self.notes_unread = True
        self.restored = True

    def change_stay(self, change: StayChanged) -> None:
        """Take in that the caller waits in another queue, or at another priority, and tell their session."""
        if change.queue != self.queue:
            self.home, self.entered_at = self.home or self.queue, change.entered_at
        self.queue, self.priority = change.queue, change.priority
        self.post(change)

    def leave_queue(self) -> None:
        """Note that the stay is over by an answer and the caller still here: the agent hung up."""
        self._end_stay(answered=True)
        self.ends_by = Side.AGENT

    def leave_for(self, place: Place) -> None:
        """Note that the caller was sent to another place, out of whatever they were in."""
        self.queue = self.joined_at = self.handed_at = self.offer_id = self.sent_to = None
        self.edge, self.place, self.ends_by = "", str(place), Side.CALLER
        self.caller.returns.clear()

    def leave_unanswered(self) -> None:
        """Note that the stay is over without an agent."""
        self._end_stay(answered=False)

    def _end_stay(self, *, answered: bool) -> None:
        self.caller.queue = self.queue or self.caller.queue
        if self.queue is not None and self.joined_at is not None:
            self.last_stay = LastStay(
                queue=self.queue,
                joined_at=self.joined_at,
                priority=self.priority,
                needs=self.needs,
                answered=answered,
            )
        self.queue, self.joined_at, self.handed_at = None, None, None

    def take_key(self) -> str:
        """Give the key that ended the stay, once; empty when none did."""
        key, self.pressed = self.pressed, ""
        if key:
            self.leave_unanswered()
            self.offer_id = None
        return key

    def note(self, entry: Entry) -> None:
        """Remember who talks with the caller, and who did: a survey is about it."""
        match entry:
            case TalkStarted():
                self.talk, self.caller.agent = entry, entry.agent
            case TalkEnded() if self.talk is not None:
                self.served = Served(
                    offer_id=self.talk.offer_id,
                    queue=entry.queue,
                    agent=entry.agent,
                    joined=self.talk.at - self.talk.queue_wait_s,
                    began=self.talk.at,
                    ended=entry.at,
                )
                self.talk = None
                if self.third and entry.by is Side.AGENT:
                    self.outside, self.talking_since, self.left_behind = self.third, entry.at, True
                self.third = ""
            case ThirdJoined():
                self.third = entry.number
            case _:
                pass

    def post(self, message: Message) -> None:
        """Leave a message for the session that holds the caller.

        An offer or an end goes before prompts; of each kind of prompt one is left at most.
        """
        if isinstance(message, StayChanged):
            self.inbox.append(message)
        elif isinstance(message, Announce | Comfort):
            if not any(isinstance(waiting, type(message)) for waiting in self.inbox):
                self.inbox.append(message)
        else:
            if isinstance(message, EndWait):
                self.pressed = message.key
            self.inbox.appendleft(message)
        self.wake()

    def forget_messages(self) -> None:
        """Drop what was left for an earlier session; an offer that is still open is for the next one."""
        open_offers = [m for m in self.inbox if isinstance(m, OfferCall) and m.offer_id == self.offer_id]
        self.inbox = deque(open_offers)

    def wake(self) -> None:
        """Let the session look again (a message came, or the caller hung up)."""
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def stirred(self, over: asyncio.Event, *, urgent: bool = False) -> None:
        """Wait for a message (`urgent`: one that may cut a prompt short), or the end of the session."""
        while not (over.is_set() or (self._is_urgent() if urgent else self.inbox)):
            await self._woken(over)

    def _is_urgent(self) -> bool:
        return bool(self.inbox) and not isinstance(self.inbox[0], Announce | Comfort)

    async def _woken(self, over: asyncio.Event) -> None:
        self._wake = asyncio.get_running_loop().create_future()
        hang_up = asyncio.ensure_future(over.wait())
        # cancelled below, it tells so only when the next wait has begun: that one is not to end by it
        hang_up.add_done_callback(lambda done: None if done.cancelled() else self.wake())
        try:
            await self._wake
        finally:
            hang_up.cancel()
            self._wake = None

    def state(self, epoch: Callable[[float], float]) -> dict[str, str]:
        """Give the channel variables that say where the caller stands and what a flow knows of them.

        The latter only where it has changed: few flows have variables, and a line to Asterisk is short.
        """
        told = {"CCD_STATE": self.token(epoch).encode()}
        if not self.notes_unread and (notes := encode_notes(self.caller)) != self.noted:
            self.noted = told["CCD_VARS"] = notes
        return told

    def token(self, epoch: Callable[[float], float]) -> Token:
        """Write down the caller's place for their channel; `epoch` turns instants into epoch seconds."""
        return Token(
            call_id=self.call_id,
            started=epoch(self.started_at),
            place=self.place,
            language=self.caller.language,
            called=self.caller.called,
            queue=self.queue,
            joined=None if self.joined_at is None else epoch(self.joined_at),
            home=self.home,
            entered=None if self.entered_at is None else epoch(self.entered_at),
            handed=None if self.handed_at is None else epoch(self.handed_at),
            priority=self.priority,
            offer_id=self.offer_id,
            edge=self.edge,
            served=None if self.served is None else self.served.told_by(epoch),
            last_stay=None if self.last_stay is None else self.last_stay.told_by(epoch),
            visit=None if self.visit is None else self.visit.told_by(epoch),
            dialled=None if self.dialled is None else self.dialled.told_by(epoch),
            agent=self.offered_to if self.offer_id else None,
            offers=self.offers,
            needs=self.caller.needs,
            returns=tuple(self.caller.returns),
            consent=self.caller.consent,
        )
