"""What people do with agents, checked: sign in and out, break, ready, end the wrap-up.

Phones (feature codes), the CLI and the API all come through here, so that each rule stands once.
"""

from collections.abc import Collection
from typing import Protocol

import structlog

from ccd.calls.dispatcher import Dispatcher
from ccd.errors import NotFoundError, RefusedError
from ccd.events import (
    AgentPaused,
    AgentReadied,
    AgentSignedIn,
    AgentSignedOut,
    DispositionGiven,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.model import AgentNumber, AgentStatus, Extension, QueueName
from ccd.routing.views import AgentView
from ccd.storage.accounts import PinCheck

log = structlog.get_logger(__name__)


class Passwords(Protocol):
    """The stored agents (see `ccd.storage.accounts`)."""

    async def verify_pin(self, number: AgentNumber, pin: str) -> PinCheck:
        """Check a PIN; takes the same time for an unknown agent."""
        ...


class InTalkError(RefusedError):
    """Phones are not changed during a talk."""


class OwesDispositionError(RefusedError):
    """The agent's wrap-up lasts until they say what came of their talk."""


class Roster:
    """Agents by their number or by the extension that they are signed in on."""

    def __init__(self, dispatcher: Dispatcher, passwords: Passwords) -> None:
        self._dispatcher = dispatcher
        self._passwords = passwords

    def find(self, agent: str) -> AgentView:
        """Find an agent by number, else by extension; raises NotFoundError."""
        engine = self._dispatcher.engine
        if (view := engine.agent(AgentNumber(agent))) is not None:
            return view
        if (view := engine.agent_on(Extension(agent))) is not None:
            return view
        raise NotFoundError(f"no agent has the number {agent!r}, and none is signed in on that extension")

    def at(self, extension: str) -> AgentView | None:
        """Show who is signed in on a phone; None: nobody."""
        return self._dispatcher.engine.agent_on(Extension(extension))

    def on_phone(self, extension: str) -> AgentNumber:
        """Find who is signed in on a phone; raises NotFoundError."""
        view = self.at(extension)
        if view is None:
            raise NotFoundError(f"no agent is signed in on extension {extension}")
        return view.profile.number

    async def check_pin(self, number: str, pin: str) -> PinCheck:
        """Check an agent's PIN; nobody is told whether the number or the PIN was wrong."""
        check = await self._passwords.verify_pin(AgentNumber(number), pin)
        if check is PinCheck.LOCKED:
            log.warning("agent locked", agent=number, remedy="wait, or give a new PIN: ccd agent update")
        return check

    def sign_in(self, agent: str, extension: str) -> AgentView:
        """签入: available on this phone; who was signed in there is signed out.

        Nobody changes phones during a talk, and nobody takes the phone of one who talks.
        """
        view = self.find(agent)
        number = view.profile.number
        other = self.at(extension)
        if view.talking and view.extension != extension:
            raise InTalkError(f"agent {number} is in a talk on {view.extension}: sign in elsewhere later")
        if other is not None and other.profile.number != number and other.talking:
            raise InTalkError(f"agent {other.profile.number} is in a talk on {extension}")
        self._dispatcher.feed(AgentSignedIn(agent=number, extension=Extension(extension)))
        return self.find(number)

    def sign_out(self, agent: str) -> AgentView:
        """签出."""
        number = self._signed_in(agent).profile.number
        self._dispatcher.feed(AgentSignedOut(agent=number))
        return self.find(number)

    def pause(self, agent: str, reason: str) -> AgentView:
        """示忙 / 小休."""
        number = self._signed_in(agent).profile.number
        self._dispatcher.feed(AgentPaused(agent=number, reason=reason))
        return self.find(number)

    def ready(self, agent: str) -> AgentView:
        """示闲; ends a wrap-up as well."""
        view = self._signed_in(agent)
        number = view.profile.number
        self._owes(view)
        self._dispatcher.feed(AgentReadied(agent=number))
        return self.find(number)

    def wrap_up_done(self, agent: str) -> AgentView:
        """End the wrap-up early."""
        view = self._signed_in(agent)
        if view.wrap_up_until_at is None:  # not the state: a code's own call shows as a call
            raise RefusedError(f"agent {view.profile.number} is not in wrap-up but {view.state.value}")
        self._owes(view)
        self._dispatcher.feed(WrapUpDone(agent=view.profile.number))
        return self.find(view.profile.number)

    def wrap_up_more(self, agent: str) -> AgentView:
        """Extend the wrap-up; refused outside one, at its longest, and while a disposition is owed."""
        before = self._signed_in(agent)
        number = before.profile.number
        if before.wrap_up_until_at is None:
            raise RefusedError(f"agent {number} is not in wrap-up but {before.state.value}")
        if not before.can_extend:
            raise RefusedError(f"the wrap-up of agent {number} is as long as it may be (wrap_up_max_s)")
        self._dispatcher.feed(WrapUpExtended(agent=number))
        return self.find(number)

    def disposition_queue(self, agent: str) -> QueueName | None:
        """Tell of which queue the talk was that a disposition given now is about; None: there was none."""
        view = self.find(agent)
        if view.talk_queue is not None:
            return view.talk_queue
        return None if view.last_talk is None else view.last_talk.queue

    def dispose(self, agent: str, code: str, known: Collection[str]) -> AgentView:
        """Say what came of the talk that the agent is in, else of their last one."""
        view = self.find(agent)
        number = view.profile.number
        if self.disposition_queue(agent) is None:
            raise RefusedError(f"agent {number} has had no talk yet")
        if code not in known:
            there = ", ".join(known) or "none: set disposition.codes of the queue"
            raise RefusedError(f"{code!r} is no disposition code of that talk's queue; there are: {there}")
        self._dispatcher.feed(DispositionGiven(agent=number, code=code))
        return self.find(number)

    def _owes(self, view: AgentView) -> None:
        if view.owes_disposition and view.last_talk is not None:
            number = view.profile.number
            raise OwesDispositionError(
                f"agent {number} owes the disposition of call {view.last_talk.call_id}: "
                f"ccd agent disposition {number} CODE"
            )

    def _signed_in(self, agent: str) -> AgentView:
        view = self.find(agent)
        if view.status is AgentStatus.LOGGED_OUT:
            raise RefusedError(f"agent {view.profile.number} is signed out: sign in first")
        return view
