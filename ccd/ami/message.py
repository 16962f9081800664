"""One AMI message: its headers are looked up where they stand.

Of the thirty headers of an event, three or four are wanted: finding those in the text costs less than half of
taking all of them apart, and events are the hot path.
"""

from collections.abc import Iterator
from typing import Self


class AmiMessage:
    """One response or event. Header names are written as Asterisk writes them, e.g. `DestUniqueid`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        # With a line end on both sides every header looks the same, the first and the last too.
        self._text = f"\r\n{text}\r\n"

    @classmethod
    def parse(cls, frame: bytes) -> Self:
        """Read one message of the wire; bytes that are no UTF-8 become U+FFFD."""
        return cls(frame.decode("utf-8", "replace"))

    def get(self, name: str) -> str | None:
        """Give a header's value, the first if it is repeated; `""` if it is empty, None if it is absent."""
        text = self._text
        start = text.find(f"\r\n{name}: ")
        if start < 0:
            return None
        start += len(name) + 4
        return text[start : text.find("\r\n", start)]

    def get_all(self, name: str) -> list[str]:
        """Give the values of a header that may be repeated (`Output`, `ChanVariable`, …), in order."""
        return [value for header, value in self.items() if header == name]

    def items(self) -> Iterator[tuple[str, str]]:
        """Give every header in order, repeated ones too; what is no `Name: value` line is passed over."""
        for line in self._text.split("\r\n"):
            name, colon, value = line.partition(": ")
            if colon:
                yield name, value

    @property
    def event(self) -> str:
        """The event's name; `""` for a response."""
        return self.get("Event") or ""

    @property
    def response(self) -> str:
        """`Success`, `Error`, `Goodbye`, …; `""` for an event."""
        return self.get("Response") or ""

    @property
    def action_id(self) -> str | None:
        """The ActionID of the action that this answers; None for an event that came by itself."""
        return self.get("ActionID")

    @property
    def id(self) -> str | None:
        """The same, by the name under which panoramisk looks it up."""
        return self.action_id

    def __repr__(self) -> str:
        return f"AmiMessage({self._text[2:-2]!r})"
