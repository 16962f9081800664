"""Reading requests: every parameter and every body is hostile until it has passed through here."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ccd.errors import CcdError
from ccd.http.filters import DEFAULT_PAGE, MAX_PAGE, Order, Outcome, Page, RecordFilter
from ccd.http.problems import BadRequestError

MAX_CURSOR = 512
MOST_FAULTS = 20
"""Of a body, that are told."""

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


def name(text: str) -> str:
    """Read a name of the configuration."""
    if not _NAME.fullmatch(text):
        raise BadRequestError(
            "{given!r} is not a name: 1 to 64 of a-z 0-9 _ -", reason="bad_name", given=text[:64]
        )
    return text


def agent(text: str) -> str:
    """Read an agent's number, or an extension."""
    if not _AGENT.fullmatch(text):
        raise BadRequestError(
            "{given!r} is not an agent's number or extension: 1 to 32 of 0-9 A-Z a-z _ -",
            reason="bad_agent",
            given=text[:64],
        )
    return text


def number(text: str) -> str:
    """Read a telephone number."""
    if not _NUMBER.fullmatch(text):
        raise BadRequestError(
            "{given!r} is not a telephone number: 1 to 64 digits, letters, + * # _ . -",
            reason="bad_number",
            given=text[:64],
        )
    return text


def identity(text: str) -> str:
    """Read the id of a call, a recording, a message."""
    if not _ID.fullmatch(text):
        raise BadRequestError(
            "{given!r} is not an id: 1 to 128 printable ASCII characters without blanks",
            reason="bad_id",
            given=text[:64],
        )
    return text


def query(request: web.Request, allowed: Collection[str]) -> Mapping[str, str]:
    """Give the query's parameters, each known and there once."""
    given = request.query
    for key in given:
        if key not in allowed:
            raise BadRequestError(
                "unknown parameter {parameter!r}",
                reason="unknown_parameter",
                parameter=key[:64],
                allowed=sorted(allowed),
            )
        if len(given.getall(key)) > 1:
            raise BadRequestError(
                "parameter {parameter!r} is given more than once", reason="parameter_twice", parameter=key
            )
    return given


def call(request: web.Request) -> str:
    """Give the call that an address names; it takes no parameters."""
    query(request, ())
    return identity(request.match_info["call"])


def choice(kind: type[_Choice], key: str, text: str) -> _Choice:
    """Read one of an enumeration's values."""
    try:
        return kind(text)
    except ValueError:
        allowed = [each.value for each in kind]
        raise BadRequestError(
            "{parameter}: {given!r} is none of the values allowed",
            reason="bad_choice",
            parameter=key,
            given=text[:64],
            allowed=allowed,
        ) from None


def moment(key: str, text: str) -> datetime:
    """Read an RFC 3339 date with its offset."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise BadRequestError(
            "{parameter}: {given!r} is no date; write 2026-11-21T09:30:00Z or 2026-11-21T17:30:00+08:00",
            reason="bad_date",
            parameter=key,
            given=text[:64],
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
        raise BadRequestError(
            "limit: {given!r} is not a whole number from 1 to {most}",
            reason="bad_limit",
            given=limit[:64],
            most=MAX_PAGE,
        )
    cursor = given.get("cursor")
    if cursor is not None and not 1 <= len(cursor) <= MAX_CURSOR:
        raise BadRequestError(
            "cursor: give back what `next_cursor` said, or leave it out", reason="bad_cursor"
        )
    return Page(
        limit=int(limit),
        cursor=cursor,
        order=choice(Order, "order", given.get("order", Order.NEWEST)),
    )


async def body(request: web.Request, kind: type[_Body]) -> _Body:
    """Read a JSON body strictly: no unknown keys, no silent conversions. An empty body is `{}`."""
    raw = await request.read()
    if raw and request.content_type != "application/json":
        raise BadRequestError("the body must be JSON: send Content-Type: application/json", reason="not_json")
    try:
        return kind.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
        raise BadRequestError(faults=[_fault(each) for each in told]) from None


def _fault(each: ErrorDetails) -> BadRequestError:
    """Tell what pydantic found; its type of error is the reason, so that it can be said in Chinese."""
    said = CcdError("{said}", reason=f"body_{each['type']}", said=each["msg"], **each.get("ctx", {}))
    place = ".".join(str(part) for part in each["loc"]) or "body"
    return BadRequestError("{key}: {problem}", reason="bad_key", key=place, problem=said)
