"""Lists of callers."""

from typing import TypedDict

from ccd.http.shapes.agents import ImportProblem
from ccd.http.shapes.instants import Instant


class CallerList(TypedDict):
    """One list: `GET /lists`."""

    name: str
    labels: dict[str, str]
    entries: int
    expired: int
    """Of the entries those that no longer count."""
    blacklist: bool
    """Whether its callers are refused."""


class ListEntry(TypedDict):
    """One number on a list, or all that begin alike."""

    number: str
    """International: `+8613800138000`, `+86571*`."""
    note: str
    until_at: Instant | None
    added_at: Instant | None
    expired: bool


class ListPage(TypedDict):
    """`GET /lists/NAME`, in the order of numbers."""

    items: list[ListEntry]
    next_cursor: str | None
    """Give it back as `after` for the next page; `None`: this was the last."""


class ListResult(TypedDict):
    """`POST /lists/NAME`: what was done, or on a dry run would be."""

    added: int
    changed: int
    removed: int
    missing: list[str]
    """Numbers that were to be removed and are not there."""
    problems: list[ImportProblem]
    """With one of them nothing was changed."""
