"""`ccd call` and `ccd explain`: calls that are under way, and why a call went as it went."""

import typer

from ccd.cli import call_control, queue_control, text
from ccd.cli.app import App
from ccd.cli.explain import story
from ccd.cli.messages import _, word
from ccd.cli.options import CallArgument, JsonFlag
from ccd.cli.terminal import terminal
from ccd.http.shapes import Call, Explanation

app = App()


def call_titles() -> list[str]:
    """Give the columns of a table of live calls."""
    return [
        _("call"),
        _("caller"),
        _("called"),
        _("phase"),
        ">" + _("for"),
        ">" + _("in all"),
        _("queue"),
        ">" + _("position"),
        _("agent"),
        _("place"),
    ]


def call_row(call: Call) -> list[object]:
    """Give a call's line of the table under `call_titles`."""
    phase = word(call["phase"])
    return [
        call["id"],
        call["number"],
        f"→ {call['called']}" if call["direction"] != "inbound" else call["called"],
        f"{phase} ({_('on hold')})" if call["on_hold"] else phase,
        text.duration(text.since(call["phase_since_at"])),
        text.duration(text.since(call["started_at"])),
        call["queue"],
        call["position"],
        call["agent"],
        f"{call['flow']}:{call['node']}" if call["flow"] else "",
    ]


@app.command("list", help=_("The calls inside ccd now, the oldest first."))
def list_(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the live calls."""
    out = terminal(ctx)
    calls: list[Call] = out.client().get("calls")
    if json:
        out.json(calls)
    else:
        out.table(call_titles(), [call_row(call) for call in calls])


@app.command(help=_("One call inside ccd now."))
def show(ctx: typer.Context, call: CallArgument, *, json: JsonFlag = False) -> None:
    """Print one live call."""
    out = terminal(ctx)
    found: Call = out.client().get("calls", call)
    if json:
        out.json(found)
    else:
        out.table(call_titles(), [call_row(found)])
        out.say(f"  {_('channel')}  {text.clean(found['channel'])}")
        out.say(f"  {_('name')}  {text.clean(found['name']) or '-'}")
        for name, value in found["data"].items():
            out.say(f"  {text.clean(name)}  {text.clean(value)}")


def explain(ctx: typer.Context, call: CallArgument, *, json: JsonFlag = False) -> None:
    """Print the story of a call."""
    out = terminal(ctx)
    found: Explanation = out.client().get("calls", call, "explain")
    if json:
        out.json(found)
    else:
        for line in story(found):
            out.say(line)


def register(root: App) -> None:
    """Add the commands."""
    call_control.register(app)
    queue_control.register_call(app)
    root.add_typer(app, name="call", help=_("Calls that are under way."))
    root.command(help=_("Why a call, live or finished, went as it went: every routing decision."))(explain)
