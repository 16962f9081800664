"""The lab's command line."""

import argparse
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from labkit import asterisk, daemon, demo_phones, engine, report
from labkit.messages import _
from labkit.settings import (
    CHECKOUT,
    DEFAULT_CONFIG,
    DEFAULT_PHONES,
    MAX_PHONES,
    LabError,
    Options,
    Ports,
    State,
)

EXIT_DOWN = 3
"""What `status` exits with when the lab is down, like a service's init script."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; give its exit code."""
    wish = _parser().parse_args(arguments)
    state = State(Path(wish.state or os.environ.get("LAB_STATE") or CHECKOUT / ".lab"))
    command: Callable[[State, argparse.Namespace], int] = wish.run
    try:
        code = command(state, wish)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    variables = ", ".join(Ports.variable(name) for name in Ports.__slots__)
    parser = argparse.ArgumentParser(
        prog="scripts/lab",
        description=_(
            "A real Asterisk and a supervised ccd on loopback, for development, tests and the demo."
        ),
        epilog=_("Ports come from variables: {variables}. LAB_STATE is --state.", variables=variables),
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", metavar="DIR", help=_("where the lab keeps everything (default: .lab)"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", parents=[common], help=_("start the lab, or apply other options to it"))
    up.add_argument("--config", metavar="DIR", help=_("folder with ccd.yaml (default: examples/demo)"))
    up.add_argument(
        "--phones", metavar="N", type=_count, help=_("phones 1001… (default: {count})", count=DEFAULT_PHONES)
    )
    up.add_argument("--sign-in", action="store_true", help=_("sign every phone's agent in"))
    up.add_argument(
        "--without-ccd", action="store_true", help=_("Asterisk alone, its *_ccd.conf files as they lie there")
    )
    up.set_defaults(run=_up)
    commands.add_parser("down", parents=[common], help=_("stop it; the state is kept")).set_defaults(
        run=_down
    )
    status = commands.add_parser(
        "status", parents=[common], help=_("what runs where; exit code {code} when down", code=EXIT_DOWN)
    )
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=_status)
    parts = {
        "start": (_start, _("start one part")),
        "stop": (_stop, _("stop one part")),
        "restart": (_restart, _("restart one part")),
    }
    for verb, (action, told) in parts.items():
        part = commands.add_parser(verb, parents=[common], help=told)
        part.add_argument("part", choices=["asterisk", "ccd"])
        part.set_defaults(run=action)
    logs = commands.add_parser("logs", parents=[common], help=_("show the logs"))
    logs.add_argument("part", nargs="?", choices=["asterisk", "ccd"])
    logs.add_argument("-f", "--follow", action="store_true")
    logs.set_defaults(run=_logs)
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= MAX_PHONES:
        raise argparse.ArgumentTypeError(
            _("a number from 0 to {most} is wanted, not {text!r}", most=MAX_PHONES, text=text)
        )
    return int(text)


@contextmanager
def _alone(state: State) -> Iterator[None]:
    """Let one command at a time change a lab."""
    state.create()
    with (state.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _up(state: State, wish: argparse.Namespace) -> int:
    with _alone(state):
        before = state.load_options()
        options = _options(wish, before)
        found = engine.find(state)
        was_running = asterisk.running_pid(state) is not None
        try:
            _bring_up(state, found, options, before, wish)
        except LabError:
            if not was_running:  # nothing is left behind by a start that failed
                asterisk.stop(state)
            raise
    print(report.table(report.collect(state)))
    return 0


def _bring_up(
    state: State, found: engine.Engine, options: Options, before: Options | None, wish: argparse.Namespace
) -> None:
    rendered: set[str] = set()
    if not wish.without_ccd:
        daemon.prepare(state, options)
        rendered = daemon.render(state, options)
    _apply_to_asterisk(state, found, options, before, rendered)
    state.save_options(options)
    if not wish.without_ccd:
        daemon.apply(state, options, before)
        daemon.import_agents(state, options, sign_in=wish.sign_in)
        if daemon.render(state, options):  # now with the agents whose phones serve the fallback
            asterisk.execute(state, found, "module reload app_queue.so")


def _options(wish: argparse.Namespace, before: Options | None) -> Options:
    """Give what `up` asks for; a lab that is up keeps what is not asked for anew."""
    kept = before if before is not None and before.up else None
    config = str(Path(wish.config).resolve()) if wish.config else kept.config if kept else str(DEFAULT_CONFIG)
    count = wish.phones if wish.phones is not None else kept.phones if kept else DEFAULT_PHONES
    ports = Ports.choose({name: getattr(kept.ports, name) for name in Ports.__slots__} if kept else {})
    return Options(config=config, phones=count, ports=ports, up=True)


def _apply_to_asterisk(
    state: State, found: engine.Engine, options: Options, before: Options | None, rendered: set[str]
) -> None:
    if asterisk.running_pid(state) and before is not None and before.ports != options.ports:
        asterisk.stop(state)
    changed = asterisk.write_configuration(state, found, options.ports)
    if not asterisk.running_pid(state):
        asterisk.start(state, found, options)
    elif changed & {"asterisk.conf", "modules.conf"}:
        asterisk.stop(state)
        asterisk.start(state, found, options)
    elif changed | rendered:
        asterisk.execute(state, found, "core reload")


def _options_of_up(state: State) -> Options:
    options = state.load_options()
    if options is None:
        raise LabError(_("there is no lab in {folder}: `scripts/lab up` makes one", folder=state.root))
    return options


def _down(state: State, _wish: argparse.Namespace) -> int:
    if not state.root.exists():
        return 0
    with _alone(state):
        demo_phones.stop(state)
        daemon.stop(state)
        asterisk.stop(state)
        options = state.load_options()
        if options is not None:
            state.save_options(replace(options, up=False))
    return 0


def _status(state: State, wish: argparse.Namespace) -> int:
    facts = report.collect(state)
    print(json.dumps(facts, indent=2, ensure_ascii=False) if wish.json else report.table(facts))
    return 0 if facts["asterisk"]["running"] and facts["ccd"]["running"] else EXIT_DOWN


def _start(state: State, wish: argparse.Namespace) -> int:
    with _alone(state):
        options = _options_of_up(state)
        if wish.part == "asterisk" and not asterisk.running_pid(state):
            asterisk.start(state, engine.find(state), options)
        if wish.part == "ccd" and not daemon.supervised(state):
            daemon.start(state, options)
    return 0


def _stop(state: State, wish: argparse.Namespace) -> int:
    with _alone(state):
        {"asterisk": asterisk.stop, "ccd": daemon.stop}[wish.part](state)
    return 0


def _restart(state: State, wish: argparse.Namespace) -> int:
    _options_of_up(state)
    return _stop(state, wish) or _start(state, wish)


def _logs(state: State, wish: argparse.Namespace) -> int:
    files = {"asterisk": state.asterisk_log, "ccd": state.ccd_log}
    chosen = [str(path) for part, path in files.items() if wish.part in (None, part) and path.exists()]
    if not chosen:
        raise LabError(_("there is no log in {folder} yet", folder=state.log))
    follow = ["-F"] if wish.follow else []
    return subprocess.run(["tail", "-n", "200", *follow, *chosen], check=False).returncode
