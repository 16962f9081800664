"""What every section of the configuration shares: frozen, no unknown keys, and the types of its values."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NAME_PATTERN = r"^[a-z0-9_-]{1,64}$"

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""Name of a queue, flow, survey or calendar: `[a-z0-9_-]{1,64}`."""
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}$")]
"""The extension of a phone."""
DialledNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,31}$")]
"""A number as the trunk delivers it."""
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]
MusicClass = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""A class of `musiconhold.conf`."""
Sound = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_/-]{1,200}$")]
"""A sound file as Asterisk names it: no ending, relative to its folder of sounds or absolute."""
Folder = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_./-]{0,400}$")]
"""An absolute path that needs no quoting in Asterisk's files."""


class Section(BaseModel):
    """One mapping of the configuration."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )
