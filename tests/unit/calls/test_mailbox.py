"""What becomes of a message whose caller is gone, or was sent elsewhere, without a word about it."""

from types import SimpleNamespace

import pytest

from ccd.calls.book import LiveCall
from ccd.calls.carried import Visit
from ccd.calls.mailbox import MailboxVisit, leave
from ccd.config.voicemail import Mailbox
from ccd.history import VoicemailEnded, VoicemailOffered
from ccd.ivr.ports import Caller
from ccd.model import CallId, ChannelId
from tests.unit.calls.fakes import FakeClock


class House:
    """As much of the house as a mailbox needs."""

    def __init__(self):
        self.clock = FakeClock()
        self.told, self.submitted = [], []
        self.scribe = SimpleNamespace(note=self.told.append)
        self.mailroom = SimpleNamespace(submit=self.submitted.append)
        boxes = {"sales": Mailbox(min_s=2), "other": Mailbox()}
        self.config = SimpleNamespace(voicemail=SimpleNamespace(mailboxes=boxes))


def speaking(since: float | None, length_s: float | None = None) -> LiveCall:
    """Give a caller in a mailbox since second 1000."""
    caller = Caller(call_id=CallId("1.1"), number="138", called="4000", language="en")
    call = LiveCall(
        caller=caller, channel=ChannelId("1.1"), channel_name="PJSIP/x-1", started_at=990.0, began_at=990.0
    )
    call.visit = Visit(mailbox="sales", second=10, began=1000.0, speaking=since)
    call.message_s = length_s
    return call


@pytest.mark.parametrize(
    ("since", "length_s", "result", "told_s"),
    [
        (1002.0, 7.5, "kept", 7.5),
        (1002.0, 1.9, "empty", 0.0),
        (1002.0, None, "kept", 7.5),
        (1008.0, None, "empty", 0.0),
        (None, None, "empty", 0.0),
        (1002.0, 0.0, "empty", 0.0),
    ],
    ids=["told", "told too short", "by the clock", "just begun", "in the greeting", "discarded"],
)
def test_who_hangs_up_has_left_what_is_long_enough(since, length_s, result, told_s):
    """Asterisk tells the length; where it did not, the clock does. The mailroom measures for itself."""
    house, call = House(), speaking(since, length_s)
    leave(house, call, 1010.0)
    assert house.told == [
        VoicemailEnded(
            call_id=CallId("1.1"),
            at=1010.0,
            mailbox="sales",
            message="1.1-v10",
            result=result,
            length_s=told_s,
        )
    ]
    assert house.submitted == ["1.1-v10"]
    leave(house, call, 1011.0)
    assert len(house.told) == 1, "it is left once"


def test_who_is_sent_to_another_mailbox_leaves_the_first_one():
    """A supervisor sends them elsewhere while they speak: what was said stays there."""
    house, call = House(), speaking(1002.0, 5.0)
    MailboxVisit(house, call, SimpleNamespace()).begin("other")
    kept, offered = house.told
    assert (kept.mailbox, kept.result) == ("sales", "kept")
    assert isinstance(offered, VoicemailOffered)
    assert (offered.mailbox, call.visit.mailbox, call.message_s) == ("other", "other", None)


def test_who_comes_back_to_the_mailbox_goes_on_where_they_were():
    """After a kill the dialplan asks again: it is the same visit."""
    house, call = House(), speaking(1002.0)
    MailboxVisit(house, call, SimpleNamespace()).begin("sales")
    assert house.told == []
    assert call.visit.second == 10
