"""A caller's stays in queues: places, offers, promises to call back."""

from collections.abc import Iterator
from typing import Any

from ccd.history import (
    CallbackRequested,
    CallbackTried,
    OfferEnded,
    OfferStarted,
    PriorityGiven,
    QueueEntered,
    QueueLeft,
)
from ccd.model import QueueName
from ccd.records.record import SegmentKind
from ccd.records.story.parts import Part, Parts
from ccd.records.text import clean


def stays(parts: Parts, queue: QueueName) -> Iterator[Part]:
    """Give the stays in one queue, the last one first."""
    return (part for part in parts.latest(SegmentKind.QUEUE) if part.queue == queue)


def take_stay(parts: Parts, entry: QueueEntered | PriorityGiven | QueueLeft, now_s: float) -> None:
    """Take in the beginning or the end of a stay, or what changed meanwhile."""
    match entry:
        case QueueEntered():
            _entered(parts, entry, now_s)
        case PriorityGiven():
            stay = next(stays(parts, entry.queue), None)
            if stay is not None:
                stay.detail["priority"] = entry.priority
        case QueueLeft():
            _left(parts, entry, now_s)


def _entered(parts: Parts, entry: QueueEntered, now_s: float) -> None:
    for part in parts:
        if part.kind is SegmentKind.QUEUE and part.open:
            if part.queue == entry.queue:
                return  # told again, after our restart for one
            part.end_s = now_s
    parts.append(
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


def _left(parts: Parts, entry: QueueLeft, now_s: float) -> None:
    stay = next((p for p in stays(parts, entry.queue) if "waited_s" not in p.detail), None)
    if stay is None:
        start_s = max(0.0, now_s - max(0.0, entry.waited_s))
        stay = parts.add(Part(kind=SegmentKind.QUEUE, start_s=start_s, queue=entry.queue))
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


def take_offer(parts: Parts, entry: OfferStarted | OfferEnded, now_s: float) -> None:
    """Take in that a phone was rung, or what came of it."""
    offer = _offer(parts, entry)
    if isinstance(entry, OfferStarted):
        if offer is None:
            detail = {"device": entry.device, "sticky": entry.sticky}
            _add_offer(parts, entry, now_s, detail)
        return
    if offer is None:
        start_s = max(0.0, now_s - max(0.0, entry.ring_s))
        offer = _add_offer(parts, entry, start_s, {})
    if offer.open:
        offer.end_s = now_s
        offer.result = entry.result.value
        offer.detail["ring_s"] = round(entry.ring_s, 3)


def _offer(parts: Parts, entry: OfferStarted | OfferEnded) -> Part | None:
    """Find the part that is told of: an agent who was rung may pick the caller up besides."""
    mine = (entry.offer_id, entry.agent, entry.picked_up)
    offers = parts.latest(SegmentKind.OFFER)
    return next((p for p in offers if (p.offer_id, p.agent, "picked_up" in p.detail) == mine), None)


def _add_offer(
    parts: Parts, entry: OfferStarted | OfferEnded, start_s: float, detail: dict[str, Any]
) -> Part:
    return parts.add(
        Part(
            kind=SegmentKind.OFFER,
            start_s=start_s,
            queue=entry.queue,
            agent=entry.agent,
            offer_id=entry.offer_id,
            detail={"offer_id": entry.offer_id} | detail | ({"picked_up": True} if entry.picked_up else {}),
        )
    )


def take_callback(parts: Parts, entry: CallbackRequested | CallbackTried, now_s: float) -> None:
    """Take in a promise to call back, or that this call is one."""
    detail: dict[str, Any] = {"callback": entry.callback}
    if isinstance(entry, CallbackRequested):
        result = "requested"
        detail |= {"number": clean(entry.number)}
    else:
        result = "try"
        detail |= {"of": entry.of, "attempt": entry.attempt, "order": entry.order}
    if all(part.detail != detail for part in parts.latest(SegmentKind.CALLBACK)):  # else told again
        parts.append(
            Part(
                kind=SegmentKind.CALLBACK,
                start_s=now_s,
                end_s=now_s,
                queue=entry.queue,
                result=result,
                detail=detail,
            )
        )
