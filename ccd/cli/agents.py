"""`ccd agent`: who the agents are, and what they do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ccd.cli import agent_lists, text
from ccd.cli.agent_files import memberships, read_pin, skills
from ccd.cli.app import App
from ccd.cli.messages import _, word
from ccd.cli.options import AgentArgument, JsonFlag
from ccd.cli.terminal import terminal
from ccd.cli.wishes import UsageError
from ccd.http.shapes import Agent, Member

app = App()

NameOption = Annotated[str | None, typer.Option("--name", help=_("Display name."))]
ExtensionOption = Annotated[
    str | None, typer.Option("--extension", help=_("The phone they sign in on when none is named."))
]
QueuesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--queue",
        metavar="QUEUE[:PENALTY][:ring=S][:wrap_up=S]",
        help=_("A queue they serve; repeat it for more."),
    ),
]
SkillsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--skill",
        metavar="SKILL=LEVEL",
        help=_("A skill and its level, 1 to 100; 0 takes it away. Repeat it."),
    ),
]
PinFile = Annotated[
    Path | None,
    typer.Option("--pin-file", help=_("File with the PIN for signing in from a phone; - reads it here.")),
]


def agent_titles() -> list[str]:
    """Give the columns of a table of agents."""
    return [
        _("agent"),
        _("name"),
        _("phone"),
        _("status"),
        _("reason"),
        _("state"),
        ">" + _("for"),
        _("queues"),
    ]


def agent_row(agent: Agent) -> list[object]:
    """Give an agent's line of the table under `agent_titles`."""
    signed_in = agent["status"] != "logged_out"
    return [
        agent["number"],
        agent["name"],
        agent["extension"],
        word(agent["status"]),
        _reason(agent),
        word(agent["state"]) if signed_in else "",
        text.duration(text.since(agent["since_at"])),
        " ".join(agent["queues"]),
    ]


def _reason(agent: Agent) -> str:
    """Give the reason of a break, marked when it lasts too long, or that a disposition is owed."""
    if agent["owes_disposition"]:
        return _("owes disposition")
    return _("{reason} (overdue)", reason=agent["reason"]) if agent["overdue"] else agent["reason"]


def _told(ctx: typer.Context, agent: Agent, *, json: bool) -> None:
    out = terminal(ctx)
    if json:
        out.json(agent)
    else:
        out.table(agent_titles(), [agent_row(agent)])


@app.command("list", help=_("All agents: status, state, phone, queues."))
def list_(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the agents."""
    out = terminal(ctx)
    agents: list[Agent] = out.client().get("agents")
    if json:
        out.json(agents)
    else:
        out.table(agent_titles(), [agent_row(agent) for agent in agents])


@app.command(help=_("One agent."))
def show(ctx: typer.Context, agent: AgentArgument, *, json: JsonFlag = False) -> None:
    """Print one agent."""
    out = terminal(ctx)
    found: Agent = out.client().get("agents", agent)
    if json:
        out.json(found)
        return
    _told(ctx, found, json=False)
    for member in found["memberships"]:
        out.say(_("  {queue}: penalty {penalty}, position {position}", **member))
        for line in _times(member):
            out.say(line)
    for name, level in found["skills"].items():
        out.say(_("  skill {skill}: {level}", skill=name, level=level))
    if found["caller_id"]:
        out.say(_("  outgoing calls show {number}", number=found["caller_id"]))
    for line in _limits(found):
        out.say(line)
    for taken in found["breaks"]:
        spent = text.duration(taken["spent_s"])
        out.say(_("  breaks of this shift, {reason}: {taken}, {spent}", **{**taken, "spent": spent}))


def _times(member: Member) -> Iterator[str]:
    """Give a line for each time of their own that an agent has in a queue."""
    if member["ring_s"] is not None:
        yield _("    rings for {seconds:g} s", seconds=member["ring_s"])
    if member["wrap_up_s"] is not None:
        yield _("    wrap-up of {seconds:g} s", seconds=member["wrap_up_s"])


def _limits(agent: Agent) -> Iterator[str]:
    """Give a line for each limit that an agent has."""
    if agent["calls_per_hour"]:
        yield _("  at most {count} calls an hour", count=agent["calls_per_hour"])
    if agent["calls_per_day"]:
        yield _("  at most {count} calls in 24 hours", count=agent["calls_per_day"])
    if agent["rest_s"]:
        yield _("  {seconds:g} s between two calls", seconds=agent["rest_s"])


@app.command(help=_("Create an agent. The PIN is asked for, or read from a file or CCD_AGENT_PIN."))
def add(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help=_("The agent's number."))],
    *,
    name: NameOption = None,
    extension: ExtensionOption = None,
    queue: QueuesOption = None,
    skill: SkillsOption = None,
    pin_file: PinFile = None,
    json: JsonFlag = False,
) -> None:
    """Create an agent."""
    body: dict[str, Any] = {
        "number": number,
        "name": name or "",
        "extension": extension,
        "queues": memberships(queue or []),
        **({"skills": skills(skill)} if skill else {}),
        "pin": read_pin(pin_file, ask=True),
    }
    _told(ctx, terminal(ctx).client().post("agents", body=body), json=json)


@app.command(help=_("Change an agent; what is not named stays."))
def update(
    ctx: typer.Context,
    agent: AgentArgument,
    *,
    name: NameOption = None,
    extension: ExtensionOption = None,
    queue: QueuesOption = None,
    skill: SkillsOption = None,
    calls_per_hour: Annotated[
        int | None, typer.Option("--calls-per-hour", help=_("Most calls in an hour; 0: no limit."))
    ] = None,
    calls_per_day: Annotated[
        int | None, typer.Option("--calls-per-day", help=_("Most calls in 24 hours; 0: no limit."))
    ] = None,
    rest: Annotated[
        float | None, typer.Option("--rest", metavar="SECONDS", help=_("Least time between two calls."))
    ] = None,
    caller_id: Annotated[
        str | None,
        typer.Option(
            "--caller-id", help=_("Number that their outgoing calls show; empty: none of their own.")
        ),
    ] = None,
    pin_file: PinFile = None,
    json: JsonFlag = False,
) -> None:
    """Change an agent."""
    body: dict[str, Any] = {}
    if name is not None:
        body["name"] = name
    if extension is not None:
        body["extension"] = extension or None
    if queue is not None and queue:
        body["queues"] = memberships(queue)
    if skill:
        body["skills"] = skills(skill)
    limits = {"calls_per_hour": calls_per_hour, "calls_per_day": calls_per_day, "rest_s": rest}
    body |= {key: value for key, value in limits.items() if value is not None}
    if caller_id is not None:
        body["caller_id"] = caller_id
    pin = read_pin(pin_file, ask=False)
    if pin is not None:
        body["pin"] = pin
    if not body:
        raise UsageError(_("nothing to change: name at least one option"))
    _told(ctx, terminal(ctx).client().patch("agents", agent, body=body), json=json)


@app.command(help=_("Delete an agent who is signed out; their calls stay in the records."))
def remove(ctx: typer.Context, agent: AgentArgument) -> None:
    """Delete an agent."""
    out = terminal(ctx)
    out.client().delete("agents", agent)
    out.say(_("agent {agent} is removed", agent=agent))


@app.command("sign-in", help=_("Sign an agent in on a phone: on their own when none is named."))
def sign_in(
    ctx: typer.Context,
    agent: AgentArgument,
    *,
    extension: Annotated[str | None, typer.Argument(help=_("The phone."))] = None,
    json: JsonFlag = False,
) -> None:
    """签入."""
    body = {"extension": extension}
    _told(ctx, terminal(ctx).client().post("agents", agent, "sign-in", body=body), json=json)


@app.command("sign-out", help=_("Sign an agent out; a talk goes on."))
def sign_out(ctx: typer.Context, agent: AgentArgument, *, json: JsonFlag = False) -> None:
    """签出."""
    _told(ctx, terminal(ctx).client().post("agents", agent, "sign-out"), json=json)


@app.command(help=_("Send an agent on a break."))
def pause(
    ctx: typer.Context,
    agent: AgentArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help=_("Code of the break, e.g. lunch."))] = "",
    json: JsonFlag = False,
) -> None:
    """示忙."""
    body = {"reason": reason}
    _told(ctx, terminal(ctx).client().post("agents", agent, "pause", body=body), json=json)


@app.command(help=_("End an agent's break or wrap-up."))
def ready(ctx: typer.Context, agent: AgentArgument, *, json: JsonFlag = False) -> None:
    """示闲."""
    _told(ctx, terminal(ctx).client().post("agents", agent, "ready"), json=json)


@app.command("wrap-up-done", help=_("End an agent's wrap-up early."))
def wrap_up_done(ctx: typer.Context, agent: AgentArgument, *, json: JsonFlag = False) -> None:
    """后处理完成."""
    _told(ctx, terminal(ctx).client().post("agents", agent, "wrap-up-done"), json=json)


@app.command("wrap-up-more", help=_("Extend an agent's wrap-up."))
def wrap_up_more(ctx: typer.Context, agent: AgentArgument, *, json: JsonFlag = False) -> None:
    """后处理延长."""
    _told(ctx, terminal(ctx).client().post("agents", agent, "wrap-up-more"), json=json)


@app.command(help=_("Say what came of an agent's talk, or of their last one."))
def disposition(
    ctx: typer.Context,
    agent: AgentArgument,
    code: Annotated[str, typer.Argument(help=_("Code of the disposition, e.g. sold."))],
    *,
    json: JsonFlag = False,
) -> None:
    """处理结果."""
    _told(ctx, terminal(ctx).client().post("agents", agent, "disposition", body={"code": code}), json=json)


def register(root: App) -> None:
    """Add the commands."""
    agent_lists.register(app)
    root.add_typer(app, name="agent", help=_("Agents: who they are, and what they do."))
