"""One run of a command for a notice: arguments only, never a shell; bounded in time and in output."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccd.notices.placeholders import argument, fill
from ccd.notices.webhook import UndeliveredError

MAX_OUTPUT = 8192
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME")
_REAP_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is run, with its placeholders."""

    argv: Sequence[str]
    text: str
    """What it reads on its standard input."""
    timeout_s: float


async def run(command: Command, values: Mapping[str, object]) -> None:
    """Run it; raises UndeliveredError unless it exits with 0 in time."""
    argv = [argument(word, values) for word in command.argv]
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            cwd="/",
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        raise UndeliveredError(f"{argv[0]} cannot be run: {problem}") from problem
    try:
        async with asyncio.timeout(command.timeout_s):
            output = await _talk(process, fill(command.text, values).encode())
            code = await process.wait()
    except TimeoutError:
        raise UndeliveredError(f"{argv[0]} did not end within {command.timeout_s:g} s") from None
    finally:
        await _end(process)
    if code:
        said = output.decode("utf-8", "replace").strip().splitlines()
        raise UndeliveredError(f"{argv[0]} exited with {code}: {said[-1] if said else 'it said nothing'}")


async def _talk(process: asyncio.subprocess.Process, text: bytes) -> bytes:
    """Give it the text and read what it says; beyond the bound it is read and forgotten."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    writing = asyncio.ensure_future(_write(process.stdin, text))
    said = bytearray()
    try:
        while piece := await process.stdout.read(MAX_OUTPUT):
            said += piece[: MAX_OUTPUT - len(said)]
        await writing
    finally:
        writing.cancel()
    return bytes(said)


async def _write(pipe: asyncio.StreamWriter, text: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not read
        pipe.write(text)
        await pipe.drain()
        pipe.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what still runs, with whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_REAP_S):
            await process.wait()
