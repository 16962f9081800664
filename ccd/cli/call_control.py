"""`ccd call hangup|transfer|redirect|listen|whisper|barge`: taking a hand in a call under way."""

from typing import Annotated

import typer

from ccd.cli.app import App
from ccd.cli.messages import _
from ccd.cli.options import CallArgument, JsonFlag
from ccd.cli.terminal import terminal
from ccd.http.shapes import Call

RING_S = 40.0
"""Patience with a supervisor's phone that rings."""
PhoneOption = Annotated[
    str, typer.Option("--phone", help=_("The phone to ring: the supervisor's extension."))
]


def _told(ctx: typer.Context, call: Call, told: str, *, json: bool) -> None:
    out = terminal(ctx)
    if json:
        out.json(call)
    else:
        out.say(told)


def hangup(ctx: typer.Context, call: CallArgument, *, json: JsonFlag = False) -> None:
    """Hang up."""
    found: Call = terminal(ctx).client().post("calls", call, "hangup")
    _told(ctx, found, _("call {call}: hung up", call=call), json=json)


def transfer(
    ctx: typer.Context,
    call: CallArgument,
    number: Annotated[
        str,
        typer.Argument(help=_("An agent's number, an extension, a number of ours, or an outside number.")),
    ],
    *,
    json: JsonFlag = False,
) -> None:
    """转接."""
    found: Call = terminal(ctx).client().post("calls", call, "transfer", body={"number": number})
    _told(ctx, found, _("call {call}: sent to {target}", call=call, target=number), json=json)


def redirect(
    ctx: typer.Context,
    call: CallArgument,
    to: Annotated[str, typer.Argument(help=_("queue/NAME, flow/NAME or flow/NAME:NODE."))],
    *,
    json: JsonFlag = False,
) -> None:
    """Send elsewhere."""
    found: Call = terminal(ctx).client().post("calls", call, "redirect", body={"to": to})
    _told(ctx, found, _("call {call}: sent to {target}", call=call, target=to), json=json)


def _supervise(ctx: typer.Context, call: str, mode: str, phone: str, *, json: bool) -> None:
    body = {"mode": mode, "extension": phone}
    found: Call = terminal(ctx).client(timeout_s=RING_S).post("calls", call, "supervise", body=body)
    told = _(
        "phone {phone} supervises call {call}; keys 4, 5, 6: listen, whisper, barge", phone=phone, call=call
    )
    _told(ctx, found, told, json=json)


def listen(ctx: typer.Context, call: CallArgument, *, phone: PhoneOption, json: JsonFlag = False) -> None:
    """监听."""
    _supervise(ctx, call, "listen", phone, json=json)


def whisper(ctx: typer.Context, call: CallArgument, *, phone: PhoneOption, json: JsonFlag = False) -> None:
    """密语."""
    _supervise(ctx, call, "whisper", phone, json=json)


def barge(ctx: typer.Context, call: CallArgument, *, phone: PhoneOption, json: JsonFlag = False) -> None:
    """强插."""
    _supervise(ctx, call, "barge", phone, json=json)


def register(app: App) -> None:
    """Add the commands to `ccd call`."""
    app.command(help=_("Hang a call up; with a talk, both sides are cut off."))(hangup)
    app.command(
        help=_("Have an agent, a phone, a number of ours or an outside number called for the caller.")
    )(transfer)
    app.command(help=_("Send the caller to a queue or a flow; their talk ends, they stay."))(redirect)
    app.command(help=_("Listen to a call on a phone, which is rung; nobody hears you."))(listen)
    app.command(help=_("Speak to the agent alone, on a phone, which is rung."))(whisper)
    app.command(help=_("Join the talk, on a phone, which is rung; both hear you."))(barge)
