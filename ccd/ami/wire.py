"""AMI's bytes: cut into messages, and made of actions. No I/O, and a bound on everything.

AMI is text: `Name: value` lines ended by CR LF, a message ended by an empty line, and one line of greeting
before the first message. Messages are cut out of the bytes before anything is decoded, so that a character
split between two packets stays whole. What Asterisk reads of ours is bounded too: the figures below were
measured on Asterisk 22.10.1, which answers a longer line or message with an error of its own.
"""

import re
from collections.abc import Iterable, Sequence

from ccd.errors import AmiProtocolError, AmiValueError

MAX_MESSAGE = 64 * 1024
"""Bytes of one message from Asterisk, without the empty line that ends it."""
MAX_GREETING = 256
MAX_LINE = 1022
"""Bytes of one header that Asterisk reads, without CR LF."""
MAX_HEADERS = 128
"""Headers of one action, `Action` and `ActionID` among them."""

_END = b"\r\n\r\n"
_GREETING = b"Asterisk Call Manager/"
_EVENT = b"Event: "
_RESPONSE = b"Response: "
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FORBIDDEN = re.compile(r"[\r\n\0]")


class Framer:
    """Cuts the bytes of one connection into messages."""

    __slots__ = ("_rest", "version")

    def __init__(self) -> None:
        self._rest = bytearray()
        self.version: str | None = None
        """AMI's version by the greeting, e.g. `11.0.0`; None before it came."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take bytes; give the messages that are complete, without the empty line.

        AmiProtocolError: this is no AMI, or a message is over its bound. The connection is of no use then.
        """
        rest = self._rest
        searched = max(0, len(rest) - len(_END) + 1)
        rest += chunk
        if self.version is None:
            if not self._take_greeting():
                return []
            searched = 0
        if rest.find(_END, searched) < 0:
            self._check(len(rest) - len(_END) + 1)
            return []
        frames = bytes(rest).split(_END)
        self._rest = bytearray(frames.pop())
        self._check(max(map(len, frames)))
        return [whole for frame in frames if (whole := frame.lstrip(b"\r\n"))]

    def _take_greeting(self) -> bool:
        rest = self._rest
        end = rest.find(b"\r\n")
        seen = bytes(rest[: len(_GREETING)])
        if not _GREETING.startswith(seen) or (end < 0 and len(rest) > MAX_GREETING):
            raise AmiProtocolError(
                f"expected the greeting 'Asterisk Call Manager/…', got {bytes(rest[:40])!r}: "
                "is this the port of Asterisk's manager interface?"
            )
        if end < 0:
            return False
        self.version = rest[len(_GREETING) : end].decode("ascii", "replace")
        del rest[: end + 2]
        return True

    @staticmethod
    def _check(length: int) -> None:
        if length > MAX_MESSAGE:
            raise AmiProtocolError(f"a message from Asterisk is over {MAX_MESSAGE} bytes")


def event_name(frame: bytes) -> bytes | None:
    """Give the name of an event, None for a response. AmiProtocolError: it is neither."""
    if frame.startswith(_EVENT):
        end = frame.find(b"\r\n")
        return frame[len(_EVENT) : end] if end >= 0 else frame[len(_EVENT) :]
    if frame.startswith(_RESPONSE):
        return None
    raise AmiProtocolError(f"a message that is neither an event nor a response: {frame[:40]!r}")


def encode(headers: Iterable[tuple[str, str | Sequence[str]]]) -> bytes:
    """Give an action's bytes; a sequence of values becomes as many headers of that name.

    AmiValueError: Asterisk would not read it as it is meant. Values are not repeated in the error: one
    of them is the secret.
    """
    lines: list[bytes] = []
    for name, values in headers:
        if not _NAME.fullmatch(name):
            raise AmiValueError(f"{name!r} is no name of an AMI header")
        lines.extend(_line(name, value) for value in ([values] if isinstance(values, str) else values))
    if len(lines) > MAX_HEADERS:
        raise AmiValueError(f"an action of {len(lines)} headers; Asterisk reads at most {MAX_HEADERS}")
    return b"\r\n".join([*lines, b"", b""])


def _line(name: str, value: str) -> bytes:
    if (found := _FORBIDDEN.search(value)) is not None:
        raise AmiValueError(
            f"header {name}: character {found.start() + 1} of the value is {found.group()!r}, "
            "which would start a header or an action of its own"
        )
    try:
        line = f"{name}: {value}".encode()
    except UnicodeEncodeError as error:
        raise AmiValueError(f"header {name}: character {error.start + 1} of the line is no Unicode") from None
    if len(line) > MAX_LINE:
        raise AmiValueError(f"header {name} has {len(line)} bytes; Asterisk reads at most {MAX_LINE}")
    return line
