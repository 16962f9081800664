"""The prompt manifest: for each id its words in both languages, and the Debian sounds that say the same."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
    model_validator,
)

from ccd.errors import PromptError

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

PROMPT_ID = r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,3}"

_Id = Annotated[str, StringConstraints(pattern=f"^{PROMPT_ID}$")]
_Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x1f\x7f]+$")]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHIPPED = Path(__file__).with_name("manifest.yaml")


class Prompt(BaseModel):
    """The words of one prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: _Words | None = None
    en: _Words | None = None
    en_sounds: tuple[_Id, ...] = ()
    """Sounds of Asterisk's English core set, said one after the other."""
    voices: dict[Language, Language] = Field(default_factory=dict)
    """Who speaks the words of a language, where it is not that language's own voice."""
    spoken: dict[Language, _Words] = Field(default_factory=dict)
    """What espeak-ng is given to read, where it misreads the words; Chinese may hold pinyin: `ling2chen2`."""

    silence_s: Annotated[float, Field(gt=0, le=10)] | None = None
    """A silence of so many seconds is made; the words only describe it."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.zh is None and self.en is None:
            raise ValueError("a prompt has words in zh or en, or both")
        return self

    def text(self, language: Language) -> str | None:
        """Give the words in a language; None when it has none."""
        return self.zh if language == "zh" else self.en

    def script(self, language: Language) -> str | None:
        """Give what espeak-ng reads for the words of a language."""
        return self.spoken.get(language, self.text(language))

    def voice(self, language: Language) -> Language:
        """Say whose voice reads the words of a language."""
        return self.voices.get(language, language)


class _File(RootModel[dict[_Id, Prompt]]):
    pass


class Manifest(BaseModel):
    """All prompts by id."""

    model_config = ConfigDict(frozen=True)

    prompts: dict[str, Prompt]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a manifest; raises PromptError that names the file and every fault in it."""
        try:
            return cls(prompts=_File.model_validate(yaml.load(path.read_bytes(), _LOADER)).root)  # noqa: S506
        except OSError as error:
            raise PromptError(
                "{path}: cannot be read: {error}", reason="manifest_unread", path=path, error=error.strerror
            ) from error
        except yaml.YAMLError as error:
            raise PromptError(
                "{path}: is not YAML: {error}", reason="manifest_no_yaml", path=path, error=error
            ) from error
        except ValidationError as error:
            faults = (f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
            raise PromptError(
                "{path}: is not a prompt manifest:\n{said}",
                reason="no_manifest",
                path=path,
                said="\n".join(faults),
            ) from error

    def without_core_sounds(self) -> Self:
        """Give the same prompts for a system that has no English sounds: all are to be generated."""
        bare = {name: prompt.model_copy(update={"en_sounds": ()}) for name, prompt in self.prompts.items()}
        return self.model_copy(update={"prompts": bare})

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """Read the manifest that comes with ccd."""
        return cls.load(_SHIPPED)

    @classmethod
    def with_own(cls, own: Mapping[str, Mapping[str, Any]]) -> Self:
        """Give the shipped manifest with a house's own prompts: new ones, and other words for known ones.

        `own` has plain values as in the manifest, checked before. A language whose words change is no
        longer said by Asterisk's sounds; the other one stays.
        """
        shipped = cls.shipped()
        changed = {prompt: _changed(shipped.prompts.get(prompt), words) for prompt, words in own.items()}
        return shipped.model_copy(update={"prompts": shipped.prompts | changed})


def _changed(known: Prompt | None, words: Mapping[str, Any]) -> Prompt:
    if known is None:
        return Prompt.model_validate(words)
    kept = known.model_dump(exclude_none=True)
    for language in LANGUAGES:
        if language in words:
            for key in ("voices", "spoken"):
                kept[key].pop(language, None)
            if language == "en":
                kept["en_sounds"] = ()
    spoken = kept["spoken"] | dict(words.get("spoken", {}))
    return Prompt.model_validate(kept | dict(words) | {"spoken": spoken})
