"""How an attempt ends, and what follows from it for its agents and its caller."""

from ccd.commands import WithdrawOffer
from ccd.events import DialReturned, LegEnded
from ccd.history import OfferEnded, OfferStarted
from ccd.model import AgentStatus, Device, OfferResult, QueueOutcome, Side
from ccd.routing import statuses, stays, talks
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import Offer, Phase, Ring, RingPhase, Step
from ccd.routing.roster import IN_USE, Agent

MIN_PERIOD_S = 1.0
"""One caller is offered to one agent once in this time at most."""


def answered(floor: Floor, ring: Ring, at: float) -> None:
    """One agent has the caller; everyone else lost the race, which is no missed call."""
    offer = ring.offer
    caller = floor.callers[offer.call_id]
    _end(floor, ring, OfferResult.ANSWERED, at)
    for other in offer.undecided():
        _end(floor, other, OfferResult.LOST_RACE)
    _close(floor, caller, offer, Step.ANSWERED)
    talks.begin(floor, caller, ring, at)
    stays.served(floor, caller, ring.agent, at)


def lose_race(floor: Floor, offer: Offer) -> None:
    """Let everyone who was rung off: somebody else has the caller."""
    for ring in offer.undecided():
        _end(floor, ring, OfferResult.LOST_RACE)
    _exhaust(offer)


def picked_up(floor: Floor, offer: Offer, agent: Agent, event: LegEnded) -> None:
    """Give the caller to an agent who took the call from another phone than their own."""
    if agent.offer is not offer:
        stop_ringing(floor, agent)
    if agent.offer is not None:  # others ring for that caller, too, or it is this one
        for ring in agent.offer.calling():
            if ring.agent == agent.number:
                cancel(floor, ring)
    ring = Ring(offer=offer, agent=agent.number, device=event.device, channel=event.leg, picked_up=True)
    offer.rings.append(ring)
    floor.legs[event.leg] = ring
    floor.note(
        OfferStarted(
            call_id=offer.call_id,
            at=floor.now,
            offer_id=offer.offer_id,
            queue=offer.queue,
            agent=agent.number,
            device=event.device,
            sticky=False,
            picked_up=True,
        )
    )
    answered(floor, ring, floor.now)


def earliest_answer(floor: Floor, offer: Offer) -> float:
    """Give since when an answer of which nobody told may have been given: the ringing counts as talk then."""
    return max(offer.started_at, min(floor.link_lost_at, floor.now))


def served_unseen(floor: Floor, offer: Offer, event: DialReturned) -> None:
    """Record a talk that began and ended while AMI was behind or down."""
    caller = floor.callers[offer.call_id]
    at = earliest_answer(floor, offer)
    if event.answered_s is not None:
        at = max(offer.started_at, floor.now - event.answered_s)
    ring = _likely_winner(floor, offer, event.device)
    if ring is None:  # the lease ran out: the agents are free since, and nobody can say who it was
        for other in offer.undecided():
            _end(floor, other, OfferResult.LOST_RACE)
        _close(floor, caller, offer, Step.ANSWERED)
        stays.leave(floor, caller, QueueOutcome.ANSWERED)
        return
    answered(floor, ring, at)
    talks.end(floor, floor.talks[event.call_id], Side.AGENT)


def _likely_winner(floor: Floor, offer: Offer, device: Device | None) -> Ring | None:
    """Find who had the caller: the phone that the dialplan names, else one that is in use, else the first."""

    def likelihood(ring: Ring) -> tuple[bool, bool, bool]:
        in_use = floor.roster.devices.get(ring.device) in IN_USE
        return ring.device == device, in_use, ring.phase is RingPhase.CALLING

    agents = floor.roster.agents
    able = [
        ring
        for ring in offer.undecided()
        if ring.phase is RingPhase.CALLING or (ring.agent in agents and not agents[ring.agent].engaged)
    ]
    return max(able, key=likelihood, default=None)


def give_up(floor: Floor, ring: Ring, result: OfferResult) -> None:
    """End one agent's part; with the last one only the caller's return is missing."""
    _end(floor, ring, result)
    _exhaust(ring.offer)


def miss(floor: Floor, ring: Ring) -> None:
    """Free an agent who did not take the call, and count it; whether they declined it is told next."""
    ring.presumed = OfferResult.NO_ANSWER
    _blame(floor, floor.callers[ring.offer.call_id], ring)
    _count_miss(floor, ring)
    cancel(floor, ring)


def cancel(floor: Floor, ring: Ring) -> None:
    """Free an agent whose phone was stopped; why it was is told later."""
    ring.phase = RingPhase.CANCELLED
    ring.ended_at = floor.now
    _release(floor, ring)
    _exhaust(ring.offer)


def conclude(floor: Floor, offer: Offer, result: OfferResult | None) -> None:
    """Close an attempt that nobody answered; `result` None: somebody stopped it."""
    caller = floor.callers[offer.call_id]
    for ring in offer.undecided():
        if ring.presumed is not None:
            _end(floor, ring, ring.presumed)
        elif result is not None and ring.phase is RingPhase.CALLING:
            _end(floor, ring, result)
        elif result is OfferResult.NO_ANSWER or offer.rang_out(ring, floor.now):
            _end(floor, ring, OfferResult.NO_ANSWER)
        else:
            _end(floor, ring, OfferResult.WITHDRAWN)
            _shun(floor, caller, ring, 0.0)
    _close(floor, caller, offer, Step.CLOSED)


def abandon(floor: Floor, caller: Caller) -> None:
    """Close the attempt of a caller who leaves, whether phones ring or the dialplan is on its way back."""
    offer = caller.offer
    if offer is not None:
        for ring in offer.undecided():
            _end(floor, ring, OfferResult.CALLER_LEFT)
        _close(floor, caller, offer, Step.CLOSED)


def stop_ringing(floor: Floor, agent: Agent) -> None:
    """Take a ringing call back from an agent, unless others ring, too: Asterisk would stop them all."""
    offer = agent.offer
    if offer is None or offer.phase is not Phase.RINGING or len(offer.rings) > 1:
        return
    for ring in offer.undecided():
        _end(floor, ring, OfferResult.WITHDRAWN)
    offer.step(Step.WITHDRAWN)
    floor.commands.append(WithdrawOffer(call_id=offer.call_id, offer_id=offer.offer_id))


def expire(floor: Floor, offer: Offer) -> None:
    """End an attempt of which nothing final was heard. Without a link, wait for the next `Synchronised`."""
    if not floor.link_up:
        offer.overdue = True
        return
    caller = floor.callers[offer.call_id]
    devices = floor.roster.devices
    talking = [ring for ring in offer.calling() if devices.get(ring.device) in IN_USE]
    for ring in talking:
        if ring.channel is not None:  # it rang, and the phone is in use: the answer was lost on the way
            answered(floor, ring, floor.now)
            return
    for ring in offer.undecided():
        _blame(floor, caller, ring)
        _end(floor, ring, OfferResult.WITHDRAWN)
    if offer.phase is Phase.RINGING:
        offer.step(Step.WITHDRAWN)
        if not talking:  # never pull a caller out of what may be a talk
            floor.commands.append(WithdrawOffer(call_id=offer.call_id, offer_id=offer.offer_id))
    if offer.caller_back:
        _close(floor, caller, offer, Step.CLOSED)
        stays.resume(floor, caller)


# ---------------------------------------------------------------- small steps


def _exhaust(offer: Offer) -> None:
    if offer.phase is Phase.RINGING and not offer.calling():
        offer.step(Step.EXHAUSTED)


def _end(floor: Floor, ring: Ring, result: OfferResult, at: float | None = None) -> None:
    """Settle one agent's part: note it, free the agent, remember a miss."""
    offer = ring.offer
    if at is None:
        at = floor.now if ring.ended_at is None else ring.ended_at
    told = ring.presumed is not None
    if ring.presumed is not None and not (result.missed or result is OfferResult.ANSWERED):
        result = ring.presumed
    ring.phase = RingPhase.ENDED
    _release(floor, ring)
    floor.note(
        OfferEnded(
            call_id=offer.call_id,
            at=at,
            offer_id=offer.offer_id,
            queue=offer.queue,
            agent=ring.agent,
            result=result,
            ring_s=max(0.0, at - offer.started_at),
            picked_up=ring.picked_up,
        )
    )
    if told:
        return
    if result.missed or result is OfferResult.UNREACHABLE:
        _blame(floor, floor.callers[offer.call_id], ring)
    if result.missed:
        _count_miss(floor, ring)


def _release(floor: Floor, ring: Ring) -> None:
    agent = floor.roster.agents.get(ring.agent)
    if agent is not None and agent.offer is ring.offer:
        agent.offer = None
        floor.presume_free(agent)
        floor.touch(agent)


def _blame(floor: Floor, caller: Caller, ring: Ring) -> None:
    """Keep the caller from the agent for the queue's retry time; a sticky caller is the strategy's now."""
    caller.released = caller.released or ring.offer.sticky
    _shun(floor, caller, ring, caller.line.settings.retry_s)


def _shun(floor: Floor, caller: Caller, ring: Ring, retry_s: float) -> None:
    """Do not offer this caller to the same agent for a while; never more often than `MIN_PERIOD_S`.

    A phone that refuses at once, or a dialplan that does not dial, would else be tried without pause.
    """
    until_at = max(floor.now + retry_s, ring.offer.started_at + MIN_PERIOD_S)
    if until_at > floor.now:
        caller.forgive(floor.now)
        caller.shunned[ring.agent] = until_at
        floor.deadlines.arm(caller, Kind.RETRY, min(caller.shunned.values()))


def _count_miss(floor: Floor, ring: Ring) -> None:
    agent = floor.roster.agents.get(ring.agent)
    if agent is None:
        return
    agent.missed_in_a_row += 1
    agent.unsaved = True
    floor.touch(agent)
    line = floor.lines.get(ring.offer.queue)
    limit = line.settings.autopause_after if line is not None else None
    if limit is not None and agent.missed_in_a_row >= limit and agent.status is AgentStatus.AVAILABLE:
        statuses.pause(floor, agent, "autopause", automatic=True)


def _close(floor: Floor, caller: Caller, offer: Offer, step: Step) -> None:
    offer.step(step)
    offer.rings.clear()  # they refer to the offer: without the circle both go as soon as their legs do
    caller.offer = None
    del floor.offers[offer.offer_id]
    floor.deadlines.disarm_all(offer)
