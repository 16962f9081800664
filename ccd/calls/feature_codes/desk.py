"""Where a code was dialled: the phone, whoever sits at it, and the conversation with them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ccd.calls.feature_codes.talk import Talk
from ccd.calls.feature_codes.words import waiting
from ccd.calls.house import House
from ccd.calls.messages import Messages
from ccd.calls.roster import Roster
from ccd.model import AgentNumber, Extension
from ccd.routing.views import AgentView

LastCaller = Callable[[AgentNumber], Awaitable[str | None]]
"""Gives the number of an agent's last caller; None: nobody, or one who withheld it. Raises StorageError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One code being carried out."""

    house: House
    roster: Roster
    extension: Extension
    talk: Talk
    messages: Messages
    last_caller: LastCaller

    def agent(self) -> AgentNumber:
        """Give who is signed in here; raises NotFoundError."""
        return self.roster.on_phone(self.extension)

    def view(self) -> AgentView:
        """Show who is signed in here; raises NotFoundError."""
        return self.roster.find(self.agent())

    def waiting(self) -> tuple[str, ...]:
        """Say how many callers wait in the agent's queues, all together."""
        engine = self.house.dispatcher.engine
        callers = sum(engine.length(member.queue) for member in self.view().queues)
        return waiting(callers, self.talk.language)
