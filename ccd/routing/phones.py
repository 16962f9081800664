"""What phones do, beyond the legs of our offers: device states, channels that are gone, the drain."""

from ccd.events import ChannelGone, DeviceStateChanged, DrainBegan, HangupRequested
from ccd.model import Side
from ccd.routing import arrivals, attempts, talks
from ccd.routing.floor import Floor


def device_changed(floor: Floor, event: DeviceStateChanged) -> None:
    """Learn the state of a phone.

    It begins and ends no talk. Where a phone is free while its agent is believed to talk, the end of the leg
    is about to be told, and is the word that counts; or it was lost, and the next `Synchronised` tells.
    """
    roster = floor.roster
    roster.devices[event.device] = event.state
    agent = roster.on_device.get(event.device)
    if agent is None or agent.device_state is event.state:
        return
    agent.device_state = event.state
    agent.device_since_at = floor.now
    floor.touch(agent)


def hangup_asked(floor: Floor, event: HangupRequested) -> None:
    """Remember whose side asked first to hang up; a caller who does so during a whisper has left.

    Their channel goes only when the whisper is over, and until then looks as if it had been answered.
    """
    talks.hangup_asked(floor, event)
    call_id = floor.channels.get(event.channel)
    caller = floor.callers.get(call_id) if call_id is not None else None
    if caller is not None and caller.offer is not None and caller.line.settings.whispers:
        arrivals.channel_gone(floor, caller)


def channel_gone(floor: Floor, event: ChannelGone) -> None:
    """Let go of a channel: an agent's leg, a caller's, or one that is not ours."""
    floor.departed.add(event.channel)
    attempts.leg_gone(floor, event)
    call_id = floor.channels.get(event.channel)
    if call_id is None:
        return
    if (caller := floor.callers.get(call_id)) is not None:
        arrivals.channel_gone(floor, caller)
    elif (talk := floor.talks.get(call_id)) is not None:
        talks.end(floor, talk, Side.CALLER)


def drain(floor: Floor, _: DrainBegan) -> None:
    """Assign nothing new from now on."""
    floor.draining = True
    for agent in floor.roster.agents.values():
        floor.touch(agent)
