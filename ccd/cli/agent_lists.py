"""`ccd agent import` and `ccd agent export`: many agents at once, as CSV."""

from pathlib import Path
from typing import Annotated

import typer

from ccd.cli import text
from ccd.cli.agent_files import read_agents, write_agents
from ccd.cli.app import App
from ccd.cli.csv_files import hand_out
from ccd.cli.messages import _, language
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal
from ccd.http.shapes import Agent, ImportResult


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help=_("CSV in UTF-8 or GB18030; queues as 'sales support:1'."))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only."))] = False,
    json: JsonFlag = False,
) -> None:
    """Create or change many."""
    out = terminal(ctx)
    body = {"agents": read_agents(file), "dry_run": dry_run}
    result: ImportResult = out.client().post("agents", "import", body=body, timeout_s=60.0)
    if json:
        out.json(result)
    else:
        out.say(_("{added} added, {updated} updated", added=result["added"], updated=result["updated"]))
        for each in result["problems"]:
            out.say(_("row {row} ({number}): {message}", **{**each, "message": text.clean(each["message"])}))
    if result["problems"]:
        raise typer.Exit(1)


def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help=_("A new file; without it, the terminal."))] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file that is there."))] = False,
) -> None:
    """Write all agents as CSV."""
    out = terminal(ctx)
    agents: list[Agent] = out.client().get("agents")
    told = write_agents(agents, chinese=language() == "zh")
    if hand_out(out, told, file, force=force):
        out.say(_("{count} agents written to {file}", count=len(agents), file=file))


def register(app: App) -> None:
    """Add the commands to `ccd agent`."""
    app.command(
        "import", help=_("Create or change agents from CSV: number,name,extension,pin,queues. All or none.")
    )(import_)
    app.command(help=_("Write all agents as CSV that `ccd agent import` takes; without their PINs."))(export)
