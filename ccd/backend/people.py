"""Agents: created, changed and removed in the database and in the engine as one; signed in, paused, ready."""

from collections.abc import Iterable, Mapping, Sequence

from ccd.backend.live import Live, no_such_queue
from ccd.calls.dispatcher import Dispatcher
from ccd.calls.roster import Roster
from ccd.errors import CcdError, NotFoundError, RefusedError
from ccd.events import AgentsConfigured
from ccd.http import shapes
from ccd.http.backend import AgentChange, NewAgent
from ccd.model import AgentNumber, AgentProfile, AgentStatus, Extension, QueueName, Terms
from ccd.routing.views import AgentView
from ccd.storage import accounts
from ccd.storage.accounts import Accounts
from ccd.storage.agent_rows import AgentAccount


class People:
    """The use cases of agents."""

    def __init__(self, stored: Accounts, roster: Roster, dispatcher: Dispatcher, live: Live) -> None:
        self._stored = stored
        self._roster = roster
        self._dispatcher = dispatcher
        self._live = live

    def _shape(self, view: AgentView) -> shapes.Agent:
        return self._live.agent(view)

    def get(self, agent: str) -> shapes.Agent:
        """Give one agent, by number or extension."""
        return self._shape(self._roster.find(agent))

    # ------------------------------------------------------------ accounts

    async def add(self, new: NewAgent) -> shapes.Agent:
        """Create an agent."""
        self._check_queues(new.queues)
        return self._took(await self._stored.add(_new(new)))

    async def update(self, agent: str, change: AgentChange) -> shapes.Agent:
        """Change an agent; it takes effect at once."""
        if change.queues is not None:
            self._check_queues(change.queues)
        number = self._roster.find(agent).profile.number
        account = await self._stored.update(
            number,
            accounts.AgentChange(
                name=change.name,
                extension=change.extension,
                pin=change.pin,
                queues=None if change.queues is None else _queues(change.queues),
                skills=change.skills,
                calls_per_hour=change.calls_per_hour,
                calls_per_day=change.calls_per_day,
                rest_s=change.rest_s,
                caller_id=change.caller_id,
            ),
        )
        return self._took(account)

    async def remove(self, agent: str) -> None:
        """Delete an agent; refused while they are signed in."""
        view = self._roster.find(agent)
        number = view.profile.number
        if view.status is not AgentStatus.LOGGED_OUT:
            raise RefusedError(
                "agent {agent} is signed in: sign out first (ccd agent sign-out {agent})",
                reason="agent_signed_in",
                agent=number,
            )
        await self._stored.remove(number)
        self._live.accounts.pop(number, None)
        self._dispatcher.feed(AgentsConfigured(agents=(), removed=(number,)))

    async def import_all(self, agents: Sequence[NewAgent], *, dry_run: bool) -> shapes.ImportResult:
        """Create or change many by number, all or none."""
        problems: list[shapes.ImportProblem] = []
        for row, new in enumerate(agents, 1):
            faults = [*accounts.problems_of(_new(new)), *self._unknown_queues(new.queues)]
            problems += [{"row": row, "number": new.number, **shapes.fault(fault)} for fault in faults]
        if problems:
            return {"added": 0, "updated": 0, "problems": problems}
        done = await self._stored.save_all([_new(new) for new in agents], dry_run=dry_run)
        if not dry_run:
            self._configure(await self._stored.list())
        return {
            "added": len(done.created),
            "updated": len(done.changed),
            "problems": [],
        }

    def know(self, known: Sequence[AgentAccount]) -> None:
        """Take note of all stored agents."""
        self._live.accounts = {account.number: account for account in known}

    def _configure(self, known: Sequence[AgentAccount]) -> None:
        self.know(known)
        self._dispatcher.feed(AgentsConfigured(agents=tuple(account.profile for account in known)))

    def _took(self, account: AgentAccount) -> shapes.Agent:
        self._live.accounts[account.number] = account
        profile: AgentProfile = account.profile
        self._dispatcher.feed(AgentsConfigured(agents=(profile,)))
        return self.get(account.number)

    def _check_queues(self, queues: Iterable[str]) -> None:
        if faults := self._unknown_queues(queues):
            raise NotFoundError(faults=faults)

    def _unknown_queues(self, queues: Iterable[str]) -> list[CcdError]:
        known = self._live.queue_names()
        return [no_such_queue(queue, known) for queue in queues if queue not in known]

    # ------------------------------------------------------------ what agents do

    def sign_in(self, agent: str, extension: str | None) -> shapes.Agent:
        """Sign in on a phone; None: on the agent's own, else where they were signed in last."""
        view = self._roster.find(agent)
        number = view.profile.number
        account = self._live.accounts.get(number)
        phone = extension or (account.extension if account else None) or view.extension
        if phone is None:
            raise RefusedError(
                "on which phone? agent {agent} has none: ccd agent sign-in {agent} EXTENSION",
                reason="on_which_phone",
                agent=number,
            )
        return self._shape(self._roster.sign_in(number, Extension(phone)))

    def sign_out(self, agent: str) -> shapes.Agent:
        """Sign out; a talk goes on."""
        return self._shape(self._roster.sign_out(agent))

    def pause(self, agent: str, reason: str) -> shapes.Agent:
        """Take a break."""
        return self._shape(self._roster.pause(agent, reason))

    def ready(self, agent: str) -> shapes.Agent:
        """End the break, or the wrap-up."""
        return self._shape(self._roster.ready(agent))

    def wrap_up_done(self, agent: str) -> shapes.Agent:
        """End the wrap-up early."""
        return self._shape(self._roster.wrap_up_done(agent))

    def wrap_up_more(self, agent: str) -> shapes.Agent:
        """Extend the wrap-up."""
        return self._shape(self._roster.wrap_up_more(agent))

    def dispose(self, agent: str, code: str) -> shapes.Agent:
        """Say what came of a talk."""
        queue = self._roster.disposition_queue(agent)
        known = [] if queue is None else self._live.disposition_codes(queue)
        return self._shape(self._roster.dispose(agent, code, known))


def _queues(queues: Mapping[str, Terms]) -> dict[QueueName, Terms]:
    return {QueueName(queue): terms for queue, terms in queues.items()}


def _new(new: NewAgent) -> accounts.NewAgent:
    return accounts.NewAgent(
        number=AgentNumber(new.number),
        name=new.name,
        extension=Extension(new.extension) if new.extension else None,
        pin=new.pin,
        queues=_queues(new.queues),
        skills=new.skills,
    )
