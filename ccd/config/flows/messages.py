"""The node that takes a message: voicemail."""

from collections.abc import Iterator

from ccd.config.base import Name
from ccd.config.flow_values import PromptName, Target
from ccd.config.flows.node import Edge, Node, Pace
from ccd.config.problems import Location


class Voicemail(Node):
    """Let the caller leave a message: `{voicemail: sales, next: bye, on_empty: menu, on_failed: operator}`.

    `next` follows a message that is kept, `on_empty` none (nothing said, too short, cancelled), `on_failed`
    an apology when nothing can be recorded, on a full disk for one.
    """

    kind = "voicemail"
    may_end = True
    many_branches = True

    voicemail: Name
    greeting: PromptName | None = None
    """Default: the mailbox's."""
    next: Target | None = None
    on_empty: Target | None = None
    on_failed: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Give what may come of it."""
        yield Edge(("next",), "message kept", self.next, Pace.WAITED)
        yield Edge(("on_empty",), "no message", self.on_empty, Pace.SILENT)
        yield Edge(("on_failed",), "failed", self.on_failed, Pace.INSTANT)

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the mailbox."""
        yield ("voicemail",), "mailbox", self.voicemail

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the greeting of this node."""
        if self.greeting:
            yield ("greeting",), self.greeting

    def heard(self) -> tuple[str, ...]:
        """Give the greeting of this node."""
        return (self.greeting,) if self.greeting else ()
