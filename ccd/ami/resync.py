"""After a gap: what Asterisk says exists, joined in the right order with what it told meanwhile.

The lists come on the session for actions, the events on the other one, and Asterisk keeps no order between
the two. So events are held back from before the first question until after the last answer, and then:

- A held device state is news about its device, as old as the list or newer: the last one replaces the
  list's. The states before it are gone already and are not told: a phone that rang for a moment is no fact
  any more.
- Every other held event follows the snapshot in its order. One that the snapshot knew already is a
  duplicate, which the engine takes; none can contradict it, since a channel never comes back under the same
  uniqueid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ccd.ami.message import AmiMessage
from ccd.ami.translate import PHONES, device_state, known
from ccd.events import DeviceStateChanged, Event, LiveChannel, Synchronised
from ccd.model import CONTEXTS, ChannelId, Device, DeviceState

NOTED = ("CCD_STATE", "CCD_ENTRY", "CCD_DIAL", "CCD_RECORD", "CCD_SINCE")
"""What ccd wrote on a caller's channel, for whoever has to take it over."""
_UNSET = "(null)"


def devices_of(items: Sequence[AmiMessage]) -> dict[Device, DeviceState]:
    """Read the items of `DeviceStateList`: the phones among them."""
    return {
        Device(name): device_state(item.get("State") or "")
        for item in items
        if (name := item.get("Device") or "").startswith(PHONES)
    }


def channels_of(items: Sequence[AmiMessage]) -> tuple[LiveChannel, ...]:
    """Read the items of `CoreShowChannels`."""
    return tuple(
        LiveChannel(
            channel=ChannelId(uniqueid),
            name=item.get("Channel") or "",
            linkedid=item.get("Linkedid") or "",
            bridge=item.get("BridgeId") or "",
            state=item.get("ChannelStateDesc") or "",
            application=item.get("Application") or "",
            context=item.get("Context") or "",
            number=known(item.get("CallerIDNum")),
            caller_name=known(item.get("CallerIDName")),
            age_s=_seconds(item.get("Duration") or ""),
        )
        for item in items
        if (uniqueid := item.get("Uniqueid"))
    )


def notes_of(items: Sequence[AmiMessage]) -> dict[ChannelId, Mapping[str, str]]:
    """Read the items of `Status`: the variables that are set, by channel."""
    return {
        ChannelId(uniqueid): {
            name: value
            for name, equals, value in (each.partition("=") for each in item.get_all("Variable"))
            if equals and value != _UNSET
        }
        for item in items
        if (uniqueid := item.get("Uniqueid"))
    }


def with_notes(
    channels: Sequence[LiveChannel], notes: Mapping[ChannelId, Mapping[str, str]]
) -> tuple[LiveChannel, ...]:
    """Give the channels that are in our dialplan their variables."""
    return tuple(
        replace(each, variables=notes[each.channel])
        if each.context in CONTEXTS and each.channel in notes
        else each
        for each in channels
    )


def _seconds(duration: str) -> float:
    """Read `01:02:03`; what cannot be read counts as no time."""
    parts = duration.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return 0.0
    hours, minutes, seconds = map(int, parts)
    return 3600.0 * hours + 60.0 * minutes + seconds


def join(snapshot: Synchronised, held: Sequence[Event]) -> list[Event]:
    """Give what is to be told: the snapshot, brought up to date, then the other events held back."""
    latest = {event.device: event.state for event in held if isinstance(event, DeviceStateChanged)}
    current = Synchronised(
        devices={**snapshot.devices, **latest}, channels=snapshot.channels, asked_at=snapshot.asked_at
    )
    return [current, *(event for event in held if not isinstance(event, DeviceStateChanged))]
