"""What ccd made itself: so that a changed text is made anew, and a recording is never overwritten.

`.generated.json` in the prompt folder holds, for each file that was generated, what it was made from and what
came out. A file that is no longer what came out was put there by people: it is theirs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ccd.prompts.files import replace_file

_NAME = ".generated.json"
_MAX_BYTES = 20_000_000


def digest(data: bytes) -> str:
    """Give a fingerprint of bytes."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Ledger:
    """The generated files of one prompt folder, by `language/id`."""

    folder: Path
    recipes: dict[str, str] = field(default_factory=dict)
    """Fingerprints of what each was made from."""
    sounds: dict[str, str] = field(default_factory=dict)
    """Fingerprints of what came out."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read it; one that is not there or not ours is empty: then every file counts as a recording."""
        ledger = cls(folder)
        try:
            with (folder / _NAME).open("rb") as file:
                told = json.loads(file.read(_MAX_BYTES))
            for key, (recipe, sound) in told.items():
                ledger.recipes[str(key)], ledger.sounds[str(key)] = str(recipe), str(sound)
        except (OSError, ValueError, AttributeError, TypeError):
            return cls(folder)
        return ledger

    def save(self) -> None:
        """Write it; raises PromptError when the folder cannot be written."""
        told: Mapping[str, list[str]] = {
            key: [self.recipes[key], self.sounds[key]] for key in sorted(self.recipes)
        }
        replace_file(self.folder / _NAME, json.dumps(told, indent=0).encode())

    def note(self, key: str, recipe: str) -> None:
        """Take down that a file was made from this recipe just now."""
        self.recipes[key] = recipe
        self.sounds[key] = digest((self.folder / f"{key}.wav").read_bytes())

    def is_ours(self, key: str) -> bool:
        """Whether the file that lies there is what was generated, not a recording."""
        if key not in self.sounds:
            return False
        try:
            return digest((self.folder / f"{key}.wav").read_bytes()) == self.sounds[key]
        except OSError:
            return False

    def is_stale(self, key: str, recipe: str) -> bool:
        """Whether a generated file lies there that was made from something else."""
        return self.recipes.get(key) != recipe and self.is_ours(key)
