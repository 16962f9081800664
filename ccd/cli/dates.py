"""Dates as people write them, in this machine's time zone, made into RFC 3339 for the API."""

from datetime import datetime, timedelta

from ccd.cli.messages import _
from ccd.cli.wishes import UsageError


def instant(told: str | None, now: datetime | None = None) -> str | None:
    """Read `today`, `yesterday`, `2026-11-21`, `2026-11-21 09:30[:05]`, or RFC 3339."""
    if told is None:
        return None
    today = (now or datetime.now().astimezone()).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None
    )
    match told.strip().lower():
        case "today" | "今天":
            moment = today
        case "yesterday" | "昨天":
            moment = today - timedelta(days=1)
        case text:
            try:
                moment = datetime.fromisoformat(text.upper())
            except ValueError:
                raise UsageError(
                    _(
                        "{told!r} is no date; write 2026-11-21, '2026-11-21 09:30', today or yesterday",
                        told=told,
                    )
                ) from None
    return moment.astimezone().isoformat()
