"""Column types that both databases share: aware UTC dates with microseconds."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


@lru_cache(maxsize=1024)  # a call record has twenty dates, of a third as many instants
def utc_text(moment: datetime) -> str:
    """Give a date as it is stored; a naive one is refused: it would be somebody's local time."""
    if moment.tzinfo is None:
        raise ValueError(f"a date without a time zone cannot be stored: {moment}")
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC date: `timestamptz` on PostgreSQL, text `2026-11-21 01:30:00.000000` on SQLite.

    The text sorts by time, SQLite's own date functions read it, and so does whoever opens the file.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn a date into what the driver stores."""
        if value is None:
            return None
        text = utc_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the driver read into a date."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        moment: datetime = value
        return moment.astimezone(UTC)
