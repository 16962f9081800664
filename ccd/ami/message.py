"""One AMI message: its headers are looked up where they stand.

Of the thirty headers of an event, three or four are wanted: finding those in the bytes and decoding them
alone costs a third of taking all of them apart, and events are the hot path.
"""

from collections.abc import Iterator
from functools import lru_cache


class AmiMessage:
    """One response or event. Header names are written as Asterisk writes them, e.g. `DestUniqueid`.

    Values are text; bytes that are no UTF-8 become U+FFFD.
    """

    __slots__ = ("_raw",)

    def __init__(self, frame: bytes) -> None:
        # With a line end on both sides every header looks the same, the first and the last too.
        self._raw = b"\r\n%b\r\n" % frame

    def get(self, name: str) -> str | None:
        """Give a header's value, the first if it is repeated; `""` if it is empty, None if it is absent."""
        raw = self._raw
        head = _head(name)
        start = raw.find(head)
        if start < 0:
            return None
        start += len(head)
        return raw[start : raw.find(b"\r\n", start)].decode("utf-8", "replace")

    def get_all(self, name: str) -> list[str]:
        """Give the values of a header that may be repeated (`Output`, `ChanVariable`, …), in order."""
        return [value for header, value in self.items() if header == name]

    def items(self) -> Iterator[tuple[str, str]]:
        """Give every header in order, repeated ones too; what is no `Name: value` line is passed over."""
        for line in self._raw.decode("utf-8", "replace").split("\r\n"):
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
        return f"AmiMessage({self._raw[2:-2]!r})"


@lru_cache(maxsize=256)
def _head(name: str) -> bytes:
    return f"\r\n{name}: ".encode()
