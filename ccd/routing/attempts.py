"""What is told of an offer: it rings, is answered, missed, refused, cancelled; the dialplan comes back.

AMI tells of the phones (`LegRang`, `LegEnded`, `ChannelGone`), AGI of the caller's return (`DialReturned`),
in either order. The phones' word frees the agents; the caller is free only when their session has joined
again. The last word on an attempt is `DialReturned`, or the caller's hangup; what is told of it later changes
nothing.
"""

from ccd.events import ChannelGone, DialReturned, LegEnded, LegRang, OfferFailed
from ccd.model import DialStatus, OfferResult, Side
from ccd.routing import conclusions, talks
from ccd.routing.floor import Floor
from ccd.routing.offers import Phase, Ring, RingPhase
from ccd.routing.roster import IN_USE

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
    DialStatus.CONTINUE: OfferResult.DECLINED,
    DialStatus.UNKNOWN: OfferResult.UNREACHABLE,  # the dialplan never came to its Dial
}
"""The other statuses (CANCEL, ABORT) only say that somebody stopped the attempt, not who."""
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
    over = ring is None or (ring.phase is RingPhase.ENDED and ring.channel != event.leg)
    if over and event.status is DialStatus.ANSWER:
        _picked_up(floor, event)
    if ring is None or ring.phase is not RingPhase.CALLING:
        return
    ring.channel = event.leg
    if event.status is DialStatus.ANSWER:
        conclusions.answered(floor, ring, floor.now)
    elif event.status is DialStatus.NOANSWER:
        conclusions.miss(floor, ring)
    elif (result := _RESULTS.get(event.status)) is not None:
        conclusions.give_up(floor, ring, result)
    else:
        conclusions.cancel(floor, ring)


def _picked_up(floor: Floor, event: LegEnded) -> None:
    """Another phone than those that ring has the caller: somebody took the call from there.

    A phone at which no agent sits, or one who talks already, is found out by the dialplan's return: nobody
    of those who were rung had the caller.
    """
    call_id = floor.channels.get(event.caller)
    caller = floor.callers.get(call_id) if call_id is not None else None
    offer = caller.offer if caller is not None else None
    in_use = floor.roster.devices.get(event.device) in IN_USE
    known = event.leg in floor.departed or event.leg in floor.legs  # a late word on an attempt that is over
    if offer is None or known or not in_use:
        return
    agent = floor.roster.on_device.get(event.device)
    if agent is None or agent.talk is not None:
        conclusions.lose_race(floor, offer)
    else:
        conclusions.picked_up(floor, offer, agent, event)


def leg_gone(floor: Floor, event: ChannelGone) -> None:
    """End the talk of an agent's channel that is gone, or see that the phone no longer rings."""
    talk = talks.of_leg(floor, event.channel)
    ring = floor.legs.pop(event.channel, None)
    if talk is not None:
        talks.end(floor, talk, Side.AGENT)
        return
    if ring is None or ring.channel != event.channel:
        return
    result = _CAUSES.get(event.cause)
    if ring.presumed is not None and ring.phase is RingPhase.CANCELLED:
        conclusions.give_up(floor, ring, result or ring.presumed)
    elif ring.phase is RingPhase.CALLING:
        if result is None:
            conclusions.cancel(floor, ring)
        else:
            conclusions.give_up(floor, ring, result)


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
        conclusions.served_unseen(floor, offer, event)
    else:
        conclusions.conclude(floor, offer, _RESULTS.get(event.status))


def offer_failed(floor: Floor, event: OfferFailed) -> None:
    """Take back what the caller's session was not there to take: nobody missed anything."""
    offer = floor.offers.get(event.offer_id)
    if offer is not None and offer.call_id == event.call_id:
        conclusions.conclude(floor, offer, OfferResult.WITHDRAWN)
