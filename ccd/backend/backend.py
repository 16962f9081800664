"""The parts of the backend under the one face that the API knows (`ccd.http.backend.Backend`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ccd.backend.archive import Archive
from ccd.backend.callbacks import Promises
from ccd.backend.caller_lists import ListDesk
from ccd.backend.live import Live
from ccd.backend.operation import Operation
from ccd.backend.outbound import OutboundDesk
from ccd.backend.people import People
from ccd.backend.prompts import PromptAnswers
from ccd.backend.queueing import Queueing
from ccd.calls.control import Control
from ccd.calls.recordings import Recordings
from ccd.http import shapes
from ccd.http.backend import NewAgent
from ccd.model import CallId, Supervision

MOST_CALLS = 500
"""Calls that `top` lists; its status has the true count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Who answers what; a new topic is a part of its own."""

    live: Live
    callbacks: Promises
    control: Control
    recordings: Recordings
    people: People
    archive: Archive
    operation: Operation
    prompts: PromptAnswers
    lists: ListDesk
    queueing: Queueing
    outbound: OutboundDesk


class DaemonBackend:
    """Delegates, by topic."""

    def __init__(self, parts: Parts) -> None:
        self._live = parts.live
        self._control = parts.control
        self._recordings = parts.recordings
        self._people = people = parts.people
        self._archive = archive = parts.archive
        self._operation = operation = parts.operation
        # The archive's answers need nothing added.
        self.explain = archive.explain
        self.records = archive.records
        self.record = archive.record
        self.export = archive.export
        self.recordings = archive.recordings
        self.recording_path = archive.recording_path
        messages = archive.messages
        self.voicemail = messages.voicemail
        self.mailboxes = messages.mailboxes
        self.voicemail_message = messages.voicemail_message
        self.voicemail_heard = messages.voicemail_heard
        self.voicemail_play = messages.voicemail_play
        self.voicemail_delete = messages.voicemail_delete
        self.notices = messages.notices
        self.notice_retry = messages.notice_retry
        self.survey_report = archive.survey_report
        self.owner = archive.owner
        self.set_owner = archive.set_owner
        self.queue_close = parts.queueing.close
        self.queue_open = parts.queueing.open
        self.queue_move = parts.queueing.move
        self.call_move = parts.queueing.call_move
        self.call_priority = parts.queueing.call_priority
        self.callbacks = parts.callbacks.list
        self.callback = parts.callbacks.get
        self.callback_add = parts.callbacks.add
        self.callback_cancel = parts.callbacks.cancel
        self.callback_now = parts.callbacks.now
        self.reload = operation.reload
        self.config_diff = operation.config_diff
        self.doctor = operation.doctor
        self.problems = operation.problems
        self.outbound_check = parts.outbound.outbound_check
        self.outbound_limits = parts.outbound.outbound_limits
        self.lists = parts.lists.lists
        self.list_entries = parts.lists.list_entries
        self.list_change = parts.lists.list_change
        self.prompts_refresh = parts.prompts.refresh
        self.prompts_record = parts.prompts.record
        self.prompts_play = parts.prompts.play
        self.prompts_errand = parts.prompts.errand
        self.agent_add = people.add
        self.agent_update = people.update
        self.agent_remove = people.remove

    async def status(self) -> shapes.Status:
        """Give the daemon at a glance."""
        return self._operation.status()

    async def top(self) -> shapes.Top:
        """Give everything live."""
        return {
            "at": self._live.now(),
            "status": self._operation.status(),
            "queues": self._live.queues(),
            "agents": self._live.agents(),
            "calls": self._live.calls()[:MOST_CALLS],
        }

    async def queues(self) -> list[shapes.QueueSummary]:
        """Give all queues."""
        return self._live.queues()

    async def queue(self, name: str) -> shapes.Queue:
        """Give one queue."""
        return self._live.queue(name)

    async def agents(self) -> list[shapes.Agent]:
        """Give all agents."""
        return self._live.agents()

    async def agent(self, agent: str) -> shapes.Agent:
        """Give one agent."""
        return self._people.get(agent)

    async def agent_import(self, agents: Sequence[NewAgent], *, dry_run: bool) -> shapes.ImportResult:
        """Create or change many agents."""
        return await self._people.import_all(agents, dry_run=dry_run)

    async def agent_sign_in(self, agent: str, extension: str | None) -> shapes.Agent:
        """Sign an agent in."""
        return self._people.sign_in(agent, extension)

    async def agent_sign_out(self, agent: str) -> shapes.Agent:
        """Sign an agent out."""
        return self._people.sign_out(agent)

    async def agent_pause(self, agent: str, reason: str) -> shapes.Agent:
        """Let an agent take a break."""
        return self._people.pause(agent, reason)

    async def agent_ready(self, agent: str) -> shapes.Agent:
        """End a break or a wrap-up."""
        return self._people.ready(agent)

    async def agent_wrap_up_done(self, agent: str) -> shapes.Agent:
        """End a wrap-up."""
        return self._people.wrap_up_done(agent)

    async def agent_wrap_up_more(self, agent: str) -> shapes.Agent:
        """Extend a wrap-up."""
        return self._people.wrap_up_more(agent)

    async def agent_dispose(self, agent: str, code: str) -> shapes.Agent:
        """Take an agent's word on a talk."""
        return self._people.dispose(agent, code)

    async def call_hang_up(self, call_id: str) -> shapes.Call:
        """Hang a call up."""
        call = self._live.call(call_id)
        await self._control.hang_up(call_id)
        return call

    async def call_transfer(self, call_id: str, number: str) -> shapes.Call:
        """Have a number called for the caller."""
        call = self._live.call(call_id)
        await self._control.transfer(call_id, number)
        return call

    async def call_redirect(self, call_id: str, to: str) -> shapes.Call:
        """Send the caller to a queue or a flow."""
        call = self._live.call(call_id)
        await self._control.redirect(call_id, to)
        return call

    async def call_supervise(self, call_id: str, mode: Supervision, extension: str) -> shapes.Call:
        """Let a supervisor's phone into a call."""
        call = self._live.call(call_id)
        await self._control.supervise(call_id, mode, extension)
        return call

    async def recording_pause(self, call_id: str) -> shapes.Call:
        """Let a recording hold silence."""
        call = self._live.call(call_id)
        await self._recordings.pause(CallId(call_id))
        return call

    async def recording_resume(self, call_id: str) -> shapes.Call:
        """Let a recording hold sound."""
        call = self._live.call(call_id)
        await self._recordings.resume(CallId(call_id))
        return call

    async def calls(self) -> list[shapes.Call]:
        """Give the calls inside ccd."""
        return self._live.calls()

    async def call(self, call_id: str) -> shapes.Call:
        """Give one call inside ccd."""
        return self._live.call(call_id)
