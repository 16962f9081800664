"""How long and how many: the bounds of the FastAGI server and the lease on a caller's channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiLimits:
    """Bounds of the server and of each session; seconds. Raises ValueError when they contradict one another.

    The lease is Asterisk's `TIMEOUT(absolute)`: the dialplan sets it before `AGI()`, a session renews it
    while it lives, and a channel whose daemon hangs goes to the `T` extension when it runs out.
    """

    max_sessions: int = 2000
    environment_s: float = 5.0
    """From the connection to the end of the environment block."""
    command_s: float = 5.0
    """For the reply to a command that Asterisk carries out at once, and the grace of a longer one."""
    lease_s: float = 30.0
    renew_s: float = 10.0
    unknown_length_s: float = 120.0
    """What a prompt may take whose length nobody told."""
    stop_s: float = 5.0
    """For handlers to end after `AgiServer.stop` closed their sessions; then they are cancelled."""

    def __post_init__(self) -> None:
        if self.max_sessions < 1:
            raise ValueError(f"max_sessions is {self.max_sessions}; at least one session is needed")
        if self.renew_s + self.command_s >= self.lease_s:
            raise ValueError(
                f"a lease of {self.lease_s} s cannot be renewed every {self.renew_s} s "
                f"by commands that may take {self.command_s} s: make lease_s larger than their sum",
            )
