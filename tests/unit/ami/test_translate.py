"""AMI events as facts of the house, from messages of a real Asterisk."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.ami.message import AmiMessage
from ccd.ami.translate import EVENTS_WANTED, translate
from ccd.errors import AmiProtocolError
from ccd.events import (
    CallerHandedOver,
    ChannelGone,
    ConferenceBegan,
    DeviceStateChanged,
    HangupRequested,
    Held,
    KeyPressed,
    LegEnded,
    LegRang,
)
from ccd.model import ChannelId, DeviceState, DialStatus, device_of_channel
from tests.unit.ami import samples

CALLER, LEG_ID, DEVICE = "1795291486.32", "1795291486.34", "PJSIP/agent-7"


def fact(frame: bytes):
    """Translate one message of the wire."""
    return translate(AmiMessage(frame))


def test_a_phone_that_is_called_rings():
    """DialBegin names the caller's channel, the leg's and the phone, whose name may hold a dash."""
    assert fact(samples.DIAL_BEGIN) == LegRang(caller=CALLER, leg=LEG_ID, device=DEVICE)


@pytest.mark.parametrize("status", ["ANSWER", "NOANSWER", "BUSY", "CANCEL", "CONGESTION", "CHANUNAVAIL"])
def test_an_attempt_on_a_phone_ends_with_its_status(status):
    """DialEnd's DialStatus is told as it is."""
    frame = samples.DIAL_END.replace(b"DialStatus: ANSWER", b"DialStatus: " + status.encode())
    assert fact(frame) == LegEnded(caller=CALLER, leg=LEG_ID, device=DEVICE, status=DialStatus(status))


def test_a_status_that_nobody_knows_is_unknown():
    """A new Asterisk may have new words."""
    ended = fact(samples.DIAL_END.replace(b"DialStatus: ANSWER", b"DialStatus: NEW_IN_24"))
    assert isinstance(ended, LegEnded)
    assert ended.status is DialStatus.UNKNOWN


def test_a_dial_without_a_caller_is_nobodys():
    """An Originate has no calling channel."""
    assert fact(samples.ORIGINATED) is None
    assert fact(samples.ORIGINATED.replace(b"DialBegin", b"DialEnd")) is None


def test_a_hangup_tells_channel_cause_and_call():
    """The cause is Q.850's number; whose channel it was, and where, for calls that ccd never saw."""
    assert fact(samples.HANGUP) == ChannelGone(
        channel=LEG_ID,
        cause=17,
        linkedid=CALLER,
        name="PJSIP/agent-7-0000000a",
        context="internal",
        number="one",
        caller_name='Zhang \\"x\\" 张伟',
    )


@pytest.mark.parametrize("cause", [b"", b"x", "²".encode(), b"-1"])
def test_a_cause_that_is_no_number_is_0(cause):
    """The channel is gone all the same."""
    gone = fact(samples.HANGUP.replace(b"Cause: 17", b"Cause: " + cause))
    assert (gone.channel, gone.cause) == (LEG_ID, 0)


def test_a_wish_to_hang_up_names_the_channel():
    """Who hung up first is known by whose channel asked for it."""
    frame = samples.HANGUP.replace(b"Event: Hangup", b"Event: HangupRequest")
    assert fact(frame) == HangupRequested(channel=LEG_ID)


def test_a_phones_state_is_told():
    """Only of phones: what a Local channel or a custom device does concerns nobody."""
    assert fact(samples.RINGING) == DeviceStateChanged(device=DEVICE, state=DeviceState.RINGING)
    assert fact(samples.LOCAL_DEVICE) is None


def test_a_state_that_nobody_knows_is_unknown():
    """A new Asterisk may have new words."""
    changed = fact(samples.RINGING.replace(b"RINGING", b"SLEEPING"))
    assert changed == DeviceStateChanged(device=DEVICE, state=DeviceState.UNKNOWN)


def test_hold_and_its_end_are_told():
    """By the channel that holds."""
    assert fact(samples.HOLD) == Held(channel=LEG_ID, on=True)
    assert fact(samples.UNHOLD) == Held(channel=LEG_ID, on=False)


def test_what_does_not_concern_us_is_nothing():
    """Events of the link itself, unwanted ones, and responses."""
    for frame in (samples.VAR_SET, samples.FULLY_BOOTED, samples.SHUTDOWN, b"Response: Success"):
        assert fact(frame) is None


@pytest.mark.parametrize(
    ("frame", "header"),
    [
        (samples.DIAL_BEGIN, "DestUniqueid"),
        (samples.DIAL_BEGIN, "DestChannel"),
        (samples.DIAL_END, "DialStatus"),
        (samples.HANGUP, "Uniqueid"),
        (samples.RINGING, "Device"),
        (samples.RINGING, "State"),
        (samples.HOLD, "Uniqueid"),
    ],
)
def test_an_event_without_what_it_must_have_is_a_breach(frame, header):
    """The error names the event and the header."""
    broken = frame.replace(f"\r\n{header}: ".encode(), b"\r\nOther: ")
    with pytest.raises(AmiProtocolError, match=f"without {header}"):
        fact(broken)


@pytest.mark.parametrize(
    ("channel", "device"),
    [
        ("PJSIP/1001-0000002a", "PJSIP/1001"),
        ("PJSIP/agent-7-0000002a", "PJSIP/agent-7"),
        ("Local/wait@internal-0000000b;1", "Local/wait@internal"),
        ("PJSIP/1001", "PJSIP/1001"),
        ("", ""),
    ],
)
def test_a_channels_name_tells_its_device(channel, device):
    """The counter after the last dash is the channel's own."""
    assert device_of_channel(channel) == device


def key(**changed: str) -> bytes:
    """Give the event of a caller's key."""
    told = {"Uniqueid": "1795.1", "Digit": "1", "Direction": "Received", "Context": "ccd-loop"} | changed
    return b"Event: DTMFEnd\r\n" + "".join(f"{name}: {text}\r\n" for name, text in told.items()).encode()


def test_a_callers_key_is_told():
    """Of the caller's channel, while ccd leads it."""
    assert fact(key()) == KeyPressed(channel=ChannelId("1795.1"), key="1")


@pytest.mark.parametrize(
    "changed", [{"Direction": "Sent"}, {"Context": "ccd-phones"}, {"Digit": "A"}, {"Digit": ""}]
)
def test_other_keys_are_no_callers(changed):
    """Keys that are sent to a channel, that a phone sends, or that no telephone has."""
    assert fact(key(**changed)) is None


def handed_over(**changed: str) -> bytes:
    """Write the end of a consultation."""
    told = {
        "Result": "Success",
        "TransfereeUniqueid": "1.1",
        "TransferTargetCallerIDNum": "1002",
        "DestType": "Bridge",
    }
    return samples.event(
        "AttendedTransfer", *(f"{name}: {text}\n" for name, text in (told | changed).items())
    )


def test_a_consultation_that_ends_in_a_transfer_is_told():
    """Who has the caller now, or is with caller and agent; a transfer that failed is none."""
    told = CallerHandedOver(caller=ChannelId("1.1"), number="1002", by_keys=True)
    assert fact(handed_over()) == told
    second_call = handed_over(OrigTransfererChannel="PJSIP/1001-1", SecondTransfererChannel="PJSIP/1001-2")
    assert fact(second_call) == replace(told, by_keys=False)
    nobody_named = handed_over(TransferTargetCallerIDNum="", SecondTransfererConnectedLineNum="1004")
    assert fact(nobody_named).number == "1004"
    by_keys = handed_over(TransferTargetChannel="Local/8002@ccd-transfer-00000001;1")
    assert (fact(by_keys).number, fact(by_keys).target) == ("8002", "Local/8002@ccd-transfer-00000001;1")
    unnamed = handed_over(TransferTargetChannel="PJSIP/1003-0000000a", TransferTargetCallerIDNum="<unknown>")
    assert fact(unnamed).number == "1003"
    all_three = handed_over(DestType="Threeway", OrigTransfererUniqueid="1.2")
    joined = ConferenceBegan(caller=ChannelId("1.1"), leg=ChannelId("1.2"), number="1002")
    assert fact(all_three) == joined
    assert fact(handed_over(Result="Fail")) is None
    assert fact(handed_over().replace(b"TransfereeUniqueid", b"Other")) is None


def test_every_translated_event_is_asked_for():
    """The filters of the manager user let through what the link needs, and nothing else."""
    assert set(EVENTS_WANTED) == {
        "DialBegin", "DialEnd", "HangupRequest", "Hangup", "DeviceStateChange", "Hold", "Unhold",
        "OriginateResponse", "DTMFEnd", "AttendedTransfer", "FullyBooted", "Shutdown",
    }  # fmt: skip


@given(st.sampled_from(EVENTS_WANTED), st.binary(max_size=200))
def test_garbage_in_a_wanted_event_is_a_breach_or_nothing(name, garbage):
    """Nothing but AmiProtocolError comes of any bytes."""
    try:
        fact(b"Event: " + name.encode() + b"\r\n" + garbage)
    except AmiProtocolError as error:
        assert name in str(error)  # noqa: PT017 (not every message raises)
