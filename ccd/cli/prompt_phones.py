"""`ccd prompt record` and `play`: a running daemon rings a phone."""

import time
from typing import Annotated

import typer

from ccd.cli import text
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.prompt_files import PromptArgument, spoken_in
from ccd.cli.prompts import app
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import CcdError
from ccd.http.shapes import PromptErrand

PhoneOption = Annotated[str, typer.Option("--phone", help=_("The extension of the phone to ring."))]
SpokenOption = Annotated[
    str, typer.Option("--language", metavar="en|zh", help=_("The language that is spoken."))
]
RING_S = 40.0
"""Patience with a phone that rings."""
PATIENCE_S = 3600.0
"""Whoever records takes as many takes as they like."""
ASK_EVERY_S = 0.5


def _ring(out: Terminal, errand: str, prompt: str, language: str, phone: str) -> PromptErrand:
    """Have the phone rung, and wait until whoever answered has done with it."""
    body = {"prompt": prompt, "language": spoken_in(language)[0], "extension": phone}
    client = out.client(timeout_s=RING_S)
    told: PromptErrand = client.post("prompts", errand, body=body)
    until = time.monotonic() + PATIENCE_S
    while told["state"] == "under_way" and time.monotonic() < until:
        time.sleep(ASK_EVERY_S)
        told = client.get("prompts", "errands", told["errand"])
    if told["state"] == "failed":
        raise CcdError(told["reason"])
    return told


@app.command(help=_("Ring a phone and record a prompt there."))
def record(
    ctx: typer.Context,
    prompt: PromptArgument,
    *,
    phone: PhoneOption,
    language: SpokenOption,
    json: JsonFlag = False,
) -> None:
    """Record; fail when nothing was kept."""
    out = terminal(ctx)
    if not json:
        out.say(
            _(
                "phone {phone} rings: record after the tone, end with #; 1 keeps it, 2 records again, "
                "hanging up discards",
                phone=text.clean(phone),
            )
        )
    told = _ring(out, "record", prompt, language, phone)
    if json:
        out.json(told)
    if told["state"] != "kept":
        raise CcdError(_("nothing was kept; the prompt is as it was"))
    if not json:
        out.say(f"{told['language']}/{text.clean(told['id'])}  {told['length_s'] or 0.0:.1f} {_('s')}")


@app.command(help=_("Ring a phone and play a prompt there."))
def play(
    ctx: typer.Context,
    prompt: PromptArgument,
    *,
    phone: PhoneOption,
    language: SpokenOption,
    json: JsonFlag = False,
) -> None:
    """Play."""
    out = terminal(ctx)
    told = _ring(out, "play", prompt, language, phone)
    if json:
        out.json(told)
    else:
        out.say(_("{prompt} was played", prompt=f"{told['language']}/{text.clean(told['id'])}"))
