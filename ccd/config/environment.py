"""What overrides or completes the files: `CCD_…` variables and secrets that lie in files of their own.

`CCD_ASTERISK__AMI__PORT=5040` is `asterisk.ami.port`. A variable without `__` counts only when it is the name
of a key at the top (`CCD_SOCKET`): the `ccd` commands have variables of their own (`CCD_CDR_LIST_LIMIT`).
"""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ccd.config.problems import Location, Place, problem
from ccd.config.source import Source, read_text
from ccd.errors import ConfigProblem

PREFIX = "CCD_"
SECRETS = ("secret", "password", "database")
MAX_SECRET_BYTES = 4096


def override(source: Source, environ: Mapping[str, str], known: frozenset[str]) -> None:
    """Put the values of `CCD_…` variables over those of the files; `known` are the keys at the top."""
    for variable, text in sorted(environ.items()):
        path = variable.removeprefix(PREFIX).lower().split("__")
        if variable.startswith(PREFIX) and (len(path) > 1 or path[0] in known):
            _put(source, tuple(path), text, variable)


def _put(source: Source, path: Location, text: str, variable: str) -> None:
    here: dict[str, Any] = source.values
    for depth, key in enumerate(path[:-1], start=1):
        source.places.setdefault(path[:depth], Place(variable))
        if not isinstance(here.get(str(key)), dict):
            here[str(key)] = {}
        here = here[str(key)]
    name = str(path[-1])
    value = text if name in SECRETS else _parsed(source, text, variable)
    other = f"{name}_file" if name in SECRETS else name.removesuffix("_file")
    if value is not None and other != name and source.place((*path[:-1], other)).line is not None:
        here.pop(other, None)  # the file's way of giving the secret; of two variables none wins
    here[name] = value
    inside = len(path)
    source.places = {where: at for where, at in source.places.items() if where[:inside] != path}
    source.places[path] = Place(variable)


def _parsed(source: Source, text: str, variable: str) -> Any:
    """Read lists and mappings as YAML, `null` as null, all else as it stands."""
    if not text.startswith(("[", "{")):
        return None if text in {"null", "~"} else text
    inner = read_text(f"value: {text}", variable)
    source.problems += inner.problems
    return inner.values.get("value")


def read_secrets(source: Source, folder: Path) -> list[ConfigProblem]:
    """Put in what `secret_file`, `password_file` and `database_file` name; give the warnings.

    A relative path starts at `folder`.
    """
    warnings: list[ConfigProblem] = []
    for at, section, name in list(_secret_files(source.values, ())):
        path, place = folder / section[f"{name}_file"], source.place(at)
        if section.get(name) is not None:
            source.problems.append(problem("beside", place, at, other=name))
            continue
        try:
            section[name], mode = _read_secret(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            source.problems.append(problem("secret_unreadable", place, at, path=path, reason=reason))
            continue
        source.places[(*at[:-1], name)] = place
        if mode & stat.S_IROTH:
            warnings.append(problem("open_to_all", place, at, path=path))
    return warnings


def _read_secret(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return file.read(MAX_SECRET_BYTES).decode().strip("\r\n"), path.stat().st_mode


def _secret_files(values: Any, at: Location) -> Iterator[tuple[Location, dict[str, Any], str]]:
    if isinstance(values, list):
        for index, item in enumerate(values):
            yield from _secret_files(item, (*at, index))
    if isinstance(values, dict):
        for name in SECRETS:
            if isinstance(values.get(f"{name}_file"), str):
                yield (*at, f"{name}_file"), values, name
        for key, value in values.items():
            yield from _secret_files(value, (*at, key))


def holds_secrets(values: Any) -> bool:
    """Tell whether a password is written in these values themselves."""
    if isinstance(values, list):
        return any(map(holds_secrets, values))
    if isinstance(values, dict):
        return any(
            (key in {"secret", "password"} and value and isinstance(value, str)) or holds_secrets(value)
            for key, value in values.items()
        )
    return False
