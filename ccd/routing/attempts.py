"""What becomes of an offer: it rings, is answered, missed, refused, cancelled, withdrawn, or lost.

AMI tells of the phones (`LegRang`, `LegEnded`, `ChannelGone`), AGI of the caller's return (`DialReturned`),
in either order. The phones' word frees the agents; the caller is free only when their session has joined
again. The last word on an attempt is `DialReturned`, or the caller's hangup; what is told of it later changes
nothing.
"""

from ccd.commands import WithdrawOffer
from ccd.events import ChannelGone, DialReturned, LegEnded, LegRang, OfferFailed
from ccd.history import OfferEnded
from ccd.model import AgentStatus, Device, DialStatus, OfferResult, QueueOutcome, Side
from ccd.routing import statuses, stays, talks
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import Offer, Phase, Ring, RingPhase, Step
from ccd.routing.roster import IN_USE, Agent

_RESULTS = {
    DialStatus.BUSY: OfferResult.BUSY,
    DialStatus.CHANUNAVAIL: OfferResult.UNREACHABLE,
    DialStatus.CONGESTION: OfferResult.UNREACHABLE,
    DialStatus.NOANSWER: OfferResult.NO_ANSWER,
    DialStatus.TIMEOUT: OfferResult.NO_ANSWER,
    DialStatus.DONTCALL: OfferResult.DECLINED,
    DialStatus.TORTURE: OfferResult.DECLINED,
    DialStatus.INVALIDARGS: OfferResult.UNREACHABLE,
    DialStatus.FORWARD: OfferResult.DECLINED,
}
"""Every other status (CANCEL, ABORT, none) only says that somebody stopped the attempt, not who."""
_CAUSES = {17: OfferResult.BUSY, 21: OfferResult.DECLINED}
"""Q.850 causes of a leg that is gone before its `DialEnd`: busy, call rejected."""


# ---------------------------------------------------------------- the phones' word


def leg_rang(floor: Floor, event: LegRang) -> None:
    """Learn which channel calls an agent's phone."""
    ring = _ring_of(floor, event)
    if ring is not None:
        ring.channel = event.leg


def leg_ended(floor: Floor, event: LegEnded) -> None:
    """One phone answered, or its attempt is over."""
    ring = _ring_of(floor, event)
    if ring is None or ring.phase is not RingPhase.CALLING:
        return
    ring.channel = event.leg
    if event.status is DialStatus.ANSWER:
        answered(floor, ring, floor.now)
    elif (result := _RESULTS.get(event.status)) is not None:
        _give_up(floor, ring, result)
    else:
        _cancel(floor, ring)


def leg_gone(floor: Floor, event: ChannelGone) -> None:
    """End the talk of an agent's channel that is gone, or see that the phone no longer rings."""
    talk = talks.of_leg(floor, event.channel)
    ring = floor.legs.pop(event.channel, None)
    if talk is not None:
        talks.end(floor, talk, Side.AGENT)
    elif ring is not None and ring.phase is RingPhase.CALLING and ring.channel == event.channel:
        result = _CAUSES.get(event.cause)
        if result is None:
            _cancel(floor, ring)
        else:
            _give_up(floor, ring, result)


def _ring_of(floor: Floor, event: LegRang | LegEnded) -> Ring | None:
    """Find, by the leg or else by caller and phone, the ring of an attempt that is not over."""
    ring = floor.legs.get(event.leg)
    if ring is None and event.leg not in floor.departed:
        call_id = floor.channels.get(event.caller)
        caller = floor.callers.get(call_id) if call_id is not None else None
        if caller is not None and caller.offer is not None:
            ring = caller.offer.ring_on(event.device)
            if ring is not None and ring.phase is RingPhase.CALLING:
                floor.legs[event.leg] = ring
    return ring if ring is not None and ring.offer.phase is not Phase.OVER else None


# ---------------------------------------------------------------- the dialplan's word


def dial_returned(floor: Floor, event: DialReturned) -> None:
    """Conclude an attempt when `Dial` is over; with ANSWER the talk is over, too, and the caller stayed."""
    talk = floor.talks.get(event.call_id)
    if talk is not None and talk.offer_id == event.offer_id:
        talks.end(floor, talk, Side.AGENT)
        return
    offer = floor.offers.get(event.offer_id)
    if offer is None or offer.call_id != event.call_id:
        return
    if event.status is DialStatus.ANSWER:
        _served_unseen(floor, offer, event)
    else:
        conclude(floor, offer, _RESULTS.get(event.status))


def offer_failed(floor: Floor, event: OfferFailed) -> None:
    """Take back what the caller's session was not there to take: nobody missed anything."""
    offer = floor.offers.get(event.offer_id)
    if offer is not None and offer.call_id == event.call_id:
        conclude(floor, offer, OfferResult.WITHDRAWN)


def _served_unseen(floor: Floor, offer: Offer, event: DialReturned) -> None:
    """Record a talk that began and ended while AMI was behind or down."""
    caller = floor.callers[offer.call_id]
    at = max(offer.started_at, floor.now - (event.answered_s or 0.0))
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


def conclude(floor: Floor, offer: Offer, result: OfferResult | None) -> None:
    """Close an attempt that nobody answered; `result` None: somebody stopped it."""
    caller = floor.callers[offer.call_id]
    for ring in offer.undecided():
        rang_out = (ring.ended_at or floor.now) - offer.started_at >= offer.ring_s
        if result is not None and ring.phase is RingPhase.CALLING:
            _end(floor, ring, result)
        else:
            stopped = result is OfferResult.NO_ANSWER or rang_out
            _end(floor, ring, OfferResult.NO_ANSWER if stopped else OfferResult.WITHDRAWN)
    _close(floor, caller, offer, Step.CLOSED)


# ---------------------------------------------------------------- what the engine itself concludes


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
        _shun(floor, caller, ring)
        _end(floor, ring, OfferResult.WITHDRAWN)
    if offer.phase is Phase.RINGING:
        offer.step(Step.WITHDRAWN)
        if not talking:  # never pull a caller out of what may be a talk
            floor.commands.append(WithdrawOffer(call_id=offer.call_id, offer_id=offer.offer_id))
    if offer.caller_back:
        _close(floor, caller, offer, Step.CLOSED)
        caller.here = True
        floor.place(caller)


# ---------------------------------------------------------------- small steps


def _give_up(floor: Floor, ring: Ring, result: OfferResult) -> None:
    _end(floor, ring, result)
    _exhaust(ring.offer)


def _cancel(floor: Floor, ring: Ring) -> None:
    ring.phase = RingPhase.CANCELLED
    ring.ended_at = floor.now
    _release(floor, ring)
    _exhaust(ring.offer)


def _exhaust(offer: Offer) -> None:
    if offer.phase is Phase.RINGING and not offer.calling():
        offer.step(Step.EXHAUSTED)


def _end(floor: Floor, ring: Ring, result: OfferResult, at: float | None = None) -> None:
    """Settle one agent's part: note it, free the agent, remember a miss."""
    offer = ring.offer
    ended_at = at if at is not None else ring.ended_at if ring.ended_at is not None else floor.now
    ring.phase = RingPhase.ENDED
    _release(floor, ring)
    floor.note(
        OfferEnded(
            call_id=offer.call_id,
            at=ended_at,
            offer_id=offer.offer_id,
            queue=offer.queue,
            agent=ring.agent,
            result=result,
            ring_s=max(0.0, ended_at - offer.started_at),
        )
    )
    if result.missed or result is OfferResult.UNREACHABLE:
        _shun(floor, floor.callers[offer.call_id], ring)
    if result.missed:
        _count_miss(floor, ring)


def _release(floor: Floor, ring: Ring) -> None:
    agent = floor.roster.agents.get(ring.agent)
    if agent is not None and agent.offer is ring.offer:
        agent.offer = None
        floor.touch(agent)


def _shun(floor: Floor, caller: Caller, ring: Ring) -> None:
    """Do not offer this caller to the same agent again for a while; a sticky caller is the strategy's now."""
    retry_s = caller.line.settings.retry_s
    caller.released = caller.released or ring.offer.sticky
    if retry_s > 0:
        caller.forgive(floor.now)
        caller.shunned[ring.agent] = floor.now + retry_s
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
