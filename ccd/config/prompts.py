"""What callers and agents hear: where the sounds lie, and the words of the house's own prompts."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import AbsolutePath, Section
from ccd.config.flow_values import PromptName
from ccd.config.shape import Shape
from ccd.config.told import told

Words = Annotated[
    str,
    Shape(
        r"[^\x00-\x1f\x7f]{1,2000}",
        "words in one line, 2000 characters at most",
        "一行文字，最多 2000 个字符",
    ),
]


class PromptText(Section):
    """The words of one prompt: `{zh: 今天休息。, en: We are closed today.}`; one language is enough."""

    zh: Words | None = None
    en: Words | None = None
    spoken: dict[Literal["en", "zh"], Words] = Field(default_factory=dict)
    """What the synthesiser reads where it misreads the words; Chinese may hold pinyin: `ling2chen2`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.zh is None and self.en is None:
            raise told(
                "has no words",
                "write zh: or en:, or both",
                "没有文字",
                "写 zh: 或 en:，或两者都写",
            )
        return self


class Prompts(Section):
    """What callers and agents hear."""

    directory: AbsolutePath = "/var/lib/ccd/sounds"
    """Folder of prompts, one folder a language in it: en, zh."""
    asterisk_directory: AbsolutePath | None = None
    """The same folder as Asterisk sees it; null: under the same path."""
    core: AbsolutePath | None = None
    """Folder of Asterisk's own English prompts (…/sounds/en), where ccd can see it; null: not looked at."""
    texts: dict[PromptName, PromptText] = Field(default_factory=dict)
    """Words of your own prompts by id, and other words for those that ccd has."""

    def own(self) -> dict[str, dict[str, Any]]:
        """Give the house's own words as plain values, by id, as `ccd.prompts.manifest` takes them."""
        return {prompt: text.model_dump(exclude_none=True) for prompt, text in self.texts.items()}
