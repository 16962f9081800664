"""Facts about phones and channels, from AMI."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccd.model import CallId, ChannelId, Device, DeviceState, DialStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRang:
    """AMI `DialBegin`: an agent's phone is being called on behalf of a caller's channel."""

    caller: ChannelId
    leg: ChannelId
    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """AMI `DialEnd`: the attempt on one phone is over; with ANSWER the two talk from now on."""

    caller: ChannelId
    leg: ChannelId
    device: Device
    status: DialStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGone:
    """AMI `Hangup` of any channel: a caller's, or an agent's leg."""

    channel: ChannelId
    cause: int = 0
    """Hangup cause, Q.850 number (16 normal, 17 busy, 19 no answer, 21 rejected)."""
    linkedid: str = ""
    name: str = ""
    context: str = ""
    """Where in the dialplan it was."""
    number: str = ""
    """Who was at the other end of it."""
    caller_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupRequested:
    """AMI `HangupRequest`: this channel's side hung up. Before any `Hangup`; it tells who ended a talk."""

    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCut:
    """An operator is about to take the caller out of a talk, or to hang up: neither side ends it."""

    call_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHandedOver:
    """AMI `AttendedTransfer`: an agent joined their caller with the one whom they consulted, and left."""

    caller: ChannelId
    number: str
    """Who has the caller now, as far as Asterisk names them."""
    by_keys: bool
    """They were consulted by the keys of a talk, not by a second call of the agent's phone."""
    target: str = ""
    """Asterisk's name of the channel with which the caller was joined; empty: it names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceBegan:
    """AMI `AttendedTransfer`, `Threeway`: an agent took the one whom they consulted into the talk."""

    caller: ChannelId
    leg: ChannelId
    """The agent's channel."""
    number: str
    """Who was taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStateChanged:
    """AMI `DeviceStateChange`."""

    device: Device
    state: DeviceState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed:
    """AMI `DTMFEnd`: a caller in the dialplan's loop pressed a key, whatever their channel does just now."""

    channel: ChannelId
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """AMI `Hold` / `Unhold` of one channel."""

    channel: ChannelId
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChannel:
    """One channel of a resync (`CoreShowChannels`)."""

    channel: ChannelId
    name: str
    """Asterisk's channel name, e.g. `PJSIP/1001-0000002a`."""
    linkedid: str
    bridge: str = ""
    """Id of the bridge it is in, empty when in none."""
    state: str = ""
    """Asterisk's `ChannelStateDesc`: Up, Ring, Ringing, …"""
    application: str = ""
    context: str = ""
    number: str = ""
    """Who is at the other end of it: `CallerIDNum`."""
    caller_name: str = ""
    age_s: float = 0.0
    """How long it has existed, in whole seconds."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of a channel in the dialplan's loop: what ccd wrote on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronised:
    """After every (re)connect: what Asterisk says exists now. Only from then on is anyone offered a call."""

    devices: Mapping[Device, DeviceState]
    channels: tuple[LiveChannel, ...]
    asked_at: float | None = None
    """When we asked. What began later cannot be in the answer, so it is not judged; None: all is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost:
    """The manager link is down: phones' states are as of now unknown to be current."""
