"""`ccd prompt`: what callers and agents hear, without a daemon."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.http.client import UnreachableError

if TYPE_CHECKING:
    from ccd.config import Config
    from ccd.prompts.catalogue import Catalogue
    from ccd.prompts.manifest import Manifest
    from ccd.prompts.stock import Item

app = App()


def words_of(manifest: "Manifest", prompt: str, spoken: str) -> str | None:
    """Give the words of a prompt; None where the manifest has none."""
    entry = manifest.prompts.get(prompt)
    return entry.text("zh" if spoken == "zh" else "en") if entry else None


def open_shelf(config: "Config") -> "tuple[Manifest, Catalogue]":
    """Give the prompts of a configuration: their words, and their sounds as they lie there now."""
    from ccd.prompts.catalogue import Catalogue
    from ccd.prompts.manifest import Manifest

    prompts = config.prompts
    manifest = Manifest.with_own(prompts.own())
    core = None if prompts.core is None else Path(prompts.core)
    return manifest, Catalogue(manifest, Path(prompts.directory), core=core)


def tell_daemon(out: Terminal) -> None:
    """Let a running daemon see the sounds that are there now; without one there is nothing to tell."""
    try:
        out.client(timeout_s=10.0).post("prompts", "refresh")
    except UnreachableError:
        return


@app.command("list", help=_("Every prompt: where its sound in each language is from, its length, its words."))
def list_prompts(
    ctx: typer.Context,
    *,
    missing: Annotated[
        bool, typer.Option("--missing", help=_("Only prompts that lack a sound in a language."))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Print the prompts."""
    from ccd.config import load
    from ccd.prompts.stock import stock

    out = terminal(ctx)
    config = load(out.config_path())
    manifest, catalogue = open_shelf(config)
    items = stock(manifest, catalogue, Path(config.prompts.directory))
    items = [item for item in items if item.is_missing or not missing]
    if json:
        out.json([_told(item) for item in items])
        return
    languages = list(items[0].texts) if items else []
    titles = [_("prompt"), *languages, *(f"{_('words')} {spoken}" for spoken in languages)]
    rows = [
        [
            item.prompt,
            *(_origin(item, spoken) for spoken in languages),
            *(item.texts[spoken] for spoken in languages),
        ]
        for item in items
    ]
    out.table(titles, rows)
    for fault in catalogue.faults:
        out.say(text.clean(fault))


def _told(item: "Item") -> dict[str, Any]:
    return {
        "id": item.prompt,
        "text": item.texts,
        "present": {spoken: origin != "missing" for spoken, origin in item.origins.items()},
        "from": item.origins,
        "length_s": item.lengths_s,
        "versions": item.versions,
    }


def _origin(item: "Item", spoken: str) -> str:
    """Give where a sound is from, with its length: `recorded 2.1 s`."""
    length_s = item.lengths_s[spoken]
    length = "" if length_s is None else f" {length_s:.1f} {_('s')}"
    return "" if item.origins[spoken] == "none" else word(item.origins[spoken]) + length


@app.command(help=_("Make the prompts that are missing, or whose words have changed, with espeak-ng."))
def generate(
    ctx: typer.Context,
    *,
    everything: Annotated[
        bool,
        typer.Option("--all", help=_("Make also those that are there; recordings are kept as versions.")),
    ] = False,
) -> None:
    """Make prompts."""
    from ccd.config import load
    from ccd.prompts.generate import Made
    from ccd.prompts.generate import generate as make
    from ccd.prompts.manifest import LANGUAGES, Manifest

    out = terminal(ctx)
    prompts = load(out.config_path()).prompts
    folder = Path(prompts.directory)

    def progress(made: Made, done: int, wanted: int) -> None:
        out.say(f"{done}/{wanted}  {made.language}/{made.prompt}")

    made = make(
        Manifest.with_own(prompts.own()),
        folder,
        LANGUAGES,
        only_missing=not everything,
        progress=progress if out.on_terminal else None,
    )
    out.say(_("{count} prompts made in {folder}", count=len(made), folder=folder))
    if made:
        tell_daemon(out)


def register(root: App) -> None:
    """Add the commands."""
    import ccd.cli.prompt_files
    import ccd.cli.prompt_phones  # noqa: F401 - their commands go into `app`

    root.add_typer(app, name="prompt", help=_("Prompts."))
