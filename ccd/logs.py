"""Logs: one line an event of note, JSON off a terminal and pretty on one, of ours and of every library.

`CCD_LOG_LEVEL` (debug, info, warning, error; info by default) says how much. Values under keys that name a
secret never get out, tracebacks hold no local variables, and text from outside cannot move the cursor.
"""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from ccd.errors import ConfigError

LEVEL_VARIABLE = "CCD_LOG_LEVEL"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_SECRET = re.compile(r"password|passwd|secret|token|authorization|cookie|(^|_)(pin|key)$", re.IGNORECASE)


def level_of(text: str) -> int:
    """Give the level that a word names."""
    try:
        return LEVELS[text.strip().lower()]
    except KeyError:
        known = ", ".join(LEVELS)
        raise ConfigError(f"{LEVEL_VARIABLE}={text[:32]!r} is no log level; use one of {known}") from None


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what stands under a secret's name."""
    for key in event:
        if _SECRET.search(key):
            event[key] = "***"
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]


def _renderers(stream: TextIO) -> list[Processor]:
    if stream.isatty():
        return [
            structlog.dev.ConsoleRenderer(
                colors="NO_COLOR" not in os.environ,
                exception_formatter=structlog.dev.plain_traceback,
                repr_native_str=True,
            )
        ]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def configure(stream: TextIO | None = None, level: int | None = None) -> None:
    """Send every log line to `stream` (stdout unless told otherwise); `ConfigError` on an unknown level."""
    stream = stream or sys.stdout
    level = level_of(os.environ.get(LEVEL_VARIABLE) or "info") if level is None else level
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(stream)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
