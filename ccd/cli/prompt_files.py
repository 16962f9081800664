"""`ccd prompt import`, `remove`, `restore`: recordings as files, without a daemon."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccd.cli import text
from ccd.cli.errors import explained
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.prompts import app, tell_daemon
from ccd.cli.terminal import Terminal, terminal
from ccd.cli.wishes import UsageError
from ccd.errors import CcdError, NotFoundError, PromptError

if TYPE_CHECKING:
    from ccd.prompts.importing import Imported
    from ccd.prompts.manifest import Language

PromptArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The prompt's id."))]
SpokenOption = Annotated[
    str | None, typer.Option("--language", metavar="en|zh", help=_("The language that is spoken."))
]
_LANGUAGES = ("en", "zh")


def spoken_in(language: str | None) -> "list[Language]":
    """Give the languages that are meant; all of them when none is named."""
    if language is None:
        return ["en", "zh"]
    if language not in _LANGUAGES:
        raise UsageError(_("--language is en or zh"))
    return ["zh"] if language == "zh" else ["en"]


@app.command("import", help=_("Take sound files of any format as recordings of prompts."))
def import_files(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help=_("Sound files, or folders of such (en/ and zh/ in them).")),
    ],
    *,
    prompt: Annotated[
        str | None, typer.Option("--id", help=_("The prompt's id; without it, the file's name."))
    ] = None,
    language: SpokenOption = None,
    json: JsonFlag = False,
) -> None:
    """Import every file that can be; fail when one could not."""
    from ccd.config import load
    from ccd.prompts.importing import import_sound

    out = terminal(ctx)
    directory = Path(load(out.config_path()).prompts.directory)
    wanted = list(_wanted(files, prompt, language))
    done: list[Imported] = []
    failed: list[CcdError] = []
    for source, spoken, name in wanted:
        try:
            done.append(import_sound(source, directory, spoken, name))
        except PromptError as error:
            failed.append(error)
            continue
        if not json:
            _show(out, done[-1])
    if done:
        tell_daemon(out)
    if json:
        out.json({"imported": [_told(each) for each in done], "failed": [str(each) for each in failed]})
        if failed:
            raise typer.Exit(1)
    if failed:
        raise CcdError("\n".join(explained(each) for each in failed))


def _wanted(
    files: list[Path], prompt: str | None, language: str | None
) -> "Iterator[tuple[Path, Language, str]]":
    """Give each file with its language and its prompt's id."""
    folders = any(file.is_dir() for file in files)
    if prompt is not None and (len(files) > 1 or folders):
        raise UsageError(_("--id goes with one file"))
    if language is None and not folders:
        raise UsageError(_("name the language: --language en or --language zh"))
    spoken_in(language)
    for file in files:
        if not file.is_dir():
            yield file, spoken_in(language)[0], prompt or file.stem
            continue
        for inner in sorted(
            each for each in file.rglob("*") if each.is_file() and not each.name.startswith(".")
        ):
            parts = inner.relative_to(file).with_suffix("").parts
            of_folder = len(parts) > 1 and parts[0] in _LANGUAGES
            if not of_folder and language is None:
                raise UsageError(
                    _("{file} is in no folder en or zh: name the language with --language", file=inner)
                )
            spoken = spoken_in(parts[0] if of_folder else language)[0]
            yield inner, spoken, "/".join(parts[1:] if of_folder else parts)


def _show(out: Terminal, done: "Imported") -> None:
    told = f"{done.language}/{done.prompt}  {done.length_s:.1f} {_('s')}"
    if done.kept is not None:
        told += "  " + _("(what was there is kept: {path})", path=done.kept)
    out.say(text.clean(told))


def _told(done: "Imported") -> dict[str, object]:
    return {
        "id": done.prompt,
        "language": done.language,
        "path": str(done.path),
        "length_s": done.length_s,
        "kept": None if done.kept is None else str(done.kept),
    }


@app.command(help=_("Put the sound of a prompt aside; it is kept as a version."))
def remove(ctx: typer.Context, prompt: PromptArgument, *, language: SpokenOption = None) -> None:
    """Take recordings away."""
    from ccd.prompts.files import take_away

    out = terminal(ctx)
    directory = _directory(out, prompt)
    found = [(each, take_away(directory, each, prompt)) for each in spoken_in(language)]
    if not any(kept for _spoken, kept in found):
        raise NotFoundError(_("prompt {prompt!r} has no sound in {folder}", prompt=prompt, folder=directory))
    for spoken, kept in found:
        if kept is not None:
            out.say(_("{prompt} is put aside: {path}", prompt=f"{spoken}/{prompt}", path=kept))
    tell_daemon(out)


@app.command(help=_("Let a prompt's earlier sound be heard again."))
def restore(ctx: typer.Context, prompt: PromptArgument, *, language: SpokenOption = None) -> None:
    """Bring the latest versions back."""
    from ccd.prompts.files import restore_version

    out = terminal(ctx)
    directory = _directory(out, prompt)
    found = [(each, restore_version(directory, each, prompt)) for each in spoken_in(language)]
    if not any(path for _spoken, path in found):
        raise NotFoundError(
            _("prompt {prompt!r} has no earlier sound in {folder}", prompt=prompt, folder=directory)
        )
    for spoken, path in found:
        if path is not None:
            out.say(_("{prompt} is as it was", prompt=f"{spoken}/{prompt}"))
    tell_daemon(out)


def _directory(out: Terminal, prompt: str) -> Path:
    """Give the prompt folder, for an id that is none of a path elsewhere."""
    from ccd.config import load
    from ccd.prompts.manifest import PROMPT_ID

    if re.fullmatch(PROMPT_ID, prompt) is None:
        raise NotFoundError(_("there is no prompt {prompt!r}", prompt=text.clean(prompt)))
    return Path(load(out.config_path()).prompts.directory)
