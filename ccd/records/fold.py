"""The call record as a fold of the call's history.

The record is a function of the *set* of entries: told twice, late or in another order they make the same
record (`sequence` apart, which counts what came after the end; only those of one and the same instant are
taken in the order in which they came). Dates are the wall clock's at the call's
start plus differences of the monotonic clock, so a jump of the wall clock harms no duration.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ccd.history import (
    AgentStateChanged,
    AgentStatusChanged,
    BreakOverdue,
    CallEnded,
    CallStarted,
    Decided,
    DispositionChosen,
    Entry,
    FactsLearnt,
    HoldChanged,
    LanguageChosen,
    NodeVisited,
    OfferEnded,
    OfferStarted,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStored,
)
from ccd.model import DialStatus, Direction, Side, StickyResult
from ccd.records.phases import Phase, divide
from ccd.records.record import (
    CallRecord,
    CdrDisposition,
    Decision,
    DecisionCandidate,
    DispositionInfo,
    Outcome,
    RecordingInfo,
    Segment,
    SegmentKind,
    SurveyAnswer,
)
from ccd.records.story import OUTGOING, REFUSED, Part, Story
from ccd.records.text import clean

MAX_CHATTER: Final = 500
"""How many visited nodes, decisions, offers and holds of one call are kept: a call may wait for days."""

_CHATTER = (NodeVisited, FactsLearnt, LanguageChosen, Decided, OfferStarted, OfferEnded, HoldChanged)

_OUTCOME_OF_DIAL: Final = {
    DialStatus.ANSWER.value: Outcome.ANSWERED,
    DialStatus.NOANSWER.value: Outcome.NO_ANSWER,
    DialStatus.BUSY.value: Outcome.BUSY,
    DialStatus.CANCEL.value: Outcome.CANCELLED,
    REFUSED: Outcome.REFUSED,
}
"""Of what a phone dialled; anything else is a failure."""
_DISPOSITION_OF_DIAL: Final = {
    "BUSY": CdrDisposition.BUSY,
    "CONGESTION": CdrDisposition.CONGESTION,
    "CHANUNAVAIL": CdrDisposition.FAILED,
    "INVALIDARGS": CdrDisposition.FAILED,
    REFUSED: CdrDisposition.FAILED,
}


class CallFold:
    """One call's history, folded to its record at any moment."""

    def __init__(self, entry: CallStarted, wall: datetime) -> None:
        """Begin with the call's first entry; `wall` is the aware date of its `at`."""
        self._start = entry
        self._wall = wall.astimezone(UTC)
        self._entries: dict[Entry, None] = {}  # in order of arrival, each once
        self._end: CallEnded | None = None
        self._late = 0
        self._chatter = 0

    @property
    def ended(self) -> bool:
        """Whether the call is over; late facts may still come."""
        return self._end is not None

    def apply(self, entry: Entry) -> None:
        """Take in an entry. Another call's, an agent's or a repeated one changes nothing."""
        if (
            isinstance(entry, AgentStatusChanged | AgentStateChanged | BreakOverdue)
            or entry.call_id != self._start.call_id
        ):
            return
        if isinstance(entry, CallStarted) or entry in self._entries:
            return
        if isinstance(entry, _CHATTER):
            self._chatter += 1
            if self._chatter > MAX_CHATTER:
                return
        self._entries[entry] = None
        if self._end is not None:
            self._late += 1
        if isinstance(entry, CallEnded) and (self._end is None or entry.at < self._end.at):
            self._end = entry

    def record(self, now: float | None = None) -> CallRecord:
        """Give the record as it stands.

        While the call lasts its durations run up to `now` (monotonic seconds), or to the latest entry.
        """
        story = Story(self._start.at)
        story.tell(self._entries)
        end_s = None if self._end is None else story.offset(self._end.at)
        by = Side.SYSTEM if self._end is None else self._end.by
        left_as = Outcome.FAILED if by is Side.SYSTEM else Outcome.ABANDONED
        horizon_s = story.close(end_s, by.value, left_as.value)
        if end_s is None and now is not None:
            horizon_s = max(horizon_s, story.offset(now))
        return _Telling(self._start, self._wall, story, horizon_s).record(
            self._end, tuple(self._entries), 0 if self._end is None else 1 + self._late
        )


def disposition_of(entry: DispositionChosen, wall: datetime) -> DispositionInfo:
    """Date an agent's word on a talk."""
    return DispositionInfo(
        call_id=entry.call_id,
        offer_id=entry.offer_id,
        queue=entry.queue,
        agent=entry.agent,
        code=entry.code,
        chosen_at=wall,
    )


class _Telling:
    """A story with all its ends known, being written down."""

    def __init__(self, start: CallStarted, wall: datetime, story: Story, horizon_s: float) -> None:
        self._start = start
        self._wall = wall
        self._story = story
        self._horizon_s = horizon_s
        self._parts = sorted(story.parts, key=lambda part: part.start_s)

    def _date(self, offset_s: float) -> datetime:
        return self._wall + timedelta(seconds=offset_s)

    def _date_at(self, at: float) -> datetime:
        return self._date(self._story.offset(at))

    def _language(self, entries: tuple[Entry, ...]) -> str:
        chosen = [each for each in entries if isinstance(each, LanguageChosen)]
        return max(chosen, key=lambda each: each.at).language if chosen else self._start.language

    def _last(self, kind: SegmentKind) -> Part | None:
        return next((part for part in reversed(self._parts) if part.kind is kind), None)

    def _phones_dial(self) -> Part | None:
        """Give what a phone dialled, when the call is one that a phone began."""
        if self._start.direction is Direction.INBOUND:
            return None
        dial = self._last(SegmentKind.DIAL)
        return dial if dial is not None and dial.offer_id == OUTGOING else None

    def record(self, end: CallEnded | None, entries: tuple[Entry, ...], sequence: int) -> CallRecord:
        start = self._start
        stay, talk = self._last(SegmentKind.QUEUE), self._last(SegmentKind.TALK)
        talk = talk or self._phones_dial()
        outcome = None if end is None else self._outcome()
        answered_s = self._answered_s()
        spent = divide(self._story.stretches(self._horizon_s))
        queued = stay or talk
        return CallRecord(
            id=start.call_id,
            linkedid=clean(start.linkedid),
            channel=clean(start.channel),
            direction=start.direction,
            started_at=self._wall,
            answered_at=None if answered_s is None else self._date(answered_s),
            ended_at=None if end is None else self._date(self._horizon_s),
            duration_s=self._horizon_s,
            number=clean(start.number),
            name=clean(start.name),
            called=clean(start.called),
            language=clean(self._language(entries)),
            queue=None if queued is None else queued.queue,
            agent=None if talk is None else talk.agent,
            outcome=outcome,
            cdr_disposition=self._disposition(outcome, answered_s),
            hung_up_by=None if end is None else end.by,
            hangup_cause=None if end is None else end.cause,
            # What no part claims (last words, the way between two parts) is time with the machine, too.
            ivr_s=max(0.0, self._horizon_s - sum(spent[each] for each in Phase if each is not Phase.IVR)),
            queue_wait_s=spent[Phase.WAIT],
            ring_s=spent[Phase.RING],
            talk_s=spent[Phase.TALK],
            on_hold_s=spent[Phase.HOLD],
            survey_s=spent[Phase.SURVEY],
            sticky=StickyResult(stay.detail.get("sticky", StickyResult.NONE)) if stay else StickyResult.NONE,
            voicemail_s=sum(message.detail["length_s"] for message in self._messages()),
            mailbox=next((message.detail["mailbox"] for message in reversed(self._messages())), None),
            survey=self._survey(),
            dispositions=self._dispositions(entries),
            recordings=self._recordings(entries),
            recovered=start.recovered,
            sequence=sequence,
            segments=tuple(self._segment(seq, part) for seq, part in enumerate(self._parts, 1)),
            decisions=self._decisions(entries),
        )

    def _messages(self) -> list[Part]:
        """Give the visits to a mailbox in which a message was left."""
        visits = (part for part in self._parts if part.kind is SegmentKind.VOICEMAIL)
        return [visit for visit in visits if visit.result == "kept"]

    def _outcome(self) -> Outcome:
        dialled = self._phones_dial()
        if dialled is not None:
            return _OUTCOME_OF_DIAL.get(dialled.result or "", Outcome.FAILED)
        return self._callers_outcome()

    def _callers_outcome(self) -> Outcome:
        if self._messages() and self._answered_s() is None:
            return Outcome.VOICEMAIL
        stay = self._last(SegmentKind.QUEUE)
        promise = self._last(SegmentKind.CALLBACK)
        promised = promise is not None and promise.result == "requested"
        if promise is not None and promised and (stay is None or stay.start_s <= promise.start_s):
            return Outcome.CALLBACK
        if stay is not None and stay.result is not None:
            return Outcome(stay.result)
        if self._last(SegmentKind.TALK) is not None:
            return Outcome.ANSWERED
        if self._last(SegmentKind.DIAL) is not None:
            return Outcome.DIALLED_OUT
        return Outcome.IVR_ENDED

    def _answered_s(self) -> float | None:
        talks = [part.start_s for part in self._parts if part.kind is SegmentKind.TALK]
        dials = [
            part.answered_s
            for part in self._parts
            if part.kind is SegmentKind.DIAL and part.answered_s is not None
        ]
        return min(talks + dials, default=None)

    def _disposition(self, outcome: Outcome | None, answered_s: float | None) -> CdrDisposition:
        if answered_s is not None:
            return CdrDisposition.ANSWERED
        dial = self._last(SegmentKind.DIAL)
        outgoing = self._phones_dial() is not None or outcome is Outcome.DIALLED_OUT
        if outgoing and dial is not None:
            return _DISPOSITION_OF_DIAL.get(dial.result or "", CdrDisposition.NO_ANSWER)
        if outcome is Outcome.FAILED:
            return CdrDisposition.FAILED
        return CdrDisposition.NO_ANSWER

    def _segment(self, seq: int, part: Part) -> Segment:
        end_s = self._horizon_s if part.end_s is None else part.end_s
        detail = dict(part.detail)
        if part.kind is SegmentKind.TALK:
            holds = [stretch for stretch in part.holds if stretch[0] < end_s]
            held_s = sum(min(hold[1] if len(hold) > 1 else end_s, end_s) - hold[0] for hold in holds)
            detail |= {"on_hold_s": round(held_s, 3), "holds": len(holds)}
        return Segment(
            seq=seq,
            kind=part.kind,
            started_at=self._date(part.start_s),
            ended_at=None if part.end_s is None else self._date(part.end_s),
            duration_s=max(0.0, end_s - part.start_s),
            queue=part.queue,
            agent=part.agent,
            result=part.result,
            detail=detail,
        )

    def _survey(self) -> SurveyAnswer | None:
        part = self._last(SegmentKind.SURVEY)
        if part is None:
            return None
        answered = part.result is not None and part.end_s is not None
        return SurveyAnswer(
            call_id=self._start.call_id,
            survey=part.detail["survey"],
            offered_at=self._date(part.start_s),
            answered_at=self._date(part.end_s or 0.0) if answered else None,
            digit=part.result,
            label=part.detail["label"],
            queue=part.queue,
            agent=part.agent,
        )

    def _recordings(self, entries: tuple[Entry, ...]) -> tuple[RecordingInfo, ...]:
        started = {each.path: each for each in entries if isinstance(each, RecordingStarted)}
        measured = [each for each in entries if isinstance(each, RecordingStored)]
        # Whatever order they came in, the latest measurement counts.
        stored = {
            each.path: each for each in sorted(measured, key=lambda one: (one.at, one.sha256, one.size))
        }
        talks = {
            part.offer_id: (seq, part)
            for seq, part in enumerate(self._parts, 1)
            if part.kind is SegmentKind.TALK
            or (part.kind is SegmentKind.DIAL and part.answered_s is not None)
        }
        pauses = self._pauses(entries)
        told = []
        for path in sorted(started.keys() | stored.keys()):
            begun, done = started.get(path), stored.get(path)
            seq, talk = talks.get(begun.offer_id, (None, None)) if begun is not None else (None, None)
            if talk is None and done is None:
                continue  # started for an offer that nobody answered: Asterisk wrote nothing
            info = RecordingInfo(
                call_id=self._start.call_id,
                path=path,
                started_at=self._date(talk.start_s) if talk is not None else None,
                offer_id=begun.offer_id if begun is not None else None,
                segment=seq,
                queue=talk.queue if talk is not None else None,
                agent=talk.agent if talk is not None else None,
                stored_at=self._date_at(done.at) if done is not None else None,
                length_s=done.length_s if done is not None else None,
                size=done.size if done is not None else None,
                sha256=done.sha256 if done is not None else None,
                problem=done.problem if done is not None else None,
                pauses=self._within(pauses.get(path, ()), talk),
            )
            told.append(info)
        return tuple(told)

    def _dispositions(self, entries: tuple[Entry, ...]) -> tuple[DispositionInfo, ...]:
        chosen = sorted((e for e in entries if isinstance(e, DispositionChosen)), key=lambda e: e.at)
        last = {each.offer_id: each for each in chosen}
        told = (disposition_of(each, self._date_at(each.at)) for each in last.values())
        return tuple(sorted(told, key=lambda each: (each.chosen_at, each.offer_id)))

    def _pauses(self, entries: tuple[Entry, ...]) -> dict[str, list[list[float]]]:
        """Give each recording's pauses, `[from, to]` in seconds of the call, or `[from]` to its end."""
        found: dict[str, list[list[float]]] = {}
        told = (each for each in entries if isinstance(each, RecordingPaused | RecordingResumed))
        for each in sorted(told, key=lambda one: one.at):
            pauses = found.setdefault(each.path, [])
            running = bool(pauses) and len(pauses[-1]) == 1
            if isinstance(each, RecordingPaused) and not running:
                pauses.append([self._story.offset(each.at)])
            elif isinstance(each, RecordingResumed) and running:
                pauses[-1].append(self._story.offset(each.at))
        return found

    def _within(
        self, pauses: Iterable[Sequence[float]], talk: Part | None
    ) -> tuple[tuple[float, float], ...]:
        """Give pauses in seconds since the recording's talk began."""
        if talk is None:
            return ()
        end_s = self._horizon_s if talk.end_s is None else talk.end_s
        return tuple(
            (
                round(max(0.0, pause[0] - talk.start_s), 3),
                round(max(0.0, min(pause[1] if len(pause) > 1 else end_s, end_s) - talk.start_s), 3),
            )
            for pause in pauses
        )

    def _decisions(self, entries: tuple[Entry, ...]) -> tuple[Decision, ...]:
        decided = sorted((each for each in entries if isinstance(each, Decided)), key=lambda each: each.at)
        return tuple(
            Decision(
                at=self._date_at(each.at),
                offer_id=each.offer_id,
                queue=each.queue,
                strategy=each.strategy,
                rule=each.rule,
                trigger=each.trigger,
                waited_s=each.waited_s,
                ahead=each.ahead,
                members=each.members,
                candidates=tuple(
                    DecisionCandidate(agent=c.agent, verdict=c.verdict, key=c.key) for c in each.candidates
                ),
            )
            for each in decided
        )
