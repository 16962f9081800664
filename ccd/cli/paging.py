"""Lists longer than one page of the API."""

from collections.abc import Mapping
from typing import Any

from ccd.http.client import Client

PAGE = 200
"""The API's largest page."""


def take(client: Client, path: str, filters: Mapping[str, str | int | None], limit: int) -> list[Any]:
    """Give the first `limit` items of a list, over as many pages as that takes."""
    items: list[Any] = []
    cursor: str | None = None
    while len(items) < limit:
        page = client.get(path, **filters, limit=min(PAGE, limit - len(items)), cursor=cursor)
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None or not page["items"]:
            break
    return items
