"""How long a command takes as a whole process, and what it spends the time on.

    python benchmarks/cli_start.py [--runs 15] [--imports] [COMMAND…]

Without a daemon to ask (`CCD_SOCKET`), it serves the tests' fake one on a socket of its own. Figures are wall
and CPU milliseconds of whole processes, against the floor of `python -c pass` in the same run; the limit for
`ccd status` is 400 ms of wall time.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ("status", "queue list", "queue show sales", "agent list --json", "cdr list", "--help")
PROGRAM = [sys.executable, "-c", "from ccd.cli.main import main; main()"]
SERVE = """
import asyncio, sys
from pathlib import Path
from prometheus_client import CollectorRegistry
from ccd.http.server import HttpServer, HttpSettings
from tests.integration.http.fake_backend import FakeBackend

async def main():
    settings = HttpSettings(socket=Path(sys.argv[1]), port=0)
    await HttpServer(FakeBackend(), settings, CollectorRegistry()).start()
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def timed(argv: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a process; give its wall and CPU time in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(argv, env=environment, stdout=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000


def report(name: str, argv: list[str], environment: dict[str, str], runs: int) -> None:
    """Print one line of figures."""
    walls, cpus = zip(*(timed(argv, environment) for _ in range(runs)), strict=True)
    print(
        f"{name:22} {statistics.median(walls):8.0f} {min(walls):8.0f} {max(walls):8.0f}"
        f" {statistics.median(cpus):8.0f}"
    )


def imports(command: str, environment: dict[str, str]) -> None:
    """Print the modules that take longest to load, their own time alone."""
    argv = [sys.executable, "-X", "importtime", *PROGRAM[1:], *command.split()]
    told = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False).stderr
    rows = [
        line.split("|")
        for line in told.splitlines()
        if line.startswith("import time:") and "[us]" not in line
    ]
    rows.sort(key=lambda row: int(row[0].split(":")[1]), reverse=True)
    print(f"\nccd {command}: {len(rows)} modules; own time of the slowest, in microseconds")
    for own, _cumulative, module in rows[:15]:
        print(f"{int(own.split(':')[1]):8} {module.strip()}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("commands", nargs="*", default=COMMANDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        daemon = None
        if "CCD_SOCKET" not in environment:
            environment["CCD_SOCKET"] = f"{folder}/ccd.sock"
            argv = [sys.executable, "-c", SERVE, environment["CCD_SOCKET"]]
            daemon = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE)
            assert daemon.stdout is not None
            while b"ready" not in (line := daemon.stdout.readline()):
                assert line, "the fake daemon did not start"
        try:
            print(f"{'':22} {'wall p50':>8} {'min':>8} {'max':>8} {'CPU p50':>8}   ms, {asked.runs} runs")
            report("python -c pass", [sys.executable, "-c", "pass"], environment, asked.runs)
            for command in asked.commands:
                report(f"ccd {command}", [*PROGRAM, *command.split()], environment, asked.runs)
            for command in asked.commands if asked.imports else ():
                imports(command, environment)
        finally:
            if daemon is not None:
                daemon.terminate()
                daemon.wait()


if __name__ == "__main__":
    main()
