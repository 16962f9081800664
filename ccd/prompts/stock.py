"""What there is of every prompt: its words, where its sound in each language is from, and how long it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ccd.prompts.catalogue import Catalogue
from ccd.prompts.files import versions
from ccd.prompts.ledger import Ledger
from ccd.prompts.manifest import LANGUAGES, Manifest


class Origin(StrEnum):
    """Where a sound is from."""

    RECORDED = "recorded"
    """A file that people put into the prompt folder."""
    GENERATED = "generated"
    CORE = "core"
    """Asterisk's own English sounds."""
    MISSING = "missing"
    """There are words and no sound."""
    NONE = "none"
    """Neither words nor a sound: the prompt is not said in this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One prompt; each mapping is by language."""

    prompt: str
    texts: Mapping[str, str | None]
    origins: Mapping[str, Origin]
    lengths_s: Mapping[str, float | None]
    """None: there is no sound, or its length cannot be seen from here."""
    versions: Mapping[str, int]
    """Recordings that it had before."""

    @property
    def is_missing(self) -> bool:
        """Whether it lacks a sound in a language in which it has words."""
        return Origin.MISSING in self.origins.values()


def stock(manifest: Manifest, catalogue: Catalogue, directory: Path) -> list[Item]:
    """List every prompt of the manifest and of the folder, by id. Reads every file that was generated."""
    ledger = Ledger.load(directory)
    return [_item(prompt, manifest, catalogue, ledger) for prompt in sorted(catalogue.ids)]


def _item(prompt: str, manifest: Manifest, catalogue: Catalogue, ledger: Ledger) -> Item:
    entry = manifest.prompts.get(prompt)
    texts: dict[str, str | None] = {
        language: entry.text(language) if entry else None for language in LANGUAGES
    }
    return Item(
        prompt=prompt,
        texts=texts,
        origins={
            language: _origin(prompt, language, texts[language], catalogue, ledger) for language in LANGUAGES
        },
        lengths_s={language: _length(prompt, language, catalogue) for language in LANGUAGES},
        versions={language: len(versions(ledger.folder, language, prompt)) for language in LANGUAGES},
    )


def _origin(prompt: str, language: str, text: str | None, catalogue: Catalogue, ledger: Ledger) -> Origin:
    if (prompt, language) in catalogue.own:
        return Origin.GENERATED if ledger.is_ours(f"{language}/{prompt}") else Origin.RECORDED
    if catalogue.says(prompt, language):
        return Origin.CORE
    return Origin.NONE if text is None else Origin.MISSING


def _length(prompt: str, language: str, catalogue: Catalogue) -> float | None:
    if not catalogue.says(prompt, language):
        return None
    lengths = [sound.length_s for sound in catalogue.sounds(prompt, language)]
    known = [length_s for length_s in lengths if length_s is not None]
    return round(sum(known), 3) if len(known) == len(lengths) else None
