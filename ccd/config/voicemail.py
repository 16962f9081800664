"""Mailboxes (语音信箱): where callers leave messages, who listens to them, and who is told."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import Digits, Name, Section
from ccd.config.flow_values import PromptName
from ccd.config.notify import Notify
from ccd.config.queues import Labels
from ccd.config.told import told


class Mailbox(Section):
    """One mailbox: `{greeting: voicemail-greeting, max_s: 180, agents: ["1001"], queues: [sales]}`."""

    greeting: PromptName = "voicemail-greeting"
    """What callers hear before the tone."""
    max_s: Annotated[float, Field(ge=5, le=900)] = 180
    """The longest message; the tone for the end is silence: the caller is led on."""
    min_s: Annotated[float, Field(ge=0, le=60)] = 2
    """A shorter one is discarded, and the caller is told."""
    silence_s: Annotated[int, Field(ge=0, le=60)] = 5
    """So many seconds of silence end a message; 0: none does."""
    review: bool = True
    """The caller may listen to the message, record it again or cancel it before it is kept."""
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = 90
    """Messages are deleted after so many full days, heard or not; null: never."""
    language: Literal["en", "zh"] | None = None
    """In which those who listen by phone are spoken to; null: that of the configuration."""
    agents: tuple[Digits, ...] = ()
    """Agents, by number, who may listen to it."""
    queues: tuple[Name, ...] = ()
    """Queues whose members may listen to it."""
    notify: Notify = Notify()
    """Who outside is told of a message."""
    labels: Labels = Labels()

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        if self.min_s >= self.max_s:
            raise told(
                f"min_s: {self.min_s:g} is not less than max_s: {self.max_s:g}",
                "no message could be long enough and short enough: make max_s larger",
                f"min_s: {self.min_s:g} 不小于 max_s: {self.max_s:g}",
                "没有留言能同时满足两者，请调大 max_s",
            )
        return self

    def text(self, language: str, name: str) -> str:
        """Give what people call it."""
        return self.labels.text(language) or name


class Voicemail(Section):
    """Mailboxes by name."""

    mailboxes: dict[Name, Mailbox] = Field(default_factory=dict)
    """Where callers leave messages: node `voicemail` in flows, key `voicemail` of a queue."""
