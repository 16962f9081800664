"""A queue in the words of Asterisk's `queue show` (apps/app_queue.c), for the scripts that read those.

They are never translated. What ccd knows beyond them follows in lines of its own.
"""

from datetime import UTC, datetime

from ccd.cli import text
from ccd.cli.messages import _, word
from ccd.http.shapes import Queue, QueueCaller, QueueMember, QueueSummary

_DEVICE_STATES = {
    "NOT_INUSE": "Not in use",
    "INUSE": "In use",
    "BUSY": "Busy",
    "INVALID": "Invalid",
    "UNAVAILABLE": "Unavailable",
    "RINGING": "Ringing",
    "RINGINUSE": "Ring+Inuse",
    "ONHOLD": "On Hold",
    "UNKNOWN": "Unknown",
}


def asterisk_lines(queue: Queue, now: datetime | None = None) -> list[str]:
    """Give the lines that Asterisk would print. Agents who are not signed in are no members there."""
    now = now or datetime.now(UTC)
    figures = queue["figures"]
    longest = "unlimited" if queue["max_length"] is None else str(queue["max_length"])
    members = [each for each in queue["member_list"] if each["status"] != "logged_out"]
    head = (
        f"{queue['name']} has {queue['waiting']} calls (max {longest}) in '{queue['strategy']}' strategy "
        f"({figures['average_wait_s']:.0f}s holdtime, {figures['average_talk_s']:.0f}s talktime), "
        f"W:{queue['weight']}, C:{figures['answered']}, A:{figures['abandoned']}, "
        f"SL:{figures['service_level']:.1f}%, SL2:{figures['service_level_2']:.1f}% "
        f"within {figures['threshold_s']}s"
    )
    callers = queue["callers"]
    return [
        head,
        *(["   Members: ", *(_member(each, now) for each in members)] if members else ["   No Members"]),
        *(["   Callers: ", *(_caller(each) for each in callers)] if callers else ["   No Callers"]),
    ]


def _ago(instant: str | None, now: datetime) -> int:
    return int(text.since(instant, now) or 0)


def _member(member: QueueMember, now: datetime) -> str:
    name = text.clean(member["name"]) or member["agent"]
    parts = [f"      {name} ({member['device']})"]
    if member["penalty"]:
        parts.append(f" with penalty {member['penalty']}")
    parts.append(" (ringinuse disabled) (dynamic)")
    if member["state"] == "in_call":
        parts.append(" (in call)")
    if member["status"] == "paused":
        reason = f":{text.clean(member['reason'])}" if member["reason"] else ""
        parts.append(f" (paused{reason} was {_ago(member['since_at'], now)} secs ago)")
    parts.append(f" ({_DEVICE_STATES.get(member['device_state'], 'Unknown')})")
    if member["calls_taken"]:
        last = _ago(member["last_call_at"], now)
        parts.append(f" has taken {member['calls_taken']} calls (last was {last} secs ago)")
    else:
        parts.append(" has taken no calls yet")
    parts.append(f" (login was {_ago(member['signed_in_at'], now)} secs ago)")
    return "".join(parts)


def _caller(caller: QueueCaller) -> str:
    minutes, seconds = divmod(int(caller["waited_s"]), 60)
    channel = f"callback/{caller['number']}" if caller["callback"] else caller["channel"]
    return (
        f"      {caller['position']}. {text.clean(channel)} "
        f"(wait: {minutes}:{seconds:02}, prio: {caller['priority']})"
    )


def _still(caller: QueueCaller) -> str:
    """Tell how long a caller will still wait, where that is known."""
    estimate = caller["estimated_wait_s"]
    return "" if estimate is None else _(", still about {wait}", wait=text.duration(estimate))


def door_line(queue: QueueSummary) -> str:
    """Say that a queue is closed, or opened by hand; empty where there is nothing to say."""
    if queue["open"] and queue["open_by"] != "hand":
        return ""
    told = [_("open by hand") if queue["open"] else _("closed by hand")]
    if queue["open_by"] == "hours":
        told = [_("closed by its hours")]
    if (until := queue["open_until_at"]) is not None:
        told.append(_("until {until}", until=text.local(until)))
    if not queue["open"]:
        told.append(_("those who wait are served") if queue["keeps_waiting"] else _("those who wait leave"))
        if queue["closing_words"]:
            told.append(_("says {prompt}", prompt=text.clean(queue["closing_words"])))
    return ", ".join(told)


def more_lines(queue: Queue) -> list[str]:
    """Give what Asterisk's output has no place for."""
    figures = queue["figures"]
    lines = [
        "   "
        + _(
            "Since {since}: {offered} offered, {timed_out} timed out, {other} left otherwise; "
            "sticky {hits} hits, {misses} misses",
            since=text.local(figures["since_at"]),
            offered=figures["offered"],
            timed_out=figures["timed_out"],
            other=figures["other"],
            hits=figures["sticky_hits"],
            misses=figures["sticky_misses"],
        )
    ]
    if told := door_line(queue):
        lines.append(f"   {told}")
    if queue["callbacks_waiting"] or figures["callbacks"]:
        told = _(
            "Callbacks: {waiting} waiting, {promised} promised, {made} made",
            waiting=queue["callbacks_waiting"],
            promised=figures["callbacks"],
            made=figures["called_back"],
        )
        lines.append(f"   {told}")
    if (estimate := queue["estimated_wait_s"]) is not None:
        lines.append("   " + _("Estimated wait of a new caller: {wait}", wait=text.duration(estimate)))
    lines += [
        "   "
        + _(
            "Caller {position}: {number} since {joined}, ringing {agents}",
            position=caller["position"],
            number=text.clean(caller["number"]) or "?",
            joined=text.local(caller["joined_at"]),
            agents=", ".join(caller["offered_to"]) or "-",
        )
        + _still(caller)
        for caller in queue["callers"]
    ]
    lines += [
        "   "
        + _(
            "Agent {agent}: {status}, {state}",
            agent=each["agent"],
            status=word(each["status"]),
            state=word(each["state"]),
        )
        for each in queue["member_list"]
        if each["state"] in {"wrap_up", "unreachable"} or each["status"] == "logged_out"
    ]
    return lines
