"""Making answers: JSON at once, or a stream that a slow reader can hold up for nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from ccd.http import border
from ccd.http.backend import Backend

BACKEND: web.AppKey[Backend] = web.AppKey("backend", Backend)


def backend_of(request: web.Request) -> Backend:
    """Give the daemon behind this request."""
    return request.app[BACKEND]


def answer(body: Any, *, status: int = 200) -> web.Response:
    """Give `body` as JSON in UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(status=status, text=text, content_type="application/json")


async def stream(
    request: web.Request, pieces: AsyncIterator[bytes], *, content_type: str, filename: str
) -> web.StreamResponse:
    """Send `pieces` as they come.

    What fails before the first piece is an ordinary error. What fails later cuts the connection, so that the
    reader cannot take half a file for a whole one.
    """
    try:
        first = await anext(pieces, b"")
        response = web.StreamResponse(
            headers={
                "Content-Type": content_type,
                "Content-Disposition": f'attachment; filename="{filename}"',
            }
        )
        await response.prepare(request)
        try:
            await _write(response, first)
            async for piece in pieces:
                await _write(response, piece)
            await response.write_eof()
        except Exception as error:  # noqa: BLE001 - the answer has begun: cutting it off is the only one left
            border.cut(request, repr(error))
        return response
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()


async def _write(response: web.StreamResponse, piece: bytes) -> None:
    async with asyncio.timeout(border.WRITE_TIMEOUT_S):
        await response.write(piece)
