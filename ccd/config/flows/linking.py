"""The node that reads and writes variables of the caller's channel: channel."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from ccd.config.base import Section
from ccd.config.flow_values import OwnVariable, Target, Text, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.shape import Shape
from ccd.config.told import told

_OURS = (
    "CCD_", "AGI", "GOTO_", "TRANSFER_", "FORWARD_", "GOSUB", "MACRO_", "BRIDGE", "DYNAMIC_", "ATTENDED",
    "BLINDTRANSFER", "EXEC", "LIMIT_", "MONITOR", "MIXMONITOR", "PICKUP", "SYSTEM",
)  # fmt: skip
"""Beginnings of names that steer Asterisk or ccd themselves."""

ChannelVariable = Annotated[
    str,
    Shape(
        r"[A-Z][A-Z0-9_]{0,63}",
        "the name of a channel variable in capitals, such as ACCOUNT; no function",
        "大写的通道变量名，例如 ACCOUNT；不能是函数",
    ),
]


class Exchange(Section):
    """What is read from the channel, and what is written to it."""

    read: Annotated[dict[OwnVariable, ChannelVariable], Field(max_length=20)] = Field(default_factory=dict)
    """The flow's variable: the channel's."""
    write: Annotated[dict[ChannelVariable, Text], Field(max_length=20)] = Field(default_factory=dict)
    """The channel's variable: its new value."""

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if not (self.read or self.write):
            raise told(
                "nothing is read or written", "write read or write", "未读也未写", "请写 read 或 write"
            )
        for name in (*self.read.values(), *self.write):
            if name.startswith(_OURS):
                raise told(
                    f"{name} steers Asterisk or ccd",
                    "choose a variable of your own, such as CRM_ID",
                    f"{name} 是 Asterisk 或 ccd 自身使用的变量",
                    "请使用自己的变量，例如 CRM_ID",
                )
        return self


class Channel(Node):
    """Exchange variables with the dialplan: `{channel: {read: {account: ACCOUNT}, write: {CRM_ID: "{id}"}}}`.

    For a dialplan of your own before and after ccd. What is read is cleaned and cut to 256 characters. From
    what is written `$` and what cannot be printed are taken out. A secret is not written.
    """

    kind = "channel"

    channel: Exchange
    next: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Go on."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables in the texts."""
        for key, text in self.channel.write.items():
            yield from ((("channel", "write", key), name) for name in placeholders(text))

    def writes(self) -> tuple[str, ...]:
        """Give the variables that are read from the channel."""
        return tuple(self.channel.read)

    def summary(self, _: Translate, /) -> str:
        """Write the assignments."""
        read = [f"{name} = {source}" for name, source in self.channel.read.items()]
        return ", ".join([*read, *(f'{name} = "{text}"' for name, text in self.channel.write.items())])
