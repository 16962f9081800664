"""Typer as this house uses it: plain help in the user's language, and nothing loaded in vain."""

from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ccd.cli.errors import USAGE
from ccd.cli.messages import frame


class _House:
    """What commands and groups share; mixed in before Typer's class."""

    def get_help_option(self, ctx: Any) -> Any:
        """Give `--help`, with a default that needs no conversion: to convert it loads pydantic, 50 ms."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.default = False
        return option

    def get_help(self, ctx: Any) -> str:
        """Give the help page, its frame in the user's language too."""
        return frame(super().get_help(ctx))  # type: ignore[misc]


class Command(_House, TyperCommand):
    """A command. Values that need no conversion get none: Typer's loads pydantic, and builds a model each."""

    def __init__(self, *positional: Any, **settings: Any) -> None:
        super().__init__(*positional, **settings)
        for param in self.params:
            param.process_value = partial(_processed, param, param.process_value)  # type: ignore[method-assign]


def _processed(param: Any, convert: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    """Give a parameter's value as its command takes it; `convert` is what Typer would do."""
    absent = value is None and not param.required and not param.multiple
    ready = absent or type(value) is param.type_descriptor.annotation
    return value if ready and param.callback is None else convert(ctx, value)


class Group(_House, TyperGroup):
    """A group of commands; without one of them it prints its help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the group's own options."""
        if not args and not ctx.resilient_parsing:
            print(self.get_help(ctx))
            raise typer.Exit(USAGE)
        return super().parse_args(ctx, args)


class App(typer.Typer):
    """A group of commands, by the house's defaults."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            cls=Group,
            rich_markup_mode=None,
            add_completion=False,
            pretty_exceptions_enable=False,
            **settings,
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Register a command."""
        return super().command(name, cls=Command, **settings)
