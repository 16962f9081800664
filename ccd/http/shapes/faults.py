"""What is wrong: for people in their language, for programs by a reason and its values."""

from typing import TypedDict

from ccd.errors import CcdError

Value = str | int | float


class Fault(TypedDict):
    """One thing that is wrong."""

    message: str
    """In the language that the request asks for by `Accept-Language`: `en`, or `zh`."""
    reason: str
    """By which programs know it, e.g. `no_such_queue`; empty: it has none."""
    values: dict[str, Value]
    """What the message is about, by name, e.g. `{"queue": "sale", "known": "sales, support"}`."""


def fault(error: CcdError) -> Fault:
    """Give an error as the API tells it, in English."""
    values = {
        name: value if isinstance(value, int | float) else str(value) for name, value in error.values.items()
    }
    return {"message": str(error), "reason": error.reason, "values": values}
