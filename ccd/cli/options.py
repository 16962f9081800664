"""Options that many commands share, declared once."""

from typing import Annotated

import typer

from ccd.cli import values
from ccd.cli.messages import _

JsonFlag = Annotated[bool, typer.Option("--json", help=_("Print JSON instead of text."))]
AgentArgument = Annotated[
    str,
    typer.Argument(
        metavar="AGENT",
        help=_("The agent's number, or the extension signed in on."),
        autocompletion=values.agents,
    ),
]
CallArgument = Annotated[
    str,
    typer.Argument(metavar="CALL", help=_("The call's id, e.g. 1795250000.12."), autocompletion=values.calls),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help=_("From when: 2026-11-21, '2026-11-21 09:30', today, yesterday.")
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help=_("Until when; that instant does not belong to it.")),
]
Number = Annotated[str | None, typer.Option("--number", help=_("The caller's number, whole."))]
Called = Annotated[str | None, typer.Option("--called", help=_("The number that was dialled."))]
Agent = Annotated[str | None, typer.Option("--agent", help=_("The agent who talked with the caller."))]
QueueOption = Annotated[
    str | None, typer.Option("--queue", help=_("The queue."), autocompletion=values.queues)
]
Outcome = Annotated[
    str | None, typer.Option("--outcome", help=_("How the call ended: answered, abandoned, timed_out, …"))
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100_000, help=_("How many at most."))]
