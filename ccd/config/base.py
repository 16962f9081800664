"""What every section of the configuration shares: frozen, no unknown keys, and the types of its values."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ccd.config.problems import refusal
from ccd.config.shape import Shape

Name = Annotated[
    str,
    Shape(
        r"[a-z0-9_-]{1,64}",
        "a name of a-z, 0-9, _ and -, 64 characters at most; people see the labels",
        "由 a-z、0-9、_ 和 - 组成的名称，最长 64 个字符；显示用的名称写在 labels 中",
    ),
]
"""Name of a queue, flow, survey or calendar."""
Digits = Annotated[str, Shape(r"[0-9]{1,16}", 'digits only, such as "1001"', '纯数字，例如 "1001"')]
"""The extension of a phone."""
DialledNumber = Annotated[
    str, Shape(r"\+?[0-9]{1,31}", 'digits only, such as "4000" or "+864001234567"', '纯数字，例如 "4000"')
]
"""A number as the trunk delivers it."""
CallerId = Annotated[
    str,
    Shape(
        r"(\+?[0-9]{1,20})?",
        'digits, with + in front where the trunk wants it, such as "01088886666"',
        '数字，中继需要时前面可加 +，例如 "01088886666"',
    ),
]
"""Number that is shown to whoever is called."""
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Level = Annotated[int, Field(ge=0, le=100)]
"""Level of a skill."""
Port = Annotated[int, Field(ge=1, le=65_535)]
Host = Annotated[str, Shape(r"[A-Za-z0-9.:_-]{1,253}", "an address or a host name", "IP 地址或主机名")]
MusicClass = Annotated[
    str, Shape(r"[A-Za-z0-9_-]{1,64}", "a class of musiconhold.conf", "musiconhold.conf 中的类名")
]
Sound = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_/-]{1,200}", "a sound as Asterisk names it, without .wav", "Asterisk 的语音名，不带 .wav"
    ),
]
"""Relative to Asterisk's folder of sounds, or absolute."""
AbsolutePath = Annotated[
    str,
    Shape(
        r"/[A-Za-z0-9_./@+-]{0,400}",
        "an absolute path without blanks or quotes, such as /var/lib/ccd",
        "不含空格和引号的绝对路径，例如 /var/lib/ccd",
    ),
]
"""An absolute path that needs no quoting in Asterisk's files."""


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise refusal("time_zone", value=repr(name)) from None
    return name


TimeZone = Annotated[str, AfterValidator(_check_timezone)]
"""IANA name of a time zone."""


class Section(BaseModel):
    """One mapping of the configuration."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


OneDigit = Annotated[str, Shape(r"[0-9]", "one digit, 0 to 9", "一个数字，0 到 9")]
