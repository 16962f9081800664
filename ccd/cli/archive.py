"""`ccd survey`, `ccd customer`: answers, and who owns a customer."""

from typing import Annotated

import typer

from ccd.cli import options
from ccd.cli.app import App
from ccd.cli.dates import instant
from ccd.cli.messages import _, label
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import terminal
from ccd.cli.wishes import UsageError
from ccd.http.filters import SurveyGroup
from ccd.http.shapes import Owner, SurveyReport, SurveyRow

surveys = App()
customers = App()


@surveys.command(help=_("Answers counted: offered, answered, response rate, each digit."))
def report(
    ctx: typer.Context,
    *,
    by: Annotated[SurveyGroup, typer.Option("--by", help=_("What to count by."))] = SurveyGroup.SURVEY,
    survey: Annotated[str | None, typer.Option("--survey", help=_("The survey."))] = None,
    since: options.Since = None,
    until: options.Until = None,
    agent: options.Agent = None,
    queue: options.QueueOption = None,
    json: JsonFlag = False,
) -> None:
    """Print the report."""
    out = terminal(ctx)
    found: SurveyReport = out.client().get(
        "surveys",
        "report",
        group_by=by.value,
        survey=survey,
        since=instant(since),
        until=instant(until),
        agent=agent,
        queue=queue,
    )
    if json:
        out.json(found)
        return
    titles = [
        _("survey"),
        _("counted by"),
        ">" + _("offered"),
        ">" + _("answered"),
        ">" + _("response"),
        _("answers"),
    ]
    out.table(titles, [_survey_row(row) for row in found["rows"]])


def _survey_row(row: SurveyRow) -> list[object]:
    answers = [
        f"{digit} {label(row['labels'].get(digit, {}))}: {count}".replace(" :", ":")
        for digit, count in row["answers"].items()
    ]
    return [
        row["survey"],
        row["key"],
        row["offered"],
        row["answered"],
        f"{row['response_rate']:.1f}%",
        ", ".join(answers),
    ]


@customers.command(help=_("Show or set the agent who owns a customer: sticky queues offer them first."))
def owner(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help=_("The customer's number."))],
    agent: Annotated[str | None, typer.Argument(help=_("The agent; without it, only show."))] = None,
    *,
    none: Annotated[bool, typer.Option("--none", help=_("Nobody owns them any more."))] = False,
    json: JsonFlag = False,
) -> None:
    """Show or set an owner."""
    out = terminal(ctx)
    if none and agent:
        raise UsageError(_("name an agent or --none, not both"))
    client = out.client()
    if none or agent:
        found: Owner = client.put("customers", number, "owner", body={"agent": agent})
    else:
        found = client.get("customers", number, "owner")
    if json:
        out.json(found)
    else:
        out.say(_("{number}: owned by {agent}", number=found["number"], agent=found["agent"] or _("nobody")))


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(surveys, name="survey", help=_("Surveys."))
    root.add_typer(customers, name="customer", help=_("Customers, as far as routing knows them."))
