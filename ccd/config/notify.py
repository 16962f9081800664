"""Who outside is told when something happened: a system by webhook, people by a command such as sendmail."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator

from ccd.config.base import Section
from ccd.config.lookups import Url, is_private
from ccd.config.secrets import Secret
from ccd.config.told import told

PLACEHOLDERS = ("number", "name", "mailbox", "label", "at", "length_s", "id", "file", "call", "queue")
"""What may stand in braces in a command and its text."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
Word = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One word of a command line."""


class Webhook(Section):
    """A POST of JSON, signed as Standard Webhooks has it: `{url: https://…, secret_file: /etc/ccd/hook}`."""

    url: Url
    secret: Secret = SecretStr("")
    """What the request is signed with, `whsec_…` or any text; empty: it is not signed."""
    secret_file: str | None = None
    timeout_s: Annotated[float, Field(ge=1, le=30)] = 10
    """For the whole of one try."""
    allow_private: bool = False
    """Whether the address may be loopback or in a private network, and may go without TLS (http)."""

    @model_validator(mode="after")
    def _address(self) -> Self:
        parts = urlsplit(self.url)
        if not self.allow_private and (parts.scheme == "http" or is_private(parts.hostname or "")):
            raise told(
                "url is sent without encryption, or not out on the public network",
                "write https and a public address; allow_private: true is for a system in your own network",
                "url 未加密，或不是公网地址",
                "改用 https 和公网地址，或对内网系统设置 allow_private: true",
            )
        return self


class Notify(Section):
    """Who is told; what of the two is null is not done."""

    webhook: Webhook | None = None
    command: Annotated[tuple[Word, ...], Field(min_length=1, max_length=64)] | None = None
    """The program and its arguments, run without a shell: `[sendmail, -t]`.

    Filled in are `{number}`, `{name}`, `{mailbox}`, `{label}`, `{at}`, `{length_s}`, `{id}`, `{file}`,
    `{call}` and `{queue}`.
    """
    text: Annotated[str, StringConstraints(max_length=4000)] | None = None
    """What the command reads on its standard input, with the same placeholders; null: a few plain lines."""
    timeout_s: Annotated[float, Field(ge=1, le=300)] = 30
    """How long the command may run."""

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        for text in (*(self.command or ()), self.text or ""):
            for name in _PLACEHOLDER.findall(text):
                if name not in PLACEHOLDERS:
                    known = ", ".join(PLACEHOLDERS)
                    raise told(
                        f"there is no placeholder {{{name}}}",
                        f"use one of: {known}",
                        f"没有占位符 {{{name}}}",
                        f"可用的有：{known}",
                    )
        return self
