"""A call's record told as a story: what happened when, and why each offer went to whom it went."""

from collections.abc import Callable, Iterator
from typing import Any

from ccd.cli import text
from ccd.cli.messages import _, led_to, phrase, word
from ccd.http.shapes import Decision, Explanation, FullRecord, Segment

DECISION = 1
"""Rank of a decision among what happened in the same instant."""
_NAMING = frozenset(("goto", "call"))
"""Kinds of node whose result is a name out of the configuration."""
_DIALLED = {
    "ANSWER": "answered",
    "NOANSWER": "no_answer",
    "BUSY": "busy",
    "CANCEL": "cancelled",
    "CONGESTION": "congestion",
    "CHANUNAVAIL": "unreachable",
    "REFUSED": "refused",
}
"""Words for what came of a dial, by Asterisk's DIALSTATUS or ours; any other stands as it is."""


def story(call: Explanation) -> list[str]:
    """Give the lines to print."""
    steps = [(each["started_at"], _rank(each), _segment(each)) for each in call["segments"]]
    steps += [(each["at"], DECISION, list(_decision(each))) for each in call["decisions"]]
    lines = [
        _(
            "Call {id}: {number} called {called} at {started}",
            id=call["id"],
            number=text.clean(call["number"]) or "?",
            called=text.clean(call["called"]),
            started=text.local(call["started_at"]),
        ),
        *_timed(call, steps),
    ]
    lines.append(_end(call))
    return lines


def segment_lines(call: FullRecord) -> list[str]:
    """Give what happened, without the why."""
    return list(
        _timed(call, [(each["started_at"], _rank(each), _segment(each)) for each in call["segments"]])
    )


def _rank(segment: Segment) -> int:
    """Say which comes first in the same instant: the queue, the decision, what it led to."""
    return DECISION - 1 if segment["kind"] in {"ivr", "queue"} else DECISION + 1


def _timed(call: FullRecord, steps: list[tuple[str, int, list[str]]]) -> Iterator[str]:
    """Put steps in order of time; in the same instant as one led to the other."""
    began = text.parse_instant(call["started_at"])
    for at, _order, told in sorted(steps, key=lambda step: (text.parse_instant(step[0]), step[1])):
        after = (text.parse_instant(at) - began).total_seconds()
        yield f"{after:9.3f} s  {told[0]}"
        yield from (f"{'':13}{line}" for line in told[1:])


def _end(call: Explanation) -> str:
    if call["outcome"] is None:
        return _("The call is under way.")
    return _(
        "{outcome} after {duration:.1f} s, ended by {side}; {wait:.1f} s waiting, {ring:.1f} s ringing, "
        "{talk:.1f} s talking, sticky: {sticky}",
        outcome=word(call["outcome"]),
        duration=call["duration_s"],
        side=word(call["hung_up_by"] or "system"),
        wait=call["queue_wait_s"],
        ring=call["ring_s"],
        talk=call["talk_s"],
        sticky=word(call["sticky"]),
    )


def _result(segment: Segment) -> str:
    return word(segment["result"]) if segment["result"] else _("under way")


def _ivr(segment: Segment) -> list[str]:
    detail = segment["detail"]
    nodes = " → ".join(_node(each) for each in detail.get("nodes", ()))
    return [_("flow {flow}: {nodes}", flow=detail.get("flow", "?"), nodes=text.clean(nodes) or "-")]


def _node(node: Any) -> str:
    """Tell a visited node and what it led to."""
    if not isinstance(node, dict):
        return str(node)
    name, result = str(node.get("node")), str(node.get("result") or "")
    if not result:
        return name
    return f"{name} ({result if node.get('kind') in _NAMING else led_to(result)})"


def _queue(segment: Segment) -> list[str]:
    detail = segment["detail"]
    return [
        _(
            "queue {queue}, at position {position}: {result} after {seconds:.1f} s",
            queue=segment["queue"],
            position=detail.get("original_position") or detail.get("position") or "?",
            result=f"{_result(segment)} {text.clean(detail.get('key', ''))}".rstrip(),
            seconds=segment["duration_s"],
        )
    ]


def _offer(segment: Segment) -> list[str]:
    detail = segment["detail"]
    told = _(
        "offered to agent {agent} on {device}: {result} after {seconds:.1f} s",
        agent=segment["agent"],
        device=text.clean(detail.get("device", "?")),
        result=_result(segment),
        seconds=segment["duration_s"],
    )
    return [told + _(" (knows this caller)") if detail.get("sticky") else told]


def _talk(segment: Segment) -> list[str]:
    return [
        _(
            "talks with agent {agent} for {seconds:.1f} s, ended by: {side}",
            agent=segment["agent"],
            seconds=segment["duration_s"],
            side=_result(segment),
        ),
        *_conference(segment["detail"].get("conference")),
        *_sent_on(segment["detail"].get("sent_to")),
    ]


def _conference(numbers: Any) -> list[str]:
    """Tell whom the agent took into the talk."""
    told = text.clean(", ".join(map(str, numbers or ())))
    return [_("  the agent took {number} into the talk", number=told)] if told else []


def _sent_on(to: Any) -> list[str]:
    """Tell where the agent sent the caller during the talk: a number, or the survey."""
    return [_("  the agent sent the caller to {to}", to=word(str(to)))] if to else []


def _survey(segment: Segment) -> list[str]:
    detail = segment["detail"]
    return [
        _(
            "survey {survey}: {digit} {label}",
            survey=detail.get("survey", "?"),
            digit=segment["result"] or _("no answer"),
            label=text.clean(detail.get("label") or ""),
        ).rstrip()
    ]


def _dial(segment: Segment) -> list[str]:
    detail = segment["detail"]
    target, status = text.clean(detail.get("target", "?")), segment["result"]
    result = word(_DIALLED.get(status, status)) if status else _("under way")
    if detail.get("reason"):
        result += f" ({word(detail['reason'])})"
    told = [_("dials {target}: {result}", target=target, result=result)]
    if reached := detail.get("reached"):
        wrap_up_s = detail.get("wrap_up_s", 0.0)
        told.append(
            _("  agent {agent} had the caller, wrap-up {seconds:.0f} s", agent=reached, seconds=wrap_up_s)
        )
    return told


def _consent(segment: Segment) -> list[str]:
    return [_("the caller and the recording: {result}", result=_result(segment))]


def _callback(segment: Segment) -> list[str]:
    detail, queue = segment["detail"], segment["queue"]
    if segment["result"] == "requested":
        number = text.clean(detail.get("number", "?"))
        told = _(
            "callback {id} of queue {queue} promised to {number}",
            id=detail.get("callback", "?"),
            queue=queue,
            number=number,
        )
    else:
        told = _(
            "callback {id} of queue {queue}, attempt {attempt}, {order}",
            id=detail.get("callback", "?"),
            queue=queue,
            attempt=detail.get("attempt", "?"),
            order=word(str(detail.get("order", "?"))),
        )
    return [told]


def _voicemail(segment: Segment) -> list[str]:
    detail = segment["detail"]
    return [
        _(
            "mailbox {mailbox}: {result}, message {message} of {seconds:.1f} s",
            mailbox=detail.get("mailbox", "?"),
            result=word(f"message_{segment['result']}") if segment["result"] else _("under way"),
            message=text.clean(detail.get("message", "?")),
            seconds=detail.get("length_s", 0.0),
        )
    ]


def _supervision(segment: Segment) -> list[str]:
    extension = text.clean(segment["detail"].get("extension", "?"))
    return [
        _(
            "phone {extension} supervises for {seconds:.1f} s: {mode}",
            extension=extension,
            seconds=segment["duration_s"],
            mode=_result(segment),
        )
    ]


_SEGMENTS: dict[str, Callable[[Segment], list[str]]] = {
    "ivr": _ivr,
    "queue": _queue,
    "offer": _offer,
    "talk": _talk,
    "survey": _survey,
    "dial": _dial,
    "supervision": _supervision,
    "voicemail": _voicemail,
    "consent": _consent,
    "callback": _callback,
}


def _segment(segment: Segment) -> list[str]:
    tell = _SEGMENTS.get(segment["kind"])
    return tell(segment) if tell else [f"{segment['kind']}: {_result(segment)}"]


def _decision(decision: Decision) -> Iterator[str]:
    yield _(
        "decision in {queue}: {rule}, because {trigger}; waited {waited:.1f} s, {ahead} ahead, "
        "{members} members",
        queue=decision["queue"],
        rule="; ".join(map(phrase, decision["rule"].split("; "))),
        trigger=phrase(decision["trigger"]),
        waited=decision["waited_s"],
        ahead=decision["ahead"],
        members=decision["members"],
    )
    candidates = decision["candidates"]
    rows = [(each["agent"], word(each["verdict"]), phrase(each["key"])) for each in candidates]
    widths = [max((text.width(row[at]) for row in rows), default=0) for at in range(2)]
    for agent, verdict, key in rows:
        yield f"{text.pad(agent, widths[0])}  {text.pad(verdict, widths[1])}  {text.clean(key)}".rstrip()
    unseen = decision["members"] - len(candidates)
    if unseen > 0:
        yield _("… and {count} more", count=unseen)
