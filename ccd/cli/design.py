"""`ccd flow`, `ccd prompt`, `ccd asterisk`: what the configuration makes, without a daemon."""

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _, language
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import CcdError, NotFoundError
from ccd.http.client import UnreachableError
from ccd.http.shapes import Agent

if TYPE_CHECKING:
    from ccd.config import Config
    from ccd.prompts.manifest import Manifest

flows = App()
prompts = App()
asterisk = App()

WIDTH = 110
"""Of a drawing that goes into a file."""


@flows.command("list", help=_("The flows of the configuration."))
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


@flows.command(help=_("One flow, drawn as text, with what callers hear."))
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The flow."))],
) -> None:
    """Draw a flow."""
    from ccd.config import load
    from ccd.ivr.draw import draw
    from ccd.prompts.manifest import Manifest

    out = terminal(ctx)
    config = load(out.config_path())
    words = partial(_words, Manifest.shipped())
    out.say(draw(config.flows[_known(config, name)], language(), texts=words, width=out.columns or WIDTH))


def _known(config: "Config", name: str) -> str:
    if name not in config.flows:
        known = ", ".join(config.flows) or "-"
        raise NotFoundError(_("there is no flow {name!r}; there are: {known}", name=name, known=known))
    return name


def _words(manifest: "Manifest", prompt: str, spoken: str) -> str | None:
    """Give the words of a prompt; None where the manifest has none."""
    entry = manifest.prompts.get(prompt)
    return entry.text("zh" if spoken == "zh" else "en") if entry else None


@flows.command(help=_("Check flows: targets, dead ends, unreachable nodes, prompts."))
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


@prompts.command("list", help=_("Every prompt, its words, and whether there is a sound in each language."))
def list_prompts(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the prompts."""
    from ccd.config import load
    from ccd.prompts.catalogue import Catalogue
    from ccd.prompts.manifest import LANGUAGES, Manifest

    out = terminal(ctx)
    manifest = Manifest.shipped()
    catalogue = Catalogue(manifest, Path(load(out.config_path()).prompts.directory))
    missing = set(catalogue.missing(manifest))
    told: list[dict[str, Any]] = [
        {
            "id": prompt,
            "text": {spoken: _words(manifest, prompt, spoken) for spoken in LANGUAGES},
            "present": {spoken: (spoken, prompt) not in missing for spoken in LANGUAGES},
        }
        for prompt in sorted(catalogue.ids)
    ]
    if json:
        out.json(told)
        return
    titles = [_("prompt"), *LANGUAGES, *(f"{_('words')} {spoken}" for spoken in LANGUAGES)]
    rows = [
        [
            each["id"],
            *(_("yes") if each["present"][spoken] else _("missing") for spoken in LANGUAGES),
            *(each["text"][spoken] for spoken in LANGUAGES),
        ]
        for each in told
    ]
    out.table(titles, rows)
    for fault in catalogue.faults:
        out.say(text.clean(fault))


@prompts.command(help=_("Make the prompts that are missing with espeak-ng."))
def generate(
    ctx: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Make also those that are there; recordings are replaced."))
    ] = False,
) -> None:
    """Make prompts."""
    from ccd.config import load
    from ccd.prompts.generate import Made
    from ccd.prompts.generate import generate as make
    from ccd.prompts.manifest import LANGUAGES, Manifest

    out = terminal(ctx)
    folder = Path(load(out.config_path()).prompts.directory)

    def progress(made: Made, done: int, wanted: int) -> None:
        out.say(f"{done}/{wanted}  {made.language}/{made.prompt}")

    made = make(
        Manifest.shipped(),
        folder,
        LANGUAGES,
        only_missing=not everything,
        progress=progress if out.on_terminal else None,
    )
    out.say(_("{count} prompts made in {folder}", count=len(made), folder=folder))


@asterisk.command(help=_("Write the files that Asterisk includes (*_ccd.conf) into a folder."))
def render(
    ctx: typer.Context,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help=_("The folder, e.g. /etc/asterisk."))],
    json: JsonFlag = False,
) -> None:
    """Write Asterisk's side."""
    from ccd.asterisk.render import render as rendered
    from ccd.asterisk.render import write
    from ccd.config import load

    out = terminal(ctx)
    files = rendered(load(out.config_path()), _roster(out))
    if not to.is_dir():
        raise NotFoundError(_("{folder} is no folder", folder=to))
    try:
        changed = write(files, to)
    except OSError as error:
        raise CcdError(f"{error.filename or to}: {error.strerror}") from error
    if json:
        out.json({"folder": str(to), "files": list(files), "changed": [path.name for path in changed]})
        return
    for name in files:
        state = _("changed") if to / name in changed else _("as before")
        out.say(f"{to / name}: {state}")
    if changed:
        out.say(_("let Asterisk take them: asterisk -rx 'core reload'"))


def _roster(out: Terminal) -> dict[str, list[str]] | None:
    """Ask the daemon which phones serve which queue; None: it does not run, or knows none."""
    try:
        agents: list[Agent] = out.client(timeout_s=5.0).get("agents")
    except UnreachableError:
        return None
    roster: dict[str, list[str]] = {}
    for agent in agents:
        phone = agent["own_extension"] or agent["extension"]
        for queue in agent["queues"] if phone else ():
            roster.setdefault(queue, []).append(str(phone))
    return roster or None


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(flows, name="flow", help=_("IVR flows."))
    root.add_typer(prompts, name="prompt", help=_("Prompts."))
    root.add_typer(asterisk, name="asterisk", help=_("Asterisk's side."))
