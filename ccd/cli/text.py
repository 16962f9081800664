"""Text for terminals: columns that line up under 汉字, times for people, nothing that moves the cursor."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_GAP = "  "


def clean(text: object) -> str:
    """Replace control, invisible and bidirectional characters: what callers send is shown, never obeyed."""
    return _UNSAFE.sub("\ufffd", str(text))


def width(text: str) -> int:
    """Give the columns that a terminal needs for clean text."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """Shorten text to so many columns, with an ellipsis."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for char in text:
        used += _columns(char)
        if used > columns - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill text with blanks to so many columns."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(
    titles: Sequence[str], rows: Sequence[Sequence[object]], *, columns: int | None = None
) -> list[str]:
    """Lay rows out under titles; a title that begins with `>` aligns its column right.

    With `columns` every line is cut to the terminal's width.
    """
    right = [title.startswith(">") for title in titles]
    cells = [[title.lstrip(">") for title in titles]]
    cells += [["-" if cell in {None, ""} else clean(cell) for cell in row] for row in rows]
    widths = [max(width(line[at]) for line in cells) for at in range(len(titles))]
    lines = [
        _GAP.join(pad(cell, widths[at], right=right[at]) for at, cell in enumerate(line)).rstrip()
        for line in cells
    ]
    return lines if columns is None else [cut(line, columns) for line in lines]


def duration(seconds: float | None) -> str:
    """Give seconds as `0:07`, `12:05` or `1:02:03`."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def parse_instant(instant: str) -> datetime:
    """Read an instant of the API."""
    return datetime.fromisoformat(instant)


def local(instant: str | None) -> str:
    """Give an instant of the API in this machine's time zone."""
    return "" if instant is None else f"{parse_instant(instant).astimezone():%Y-%m-%d %H:%M:%S}"


def since(instant: str | None, now: datetime | None = None) -> float | None:
    """Give the seconds since an instant of the API, never negative."""
    if instant is None:
        return None
    return max(0.0, ((now or datetime.now(UTC)) - parse_instant(instant)).total_seconds())
