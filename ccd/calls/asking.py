"""Asking Asterisk for what people wish: what it refuses, or cannot do now, is a wish that is not granted."""

from collections.abc import Awaitable
from typing import TypeVar

from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError, RefusedError
from ccd.model import DialStatus

Done = TypeVar("Done")


async def granted(action: Awaitable[Done]) -> Done:
    """Have Asterisk do something; `RefusedError` with its words when it did not, or it is not known."""
    try:
        return await action
    except (AmiActionError, AmiDownError, AmiUnknownOutcomeError) as problem:
        raise RefusedError(
            "Asterisk did not do it: {problem}", reason="asterisk_did_not", problem=problem
        ) from problem


async def answered(origination: Awaitable[DialStatus], extension: str) -> None:
    """Ring a phone; `RefusedError` when it was not answered, or cannot be rung."""
    status = await granted(origination)
    if status is DialStatus.UNKNOWN:
        raise RefusedError(
            "phone {extension} was not answered: it cannot be reached",
            reason="phone_unreachable",
            extension=extension,
        )
    if status is not DialStatus.ANSWER:
        raise RefusedError(
            "phone {extension} was not answered: {status}",
            reason="phone_not_answered",
            extension=extension,
            status=status,
        )
