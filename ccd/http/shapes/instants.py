"""Dates as the API writes them."""

from datetime import UTC, datetime

Instant = str
"""`2026-11-21T09:30:00.125Z`."""


def instant(moment: datetime) -> Instant:
    """Give an aware date as the API writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
