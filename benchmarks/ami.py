"""CPU of one AMI event, from socket to listener, as one of our facts: ccd against panoramisk's own path.

`python benchmarks/ami.py [--events 20000] [--rounds 5] [--json]`

A process of its own plays Asterisk on loopback and sends the events of calls, as a manager user with ccd's
filters gets them, and unfiltered, with the many that nobody wants. They come in one burst, or one by one,
each in a packet and a turn of the event loop of its own. Only the client's process time counts. Rounds
alternate; each figure is the median. The floor is an `asyncio.Protocol` that cuts messages and nothing
else. The stall is the longest time for which a burst kept the event loop from a task that wants a turn all
the time.
"""

import argparse
import asyncio
import json
import logging
import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from panoramisk import Manager

from ccd.ami import EVENTS_WANTED, AmiClient, AmiSettings
from ccd.events import ChannelGone, DeviceStateChanged, Event, LegEnded, LegRang
from ccd.model import ChannelId, Device, DeviceState, DialStatus

SECRET = "any"  # noqa: S105 (nobody checks it)
CHANNEL = """\
{0}Channel: PJSIP/{1}
{0}ChannelState: 6
{0}ChannelStateDesc: Up
{0}CallerIDNum: 13800138000
{0}CallerIDName: 张伟
{0}ConnectedLineNum: 4000
{0}ConnectedLineName: <unknown>
{0}Language: en
{0}AccountCode: 
{0}Context: ccd-inbound
{0}Exten: 4000
{0}Priority: 12
{0}Uniqueid: {2}
{0}Linkedid: 1795291486.32
"""  # noqa: W291 (an empty header ends with a blank)
CALLER = CHANNEL.format("", "trunk-0000000b", "1795291486.32")
LEG = CHANNEL.format("", "1001-0000000a", "1795291486.34")
DEST = CHANNEL.format("Dest", "1001-0000000a", "1795291486.34")
BRIDGE = "BridgeUniqueid: 2f6d\nBridgeType: basic\nBridgeTechnology: simple_bridge\nBridgeNumChannels: 2\n"
STATE = "Device: PJSIP/1001\nState: "


def event(name: str, *parts: str) -> bytes:
    """Write an event as Asterisk 22 does."""
    text = "".join([f"Event: {name}\nPrivilege: call,all\nTimestamp: 1795291486.633301\n", *parts, "\n"])
    return text.replace("\n", "\r\n").encode()


WANTED = [
    event("DialBegin", CALLER, DEST, "DialString: 1001\n"),
    event("DeviceStateChange", STATE, "RINGING\n"),
    event("DeviceStateChange", STATE, "INUSE\n"),
    event("DialEnd", CALLER, DEST, "DialStatus: ANSWER\n"),
    event("Hangup", LEG, "Cause: 16\nCause-txt: Normal Clearing\n"),
    event("DeviceStateChange", STATE, "NOT_INUSE\n"),
    event("Hangup", CALLER, "Cause: 16\nCause-txt: Normal Clearing\n"),
]
UNWANTED = [
    *[event("VarSet", CALLER, "Variable: CCD_NEXT\nValue: dial\n")] * 6,
    *[event("Newexten", CALLER, "Extension: 4000\nApplication: Set\nAppData: X=1\n")] * 2,
    event("BridgeEnter", BRIDGE, CALLER),
    event("NewConnectedLine", CALLER),
]
"""Ten unwanted ones for each of a call's seven, in about the proportion of a real call."""
TRAFFIC = {"filtered": WANTED, "unfiltered": [one for wanted in WANTED for one in (wanted, *UNWANTED)]}


# -------------------------------------------------------------------- the process that plays Asterisk


def answer(peer: socket.socket, hearers: list[socket.socket]) -> None:
    """Serve one session: log in, and say yes to everything."""
    peer.sendall(b"Asterisk Call Manager/11.0.0\r\n")
    rest = b""
    while data := peer.recv(65536):
        *actions, rest = (rest + data).split(b"\r\n\r\n")
        for raw in actions:
            action = dict(line.split(": ", 1) for line in raw.decode().split("\r\n"))
            reply = f"Response: Success\r\nActionID: {action['ActionID']}\r\n\r\n"
            if action["Action"] == "Login" and action["Events"] != "off":
                reply += "Event: FullyBooted\r\n\r\n"
                hearers.append(peer)
            peer.sendall(reply.encode())


def accept(listener: socket.socket, hearers: list[socket.socket]) -> None:
    """Serve every session in a thread of its own."""
    while True:
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=answer, args=(peer, hearers), daemon=True).start()


def play_asterisk(pipe: Connection) -> None:
    """Send what the pipe asks for, (traffic, count, spaced), to all who hear events."""
    hearers: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))
    pipe.send(listener.getsockname()[1])
    threading.Thread(target=accept, args=(listener, hearers), daemon=True).start()
    while order := pipe.recv():
        traffic, count, spaced = order
        events = [TRAFFIC[traffic][number % len(TRAFFIC[traffic])] for number in range(count)]
        for hearer in hearers:
            if spaced:
                for one in events:
                    hearer.sendall(one)
                    time.sleep(0.0002)
            else:
                hearer.sendall(b"".join(events))
        hearers.clear()


# -------------------------------------------------------------------- the clients


class Count:
    """A listener that waits for the last event."""

    def __init__(self) -> None:
        self.left = -1
        self.done = asyncio.Event()

    def __call__(self, _: Event | None = None) -> None:
        """Hear one."""
        self.left -= 1
        if self.left == 0:
            self.done.set()


TRANSLATE: dict[str, Callable[[Any], Event]] = {
    "DialBegin": lambda m: LegRang(
        caller=ChannelId(m.Uniqueid),
        leg=ChannelId(m.DestUniqueid),
        device=Device(m.DestChannel.rpartition("-")[0]),
    ),
    "DialEnd": lambda m: LegEnded(
        caller=ChannelId(m.Uniqueid),
        leg=ChannelId(m.DestUniqueid),
        device=Device(m.DestChannel.rpartition("-")[0]),
        status=DialStatus(m.DialStatus),
    ),
    "Hangup": lambda m: ChannelGone(channel=ChannelId(m.Uniqueid), cause=int(m.Cause), linkedid=m.Linkedid),
    "DeviceStateChange": lambda m: DeviceStateChanged(device=Device(m.Device), state=DeviceState(m.State)),
}
"""The same facts from panoramisk's messages, in its own way of asking for headers."""


class Floor(asyncio.Protocol):
    """What asyncio and the cutting of messages cost."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in."""
        transport.write(b"Action: Login\r\nActionID: 1\r\nEvents: on\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        """Count the messages."""
        *frames, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for frame in frames:
            if frame.startswith((b"Event: D", b"Event: H")):
                self._count()


async def with_ccd(port: int, count: Count, use: Callable[[], Any]) -> None:
    """Run `use` while ccd's client is connected."""
    client = AmiClient(AmiSettings(port=port, secret=SECRET), count)
    running = asyncio.create_task(client.run())
    await client.synchronised.wait()
    await asyncio.sleep(0.05)
    await use()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert client.counters().overflows == 0


async def with_panoramisk(port: int, count: Count, use: Callable[[], Any]) -> None:
    """Run `use` while panoramisk's is."""
    manager = Manager(
        host="127.0.0.1", port=port, username="ccd", secret=SECRET, loop=asyncio.get_running_loop(),
        reconnect_timeout=3600,
    )  # fmt: skip
    booted = asyncio.Event()
    manager.register_event("FullyBooted", lambda *_: booted.set())
    for name in EVENTS_WANTED:
        if (translate := TRANSLATE.get(name)) is not None:
            manager.register_event(name, lambda _, message, translate=translate: count(translate(message)))
    await manager.connect()
    await booted.wait()
    await use()
    manager.close()


async def with_floor(port: int, count: Count, use: Callable[[], Any]) -> None:
    """Run `use` while the floor's is."""
    transport, _ = await asyncio.get_running_loop().create_connection(lambda: Floor(count), "127.0.0.1", port)
    await asyncio.sleep(0.05)
    await use()
    transport.close()


CLIENTS = {"ccd": with_ccd, "panoramisk": with_panoramisk, "floor": with_floor}


# -------------------------------------------------------------------- measuring


async def cpu_of(name: str, port: int, pipe: Connection, order: tuple[str, int, bool]) -> float:
    """Give the CPU microseconds of one message."""
    traffic, messages, _ = order
    count, cpu = Count(), 0.0

    async def use() -> None:
        nonlocal cpu
        per_call = TRAFFIC[traffic]
        count.left = sum(per_call[number % len(per_call)] in WANTED for number in range(messages))
        began = time.process_time()
        pipe.send(order)
        await count.done.wait()
        cpu = time.process_time() - began

    await CLIENTS[name](port, count, use)
    return cpu / messages * 1e6


async def stall_of(name: str, port: int, pipe: Connection, messages: int) -> float:
    """Give the longest wait for a turn of the event loop, in milliseconds, during a burst."""
    count, longest = Count(), 0.0

    async def use() -> None:
        nonlocal longest
        count.left = messages
        pipe.send(("filtered", messages, False))
        last = time.perf_counter()
        while not count.done.is_set():
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    await CLIENTS[name](port, count, use)
    return longest * 1e3


async def measure(port: int, pipe: Connection, rounds: int, events: int) -> dict[str, dict[str, float]]:
    """Measure every client with every traffic, in alternating rounds."""
    orders = {
        "burst, filtered": ("filtered", events, False),
        "burst, unfiltered": ("unfiltered", events, False),
        "one by one": ("filtered", events // 5, True),
    }
    result: dict[str, dict[str, float]] = {name: {} for name in CLIENTS}
    for title, order in orders.items():
        seen: dict[str, list[float]] = {name: [] for name in CLIENTS}
        for _ in range(rounds):
            for name in CLIENTS:
                seen[name].append(await cpu_of(name, port, pipe, order))
        for name, figures in seen.items():
            result[name][title] = round(statistics.median(figures), 2)
    for name in CLIENTS:
        stalls = [await stall_of(name, port, pipe, 5000) for _ in range(rounds)]
        result[name]["stall ms, burst of 5000"] = round(statistics.median(stalls), 2)
    return result


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    pipe, theirs = multiprocessing.Pipe()
    asterisk = multiprocessing.get_context("spawn").Process(target=play_asterisk, args=(theirs,), daemon=True)
    asterisk.start()
    port = pipe.recv()
    result = asyncio.run(measure(port, pipe, arguments.rounds, arguments.events))
    pipe.send(None)
    asterisk.join()
    faster = {title: round(cpu / result["ccd"][title], 2) for title, cpu in result["panoramisk"].items()}
    if arguments.json:
        print(json.dumps({"ami": {"cpu_us": result, "faster": faster}}))
        return
    print("CPU µs a message")
    for name, figures in (*result.items(), ("panoramisk / ccd", faster)):
        print(
            name.ljust(17), "  ".join(f"{title}: {figure:g}".ljust(24) for title, figure in figures.items())
        )


if __name__ == "__main__":
    main()
