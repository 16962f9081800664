"""Configurations to render."""

from typing import Any

from ccd.config import Config


def given_config(**sections: Any) -> Config:
    """Make a configuration of some sections; the manager user has a secret."""
    asterisk = {"ami": {"secret": "s3cret"}} | sections.pop("asterisk", {})
    return Config.model_validate({"asterisk": asterisk, **sections})


def given_phones(*extensions: str) -> list[dict[str, str]]:
    """Make phones with passwords."""
    return [{"extension": extension, "password": f"pw-{extension}"} for extension in extensions]
