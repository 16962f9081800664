"""Refusals whose words stand where they are raised, in both languages: flows and opening hours have many."""

from pydantic_core import PydanticCustomError

from ccd.config.problems import refusal


def told(message: str, remedy: str, message_zh: str, remedy_zh: str) -> PydanticCustomError:
    """Give what a validator raises: what is wrong and what would be right."""
    return refusal("told", message=message, remedy=remedy, message_zh=message_zh, remedy_zh=remedy_zh)
