"""The process of the phones that go on when the demo's story is told: each answers, speaks and hangs up.

Run as `python -m labkit.demo_staff STATE_FOLDER LANGUAGE EXTENSION…`. It ends on SIGTERM, and when its lab is
gone or is up on another port.
"""

import asyncio
import os
import signal
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from labkit import demo_phones, phones
from labkit.demo_sounds import voices
from labkit.settings import State, write_whole
from tests.asterisk.phones import Answer, Phone

ANSWER_S = 1.5
TALK_S = 9.0
EXPIRES_S = 120
REFRESH_S = 50.0


def say(text: str) -> None:
    """Write a line into the log."""
    print(f"{time.strftime('%F %T')} {text}", flush=True)


async def serve(state: State, language: str, extensions: list[str]) -> None:
    """Answer calls until SIGTERM."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    port = sip_port(state)
    passwords = {phone.extension: phone.password for phone in phones.load(state)}
    behaviour = Answer(after_s=ANSWER_S, talk_s=TALK_S, speech=voices(language)["agent"])
    async with AsyncExitStack() as stack:
        staff = [Phone(("127.0.0.1", port), number, passwords[number]) for number in extensions]
        for phone in staff:
            phone.behaviour = behaviour
            await stack.enter_async_context(phone)
        write_whole(state.phones_pid, str(os.getpid()))
        say(f"{' '.join(extensions)} registered at port {port}")
        while demo_phones.running(state) == os.getpid() and sip_port(state) == port:
            await refresh(staff)
            try:
                await asyncio.wait_for(over.wait(), REFRESH_S)
            except TimeoutError:
                continue
            break
        say("ending")


def sip_port(state: State) -> int:
    """Give the port on which the lab is up; 0 when there is no lab any more."""
    options = state.load_options()
    return options.ports.sip if options else 0


async def refresh(staff: list[Phone]) -> None:
    """Renew the registrations, which are short: phones that were killed are soon gone for ccd too."""
    for phone in staff:
        phone.forget_ended()
        try:
            await phone.register(EXPIRES_S)
        except AssertionError as trouble:  # Asterisk is down just now
            say(str(trouble))


def main() -> None:
    """Run the process."""
    folder, language, *extensions = sys.argv[1:]
    asyncio.run(serve(State(Path(folder)), language, extensions))


if __name__ == "__main__":
    main()
