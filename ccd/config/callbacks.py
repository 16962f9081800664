"""Callbacks of a queue: whoever does not want to wait keeps their place, and is called (排队回呼)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ccd.config.base import DialledNumber, Name, Seconds, Section


class CallbackOrder(StrEnum):
    """Who is called first."""

    AGENT_FIRST = "agent_first"
    CUSTOMER_FIRST = "customer_first"


class DropWhen(StrEnum):
    """Which call of theirs takes customers off the list."""

    QUEUE = "queue"
    """One that comes to the same queue."""
    ANY = "any"
    """One that comes to any queue."""
    NEVER = "never"


class Callback(Section):
    """How callers of a queue are called back."""

    order: CallbackOrder = CallbackOrder.AGENT_FIRST
    """agent_first: the customer is dialled when an agent has answered; customer_first: the reverse."""
    hours: Name | None = None
    """Calendar outside of which nobody is called; places are kept until it opens. null: at any time."""
    tries: Annotated[int, Field(ge=1, le=20)] = 3
    """How often a customer who does not answer is called."""
    retry_after_s: Annotated[Seconds, Field(ge=1)] = 600
    """Time between two tries."""
    expire_after_h: Annotated[float, Field(gt=0, le=720)] = 48
    """After so many hours the customer is called no more."""
    ring_s: Annotated[Seconds, Field(ge=1, le=120)] = 30
    """How long the customer's phone rings."""
    confirm: bool = True
    """Callers hear their number, and confirm it by 1."""
    allow_other_number: bool = True
    """They may enter another number."""
    confirm_answer: bool = False
    """Whoever answers presses 1 before the agent is connected: no agent talks to an answering machine."""
    caller_id: DialledNumber | None = None
    """Number that the customer sees; null: the trunk's own."""
    drop_on_new_call: DropWhen = DropWhen.QUEUE
    """queue, any or never: whose new call comes to the same, or to any queue is not called back any more,
    and has their old place in the queue."""
