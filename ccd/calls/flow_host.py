"""What a flow asks of the daemon for one caller: channel, queues, agents, mailboxes, systems outside."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.dialling import options
from ccd.calls.direct import DirectStay
from ccd.calls.house import House
from ccd.calls.mailbox import MailboxVisit
from ccd.calls.stay import QueueStay
from ccd.calls.voice import SessionVoice
from ccd.config.callbacks import Callback
from ccd.config.flows import Agent, Dial, Queue
from ccd.errors import AgiHangupError
from ccd.history import Entry
from ccd.ivr.locks import Locks
from ccd.ivr.ports import Place, Promise
from ccd.model import AgentNumber, LookupAnswer, LookupOutcome, QueueName, QueueOutcome
from ccd.outbound.policy import Allowed, Who
from ccd.records.text import clean

log = structlog.get_logger(__name__)

MAX_TEXT, MAX_FACT = 256, 512
"""Characters of a variable, and of a fact for the agent."""


class FlowHost:
    """What a flow asks of the daemon; satisfies `ccd.ivr.ports.Host`."""

    def __init__(self, house: House, call: LiveCall, session: Session, voice: SessionVoice) -> None:
        self._house = house
        self._call = call
        self._session = session
        self._voice = voice

    def note(self, entry: Entry) -> None:
        """Write a history entry."""
        self._house.scribe.note(entry)

    def now(self) -> float:
        """Give monotonic seconds."""
        return self._house.clock.now()

    def wall(self) -> datetime:
        """Give the aware UTC date."""
        return self._house.clock.wall(self._house.clock.now())

    async def arrived(self, place: Place) -> None:
        """Write the caller's place on their channel, where a daemon that comes after us finds it."""
        house, call = self._house, self._call
        call.place, call.edge = str(place), ""
        await self._session.set_variables(call.state(house.epoch) | {"CCD_QUEUE": ""})

    @property
    def locks(self) -> Locks:
        """Who entered a wrong secret too often."""
        return self._house.locks

    def listed(self, name: str, number: str) -> bool:
        """Whether a number is on a list of callers."""
        return self._house.listed(name, number)

    async def read_channel(self, names: Sequence[str]) -> Mapping[str, str]:
        """Read variables of the channel, one after the other; what they hold is hostile."""
        found = {name: await self._session.get_variable(name) for name in names}
        return {name: clean(value, MAX_TEXT) for name, value in found.items() if value is not None}

    async def write_channel(self, variables: Mapping[str, str]) -> None:
        """Set variables of the channel, without what a foreign dialplan might evaluate."""
        told = {name: clean(value, MAX_TEXT).replace("$", "") for name, value in variables.items()}
        await self._session.set_variables(told)

    async def lookup(self, name: str, question: Mapping[str, Any]) -> LookupAnswer:
        """Ask a system of the business, as long as the caller is there; names in the answer are checked."""
        house, over = self._house, self._session.hung_up
        if (
            settings := house.config.lookups.get(name)
        ) is None:  # a reload took it, not from this walk's book
            return LookupAnswer(outcome=LookupOutcome.FAILED, reason=f"there is no lookup {name}")
        asking = asyncio.ensure_future(house.lookups.ask(name, settings, question))
        gone = asyncio.ensure_future(over.wait())
        try:
            await asyncio.wait({asking, gone}, return_when=asyncio.FIRST_COMPLETED)
            if over.is_set():
                raise AgiHangupError("the caller hung up during a lookup")
            return self._known(name, asking.result())
        finally:
            asking.cancel()
            gone.cancel()

    def _known(self, name: str, answer: LookupAnswer) -> LookupAnswer:
        """See that a queue or an agent in an answer is there, and that its texts can be shown."""
        house = self._house
        if answer.queue is not None and answer.queue not in house.config.queues:
            reason = f"there is no queue {answer.queue}"
        elif answer.agent is not None and house.dispatcher.engine.agent(AgentNumber(answer.agent)) is None:
            reason = f"there is no agent {answer.agent}"
        else:
            return replace(
                answer,
                variables={key: clean(value, MAX_TEXT) for key, value in answer.variables.items()},
                data={clean(key): clean(value, MAX_FACT) for key, value in answer.data.items()},
            )
        log.warning("lookup answers nonsense", lookup=name, reason=reason, call=self._call.call_id)
        return LookupAnswer(outcome=LookupOutcome.FAILED, reason=reason)

    async def queue(self, place: Place, node: Queue) -> str | None:
        """Hold the caller in a queue; give the outcome or the key that ended it, None while agents ring."""
        call, queues = self._call, self._house.config.queues
        moved = call.home == node.queue and call.queue in queues
        if node.queue not in queues and not moved:  # a reload took it, not from this walk's book
            return QueueOutcome.FAILED
        call.place, call.edge = str(place), ""
        return await QueueStay(self._house, self._call, self._session, self._voice).run(node)

    async def agent(self, place: Place, node: Agent) -> str | None:
        """Hold the caller for one agent; give how it ended without them, None while their phone rings."""
        self._call.place, self._call.edge = str(place), ""
        return await DirectStay(self._house, self._call, self._session, self._voice).reach(node)

    async def mailbox(self, place: Place, name: str) -> MailboxVisit:
        """Begin a visit to a mailbox, or go on with one that a process before us began."""
        visit = MailboxVisit(self._house, self._call, self._session)
        visit.begin(name)
        await self.arrived(place)
        return visit

    def callback_terms(self, queue: str) -> Callback | None:
        """Give how a queue calls back."""
        return self._house.callbacks.terms(queue)

    def may_call_back(self, queue: str, number: str) -> bool:
        """Ask the outbound policy."""
        return self._house.callbacks.may_call(queue, number)

    async def promise_callback(self, queue: str, number: str) -> Promise:
        """Store a promise."""
        return await self._house.callbacks.promise(self._call, QueueName(queue), number)

    async def dial(self, place: Place, node: Dial) -> str | None:
        """Let the dialplan dial extensions, or an outside number if the policy lets it out.

        A ring group in turn is the dialplan's work, too: it goes on without us.
        """
        house, call = self._house, self._call
        targets = [house.dial_target(number, outside=node.outside) for number in node.dial]
        first, turns, more = "&".join(targets), "", ""
        if node.strategy == "linear":
            first, turns = targets[0], "&".join(targets[1:])
        if node.outside:
            verdict = house.outgoing.ask(call.call_id, node.number, Who(flow=place.flow))
            if not isinstance(verdict, Allowed):
                return "failed"
            first, more = verdict.target, options(verdict)
        call.place, call.edge = str(place), ""
        call.outside, call.talking_since = node.number, None
        await self._session.set_variables(
            {
                "CCD_DIAL": first,
                "CCD_TURNS": turns,
                "CCD_OPTIONS": more,
                "CCD_RING": f"{node.timeout_s:g}",
                "CCD_RECORD": "",
                "CCD_KEYS": "" if node.outside else house.config.call_keys.dial_option,
                **call.state(house.epoch),
                "CCD_NEXT": "outside",
            }
        )
        return None
