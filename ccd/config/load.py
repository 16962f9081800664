"""Loads the configuration: ccd.yaml, conf.d/*.yaml beside it, `CCD_…` variables, secrets in own files.

All problems are told at once: first those of the files, then those of keys and values.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ccd.config.environment import holds_secrets, override, read_secrets
from ccd.config.explain import explain
from ccd.config.problems import Place, problem
from ccd.config.references import check_references
from ccd.config.root import Config
from ccd.config.source import Source, read_file
from ccd.errors import ConfigError, ConfigProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration that can be used, and what is worth a warning all the same."""

    config: Config
    warnings: tuple[ConfigProblem, ...]
    files: tuple[Path, ...]
    """The files that were read, in the order of reading."""
    source: Source
    """Where each key stands, for those who check further."""


def load(path: Path | str, environ: Mapping[str, str] = os.environ) -> Config:
    """Load the configuration; raises `ConfigError` with every problem found."""
    return read(path, environ).config


def read(path: Path | str, environ: Mapping[str, str] = os.environ) -> Loaded:
    """Load the configuration with its warnings and its places; raises `ConfigError`."""
    main = Path(path)
    folder = main.parent / "conf.d"
    files = (main, *sorted(folder.glob("*.yaml")))
    source, warnings = (
        Source(),
        [problem("not_read", Place(str(other))) for other in sorted(folder.glob("*.yml"))],
    )
    for file in files:
        part = read_file(file)
        if holds_secrets(part.values) and file.stat().st_mode & stat.S_IROTH:
            warnings.append(problem("open_to_all", Place(str(file)), path=file))
        source.take_in(part)
    if source.problems:  # half a configuration would only bring errors that are none
        raise ConfigError(problems=source.problems)
    override(source, environ, frozenset(Config.model_fields))
    warnings += read_secrets(source, main.parent)
    config = _validated(source)
    return Loaded(config=config, warnings=tuple(warnings), files=files, source=source)


def _validated(source: Source) -> Config:
    problems = [*source.problems, *check_references(source)]
    config = None
    try:
        config = Config.model_validate(source.values)
    except ValidationError as error:
        problems += explain(error, source, Config)
    if config is None or problems:
        raise ConfigError(problems=sorted(problems, key=lambda one: (one.file, one.line or 0)))
    return config
