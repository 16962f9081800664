"""How long a caller has been here whom we meet for the first time: a record begins when the call did."""

from types import SimpleNamespace

import pytest

from ccd.calls import opening
from ccd.calls.opening import Arrival, age_s, find_again
from ccd.events import LiveChannel
from ccd.model import ChannelId
from tests.unit.calls.fakes import FakeClock


@pytest.mark.parametrize(
    ("since", "now", "expected"),
    [
        ("1795320866.735", "1795320866.738", 0.003),
        ("1795320866.735", "1795320868.235", 1.5),
        ("1795320866.735", "1795320866.700", 0.0),
        ("1795320866.735", "", 7.0),
        ("", "1795320866.735", 7.0),
        ("", "", 7.0),
        ("nan", "1795320866.735", 7.0),
        ("1795320866,735", "1795320866.735", 7.0),
    ],
)
def test_the_dialplan_tells_how_long_it_has_asked_in_vain(since, now, expected):
    """By one clock; an older dialplan tells nothing, and whoever reaches our port could say anything."""
    assert age_s(since, now, otherwise_s=7.0) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("came_s", "expected"),
    [(2.735, 2.735), (0.4, 0.4), (None, 2.0), (3600.0, 3.0), (-3600.0, 0.0)],
    ids=["by Asterisk alone", "by another dialplan first", "older dialplan", "clock behind", "clock ahead"],
)
def test_a_listed_caller_came_when_the_dialplan_noted(monkeypatch, came_s, expected):
    """To the millisecond where the list has whole seconds, and within the life of the channel."""
    clock = FakeClock()
    house = SimpleNamespace(
        clock=clock,
        epoch=lambda at: clock.wall(at).timestamp(),
        book=SimpleNamespace(of_channel=lambda _: None, has_departed=lambda _: False),
    )
    opened: list[Arrival] = []

    def enter(_: object, arrival: Arrival) -> SimpleNamespace:
        opened.append(arrival)
        return SimpleNamespace(dialled=None, call_id="1.1", queue=None)

    monkeypatch.setattr(opening, "open_call", enter)
    noted = {} if came_s is None else {"CCD_SINCE": f"{clock.wall(clock.now() - came_s).timestamp():.3f}"}
    channel = LiveChannel(
        channel=ChannelId("1.1"),
        name="PJSIP/trunk-1",
        linkedid="1.1",
        context="ccd-loop",
        age_s=2.0,
        variables=noted,
    )
    find_again(house, channel)
    assert [arrival.age_s for arrival in opened] == [pytest.approx(expected, abs=2e-3)]
