"""A lab for the tests: `scripts/lab` on free ports with a state folder of its own, and what tests ask of it.

Every command runs beside the event loop: the telephones of the test go on meanwhile.
"""

import asyncio
import json
import os
import random
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccd.http.client import Client

CHECKOUT = Path(__file__).resolve().parents[2]
CCD = CHECKOUT / ".venv" / "bin" / "ccd"
TEST_AGENTS = ("1001", "1002", "1003")
"""They serve every queue of the tests, in this order."""
PORTS = ("SIP", "AMI", "AGI", "HTTP", "TRUNK")


def free_port() -> int:
    """Give a port that is free for UDP and TCP on loopback, and that the kernel gives to nobody by itself."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a command."""

    code: int
    output: str
    errors: str


async def run(argv: Sequence[str], **variables: str) -> Done:
    """Run a command to its end, in English."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"LC_ALL": "C.UTF-8"} | variables,
    )
    output, errors = await process.communicate()
    return Done(code=process.returncode or 0, output=output.decode(), errors=errors.decode())


class Lab:
    """One lab, steered from outside as a person would."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.variables = {f"LAB_{name}_PORT": str(free_port()) for name in PORTS}
        self.facts: dict[str, Any] = {}
        """What `status --json` said after the last `do`: ports, paths, phones; pids may be out of date."""

    async def run(self, *words: str) -> Done:
        """Run `scripts/lab WORDS`; the caller judges its exit code."""
        script = str(CHECKOUT / "scripts" / "lab")
        return await run([sys.executable, script, *words, "--state", str(self.state)], **self.variables)

    async def do(self, *words: str) -> str:
        """Run a lab command that has to succeed; give its output."""
        done = await self.run(*words)
        assert done.code == 0, f"scripts/lab {' '.join(words)}:\n{done.output}{done.errors}"
        self.facts = await self.status()
        return done.output

    async def status(self) -> dict[str, Any]:
        """Give `status --json` of a lab that is up or down."""
        found: dict[str, Any] = json.loads((await self.run("status", "--json")).output)
        return found

    async def ccd(self, *words: str) -> str:
        """Run a `ccd` command that has to succeed; give its output."""
        done = await self.try_ccd(*words)
        assert done.code == 0, f"ccd {' '.join(words)}:\n{done.output}{done.errors}"
        return done.output

    async def ccd_json(self, *words: str) -> Any:
        """Run a `ccd` command with `--json`; give what it printed."""
        return json.loads(await self.ccd(*words, "--json"))

    async def ask(self, *parts: str, **parameters: str) -> Any:
        """Ask the daemon's local API, as the CLI does; for what is asked again and again."""
        client = Client(Path(self.facts["ccd"]["socket"]))
        return await asyncio.to_thread(client.get, *parts, **parameters)

    async def asterisk(self, command: str) -> str:
        """Run a command of Asterisk's command line; give its output."""
        return (await run([*self.facts["asterisk"]["cli"], "-rx", command])).output

    @property
    def server(self) -> tuple[str, int]:
        """Where Asterisk takes SIP."""
        return ("127.0.0.1", int(self.variables["LAB_SIP_PORT"]))

    @property
    def outside_port(self) -> int:
        """Where calls to outside numbers are sent."""
        return int(self.variables["LAB_TRUNK_PORT"])

    def password(self, extension: str) -> str:
        """Give the SIP password of a phone."""
        found = [phone["password"] for phone in self.facts["phones"] if phone["extension"] == extension]
        assert found, f"the lab has no phone {extension}"
        return str(found[0])

    def pin(self, agent: str) -> str:
        """Give the PIN of an agent."""
        found = [phone["pin"] for phone in self.facts["phones"] if phone["agent"] == agent]
        assert found, f"the lab has no agent {agent}"
        return str(found[0])

    async def try_ccd(self, *words: str) -> Done:
        """Run a `ccd` command; the caller judges its exit code."""
        return await run([str(CCD), *words], CCD_SOCKET=self.facts["ccd"]["socket"])

    async def restore_queues(self) -> None:
        """Give the agents of the tests all queues of the tests, in their order and nothing of before.

        An agent who comes back to a queue comes behind the others there: so all of them leave first.
        """
        client = Client(Path(self.facts["ccd"]["socket"]))
        queues = [each["name"] for each in await self.ask("queues")]
        theirs = {name: 0 for name in queues if name in {"sales", "bench"} or name.startswith("t-")}
        for given in ({}, theirs):
            for agent in TEST_AGENTS:
                await asyncio.to_thread(client.patch, "agents", agent, body={"queues": given})
