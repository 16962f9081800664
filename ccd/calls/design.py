"""The configuration made ready for calls: flows checked, prompts found. A reload makes a new one.

A caller in a flow goes on in the old one until their session ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from ccd.checking import examine
from ccd.commands import Announce
from ccd.config import Config
from ccd.config.flows import AskRegion, Queue
from ccd.errors import ConfigError, ConfigProblem, NotFoundError
from ccd.ivr import regions, say
from ccd.ivr.book import AGENT, Book, Straight
from ccd.ivr.hours import HoursState, hours_state
from ccd.ivr.interpreter import Interpreter
from ccd.ivr.ports import Place
from ccd.model import QueueName, Sound
from ccd.outbound.policy import Directory, OutboundPolicy
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.manifest import Manifest

log = structlog.get_logger(__name__)

_MOST_WARNINGS = 20
"""That are logged one by one; `ccd check` has them all."""


def outbound_policy(config: Config) -> OutboundPolicy:
    """Give the outbound policy of a configuration."""
    zone = ZoneInfo(config.timezone)

    def is_open(name: str, at: datetime) -> bool:
        calendar = config.hours.get(name)
        return calendar is not None and hours_state(calendar, at, zone) is HoursState.OPEN

    return OutboundPolicy(
        config.outbound,
        Directory(
            outside_dial=config.asterisk.outside_dial,
            is_open=is_open,
            queue_caller_ids={name: queue.caller_id for name, queue in config.queues.items()},
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What callers meet."""

    config: Config
    flows: Book
    catalogue: Catalogue
    interpreter: Interpreter
    warnings: tuple[ConfigProblem, ...] = ()
    """What is odd and yet usable."""
    outbound: OutboundPolicy

    @classmethod
    def load(cls, path: Path) -> "Design":
        """Read and check the configuration; `ConfigError` holds every problem. Not on the event loop."""
        examined = examine(path)
        if examined.problems or examined.config is None:
            raise ConfigError(problems=examined.problems)
        for each in examined.warnings[:_MOST_WARNINGS]:
            log.warning("configuration", at=each.key, told=each.message, remedy=each.remedy)
        return cls.of(examined.config, examined.warnings)

    @classmethod
    def of(cls, config: Config, warnings: tuple[ConfigProblem, ...] = ()) -> "Design":
        """Make a configuration ready; looks at every prompt file, so not on the event loop."""
        manifest = Manifest.with_own(config.prompts.own())
        catalogue = Catalogue(
            manifest,
            Path(config.prompts.directory),
            asterisk_directory=config.prompts.asterisk_directory,
            core=None if config.prompts.core is None else Path(config.prompts.core),
        )
        flows = Book.of(config)
        if any(isinstance(node, AskRegion) for flow in config.flows.values() for node in flow.nodes.values()):
            regions.load()
        return cls(
            config=config,
            flows=flows,
            catalogue=catalogue,
            interpreter=Interpreter(flows, catalogue),
            outbound=outbound_policy(config),
            warnings=warnings,
        )

    def entrance(self, entry: str) -> Place:
        """Give the place where a caller begins: `number/4000`, `flow/main` or `queue/sales`.

        Raises NotFoundError when the dialplan names what the configuration does not have.
        """
        kind, _, name = entry.partition("/")
        number = self.config.numbers.get(name) if kind == "number" else None
        queue = number.queue if number is not None else name if kind == "queue" else None
        flow = number.flow if number is not None else name if kind == "flow" else None
        if number is not None and number.agent is not None:
            return Place(f"{AGENT}/{name}", AGENT)
        if queue is not None and queue in self.config.queues:
            return Straight.QUEUE.place(queue)
        place = None if flow is None else self.flows.start(flow)
        if place is None:
            raise NotFoundError(
                "the dialplan sends callers to {entry!r}, which ccd.yaml does not have: "
                "render the dialplan again (ccd asterisk render)",
                reason="no_such_entrance",
                entry=entry,
            )
        return place

    def choices(self, place: str) -> Mapping[str, str]:
        """Give where keys lead while the caller waits at a place; nowhere when it is no queue's."""
        node = self.flows.node(Place.parse(place)) if place else None
        return self.flows.choices(node) if isinstance(node, Queue) else {}

    def announcement(self, told: Announce, language: str) -> Sequence[Sound]:
        """Give what says to a waiting caller where they stand, how long it will take, what they may press."""
        prompts: list[str] = []
        if told.position is not None:
            prompts += say.position(told.position, language)
        if told.wait_s is not None:
            prompts += say.wait(told.wait_s, language)
        queue = self.config.queues.get(told.queue)
        if queue is not None and queue.announce is not None:
            prompts += queue.announce.offer or ()
        return self.sounds(prompts, language)

    def comfort(self, queue: QueueName, turn: int, language: str) -> Sequence[Sound]:
        """Give the words of comfort whose turn it is, 0 for the first."""
        configured = self.config.queues.get(queue)
        announce = configured.announce if configured is not None else None
        if announce is None or announce.comfort is None:
            return []
        prompts = announce.comfort.prompts
        return self.sounds([prompts[turn % len(prompts)]], language)

    def sounds(self, prompts: Iterable[str], language: str) -> Sequence[Sound]:
        """Give what says prompts, one after the other."""
        return [sound for prompt in prompts for sound in self.catalogue.sounds(prompt, language)]
