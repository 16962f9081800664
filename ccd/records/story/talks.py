"""A caller's talks with agents: holds, where they were sent, who listened."""

from ccd.history import (
    HoldChanged,
    SentOn,
    SupervisionEnded,
    SupervisionStarted,
    TalkEnded,
    TalkStarted,
    ThirdJoined,
)
from ccd.model import AgentNumber, QueueOutcome
from ccd.records.record import SegmentKind
from ccd.records.story.parts import Part, Parts
from ccd.records.story.stays import stays
from ccd.records.text import clean

TalkEntry = TalkStarted | HoldChanged | ThirdJoined | TalkEnded | SentOn


def take_talk(parts: Parts, entry: TalkEntry, now_s: float) -> None:
    """Take in what happened between a caller and an agent."""
    match entry:
        case TalkStarted():
            _started(parts, entry, now_s)
        case HoldChanged():
            _hold_changed(parts, entry, now_s)
        case ThirdJoined():
            for each in _talks(parts, entry.agent)[-1:]:
                each.detail["conference"] = [*each.detail.get("conference", ()), clean(entry.number)]
        case TalkEnded():
            _ended(parts, entry, now_s)
        case SentOn():
            if (talk := parts.last(SegmentKind.TALK)) is not None:
                talk.detail["sent_to"] = clean(entry.to)


def _talks(parts: Parts, agent: AgentNumber) -> list[Part]:
    return [p for p in parts if p.kind is SegmentKind.TALK and p.agent == agent]


def _started(parts: Parts, entry: TalkStarted, now_s: float) -> None:
    if any(talk.offer_id == entry.offer_id for talk in _talks(parts, entry.agent)):
        return
    parts.append(
        Part(
            kind=SegmentKind.TALK,
            start_s=now_s,
            queue=entry.queue,
            agent=entry.agent,
            offer_id=entry.offer_id,
            detail={"offer_id": entry.offer_id, "channel": entry.leg},
        )
    )
    stay = next(stays(parts, entry.queue), None)
    if stay is not None and stay.agent is None and stay.result in {None, QueueOutcome.ANSWERED}:
        stay.agent = entry.agent
        stay.result = QueueOutcome.ANSWERED.value
        stay.end_s = now_s if stay.end_s is None else min(stay.end_s, now_s)


def _hold_changed(parts: Parts, entry: HoldChanged, now_s: float) -> None:
    talk = next((each for each in _talks(parts, entry.agent) if each.open), None)
    if talk is None:
        return
    on_hold = bool(talk.holds) and len(talk.holds[-1]) == 1
    if entry.on and not on_hold:
        talk.holds.append([now_s])
    elif on_hold and not entry.on:
        talk.holds[-1].append(now_s)


def _ended(parts: Parts, entry: TalkEnded, now_s: float) -> None:
    talks = _talks(parts, entry.agent)
    talk = next((each for each in talks if each.open), None)
    if talk is None:
        if talks:
            return  # told twice
        # Its beginning is not known, as after our restart: at the latest when nothing else went on.
        start_s = parts.last_end_s()
        talk = parts.add(Part(kind=SegmentKind.TALK, start_s=start_s, queue=entry.queue, agent=entry.agent))
    talk.end_s = now_s
    talk.result = entry.by.value


def take_supervision(parts: Parts, entry: SupervisionStarted | SupervisionEnded, now_s: float) -> None:
    """Take in that a supervisor's phone listens, or has hung up."""
    found = next((p for p in parts if p.detail.get("supervisor_channel") == entry.channel), None)
    if isinstance(entry, SupervisionEnded):
        if found is not None:
            found.end_s = now_s
    elif found is None:
        detail = {"extension": clean(entry.extension), "supervisor_channel": clean(entry.channel)}
        parts.append(Part(kind=SegmentKind.SUPERVISION, start_s=now_s, result=entry.mode, detail=detail))
