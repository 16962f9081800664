"""What `RECORD FILE` took down: how its reply reads.

As `handle_recordfile` of Asterisk's `res/res_agi.c` has it:

- `200 result=35 (dtmf) endpos=12800`: a key ended it; the last 200 ms, with the key's tone, are cut off;
- `200 result=… (timeout) endpos=…`: the time or the silence is over, and the result says nothing at all (it
  is what was left of the time, in ms, and so may look like a key); the silence is cut off but for a second;
- `200 result=… (randomerror) endpos=0`: a key, or -1 for a hang-up, during the beep: nothing was recorded;
- `200 result=-1 (hangup)` or `(waitfor)`: the caller left; what they said is in the file, whose header is
  written only after this reply;
- `200 result=-1 (writefile)`: no file was opened: no folder, no right to write there, or the disk is full.
"""

from dataclasses import dataclass

from ccd.agi.wire import Reply

SAMPLE_RATE = 8000
"""Of the formats in which ccd records; `endpos` counts samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A recording that ended while the caller is still there."""

    key: str
    """The key that ended it; empty: the time or the silence."""
    length_s: float


def cannot_write(reply: Reply) -> bool:
    """Whether Asterisk could not open the file."""
    return reply.data == "writefile"


def is_over(reply: Reply) -> bool:
    """Whether the caller left while they spoke, or during the beep."""
    return reply.result == "-1"


def taken(reply: Reply, digits: str) -> Taken:
    """Read the reply of a recording that ended with the caller still there; `digits`: those that end one."""
    by_key = reply.data in ("dtmf", "randomerror") and reply.result.isdecimal() and len(reply.result) <= 3
    key = chr(int(reply.result)) if by_key else ""
    return Taken(
        key=key if key and key in digits else "",
        length_s=(reply.end_position or 0) / SAMPLE_RATE,
    )
