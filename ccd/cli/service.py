"""Running the daemon, and what concerns it as a whole: run, check, reload, doctor, config, db."""

import asyncio
import dataclasses
from collections.abc import Iterable, Iterator
from json import dumps
from typing import TYPE_CHECKING

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.errors import explained
from ccd.cli.messages import _, language, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import CcdError, ConfigError, ConfigProblem
from ccd.http.client import ApiError
from ccd.http.shapes import ConfigChange, DoctorReport, ReloadResult

if TYPE_CHECKING:
    from ccd.checking import Examined

config = App()
database = App()

UNPROCESSABLE = 422
_RESULT_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "dim"}


def run(ctx: typer.Context) -> None:
    """Hand over to the daemon; returns when it was told to stop."""
    from ccd.daemon import main

    try:
        main(terminal(ctx).config_path())
    except ExceptionGroup as failed:
        known, unknown = failed.split(CcdError)
        if known is None or unknown is not None:
            raise  # a fault of ours: the traceback is what helps
        raise CcdError("\n".join(dict.fromkeys(map(explained, _leaves(known))))) from None


def _leaves(group: ExceptionGroup[CcdError]) -> Iterator[CcdError]:
    for each in group.exceptions:
        if isinstance(each, ExceptionGroup):
            yield from _leaves(each)
        else:
            yield each


def check(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print every problem of the configuration at once; fail when there is one that forbids its use."""
    from ccd.checking import examine

    report(terminal(ctx), examine(terminal(ctx).config_path()), json=json)


def report(out: Terminal, found: "Examined", *, json: bool) -> None:
    """Print what a check found; fail when it found a problem."""
    if json:
        out.json(
            {
                "config_path": str(found.path),
                "problems": [dataclasses.asdict(each) for each in found.problems],
                "warnings": [dataclasses.asdict(each) for each in found.warnings],
            }
        )
    else:
        print_problems(out, found.problems, "red")
        print_problems(out, found.warnings, "yellow")
        if found.problems:
            out.say(_("{path} cannot be used; problems: {count}", path=found.path, count=len(found.problems)))
        else:
            out.say(_("{path} is fine", path=found.path))
    if found.problems:
        raise typer.Exit(1)


def print_problems(out: Terminal, problems: Iterable[ConfigProblem], colour: str) -> None:
    """Print each problem with its place, what is wrong, and what would be right."""
    for each in problems:
        message, remedy = map(text.clean, each.told(language()))
        place = each.file if each.line is None else f"{each.file}:{each.line}"
        told = f"{each.key}: {message}" if each.key else message
        out.say(f"{text.clean(place)}: {out.paint(colour, text.clean(told))}")
        if remedy:
            out.say(f"    → {remedy}")


def reload(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Tell the daemon to read its configuration again."""
    out = terminal(ctx)
    try:
        result: ReloadResult = out.client().post("reload", timeout_s=60.0)
    except ApiError as error:
        if error.status != UNPROCESSABLE or json:
            raise
        print_problems(out, [ConfigProblem(**each) for each in error.problems], "red")
        raise ConfigError(_("the configuration was not taken; the old one stays in use")) from None
    if json:
        out.json(result)
        return
    print_problems(out, [ConfigProblem(**each) for each in result.get("warnings", [])], "yellow")
    if not result["changed"]:
        out.say(_("reloaded; nothing has changed"))
    for key in result["changed"]:
        waits = key in result["restart_needed"]
        out.say(_("changed: {key}", key=text.clean(key)) + (_(" (after a restart)") if waits else ""))


def doctor(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print every check; fail when one failed."""
    out = terminal(ctx)
    report: DoctorReport = out.client(timeout_s=60.0).get("doctor", language=language())
    if json:
        out.json(report)
    else:
        _print_checks(out, report)
    if any(each["result"] == "failed" for each in report["checks"]):
        raise typer.Exit(1)


def _print_checks(out: Terminal, report: DoctorReport) -> None:
    words = {each["result"]: word(each["result"]) for each in report["checks"]}
    columns = max(map(text.width, words.values()), default=0)
    for each in report["checks"]:
        told = text.pad(words[each["result"]], columns)
        result = out.paint(_RESULT_COLOURS.get(each["result"], "bold"), told)
        out.say(f"{result}  {text.clean(each['name'])}: {text.clean(each['message'])}")
        if each["remedy"] and each["result"] != "ok":
            out.say(f"{' ' * columns}  → {text.clean(each['remedy'])}")


@config.command(help=_("The configuration's JSON Schema, for editors."))
def schema(ctx: typer.Context) -> None:
    """Print the schema."""
    from ccd.config import Config

    terminal(ctx).json(Config.model_json_schema())


@config.command(help=_("What a reload would change: key, value in use, value on disk."))
def diff(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the differences; exit code 1 when there are any, as `diff` has it."""
    out = terminal(ctx)
    try:
        changes: list[ConfigChange] = out.client(timeout_s=60.0).get("config", "diff")
    except ApiError as error:
        if error.status != UNPROCESSABLE or json:
            raise
        print_problems(out, [ConfigProblem(**each) for each in error.problems], "red")
        raise ConfigError(_("the configuration on disk cannot be used")) from None
    if json:
        out.json(changes)
    elif not changes:
        out.say(_("the configuration on disk is the one in use"))
    for each in [] if json else changes:
        out.say(text.clean(each["key"]) + (_(" (after a restart)") if each["restart_needed"] else ""))
        for sign, colour, value in (("-", "red", each["before"]), ("+", "green", each["after"])):
            if value is not None:
                out.say("  " + out.paint(colour, f"{sign} {text.clean(_value(value))}"))
    if changes:
        raise typer.Exit(1)


def _value(value: object) -> str:
    return dumps(value, ensure_ascii=False)


@database.command(help=_("Bring the database to the form that this version works with."))
def upgrade(ctx: typer.Context) -> None:
    """Open the database, which migrates it, and close it."""
    from ccd.clock import SystemClock
    from ccd.config import load
    from ccd.storage.schema import HEAD
    from ccd.storage.store import Store

    out = terminal(ctx)
    url = load(out.config_path()).database.get_secret_value()

    async def migrate() -> None:
        store = await Store.open(url, SystemClock())
        await store.close()

    asyncio.run(migrate())
    out.say(_("the database is at version {version}", version=HEAD))


def register(root: App) -> None:
    """Add the commands."""
    root.command(help=_("Run the daemon in the foreground; SIGTERM ends it, SIGHUP reloads."))(run)
    root.command(help=_("Check the configuration: every error at once, with its remedy."))(check)
    root.command(help=_("Let the daemon take the configuration on disk, if that is fine."))(reload)
    root.command(help=_("Check everything around the daemon; each failure has its remedy."))(doctor)
    root.add_typer(config, name="config", help=_("The configuration's form."))
    root.add_typer(database, name="db", help=_("The database."))
