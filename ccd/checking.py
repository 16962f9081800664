"""The whole check of a configuration: files and keys, then what must hold between the nodes of flows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ccd.config import Config, Loaded, read
from ccd.config.named_prompts import named_prompts
from ccd.errors import ConfigError, ConfigProblem
from ccd.ivr.check import (
    Known,
    check_choices,
    check_flows,
    check_mailboxes,
    check_named_prompts,
    check_queue_prompts,
    check_surveys,
)
from ccd.ivr.check_sounds import NOTHING_YET, check_sounds
from ccd.ivr.problems import Problem
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found."""

    path: Path
    problems: tuple[ConfigProblem, ...]
    """Each forbids the use of the configuration."""
    warnings: tuple[ConfigProblem, ...] = ()
    config: Config | None = None
    """None when it is so wrong that its flows could not be looked at."""


def examine(path: Path) -> Examined:
    """Read a configuration and check all of it."""
    try:
        loaded = read(path)
    except ConfigError as error:
        return Examined(path=path, problems=error.problems)
    config = loaded.config
    catalogue = _catalogue(config)
    known = Known(
        queues=frozenset(config.queues),
        callbacks=frozenset(name for name, queue in config.queues.items() if queue.callback is not None),
        surveys=frozenset(config.surveys),
        hours=frozenset(config.hours),
        lookups=frozenset(config.lookups),
        lists=frozenset(config.lists),
        mailboxes=frozenset(config.voicemail.mailboxes),
        prompts=catalogue.ids,
        may_dial=config.outbound.permits,
        choices={name: queue.choices for name, queue in config.queues.items()},
    )
    found = [
        *check_flows(config.flows, known),
        *check_choices(config.flows, known),
        *check_queue_prompts({name: queue.prompts() for name, queue in config.queues.items()}, known),
        *check_surveys(config.surveys, known),
        *check_mailboxes(config.voicemail.mailboxes, known),
    ]
    named = list(named_prompts(config))
    told = {problem.at for problem in found}
    found += [problem for problem in check_named_prompts(named, known) if problem.at not in told]
    silent = [NOTHING_YET]
    if catalogue.own:
        silent = check_sounds(named, catalogue.says)
    return Examined(
        path=path,
        problems=tuple(_placed(found, loaded)),
        warnings=(*loaded.warnings, *_placed(silent, loaded)),
        config=config,
    )


def _catalogue(config: Config) -> Catalogue:
    prompts = config.prompts
    core = None if prompts.core is None else Path(prompts.core)
    return Catalogue(Manifest.with_own(prompts.own()), Path(prompts.directory), core=core)


def _placed(found: Iterable[Problem], loaded: Loaded) -> Iterator[ConfigProblem]:
    """Say in which file and line each key stands; a key that is absent is where its mapping is."""
    for each in found:
        place = loaded.source.place(each.at)
        yield ConfigProblem(
            file=place.file,
            line=place.line,
            key=each.path,
            message=each.message,
            remedy=each.remedy,
            message_zh=each.message_zh,
            remedy_zh=each.remedy_zh,
        )
