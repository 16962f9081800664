"""The log of what happened, told once: call records, figures, queue_log and `ccd explain` are folds of it.

The engine writes the entries of queues and agents, the call's session those of the IVR, the survey and the
recording. `at` is monotonic seconds.
"""

from dataclasses import dataclass

from ccd.model import (
    AgentNumber,
    AgentState,
    AgentStatus,
    CallId,
    ChannelId,
    Consent,
    Device,
    Direction,
    Extension,
    OfferId,
    OfferResult,
    QueueName,
    QueueOutcome,
    Side,
    StickyResult,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    """A caller's channel entered ccd."""

    call_id: CallId
    at: float
    channel: str
    """Asterisk's channel name."""
    linkedid: str
    number: str
    name: str
    called: str
    """The number that was dialled, e.g. `4000`."""
    language: str
    recovered: bool = False
    """True when the call was under way before our restart and `at` was taken from its channel."""
    direction: Direction = Direction.INBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntered:
    """The caller entered an IVR flow, or came back to it from a queue."""

    call_id: CallId
    at: float
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeVisited:
    """One node of a flow was done."""

    call_id: CallId
    at: float
    flow: str
    node: str
    result: str
    """What it led to: a digit, `timeout`, `open`, …; collected digits are masked where configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsLearnt:
    """Something was learnt of the caller, by a lookup in the business's system or from their number."""

    call_id: CallId
    at: float
    source: str
    """The lookup's name, or `region`."""
    facts: tuple[tuple[str, str], ...]
    """Names and values, for the agent and for the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen:
    """The caller, or a flow for them, chose the language in which they are spoken to."""

    call_id: CallId
    at: float
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLeft:
    """The caller left the IVR: into a queue, to an outside number, to a survey, or hung up."""

    call_id: CallId
    at: float
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntered:
    """A caller joined a queue for the first time of this stay."""

    call_id: CallId
    at: float
    queue: QueueName
    position: int
    priority: int
    number: str
    callback: bool = False
    """The place of somebody whom we call back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequested:
    """A caller was promised a call back; it is stored already."""

    call_id: CallId
    at: float
    callback: int
    """The request's number."""
    queue: QueueName
    number: str
    waited: bool
    """They had been waiting in this queue: their stay, noted as left by key, timed out, …, led to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried:
    """This call is a callback: one try to keep a promise."""

    call_id: CallId
    at: float
    callback: int
    queue: QueueName
    of: CallId | None
    """The call in which it was asked for; None: it was entered by hand."""
    attempt: int
    order: str
    """`agent_first` or `customer_first`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityGiven:
    """An operator gave a caller who waits another priority."""

    call_id: CallId
    at: float
    queue: QueueName
    priority: int
    previous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One member considered in a routing decision, and why they were taken or passed over."""

    agent: AgentNumber
    verdict: str
    """`chosen`, `next` (would have been the next choice), or why not: `busy`, `paused`, `wrap_up`,
    `unreachable`, `logged_out`, `reserved`, `missed_this_caller`, `higher_penalty`, `less_preferred`,
    `lacks` (a skill, see `key`), `penalty_over`, …"""
    key: str = ""
    """The strategy's key in words, e.g. `idle 12.4 s`, `3 calls`, `position 2`; what is lacked, e.g.
    `english 50 (has 30)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Why an offer went to whom it went; `ccd explain` shows it."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    strategy: str
    rule: str
    """Phrases, a semicolon between them: `sticky`, `rrmemory after position 2`, `ringall`, …; then, where
    they played a part, `help of support`, `priority 3.5`, `needs english 50, billing 20 preferred`."""
    trigger: str
    """The event that led to it: `caller joined`, `agent 1002 free`, …"""
    waited_s: float
    ahead: int
    """Callers of this queue who stood before this one and could not take the agent."""
    candidates: tuple[Candidate, ...]
    """At most 20, the chosen ones first."""
    members: int
    """How many members the queue has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStarted:
    """One agent's phone was sent the caller (for ring-all one entry an agent)."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    device: Device
    sticky: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """The offer to one agent is over."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    result: OfferResult
    ring_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStarted:
    """Caller and agent talk."""

    call_id: CallId
    at: float
    queue: QueueName
    agent: AgentNumber
    leg: ChannelId | None
    """The agent's channel; None when AMI did not tell."""
    offer_id: OfferId
    queue_wait_s: float
    """From joining the queue to the answer, ringing included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged:
    """The agent put the caller on hold, or took them back."""

    call_id: CallId
    at: float
    agent: AgentNumber
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """The agent's part in the call is over."""

    call_id: CallId
    at: float
    queue: QueueName
    agent: AgentNumber
    by: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """An agent sent the caller on during the talk, by keys or by the phone's own transfer."""

    call_id: CallId
    at: float
    agent: AgentNumber | None
    to: str
    """The number, or `survey`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionChosen:
    """The agent said what came of a talk, often after the call's end; the last word counts."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    code: str
    """`none`: one was wanted, and none was given in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft:
    """The stay in the queue is over; exactly one for each `QueueEntered`."""

    call_id: CallId
    at: float
    queue: QueueName
    outcome: QueueOutcome
    position: int
    """Where the caller stood then."""
    original_position: int
    waited_s: float
    sticky: StickyResult
    key: str = ""
    """The key by which the caller left, with the outcome KEY."""
    callback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """Asterisk was told to record this talk."""

    call_id: CallId
    at: float
    path: str
    """Relative to the recording root, without regard to format conversions: `2026/11/21/ID-1.wav`."""
    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTaken:
    """The caller was told of the recording, or asked about it."""

    call_id: CallId
    at: float
    began_at: float
    """When the prompt began."""
    consent: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused:
    """From here on the recording holds silence."""

    call_id: CallId
    at: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed:
    """From here on the recording holds sound again."""

    call_id: CallId
    at: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStored:
    """A finished recording was measured and is in its place."""

    call_id: CallId
    at: float
    path: str
    length_s: float
    size: int
    sha256: str
    problem: str = ""
    """What is wrong with it: `missing`, `empty`, `short`; empty: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyOffered:
    """The caller was asked to rate the service."""

    call_id: CallId
    at: float
    survey: str
    queue: QueueName | None
    agent: AgentNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEnded:
    """The survey is over; `digit` is empty when nothing valid was pressed."""

    call_id: CallId
    at: float
    survey: str
    queue: QueueName | None
    agent: AgentNumber | None
    digit: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionStarted:
    """A supervisor's phone listens to the call."""

    call_id: CallId
    at: float
    mode: str
    """`listen`, `whisper` (heard by the agent alone) or `barge` (heard by both)."""
    extension: Extension
    """The supervisor's phone."""
    channel: ChannelId
    """Its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEnded:
    """The supervisor's phone has hung up; none is told when the call ended first."""

    call_id: CallId
    at: float
    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailOffered:
    """The caller was led to a mailbox."""

    call_id: CallId
    at: float
    mailbox: str
    message: str
    """The id that a message gets, if one is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailEnded:
    """The caller has left the mailbox, or the call."""

    call_id: CallId
    at: float
    mailbox: str
    message: str
    result: str
    """`kept`: there is a message. `empty`: nothing was said, or too little. `cancelled`, `failed`."""
    length_s: float
    """Of the message; 0 without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDecided:
    """Somebody wanted to dial an outside number, or an extension, and was let or refused."""

    call_id: CallId
    at: float
    target: str
    """What was dialled."""
    extension: Extension
    """The phone from which."""
    agent: AgentNumber | None
    """Who is signed in on it."""
    queue: QueueName | None
    """On whose behalf, where the agent said so."""
    rule: str
    """What decided, see `ccd.outbound.policy`; empty for an extension."""
    refusal: str = ""
    """The reason, of `ccd.outbound.policy.RefusalReason`; empty: it is dialled."""
    caller_id: str = ""
    """What was shown to the other side; empty: the extension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAnswered:
    """The number that was dialled has answered: the two talk."""

    call_id: CallId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledOut:
    """An extension or an outside number that was dialled is done with; `status` is Asterisk's DIALSTATUS."""

    call_id: CallId
    at: float
    target: str
    status: str
    talk_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The caller's channel is gone, or left ccd. Exactly one a call."""

    call_id: CallId
    at: float
    by: Side
    cause: int
    """Q.850 hangup cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatusChanged:
    """An agent signed in or out, paused or came back."""

    agent: AgentNumber
    at: float
    status: AgentStatus
    reason: str
    extension: Extension | None
    previous: AgentStatus
    previous_reason: str
    session_s: float
    """At sign-out: how long the agent was signed in; else 0."""
    queues: tuple[QueueName, ...]
    automatic: bool = False
    """True for autopause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged:
    """The observed state of an agent changed."""

    agent: AgentNumber
    at: float
    state: AgentState
    previous: AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakOverdue:
    """A break lasts longer than its reason allows."""

    agent: AgentNumber
    at: float
    reason: str
    since_at: float


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
