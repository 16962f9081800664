"""The callback node: the number is confirmed or another one entered, and what is promised is stored first."""

import pytest

from ccd.config.callbacks import Callback
from ccd.ivr.ports import Ended, Promise
from ccd.model import CallId
from tests.unit.ivr.fakes import Call

ASK = {"ask": {"callback": "sales", "next": "bye", "on_refused": "sorry"},
       "bye": {"hangup": "goodbye"}, "sorry": {"hangup": "all-busy"}}  # fmt: skip
NUMBER = "13800000001"
OTHER = "13912345678"


def given_call(keys="", *, number=NUMBER, promise=Promise.GIVEN, nodes=ASK, **terms):
    call = Call(nodes=nodes, keys=keys)
    call.caller.number = number
    call.host.terms = Callback(**terms)
    call.host.promise = promise
    return call


async def path_of(call):
    assert await call.walk() in {Ended.FINISHED, Ended.HUNG_UP}
    assert call.caller.call_id == CallId("1700000000.1")
    return call.host.path()


async def test_the_number_is_said_digit_by_digit_and_confirmed():
    """1: it is right. The promise is told when it is given."""
    call = given_call("1")
    assert await path_of(call) == "ask=promised bye=hangup"
    assert call.host.promised == [("sales", NUMBER)]
    said = call.voice.heard[0].split()
    assert said[0] == "en/callback-number"
    assert [each.removeprefix("en/n-") for each in said[1:12]] == list(NUMBER)
    assert said[12:] == ["en/callback-right", "en/callback-other"]
    assert call.voice.heard[-2:] == ["en/callback-promised", "en/goodbye"]


async def test_another_number_is_entered_and_confirmed():
    """2, digits and the pound key; * starts over; the new number is said, too."""
    call = given_call(f"2.12*{OTHER}#1")
    assert await path_of(call) == "ask=promised bye=hangup"
    assert call.host.promised == [("sales", OTHER)]


async def test_a_number_that_may_not_be_called_is_asked_for_again():
    """The caller hears why; after three of them there is no promise."""
    call = given_call(f"2.999#.{OTHER}#1")
    assert await path_of(call) == "ask=promised bye=hangup"
    assert "en/callback-impossible" in call.voice.heard
    call = given_call("2.999#.998#.997#")
    assert await path_of(call) == "ask=refused sorry=hangup"
    assert call.host.promised == []


async def test_a_caller_without_a_number_enters_one():
    """Withheld, or none that may be called: nothing is read out."""
    for number in ("", "anonymous", "4001"):
        call = given_call(f".{OTHER}#1", number=number)
        assert await path_of(call) == "ask=promised bye=hangup"
        assert call.voice.heard[0] == "en/callback-enter"


async def test_where_no_other_number_is_allowed_there_is_none():
    """Neither offered nor taken."""
    call = given_call("1", allow_other_number=False)
    assert await path_of(call) == "ask=promised bye=hangup"
    assert "callback-other" not in call.voice.heard[0]
    call = given_call("", number="", allow_other_number=False)
    assert await path_of(call) == "ask=refused sorry=hangup"
    assert call.voice.heard == ["en/all-busy"]


async def test_a_number_need_not_be_confirmed():
    """Where the operator wants it so; an unusable one is asked for all the same."""
    call = given_call("", confirm=False)
    assert await path_of(call) == "ask=promised bye=hangup"
    assert call.voice.heard == ["en/callback-promised", "en/goodbye"]
    call = given_call(f".{OTHER}#1", number="", confirm=False)
    assert await path_of(call) == "ask=promised bye=hangup"


async def test_whoever_says_nothing_is_not_called():
    """Three times asked."""
    call = given_call("")
    assert await path_of(call) == "ask=refused sorry=hangup"
    assert call.host.promised == []


@pytest.mark.parametrize(
    ("promise", "path", "said"),
    [
        (Promise.GIVEN_BEFORE, "ask=promised_before bye=hangup", "en/callback-already"),
        (Promise.REFUSED, "ask=refused sorry=hangup", "en/all-busy"),
    ],
)
async def test_what_came_of_it_decides(promise, path, said):
    """On the list already, or not stored."""
    call = given_call("1", promise=promise)
    assert await path_of(call) == path
    assert said in call.voice.heard


async def test_a_refusal_without_a_branch_has_words():
    """And then the call ends."""
    call = given_call("1", promise=Promise.REFUSED, nodes={"ask": {"callback": "sales"}})
    assert await path_of(call) == "ask=refused"
    assert call.voice.heard[-1] == "en/callback-refused"


async def test_a_queue_that_no_longer_calls_back_promises_nothing():
    """A reload took the section away while the caller was in the flow."""
    call = given_call("1")
    call.host.terms = None
    assert await path_of(call) == "ask=refused sorry=hangup"
