"""A call straight to one agent (直拨坐席): a line of callers for this agent alone, and one attempt.

Whoever comes by a direct number is offered like any other caller, in a line of their own: so no queue's
caller is offered to the agent at the same moment, and the talk, the record and the agent's figures are as
always. Whom the agent does not take leaves that line, and in a queue that follows stands where they would
stand had they come there at first.
"""

from ccd.calls.stay import QueueStay, is_given_back
from ccd.config.flows import Agent
from ccd.config.recordings import Record
from ccd.events import CallerLeft, DirectLineOpened
from ccd.model import (
    AgentNumber,
    AgentState,
    AgentStatus,
    QueueName,
    QueueOutcome,
    QueueSettings,
    Strategy,
    direct_queue,
)
from ccd.routing.views import AgentView

BUSY, NO_ANSWER, AWAY = "busy", "no_answer", "away"
_EDGES = {QueueOutcome.TIMED_OUT.value: BUSY, QueueOutcome.EMPTY.value: AWAY}
"""Branches by how the stay in the agent's line ended; any other outcome is `away`."""


class DirectStay(QueueStay):
    """One session's part of a call to an agent."""

    async def reach(self, node: Agent) -> str | None:
        """Hold the caller until it is known how it ends: `busy`, `no_answer`, `away`.

        None when the dialplan was told to dial the agent.
        """
        call, house = self._call, self._house
        agent = AgentNumber(node.agent)
        queue = direct_queue(agent)
        here = call.queue == queue and call.joined_at is not None
        if here and call.handed_at is not None:
            return self._leave(NO_ANSWER)
        view = house.dispatcher.engine.agent(agent)
        if not here and (edge := _obstacle(view, node)):
            return edge
        self._line_up(node, agent, queue)
        free = bool(call.inbox)
        if not (free or _waits(house.dispatcher.engine.agent(agent), node)):
            return self._leave(BUSY)  # another caller was faster
        outcome = await self._hold()
        return None if outcome is None else _EDGES.get(outcome, AWAY)

    def _line_up(self, node: Agent, agent: AgentNumber, queue: QueueName) -> None:
        """Have the caller wait for this agent; one who is free is offered them at once."""
        call, house = self._call, self._house
        if call.queue != queue or call.joined_at is None:
            call.home = call.entered_at = None
            call.queue, call.joined_at, call.restored = queue, house.clock.now(), False
        if not is_given_back(call):  # then it is recorded as it was at first
            call.direct_record = node.record
        call.on_demand = call.direct_record is Record.ON_DEMAND
        call.priority, call.needs = call.caller.priority or 0, {}
        house.dispatcher.feed(DirectLineOpened(agent=agent, settings=settings_of(node, queue)))
        self._stand(queue, call.joined_at)

    def _leave(self, edge: str) -> str:
        """Give up on the agent; the time that was waited is kept for a queue that follows."""
        call = self._call
        self._house.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.TIMED_OUT))
        call.inbox.clear()
        call.leave_unanswered()
        return edge


def settings_of(node: Agent | None, queue: QueueName) -> QueueSettings:
    """Give the rules of an agent's line; None: a caller of an earlier process is in it, the node unknown."""
    node = node or Agent(agent="0")
    return QueueSettings(
        name=queue,
        strategy=Strategy.LINEAR,
        ring_s=node.ring_s,
        wrap_up_s=node.wrap_up_s,
        max_wait_s=node.max_wait_s,
        join_empty=False,
        leave_empty=True,
    )


def _obstacle(view: AgentView | None, node: Agent) -> str:
    """Say why the agent cannot be called, nor waited for; empty when they can."""
    if view is None or view.status is AgentStatus.LOGGED_OUT or view.state is AgentState.UNREACHABLE:
        return AWAY
    if view.status is AgentStatus.PAUSED:
        return "" if node.when_paused == "wait" else AWAY
    return "" if view.state is AgentState.IDLE or node.when_busy == "wait" else BUSY


def _waits(view: AgentView | None, node: Agent) -> bool:
    """Whether a caller waits for an agent who is not free now."""
    paused = view is not None and view.status is AgentStatus.PAUSED
    return (node.when_paused if paused else node.when_busy) == "wait"
