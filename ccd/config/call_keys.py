"""Keys that an agent presses during a talk: Asterisk itself heeds them, with or without ccd."""

from itertools import permutations
from typing import Annotated, Self

from pydantic import model_validator

from ccd.config.base import Section
from ccd.config.problems import refusal
from ccd.config.shape import Shape

Keys = Annotated[
    str,
    Shape(r"[*#][0-9*#]{0,3}", "* or # and up to three keys, such as *2", "* 或 # 加最多三个按键，例如 *2"),
]


def _check(keys: Section) -> None:
    given = [(name, key) for name, key in keys if key is not None]
    for (name, key), (longer_name, longer) in permutations(given, 2):
        if longer.startswith(key):
            raise refusal("code_prefix", key=name, code=key, longer_key=longer_name, longer=longer)


class TalkKeys(Section):
    """In a talk. null: there is no such key."""

    transfer: Keys | None = "##"
    """Blind transfer (直接转接): then the number and #."""
    consult: Keys | None = "*2"
    """咨询: then the number and #; the caller hears music. Hanging up then joins the two (咨询转接)."""
    survey: Keys | None = "*9"
    """满意度: the agent leaves, the caller is asked to rate them."""
    pause_recording: Keys | None = "*7"
    """The recording holds silence, for card numbers."""
    record: Keys | None = "*8"
    """The recording goes on; of one on demand it is the beginning."""

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        _check(self)
        return self


class ConsultKeys(Section):
    """In a consultation. null: there is no such key."""

    take_back: Keys | None = "*1"
    """接回: ends the consultation and takes the caller back."""
    conference: Keys | None = "*3"
    """会议: caller, agent and the one consulted talk together."""
    swap: Keys | None = "*4"
    """From the one to the other and back."""

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        _check(self)
        return self


class CallKeys(Section):
    """What agents press during a talk. Docs: docs/agents.md."""

    talk: TalkKeys = TalkKeys()
    consultation: ConsultKeys = ConsultKeys()

    @property
    def dial_option(self) -> str:
        """The option of Asterisk's `Dial` that lets the one who is called transfer by keys; empty: nobody."""
        return "" if self.talk.transfer is None and self.talk.consult is None else "t"

    @property
    def own(self) -> dict[str, str]:
        """The keys that Asterisk has no name of its own for, by what they do."""
        talk = self.talk
        keys = {"survey": talk.survey, "pause_recording": talk.pause_recording, "record": talk.record}
        return {name: key for name, key in keys.items() if key is not None}
