"""`ccd queue show` in the layout of Asterisk's `queue show`, letter by letter."""

from datetime import UTC, datetime

import pytest

from ccd.cli.queue_show import asterisk_lines, more_lines
from tests.integration.http.fake_backend import caller, figures, member, queue

NOW = datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)
T0 = "2026-11-21T09:00:00.000Z"


def test_a_busy_queue_reads_as_asterisk_prints_it():
    """Head line, members, callers; agents who are not signed in are no members."""
    assert asterisk_lines(queue(), NOW) == [
        (
            "sales has 2 calls (max unlimited) in 'rrmemory' strategy (3s holdtime, 12s talktime), "
            "W:0, C:5, A:1, SL:80.0%, SL2:75.0% within 20s"
        ),
        "   Members: ",
        (
            "      Agent 1001 (PJSIP/1001) (ringinuse disabled) (dynamic) (Not in use) "
            "has taken no calls yet (login was 30 secs ago)"
        ),
        (
            "      Agent 1002 (PJSIP/1002) with penalty 1 (ringinuse disabled) (dynamic) (in call) (In use) "
            "has taken 3 calls (last was 30 secs ago) (login was 30 secs ago)"
        ),
        "   Callers: ",
        "      1. PJSIP/trunk-00000001 (wait: 1:12, prio: 0)",
        "      2. PJSIP/trunk-00000002 (wait: 1:12, prio: 0)",
    ]


def test_an_empty_queue_reads_as_asterisk_prints_it():
    """No members, no callers, a limit."""
    lines = asterisk_lines(queue(max_length=5, waiting=0, weight=2, member_list=[], callers=[]), NOW)
    assert lines[0].startswith("sales has 0 calls (max 5) in 'rrmemory' strategy")
    assert ", W:2, " in lines[0]
    assert lines[1:] == ["   No Members", "   No Callers"]


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (
            {"status": "paused", "reason": "lunch", "since_at": T0},
            " (paused:lunch was 30 secs ago) (Not in use)",
        ),
        ({"status": "paused", "since_at": T0}, " (paused was 30 secs ago) (Not in use)"),
        ({"device_state": "RINGING"}, " (Ringing)"),
        ({"device_state": "RINGINUSE"}, " (Ring+Inuse)"),
        ({"device_state": "ONHOLD"}, " (On Hold)"),
        ({"device_state": "UNAVAILABLE"}, " (Unavailable)"),
        ({"device_state": "SOMETHING"}, " (Unknown)"),
    ],
)
def test_members_states_are_in_asterisks_words(changed: dict[str, str], shown: str):
    """As `ast_devstate2str` says them."""
    lines = asterisk_lines(queue(member_list=[member("1001", **changed)]), NOW)
    assert shown in lines[2]


def test_hostile_names_stay_on_their_line():
    """A name cannot forge a member or move the cursor."""
    evil = "x\n      Boss (PJSIP/1) \x1b[2J"
    lines = asterisk_lines(queue(member_list=[member("1001", name=evil)]), NOW)
    assert len(lines) == 6
    assert "\x1b" not in lines[2]


def test_what_asterisk_cannot_say_follows():
    """Timeouts apart from abandoned, sticky, who rings for whom, wrap-up and who is away."""
    resting = member("1004", state="wrap_up")
    shown = more_lines(queue(member_list=[member("1001"), resting], callers=[caller(1, offered_to=["1001"])]))
    assert "9 offered, 2 timed out, 1 left otherwise; sticky 2 hits, 1 misses" in shown[0]
    assert shown[1] == "   Callbacks: 0 waiting, 1 promised, 1 made"
    assert shown[2] == "   Estimated wait of a new caller: 2:30"
    assert "13800138000" in shown[3]
    assert shown[3].endswith("ringing 1001")
    assert shown[4] == "   Agent 1004: available, wrap up"
    assert len(shown) == 5


def test_a_callback_has_a_place_and_no_channel():
    """Scripts that read Asterisk's lines see who it is."""
    lines = asterisk_lines(queue(callers=[caller(1, callback=True, channel="")]), NOW)
    assert lines[-1].startswith("      1. callback/13800138000 (wait: ")


def test_figures_are_rounded_as_asterisk_rounds():
    """Whole seconds, one digit of a percentage."""
    quiet = queue(figures=figures(average_wait_s=0.0, average_talk_s=59.6, service_level=66.666))
    assert "(0s holdtime, 60s talktime)" in asterisk_lines(quiet, NOW)[0]
    assert "SL:66.7%" in asterisk_lines(quiet, NOW)[0]
