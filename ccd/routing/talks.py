"""Caller and agent talk: how a talk begins, is held, ends, and the wrap-up that follows."""

from ccd.events import ConferenceBegan, HangupRequested, Held, TalkCut
from ccd.history import HoldChanged, TalkEnded, TalkStarted, ThirdJoined
from ccd.model import ChannelId, Side
from ccd.routing import rests, wrap_ups
from ccd.routing.callers import Caller
from ccd.routing.floor import Floor
from ccd.routing.offers import Ring, Talk


def begin(floor: Floor, caller: Caller, ring: Ring, at: float) -> Talk:
    """Note that caller and agent talk since `at`."""
    agent = floor.roster.agents[ring.agent]
    offer = ring.offer
    talk = Talk(
        call_id=caller.call_id,
        offer_id=offer.offer_id,
        agent=agent.number,
        queue=offer.queue,
        via=offer.via,
        caller=caller.channel,
        leg=ring.channel,
        joined_at=caller.joined_at,
        started_at=at,
    )
    floor.talks[caller.call_id] = agent.talk = talk
    if agent.missed_in_a_row:
        agent.missed_in_a_row = 0
        agent.unsaved = True
    floor.touch(agent)
    floor.note(
        TalkStarted(
            call_id=caller.call_id,
            at=at,
            queue=offer.queue,
            agent=agent.number,
            leg=ring.channel,
            offer_id=offer.offer_id,
            queue_wait_s=max(0.0, at - caller.entered_at),
        )
    )
    return talk


def end(floor: Floor, talk: Talk, by: Side) -> None:
    """End a talk; Asterisk's word on who hung up counts more than `by`."""
    del floor.talks[talk.call_id]
    if talk.call_id not in floor.callers:
        floor.channels.pop(talk.caller, None)
    agent = floor.roster.agents[talk.agent]
    agent.talk = None
    agent.remember_call(talk.via, floor.now)
    rests.talk_over(floor, agent)
    wrap_ups.begin(floor, agent, talk)
    if (line := floor.lines.get(talk.queue)) is not None:
        line.handled.append((floor.now, floor.now - talk.started_at + wrap_ups.rest_s(agent, line.settings)))
    floor.presume_free(agent)
    floor.touch(agent)
    floor.note(
        TalkEnded(
            call_id=talk.call_id,
            at=floor.now,
            queue=talk.queue,
            agent=talk.agent,
            by=talk.hung_up_by or by,
        )
    )


def of_leg(floor: Floor, channel: ChannelId) -> Talk | None:
    """Give the talk in which this channel is the agent's."""
    ring = floor.legs.get(channel)
    talk = floor.talks.get(ring.offer.call_id) if ring is not None else None
    return talk if talk is not None and talk.leg == channel else None


def of_caller(floor: Floor, channel: ChannelId) -> Talk | None:
    """Give the talk in which this channel is the caller's."""
    call_id = floor.channels.get(channel)
    talk = floor.talks.get(call_id) if call_id is not None else None
    return talk if talk is not None and talk.caller == channel else None


def hold(floor: Floor, event: Held) -> None:
    """Note that an agent put the caller on hold, or took them back."""
    if (talk := of_leg(floor, event.channel)) is not None:
        _held(floor, talk, on=event.on)


def conference(floor: Floor, event: ConferenceBegan) -> None:
    """Note that the caller is in the talk again, with somebody else: Asterisk tells of no end of the hold."""
    if (talk := of_leg(floor, event.leg)) is not None:
        _held(floor, talk, on=False)
        floor.note(ThirdJoined(call_id=talk.call_id, at=floor.now, agent=talk.agent, number=event.number))


def _held(floor: Floor, talk: Talk, *, on: bool) -> None:
    if talk.on_hold is not on:
        talk.on_hold = on
        floor.note(HoldChanged(call_id=talk.call_id, at=floor.now, agent=talk.agent, on=on))


def hangup_asked(floor: Floor, event: HangupRequested) -> None:
    """Remember whose side asked first to hang up."""
    if (talk := of_caller(floor, event.channel)) is not None:
        talk.hung_up_by = talk.hung_up_by or Side.CALLER
    elif (talk := of_leg(floor, event.channel)) is not None:
        talk.hung_up_by = talk.hung_up_by or Side.AGENT


def cut(floor: Floor, event: TalkCut) -> None:
    """Remember that somebody else ends the talk."""
    if (talk := floor.talks.get(event.call_id)) is not None:
        talk.hung_up_by = talk.hung_up_by or Side.SYSTEM
