"""The local API's client: the standard library only, because a command's start-up time is its user's time."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ccd.errors import CcdError

PREFIX = "/api/v1"
MAX_ANSWER = 64 * 1024 * 1024
_PIECE = 64 * 1024


class UnreachableError(CcdError):
    """Nobody answers on the socket."""

    def __init__(self, path: Path, reason: OSError | http.client.HTTPException) -> None:
        super().__init__(f"{path}: {getattr(reason, 'strerror', None) or reason or type(reason).__name__}")
        self.path = path
        self.cause = reason


class ApiError(CcdError):
    """The daemon answered with a problem document."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        super().__init__(str(document.get("detail") or f"HTTP {status}"))
        self.status = status
        self.code = str(document.get("code", ""))
        self.fault = str(document.get("reason", ""))
        """What is wrong, for programs, e.g. `no_such_queue`."""
        self.allowed: list[str] = list(document.get("allowed", ()))
        self.problems: list[dict[str, Any]] = list(document.get("problems", ()))


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class Client:
    """One daemon's API. Each request has a connection of its own.

    `language`, `en` or `zh`, is what the daemon is to say its refusals in.
    """

    def __init__(self, path: Path, *, timeout_s: float = 30.0, language: str = "en") -> None:
        self.path = path
        self._headers = {"Accept-Language": language}
        self._timeout_s = timeout_s

    def get(self, *parts: str, **parameters: str | int | None) -> Any:
        """GET `/api/v1/part/part…`; parameters that are `None` are left out."""
        return self._json("GET", parts, parameters=parameters)

    def post(self, *parts: str, body: Any = None, timeout_s: float | None = None) -> Any:
        """POST a JSON body."""
        return self._json("POST", parts, body=body or {}, timeout_s=timeout_s)

    def patch(self, *parts: str, body: Any) -> Any:
        """PATCH with a JSON body."""
        return self._json("PATCH", parts, body=body)

    def put(self, *parts: str, body: Any) -> Any:
        """PUT a JSON body."""
        return self._json("PUT", parts, body=body)

    def delete(self, *parts: str) -> None:
        """DELETE."""
        self._json("DELETE", parts)

    def stream(self, *parts: str, **parameters: str | int | None) -> Iterator[bytes]:
        """GET a file in pieces; a file that breaks off raises `UnreachableError`."""
        connection, answer = self._ask("GET", parts, parameters=parameters)
        try:
            while piece := self._read(answer, _PIECE):
                yield piece
        finally:
            connection.close()

    def _json(
        self,
        method: str,
        parts: tuple[str, ...],
        *,
        parameters: Mapping[str, str | int | None] | None = None,
        body: Any = None,
        timeout_s: float | None = None,
    ) -> Any:
        connection, answer = self._ask(method, parts, parameters=parameters, body=body, timeout_s=timeout_s)
        try:
            raw = self._read(answer, MAX_ANSWER)
        finally:
            connection.close()
        try:
            return json.loads(raw) if raw else None
        except ValueError as error:
            raise UnreachableError(self.path, http.client.IncompleteRead(raw)) from error

    def _ask(
        self,
        method: str,
        parts: tuple[str, ...],
        *,
        parameters: Mapping[str, str | int | None] | None = None,
        body: Any = None,
        timeout_s: float | None = None,
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        target = "/".join((PREFIX, *(quote(part, safe="") for part in parts)))
        given = {key: value for key, value in (parameters or {}).items() if value is not None}
        if given:
            target += "?" + urlencode(given)
        sent = None if body is None else json.dumps(body).encode()
        headers = self._headers if sent is None else {**self._headers, "Content-Type": "application/json"}
        connection = _UnixConnection(self.path, timeout_s or self._timeout_s)
        try:
            connection.request(method, target, body=sent, headers=headers)
            answer = connection.getresponse()
            if answer.status < 400:
                return connection, answer
            raw = answer.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise UnreachableError(self.path, error) from error
        connection.close()
        raise ApiError(answer.status, _document(raw))

    def _read(self, answer: http.client.HTTPResponse, limit: int) -> bytes:
        try:
            return answer.read(limit)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(self.path, error) from error


def _document(raw: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(raw)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
