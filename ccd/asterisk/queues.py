"""Asterisk's own queues for the time without ccd (queues_ccd.conf), and our music (musiconhold_ccd.conf)."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from ccd.asterisk.template import fill
from ccd.config import Config
from ccd.config.queues import Queue
from ccd.model import Strategy


def queues_conf(config: Config, roster: Mapping[str, Iterable[str]] | None) -> str:
    """Render the queues; `roster` maps a queue to its agents' phones, without it every phone is a member."""
    phones = [phone.extension for phone in config.phones]
    return fill(
        "queues_ccd.conf",
        queues="".join(
            _queue(name, queue, config.asterisk.music, phones if roster is None else roster.get(name, ()))
            for name, queue in config.queues.items()
        ),
    )


def _queue(name: str, queue: Queue, music: str, phones: Iterable[str]) -> str:
    members = [f"member => PJSIP/{phone}" for phone in phones]
    away = "unavailable,invalid,unknown"
    settings = {
        "strategy": _strategy(queue.strategy),
        "timeout": f"{queue.ring_s:.0f}",
        "retry": "1",
        "wrapuptime": f"{queue.wrap_up_s:.0f}",
        "maxlen": str(queue.max_length or 0),
        "weight": str(max(queue.weight, 0)),
        "musicclass": queue.music or music,
        "joinempty": "yes" if queue.join_empty and members else away,
        "leavewhenempty": away if queue.leave_empty else "no",
        "ringinuse": "no",
        "autofill": "yes",
    }
    lines = [f"\n[{name}]", *(f"{key}={value}" for key, value in settings.items())]
    return "\n".join([*lines, *members]) + "\n"


def _strategy(strategy: Strategy) -> str:
    """Give app_queue's nearest: it has no `mostrecent`, and takes up `linear` only when it is restarted."""
    match strategy:
        case Strategy.MOSTRECENT | Strategy.LINEAR:
            return "rrordered"
        case (
            Strategy.RINGALL
            | Strategy.RRMEMORY
            | Strategy.FEWESTCALLS
            | Strategy.LEASTRECENT
            | Strategy.RANDOM
        ):
            return strategy.value
        case _:
            assert_never(strategy)


def musiconhold_conf(config: Config) -> str:
    """Render our classes of music on hold."""
    return fill(
        "musiconhold_ccd.conf",
        classes="".join(
            f"\n[{name}]\nmode=files\ndirectory={music.directory}\nsort={music.sort}\n"
            for name, music in config.music.items()
        ),
    )
