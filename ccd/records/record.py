"""One call, one record, with segments for everything that happened to it.

The shape is ours; it answers what native CDRs are blamed for: a row per ringing leg, a transfer that makes an
agent's talk an hour long, recordings that lose their call, abandoned counts that include timeouts.

Times: `…_at` are aware UTC dates, `…_s` seconds that come from the monotonic clock. A call's seconds are
divided without overlap and without remainder: `ivr_s + queue_wait_s + ring_s + talk_s + on_hold_s + survey_s`
is `duration_s`. What no other part claims is time with the machine, `ivr_s`; `voicemail_s` is a part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ccd.model import AgentNumber, CallId, Direction, OfferId, QueueName, Side, StickyResult

Json = dict[str, Any]


class Outcome(StrEnum):
    """How a call ended: how its last stay in a queue did, else what became of it without one."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMED_OUT = "timed_out"
    FULL = "full"
    EMPTY = "empty"
    KEY = "key"
    TRANSFERRED = "transferred"
    FAILED = "failed"
    CLOSED = "closed"
    NOT_REACHED = "not_reached"
    """We called back, and the customer did not answer."""
    CANCELLED = "cancelled"
    """A callback that was no longer wanted when an agent was about to make it; a phone that dialled hung up
    before the other side answered."""
    CALLBACK = "callback"
    """The caller was promised a call back."""
    IVR_ENDED = "ivr_ended"
    """It never reached a queue and was sent nowhere: self-service, closing prompt, or hung up in the menu."""
    DIALLED_OUT = "dialled_out"
    """It never reached a queue; a flow sent it to an extension or an outside number, answered or not."""
    VOICEMAIL = "voicemail"
    """Nobody talked with the caller, and they left a message."""

    # Of calls that a phone made; `answered` and `failed` are theirs, too.
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REFUSED = "refused"
    """The outbound policy did not let the number be dialled."""


class SegmentKind(StrEnum):
    """What a stretch of a call was."""

    IVR = "ivr"
    QUEUE = "queue"
    OFFER = "offer"
    TALK = "talk"
    SURVEY = "survey"
    DIAL = "dial"
    CONSENT = "consent"
    """The caller was told of the recording, or asked about it."""
    SUPERVISION = "supervision"
    """A supervisor listened; it takes none of the call's time."""
    CALLBACK = "callback"
    """A moment: a call back was promised, or this call is one."""
    VOICEMAIL = "voicemail"


class CdrDisposition(StrEnum):
    """Asterisk's dispositions. Ours says ANSWERED only when a person talked with the caller."""

    ANSWERED = "ANSWERED"
    NO_ANSWER = "NO ANSWER"
    BUSY = "BUSY"
    FAILED = "FAILED"
    CONGESTION = "CONGESTION"


def instant(moment: datetime | None) -> str | None:
    """Give an aware date as `2026-11-21T09:30:00.125Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(duration: float | None) -> float | None:
    """Give a duration as records print it: milliseconds are enough."""
    return None if duration is None else round(duration, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of a call. Offers lie within their queue segment; all others follow one another."""

    seq: int
    """1, 2, 3, … in order of time."""
    kind: SegmentKind
    started_at: datetime
    ended_at: datetime | None
    """None while it lasts."""
    duration_s: float
    queue: QueueName | None = None
    agent: AgentNumber | None = None
    result: str | None = None
    """ivr: what the last node led to. queue: `QueueOutcome`. offer: `OfferResult`. talk: who ended it
    (`Side`). survey: the digit. dial: DIALSTATUS, or REFUSED. callback: `requested` or `try`.
    voicemail: see `VoicemailEnded`.
    None while it lasts, or when nobody said."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON only. ivr: `flow`, `nodes`, and `data` where something was learnt of the caller.
    queue: `position`, `original_position`, `priority`, `sticky`,
    `waited_s`. offer: `offer_id`, `device`, `sticky`, `ring_s`,
    `picked_up`. talk: `offer_id`, `channel`, `on_hold_s`,
    `holds`; `sent_to`: where the agent sent the caller; `conference`: the numbers of those
    whom the agent took into the talk. survey: `survey`, `label`. dial: `target`, `talk_s`;
    of one that a phone dialled also `extension`, `rule`, `caller_id`, `reason` of a refusal; `reached`, the
    agent of ours to whom the caller was sent, and the `wrap_up_s` that they have for it, and
    `consultation`, the call in which they were consulted.
    callback: `callback` (the request's number), `number` of a request; `of`, `attempt`, `order` of a try.
    voicemail: `mailbox`, `message`, `length_s`."""

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "seq": self.seq,
            "kind": self.kind.value,
            "started_at": instant(self.started_at),
            "ended_at": instant(self.ended_at),
            "duration_s": seconds(self.duration_s),
            "queue": self.queue,
            "agent": self.agent,
            "result": self.result,
            "detail": dict(self.detail),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInfo:
    """The recording of one talk; length, size and checksum are None until it is stored."""

    call_id: CallId
    path: str
    """Relative to the recordings' folder."""
    started_at: datetime | None = None
    offer_id: OfferId | None = None
    segment: int | None = None
    """`seq` of the talk that it holds."""
    queue: QueueName | None = None
    agent: AgentNumber | None = None
    stored_at: datetime | None = None
    length_s: float | None = None
    size: int | None = None
    """Bytes."""
    sha256: str | None = None
    problem: str | None = None
    """What is wrong with it: `missing`, `empty`, `short`; empty text: nothing; None: not known yet."""
    pauses: tuple[tuple[float, float], ...] | None = None
    """Where it holds silence on purpose, `(from, to)` in seconds since its beginning; None: not known."""

    @property
    def id(self) -> str:
        """The name by which it is asked for: the file's, without folder and ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "id": self.id,
            "call_id": self.call_id,
            "path": self.path,
            "started_at": instant(self.started_at),
            "segment": self.segment,
            "queue": self.queue,
            "agent": self.agent,
            "stored_at": instant(self.stored_at),
            "length_s": seconds(self.length_s),
            "size": self.size,
            "sha256": self.sha256,
            "problem": self.problem or None,
            "pauses": [{"from_s": seconds(start), "to_s": seconds(end)} for start, end in self.pauses or ()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """A caller was asked; what they pressed, if anything valid."""

    call_id: CallId
    survey: str
    offered_at: datetime
    answered_at: datetime | None = None
    digit: str | None = None
    label: str | None = None
    queue: QueueName | None = None
    agent: AgentNumber | None = None

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "survey": self.survey,
            "offered_at": instant(self.offered_at),
            "answered_at": instant(self.answered_at),
            "digit": self.digit,
            "label": self.label,
            "queue": self.queue,
            "agent": self.agent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionInfo:
    """What an agent said came of their talk with the caller; `none`: nothing, though it was wanted."""

    call_id: CallId
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    code: str
    chosen_at: datetime

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "agent": self.agent,
            "queue": self.queue,
            "code": self.code,
            "chosen_at": instant(self.chosen_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCandidate:
    """One member of a routing decision, see `ccd.history.Candidate`."""

    agent: AgentNumber
    verdict: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why an offer went to whom it went, see `ccd.history.Decided`."""

    at: datetime
    offer_id: OfferId
    queue: QueueName
    strategy: str
    rule: str
    trigger: str
    waited_s: float
    ahead: int
    members: int
    candidates: tuple[DecisionCandidate, ...] = ()

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "at": instant(self.at),
            "offer_id": self.offer_id,
            "queue": self.queue,
            "strategy": self.strategy,
            "rule": self.rule,
            "trigger": self.trigger,
            "waited_s": seconds(self.waited_s),
            "ahead": self.ahead,
            "members": self.members,
            "candidates": [{"agent": c.agent, "verdict": c.verdict, "key": c.key} for c in self.candidates],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """All that is known of one call."""

    id: CallId
    linkedid: str
    channel: str
    """Asterisk's name of the caller's channel."""
    direction: Direction
    started_at: datetime
    answered_at: datetime | None
    """When a person first talked with the caller; the PBX's own answer for the IVR does not count."""
    ended_at: datetime | None
    """None while the call lasts."""
    duration_s: float
    number: str
    name: str
    called: str
    language: str
    queue: QueueName | None
    """The last queue that it stood in."""
    agent: AgentNumber | None
    """The last agent who talked with the caller."""
    outcome: Outcome | None
    """None while the call lasts."""
    cdr_disposition: CdrDisposition
    """The outcome in the words of Asterisk's readers."""
    hung_up_by: Side | None
    hangup_cause: int | None
    """Q.850 number: 16 normal, 17 busy, …"""
    ivr_s: float
    queue_wait_s: float
    """In a queue while no phone rang for the caller. What ASA counts is `queue_wait_s + ring_s`."""
    ring_s: float
    """While one or more phones rang for the caller."""
    talk_s: float
    """Without the time on hold."""
    on_hold_s: float
    survey_s: float
    sticky: StickyResult
    voicemail_s: float = 0.0
    """Length of the messages that the caller left."""
    mailbox: str | None = None
    """The mailbox of the last one."""
    survey: SurveyAnswer | None = None
    """The last that was offered."""
    dispositions: tuple[DispositionInfo, ...] = ()
    """One a talk at most, in order of time; those of an ended call's last talk come later."""
    recordings: tuple[RecordingInfo, ...] = ()
    recovered: bool = False
    """The call was under way when ccd started; what came before is not known."""
    sequence: int = 0
    """0 while the call lasts, 1 when it ended, more for each version that late facts made."""
    segments: tuple[Segment, ...] = ()
    decisions: tuple[Decision, ...] = ()
    """For `ccd explain`; lists and `to_json` leave them out."""

    @property
    def data(self) -> dict[str, Any]:
        """What was learnt of the caller: by lookups, by the region of their number."""
        found: dict[str, Any] = {}
        for segment in self.segments:
            found |= segment.detail.get("data", {})
        return found

    @property
    def disposition_code(self) -> str | None:
        """What the last agent said of the call; None: nothing, so far."""
        return self.dispositions[-1].code if self.dispositions else None

    def to_json(self, *, segments: bool = True, decisions: bool = False) -> Json:
        """Give it as JSON's types, always with the same keys but for the parts that can be left out."""
        told: Json = {
            "id": self.id,
            "linkedid": self.linkedid,
            "channel": self.channel,
            "direction": self.direction.value,
            "started_at": instant(self.started_at),
            "answered_at": instant(self.answered_at),
            "ended_at": instant(self.ended_at),
            "duration_s": seconds(self.duration_s),
            "number": self.number,
            "name": self.name,
            "called": self.called,
            "language": self.language,
            "queue": self.queue,
            "agent": self.agent,
            "outcome": None if self.outcome is None else self.outcome.value,
            "cdr_disposition": self.cdr_disposition.value,
            "hung_up_by": None if self.hung_up_by is None else self.hung_up_by.value,
            "hangup_cause": self.hangup_cause,
            "ivr_s": seconds(self.ivr_s),
            "queue_wait_s": seconds(self.queue_wait_s),
            "ring_s": seconds(self.ring_s),
            "talk_s": seconds(self.talk_s),
            "on_hold_s": seconds(self.on_hold_s),
            "survey_s": seconds(self.survey_s),
            "sticky": self.sticky.value,
            "survey": None if self.survey is None else self.survey.to_json(),
            "disposition_code": self.disposition_code,
            "dispositions": [each.to_json() for each in self.dispositions],
            "recordings": [each.to_json() for each in self.recordings],
            "recovered": self.recovered,
            "sequence": self.sequence,
            "voicemail_s": seconds(self.voicemail_s),
            "mailbox": self.mailbox,
        }
        if segments:
            told["segments"] = [each.to_json() for each in self.segments]
            told["data"] = self.data
        if decisions:
            told["decisions"] = [each.to_json() for each in self.decisions]
        return told
