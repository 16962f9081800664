"""The pure engine: facts in, intents out. It alone decides who is offered which caller.

No I/O, no clock, no logging, no global randomness: `now` and the seed come in. The same seed and the
same events at the same instants give the same commands, so a journal can be replayed, thousands of
random histories tested, and every decision explained.

The rules, each with its place:

- who is eligible: `roster.Agent.free`, once Asterisk was asked what exists and unless the daemon drains;
- whom a queue chooses: `strategies`;
- which caller goes first: `matching`; who waits for whom: `stays`;
- what becomes of an offer: `attempts`; of a talk: `talks`;
- what a caller asks of an agent: `demands`; how that becomes less: `widening`;
- what agents do: `people`; the time after a talk: `wrap_ups`;
- limits: `arrivals`; announcements: `announcing`, with the estimated wait: `estimates`;
- reload: `configuring`;
- other queues and ranks for those who wait: `moving`; open and closed: `doors`; agents' limits: `rests`;
- reconnect: `resync`; callers of an earlier process: `restoring`.

Every event may come twice or late, and AMI and AGI in either order; what concerns a call, an offer or an
agent that is not there (any more) is ignored.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ccd.commands import Command
from ccd.events import (
    AgentPaused,
    AgentReadied,
    AgentsConfigured,
    AgentSignedIn,
    AgentSignedOut,
    BreaksConfigured,
    CallerHandedOver,
    CallerJoined,
    CallerLeft,
    CallerMoved,
    CallerRestored,
    ChannelGone,
    ConferenceBegan,
    DeviceStateChanged,
    DialReturned,
    DirectLineOpened,
    DispositionGiven,
    DrainBegan,
    Event,
    HangupRequested,
    Held,
    KeyPressed,
    LegEnded,
    LegRang,
    LinkLost,
    OfferFailed,
    OutgoingTalkEnded,
    PriorityChanged,
    QueueClosed,
    QueueMoved,
    QueueOpened,
    QueuesConfigured,
    Synchronised,
    TalkCut,
    Ticked,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.model import AgentNumber, AgentStatus, ChannelId, Extension, QueueName, device_of, is_direct
from ccd.routing import (
    announcing,
    arrivals,
    attempts,
    breaks,
    conclusions,
    configuring,
    doors,
    invariants,
    moving,
    people,
    phones,
    restoring,
    rests,
    resync,
    stays,
    talks,
    views,
    widening,
    wrap_ups,
)
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Deadline, Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import Offer
from ccd.routing.roster import Agent
from ccd.routing.settling import settle


def _leave_to_the_flow(_floor: Floor, _event: Event) -> None:
    """Do nothing: what a key means, or who has a caller now, is the call's affair (`ccd.calls`)."""


_HANDLERS: Mapping[type[Event], Callable[[Floor, Any], None]] = {
    # callers and their dialplan
    CallerJoined: arrivals.caller_joined,
    CallerRestored: restoring.caller_restored,
    CallerLeft: arrivals.caller_left,
    CallerMoved: moving.caller_moved,
    PriorityChanged: moving.priority_changed,
    DialReturned: attempts.dial_returned,
    OfferFailed: attempts.offer_failed,
    # phones
    LegRang: attempts.leg_rang,
    LegEnded: attempts.leg_ended,
    ChannelGone: phones.channel_gone,
    DeviceStateChanged: phones.device_changed,
    Held: talks.hold,
    HangupRequested: phones.hangup_asked,
    # people
    TalkCut: talks.cut,
    AgentSignedIn: people.signed_in,
    AgentSignedOut: people.signed_out,
    AgentPaused: people.paused,
    AgentReadied: people.readied,
    WrapUpDone: people.wrap_up_done,
    KeyPressed: _leave_to_the_flow,
    CallerHandedOver: _leave_to_the_flow,
    ConferenceBegan: talks.conference,
    WrapUpExtended: people.wrap_up_extended,
    OutgoingTalkEnded: wrap_ups.after_outgoing,
    DispositionGiven: people.disposition_given,
    # the daemon
    QueuesConfigured: configuring.queues_configured,
    QueueClosed: doors.closed,
    QueueOpened: doors.opened,
    QueueMoved: moving.queue_moved,
    AgentsConfigured: configuring.agents_configured,
    DirectLineOpened: configuring.direct_line_opened,
    BreaksConfigured: configuring.breaks_configured,
    Synchronised: resync.synchronised,
    LinkLost: resync.link_lost,
    DrainBegan: phones.drain,
}
"""What is done about each event; `Ticked` is the engine's own."""


class Engine:
    """All queues, callers and agents of one ccd."""

    def __init__(self, seed: int) -> None:
        self._floor = Floor(seed)

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one fact, at monotonic instant `now`, and say what is to be done about it, in this order."""
        floor = self._floor
        floor.now = now
        floor.event = event
        if isinstance(event, Ticked):
            self._fall_due()
        else:
            _HANDLERS[type(event)](floor, event)
            settle(floor)
        commands, floor.commands = floor.commands, []
        return commands

    def next_deadline(self) -> float | None:
        """Give the monotonic instant at which a `Ticked` is wanted; None: not until something happens."""
        return self._floor.deadlines.next()

    # ------------------------------------------------------------ what there is to see

    def queues(self) -> tuple[views.QueueView, ...]:
        """Show every queue with its waiting callers."""
        lines = self._floor.lines.values()
        return tuple(views.of_queue(self._floor, line) for line in lines if not is_direct(line.settings.name))

    def queue(self, name: QueueName) -> views.QueueView | None:
        """Show one queue; None when there is none of this name."""
        line = self._floor.lines.get(name)
        return None if line is None else views.of_queue(self._floor, line)

    def members(self, name: QueueName) -> tuple[views.MemberView, ...]:
        """Show who serves a queue; empty when there is no such queue."""
        line = self._floor.lines.get(name)
        return () if line is None else views.of_members(self._floor, line)

    def waiting(self, name: QueueName) -> tuple[views.CallerView, ...]:
        """Show who waits in a queue, first the one who is next; empty when there is no such queue."""
        line = self._floor.lines.get(name)
        return () if line is None else views.of_callers(self._floor, line)

    def length(self, name: QueueName) -> int:
        """Count who waits in a queue; 0 when there is no such queue."""
        line = self._floor.lines.get(name)
        return 0 if line is None else len(line.places)

    def headcount(self) -> views.Headcount:
        """Count the agents; far cheaper than to show them all."""
        return views.headcount(self._floor)

    def agents(self) -> tuple[views.AgentView, ...]:
        """Show every agent."""
        return tuple(views.of_agent(self._floor, agent) for agent in self._floor.roster.agents.values())

    def agent(self, number: AgentNumber) -> views.AgentView | None:
        """Show one agent; None when there is none of this number."""
        agent = self._floor.roster.agents.get(number)
        return None if agent is None else views.of_agent(self._floor, agent)

    def agent_on(self, extension: Extension) -> views.AgentView | None:
        """Show who is signed in on a phone; None: nobody."""
        agent = self._floor.roster.on_device.get(device_of(extension))
        if agent is None or agent.status is AgentStatus.LOGGED_OUT:
            return None
        return views.of_agent(self._floor, agent)

    def may_break(self, number: AgentNumber, reason: str) -> bool:
        """Whether the shift leaves an agent a break of this reason."""
        agent = self._floor.roster.agents.get(number)
        return agent is None or not breaks.used_up(self._floor, agent, reason)

    def wrap_up_s(self, number: AgentNumber, queue: QueueName) -> float:
        """Give an agent's rest after a call of a queue; 0 when one of them is not known."""
        agent, line = self._floor.roster.agents.get(number), self._floor.lines.get(queue)
        return 0.0 if agent is None or line is None else wrap_ups.rest_s(agent, line.settings)

    def ringing_for(self, number: AgentNumber, at: Extension | None = None) -> ChannelId | None:
        """Give the channel of the phone that rings longest at a colleague's of an agent's queues.

        With `at`: of that phone alone. None: none rings.
        """
        agent = self._floor.roster.agents.get(number)
        if agent is None:
            return None
        mine, device = agent.memberships.keys(), None if at is None else device_of(at)
        ringing = (
            ring
            for offer in self._floor.offers.values()
            if offer.queue in mine or offer.via in mine
            for ring in offer.calling()
        )
        for ring in ringing:
            if ring.channel is not None and ring.agent != number and device in {None, ring.device}:
                return ring.channel
        return None

    def validate(self) -> None:
        """Raise AssertionError where the state breaks what must always be true. Slow; for tests."""
        invariants.check(self._floor)

    # ------------------------------------------------------------ deadlines

    def _fall_due(self) -> None:
        """Do all that is due, and what that makes due at once: who is moved may be told so there and then."""
        floor, deadlines = self._floor, self._floor.deadlines
        while (deadline := deadlines.pop_due(floor.now)) is not None:
            while deadline is not None:
                self._due(deadline)
                deadline = deadlines.pop_due(floor.now)
            settle(floor)

    def _due(self, deadline: Deadline) -> None:  # noqa: C901 - one case a kind
        floor = self._floor
        match deadline.kind, deadline.owner:
            case Kind.LEASE, Offer() as offer:
                conclusions.expire(floor, offer)
            case Kind.WRAP_UP, Agent() as agent:
                people.wrap_up_over(floor, agent)
            case Kind.BREAK, Agent() as agent:
                people.break_over(floor, agent)
            case Kind.REST, Agent() as agent:
                rests.look(floor, agent)
            case Kind.HOLD, Caller() as caller:
                stays.hold_over(floor, caller)
            case Kind.RETRY, Caller() as caller:
                stays.retry(floor, caller)
            case Kind.MAX_WAIT, Caller() as caller:
                arrivals.waited_too_long(floor, caller)
            case Kind.WIDEN, Caller() as caller:
                widening.widen(floor, caller)
            case Kind.ANNOUNCE, Caller() as caller:
                announcing.announce(floor, caller)
            case Kind.COMFORT, Caller() as caller:
                announcing.comfort(floor, caller)
            case Kind.RETURN, Caller() as caller:
                stays.stop_awaiting(floor, caller)
            case kind, owner:
                raise AssertionError(f"a {type(owner).__name__} has no deadline {kind}")
