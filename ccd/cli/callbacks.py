"""`ccd callback`: who was promised a call back, and what became of it."""

from typing import Annotated

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal
from ccd.http.shapes import Callback

app = App()

IdArgument = Annotated[int, typer.Argument(help=_("The callback's number, as `ccd callback list` shows it."))]


def _titles() -> list[str]:
    return [
        ">" + _("callback"),
        _("queue"),
        _("number"),
        _("asked for"),
        _("status"),
        ">" + _("tries"),
        _("next try"),
        _("agent"),
    ]


def _row(each: Callback) -> list[object]:
    later = each["not_before"] if each["status"] == "waiting" else None
    return [
        each["id"],
        each["queue"],
        text.clean(each["number"]),
        text.local(each["requested_at"]),
        _status(each),
        each["tries"],
        "" if later is None else text.local(later),
        each["agent"] or "",
    ]


@app.command("list", help=_("The newest callbacks; open ones only, unless --all."))
def list_(
    ctx: typer.Context,
    *,
    queue: Annotated[str | None, typer.Option(help=_("Of this queue only."))] = None,
    number: Annotated[str | None, typer.Option(help=_("To this number only."))] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("Closed ones, too."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help=_("How many at most."))] = 200,
    json: JsonFlag = False,
) -> None:
    """Print callbacks."""
    out = terminal(ctx)
    found: list[Callback] = out.client().get(
        "callbacks", queue=queue, number=number, limit=limit, open="false" if all_ else "true"
    )
    if json:
        out.json(found)
        return
    out.table(_titles(), [_row(each) for each in found])


@app.command(help=_("All of one callback."))
def show(ctx: typer.Context, callback: IdArgument, *, json: JsonFlag = False) -> None:
    """Print one."""
    out = terminal(ctx)
    found: Callback = out.client().get("callbacks", str(callback))
    if json:
        out.json(found)
        return
    lines = _all_of(found)
    columns = max(text.width(title) for title, _value in lines)
    for title, value in lines:
        out.say(f"{text.pad(title, columns)}  {text.clean('-' if value in {None, ''} else value)}")


def _all_of(each: Callback) -> list[tuple[str, object]]:
    return [
        (_("callback"), each["id"]),
        (_("queue"), each["queue"]),
        (_("number"), each["number"]),
        (_("status"), _status(each)),
        (_("phase"), _phase(each["phase"])),
        (_("asked for"), text.local(each["requested_at"])),
        (_("place since"), text.local(each["joined_at"])),
        (_("priority"), each["priority"]),
        (_("tries"), each["tries"]),
        (_("next try"), text.local(each["not_before"])),
        (_("expires"), text.local(each["expires_at"])),
        (_("asked for in call"), each["call_id"]),
        (_("last try in call"), each["last_call_id"]),
        (_("agent"), each["agent"]),
        (_("closed"), text.local(each["closed_at"])),
    ]


def _status(each: Callback) -> str:
    return word(each["status"]) + (f" ({word(each['reason'])})" if each["reason"] else "")


def _phase(code: str) -> str:
    phases = {
        "resting": _("waits for its time, or for the queue to open"),
        "in_line": _("in line"),
        "offered": _("an agent's phone rings"),
        "dialling": _("the customer is being called"),
        "asking": _("Asterisk is asked whether the customer is being called"),
    }
    return phases.get(code, word(code))


def _changed(ctx: typer.Context, callback: Callback, told: str, *, json: bool) -> None:
    out = terminal(ctx)
    if json:
        out.json(callback)
    else:
        out.say(told)


@app.command(help=_("Promise a call back by hand, with the place of now."))
def add(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help=_("The number to call."))],
    *,
    queue: Annotated[str, typer.Option(help=_("The queue whose agents call."))],
    json: JsonFlag = False,
) -> None:
    """Add one."""
    made: Callback = terminal(ctx).client().post("callbacks", body={"queue": queue, "number": number})
    _changed(ctx, made, _("callback {id}: {number} will be called", id=made["id"], number=number), json=json)


@app.command(help=_("Take a promise back."))
def cancel(ctx: typer.Context, callback: IdArgument, *, json: JsonFlag = False) -> None:
    """Cancel one."""
    changed: Callback = terminal(ctx).client().post("callbacks", str(callback), "cancel", body={})
    _changed(ctx, changed, _("callback {id}: cancelled", id=callback), json=json)


@app.command(help=_("Make the next try as soon as an agent is free, without waiting for its time."))
def now(ctx: typer.Context, callback: IdArgument, *, json: JsonFlag = False) -> None:
    """Try one now."""
    changed: Callback = terminal(ctx).client().post("callbacks", str(callback), "now", body={})
    _changed(ctx, changed, _("callback {id}: next", id=callback), json=json)


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="callback", help=_("Callbacks: who keeps a place in a queue and is called."))
