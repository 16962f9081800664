"""What the manager link is told at its start, and what it counts."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiSettings:
    """Where Asterisk's manager interface is, who we are there, and how long we wait for it.

    A half-open link is noticed within `ping_interval_s + ping_timeout_s`.
    """

    host: str = "127.0.0.1"
    port: int = 5038
    username: str = "ccd"
    secret: str = field(repr=False)
    connect_timeout_s: float = 5.0
    action_timeout_s: float = 5.0
    """Also of the login, which Asterisk delays by one second when it refuses."""
    list_timeout_s: float = 15.0
    """For one list of a resync."""
    boot_timeout_s: float = 60.0
    """How long `FullyBooted` is awaited; then the link is used as it is, and a late one resyncs again."""
    ping_interval_s: float = 5.0
    ping_timeout_s: float = 5.0
    reconnect_first_s: float = 0.1
    reconnect_max_s: float = 2.0
    """The wait between two attempts doubles from the first up to this; each is shortened by chance, to half
    at most."""
    queue_limit: int = 20_000
    """Events that may wait to be delivered; beyond it they are dropped, and Asterisk is asked anew."""


@dataclass(slots=True, kw_only=True)
class AmiCounters:
    """What the link has seen since the process started."""

    bytes_received: int = 0
    messages: int = 0
    """Messages of every kind, those that nobody wants among them."""
    events: int = 0
    """Events that became one of ours."""
    failures: int = 0
    """Events whose listener raised."""
    overflows: int = 0
    """Times that the delivery queue was full and all in it was dropped."""
    resyncs: int = 0
    reconnects: int = 0
    """Attempts to connect after the first one."""
    unknown_outcomes: int = 0
    """Actions that were never answered."""
    last_pong_at: float | None = None
    """Monotonic instant of the last answer to a ping on that session which has waited longer for one."""
    queued: int = 0
    """Events that wait to be delivered at this moment."""

    def snapshot(self, *, queued: int, last_pong_at: float | None) -> "AmiCounters":
        """Give a copy that does not change any more."""
        return replace(self, queued=queued, last_pong_at=last_pong_at)
