"""One call, told entry by entry."""

from collections.abc import Iterable

from ccd.history import (
    CallbackRequested,
    CallbackTried,
    ConsentTaken,
    DialledOut,
    Entry,
    FactsLearnt,
    FlowEntered,
    FlowLeft,
    HoldChanged,
    NodeVisited,
    OfferEnded,
    OfferStarted,
    OutgoingAnswered,
    OutgoingDecided,
    PriorityGiven,
    QueueEntered,
    QueueLeft,
    SentOn,
    SupervisionEnded,
    SupervisionStarted,
    SurveyEnded,
    SurveyOffered,
    TalkEnded,
    TalkStarted,
    ThirdJoined,
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.records.phases import Phase, Stretch
from ccd.records.record import SegmentKind
from ccd.records.story import dials, flows, stays, talks
from ccd.records.story.parts import Part, Parts

_PHASE_OF = {
    SegmentKind.IVR: Phase.IVR,
    SegmentKind.QUEUE: Phase.WAIT,
    SegmentKind.OFFER: Phase.RING,
    SegmentKind.TALK: Phase.TALK,
    SegmentKind.SURVEY: Phase.SURVEY,
    SegmentKind.CALLBACK: Phase.IVR,
    SegmentKind.VOICEMAIL: Phase.IVR,
}


class Story:
    """What is known of one call, told entry by entry in order of time."""

    def __init__(self, start_at: float) -> None:
        self._start_at = start_at
        self._latest_s = 0.0
        self.parts = Parts()

    def offset(self, at: float) -> float:
        """Give seconds since the call began, from 0 to a year: no call is longer."""
        since = at - self._start_at
        return min(since, 366 * 86_400.0) if since > 0 else 0.0

    def tell(self, entries: Iterable[Entry]) -> None:
        """Take in all entries; the order among those of one instant is the order in which they are given."""
        for entry in sorted(entries, key=lambda each: self.offset(each.at)):
            now_s = self.offset(entry.at)
            self._take(entry, now_s)
            self._latest_s = now_s

    def close(self, end_s: float | None, by: str, left_as: str) -> float:
        """End what is still open where the call ends, and give the instant up to which times are measured.

        `by` is who ended the call, `left_as` the outcome of a stay in a queue of which no end was told.
        Without an end (`None`) the open parts stay open.
        """
        if end_s is None:
            return self._latest_s
        for part in self.parts:
            part.start_s = min(part.start_s, end_s)
            if part.open and part.kind is SegmentKind.TALK:
                part.result = by
            if part.kind is SegmentKind.QUEUE and part.result is None:
                part.result = left_as
            if part.answered_s is not None:
                part.answered_s = min(part.answered_s, end_s)
            if part.kind is SegmentKind.DIAL and part.result is None:
                dials.hung_up(part, end_s)
            part.end_s = end_s if part.end_s is None else min(part.end_s, end_s)
        return end_s

    def stretches(self, horizon_s: float) -> Iterable[Stretch]:
        """Give every part as a phase of the call, open ones up to `horizon_s`."""
        for part in self.parts:
            end_s = horizon_s if part.end_s is None else part.end_s
            if part.kind is SegmentKind.DIAL:
                answer_s = end_s if part.answered_s is None else min(end_s, part.answered_s)
                yield Stretch(Phase.RING, part.start_s, answer_s)
                yield Stretch(Phase.TALK, answer_s, end_s)
                continue
            if (phase := _PHASE_OF.get(part.kind)) is None:
                continue
            yield Stretch(phase, part.start_s, end_s)
            for hold in part.holds:
                yield Stretch(Phase.HOLD, hold[0], min(hold[1], end_s) if len(hold) > 1 else end_s)

    def _take(self, entry: Entry, now_s: float) -> None:  # noqa: C901 - one case a topic
        parts = self.parts
        match entry:
            case FlowEntered() | NodeVisited() | FactsLearnt() | FlowLeft():
                flows.take_flow(parts, entry, now_s)
            case QueueEntered() | PriorityGiven() | QueueLeft():
                stays.take_stay(parts, entry, now_s)
            case OfferStarted() | OfferEnded():
                stays.take_offer(parts, entry, now_s)
            case CallbackRequested() | CallbackTried():
                stays.take_callback(parts, entry, now_s)
            case TalkStarted() | HoldChanged() | ThirdJoined() | TalkEnded() | SentOn():
                talks.take_talk(parts, entry, now_s)
            case SupervisionStarted() | SupervisionEnded():
                talks.take_supervision(parts, entry, now_s)
            case SurveyOffered() | SurveyEnded():
                flows.take_survey(parts, entry, now_s)
            case VoicemailOffered() | VoicemailEnded():
                flows.take_voicemail(parts, entry, now_s)
            case OutgoingDecided() | OutgoingAnswered() | DialledOut():
                dials.take_dial(parts, entry, now_s)
            case ConsentTaken():
                began_s, word = self.offset(entry.began_at), entry.consent.value
                parts.append(Part(kind=SegmentKind.CONSENT, start_s=began_s, end_s=now_s, result=word))
            case _:
                pass  # the other entries make no segment: see `ccd.records.fold`
