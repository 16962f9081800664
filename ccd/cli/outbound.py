"""`ccd outbound`: what the outbound policy says of a number, and what is used of its limits."""

from typing import Annotated

import typer

from ccd.cli.app import App
from ccd.cli.dates import instant
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.http.shapes import OutboundCheck, OutboundLimits

app = App()

REFUSED = 1
"""Exit code of a number that is refused, so that scripts can ask."""


@app.command(help=_("Whether a number would be let out, and which rule decides. Nothing is dialled."))
def check(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help=_("The number, as it is dialled."))],
    *,
    agent: Annotated[
        str | None, typer.Option("--agent", help=_("Who dials: the agent's number or extension."))
    ] = None,
    phone: Annotated[
        str | None, typer.Option("--phone", help=_("From which phone, where nobody is signed in."))
    ] = None,
    queue: Annotated[str | None, typer.Option("--queue", help=_("For which queue."))] = None,
    at: Annotated[str | None, typer.Option("--at", help=_("When; default: now."))] = None,
    json: JsonFlag = False,
) -> None:
    """Print what would become of a number."""
    out = terminal(ctx)
    parameters = {"number": number, "agent": agent, "phone": phone, "queue": queue, "at": instant(at)}
    given = {key: value for key, value in parameters.items() if value is not None}
    found: OutboundCheck = out.client().get("outbound", "check", **given)
    if json:
        out.json(found)
    else:
        _tell(out, found)
    if not found["allowed"]:
        raise typer.Exit(REFUSED)


def _tell(out: Terminal, found: OutboundCheck) -> None:
    rule = found["rule"] or _("no rule")
    if found["allowed"]:
        out.say(out.paint("green", _("{number} is let out by {rule}", number=found["number"], rule=rule)))
    else:
        reason = _reason(found["reason"] or "")
        told = _("{number} is refused by {rule}: {reason}", number=found["number"], rule=rule, reason=reason)
        out.say(out.paint("red", told))
    for step in found["steps"]:
        verdict = word(step["verdict"])
        out.say(f"  {step['rule']}: {verdict}")
    pairs = [
        (
            _("international"),
            f"{found['callee']} {found['country']} {word(found['kind']) if found['kind'] else ''}",
        ),
        (_("dialled as"), found["target"]),
        (_("shows"), found["caller_id"]),
        (_("longest talk"), "" if found["max_s"] is None else f"{found['max_s']:g} s"),
        (_("recorded"), word(found["record"]) if found["record"] else ""),
    ]
    for title, value in pairs:
        if value.strip():
            out.say(f"  {title}  {value.strip()}")


def _reason(code: str) -> str:
    return word({"invalid": "invalid_number"}.get(code, code))


@app.command(help=_("The limits of outgoing calls, and what is used of them."))
def limits(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the limits."""
    out = terminal(ctx)
    found: OutboundLimits = out.client().get("outbound", "limits")
    if json:
        out.json(found)
        return
    used = {"system.per_hour": found["hour"], "system.concurrent": found["concurrent"]}
    rows = [
        [key, "-" if most is None else f"{most:g}", used.get(key, "")]
        for key, most in found["limits"].items()
    ]
    out.table([_("limit"), ">" + _("at most"), ">" + _("used")], rows)
    if found["people"]:
        out.say()
        titles = [_("person"), ">" + _("last hour"), ">" + _("this day"), ">" + _("minutes"), ">" + _("now")]
        people = [
            [each["person"], each["hour"], each["day"], f"{each['talk_s'] / 60:.1f}", each["concurrent"]]
            for each in found["people"]
        ]
        out.table(titles, people)
    out.say()
    out.say(_("let out since the start: {count}", count=found["let_out"]))
    for reason, count in found["refused"].items():
        told = _("refused: {reason}: {count}", reason=_reason(reason), count=count)
        out.say(f"  {told}")


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="outbound", help=_("Calls to the outside: who may dial what."))
