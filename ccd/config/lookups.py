"""Systems of the business that flows ask (智能路由): where they are, and how patient we are."""

import ipaddress
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator

from ccd.config.addresses import is_public
from ccd.config.base import Section
from ccd.config.secrets import Secret
from ccd.config.shape import Shape
from ccd.config.told import told

Url = Annotated[
    str,
    Shape(
        r"https?://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?(/[!-~]{0,1000})?",
        "the address of the system, such as https://crm.example.com/ccd, without user and password",
        "对方系统的地址，例如 https://crm.example.com/ccd,不含用户名和密码",
    ),
]
HeaderName = Annotated[str, Shape(r"[A-Za-z0-9-]{1,64}", "the name of a header", "HTTP 头名称")]
HeaderValue = Annotated[str, StringConstraints(max_length=512, pattern=r"^[ -~]*$")]
Patience = Annotated[float, Field(ge=0.1, le=10)]
"""Seconds; below the lease that Asterisk gives a silent daemon."""


class Breaker(Section):
    """When a system that does not answer is left alone for a while: callers go on at once by `on_failed`."""

    failures: Annotated[int, Field(ge=1, le=1000)] = 5
    """Failures in a row after which it is asked no more."""
    open_s: Annotated[float, Field(ge=1, le=3600)] = 30.0
    """After so long one caller's question is let through; when it is answered, all are again."""


class Lookup(Section):
    """One system, asked by POST with JSON; flows ask it by `lookup` nodes."""

    url: Url
    timeout_s: Patience = 1.5
    """For the whole of the answer, the name's resolution included; the caller waits so long at most."""
    headers: Annotated[dict[HeaderName, HeaderValue], Field(default_factory=dict, max_length=20)]
    """Sent with each question; what is secret belongs into secret_file."""
    secret: Secret = SecretStr("")
    """Sent as `Authorization: Bearer …`; better in a file of its own, by secret_file."""
    secret_file: str | None = None
    allow_private: bool = False
    """Whether the address may be loopback or in a private network, and may go without TLS (http)."""
    max_bytes: Annotated[int, Field(ge=64, le=1_048_576)] = 16_384
    """A longer answer counts as a failure."""
    breaker: Breaker = Breaker()

    @model_validator(mode="after")
    def _address(self) -> Self:
        parts = urlsplit(self.url)
        if self.allow_private:
            return self
        if parts.scheme == "http":
            raise told(
                "url is sent without encryption",
                "write https, or set allow_private: true for a system in your own network",
                "url 未加密",
                "改用 https，或对内网系统设置 allow_private: true",
            )
        if is_private(parts.hostname or ""):
            raise told(
                f"{parts.hostname} is not out on the public network",
                "set allow_private: true if the system is in your own network",
                f"{parts.hostname} 不是公网地址",
                "如果对方系统在内网，请设置 allow_private: true",
            )
        return self


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public; names are looked at when they resolve."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)
