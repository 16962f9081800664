"""Callers come to a queue, come back to it after an attempt, wait, hear where they stand, and go."""

from ccd.commands import EndWait, WithdrawOffer
from ccd.events import CallerJoined, CallerLeft, CallerRestored
from ccd.history import QueueEntered, QueueLeft
from ccd.model import AgentNumber, QueueOutcome, Side, StickyResult
from ccd.routing import announcing, conclusions, stays, talks, widening
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lanes import insert
from ccd.routing.lines import Line
from ccd.routing.offers import Phase


def caller_joined(floor: Floor, event: CallerJoined) -> None:
    """Let a caller join, or join again the queue in which they are already."""
    caller = floor.callers.get(event.call_id)
    if caller is not None and _is_of(event, caller):
        _rejoin(floor, caller, event)
        return
    if event.channel in floor.departed:  # AMI told of the hangup first
        floor.commands.append(EndWait(call_id=event.call_id, outcome=QueueOutcome.ABANDONED))
        return
    talk = floor.talks.get(event.call_id)
    if talk is not None:
        if talk.queue == event.queue and talk.joined_at == event.joined_at:
            return  # an echo of the joining that led to this talk
        talks.end(floor, talk, Side.AGENT)  # the agent sent the caller on, to a queue
    if caller is not None:
        conclusions.abandon(floor, caller)
        stays.leave(floor, caller, QueueOutcome.TRANSFERRED)
    _enter(floor, event)


def _is_of(event: CallerJoined, caller: Caller) -> bool:
    """Tell whether somebody joins again where they wait; also an echo of before they were moved there."""
    if caller.line.settings.name == event.queue:
        return True
    return event.queue in caller.came_from and event.joined_at == caller.joined_at


def caller_left(floor: Floor, event: CallerLeft) -> None:
    """End a stay: the session says why, or a key does, whatever is done for the caller just then."""
    caller = floor.callers.get(event.call_id)
    if caller is None:
        return
    offer = caller.offer
    if event.outcome is QueueOutcome.KEY:
        floor.commands.append(EndWait(call_id=event.call_id, outcome=event.outcome, key=event.key))
        if offer is not None and offer.phase is Phase.RINGING:
            floor.commands.append(WithdrawOffer(call_id=event.call_id, offer_id=offer.offer_id))
    conclusions.abandon(floor, caller)
    caller.key = event.key
    stays.leave(floor, caller, event.outcome)


def channel_gone(floor: Floor, caller: Caller) -> None:
    """End the stay of a caller who hung up."""
    conclusions.abandon(floor, caller)
    gone = QueueOutcome.ABANDONED if caller.callback_s is None else QueueOutcome.NOT_REACHED
    stays.leave(floor, caller, gone)


def waited_too_long(floor: Floor, caller: Caller) -> None:
    """`max_wait_s` is over; while phones ring, the attempt is finished first."""
    if caller.waiting:
        stays.dismiss(floor, caller, QueueOutcome.TIMED_OUT)


def arm_limits(floor: Floor, caller: Caller) -> None:
    """Set the deadlines that the queue's settings give a caller."""
    max_wait_s = caller.line.settings.max_wait_s
    if max_wait_s is None or caller.callback_s is not None:
        floor.deadlines.disarm(caller, Kind.MAX_WAIT)
    else:
        floor.deadlines.arm(caller, Kind.MAX_WAIT, caller.entered_at + max_wait_s)
    announcing.arm(floor, caller)


def _rejoin(floor: Floor, caller: Caller, event: CallerJoined) -> None:
    caller.seen_at = floor.now
    if caller.channel != event.channel:
        floor.channels.pop(caller.channel, None)
        floor.channels[event.channel] = caller.call_id
        caller.channel = event.channel
    if caller.callback_s is not None and event.callback_s is None:
        _answered(floor, caller)
    if event.restored:
        caller.knows = event.sticky_agents
        caller.known_by = _known_by(caller.line, event.sticky_agents)
        caller.own_needs = event.needs
        widening.begin(floor, caller)
    offer = caller.offer
    if offer is not None and offer.phase is Phase.RINGING:
        offer.caller_back = True  # an echo of an earlier joining, or the attempt is lost: its lease will tell
        return
    if offer is not None:
        conclusions.conclude(floor, offer, None)
    stays.resume(floor, caller)


def _answered(floor: Floor, caller: Caller) -> None:
    """Let the customer of a callback, who is on the line now, be a caller like any other, in their place."""
    caller.line.callbacks -= 1
    caller.callback_s = None
    arm_limits(floor, caller)


def _enter(floor: Floor, event: CallerJoined) -> None:
    line = floor.lines.get(event.queue)
    position = _note_entry(floor, event, line, event.joined_at if event.restored else floor.now)
    # whoever waited before our restart may, and so may a callback
    exempt = line is None or event.restored or event.callback_s is not None
    outcome = None if exempt or line is None else refusal(floor, line)
    if line is None or outcome is not None:
        _refuse(floor, event, line, position, outcome or QueueOutcome.FAILED)
        return
    caller = _admit(floor, event, line, position)
    stays.resume(floor, caller)


def moved(floor: Floor, line: Line, event: CallerJoined) -> Caller:
    """Stand a caller in line who was moved here, whatever limits there are on joining."""
    caller = _admit(floor, event, line, _note_entry(floor, event, line, floor.now))
    stays.resume(floor, caller)
    return caller


def caller_restored(floor: Floor, event: CallerRestored) -> Caller | None:
    """Give a caller of an earlier process their place again; None when they are here already, or are gone."""
    line = floor.lines.get(event.queue)
    known = event.call_id in floor.callers or event.call_id in floor.talks
    if line is None or known or event.channel in floor.departed:
        return None
    return _admit(floor, event, line, _note_entry(floor, event, line, event.joined_at))


def _note_entry(floor: Floor, event: CallerJoined | CallerRestored, line: Line | None, at: float) -> int:
    """Note that a caller came, and give where they stand."""
    position = 1
    if line is not None:
        position = line.position(
            line.place(event.priority, event.joined_at, floor.counter + 1, event.call_id)
        )
    floor.note(
        QueueEntered(
            call_id=event.call_id,
            at=at,
            queue=event.queue,
            position=position,
            priority=event.priority,
            number=event.number,
            callback=event.callback,
        )
    )
    return position


def _admit(floor: Floor, event: CallerJoined | CallerRestored, line: Line, position: int) -> Caller:
    """Stand a caller in line."""
    place = line.place(event.priority, event.joined_at, floor.number(), event.call_id)
    entered_at = event.entered_at if isinstance(event, CallerJoined) else None
    caller = Caller(
        call_id=event.call_id,
        channel=event.channel,
        line=line,
        place=place,
        number=event.number,
        priority=event.priority,
        joined_at=event.joined_at,
        entered_at=event.joined_at if entered_at is None else entered_at,
        original_position=position,
        known_by=(),
        seen_at=floor.now,
        callback=event.callback,
        callback_s=event.callback_s if isinstance(event, CallerJoined) else None,
    )
    if isinstance(event, CallerJoined):
        caller.own_needs, caller.knows = event.needs, event.sticky_agents
        caller.known_by = _known_by(line, event.sticky_agents)
    insert(line.places, place)
    line.callbacks += caller.callback_s is not None
    line.entered += 1
    floor.callers[event.call_id] = caller
    floor.channels[event.channel] = event.call_id
    arm_limits(floor, caller)
    widening.begin(floor, caller)
    return caller


def _known_by(line: Line, agents: tuple[AgentNumber, ...]) -> tuple[AgentNumber, ...]:
    """Give the members who come first; where the queue is not sticky, nobody waits for one who is busy."""
    return tuple(agent for agent in agents if agent in line.members)


def refusal(floor: Floor, line: Line) -> QueueOutcome | None:
    """Tell why a queue takes nobody in now."""
    settings = line.settings
    if line.closed:
        return QueueOutcome.CLOSED
    if line.room == 0:
        return QueueOutcome.FULL
    if not settings.join_empty and floor.synchronised and not line.attended(settings.join_absent):
        return QueueOutcome.EMPTY
    return None


def _refuse(
    floor: Floor, event: CallerJoined, line: Line | None, position: int, outcome: QueueOutcome
) -> None:
    known = line is not None and _known_by(line, event.sticky_agents)
    if line is not None:
        line.entered += 1
        line.left[outcome] += 1
    floor.note(
        QueueLeft(
            call_id=event.call_id,
            at=floor.now,
            queue=event.queue,
            outcome=outcome,
            position=position,
            original_position=position,
            waited_s=0.0,
            sticky=StickyResult.MISS if known else StickyResult.NONE,
            callback=event.callback,
        )
    )
    floor.commands.append(EndWait(call_id=event.call_id, outcome=outcome))
