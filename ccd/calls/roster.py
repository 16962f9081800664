"""What people do with agents, checked: sign in and out, break, ready, end the wrap-up.

Phones (feature codes), the CLI and the API all come through here, so that each rule stands once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """What a sign-in changed: who sits where now, and who does not any more."""

    agent: AgentNumber
    phone: Extension
    left: Extension | None
    """The phone on which the agent was until now; None: on none, or on this one."""
    replaced: AgentNumber | None
    """Who was signed out, for it was their phone."""
    dialled: bool
    """It was dialled on that phone, and what it did is said there."""


class InTalkError(RefusedError):
    """Phones are not changed during a talk."""


class BreakUsedUpError(RefusedError):
    """The shift has no more breaks of this reason, or no more time for them."""


class OwesDispositionError(RefusedError):
    """The agent's wrap-up lasts until they say what came of their talk."""


class Roster:
    """Agents by their number or by the extension that they are signed in on."""

    def __init__(self, dispatcher: Dispatcher, passwords: Passwords) -> None:
        self._dispatcher = dispatcher
        self._passwords = passwords
        self.when_seated: list[Callable[[Seating], None]] = []
        """Called after each sign-in; must not raise or wait."""

    def find(self, agent: str) -> AgentView:
        """Find an agent by number, else by extension; raises NotFoundError."""
        engine = self._dispatcher.engine
        if (view := engine.agent(AgentNumber(agent))) is not None:
            return view
        if (view := engine.agent_on(Extension(agent))) is not None:
            return view
        raise NotFoundError(
            "no agent has the number {agent!r}, and none is signed in on that extension",
            reason="no_such_agent",
            agent=agent,
        )

    def at(self, extension: str) -> AgentView | None:
        """Show who is signed in on a phone; None: nobody."""
        return self._dispatcher.engine.agent_on(Extension(extension))

    def on_phone(self, extension: str) -> AgentNumber:
        """Find who is signed in on a phone; raises NotFoundError."""
        view = self.at(extension)
        if view is None:
            raise NotFoundError(
                "no agent is signed in on extension {extension}",
                reason="nobody_on_phone",
                extension=extension,
            )
        return view.profile.number

    async def check_pin(self, number: str, pin: str) -> PinCheck:
        """Check an agent's PIN; nobody is told whether the number or the PIN was wrong."""
        check = await self._passwords.verify_pin(AgentNumber(number), pin)
        if check is PinCheck.LOCKED:
            log.warning("agent locked", agent=number, remedy="wait, or give a new PIN: ccd agent update")
        return check

    def sign_in(self, agent: str, extension: str) -> AgentView:
        """签入, from elsewhere than the phone itself: see `seat`."""
        return self.find(self.seat(agent, Extension(extension), dialled=False).agent)

    def seat(self, agent: str, extension: Extension, *, dialled: bool) -> Seating:
        """签入: available on this phone; who was signed in there is signed out.

        Nobody changes phones during a talk, and nobody takes the phone of one who talks.
        """
        view = self.find(agent)
        number = view.profile.number
        other = self.at(extension)
        if view.talking and view.extension != extension:
            raise InTalkError(
                "agent {agent} is in a talk on {extension}: sign in elsewhere later",
                reason="agent_in_talk",
                agent=number,
                extension=view.extension,
            )
        if other is not None and other.profile.number != number and other.talking:
            raise InTalkError(
                "agent {agent} is in a talk on {extension}",
                reason="phone_in_talk",
                agent=other.profile.number,
                extension=extension,
            )
        self._dispatcher.feed(AgentSignedIn(agent=number, extension=extension))
        seating = Seating(
            agent=number,
            phone=extension,
            left=view.extension if view.extension != extension else None,
            replaced=other.profile.number if other is not None and other.profile.number != number else None,
            dialled=dialled,
        )
        for told in self.when_seated:
            told(seating)
        return seating

    def sign_out(self, agent: str) -> AgentView:
        """签出."""
        number = self._signed_in(agent).profile.number
        self._dispatcher.feed(AgentSignedOut(agent=number))
        return self.find(number)

    def pause(self, agent: str, reason: str) -> AgentView:
        """示忙 / 小休; refused where the shift's breaks of this reason are used up."""
        number = self._signed_in(agent).profile.number
        if not self._dispatcher.engine.may_break(number, reason):
            raise BreakUsedUpError(
                "agent {agent} has used up this shift's breaks of reason {code}: "
                "another reason, or more of them in break_reasons (per_shift, per_shift_s)",
                reason="breaks_used_up",
                agent=number,
                code=reason,
            )
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
            raise _not_in_wrap_up(view)
        self._owes(view)
        self._dispatcher.feed(WrapUpDone(agent=view.profile.number))
        return self.find(view.profile.number)

    def wrap_up_more(self, agent: str) -> AgentView:
        """Extend the wrap-up; refused outside one, at its longest, and while a disposition is owed."""
        before = self._signed_in(agent)
        number = before.profile.number
        if before.wrap_up_until_at is None:
            raise _not_in_wrap_up(before)
        if not before.can_extend:
            raise RefusedError(
                "the wrap-up of agent {agent} is as long as it may be (wrap_up_max_s)",
                reason="wrap_up_at_its_longest",
                agent=number,
            )
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
            raise RefusedError("agent {agent} has had no talk yet", reason="no_talk_yet", agent=number)
        if code not in known:
            raise _no_such_disposition(code, known)
        self._dispatcher.feed(DispositionGiven(agent=number, code=code))
        return self.find(number)

    def _owes(self, view: AgentView) -> None:
        if view.owes_disposition and view.last_talk is not None:
            number = view.profile.number
            raise OwesDispositionError(
                "agent {agent} owes the disposition of call {call}: ccd agent disposition {agent} CODE",
                reason="owes_disposition",
                agent=number,
                call=view.last_talk.call_id,
            )

    def _signed_in(self, agent: str) -> AgentView:
        view = self.find(agent)
        if view.status is AgentStatus.LOGGED_OUT:
            raise RefusedError(
                "agent {agent} is signed out: sign in first",
                reason="not_signed_in",
                agent=view.profile.number,
            )
        return view


def _not_in_wrap_up(view: AgentView) -> RefusedError:
    return RefusedError(
        "agent {agent} is not in wrap-up but {state}",
        reason="not_in_wrap_up",
        agent=view.profile.number,
        state=view.state,
    )


def _no_such_disposition(code: str, known: Collection[str]) -> RefusedError:
    if not known:
        return RefusedError(
            "{code!r} is no disposition code of that talk's queue; there are: none: "
            "set disposition.codes of the queue",
            reason="no_dispositions",
            code=code,
        )
    return RefusedError(
        "{code!r} is no disposition code of that talk's queue; there are: {known}",
        reason="no_such_disposition",
        code=code,
        known=", ".join(known),
    )
