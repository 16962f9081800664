"""`ccd flow`: the configuration's IVR flows, without a daemon."""

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ccd.cli.app import App
from ccd.cli.messages import _, language
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal
from ccd.errors import NotFoundError

if TYPE_CHECKING:
    from ccd.config import Config

app = App()

WIDTH = 110
"""Of a drawing that goes into a file."""


@app.command("list", help=_("The flows of the configuration."))
def list_flows(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the flows."""
    from ccd.config import load

    out = terminal(ctx)
    config = load(out.config_path())
    told = [
        {
            "name": name,
            "start": flow.start,
            "nodes": list(flow.nodes),
            "numbers": [number for number, to in config.numbers.items() if to.flow == name],
        }
        for name, flow in config.flows.items()
    ]
    if json:
        out.json(told)
        return
    titles = [_("flow"), _("begins with"), ">" + _("nodes"), _("numbers")]
    rows = [[each["name"], each["start"], len(each["nodes"]), " ".join(each["numbers"])] for each in told]
    out.table(titles, rows)


@app.command(help=_("One flow, drawn as text, with what callers hear."))
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The flow."))],
) -> None:
    """Draw a flow."""
    from ccd.cli.prompts import words_of
    from ccd.config import load
    from ccd.ivr.draw import draw
    from ccd.prompts.manifest import Manifest

    out = terminal(ctx)
    config = load(out.config_path())
    words = partial(words_of, Manifest.with_own(config.prompts.own()))
    out.say(draw(config.flows[_known(config, name)], language(), texts=words, width=out.columns or WIDTH))


def _known(config: "Config", name: str) -> str:
    if name not in config.flows:
        known = ", ".join(config.flows) or "-"
        raise NotFoundError(_("there is no flow {name!r}; there are: {known}", name=name, known=known))
    return name


@app.command(help=_("Check flows: targets, dead ends, unreachable nodes, prompts."))
def check(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help=_("The flow; without it, all."))] = None,
    *,
    json: JsonFlag = False,
) -> None:
    """Print what is wrong with flows alone."""
    from ccd.checking import examine
    from ccd.cli.service import report

    out = terminal(ctx)
    found = examine(out.config_path())
    if found.config is not None:
        prefix = "flows." if name is None else f"flows.{_known(found.config, name)}."
        about = tuple(each for each in found.problems if each.key.startswith(prefix))
        found = dataclasses.replace(found, problems=about, warnings=())
    report(out, found, json=json)


def register(root: App) -> None:
    """Add the commands."""
    from ccd.cli.flow_test import play_tests
    from ccd.cli.flow_try import try_flow

    app.command("try", help=_("Walk a flow here, without a phone: words for sounds, you type the keys."))(
        try_flow
    )
    app.command("test", help=_("Play scripted conversations as tests of flows."))(play_tests)
    root.add_typer(app, name="flow", help=_("IVR flows."))
