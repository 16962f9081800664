"""After every (re)connect: Asterisk says what exists, and what we believed is put right by it.

Asterisk owns which channels exist. What was missed while the link was down is concluded from the answer:
callers and legs that are gone, an offer that was answered, phones that are free or not. What began after
we asked (`asked_at`) cannot be in the answer and is left alone.
"""

from collections import defaultdict
from math import inf

from ccd.events import ChannelGone, LinkLost, LiveChannel, Synchronised
from ccd.model import ChannelId, Device, DeviceState, Side
from ccd.routing import arrivals, attempts, conclusions, talks
from ccd.routing.floor import Floor
from ccd.routing.offers import Ring


def link_lost(floor: Floor, _: LinkLost) -> None:
    """Remember since when nothing is heard of phones."""
    if floor.link_up:
        floor.link_up, floor.link_lost_at = False, floor.now


def synchronised(floor: Floor, event: Synchronised) -> None:
    """Put everything right by what Asterisk says exists."""
    floor.synchronised = floor.link_up = True
    asked_at = inf if event.asked_at is None else event.asked_at
    live = {channel.channel: channel for channel in event.channels}
    _see_devices(floor, event)
    _end_talks(floor, live, asked_at)
    _end_stays(floor, live, asked_at)
    _settle_offers(floor, live)
    _forget_legs(floor, live, asked_at)
    for agent in floor.roster.agents.values():
        floor.touch(agent)
    for caller in floor.callers.values():
        floor.place(caller)
    floor.altered.update(floor.lines)


def _see_devices(floor: Floor, event: Synchronised) -> None:
    floor.roster.devices = dict(event.devices)
    for agent in floor.roster.agents.values():
        device = agent.device
        state = DeviceState.UNKNOWN if device is None else event.devices.get(device, DeviceState.UNKNOWN)
        if agent.device_state is not state:
            agent.device_state = state
            agent.device_since_at = floor.now


def _end_talks(floor: Floor, live: dict[ChannelId, LiveChannel], asked_at: float) -> None:
    for talk in list(floor.talks.values()):
        goes_on = talk.caller in live and talk.leg in live
        if talk.started_at < asked_at and not goes_on:
            talks.end(floor, talk, Side.SYSTEM)


def _end_stays(floor: Floor, live: dict[ChannelId, LiveChannel], asked_at: float) -> None:
    for caller in list(floor.callers.values()):
        here = caller.callback_s is None  # where a callback stands is told by whoever makes it
        if here and caller.seen_at < asked_at and caller.channel not in live:
            arrivals.channel_gone(floor, caller)


def _settle_offers(floor: Floor, live: dict[ChannelId, LiveChannel]) -> None:
    by_device: defaultdict[str, list[LiveChannel]] = defaultdict(list)
    for channel in live.values():
        by_device[channel.name.rpartition("-")[0]].append(channel)
    for offer in list(floor.offers.values()):
        for ring in offer.calling():
            leg = _bridged_leg(floor, ring, live, by_device)
            if leg is not None:
                ring.channel = leg.channel
                floor.legs[leg.channel] = ring
                conclusions.answered(floor, ring, conclusions.earliest_answer(floor, offer))
                break
        else:
            if offer.overdue:
                offer.overdue = False
                conclusions.expire(floor, offer)


def _forget_legs(floor: Floor, live: dict[ChannelId, LiveChannel], asked_at: float) -> None:
    for leg, ring in list(floor.legs.items()):
        if leg not in live and ring.offer.started_at < asked_at:
            attempts.leg_gone(floor, ChannelGone(channel=leg))


def _bridged_leg(
    floor: Floor,
    ring: Ring,
    live: dict[ChannelId, LiveChannel],
    by_device: dict[str, list[LiveChannel]],
) -> LiveChannel | None:
    """Find the channel of this phone that is in one bridge with the caller."""
    caller = live.get(floor.callers[ring.offer.call_id].channel)
    if caller is None or not caller.bridge:
        return None
    legs = by_device.get(Device(ring.device), [])
    return next((leg for leg in legs if leg.bridge == caller.bridge), None)
