"""What is recorded, what callers are told of it, and where recordings lie."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ccd.config.base import AbsolutePath, Seconds, Section
from ccd.config.flow_values import PromptList, PromptName, Wait
from ccd.config.problems import Location
from ccd.model import AudioFormat


class Record(StrEnum):
    """Whether talks are recorded."""

    ALWAYS = "always"
    ON_DEMAND = "on_demand"
    """From the moment on when the agent or an operator asks for it."""
    NEVER = "never"


class Consent(Section):
    """What callers hear about being recorded before they join the queue, once a call."""

    ask: bool = False
    """true: they agree by 1 and decline by 2; who declines is not recorded. false: they are told."""
    prompt: PromptList | None = None
    """null: recording-notice, or with `ask` recording-question."""
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    timeout_s: Wait = 5.0
    """How long they have for a key."""
    unanswered: Literal["refuse", "agree"] = "refuse"
    """What counts when they press nothing valid."""
    thanks: PromptName | None = None
    """Said after they agreed."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that are said."""
        return self.prompt or (("recording-question",) if self.ask else ("recording-notice",))

    def named(self) -> Iterator[tuple[Location, str]]:
        """Give the prompts that are named, each with its key."""
        yield from ((("prompt",), prompt) for prompt in self.prompts)
        if self.thanks is not None:
            yield ("thanks",), self.thanks


class Recording(Section):
    """Where recordings lie, in which form, and what is done when the disk fills up."""

    directory: AbsolutePath = "/var/spool/asterisk/ccd"
    asterisk_directory: AbsolutePath | None = None
    """The same folder as Asterisk sees it; null: under the same path."""
    internal: Record = Record.NEVER
    """always, on_demand or never: calls from phone to phone."""
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """Recordings are deleted after so many full days; null: never."""
    format: AudioFormat = AudioFormat.WAV
    """wav (115 MB an hour), opus or mp3 (some 15 MB); the latter two are made by ffmpeg."""
    bitrate_kbps: Annotated[int, Field(ge=8, le=320)] = 32
    """Of opus and mp3, both sides together."""
    pause_max_s: Annotated[Seconds, Field(ge=1)] | None = 180
    """A pause (for card numbers) ends by itself after so long; null: only when it is ended."""
    warn_free_mb: Annotated[int, Field(ge=0)] = 1000
    """Free space on the recordings' disk below which `ccd status` warns."""
    stop_free_mb: Annotated[int, Field(ge=0)] = 100
    """Free space below which nothing new is recorded, until there is more again; calls go on."""
