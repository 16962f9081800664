"""What an agent hears and sees when a caller is offered, as it is written at a queue."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ccd.config.base import Section
from ccd.config.flow_values import PromptList
from ccd.config.shape import Shape


class Whisper(Section):
    """Said to the agent who answers, before the two are connected: `{prompt: own/sales-call, wait: true}`.

    The caller hears music on; an agent who hangs up during it has declined the call.
    """

    prompt: PromptList
    wait: bool = False
    """Say also for how many minutes the caller has waited, from one on."""


Shown = Annotated[str, StringConstraints(max_length=80), Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A text with `{queue}`, `{number}`, `{name}`, `{called}` or variables of the flow."""
AlertInfo = Annotated[
    str,
    Shape(
        r"[\x21-\x7e][\x20-\x7e]{0,127}",
        "the value of a SIP header Alert-Info, such as <http://localhost>;info=ring2",
        "SIP 头 Alert-Info 的值，例如 <http://localhost>;info=ring2",
    ),
]
