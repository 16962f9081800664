"""Telephones that are not ours: sipp for callers by the hundred, baresip for a phone with real audio.

They vouch for the telephones of `phones.py`: what works with all three is not a mistake that two of our own
programs share.
"""

import asyncio
import contextlib
import json
import shutil
import wave
from pathlib import Path
from typing import Any, Self

from tests.asterisk.lab import Done, free_port, run
from tests.asterisk.rtp import RATE, tone
from tests.support import until

SCENARIOS = Path(__file__).with_name("scenarios")
BARESIP_MODULES = Path("/usr/lib/baresip/modules")
BARESIP_HZ = 500
"""The tone that baresip sends."""
BARESIP_CONFIG = """\
module_path {modules}
module g711.so
module aufile.so
module_app account.so
module_app contact.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
audio_source aufile,{folder}/tone.wav
audio_player aufile,{folder}/heard.wav
audio_alert aufile,{folder}/alert.wav
call_max_calls 4
"""


async def sipp_callers(
    server: tuple[str, int], number: str, *, calls: int, per_s: float, folder: Path, timeout_s: float = 60.0
) -> Done:
    """Let sipp place `calls` calls at `per_s` a second; code 0 means that all went as in the scenario."""
    program = shutil.which("sipp")
    assert program, "sipp is missing: run scripts/install"
    argv = [program, f"{server[0]}:{server[1]}", "-sf", str(SCENARIOS / "caller.xml"), "-s", number]
    argv += ["-i", "127.0.0.1", "-p", str(free_port()), "-mp", str(free_port()), "-m", str(calls)]
    argv += ["-r", str(round(per_s * 1000)), "-rp", "1000000", "-l", str(calls), "-nostdin"]
    argv += ["-timeout", f"{timeout_s:.0f}s", "-timeout_error"]
    argv += ["-trace_err", "-error_file", str(folder / "sipp-errors.log")]
    return await run(argv)


class Baresip:
    """One baresip, registered as an extension; it answers, sends a tone, and is steered over TCP."""

    def __init__(self, server: tuple[str, int], extension: str, password: str, *, folder: Path) -> None:
        self._account = (
            f"<sip:{extension}@{server[0]}:{server[1]}>;auth_user={extension};auth_pass={password}"
            ";regint=60;audio_codecs=PCMU/8000/1;answermode=auto"
        )
        self._folder = folder
        self._control = free_port()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._listening: asyncio.Task[None]
        self.events: list[dict[str, Any]] = []
        """What baresip reported: `{"type": "CALL_ESTABLISHED", …}`, `CALL_CLOSED` …"""

    async def __aenter__(self) -> Self:
        """Start baresip, wait until it has registered, connect to its control port."""
        program = shutil.which("baresip")
        assert program, "baresip is missing: run scripts/install"
        text = BARESIP_CONFIG.format(
            modules=BARESIP_MODULES,
            control=self._control,
            sip=free_port(),
            folder=self._folder,
        )
        (self._folder / "config").write_text(text)
        (self._folder / "accounts").write_text(self._account + "\n")
        (self._folder / "contacts").write_text("")
        with wave.open(str(self._folder / "tone.wav"), "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", ""))
            sound.writeframes(tone(BARESIP_HZ, 60.0).tobytes())
        with (self._folder / "baresip.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                program, "-f", str(self._folder), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        # events are only for who is connected, and it may have registered before that: the log tells
        await until(lambda: "200 OK" in (self._folder / "baresip.log").read_text(), 10, "baresip registers")
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._control)
        self._listening = asyncio.ensure_future(self._listen())
        return self

    async def _listen(self) -> None:
        """Read netstrings of JSON."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int((await self._reader.readuntil(b":"))[:-1])
                message = json.loads((await self._reader.readexactly(length + 1))[:-1])
                if message.get("event"):
                    self.events.append(message)

    def saw(self, kind: str) -> bool:
        """Whether baresip reported an event of this type."""
        return any(event["type"] == kind for event in self.events)

    async def command(self, command: str, parameters: str = "") -> None:
        """Send a command: `dial` with a number, `hangup`, `hold`, `resume`, `sndcode` with a digit."""
        text = json.dumps({"command": command, "params": parameters})
        self._writer.write(f"{len(text)}:{text},".encode())
        await self._writer.drain()

    async def __aexit__(self, *_: object) -> None:
        """Take the registration back and end the program."""
        await self.command("quit")
        assert self._process is not None
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._listening.cancel()
        self._writer.close()
