"""`ccd asterisk`: Asterisk's side, rendered from the configuration."""

from pathlib import Path
from typing import Annotated

import typer

from ccd.cli.app import App
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import CcdError, NotFoundError
from ccd.http.shapes import Agent

app = App()


@app.command(help=_("Write the files that Asterisk includes (*_ccd.conf) into a folder."))
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
    except CcdError:  # the fallback must be made, and most of all when the daemon is not well
        return None
    roster: dict[str, list[str]] = {}
    for agent in agents:
        phone = agent["own_extension"] or agent["extension"]
        for queue in agent["queues"] if phone else ():
            roster.setdefault(queue, []).append(str(phone))
    return roster or None


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="asterisk", help=_("Asterisk's side."))
