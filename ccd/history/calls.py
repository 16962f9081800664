"""The beginning and the end of a call."""

from dataclasses import dataclass

from ccd.model import CallId, Direction, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    """A caller's channel entered ccd."""

    call_id: CallId
    at: float
    channel: str
    """Asterisk's channel name."""
    linkedid: str
    number: str
    name: str
    called: str
    """The number that was dialled, e.g. `4000`."""
    language: str
    recovered: bool = False
    """True when the call was under way before our restart and `at` was taken from its channel."""
    direction: Direction = Direction.INBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The caller's channel is gone, or left ccd. Exactly one a call."""

    call_id: CallId
    at: float
    by: Side
    cause: int
    """Q.850 hangup cause."""
