"""AMI events as facts of the house. Pure; names of channels and uniqueids stay opaque.

Seen on Asterisk 22.10.1 with real SIP phones:

- A leg's end is told twice: `DialEnd`, then `Hangup` of the leg's channel, whose cause says more. Busy
  (486) is DialEnd BUSY, cause 17; declined (603) is NOANSWER, cause 21; 480 NOANSWER, 19; 404 NOANSWER, 1;
  503 CONGESTION, 34; rung out, or never answered at all, NOANSWER, cause 0. A caller who leaves while it
  rings, and a Redirect out of `Dial`, give CANCEL, cause 16; another phone of the same `Dial` that answered
  CANCEL, cause 26.
- A phone that forwards (302) gives DialEnd CANCEL with a header `Forward`, then DialBegin of a Local channel.
- A phone that is not registered gives no DialBegin and no DialEnd at all: only `Dial` itself returns.
- A phone that rejects at once may give no DeviceStateChange. On an answer INUSE and DialEnd come in either
  order.
- DialBegin and DialEnd of an `Originate` have no calling channel.
- `AttendedTransfer` of a consultation by keys has both transferer's channels the same, and in one of three
  no `TransferTarget…` at all: the bridge of the consultation is empty by then (`SecondBridgeNumChannels: 0`).
"""

from collections.abc import Callable

from ccd.ami.message import AmiMessage
from ccd.ami.originate import RESPONSE
from ccd.errors import AmiProtocolError
from ccd.events import (
    CallerHandedOver,
    ChannelGone,
    ConferenceBegan,
    DeviceStateChanged,
    Event,
    HangupRequested,
    Held,
    KeyPressed,
    LegEnded,
    LegRang,
)
from ccd.model import LOOP_CONTEXT, ChannelId, Device, DeviceState, DialStatus, device_of_channel

_DEVICE_STATES = {state.value: state for state in DeviceState}
_DIAL_STATUSES = {status.value: status for status in DialStatus}
KEYS = frozenset("0123456789*#")
PHONES = "PJSIP/"
"""Devices of any other kind (Local, Custom, Queue, …) are nobody's phone."""


def translate(message: AmiMessage) -> Event | None:
    """Give the fact that an AMI event states; None for one that does not concern us.

    AmiProtocolError: it lacks a header that Asterisk always sends.
    """
    translator = _TRANSLATORS.get(message.event)
    return None if translator is None else translator(message)


def known(text: str | None) -> str:
    """Give a caller id's number or name; empty when there is none."""
    return "" if text is None or text == "<unknown>" else text


def device_state(text: str) -> DeviceState:
    """Give the state of that name; one that we do not know is UNKNOWN."""
    return _DEVICE_STATES.get(text, DeviceState.UNKNOWN)


def _required(message: AmiMessage, name: str) -> str:
    value = message.get(name)
    if value is None:
        raise AmiProtocolError(f"{message.event} without {name}")
    return value


def _dial_begin(message: AmiMessage) -> LegRang | None:
    caller = message.get("Uniqueid")
    if caller is None:
        return None
    return LegRang(
        caller=ChannelId(caller),
        leg=ChannelId(_required(message, "DestUniqueid")),
        device=device_of_channel(_required(message, "DestChannel")),
    )


def _dial_end(message: AmiMessage) -> LegEnded | None:
    caller = message.get("Uniqueid")
    if caller is None:
        return None
    return LegEnded(
        caller=ChannelId(caller),
        leg=ChannelId(_required(message, "DestUniqueid")),
        device=device_of_channel(_required(message, "DestChannel")),
        status=_DIAL_STATUSES.get(_required(message, "DialStatus"), DialStatus.UNKNOWN),
    )


def _hangup(message: AmiMessage) -> ChannelGone:
    cause = message.get("Cause") or ""
    return ChannelGone(
        channel=ChannelId(_required(message, "Uniqueid")),
        cause=int(cause) if cause.isascii() and cause.isdigit() else 0,
        linkedid=message.get("Linkedid") or "",
        name=message.get("Channel") or "",
        context=message.get("Context") or "",
        number=known(message.get("CallerIDNum")),
        caller_name=known(message.get("CallerIDName")),
    )


def _hangup_request(message: AmiMessage) -> HangupRequested:
    return HangupRequested(channel=ChannelId(_required(message, "Uniqueid")))


def _device_state_change(message: AmiMessage) -> DeviceStateChanged | None:
    device = _required(message, "Device")
    if not device.startswith(PHONES):
        return None
    return DeviceStateChanged(device=Device(device), state=device_state(_required(message, "State")))


def _hold(message: AmiMessage) -> Held:
    return Held(channel=ChannelId(_required(message, "Uniqueid")), on=True)


def _unhold(message: AmiMessage) -> Held:
    return Held(channel=ChannelId(_required(message, "Uniqueid")), on=False)


def _attended_transfer(message: AmiMessage) -> CallerHandedOver | ConferenceBegan | None:
    """Take the end of a consultation, by keys or a phone's own transfer: the agent leaves, or all talk."""
    caller = message.get("TransfereeUniqueid")
    if caller is None or message.get("Result") != "Success":
        return None
    number = _consulted(message)
    if message.get("DestType") != "Threeway":
        by_keys = message.get("OrigTransfererChannel") == message.get("SecondTransfererChannel")
        target = message.get("TransferTargetChannel") or ""
        return CallerHandedOver(caller=ChannelId(caller), number=number, by_keys=by_keys, target=target)
    return ConferenceBegan(
        caller=ChannelId(caller), leg=ChannelId(message.get("OrigTransfererUniqueid") or ""), number=number
    )


def _consulted(message: AmiMessage) -> str:
    """Give the number of who was consulted, as far as Asterisk names them."""
    target = message.get("TransferTargetChannel") or ""
    if target.startswith("Local/"):  # a consultation by keys: what the agent dialled
        return target.removeprefix("Local/").partition("@")[0]
    number = known(message.get("TransferTargetCallerIDNum")) or device_of_channel(target).rpartition("/")[2]
    return number or known(message.get("SecondTransfererConnectedLineNum"))  # whom the agent's phone showed


def _dtmf_end(message: AmiMessage) -> KeyPressed | None:
    """Take the keys of callers; those that are sent to them, and those of phones, are no choice of theirs."""
    key = _required(message, "Digit")
    if message.get("Direction") != "Received" or message.get("Context") != LOOP_CONTEXT or key not in KEYS:
        return None
    return KeyPressed(channel=ChannelId(_required(message, "Uniqueid")), key=key)


_TRANSLATORS: dict[str, Callable[[AmiMessage], Event | None]] = {
    "DialBegin": _dial_begin,
    "DialEnd": _dial_end,
    "HangupRequest": _hangup_request,
    "Hangup": _hangup,
    "DeviceStateChange": _device_state_change,
    "Hold": _hold,
    "Unhold": _unhold,
    "DTMFEnd": _dtmf_end,
    "AttendedTransfer": _attended_transfer,
}

EVENTS_WANTED: tuple[str, ...] = (*_TRANSLATORS, RESPONSE, "FullyBooted", "Shutdown")
"""Events that the link needs, for the manager user's `eventfilter(action(include),name(…)) =` lines.

What Asterisk 22.10.1 does with those lines: one include keeps out every event without an include of its
own; answers to our own actions, the items of lists among them (`CoreShowChannel`,
`DeviceStateListComplete`), are never filtered, nor kept back by `Events: off`. `FullyBooted` and `Shutdown`
need `read=system`, `DTMFEnd` `read=dtmf`, the others `read=call`.
`eventfilter(action(include),name(DeviceStateChange),header(Device),method(starts_with)) = PJSIP/` keeps the
states of other devices away as well.
"""
READ_CLASSES: tuple[str, ...] = ("system", "call", "dtmf")
"""Classes of those events, asked for at login, so that without filters other classes stay away all the
same."""
