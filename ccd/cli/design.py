"""`ccd flow`, `ccd prompt`, `ccd asterisk`: what the configuration makes, without a daemon."""

from pathlib import Path
from typing import Annotated

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal
from ccd.errors import CcdError, NotFoundError

flows = App()
prompts = App()
asterisk = App()


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
    told = [
        {
            "id": prompt,
            "text": {
                language: entry.text(language) if (entry := manifest.prompts.get(prompt)) else None
                for language in LANGUAGES
            },
            "present": {language: (language, prompt) not in missing for language in LANGUAGES},
        }
        for prompt in sorted(catalogue.ids)
    ]
    if json:
        out.json(told)
        return
    titles = [_("prompt"), *LANGUAGES, *(_("words") + f" {language}" for language in LANGUAGES)]
    rows = [
        [
            each["id"],
            *(_("yes") if each["present"][language] else _("missing") for language in LANGUAGES),
            *(each["text"][language] for language in LANGUAGES),
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
    files = rendered(load(out.config_path()))
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


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(flows, name="flow", help=_("IVR flows."))
    root.add_typer(prompts, name="prompt", help=_("Prompts."))
    root.add_typer(asterisk, name="asterisk", help=_("Asterisk's side."))
