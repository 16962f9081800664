"""Callers of an earlier process: where they stood, and whose phones are being dialled for them.

What an earlier process knew died with it; what a caller's channel says of them did not. Their session is not
here yet: a caller who waited comes back within a moment, one for whom phones are dialled when `Dial` is over.
Whether these phones ring, were answered, or are free again is the next `Synchronised`'s to say.
"""

from ccd.events import CallerRestored
from ccd.history import OfferStarted
from ccd.model import OfferId
from ccd.routing import arrivals, stays
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import LEASE_GRACE_S, Offer, Phase, Ring


def caller_restored(floor: Floor, event: CallerRestored) -> None:
    """Give a caller their place, and their offer, again."""
    caller = arrivals.caller_restored(floor, event)
    if caller is None:
        return
    if event.offer_id is None or event.offer_id in floor.offers:
        stays.expect(floor, caller)
    else:
        caller.here = False
        _restore_offer(floor, caller, event, event.offer_id)


def _restore_offer(floor: Floor, caller: Caller, event: CallerRestored, offer_id: OfferId) -> None:
    """Reserve the agents again who sit at the phones; without any, only the caller's return is missing."""
    settings = caller.line.settings
    offer = Offer(
        offer_id=offer_id,
        call_id=caller.call_id,
        queue=settings.name,
        via=settings.name,
        sticky=False,
        started_at=floor.now if event.offered_at is None else min(event.offered_at, floor.now),
        ring_s=settings.ring_s,
    )
    for device in event.devices:
        if event.agent is None:
            agent = floor.roster.on_device.get(device)
        else:
            agent = floor.roster.agents.get(event.agent)
        if agent is not None and not agent.engaged:
            offer.rings.append(Ring(offer=offer, agent=agent.number, device=device))
            agent.offer = offer
            if agent.eligible:
                floor.bench(agent)
            floor.touch(agent)
            floor.note(
                OfferStarted(
                    call_id=offer.call_id,
                    at=offer.started_at,
                    offer_id=offer.offer_id,
                    queue=offer.queue,
                    agent=agent.number,
                    device=device,
                    sticky=False,
                )
            )
    if offer.rings:
        offer.ring_s = caller.line.ring_s([ring.agent for ring in offer.rings])
    else:
        offer.phase = Phase.RETURNING
    caller.offer = floor.offers[offer_id] = offer
    floor.deadlines.arm(offer, Kind.LEASE, floor.now + offer.ring_s + LEASE_GRACE_S)
