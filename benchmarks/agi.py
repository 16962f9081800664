"""CPU of one FastAGI session (environment and five commands), ccd's server against panoramisk's in one run.

`python benchmarks/agi.py [--sessions 1000] [--rounds 5] [--json]`

A process of its own plays Asterisk on loopback: one session after the other (no two share a turn of the
event loop, the dearest case), twenty at a time, and a thousand held open at once. Only the server's process
time counts. Rounds of the servers alternate; each figure is the median. The floor is an `asyncio.Protocol`
that parses nothing and answers each message with a constant.
"""

import argparse
import asyncio
import json
import logging
import multiprocessing
import resource
import socket
import statistics
import time

from panoramisk import fast_agi

from ccd.agi import AgiLimits, AgiServer, Session

ENVIRONMENT = b"".join(
    b"agi_%s\n" % line
    for line in (
        b"network: yes",
        b"network_script: next",
        b"request: agi://127.0.0.1:4573/next",
        b"channel: PJSIP/trunk-0000002a",
        b"language: en",
        b"type: PJSIP",
        b"uniqueid: 1795291036.1",
        b"version: 22.10.1",
        b"callerid: 13800000000",
        "calleridname: 张伟".encode(),
        b"callingpres: 0",
        b"callingani2: 0",
        b"callington: 0",
        b"callingtns: 0",
        b"dnid: 4000",
        b"rdnis: unknown",
        b"context: ccd-inbound",
        b"extension: 4000",
        b"priority: 4",
        b"enhanced: 0.0",
        b"accountcode: ",
        b"threadid: 139681553581760",
        b"arg_1: number/4000",
        b"arg_2: ",
        b"arg_3: ",
        b"arg_4: ",
        b"arg_5: ",
    )
)
COMMANDS = 5
REPLY = b"200 result=1 (en)\n"


def play_asterisk(port: int, sessions: int, at_once: int) -> None:
    """Hold so many sessions, `at_once` of them in step, each until the server closes it."""
    for _ in range(sessions // at_once):
        peers = [socket.create_connection(("127.0.0.1", port)) for _ in range(at_once)]
        for peer in peers:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer.sendall(ENVIRONMENT + b"\n")
        for _ in range(COMMANDS):
            for peer in peers:
                assert peer.recv(4096)
                peer.sendall(REPLY)
        for peer in peers:
            assert peer.recv(4096) == b""
            peer.close()


async def cpu_of(port: int, sessions: int, at_once: int) -> float:
    """Give this process' CPU microseconds a session while a client process does so many."""
    child = multiprocessing.get_context("spawn").Process(target=play_asterisk, args=(port, sessions, at_once))
    child.start()
    began = time.process_time()
    await asyncio.get_running_loop().run_in_executor(None, child.join)
    assert child.exitcode == 0, f"the client failed: {child.exitcode}"
    return (time.process_time() - began) / sessions * 1e6


async def ccd_handler(session: Session) -> None:
    """Do what one question of the dialplan takes."""
    await session.get_variable("CHANNEL(language)")
    await session.music(on=True)
    await session.set_variables({"CCD_STATE": "c=1795291036.1&p=main:menu", "CCD_RING": "20"})
    await session.renew_lease()
    await session.set_variables({"CCD_DIAL": "PJSIP/1001", "CCD_NEXT": "dial"})


async def panoramisk_handler(request: fast_agi.Request) -> None:
    """Do the same commands."""
    await request.send_command('GET VARIABLE "CHANNEL(language)"')
    await request.send_command('SET MUSIC ON "default"')
    await request.send_command('EXEC "MSet" "CCD_STATE=c=1795291036.1&p=main:menu,CCD_RING=20"')
    await request.send_command('SET VARIABLE "TIMEOUT(absolute)" "30"')
    await request.send_command('EXEC "MSet" "CCD_DIAL=PJSIP/1001,CCD_NEXT=dial"')


class Floor(asyncio.Protocol):
    """What asyncio itself costs: count messages, answer with a constant."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a session."""
        self.transport = transport
        self.messages = 0

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - asyncio's signature
        """Answer, or close after the last reply."""
        self.messages += 1
        if self.messages > COMMANDS:
            self.transport.close()
        else:
            self.transport.write(b'SET VARIABLE "TIMEOUT(absolute)" "30"\n')


async def measure(rounds: int, sessions: int) -> dict[str, dict[str, float]]:
    """Measure the three servers in alternating rounds; microseconds of CPU a session."""
    loop = asyncio.get_running_loop()
    server = AgiServer(ccd_handler, host="127.0.0.1", port=0, limits=AgiLimits())
    await server.start()
    application = fast_agi.Application(loop=loop)
    application.add_route("next", panoramisk_handler)
    peer = await asyncio.start_server(application.handler, "127.0.0.1", 0)
    floor = await loop.create_server(Floor, "127.0.0.1", 0)
    ports = {
        "ccd": server.port,
        "panoramisk": peer.sockets[0].getsockname()[1],
        "asyncio alone": floor.sockets[0].getsockname()[1],
    }
    result = {name: {} for name in ports}
    for at_once in (1, 20, min(1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)):
        seen: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                seen[name].append(await cpu_of(port, max(sessions, at_once), at_once))
        for name, figures in seen.items():
            result[name][str(at_once)] = round(statistics.median(figures), 1)
    assert server.counters.failures == server.counters.breaches == 0
    await server.stop()
    peer.close()
    floor.close()
    return result


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    result = asyncio.run(measure(arguments.rounds, arguments.sessions))
    ratio = {count: round(cpu / result["panoramisk"][count], 2) for count, cpu in result["ccd"].items()}
    if arguments.json:
        print(json.dumps({"agi": {"cpu_us": result, "ratio": ratio}}))
        return
    print("CPU µs a session, by sessions at once")
    for name, figures in (*result.items(), ("ccd / panoramisk", ratio)):
        print(
            name.ljust(17), "  ".join(f"{count}: {figure:g}".ljust(12) for count, figure in figures.items())
        )


if __name__ == "__main__":
    main()
