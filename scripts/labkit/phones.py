"""The lab's phones and their agents: made once for a state folder, kept across every `up`."""

import csv
import io
import json
import secrets
from dataclasses import asdict, dataclass

from labkit.messages import _
from labkit.settings import FIRST_EXTENSION, LabError, State, write_json

ALL_QUEUES = "bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One phone; its agent has the phone's number."""

    extension: str
    password: str
    agent: str
    pin: str


def ensure(state: State, count: int) -> list[Phone]:
    """Give `count` phones, inventing passwords for those that are new."""
    known = load(state)
    first = FIRST_EXTENSION + len(known)
    fresh = [_invent(str(number)) for number in range(first, FIRST_EXTENSION + count)]
    if fresh:
        write_json(state.phones, [asdict(phone) for phone in known + fresh])
    return (known + fresh)[:count]


def load(state: State) -> list[Phone]:
    """Give every phone that this state folder ever had."""
    try:
        return [Phone(**phone) for phone in json.loads(state.phones.read_text())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise LabError(
            _(
                "{file} is damaged ({error}): remove it; every phone gets a new password",
                file=state.phones,
                error=error,
            )
        ) from error


def _invent(extension: str) -> Phone:
    pin = f"{secrets.randbelow(10**6):06}"
    return Phone(extension=extension, password=secrets.token_hex(12), agent=extension, pin=pin)


def queues_of(phone: Phone) -> list[str]:
    """Give the demo's queues of an agent: 1001–1003 sell, 1004–1006 support, all serve on the bench."""
    place = int(phone.extension) - FIRST_EXTENSION
    return [*(["sales"] if place < 3 else ["support"] if place < 6 else []), ALL_QUEUES]


def agents_csv(phones: list[Phone], known_queues: set[str]) -> str:
    """Give the phones' agents for `ccd agent import`, in those of their queues that are configured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["number", "name", "extension", "pin", "queues"])
    for phone in phones:
        queues = [queue for queue in queues_of(phone) if queue in known_queues]
        writer.writerow([phone.agent, f"Agent {phone.agent}", phone.extension, phone.pin, " ".join(queues)])
    return text.getvalue()
