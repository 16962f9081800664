"""Lists of callers in memory: a caller is looked up in microseconds, whatever the database does.

Numbers are compared in their international form, so that `13800138000`, `+8613800138000` and
`008613800138000` are one. Whoever changes a list changes it here and in the database, see
`ccd.backend.caller_lists`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

import phonenumbers

from ccd.outbound.numbers import callee
from ccd.records.caller_lists import ListEntry

MAX_ENTRIES = 200_000
"""Of all lists together: about 100 MB."""
_LEAST_PREFIX = 2
_NUMBER = re.compile(r"\+?[0-9A-Za-z#*_.-]{1,40}", re.ASCII)
_PREFIX = re.compile(r"\+?[0-9]{2,20}\*", re.ASCII)
_ORNAMENT = re.compile(r"[\s()\u2010-\u2015-]")


@lru_cache(maxsize=8192)
def international(number: str, country: str) -> str:
    """Give a number's international form, itself where it is none."""
    return callee(number, country).e164


def entry_number(told: str, country: str) -> str | None:
    """Give what a list keeps of a number, or of a beginning with `*`; None: it is neither."""
    text = _ORNAMENT.sub("", told)
    if _PREFIX.fullmatch(text):
        return _beginning(text[:-1], country) + "*"
    return international(text, country) if _NUMBER.fullmatch(text) and "*" not in text else None


def _beginning(text: str, country: str) -> str:
    if text.startswith("+"):
        return text
    if text.startswith("00"):
        return f"+{text[2:]}"
    trunk = phonenumbers.ndd_prefix_for_region(country, True) or ""  # noqa: FBT003 - the library's way
    return f"+{phonenumbers.country_code_for_region(country)}{text.removeprefix(trunk)}"


class CallerLists:
    """All entries of all lists."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, ListEntry]] = {}
        self._lengths: dict[str, set[int]] = {}
        """Of the beginnings in each list."""

    def __len__(self) -> int:
        return sum(map(len, self._lists.values()))

    def entries(self, name: str) -> Iterator[ListEntry]:
        """Give a list's entries in the order of their numbers."""
        found = self._lists.get(name, {})
        return (found[number] for number in sorted(found))

    def get(self, name: str, number: str) -> ListEntry | None:
        """Find the entry of a number as `entry_number` gives it."""
        return self._lists.get(name, {}).get(number)

    def put(self, entries: Iterable[ListEntry]) -> None:
        """Add entries, or replace those of the same numbers."""
        for entry in entries:
            self._lists.setdefault(entry.list, {})[entry.number] = entry
            if entry.is_prefix:
                self._lengths.setdefault(entry.list, set()).add(len(entry.number) - 1)

    def remove(self, name: str, numbers: Iterable[str]) -> None:
        """Take numbers off a list."""
        for number in numbers:
            self._lists.get(name, {}).pop(number, None)

    def is_listed(self, name: str, number: str, country: str, now: datetime) -> bool:
        """Whether a number as it was shown, or a beginning of it, is on a list and still counts."""
        found = self._lists.get(name)
        if not found or not number:
            return False
        whole = international(number[:40], country)
        keys = (whole, *(f"{whole[:length]}*" for length in self._lengths.get(name, ())))
        return any(key in found and found[key].counts(now) for key in keys)
