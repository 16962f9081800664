"""How ccd and Asterisk reach each other, and what Asterisk does when ccd is not there."""

from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from ccd.config.base import AbsolutePath, Host, MusicClass, Name, Port, Seconds, Section, Sound
from ccd.config.problems import refusal
from ccd.config.secrets import Secret
from ccd.config.shape import Shape

LOOPBACK = ("127.0.0.1/32", "::1/128")


def _check_network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise refusal("network", value=repr(text)) from None
    return text


Network = Annotated[str, AfterValidator(_check_network)]
HostPort = Annotated[str, Shape(r"[A-Za-z0-9._-]{1,253}:[0-9]{1,5}", "host:port", "主机：端口")]
DialString = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9]+/[A-Za-z0-9_@./:-]*\{number\}[A-Za-z0-9_@./:-]*",
        "a dial string with {number} in it, such as PJSIP/{number}@trunk",
        "含 {number} 的拨号串，例如 PJSIP/{number}@trunk",
    ),
]
Mailbox = Annotated[
    str, Shape(r"[0-9]{1,16}(@[A-Za-z0-9_-]{1,64})?", "mailbox or mailbox@context", "信箱号或 信箱号@context")
]


class Ami(Section):
    """Asterisk's manager interface."""

    host: Host = "127.0.0.1"
    """Where Asterisk listens; keep it on loopback."""
    port: Port = 5038
    username: Name = "ccd"
    secret: Secret = SecretStr("")
    """Password of the manager user; better in a file of its own, named by secret_file."""
    secret_file: str | None = None
    """File that holds the secret; readable by ccd alone."""
    permit: tuple[Network, ...] = LOOPBACK
    """Addresses from which Asterisk lets the manager user in."""


class Agi(Section):
    """The FastAGI server that the dialplan asks; keep it on loopback.

    Whoever answers Asterisk's questions can run programs on that machine.
    """

    host: Host = "127.0.0.1"
    port: Port = 4573
    max_sessions: Annotated[int, Field(ge=1, le=100_000)] = 2000
    """Callers held at the same moment, in a flow or waiting; beyond it the dialplan falls back."""
    second: HostPort | None = None
    """host:port of a second ccd, which the dialplan asks when this one is gone; null: there is none."""


class Asterisk(Section):
    """The Asterisk that ccd serves."""

    config_directory: AbsolutePath = "/etc/asterisk"
    """Where the rendered files belong."""
    ami: Ami = Ami()
    agi: Agi = Agi()
    music: MusicClass = "default"
    """Music on hold for those who wait, unless their queue has its own."""
    outside_dial: DialString = "PJSIP/{number}@trunk"
    """How an outside number is dialled; {number} stands for its digits."""
    fallback_after_s: Annotated[Seconds, Field(ge=1)] = 10
    """Seconds without ccd until the caller goes to Asterisk's own Queue()."""
    fallback_queue: Name | None = None
    """Queue for callers who were in a flow, in no queue yet, when ccd was lost; null: the first queue."""
    fallback_wait_s: Annotated[Seconds, Field(ge=5)] = 300
    """How long a caller waits in Asterisk's own Queue() before ccd is asked once more."""
    fallback_prompt: Sound | None = None
    """Sound that is played when that did not help, before the call is ended; null: nobody-available."""
    fallback_voicemail: Mailbox | None = None
    """mailbox@context that takes a message instead of that; null: none."""
    phone_ring_s: Annotated[Seconds, Field(ge=1)] = 60
    """How long a phone rings when another phone calls it."""


class Music(Section):
    """A class of music on hold of our own, in musiconhold_ccd.conf."""

    directory: AbsolutePath
    """Folder of sound files, as Asterisk sees it."""
    sort: Literal["random", "alpha", "randstart"] = "random"
    """random, alpha or randstart (alphabetical from a random start)."""
