"""What ccd itself says of the demo's calls, over its local socket: the live record, decisions, agents."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from ccd.http.client import ApiError, Client

POLL_S = 0.02
"""Only for the moment between what a telephone has seen and ccd's word of it."""
PATIENCE_S = 10.0
NOT_FOUND = 404

Found = dict[str, Any]
Thing = TypeVar("Thing")


class Live:
    """ccd's own view."""

    def __init__(self, socket: Path) -> None:
        self._client = Client(socket, timeout_s=PATIENCE_S)

    async def get(self, *parts: str, **parameters: str | int) -> Any:
        """Ask for a resource of the local API."""
        return await asyncio.to_thread(self._client.get, *parts, **parameters)

    async def post(self, *parts: str, body: Any = None) -> Any:
        """Change something."""
        return await asyncio.to_thread(self._client.post, *parts, body=body)

    async def call_of(self, number: str) -> str:
        """Give the id of the call that a number has under way."""

        async def look() -> str | None:
            calls = await self.get("calls")
            return next((call["id"] for call in reversed(calls) if call["number"] == number), None)

        return await until(look, f"ccd sees the call of {number}")

    async def segment(self, call: str, kind: str, *, ended: bool = False) -> Found:
        """Give the last segment of a kind of a call, live or finished, once it is there, or has ended."""

        async def look() -> Found | None:
            record = await self._known("calls", call, "explain")
            found = [each for each in record.get("segments", ()) if each["kind"] == kind]
            return found[-1] if found and (found[-1]["ended_at"] or not ended) else None

        return await until(look, f"{kind} of call {call}")

    async def decision(self, call: str, agent: str) -> Found:
        """Give the decision by which a call went to an agent."""

        async def look() -> Found | None:
            record = await self._known("calls", call, "explain")
            chosen = [
                decision
                for decision in record.get("decisions", ())
                if any(
                    each["agent"] == agent and each["verdict"] == "chosen" for each in decision["candidates"]
                )
            ]
            return chosen[-1] if chosen else None

        return await until(look, f"decision for {agent} in call {call}")

    async def record(self, call: str, *, recorded: bool) -> Found:
        """Give the finished record, if so wanted with its recording in place and measured."""

        async def look() -> Found | None:
            record = await self._known("records", call)
            lengths = [each["length_s"] for each in record.get("recordings", ())]
            return record or None if not recorded or (lengths and None not in lengths) else None

        return await until(look, f"record of call {call}")

    async def _known(self, *parts: str) -> Found:
        """Give what is known of a call: nothing between its end and the writing of its record."""
        try:
            found: Found = await self.get(*parts)
        except ApiError as error:
            if error.status == NOT_FOUND:
                return {}
            raise
        return found

    async def until_agent(self, agent: str, **wanted: str) -> Found:
        """Wait until an agent has this `status`, `state` and so on."""

        async def look() -> Found | None:
            found: Found = await self.get("agents", agent)
            return found if all(found[key] == value for key, value in wanted.items()) else None

        return await until(look, f"agent {agent} {' '.join(wanted.values())}")


async def until(
    look: Callable[[], Awaitable[Thing | None]], what: str, timeout_s: float = PATIENCE_S
) -> Thing:
    """Look again and again until there is something; AssertionError names what did not come."""
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                if (found := await look()) is not None:
                    return found
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise AssertionError(f"not within {timeout_s:g} s: {what}") from None
