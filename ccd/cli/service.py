"""Running the daemon, and what concerns it as a whole: run, check, reload, doctor, config, db."""

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import ConfigError
from ccd.http.client import ApiError
from ccd.http.shapes import DoctorReport, ReloadResult

config = App()
database = App()

_RESULT_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "dim"}


def run(ctx: typer.Context) -> None:
    """Hand over to the daemon; returns when it was told to stop."""
    from ccd.daemon import main  # only this command needs the whole house

    main(terminal(ctx).config_path())


def reload(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Tell the daemon to read its configuration again."""
    out = terminal(ctx)
    try:
        result: ReloadResult = out.client().post("reload", timeout_s=60.0)
    except ApiError as error:
        if error.status != 422:
            raise
        raise ConfigError(
            _("the configuration was not taken; the old one stays in use\n{problems}", problems=error)
        ) from None
    if json:
        out.json(result)
        return
    if not result["changed"]:
        out.say(_("reloaded; nothing has changed"))
    for key in result["changed"]:
        waits = key in result["restart_needed"]
        out.say(_("changed: {key}", key=text.clean(key)) + (_(" (after a restart)") if waits else ""))


def doctor(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print every check; fail when one failed."""
    out = terminal(ctx)
    report: DoctorReport = out.client(timeout_s=60.0).get("doctor")
    if json:
        out.json(report)
    else:
        _print_checks(out, report)
    if any(check["result"] == "failed" for check in report["checks"]):
        raise typer.Exit(1)


def _print_checks(out: Terminal, report: DoctorReport) -> None:
    words = {check["result"]: word(check["result"]) for check in report["checks"]}
    columns = max(map(text.width, words.values()), default=0)
    for check in report["checks"]:
        told = text.pad(words[check["result"]], columns)
        result = out.paint(_RESULT_COLOURS.get(check["result"], "bold"), told)
        out.say(f"{result}  {text.clean(check['name'])}: {text.clean(check['message'])}")
        if check["remedy"] and check["result"] != "ok":
            out.say(f"{' ' * columns}  → {text.clean(check['remedy'])}")


def register(root: App) -> None:
    """Add the commands."""
    root.command(help=_("Run the daemon in the foreground; SIGTERM ends it, SIGHUP reloads."))(run)
    root.command(
        help=_("Let the daemon take the configuration on disk; it keeps the old one when that is bad.")
    )(reload)
    root.command(help=_("Check everything around the daemon, and name the remedy of each failure."))(doctor)
