"""What Asterisk tells of a channel when its dialplan asks us: hostile until it went through here."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ccd.errors import AgiProtocolError
from ccd.model import ChannelId

MAX_TEXT = 256
"""Characters of a name or number that are kept."""
MAX_ARGUMENT = 2048
"""Characters of an argument that are kept; the dialplan hands ccd's own state back in one."""

_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words and emoji are written with these
_UNKNOWN = "unknown"  # how Asterisk writes that there is no caller id


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Give text that is safe to show: control and bidirectional characters replaced, cut at `limit`."""
    text = text[:limit]
    if text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(char) in _HARMFUL and char not in _JOINERS else char for char in text
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiRequest:
    """One question of the dialplan. Texts are cleaned and bounded; what the channel lacks is empty."""

    script: str
    """The path of the `agi://` address, e.g. `next`."""
    args: tuple[str, ...]
    """The further arguments of `AGI()`, as the dialplan gave them."""
    channel: str
    """Asterisk's channel name, e.g. `PJSIP/trunk-0000002a`."""
    uniqueid: ChannelId
    callerid: str
    callerid_name: str
    dnid: str
    """The number that the caller dialled, where the channel knows it."""
    language: str
    extension: str
    context: str

    @classmethod
    def parse(cls, fields: Mapping[str, str]) -> Self:
        """Read the environment block. Raises AgiProtocolError when it does not name a channel."""
        channel, uniqueid = clean(fields.get("agi_channel", "")), clean(fields.get("agi_uniqueid", ""))
        if not channel or not uniqueid:
            raise AgiProtocolError(
                "the AGI environment names no channel: agi_channel or agi_uniqueid is missing"
            )
        return cls(
            script=clean(fields.get("agi_network_script", "")),
            args=_arguments(fields),
            channel=channel,
            uniqueid=ChannelId(uniqueid),
            callerid=_party(fields, "agi_callerid"),
            callerid_name=_party(fields, "agi_calleridname"),
            dnid=_party(fields, "agi_dnid"),
            language=clean(fields.get("agi_language", "")),
            extension=clean(fields.get("agi_extension", "")),
            context=clean(fields.get("agi_context", "")),
        )


def _arguments(fields: Mapping[str, str]) -> tuple[str, ...]:
    arguments: list[str] = []
    while (value := fields.get(f"agi_arg_{len(arguments) + 1}")) is not None:
        arguments.append(clean(value, MAX_ARGUMENT))
    return tuple(arguments)


def _party(fields: Mapping[str, str], name: str) -> str:
    text = clean(fields.get(name, ""))
    return "" if text == _UNKNOWN else text
