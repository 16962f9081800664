"""What the keys of `ccd top` do, without a terminal."""

from typing import Any

import pytest

from ccd.cli.top_screen import DOWN, ENTER, ESCAPE, TAB, Part, Screen, Wish, key_of, window


def top(**changed: Any) -> Any:
    """Give two queues, two calls, two agents of whom one is on a break, and one who is not there."""
    return {
        "queues": [{"name": "sales"}, {"name": "support"}],
        "calls": [
            {"id": "1.1", "phase": "ivr", "queue": None},
            {"id": "2.2", "phase": "talking", "queue": "sales"},
        ],
        "agents": [
            {"number": "1001", "status": "available"},
            {"number": "1002", "status": "paused"},
            {"number": "1003", "status": "logged_out"},
        ],
        **changed,
    }


def typed(screen: Screen, *keys: str, shown: Any = None) -> Wish | None:
    """Press keys; give the last wish."""
    wish = None
    for key in keys:
        wish = screen.press(key, shown or top())
    return wish


def test_a_caller_is_moved_to_a_queue_that_is_typed():
    """The second call, by the name of the queue."""
    assert typed(Screen(), DOWN, "m", *"support", ENTER) == Wish(
        parts=("calls", "2.2", "redirect"), body={"to": "queue/support"}, told="2.2 → support"
    )


@pytest.mark.parametrize(
    ("phase", "queue", "what"),
    [
        ("waiting", "sales", "move"),
        ("ringing", "sales", "move"),
        ("ringing", None, "redirect"),
        ("ivr", None, "redirect"),
    ],
)
def test_who_waits_is_moved_without_losing_their_place(phase, queue, what):
    """Whoever waits in no queue has no place to keep."""
    shown = top(calls=[{"id": "1.1", "phase": phase, "queue": queue}])
    wish = typed(Screen(), "m", *"support", ENTER, shown=shown)
    assert wish is not None
    assert wish.parts == ("calls", "1.1", what)
    assert wish.body == ({"queue": "support"} if what == "move" else {"to": "queue/support"})


def test_escape_forgets_what_was_being_typed():
    """Nothing is done, and keys are keys again."""
    screen = Screen()
    assert typed(screen, "m", *"sup", ESCAPE) is None
    typed(screen, "q")
    assert screen.over


def test_a_question_takes_letters_that_are_keys_elsewhere():
    """The q of a queue's name does not end the view."""
    screen = Screen()
    wish = typed(screen, "m", *"qq", ENTER)
    assert wish is not None
    assert wish.body == {"to": "queue/qq"}
    assert not screen.over


def test_the_supervisors_phone_is_asked_for_once():
    """And asked again when that phone did not do."""
    screen = Screen()
    first = typed(screen, "l", *"1009", ENTER)
    assert first is not None
    assert first.body == {"mode": "listen", "extension": "1009"}
    again = typed(screen, "b")
    assert again is not None
    assert again.body == {"mode": "barge", "extension": "1009"}
    screen.failed("not answered")
    assert typed(screen, "w") is None
    assert screen.prompt.startswith("on which phone?")


@pytest.mark.parametrize(("answer", "done"), [("y", True), ("n", False), ("", False)])
def test_nobody_is_hung_up_by_one_key(answer, done):
    """It has to be confirmed."""
    assert bool(typed(Screen(), "h", *answer, ENTER)) is done


@pytest.mark.parametrize(
    ("steps", "what"), [(0, ("agents", "1001", "pause")), (1, ("agents", "1002", "ready"))]
)
def test_one_key_sends_on_a_break_and_takes_back(steps, what):
    """Whatever fits the agent who is marked."""
    wish = typed(Screen(), TAB, *[DOWN] * steps, "p")
    assert wish is not None
    assert wish.parts == what


def test_the_mark_stays_with_its_call_when_others_come_and_go():
    """Rows move; what is marked does not change under the user's finger."""
    screen = Screen()
    typed(screen, DOWN)
    assert screen.marked(top()) == (Part.CALLS, 1)
    later = top(calls=[{"id": "2.2"}, {"id": "3.3"}])
    assert screen.marked(later) == (Part.CALLS, 0)
    assert screen.marked(top(calls=[])) is None
    assert typed(screen, "h", shown=top(calls=[])) is None


def test_a_key_does_nothing_to_the_line_that_took_the_place_of_the_marked_one():
    """The agent who was marked has signed out in the instant before the key; an arrow chooses again."""
    screen = Screen()
    typed(screen, TAB)
    assert screen.marked(top()) == (Part.AGENTS, 0)
    later = top(agents=[{"number": "1002", "status": "available"}])
    assert screen.marked(later) is None
    assert typed(screen, "o", shown=later) is None
    assert "gone" in screen.note
    wish = typed(screen, DOWN, "o", shown=later)
    assert wish is not None
    assert wish.parts == ("agents", "1002", "sign-out")


def test_arrows_are_read_whichever_way_a_terminal_sends_them():
    """Both modes of cursor keys."""
    assert [key_of(sent) for sent in ("\x1b[B", "\x1bOB", "\t", "x")] == [DOWN, DOWN, TAB, "x"]


def test_the_marked_line_is_always_to_be_seen():
    """Whatever the height."""
    rows = [str(number) for number in range(100)]
    for row in (0, 1, 50, 98, 99):
        seen = window(rows, row, 10)
        assert len(seen) == 10
        assert row in [index for index, _ in seen]
