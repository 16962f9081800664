"""Log lines: one an event, for machines off a terminal and for people on one, and never a secret."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ccd import logs
from ccd.errors import ConfigError


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_off_a_terminal_each_line_is_json():
    """With the event, its values, who says it, when (UTC), and how bad it is."""
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    structlog.get_logger("ccd.calls").info("call_started", call_id="17.1", name="张伟\nx")
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "call_started",
        "level": "info",
        "logger": "ccd.calls",
        "call_id": "17.1",
        "name": "张伟\nx",
    }


def test_libraries_lines_look_the_same():
    """aiohttp, asyncio and SQLAlchemy use the standard library's logging."""
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    logging.getLogger("aiohttp.server").warning("odd %s", "request")
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["logger"]) == ("odd request", "warning", "aiohttp.server")


def test_below_the_level_nothing_is_said():
    """Neither ours nor the libraries'."""
    stream = io.StringIO()
    logs.configure(stream, logging.WARNING)
    structlog.get_logger("ccd").info("quiet")
    logging.getLogger("asyncio").info("quiet")
    structlog.get_logger("ccd").error("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


@pytest.mark.parametrize(
    "key",
    ["password", "ami_secret", "pin", "agent_pin", "access_token", "Authorization", "set_cookie", "key"],
)
def test_secrets_never_get_out(key: str):
    """By the name they go under, from our loggers and from others'."""
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    structlog.get_logger("ccd").info("event", **{key: "geheim"})
    logging.getLogger("lib").warning("event", extra={key: "geheim"})
    assert "geheim" not in stream.getvalue()
    assert [line[key] for line in lines(stream)] == ["***", "***"]


@pytest.mark.parametrize("key", ["monkey", "keypad", "spinning", "keys"])
def test_innocent_names_are_shown(key: str):
    """A key pressed in a menu is no secret."""
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    structlog.get_logger("ccd").info("event", **{key: "1"})
    assert lines(stream)[0][key] == "1"


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_tracebacks_have_no_local_variables(stream: io.StringIO):
    """Those may hold passwords."""
    logs.configure(stream, logging.INFO)
    hidden = "geheim"
    try:
        int(hidden[:0])
    except ValueError:
        structlog.get_logger("ccd").exception("failed")
    assert "ValueError: invalid literal" in stream.getvalue()
    assert "geheim" not in stream.getvalue()


def test_on_a_terminal_hostile_text_cannot_move_the_cursor():
    """What a caller sends as their name is shown, not obeyed."""
    stream = Terminal()
    logs.configure(stream, logging.INFO)
    structlog.get_logger("ccd").info("call_started", name="\x1b[2J\nfake line")
    told = stream.getvalue()
    assert "\x1b[2J" not in told
    assert len(told.splitlines()) == 1
    assert "call_started" in told


def test_colour_can_be_refused(monkeypatch: pytest.MonkeyPatch):
    """NO_COLOR."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    logs.configure(stream, logging.INFO)
    structlog.get_logger("ccd").info("call_started")
    assert "\x1b" not in stream.getvalue()


def test_warnings_are_logged():
    """Python's own warnings are lines like all others."""
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    logging.getLogger("py.warnings").warning("deprecated")
    assert lines(stream)[0]["logger"] == "py.warnings"


def test_the_level_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """CCD_LOG_LEVEL, in any case; by default lines go to stdout from info on."""
    monkeypatch.setenv("CCD_LOG_LEVEL", "Debug")
    logs.configure()
    structlog.get_logger("ccd").debug("detail")
    assert json.loads(capsys.readouterr().out)["event"] == "detail"
    monkeypatch.delenv("CCD_LOG_LEVEL")
    logs.configure(sys.stderr)
    structlog.get_logger("ccd").debug("detail")
    structlog.get_logger("ccd").info("event")
    told = capsys.readouterr()
    assert told.out == ""
    assert json.loads(told.err)["event"] == "event"


def test_an_unknown_level_is_refused(monkeypatch: pytest.MonkeyPatch):
    """With the levels that there are."""
    monkeypatch.setenv("CCD_LOG_LEVEL", "loud")
    with pytest.raises(ConfigError, match="debug, info, warning, error"):
        logs.configure()
