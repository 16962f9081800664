"""How ccd and Asterisk reach each other, and what Asterisk does when ccd is not there."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from ccd.config.base import Folder, Host, MusicClass, Name, Port, Seconds, Section, Sound
from ccd.config.secrets import Secret


class Ami(Section):
    """Asterisk's manager interface."""

    host: Host = "127.0.0.1"
    """Where Asterisk listens; keep it on loopback."""
    port: Port = 5038
    username: Name = "ccd"
    secret: Secret = SecretStr("")
    """Password of the manager user; better in a file of its own, by secret_file."""
    secret_file: str | None = None
    """File that holds the secret; readable by ccd alone."""
    permit: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F.:]+(/[0-9.]+)?$")], ...] = (
        "127.0.0.1/32",
        "::1/128",
    )
    """Addresses from which Asterisk lets the manager user in."""


class Agi(Section):
    """The FastAGI server that the dialplan asks; keep it on loopback.

    Whoever answers Asterisk's questions can run programs on that machine.
    """

    host: Host = "127.0.0.1"
    port: Port = 4573
    max_sessions: Annotated[int, Field(ge=1, le=100_000)] = 2000
    """Callers held at the same moment (in a flow or waiting); beyond it the dialplan falls back."""
    second: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+:[0-9]{1,5}$")] | None = None
    """host:port of a second ccd that the dialplan asks when this one is gone."""


class Asterisk(Section):
    """Everything about the Asterisk that ccd serves."""

    config_directory: Folder = "/etc/asterisk"
    """Where the rendered files are looked for by `ccd doctor`."""
    ami: Ami = Ami()
    agi: Agi = Agi()
    music: MusicClass = "default"
    """Music on hold for those who wait, unless their queue has its own."""
    outside_dial: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9]+/[A-Za-z0-9_@./:-]*\{number\}[A-Za-z0-9_@./:-]*$")
    ] = "PJSIP/{number}@trunk"
    """How an outside number is dialled; {number} is replaced by its digits."""
    fallback_after_s: Annotated[Seconds, Field(ge=1)] = 10
    """Seconds without ccd until the caller goes to Asterisk's own Queue()."""
    fallback_queue: Name | None = None
    """Queue for callers who were in a flow, not in a queue, when ccd was lost; null: the first queue."""
    fallback_wait_s: Annotated[Seconds, Field(ge=5)] = 300
    """How long a caller waits in Asterisk's own Queue() before ccd is asked once more."""
    fallback_prompt: Sound = "vm-nobodyavail"
    """Said when all of that did not help, before the call is ended."""
    fallback_voicemail: (
        Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}(@[A-Za-z0-9_-]+)?$")] | None
    ) = None
    """mailbox@context that takes a message instead; null: none."""
    phone_ring_s: Annotated[Seconds, Field(ge=1)] = 60
    """How long one phone rings when another one calls it."""


class Music(Section):
    """A class of music on hold of our own, in musiconhold_ccd.conf."""

    directory: Folder
    """Folder of sound files, as Asterisk sees it."""
    sort: Annotated[str, StringConstraints(pattern=r"^(random|alpha|randstart)$")] = "random"
