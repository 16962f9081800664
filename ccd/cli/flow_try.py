"""`ccd flow try`: a flow walked in the terminal, words for sounds, the user as caller and as the world."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ccd.cli import text
from ccd.cli.flow_stage import Stage, quiet, set_stage
from ccd.cli.messages import _, language, word
from ccd.cli.terminal import Terminal, terminal
from ccd.cli.wishes import UsageError
from ccd.errors import AgiHangupError

if TYPE_CHECKING:
    from ccd.ivr.ports import Place
    from ccd.ivr.rehearsal import Answer, Heard, Performance, Question

_KEYS = frozenset("0123456789*#")
_SILENCE = frozenset({"", "t"})
_HANG_UP = "x"


def try_flow(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The flow."))],
    *,
    caller: Annotated[str, typer.Option("--caller", help=_("The number that calls."))] = "13800000001",
    called: Annotated[str | None, typer.Option("--called", help=_("The number that was dialled."))] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help=_("When: 2026-10-01T10:00; without it, now."))
    ] = None,
    spoken: Annotated[
        str | None, typer.Option("--language", metavar="en|zh", help=_("The caller's language."))
    ] = None,
) -> None:
    """Play one call with the user."""
    from ccd.ivr.rehearsal import rehearse

    out = terminal(ctx)
    if spoken not in {None, "en", "zh"}:
        raise UsageError(_("--language is en or zh"))
    stage = set_stage(out)
    scene = stage.scene(name, caller=caller, called=called, at=_instant(at), language=spoken)
    out.say(_("keys: digits, * and #; Enter or t lets the time pass; x hangs up"))
    partner = _User(out, stage, scene.language)
    with quiet():
        performance = asyncio.run(rehearse(stage.book, stage.words, scene, partner))
    _tell_end(out, performance)


def _instant(at: str | None) -> datetime | None:
    try:
        return None if at is None else datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(_("{at!r} is no time; write it as 2026-10-01T10:00", at=at)) from None


def _tell_end(out: Terminal, performance: "Performance") -> None:
    endings = {
        "hangup": _("the flow ends the call"),
        "return": _("the flow is done: the dialplan goes on where there is one, else the call ends"),
        "caller": _("the caller hangs up"),
    }
    out.say(out.paint("bold", f"■ {endings.get(performance.ending, performance.ending)}"))
    secrets = performance.caller.secrets
    for name, value in sorted(performance.caller.variables.items()):
        out.say(f"  {name} = {'*' * len(value) if name in secrets else text.clean(value)}")


class _User:
    """Satisfies `ccd.ivr.rehearsal.Partner`: everything is shown, everything is asked."""

    def __init__(self, out: Terminal, stage: Stage, spoken: str) -> None:
        self._out = out
        self._stage = stage
        self._joint = "" if spoken == "zh" else " "
        self._keys: list[str] = []

    def entered(self, place: "Place") -> None:
        """Show the node."""
        from ccd.ivr.draw import describe

        node = self._stage.book.node(place)
        what = describe(node, language()) if node is not None else ""
        self._out.say(self._out.paint("bold", f"● {place}") + f"  {text.clean(what)}")

    def hears(self, heard: "Sequence[Heard]", *, may_press: bool) -> str:  # noqa: ARG002
        """Show the words."""
        told = self._joint.join(each.text for each in heard)
        self._out.say(f"  » {text.clean(told)}")
        return ""

    def key(self, timeout_s: float) -> str:
        """Ask for keys; several may be typed at once."""
        while not self._keys:
            typed = self._ask(_("key ({seconds:g} s)", seconds=timeout_s)).lower()
            if typed in _SILENCE:
                return ""
            if set(typed) <= _KEYS:
                self._keys = list(typed)
            else:
                self._out.say("  " + _("keys are 0-9, * and #; Enter lets the time pass; x hangs up"))
        return self._keys.pop(0)

    def answer(self, question: "Question") -> "Answer":
        """Ask how something goes."""
        from ccd.ivr.rehearsal import HUNG_UP, Answer

        self._keys.clear()
        choices = (*question.outcomes, HUNG_UP)
        asked = _(
            "outcome of {kind} {subject}", kind=word(question.kind), subject=text.clean(question.subject)
        )
        while True:
            typed = self._ask(f"{asked} [{'/'.join(choices)}]") or choices[0]
            fitting = [each for each in choices if each == typed] or [
                each for each in choices if each.startswith(typed)
            ]
            if len(fitting) == 1:
                return Answer(fitting[0], self._values(question, fitting[0]))

    def _values(self, question: "Question", outcome: str) -> dict[str, str]:
        """Ask what a lookup finds."""
        if (question.kind, outcome) != ("lookup", "found"):
            return {}
        pairs = self._ask(_("what it finds: name=value name=value …")).split()
        return {name: value for name, mark, value in (pair.partition("=") for pair in pairs) if mark}

    def _ask(self, what: str) -> str:
        """Read a line; its end, or x, hangs up."""
        try:
            typed = input(f"  {what} > ").strip()
        except EOFError:
            typed = _HANG_UP
        if typed == _HANG_UP:
            raise AgiHangupError("the user hangs up")
        return typed
