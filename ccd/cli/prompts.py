"""`ccd prompt`: what callers and agents hear, without a daemon."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal

if TYPE_CHECKING:
    from ccd.prompts.manifest import Manifest

app = App()


def words_of(manifest: "Manifest", prompt: str, spoken: str) -> str | None:
    """Give the words of a prompt; None where the manifest has none."""
    entry = manifest.prompts.get(prompt)
    return entry.text("zh" if spoken == "zh" else "en") if entry else None


@app.command("list", help=_("Every prompt, its words, and whether there is a sound in each language."))
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
            "text": {spoken: words_of(manifest, prompt, spoken) for spoken in LANGUAGES},
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


@app.command(help=_("Make the prompts that are missing with espeak-ng."))
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


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="prompt", help=_("Prompts."))
