"""`ccd status`: one line that Nagios understands and a person reads, then the details."""

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.errors import explained
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.http.client import ApiError, UnreachableError
from ccd.http.shapes import Level, Lookup, Problem, Status

OK, WARNING, CRITICAL, UNKNOWN = range(4)
_NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_COLOURS = ("green", "yellow", "red", "red")


def severity(status: Status) -> int:
    """Give Nagios's exit code."""
    levels = {problem["level"] for problem in status["problems"]}
    if Level.CRITICAL in levels:
        return CRITICAL
    return WARNING if levels else OK


def summary(status: Status) -> str:
    """Give the numbers in one line."""
    return _(
        "{calls} calls: {waiting} waiting (longest {longest}), {talking} talking; "
        "{signed_in} of {total} agents signed in, {idle} idle, {paused} on a break",
        calls=status["calls"],
        waiting=status["waiting"],
        longest=text.duration(status["longest_wait_s"]),
        talking=status["talking"],
        signed_in=status["agents_signed_in"],
        total=status["agents_total"],
        idle=status["agents"].get("idle", 0),
        paused=status["agents_paused"],
    )


def performance(status: Status) -> str:
    """Give Nagios's performance data; the labels are the same in every language."""
    values = {
        "calls": status["calls"],
        "waiting": status["waiting"],
        "longest_wait": f"{status['longest_wait_s']:.0f}s",
        "callbacks_waiting": status["callbacks_waiting"],
        "talking": status["talking"],
        "agents_signed_in": status["agents_signed_in"],
        **{f"agents_{state}": count for state, count in status["agents"].items()},
        "agents_paused": status["agents_paused"],
        "agi_sessions": status["agi_sessions"],
        "writer_backlog": status["writer_backlog"],
        "uptime": f"{status['uptime_s']:.0f}s",
    }
    return " ".join(f"{label}={value}" for label, value in values.items())


def problem_text(problem: Problem) -> str:
    """Give a problem in the user's language, with its facts."""
    told = word(problem["code"])
    return f"{told}: {text.clean(problem['detail'])}" if problem["detail"] else told


def _lookup(each: Lookup) -> str:
    """Say how a system of the business fares."""
    told = _(
        "{found} found, {not_found} unknown, {failed} failed",
        found=each["found"],
        not_found=each["not_found"],
        failed=each["failed"],
    )
    return told if each["state"] == "closed" else f"{_('not asked now')}; {told}"


def _print(out: Terminal, status: Status) -> int:
    code = severity(status)
    faults = [problem_text(problem) for problem in status["problems"]]
    told = "; ".join([*faults, summary(status)]).replace("|", "/")
    out.say(f"CCD {out.paint(_COLOURS[code], _NAMES[code])} - {told}|{performance(status)}")
    versions = status["versions"]
    facts = [
        (_("version"), f"ccd {versions['ccd']}, Asterisk {versions['asterisk'] or '?'}"),
        (_("running since"), f"{text.local(status['started_at'])} (pid {status['pid']})"),
        (_("configuration"), status["config_path"]),
        (_("socket"), status["socket"]),
        *((_("lookup {name}", name=each["name"]), _lookup(each)) for each in status["lookups"]),
    ]
    if (estimate := status["estimated_wait_s"]) is not None:
        facts.append((_("estimated wait"), _("about {wait} for a new caller", wait=text.duration(estimate))))
    if closed := status["queues_closed"]:
        facts.append((_("queues closed"), ", ".join(closed)))
    columns = max(text.width(label) for label, _value in facts)
    for label, value in facts:
        out.say(f"  {text.pad(label, columns)}  {text.clean(value).replace('|', '/')}")
    return code


def status(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Ask, print, and exit as Nagios expects."""
    out = terminal(ctx)
    try:
        found: Status = out.client(timeout_s=10.0).get("status")
    except (UnreachableError, ApiError) as error:
        if not json:
            out.say(f"CCD {out.paint('red', 'UNKNOWN')} - {explained(error)}")
            raise typer.Exit(UNKNOWN) from None
        raise
    if json:
        out.json(found)
        raise typer.Exit(severity(found))
    raise typer.Exit(_print(out, found))


def register(root: App) -> None:
    """Add the command."""
    root.command(help=_("Whether all is well, in one line; exit code as Nagios expects (0, 1, 2, 3)."))(
        status
    )
