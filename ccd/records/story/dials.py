"""What a phone or a flow dialled, and what came of it."""

from ccd.history import DialledOut, OutgoingAnswered, OutgoingDecided
from ccd.model import DialStatus, OfferId
from ccd.records.record import SegmentKind
from ccd.records.story.parts import Part, Parts
from ccd.records.text import clean

OUTGOING = OfferId("out")
"""Stands for the offer in recordings of what a phone dialled."""
REFUSED = "REFUSED"
"""The result of a dial that the outbound policy did not let be made."""


def take_dial(parts: Parts, entry: OutgoingDecided | OutgoingAnswered | DialledOut, now_s: float) -> None:
    """Take in that something is dialled, answered, done with."""
    match entry:
        case OutgoingDecided():
            _decided(parts, entry, now_s)
        case OutgoingAnswered():
            if (part := _dialling(parts)) is not None and part.answered_s is None:
                part.answered_s = now_s
        case DialledOut():
            _dialled_out(parts, entry, now_s)


def hung_up(part: Part, end_s: float) -> None:
    """End a dial of which no end was told: the phone that dialled has hung up."""
    answered_s = part.answered_s
    part.result = DialStatus.CANCEL.value if answered_s is None else DialStatus.ANSWER.value
    part.detail["talk_s"] = 0.0 if answered_s is None else round(max(0.0, end_s - answered_s), 3)


def _dialling(parts: Parts) -> Part | None:
    return next((p for p in parts.latest(SegmentKind.DIAL) if p.open), None)


def _decided(parts: Parts, entry: OutgoingDecided, now_s: float) -> None:
    if (before := _dialling(parts)) is not None:  # the other side transferred the phone that dialled
        hung_up(before, now_s)
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
    parts.append(part)


def _dialled_out(parts: Parts, entry: DialledOut, now_s: float) -> None:
    part = _dialling(parts) or _dial_till_now(parts, entry, now_s)
    part.end_s, part.result = now_s, entry.status
    talk_s = min(max(0.0, entry.talk_s), now_s - part.start_s)
    part.detail["talk_s"] = round(talk_s, 3)
    if entry.reached is not None:
        part.detail |= {"reached": entry.reached, "wrap_up_s": round(entry.wrap_up_s, 3)}
    if entry.consultation is not None:
        part.detail["consultation"] = entry.consultation
    part.answered_s = now_s - talk_s if entry.status == DialStatus.ANSWER else None


def _dial_till_now(parts: Parts, entry: DialledOut, now_s: float) -> Part:
    """Make the segment of a flow's dial: only its end is told; it began when all else was over."""
    start_s = parts.last_end_s()
    for each in parts:
        if each.kind is SegmentKind.IVR and each.open:
            each.end_s = now_s
    detail = {"target": clean(entry.target)}
    return parts.add(Part(kind=SegmentKind.DIAL, start_s=min(start_s, now_s), end_s=now_s, detail=detail))
