"""Whom an agent consulted, and so sent the caller to: Asterisk does not always name them at the end."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from ccd.calls.book import CallBook
from ccd.calls.phone_events import PhoneEvents
from ccd.calls.targets import Target
from ccd.events import CallerHandedOver, ConferenceBegan
from ccd.model import AgentNumber, AgentStatus, CallId, ChannelId, Extension
from tests.unit.calls.test_book import given_call


class Session:
    """A consultation's channel, asking for a number that agent 8001 dialled on phone 1001."""

    def __init__(self, number: str) -> None:
        self.request = SimpleNamespace(args=(number,))
        self.answer: dict[str, str] = {}

    async def get_variable(self, name: str) -> str:
        """Give whose channel it was."""
        return {"TRANSFERERNAME": "PJSIP/1001-0000002a"}[name]

    async def set_variables(self, variables: dict[str, str]) -> None:
        """Keep what is told."""
        self.answer |= variables


def given_house() -> Any:
    """Make a house in which agent 8001 talks with the caller c1 on phone 1001; 1002 is a phone, too."""
    talking = SimpleNamespace(call_id=CallId("c1"), status=AgentStatus.AVAILABLE, extension=Extension("1001"))
    engine = SimpleNamespace(
        agent=lambda number: talking if number == "8001" else None,
        agent_on=lambda extension: talking if extension == "1001" else None,
    )
    book, told = CallBook(), []
    call = given_call("c1")
    call.caller.agent = AgentNumber("8001")
    book.open(call)
    return SimpleNamespace(
        book=book,
        told=told,
        call=call,
        clock=SimpleNamespace(now=lambda: 5.0),
        config=SimpleNamespace(numbers={}, phones=[SimpleNamespace(extension="1002")]),
        dispatcher=SimpleNamespace(engine=engine, feed=told.append),
        scribe=SimpleNamespace(note=told.append),
    )


@pytest.mark.parametrize(
    ("by_keys", "named", "sent_to"),
    [(True, "", "1002"), (True, "13857030005", "1002"), (False, "1009", "1009"), (False, "", "")],
)
async def test_who_was_dialled_by_keys_has_the_caller_whatever_asterisk_names(by_keys, named, sent_to):
    """It may name nobody, or the caller whom the phone showed; a phone's own second call is its own."""
    house = given_house()
    session: Any = Session("1002")
    await Target(house)(session)
    assert session.answer == {"CCD_DIAL": "PJSIP/1002", "CCD_NEXT": "phone"}
    PhoneEvents(house)(CallerHandedOver(caller=house.call.channel, number=named, by_keys=by_keys))
    (entry,) = house.told
    assert (entry.to, entry.agent, house.call.outside) == (sent_to, "8001", sent_to)
    assert house.call.consulting == ""


async def test_who_is_taken_into_a_conference_is_whom_the_agent_dialled():
    """The engine, and so the record, hears of them by that number."""
    house = given_house()
    session: Any = Session("1002")
    await Target(house)(session)
    began = ConferenceBegan(caller=house.call.channel, leg=ChannelId("1.2"), number="")
    PhoneEvents(house)(began)
    assert house.told == [replace(began, number="1002")]


async def test_a_consultation_without_ccd_is_named_by_asterisk():
    """Nobody asked us where the number leads."""
    house = given_house()
    PhoneEvents(house)(CallerHandedOver(caller=house.call.channel, number="1002", by_keys=True))
    assert house.told[0].to == "1002"
