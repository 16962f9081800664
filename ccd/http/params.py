"""Reading requests: every parameter and every body is hostile until it has passed through here."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from ccd.http.filters import DEFAULT_PAGE, MAX_PAGE, Order, Outcome, Page, RecordFilter
from ccd.http.problems import BadRequestError

MAX_CURSOR = 512

_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_AGENT = re.compile(r"[0-9A-Za-z_-]{1,32}")
_NUMBER = re.compile(r"\+?[0-9A-Za-z*#_.-]{1,64}")
_ID = re.compile(r"[!-~]{1,128}")

_Choice = TypeVar("_Choice", bound=StrEnum)
_Body = TypeVar("_Body", bound=BaseModel)

RECORD_KEYS = ("since", "until", "number", "called", "agent", "queue", "outcome")
RECORDING_KEYS = ("since", "until", "number", "agent", "queue")
SURVEY_KEYS = ("since", "until", "survey", "queue", "agent", "group_by")
PAGE_KEYS = ("limit", "cursor")


def _matching(pattern: re.Pattern[str], what: str, rule: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadRequestError(f"{text[:64]!r} is not {what}: {rule}")
        return text

    return check


name = _matching(_NAME, "a name", "1 to 64 of a-z 0-9 _ -")
agent = _matching(_AGENT, "an agent's number or extension", "1 to 32 of 0-9 A-Z a-z _ -")
number = _matching(_NUMBER, "a telephone number", "1 to 64 digits, letters, + * # _ . -")
identity = _matching(_ID, "an id", "1 to 128 printable ASCII characters without blanks")


def query(request: web.Request, allowed: Collection[str]) -> Mapping[str, str]:
    """Give the query's parameters, each known and there once."""
    given = request.query
    for key in given:
        if key not in allowed:
            raise BadRequestError(f"unknown parameter {key[:64]!r}", allowed=sorted(allowed))
        if len(given.getall(key)) > 1:
            raise BadRequestError(f"parameter {key!r} is given more than once")
    return given


def choice(kind: type[_Choice], key: str, text: str) -> _Choice:
    """Read one of an enumeration's values."""
    try:
        return kind(text)
    except ValueError:
        allowed = [each.value for each in kind]
        raise BadRequestError(
            f"{key}: {text[:64]!r} is none of the values allowed", allowed=allowed
        ) from None


def moment(key: str, text: str) -> datetime:
    """Read an RFC 3339 date with its offset."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise BadRequestError(
            f"{key}: {text[:64]!r} is no date; write 2026-11-21T09:30:00Z or 2026-11-21T17:30:00+08:00"
        )
    return value


def record_filter(given: Mapping[str, str]) -> RecordFilter:
    """Read which calls are meant."""
    return RecordFilter(
        since=moment("since", given["since"]) if "since" in given else None,
        until=moment("until", given["until"]) if "until" in given else None,
        number=number(given["number"]) if "number" in given else None,
        called=number(given["called"]) if "called" in given else None,
        agent=agent(given["agent"]) if "agent" in given else None,
        queue=name(given["queue"]) if "queue" in given else None,
        outcome=choice(Outcome, "outcome", given["outcome"]) if "outcome" in given else None,
    )


def page(given: Mapping[str, str]) -> Page:
    """Read which part of a list is meant."""
    limit = given.get("limit", str(DEFAULT_PAGE))
    if not re.fullmatch(r"[0-9]{1,4}", limit) or not 1 <= int(limit) <= MAX_PAGE:
        raise BadRequestError(f"limit: {limit[:64]!r} is not a whole number from 1 to {MAX_PAGE}")
    cursor = given.get("cursor")
    if cursor is not None and not 1 <= len(cursor) <= MAX_CURSOR:
        raise BadRequestError("cursor: give back what `next_cursor` said, or leave it out")
    return Page(
        limit=int(limit),
        cursor=cursor,
        order=choice(Order, "order", given.get("order", Order.NEWEST)),
    )


async def body(request: web.Request, kind: type[_Body]) -> _Body:
    """Read a JSON body strictly: no unknown keys, no silent conversions. An empty body is `{}`."""
    raw = await request.read()
    if raw and request.content_type != "application/json":
        raise BadRequestError("the body must be JSON: send Content-Type: application/json")
    try:
        return kind.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in each['loc']) or 'body'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False, include_context=False)[:20]
        ]
        raise BadRequestError("; ".join(faults)) from None
