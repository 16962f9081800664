"""Phones that ccd renders for a plain Asterisk, and their feature codes."""

from itertools import permutations
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from ccd.config.base import Digits, Seconds, Section
from ccd.config.problems import refusal
from ccd.config.secrets import Secret
from ccd.config.shape import Shape

FeatureCode = Annotated[
    str,
    Shape(r"[*#][0-9]{1,6}", "* or # and up to six digits, such as *11", "* 或 # 加最多六位数字，例如 *11"),
]


class Phone(Section):
    """One SIP phone."""

    extension: Digits
    password: Secret = SecretStr("")
    """What the phone registers with; better in a file of its own, by password_file."""
    password_file: str | None = None

    @model_validator(mode="after")
    def _has_password(self) -> Self:
        if not self.password.get_secret_value():
            raise refusal("no_password")
        return self


class FeatureCodes(Section):
    """What agents dial on their phones. Each answers in words; docs/agents.md has an example of each."""

    sign_in: FeatureCode = "*11"
    """签入: asks for number and PIN; *111001: agent 1001, asks for the PIN."""
    sign_out: FeatureCode = "*12"
    """签出."""
    pause: FeatureCode = "*13"
    """示忙, 小休: asks for the reason's digit; *131: reason 1."""
    ready: FeatureCode = "*14"
    """示闲: ends a break or the wrap-up."""
    wrap_up_done: FeatureCode = "*15"
    """Ends the wrap-up."""
    standing: FeatureCode = "*16"
    """Says the agent's status and since when, and who waits in each of their queues."""
    voicemail: FeatureCode = "*17"
    """听留言: says how many messages are new and plays them."""
    pickup: FeatureCode = "*18"
    """代接: takes the call that rings longest at a colleague's of one's queues; *181002: that at 1002."""
    last_caller: FeatureCode = "*19"
    """Calls the agent's last caller back, under the outbound policy."""
    wrap_up_more: FeatureCode = "*21"
    """Extends the wrap-up by the queue's wrap_up_more_s, up to its wrap_up_max_s."""
    disposition: FeatureCode = "*22"
    """Says what came of the last talk: asks for the digit; *221: digit 1."""

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        for (key, code), (longer_key, longer) in permutations(self, 2):
            if longer.startswith(code):
                raise refusal("code_prefix", key=key, code=code, longer_key=longer_key, longer=longer)
        return self


class DeskCalls(Section):
    """What ccd rings an agent's phone for, to say it: short, and once."""

    break_over: bool = False
    """小休超时: a break has lasted for as long as it may."""
    displaced: bool = False
    """移动坐席: somebody signed in on the agent's phone, or the agent elsewhere."""
    ring_s: Annotated[Seconds, Field(ge=1, le=120)] = 20.0
