"""CPU of a flow of thirty nodes: walked by the interpreter alone, and over real FastAGI sessions.

`python -m benchmarks.flow [--calls 300] [--rounds 5] [--json]`

The flow has every kind of node that is done within a flow, a sub-flow among them. Alone: a voice and a host
that cost nothing. Over FastAGI: ccd's server, each caller's state written on the channel as in the daemon,
and a process of its own that plays Asterisk on loopback; only the server's process time counts. Each figure
is the median of the rounds.
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.agi import ENVIRONMENT
from ccd.agi import AgiLimits, AgiServer, Session
from ccd.calls.book import LiveCall
from ccd.calls.voice import SessionVoice
from ccd.config.flows import Dial, Flow, Queue
from ccd.config.hours import Hours
from ccd.history import Entry
from ccd.ivr import regions
from ccd.ivr.book import Book
from ccd.ivr.interpreter import Interpreter
from ccd.ivr.locks import Locks
from ccd.ivr.ports import Caller, Ended, Place
from ccd.model import CallId, ChannelId, LookupAnswer, LookupOutcome, Sound

NODES = 30
_ROUND: tuple[dict[str, Any], ...] = (
    {"play": "welcome"},
    {"set": {"reason": "billing {caller}"}},
    {"menu": "main-menu", "choices": {"1": "NEXT"}},
    {"branch": "reason", "cases": [{"prefix": "billing", "next": "NEXT"}], "default": "NEXT"},
    {"hours": "office", "on_open": "NEXT", "on_closed": "NEXT"},
    {"time": "local", "cases": [{"at": "11:30-13:30", "on": "mon-fri", "next": "NEXT"}], "default": "NEXT"},
    {"region": "caller", "cases": [{"region": "上海", "next": "NEXT"}], "default": "NEXT"},
    {"list": "vip", "on_listed": "NEXT", "on_not_listed": "NEXT"},
    {"collect": "account", "prompt": "enter-number", "min": 1, "max": 4, "next": "NEXT"},
    {"say": "digits", "value": "{account}"},
    {"lookup": "crm", "send": ["account"], "take": ["balance"], "on_failed": "NEXT"},
    {"channel": {"read": {"extra": "EXTRA"}, "write": {"CRM_ID": "7-{account}"}}},
    {"pin": "pin", "equals": "{account}", "tries": 1, "on_ok": "NEXT", "on_wrong": "NEXT"},
    {"call": "aside"},
)
"""The last one runs a node of another flow, and its `return`."""


def the_flow() -> Flow:
    """Make a chain of nodes; with the two of the sub-flow, each time that it is called, there are thirty."""
    nodes: dict[str, Any] = {}
    walked = 0
    while walked < NODES - 1:
        number = len(nodes)
        node = json.loads(json.dumps(_ROUND[number % len(_ROUND)]).replace('"NEXT"', f'"n{number + 1}"'))
        walked += 3 if "call" in node else 1
        takes_next = {"play", "set", "say", "channel", "call"} & node.keys()
        nodes[f"n{number}"] = node | ({"next": f"n{number + 1}"} if takes_next else {})
    return Flow.model_validate({"start": "n0", "nodes": nodes | {f"n{len(nodes)}": {"hangup": None}}})


def the_book() -> Book:
    """Give the flow with what it asks."""
    aside = Flow.model_validate(
        {"start": "a", "nodes": {"a": {"play": "one-moment", "next": "b"}, "b": {"return": None}}}
    )
    return Book(
        flows={"main": the_flow(), "aside": aside},
        timezone=ZoneInfo("Asia/Shanghai"),
        hours={"office": Hours.model_validate({"weekly": {"mon-fri": ["09:00-18:00"]}})},
    )


class OneSound:
    """Every prompt is one sound."""

    def sounds(self, prompt: str, language: str) -> Sequence[Sound]:
        """Give it."""
        return (Sound(path=f"{language}/{prompt}", length_s=1.0),)


class Mute:
    """A voice that costs nothing: prompts are over at once, and the caller presses 1."""

    async def play(self, sounds: Sequence[Sound], escape: str) -> str:  # noqa: ARG002 - the voice's signature
        """Say nothing."""
        return ""

    async def wait_digit(self, timeout_s: float) -> str:  # noqa: ARG002
        """Press 1."""
        return "1"

    async def set_language(self, code: str) -> None:
        """Take no notice."""


class Host:
    """A call whose outside costs nothing; with a session, its state is written on the channel."""

    def __init__(self, call: LiveCall, session: Session | None) -> None:
        self.locks = Locks()
        self.visited = 0
        self._call = call
        self._session = session

    def note(self, entry: Entry) -> None:
        """Count the nodes."""
        self.visited += hasattr(entry, "node")

    def now(self) -> float:
        """Give monotonic seconds."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Give the date."""
        return datetime.now(UTC)

    async def arrived(self, place: Place) -> None:
        """Write where the caller is, as the daemon does."""
        self._call.place = str(place)
        if self._session is not None:
            await self._session.set_variables(self._call.state(lambda at: at) | {"CCD_QUEUE": ""})

    def listed(self, name: str, number: str) -> bool:  # noqa: ARG002
        """Nobody is."""
        return False

    async def read_channel(self, names: Sequence[str]) -> Mapping[str, str]:
        """Read variables."""
        if self._session is None:
            return {}
        return {name: await self._session.get_variable(name) or "" for name in names}

    async def write_channel(self, variables: Mapping[str, str]) -> None:
        """Write variables."""
        if self._session is not None:
            await self._session.set_variables(variables)

    async def lookup(self, name: str, question: Mapping[str, Any]) -> LookupAnswer:  # noqa: ARG002
        """Know everybody."""
        return LookupAnswer(outcome=LookupOutcome.FOUND, variables={"balance": "12"})

    async def queue(self, place: Place, node: Queue) -> str | None:
        """Not in this flow."""
        raise NotImplementedError

    async def dial(self, place: Place, node: Dial) -> str | None:
        """Not in this flow."""
        raise NotImplementedError

    async def mailbox(self, place: Place, name: str) -> Any:
        """Not in this flow."""
        raise NotImplementedError


async def walk(interpreter: Interpreter, book: Book, session: Session | None) -> int:
    """Walk one caller; give how many nodes that were."""
    caller = Caller(call_id=CallId("1795291036.1"), number="13800138000", called="4000", language="en")
    call = LiveCall(
        caller=caller,
        channel=ChannelId("1795291036.1"),
        channel_name="PJSIP/trunk-0000002a",
        started_at=time.time(),
        began_at=0.0,
    )
    host = Host(call, session)
    start = book.start("main")
    assert start is not None
    voice = Mute() if session is None else SessionVoice(session)
    ended = await interpreter.walk(caller, start, None, voice, host)
    assert ended is Ended.HUNG_UP
    return host.visited


async def alone(calls: int) -> float:
    """Give CPU microseconds a node of the interpreter alone."""
    book = the_book()
    interpreter = Interpreter(book, OneSound())
    await walk(interpreter, book, None)
    began, nodes = time.process_time(), 0
    for _ in range(calls):
        nodes += await walk(interpreter, book, None)
    return (time.process_time() - began) / nodes * 1e6


def play_asterisk(port: int, sessions: int) -> None:
    """Answer every command of so many sessions, one after the other."""
    for _ in range(sessions):
        peer = socket.create_connection(("127.0.0.1", port))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(ENVIRONMENT + b"\n")
        while line := peer.recv(8192):
            if line.startswith(b"STREAM FILE"):
                peer.sendall(b"200 result=0 endpos=8000\n")
            elif line.startswith(b"WAIT FOR DIGIT"):
                peer.sendall(b"200 result=49\n")
            elif line.startswith(b"GET VARIABLE"):
                peer.sendall(b"200 result=1 (4711)\n")
            else:
                peer.sendall(b"200 result=1\n")
        peer.close()


async def over_agi(calls: int) -> float:
    """Give CPU microseconds a node with real FastAGI sessions."""
    book = the_book()
    interpreter = Interpreter(book, OneSound())
    nodes = 0

    async def serve(session: Session) -> None:
        nonlocal nodes
        nodes += await walk(interpreter, book, session)

    server = AgiServer(serve, host="127.0.0.1", port=0, limits=AgiLimits())
    await server.start()
    child = multiprocessing.get_context("spawn").Process(target=play_asterisk, args=(server.port, calls))
    child.start()
    began = time.process_time()
    await asyncio.get_running_loop().run_in_executor(None, child.join)
    spent = time.process_time() - began
    await server.stop()
    assert child.exitcode == 0, f"the client failed: {child.exitcode}"
    return spent / nodes * 1e6


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    regions.load()
    figures = {
        "interpreter_us_a_node": [asyncio.run(alone(options.calls)) for _ in range(options.rounds)],
        "over_fastagi_us_a_node": [asyncio.run(over_agi(options.calls)) for _ in range(options.rounds)],
    }
    told = {name: round(statistics.median(values), 1) for name, values in figures.items()}
    if options.json:
        print(json.dumps(told))
        return
    for name, value in told.items():
        print(f"{name:24} {value:8.1f}")


if __name__ == "__main__":
    main()
