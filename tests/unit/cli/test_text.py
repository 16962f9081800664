"""Text that terminals show: aligned, bounded, harmless."""

from datetime import UTC, datetime

import pytest

from ccd.cli import text


@pytest.mark.parametrize(
    ("shown", "columns"),
    [("", 0), ("sales", 5), ("销售", 4), ("张伟abc", 7), ("e\u0301", 1), ("ＡＢ", 4), ("…", 1)],
)
def test_width_is_what_a_terminal_needs(shown: str, columns: int):
    """Ideographs are two columns wide, combining marks none."""
    assert text.width(shown) == columns


def test_columns_line_up_under_chinese():
    """Every cell of a column begins at the same terminal column."""
    lines = text.table(["坐席", ">等待", "queue"], [["1001", 7, "销售"], ["张伟", 12, "sales"]])
    assert lines == ["坐席  等待  queue", "1001     7  销售", "张伟    12  sales"]
    assert (
        len(
            {text.width(line[: line.index(cell)]) for line, cell in zip(lines, ["q", "销", "s"], strict=True)}
        )
        == 1
    )


def test_empty_cells_are_dashes():
    """What is not known is seen to be not known."""
    assert text.table(["a", "b"], [[None, ""], [0, "x"]]) == ["a  b", "-  -", "0  x"]


def test_lines_are_cut_to_the_terminal():
    """Never wider than told, whatever the characters."""
    lines = text.table(["name"], [["张伟" * 40], ["x" * 200]], columns=21)
    assert lines[2] == "x" * 20 + "…"
    assert all(text.width(line) <= 21 for line in lines)
    assert lines[1].endswith("…")


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[31mred",
        "a\nb",
        "a\rb",
        "\x00",
        "\x9b2J",
        "gnp\u202e.exe",
        "\u200b",
        "\ufeffx",
        "\ud800",
        "\u2028",
    ],
)
def test_what_callers_send_is_shown_and_never_obeyed(hostile: str):
    """Control, invisible and bidirectional characters become U+FFFD; what is left can be printed."""
    shown = text.clean(hostile)
    assert "\ufffd" in shown
    assert not any(char in shown for char in "\x1b\n\r\x00\x9b\u202e\u200b\ufeff\ud800\u2028")
    shown.encode()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, ""),
        (-3.0, "0:00"),
        (7.9, "0:07"),
        (725.0, "12:05"),
        (3723.0, "1:02:03"),
        (360_000, "100:00:00"),
    ],
)
def test_durations_are_clock_like(seconds: float | None, shown: str):
    """Minutes and seconds, hours when needed."""
    assert text.duration(seconds) == shown


def test_since_is_never_negative():
    """A clock that was set back makes no negative durations."""
    now = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
    assert text.since("2026-11-21T08:59:50.500Z", now) == 9.5
    assert text.since("2026-11-21T09:00:10.000Z", now) == 0.0
    assert text.since(None, now) is None
