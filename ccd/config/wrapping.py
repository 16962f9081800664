"""后处理 and 小休: what agents are asked for after a talk, and how long their breaks may last."""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, model_validator

from ccd.config.base import Name, OneDigit, Seconds, Section
from ccd.config.told import told
from ccd.model import NO_DISPOSITION, BreakLimit, Undisposed

PersonText = Annotated[str, Field(min_length=1, max_length=64)]


class DispositionCode(Section):
    """What came of a talk, chosen by its digit."""

    code: Name
    en: PersonText
    zh: PersonText


class Disposition(Section):
    """What agents say of their talks: `{required: true, codes: {"1": {code: sold, en: Sold, zh: 成交}}}`."""

    required: bool = False
    """Whether the wrap-up lasts until a code was given, up to the queue's wrap_up_max_s."""
    undisposed: Undisposed = Undisposed.READY
    """Where required and not given in time, the code is `none` and the agent: ready or paused."""
    codes: Annotated[dict[OneDigit, DispositionCode], Field(min_length=1)]
    """What is stored, by the digit that the agent presses."""

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        counted = Counter(each.code for each in self.codes.values())
        counted[NO_DISPOSITION] += 1
        if doubled := [code for code, count in counted.items() if count > 1]:
            raise told(
                f"the code {doubled[0]} stands here twice, or is one that ccd itself gives",
                f"let each digit have another code, and none of them be {NO_DISPOSITION}",
                f"代码 {doubled[0]} 重复，或为 ccd 自用",
                f"每个数字使用不同的代码，且不得为 {NO_DISPOSITION}",
            )
        return self


class BreakReason(Section):
    """A reason for a break, chosen by its digit."""

    code: Name
    en: PersonText
    zh: PersonText
    max_s: Annotated[Seconds, Field(ge=1)] | None = None
    """How long such a break may last; then it is shown as overdue. null: as long as one likes."""
    sign_out_after_s: Seconds | None = None
    """How long after that the agent is signed out; null: never."""
    per_shift: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many of these breaks an agent may take in a shift; null: any number."""
    per_shift_s: Annotated[Seconds, Field(ge=1)] | None = None
    """How long all of a shift may last together; then the break is overdue. null: as long as one likes."""

    def limit(self) -> BreakLimit | None:
        """Translate for the engine."""
        if self.max_s is None and self.per_shift is None and self.per_shift_s is None:
            return None
        return BreakLimit(
            max_s=self.max_s,
            sign_out_after_s=self.sign_out_after_s,
            per_shift=self.per_shift,
            shift_s=self.per_shift_s,
        )
