r"""Channel variables by the handful: one `EXEC MSet` for all of them, since each command is a round trip.

What Asterisk 22.10.1 was seen to do with `EXEC MSet "A=1,B=2"`:

- `,` separates, unless it stands inside `(…)` or `[…]`; `"` toggles quoting and vanishes; `\` makes the next
  character plain. With these seven escaped every text arrives as it was, leading and trailing spaces,
  `=`, `&`, `/`, `;`, `%`, `'` and Chinese included; `${…}` is not evaluated.
- From the 99th pair on, the rest of the line becomes the value of the 99th.
- A function is a name like another: `CHANNEL(language)`, `TIMEOUT(absolute)`.
- `SET VARIABLE PUSH(NAME,&) more` appends `&more`: a dial list that no line can hold goes in pieces
  (10,559 characters arrived whole).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ccd.agi.wire import MAX_COMMAND, command
from ccd.errors import AgiCommandError

MAX_VALUE = 8_000
"""Bytes of one value: Asterisk gives an application at most 8,191 for all of its arguments."""
MAX_PAIRS = 50

_NAME = re.compile(r"_{0,2}[A-Za-z]\w*(\([\w,.-]*\))?", re.ASCII)
_SPECIAL = re.compile(r'[\\",()\[\]]')
_ESCAPED = r"\\\g<0>"
_ROOM = MAX_COMMAND - len(b'EXEC "MSet" ""\n')
_PIECE = MAX_COMMAND // 2 - 50
"""Bytes of a value's piece: each of them may need a backslash, and the command's words stand before it."""


def set_commands(variables: Mapping[str, str]) -> Iterator[bytes]:
    """Give the commands that set these variables, in the mapping's order: one, unless they are very long.

    Raises AgiCommandError for a name that is none, a value with CR, LF or NUL, or a value that no line can
    hold and that has no `&` to be cut at.
    """
    pairs = [f"{_checked(name)}={_SPECIAL.sub(_ESCAPED, value)}" for name, value in variables.items()]
    if len(pairs) <= MAX_PAIRS and _cost(",".join(pairs)) <= _ROOM:
        if pairs:
            yield _mset(pairs)
        return
    yield from _packed(variables, pairs)


def _packed(variables: Mapping[str, str], pairs: list[str]) -> Iterator[bytes]:
    """Give as few lines as hold these pairs, and for a pair that no line holds lines of its own."""
    line: list[str] = []
    room = _ROOM
    for (name, value), pair in zip(variables.items(), pairs, strict=True):
        cost = _cost(pair) + 1  # the comma
        if line and (cost > room or len(line) == MAX_PAIRS):
            yield _mset(line)
            line, room = [], _ROOM
        if cost <= room:
            line.append(pair)
            room -= cost
        else:
            yield from _piecewise(name, value)
    if line:
        yield _mset(line)


@lru_cache(maxsize=256)
def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AgiCommandError(f"not the name of a channel variable: {name[:80]!r}")
    return name


def _mset(pairs: list[str]) -> bytes:
    return command("EXEC", "MSet", ",".join(pairs))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _cost(text: str) -> int:
    """Bytes of a text on the line, where backslashes and quotes are doubled."""
    return _size(text) + text.count("\\") + text.count('"')


def _piecewise(name: str, value: str) -> Iterator[bytes]:
    """Set a value that no line can hold: its beginning, then the pieces after each cut at a `&`."""
    if _size(value) > MAX_VALUE:
        raise AgiCommandError(f"the value of {name} is over {MAX_VALUE} bytes")
    pieces: list[str] = []
    for part in value.split("&"):
        if _size(part) > _PIECE:
            raise AgiCommandError(f"the value of {name} is too long for a line and has no & to be cut at")
        if pieces and _size(pieces[-1]) + _size(part) < _PIECE:
            pieces[-1] = f"{pieces[-1]}&{part}"
        else:
            pieces.append(part)
    yield command("SET VARIABLE", name, pieces[0])
    for piece in pieces[1:]:
        yield command("SET VARIABLE", f"PUSH({name},&)", piece)
