"""FastAGI's bytes, without any I/O: what Asterisk sends becomes events, what we want becomes one line.

Text of the protocol: Asterisk's `res/res_agi.c`, and what Asterisk 22.10.1 was seen to send:

- the environment, `agi_name: value` a line, ended by an empty line;
- `200 result=1 (value)`, `200 result=53 endpos=5760`, `510 …`, `511 …` (the channel is dead);
- `520-…`, usage lines, `520 …` for a command with wrong arguments;
- `HANGUP` on a line of its own at any time, mostly twice.

Every bound here is a security limit. Framing works on bytes, each message is decoded as a whole.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from ccd.errors import AgiCommandError, AgiProtocolError

MAX_ENVIRONMENT = 65_536
MAX_ENVIRONMENT_LINES = 256
MAX_LINE = 8_192
MAX_USAGE_LINES = 64
MAX_COMMAND = 1_500
"""Bytes of a command line, newline included: Asterisk cuts longer ones at 2 KB in some versions and
executes the tail as a command of its own."""

_FIRST_BYTES = b"agi_"
_RESULT = re.compile(rb"200 result=(\S*)(?: \((.*)\))?(?: endpos=(\d{1,18}))?")
_OTHER = re.compile(rb"([1-9]\d\d)([- ])(.*)")
_UNSENDABLE = re.compile("[\x00\r\n\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The block with which a session begins: `agi_…` names and values, invalid UTF-8 replaced."""

    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one command."""

    code: int
    result: str = ""
    """What follows `result=`, e.g. `1`, `-1`, `53`; empty unless the code is 200."""
    data: str | None = None
    """What stands in parentheses, e.g. a variable's value; cut by Asterisk at 1,023 bytes."""
    end_position: int | None = None
    """`endpos` of a prompt, in samples."""
    text: str = ""
    """The message of a code other than 200."""


_USUAL = {b"200 result=%s" % text.encode(): Reply(code=200, result=text) for text in ("0", "1")}


class Hangup(Enum):
    """The out-of-band line `HANGUP`: this session is over (hung up, redirected, or its lease ran out)."""

    HANGUP = auto()


class Decoder:
    """One session's incoming bytes: `feed` them, then take events with `next_event` until it gives None.

    The events depend on the bytes alone, not on how they were split. Raises AgiProtocolError, and nothing
    else, for whatever is not AGI; the decoder cannot be used after that.
    """

    __slots__ = ("_buffer", "_in_environment", "_scanned", "_usage")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0  # bytes already searched in vain, so that a slow peer costs no second search
        self._in_environment = True
        self._usage: list[str] | None = None

    def feed(self, data: bytes | memoryview) -> None:
        """Take bytes as they came from the socket."""
        self._buffer += data

    def next_event(self) -> Environment | Reply | Hangup | None:
        """Give the next complete message, or None until more bytes come."""
        if self._in_environment:
            return self._next_environment()
        while (line := self._take_line()) is not None:
            if (event := self._line_event(line)) is not None:
                return event
        return None

    def _next_environment(self) -> Environment | None:
        start = bytes(self._buffer[: len(_FIRST_BYTES)])
        if not _FIRST_BYTES.startswith(start):
            raise AgiProtocolError(f"the peer does not speak AGI: it began with {start!r}")
        end = self._buffer.find(b"\n\n", max(0, self._scanned - 1))
        self._scanned = len(self._buffer)
        if end > MAX_ENVIRONMENT or (end < 0 and self._scanned > MAX_ENVIRONMENT + 1):
            raise AgiProtocolError(f"the AGI environment is over {MAX_ENVIRONMENT} bytes")
        if end < 0:
            return None
        block = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._scanned = 0
        self._in_environment = False
        return Environment(fields=_parse_environment(block))

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\n", self._scanned)
        self._scanned = len(self._buffer)
        if end > MAX_LINE or (end < 0 and self._scanned > MAX_LINE):
            raise AgiProtocolError(f"a line of AGI is over {MAX_LINE} bytes")
        if end < 0:
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._scanned = 0
        return line

    def _line_event(self, line: bytes) -> Reply | Hangup | None:
        if self._usage is not None:
            return self._usage_event(line)
        if (usual := _USUAL.get(line)) is not None:
            return usual
        if found := _RESULT.fullmatch(line):
            result, data, position = found.groups()
            return Reply(
                code=200,
                result=_text(result),
                data=None if data is None else _text(data),
                end_position=None if position is None else int(position),
            )
        if line == b"HANGUP":
            return Hangup.HANGUP
        if not (found := _OTHER.fullmatch(line)) or found[1] == b"200":
            raise AgiProtocolError(f"not a reply of AGI: {line[:80]!r}")
        if found[2] == b"-":
            self._usage = []
            return None
        return Reply(code=int(found[1]), text=_text(found[3]))

    def _usage_event(self, line: bytes) -> Reply | None:
        usage = self._usage
        assert usage is not None  # noqa: S101 - the one caller looked
        if line.startswith(b"520 "):
            self._usage = None
            return Reply(code=520, text=" ".join(usage).strip())
        if len(usage) >= MAX_USAGE_LINES:
            raise AgiProtocolError(f"a usage text of AGI is over {MAX_USAGE_LINES} lines")
        usage.append(_text(line).strip())
        return None


def _parse_environment(block: bytes) -> dict[str, str]:
    lines = _text(block).split("\n")
    if len(lines) > MAX_ENVIRONMENT_LINES:
        raise AgiProtocolError(f"the AGI environment is over {MAX_ENVIRONMENT_LINES} lines")
    try:
        fields = dict([line.split(": ", 1) for line in lines])
    except ValueError:
        raise AgiProtocolError(f"not an AGI environment: {block[:80]!r}") from None
    if len(fields) != len(lines):
        raise AgiProtocolError("the AGI environment names something twice: a value held a line break")
    return fields


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def command(verb: str, *arguments: str) -> bytes:
    r"""Give the line of a command: the verb as it is, each argument quoted, `"` and `\` escaped.

    Raises AgiCommandError for what AGI cannot carry: CR, LF, NUL, a lone surrogate, over `MAX_COMMAND` bytes.
    """
    line = verb
    for argument in arguments:
        line += ' "' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if _UNSENDABLE.search(line):
        raise AgiCommandError(f"a line break, NUL or half a character in an AGI command: {line[:80]!r}")
    data = line.encode() + b"\n"
    if len(data) > MAX_COMMAND:
        raise AgiCommandError(f"an AGI command of {len(data)} bytes is over {MAX_COMMAND}: {line[:80]!r}")
    return data
