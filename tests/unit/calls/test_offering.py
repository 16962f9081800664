"""What is set for an offer: what the agent's phone shows and plays, from texts that may be hostile."""

from types import SimpleNamespace
from typing import Any

import pytest

from ccd.calls import offering
from ccd.commands import OfferCall
from ccd.config.queues import Queue
from ccd.model import AgentNumber, CallId, Device, OfferId, QueueName, Sound
from tests.unit.calls.test_book import given_call

OFFER = OfferCall(
    call_id=CallId("c1"),
    offer_id=OfferId("o1"),
    queue=QueueName("sales"),
    agents=(AgentNumber("1001"),),
    devices=(Device("PJSIP/1001"),),
    ring_s=20,
)


def told(*, name: str = "", waited_s: float = 0.0, **queue: Any) -> dict[str, str]:
    """Give what is set for a call of 138 to the queue sales."""
    sounds = SimpleNamespace(sounds=lambda prompt, language: [Sound(path=f"/s/{language}/{prompt}")])
    house: Any = SimpleNamespace(
        config=SimpleNamespace(queues={"sales": Queue.model_validate(queue)}, language="en"),
        clock=SimpleNamespace(now=lambda: waited_s),
        design=SimpleNamespace(catalogue=sounds),
    )
    call = given_call()
    call.joined_at, call.caller_name = 0.0, name
    call.caller.variables["account"] = "4711"
    return offering.variables(house, call, OFFER)


def test_a_queue_that_wants_nothing_sets_nothing_but_the_options():
    """Those of an earlier queue must not stay."""
    assert told() == {"CCD_OFFER": ""}


def test_the_phone_shows_queue_and_number():
    """By the queue's label; what the phone is to be told goes to its channel by inheritance."""
    shown = told(display="{queue}: {number} {account} {nothing}", labels={"zh": "销售"}, send_call_id=True)
    assert shown == {
        "_CCD_SHOWN": "销售: 138 4711",
        "_CCD_ALERT": "",
        "_CCD_CALL": "c1",
        "CCD_OFFER": "b(ccd-offer^s^1)",
    }


def test_a_hostile_name_is_shown_as_text_and_not_too_long():
    """Control and bidirectional characters are left out; a space is a space."""
    shown = told(name="a\u202e\x07b \r\n c" + "x" * 200, display="{name}")["_CCD_SHOWN"]
    assert shown.startswith("ab cx")
    assert len(shown) == 80


@pytest.mark.parametrize(
    ("waited_s", "words"),
    [(0.0, "/s/en/own/a"), (125.0, "/s/en/own/a&/s/en/whisper-waited&/s/en/n-2&/s/en/minutes")],
)
def test_the_whisper_tells_for_how_long_the_caller_has_waited(waited_s, words):
    """In whole minutes, from one on."""
    whisper = {"prompt": "own/a", "wait": True}
    assert told(whisper=whisper, waited_s=waited_s) == {"_CCD_WHISPER": words, "CCD_OFFER": "U(ccd-whisper)"}
