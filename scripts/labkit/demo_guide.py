"""What the demo prints when its story is told: the records, and what to try now."""

import asyncio
import os
import subprocess

from ccd.cli.locate import find_socket
from ccd.cli.wishes import Wishes
from labkit import asterisk, daemon, phones
from labkit.daemon import CCD
from labkit.demo_live import Live
from labkit.demo_story import Told
from labkit.demo_teller import DIM, Teller
from labkit.messages import _
from labkit.settings import CHECKOUT, LabError, State

MARGIN = 12


def show_records(state: State, teller: Teller, told: Told) -> None:
    """Print the first call's record, its recording and survey, and why each of the two agents was chosen."""
    live = Live(state.socket)
    record = asyncio.run(live.record(told.first, recorded=True))
    asyncio.run(live.record(told.again, recorded=False))
    teller.title(_("The first call's record"))
    _ccd(state, teller, "cdr", "show", told.first)
    for recording in record["recordings"]:
        teller.line()
        length = _("({length:.1f} s; the caller is left, the agent right)", length=recording["length_s"])
        _ccd(state, teller, "recording", "path", recording["id"])
        teller.line(length)
    survey = record["survey"] or {}
    teller.line(_("survey answer: {digit} {label}", digit=survey.get("digit"), label=survey.get("label")))
    teller.title(_("Why these agents"))
    _ccd(state, teller, "explain", told.first)
    teller.line()
    _ccd(state, teller, "explain", told.again)


def _ccd(state: State, teller: Teller, *words: str) -> None:
    """Run a ccd command as a user would, and show it."""
    teller.line(teller.paint(DIM, f"$ .venv/bin/ccd {' '.join(words)}"))
    done = subprocess.run([CCD, *words], env=os.environ | {"CCD_SOCKET": str(state.socket)}, check=False)
    if done.returncode:
        raise LabError(_("`ccd {words}` failed, see above", words=" ".join(words)))


def invite(state: State, teller: Teller, told: Told, *, softphone_is_there: bool) -> None:
    """Say how to connect a softphone, what to call, what to try, how to stop."""
    phone = phones.load(state)[0]
    options = state.load_options()
    port = options.ports.sip if options else 0
    teller.title(_("It stays up: your turn"))
    softphone = [
        _(
            "server 127.0.0.1, port {port}, transport UDP, user {user}, password {password}",
            port=port,
            user=phone.extension,
            password=phone.password,
        ),
        _("Asterisk listens on loopback only: the softphone has to run on this machine"),
        _("agent {agent} is signed in there: sales calls ring it in its turn", agent=phone.agent),
    ]
    if softphone_is_there:
        softphone.append(_("one is registered already; it was left alone"))
    _block(teller, _("Softphone"), softphone)
    _block(
        teller,
        _("Call"),
        [
            _("4000  the IVR: 1 sales, 2 support, 0 operator (extension 1001), 9 the other language"),
            _("4001  queue sales: round robin with memory, sticky, recording, survey"),
            _("4002  queue support: all its phones ring"),
            _("4003  queue bench: every agent, no announcement, no survey"),
            _("1002 … 1006  the simulated agents: they answer, speak and hang up"),
        ],
    )
    codes = [
        _("*11 sign in (number {agent}, PIN {pin}) · *12 sign out", agent=phone.agent, pin=phone.pin),
        _("*13 break (1 lunch, 2 rest, 3 training, 4 meeting) · *14 ready · *15 wrap-up done"),
    ]
    _block(teller, _("Codes"), codes)
    _block(teller, _("Try"), _commands(state, told))
    _block(teller, _("Logs"), [str(state.ccd_log), str(state.asterisk_log)])
    _block(teller, _("Stop"), [_stop(state)])


def _commands(state: State, told: Told) -> list[str]:
    ccd = ".venv/bin/ccd"
    words = ["status", "top", "queue show sales", "agent list", "cdr list", "recording list"]
    words += [f"explain {told.again}", "survey report", "flow show main", "doctor"]
    socket = (
        []
        if find_socket(Wishes()).resolve() == state.socket.resolve()
        else [f"export CCD_SOCKET={state.socket}"]
    )
    return [f"cd {CHECKOUT}", *socket, *(f"{ccd} {each}" for each in words)]


def _block(teller: Teller, title: str, lines: list[str]) -> None:
    columns = sum(2 if ord(character) > 0x2E80 else 1 for character in title)
    teller.line()
    for number, text in enumerate(lines):
        teller.line(f"{title}{' ' * (MARGIN - columns)}{text}" if number == 0 else f"{' ' * MARGIN}{text}")


def what_runs(state: State) -> str:
    """Say in a line what an interrupted demo leaves."""
    if asterisk.running_pid(state) is None and not daemon.supervised(state):
        return _("Nothing runs.")
    return _("The lab goes on without the simulated phones. Stop it: {command}", command=_stop(state))


def where_to_look(state: State) -> str:
    """Say where the logs are and how to stop what runs."""
    logs = [path for path in (state.ccd_log, state.asterisk_log, state.asterisk_console) if path.exists()]
    lines = [_("Logs: {files}", files="  ".join(map(str, logs)))] if logs else []
    return "\n".join([*lines, what_runs(state)])


def _stop(state: State) -> str:
    return "make lab-down" if state.root == CHECKOUT / ".lab" else f"scripts/lab down --state {state.root}"
