"""What Asterisk says exists, joined with what it told meanwhile."""

from ccd.ami.message import AmiMessage
from ccd.ami.resync import channels_of, devices_of, join, notes_of, with_notes
from ccd.events import ChannelGone, DeviceStateChanged, Held, LiveChannel, Synchronised
from ccd.model import DeviceState

FREE, BUSY, RINGING = DeviceState.NOT_INUSE, DeviceState.INUSE, DeviceState.RINGING


def changed(device: str, state: DeviceState) -> DeviceStateChanged:
    """Tell a phone's new state."""
    return DeviceStateChanged(device=device, state=state)


def item(**headers: str) -> AmiMessage:
    """Make one item of a list."""
    return AmiMessage("\r\n".join(f"{name}: {value}" for name, value in headers.items()).encode())


def test_the_phones_of_the_list_are_read():
    """Devices of other kinds are left out; a state that nobody knows is unknown."""
    items = [
        item(Event="DeviceStateChange", Device="PJSIP/1001", State="NOT_INUSE"),
        item(Event="DeviceStateChange", Device="PJSIP/1002", State="DREAMING"),
        item(Event="DeviceStateChange", Device="Local/x@y", State="INUSE"),
        item(Event="DeviceStateChange"),
    ]
    assert devices_of(items) == {"PJSIP/1001": FREE, "PJSIP/1002": DeviceState.UNKNOWN}


def test_the_channels_of_the_list_are_read():
    """With bridge, state and application; an item without uniqueid is none."""
    items = [
        item(
            Event="CoreShowChannel", Channel="PJSIP/1001-00000001", Uniqueid="1.2", Linkedid="1.1",
            ChannelStateDesc="Up", Application="AppDial", BridgeId="b-1",
        ),
        item(Event="CoreShowChannel", Channel="PJSIP/1002-00000002"),
    ]  # fmt: skip
    assert channels_of(items) == (
        LiveChannel(
            channel="1.2", name="PJSIP/1001-00000001", linkedid="1.1", bridge="b-1", state="Up",
            application="AppDial",
        ),
    )  # fmt: skip


def test_a_channel_is_told_with_its_caller_and_age():
    """An unknown number is none; a duration that cannot be read is no time."""
    items = [
        item(Uniqueid="1.1", Context="ccd-loop", CallerIDNum="138", CallerIDName="张伟", Duration="01:02:03"),
        item(Uniqueid="1.2", CallerIDNum="<unknown>", CallerIDName="<unknown>", Duration="long"),
    ]
    assert [(each.context, each.number, each.caller_name, each.age_s) for each in channels_of(items)] == [
        ("ccd-loop", "138", "张伟", 3723.0),
        ("", "", "", 0.0),
    ]


def test_callers_carry_what_ccd_wrote_on_their_channels():
    """Variables that are not set are left out, and so are channels that are not in our dialplan."""
    notes = notes_of(
        [
            AmiMessage(b"Uniqueid: 1.1\r\nVariable: CCD_STATE=i=1.1&t=2\r\nVariable: CCD_DIAL=(null)"),
            AmiMessage(b"Uniqueid: 1.2\r\nVariable: CCD_STATE=i=9.9&t=2"),
        ]
    )
    channels = (
        LiveChannel(channel="1.1", name="", linkedid="", context="ccd-loop"),
        LiveChannel(channel="1.2", name="", linkedid="", context="elsewhere"),
        LiveChannel(channel="1.3", name="", linkedid="", context="ccd-loop"),
    )
    assert [each.variables for each in with_notes(channels, notes)] == [{"CCD_STATE": "i=1.1&t=2"}, {}, {}]


def test_a_state_told_meanwhile_is_newer_than_the_list():
    """The last word about a phone counts, and it is not told again: nobody is offered a call on old news."""
    snapshot = Synchronised(devices={"PJSIP/1": FREE, "PJSIP/2": BUSY}, channels=(), asked_at=7.0)
    held = [changed("PJSIP/1", RINGING), changed("PJSIP/1", BUSY), changed("PJSIP/3", FREE)]
    assert join(snapshot, held) == [
        Synchronised(devices={"PJSIP/1": BUSY, "PJSIP/2": BUSY, "PJSIP/3": FREE}, channels=(), asked_at=7.0)
    ]


def test_everything_else_follows_the_snapshot_in_its_order():
    """A hang-up in between ends a channel that the list still holds."""
    snapshot = Synchronised(devices={}, channels=())
    held = [Held(channel="1.1", on=True), changed("PJSIP/1", FREE), ChannelGone(channel="1.1")]
    told = join(snapshot, held)
    assert isinstance(told[0], Synchronised)
    assert told[1:] == [held[0], held[2]]
