"""From the entries of one call to its stretches: who waited, rang, talked and held from when to when.

Entries may be late, missing or in another order than things happened. Nothing here raises: what has no
beginning gets the best one that is known, what has no end lasts until the call's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.model import AgentNumber, DialStatus, OfferId, QueueName, QueueOutcome
from ccd.records.phases import Phase, Stretch
from ccd.records.record import SegmentKind
from ccd.records.text import clean

MAX_FACT = 512
"""Characters of one fact about a caller."""

OUTGOING = OfferId("out")
"""Stands for the offer in recordings of what a phone dialled."""
REFUSED = "REFUSED"
_PHASE_OF = {
    SegmentKind.IVR: Phase.IVR,
    SegmentKind.QUEUE: Phase.WAIT,
    SegmentKind.OFFER: Phase.RING,
    SegmentKind.TALK: Phase.TALK,
    SegmentKind.SURVEY: Phase.SURVEY,
    SegmentKind.CALLBACK: Phase.IVR,
    SegmentKind.VOICEMAIL: Phase.IVR,
}


@dataclass(slots=True, kw_only=True)
class Part:
    """A segment in the making; instants are seconds since the call began."""

    kind: SegmentKind
    start_s: float
    end_s: float | None = None
    queue: QueueName | None = None
    agent: AgentNumber | None = None
    result: str | None = None
    offer_id: OfferId | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    holds: list[list[float]] = field(default_factory=list)
    """Of a talk: `[from, to]`, or `[from]` while it lasts."""
    answered_s: float | None = None
    """Of a dial: when the other side answered."""

    @property
    def open(self) -> bool:
        """Whether its end has not been told."""
        return self.end_s is None


class Story:
    """What is known of one call, told entry by entry in order of time."""

    def __init__(self, start_at: float) -> None:
        self._start_at = start_at
        self._latest_s = 0.0
        self.parts: list[Part] = []

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
                self._hung_up(part, end_s)
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

    # ------------------------------------------------------------ one entry

    def _take(self, entry: Entry, now_s: float) -> None:  # noqa: C901, PLR0912 - one case an entry
        match entry:
            case FlowEntered() | NodeVisited() | FactsLearnt() | FlowLeft():
                self._take_flow(entry, now_s)
            case QueueEntered():
                self._queue_entered(entry, now_s)
            case PriorityGiven():
                self._priority_given(entry)
            case QueueLeft():
                self._queue_left(entry, now_s)
            case OfferStarted():
                self._offer_started(entry, now_s)
            case OfferEnded():
                self._offer_ended(entry, now_s)
            case TalkStarted():
                self._talk_started(entry, now_s)
            case HoldChanged():
                self._hold_changed(entry, now_s)
            case TalkEnded():
                self._talk_ended(entry, now_s)
            case SurveyOffered() | SurveyEnded():
                self._take_survey(entry, now_s)
            case VoicemailOffered() | VoicemailEnded():
                self._take_voicemail(entry, now_s)
            case ConsentTaken():
                part = Part(kind=SegmentKind.CONSENT, start_s=self.offset(entry.began_at), end_s=now_s)
                part.result = entry.consent.value
                self.parts.append(part)
            case OutgoingDecided() | OutgoingAnswered() | DialledOut():
                self._take_dial(entry, now_s)
            case SentOn(to=to):
                talk = next((p for p in reversed(self.parts) if p.kind is SegmentKind.TALK), None)
                if talk is not None:
                    talk.detail["sent_to"] = clean(to)
            case SupervisionStarted() | SupervisionEnded():
                self._take_supervision(entry, now_s)
            case CallbackRequested() | CallbackTried():
                self._callback(entry, now_s)
            case _:
                pass  # the other entries make no segment: see `ccd.records.fold`

    def _take_flow(self, entry: FlowEntered | NodeVisited | FactsLearnt | FlowLeft, now_s: float) -> None:
        flow = next((p for p in reversed(self.parts) if p.kind is SegmentKind.IVR), None)
        match entry:
            case FlowEntered():
                if flow is not None and flow.open:
                    flow.end_s = now_s
                self._add_flow(entry.flow, now_s)
            case NodeVisited():
                flow = flow or self._add_flow(entry.flow, now_s)
                result = clean(entry.result)
                flow.detail["nodes"].append(
                    {"node": entry.node, "result": result, "after_s": round(now_s, 3)}
                )
                flow.result = result
            case FactsLearnt():
                if flow is not None:
                    facts = {clean(name): clean(value, MAX_FACT) for name, value in entry.facts}
                    flow.detail["data"] = flow.detail.get("data", {}) | facts
            case FlowLeft():
                if flow is not None and flow.open:
                    flow.end_s = now_s

    def _add_flow(self, flow: str, now_s: float) -> Part:
        part = Part(kind=SegmentKind.IVR, start_s=now_s, detail={"flow": flow, "nodes": []})
        self.parts.append(part)
        return part

    def _stays(self, queue: QueueName) -> list[Part]:
        return [p for p in reversed(self.parts) if p.kind is SegmentKind.QUEUE and p.queue == queue]

    def _queue_entered(self, entry: QueueEntered, now_s: float) -> None:
        for part in self.parts:
            if part.kind is SegmentKind.QUEUE and part.open:
                if part.queue == entry.queue:
                    return  # told again, after our restart for one
                part.end_s = now_s
        self.parts.append(
            Part(
                kind=SegmentKind.QUEUE,
                start_s=now_s,
                queue=entry.queue,
                detail={
                    "position": entry.position,
                    "original_position": entry.position,
                    "priority": entry.priority,
                },
            )
        )

    def _priority_given(self, entry: PriorityGiven) -> None:
        stay = next(iter(self._stays(entry.queue)), None)
        if stay is not None:
            stay.detail["priority"] = entry.priority

    def _queue_left(self, entry: QueueLeft, now_s: float) -> None:
        stay = next((p for p in self._stays(entry.queue) if "waited_s" not in p.detail), None)
        if stay is None:
            start_s = max(0.0, now_s - max(0.0, entry.waited_s))
            stay = Part(kind=SegmentKind.QUEUE, start_s=start_s, queue=entry.queue)
            self.parts.append(stay)
        if stay.open:
            stay.end_s = now_s
        stay.result = entry.outcome.value
        stay.detail |= {
            "position": entry.position,
            "original_position": entry.original_position,
            "sticky": entry.sticky.value,
            "waited_s": round(entry.waited_s, 3),
        }
        if entry.key:
            stay.detail["key"] = entry.key

    def _offer_started(self, entry: OfferStarted, now_s: float) -> None:
        if self._offer(entry.offer_id, entry.agent) is not None:
            return
        self.parts.append(
            Part(
                kind=SegmentKind.OFFER,
                start_s=now_s,
                queue=entry.queue,
                agent=entry.agent,
                offer_id=entry.offer_id,
                detail={"offer_id": entry.offer_id, "device": entry.device, "sticky": entry.sticky},
            )
        )

    def _offer(self, offer_id: OfferId, agent: AgentNumber) -> Part | None:
        for part in reversed(self.parts):
            if part.kind is SegmentKind.OFFER and part.offer_id == offer_id and part.agent == agent:
                return part
        return None

    def _offer_ended(self, entry: OfferEnded, now_s: float) -> None:
        offer = self._offer(entry.offer_id, entry.agent)
        if offer is None:
            start_s = max(0.0, now_s - max(0.0, entry.ring_s))
            offer = Part(kind=SegmentKind.OFFER, start_s=start_s, queue=entry.queue, agent=entry.agent)
            offer.offer_id = entry.offer_id
            offer.detail = {"offer_id": entry.offer_id}
            self.parts.append(offer)
        if offer.open:
            offer.end_s = now_s
            offer.result = entry.result.value
            offer.detail["ring_s"] = round(entry.ring_s, 3)

    def _talks(self, agent: AgentNumber) -> list[Part]:
        return [p for p in self.parts if p.kind is SegmentKind.TALK and p.agent == agent]

    def _talk_started(self, entry: TalkStarted, now_s: float) -> None:
        if any(talk.offer_id == entry.offer_id for talk in self._talks(entry.agent)):
            return
        self.parts.append(
            Part(
                kind=SegmentKind.TALK,
                start_s=now_s,
                queue=entry.queue,
                agent=entry.agent,
                offer_id=entry.offer_id,
                detail={"offer_id": entry.offer_id, "channel": entry.leg},
            )
        )
        stay = next(iter(self._stays(entry.queue)), None)
        if stay is not None and stay.agent is None and stay.result in {None, QueueOutcome.ANSWERED}:
            stay.agent = entry.agent
            stay.result = QueueOutcome.ANSWERED.value
            stay.end_s = now_s if stay.end_s is None else min(stay.end_s, now_s)

    def _hold_changed(self, entry: HoldChanged, now_s: float) -> None:
        talk = next((each for each in self._talks(entry.agent) if each.open), None)
        if talk is None:
            return
        on_hold = bool(talk.holds) and len(talk.holds[-1]) == 1
        if entry.on and not on_hold:
            talk.holds.append([now_s])
        elif on_hold and not entry.on:
            talk.holds[-1].append(now_s)

    def _talk_ended(self, entry: TalkEnded, now_s: float) -> None:
        talks = self._talks(entry.agent)
        talk = next((each for each in talks if each.open), None)
        if talk is None:
            if talks:
                return  # told twice
            # Its beginning is not known, as after our restart: at the latest when nothing else went on.
            start_s = self._last_end_s()
            talk = Part(kind=SegmentKind.TALK, start_s=start_s, queue=entry.queue, agent=entry.agent)
            self.parts.append(talk)
        talk.end_s = now_s
        talk.result = entry.by.value

    def _take_survey(self, entry: SurveyOffered | SurveyEnded, now_s: float) -> None:
        survey = next(
            (
                p
                for p in self.parts
                if p.kind is SegmentKind.SURVEY and p.detail["survey"] == entry.survey and p.open
            ),
            None,
        )
        if survey is None:
            survey = Part(kind=SegmentKind.SURVEY, start_s=now_s, queue=entry.queue, agent=entry.agent)
            survey.detail = {"survey": entry.survey, "label": None}
            self.parts.append(survey)
        if isinstance(entry, SurveyEnded):
            survey.end_s = now_s
            survey.result = clean(entry.digit) or None
            survey.detail["label"] = clean(entry.label) or None

    def _take_voicemail(self, entry: VoicemailOffered | VoicemailEnded, now_s: float) -> None:
        visits = [p for p in self.parts if p.kind is SegmentKind.VOICEMAIL]
        visit = next((p for p in visits if p.detail["message"] == entry.message), None)
        if visit is None:
            visit = Part(kind=SegmentKind.VOICEMAIL, start_s=now_s)
            visit.detail = {"mailbox": entry.mailbox, "message": entry.message, "length_s": 0.0}
            self.parts.append(visit)
        if isinstance(entry, VoicemailEnded):
            visit.end_s = now_s
            visit.result = clean(entry.result)
            visit.detail["length_s"] = round(entry.length_s, 3)

    def _take_dial(self, entry: OutgoingDecided | OutgoingAnswered | DialledOut, now_s: float) -> None:
        match entry:
            case OutgoingDecided():
                self._outgoing_decided(entry, now_s)
            case OutgoingAnswered():
                if (part := self._dialling()) is not None and part.answered_s is None:
                    part.answered_s = now_s
            case DialledOut():
                self._dialled_out(entry, now_s)

    def _outgoing_decided(self, entry: OutgoingDecided, now_s: float) -> None:
        if (before := self._dialling()) is not None:  # the other side transferred the phone that dialled
            self._hung_up(before, now_s)
            before.end_s = now_s
        part = Part(
            kind=SegmentKind.DIAL,
            start_s=now_s,
            queue=entry.queue,
            agent=entry.agent,
            offer_id=OUTGOING,
            detail={
                "target": clean(entry.target),
                "talk_s": 0.0,
                "extension": clean(entry.extension),
                "rule": entry.rule,
                "caller_id": clean(entry.caller_id),
            },
        )
        if entry.refusal:
            part.end_s, part.result = now_s, REFUSED
            part.detail["reason"] = entry.refusal
        if entry.called_agent is not None:
            part.detail["called_agent"] = entry.called_agent
        self.parts.append(part)

    def _dialling(self) -> Part | None:
        """Give what is being dialled."""
        return next((p for p in reversed(self.parts) if p.kind is SegmentKind.DIAL and p.open), None)

    @staticmethod
    def _hung_up(part: Part, end_s: float) -> None:
        """End a dial of which no end was told: the phone that dialled has hung up."""
        answered_s = part.answered_s
        part.result = DialStatus.CANCEL.value if answered_s is None else DialStatus.ANSWER.value
        part.detail["talk_s"] = 0.0 if answered_s is None else round(max(0.0, end_s - answered_s), 3)

    def _dialled_out(self, entry: DialledOut, now_s: float) -> None:
        part = self._dialling() or self._dial_till_now(entry, now_s)
        part.end_s, part.result = now_s, entry.status
        talk_s = min(max(0.0, entry.talk_s), now_s - part.start_s)
        part.detail["talk_s"] = round(talk_s, 3)
        part.answered_s = now_s - talk_s if entry.status == DialStatus.ANSWER else None

    def _dial_till_now(self, entry: DialledOut, now_s: float) -> Part:
        """Make the segment of a flow's dial: only its end is told; it began when all else was over."""
        start_s = self._last_end_s()
        for each in self.parts:
            if each.kind is SegmentKind.IVR and each.open:
                each.end_s = now_s
        detail = {"target": clean(entry.target)}
        part = Part(kind=SegmentKind.DIAL, start_s=min(start_s, now_s), end_s=now_s, detail=detail)
        self.parts.append(part)
        return part

    def _last_end_s(self) -> float:
        """Give when the last part was over; whoever only listened in does not count."""
        return max(
            (p.end_s for p in self.parts if p.end_s is not None and p.kind is not SegmentKind.SUPERVISION),
            default=0.0,
        )

    def _take_supervision(self, entry: SupervisionStarted | SupervisionEnded, now_s: float) -> None:
        found = next((p for p in self.parts if p.detail.get("supervisor_channel") == entry.channel), None)
        if isinstance(entry, SupervisionEnded):
            if found is not None:
                found.end_s = now_s
        elif found is None:
            detail = {"extension": clean(entry.extension), "supervisor_channel": clean(entry.channel)}
            self.parts.append(
                Part(kind=SegmentKind.SUPERVISION, start_s=now_s, result=entry.mode, detail=detail)
            )

    def _callback(self, entry: CallbackRequested | CallbackTried, now_s: float) -> None:
        if isinstance(entry, CallbackRequested):
            result, detail = "requested", {"callback": entry.callback, "number": clean(entry.number)}
        else:
            result = "try"
            detail = {
                "callback": entry.callback, "of": entry.of, "attempt": entry.attempt, "order": entry.order
            }  # fmt: skip
        known = [part.detail for part in self.parts if part.kind is SegmentKind.CALLBACK]
        if detail not in known:  # told again after our restart
            self.parts.append(
                Part(
                    kind=SegmentKind.CALLBACK,
                    start_s=now_s,
                    end_s=now_s,
                    queue=entry.queue,
                    result=result,
                    detail=detail,
                )
            )
