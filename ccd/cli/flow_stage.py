"""What `ccd flow try` and `ccd flow test` share: the flows of a configuration, ready to be played."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ccd.cli.messages import _
from ccd.cli.terminal import Terminal
from ccd.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from ccd.config import Config
    from ccd.ivr.book import Book
    from ccd.ivr.rehearsal import Scene


@dataclass(frozen=True, slots=True)
class Stage:
    """Flows, and the words of their prompts."""

    config: "Config"
    book: "Book"
    words: Callable[[str, str], str | None]

    def scene(
        self,
        flow: str,
        *,
        caller: str,
        called: str | None = None,
        at: datetime | None = None,
        language: str | None = None,
        channel: Mapping[str, str] | None = None,
    ) -> "Scene":
        """Say who calls where and when; what is left out is as for a call to the flow's first number."""
        from ccd.ivr.conversation import local
        from ccd.ivr.rehearsal import Scene

        if flow not in self.config.flows:
            known = ", ".join(self.config.flows) or "-"
            raise NotFoundError(_("there is no flow {name!r}; there are: {known}", name=flow, known=known))
        numbers = (number for number, to in self.config.numbers.items() if to.flow == flow)
        return Scene(
            flow=flow,
            caller=caller,
            called=called or next(numbers, ""),
            at=local(at, self.book) if at is not None else datetime.now(UTC),
            language=language or self.config.language,
            channel=channel or {},
        )


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what a flow writes into the daemon's log from between what the caller hears."""
    import structlog

    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def set_stage(out: Terminal) -> Stage:
    """Read the configuration, which must be one that the daemon would take."""
    from ccd.checking import examine
    from ccd.cli.prompts import words_of
    from ccd.ivr.book import Book
    from ccd.prompts.manifest import Manifest

    found = examine(out.config_path())
    if found.problems or found.config is None:
        raise ConfigError(problems=found.problems)
    manifest = Manifest.with_own(found.config.prompts.own())

    def words(prompt: str, language: str) -> str | None:
        return words_of(manifest, prompt, language)

    return Stage(found.config, Book.of(found.config), words)
