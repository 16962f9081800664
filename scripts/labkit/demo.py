"""`make demo`: real calls on a real Asterisk, told step by step; then it stays up for whoever wants to try.

Runs in the project's environment (unlike the lab itself), because it speaks ccd's words and languages.
"""

import argparse
import asyncio
import fcntl
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ccd.cli import messages as cli_messages
from ccd.errors import CcdError
from labkit import cli, demo_guide, demo_phones, demo_story, phones
from labkit.demo_live import Live
from labkit.demo_sounds import Prompts, voices
from labkit.demo_stage import BRISK, Pace, Props, Stage
from labkit.demo_teller import RED, Teller
from labkit.messages import _, is_chinese
from labkit.settings import CHECKOUT, DEFAULT_CONFIG, DEFAULT_PHONES, LabError, State

SELLERS = ("1001", "1002", "1003")
STORY_S = 180.0
INTERRUPTED = 130
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; give its exit code."""
    wish = _wish(sys.argv[1:] if arguments is None else arguments)
    language = "zh" if is_chinese() else "en"
    cli_messages.use(language)
    state = State(Path(wish.state or os.environ.get("LAB_STATE") or CHECKOUT / ".lab"))
    sys.stdout.reconfigure(errors="replace")
    teller = Teller()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _alone(state):
            _demonstrate(state, teller, language, BRISK if wish.brisk else Pace())
    except BrokenPipeError:  # whoever read along has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        teller.line("\n" + _("Interrupted."))
        teller.line(demo_guide.what_runs(state))
        return INTERRUPTED
    except (LabError, CcdError, AssertionError, OSError) as error:
        teller.line("\n" + teller.paint(RED, _("The demo failed: {error}", error=error)))
        teller.line(demo_guide.where_to_look(state))
        return 1
    return 0


def _wish(words: Sequence[str]) -> argparse.Namespace:
    first = argparse.ArgumentParser(add_help=False)  # the language of the help comes before the help
    first.add_argument("--lang", choices=("en", "zh"))
    if lang := first.parse_known_args(words)[0].lang:
        os.environ["CCD_LANG"] = lang
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description=_("Real calls on a real Asterisk, told step by step; then it stays up."),
    )
    parser.add_argument("--lang", choices=("en", "zh"), help=_("English or Chinese (default: by locale)"))
    parser.add_argument("--brisk", action="store_true", help=_("short talks"))
    parser.add_argument("--state", metavar="DIR", help=_("where the lab keeps everything (default: .lab)"))
    return parser.parse_args(words)


@contextmanager
def _alone(state: State) -> Iterator[None]:
    """Let one demo at a time use a lab."""
    state.create()
    with (state.root / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError(_("another demo is telling its story on this lab: wait for it")) from None
        yield


def _demonstrate(state: State, teller: Teller, language: str, pace: Pace) -> None:
    _bring_up(state, language)
    demo_phones.stop(state)
    try:
        told, seated = asyncio.run(_play(state, teller, language, pace))
    except TimeoutError:
        raise LabError(_("the story was not over within {seconds:.0f} s", seconds=STORY_S)) from None
    except BaseExceptionGroup as group:
        raise _first(group) from group
    demo_guide.show_records(state, teller, told)
    staff = [phone.extension for phone in phones.load(state)[1:DEFAULT_PHONES]]
    demo_phones.start(state, staff, language)
    demo_guide.invite(state, teller, told, softphone_is_there=SELLERS[0] not in seated)


def _first(group: BaseExceptionGroup) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _bring_up(state: State, language: str) -> None:
    options = state.load_options()
    count = max(DEFAULT_PHONES, options.phones if options and options.up else 0)
    words = ["up", "--sign-in", "--phones", str(count), "--config", str(_configuration(state, language))]
    code = cli.main([*words, "--state", str(state.root)])
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        raise LabError(_("the lab did not come up, see above"))


def _configuration(state: State, language: str) -> Path:
    """Give the demo's configuration, in which callers are spoken to in the language of the demo."""
    wanted, line = f"language: {language}", r"^language: *\w+"
    text = (DEFAULT_CONFIG / "ccd.yaml").read_text()
    if re.search(f"^{wanted}", text, re.MULTILINE):
        return DEFAULT_CONFIG
    own = state.root / "demo-config"
    shutil.copytree(DEFAULT_CONFIG, own, dirs_exist_ok=True)
    (own / "ccd.yaml").write_text(re.sub(line, wanted, text, count=1, flags=re.MULTILINE))
    return own


async def _play(state: State, teller: Teller, language: str, pace: Pace) -> tuple[demo_story.Told, list[str]]:
    """Seat the agents and tell the story; gives its calls and whose phones took part."""
    live = Live(state.socket)
    options = state.load_options()
    props = Props(
        server=("127.0.0.1", options.ports.sip if options else 0),
        passwords={phone.extension: phone.password for phone in phones.load(state)},
        language=language,
        live=live,
        teller=teller,
        prompts=Prompts(state, language),
        voices=voices(language),
        pace=pace,
    )
    numbers = await _customers(live)
    async with asyncio.timeout(STORY_S), Stage(props) as stage:
        for extension in sorted(props.passwords)[:DEFAULT_PHONES]:
            if extension == SELLERS[0] and await stage.is_registered(extension):
                await stage.set_aside(extension)
            else:
                await stage.seat(extension)
        teller.begin()
        told = await demo_story.tell(stage, [each for each in SELLERS if each in stage.desks], numbers)
        return told, list(stage.desks)


async def _customers(live: Live) -> list[str]:
    """Give four numbers of which the first has not called before: nobody knows that customer yet."""
    for tens in range(1000):
        numbers = [f"1380000{tens:03}{one}" for one in (1, 2, 3, 4)]
        if not (await live.get("records", number=numbers[0], limit=1))["items"]:
            break
    return numbers


if __name__ == "__main__":
    sys.exit(main())
