"""Who is who: ids, numbers, phones and channels, and how one is told from the other."""

from typing import NewType

CallId = NewType("CallId", str)
"""The uniqueid of the caller's channel when it first entered ccd. Opaque: never split."""
ChannelId = NewType("ChannelId", str)
"""Asterisk's uniqueid of a channel. Opaque: never split."""
AgentNumber = NewType("AgentNumber", str)
"""工号, the number by which an agent is known and signs in."""
QueueName = NewType("QueueName", str)
Extension = NewType("Extension", str)
"""The number of a phone, as dialled, e.g. `1001`."""
Device = NewType("Device", str)
"""Asterisk's name of a phone, e.g. `PJSIP/1001`."""
OfferId = NewType("OfferId", str)
"""One attempt to bring one caller to one or more agents."""

LOOP_CONTEXT = "ccd-loop"
"""The context of Asterisk's dialplan in which callers are while ccd serves them."""
OUT_CONTEXT = "ccd-out"
"""The context in which phones are while they talk to the outside."""
CONTEXTS = frozenset({LOOP_CONTEXT, OUT_CONTEXT})
"""Where calls are that ccd writes records of."""
_TAIL = 10
_SHORTEST_TAIL = 7


def tail_of(number: str) -> str:
    """Give what is the same of a number however it is written: its last ten digits; empty for short ones.

    Callers show themselves with or without a country code, agents dial with or without a leading 0.
    """
    digits = "".join(each for each in number if each in "0123456789")
    return digits[-_TAIL:] if len(digits) >= _SHORTEST_TAIL else ""


def device_of_channel(name: str) -> Device:
    """Give the device of a channel by its name: `PJSIP/agent-7-0000002a` is `PJSIP/agent-7`."""
    device, dash, _ = name.rpartition("-")
    return Device(device if dash else name)


def extension_of(device: Device) -> Extension:
    """Give the phone of an Asterisk device: `PJSIP/1001` is `1001`."""
    return Extension(device.rpartition("/")[2])


def device_of(extension: Extension) -> Device:
    """Give the Asterisk device of a phone: `1001` is `PJSIP/1001`."""
    return Device(f"PJSIP/{extension}")


def direct_queue(agent: AgentNumber) -> QueueName:
    """Name the line of callers who want this agent and nobody else; no configured queue is called so."""
    return QueueName(f"agent/{agent}")


def is_direct(queue: str) -> bool:
    """Whether it is such a line."""
    return queue.startswith("agent/")
