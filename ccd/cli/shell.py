"""`ccd completion` and `ccd man`: the command line in the user's shell and in their manual."""

import os
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import typer
from typer.completion import (  # type: ignore[attr-defined]  # they are not in its __all__
    completion_init,
    get_completion_script,
    shell_complete,
)

import ccd
from ccd.cli.app import App
from ccd.cli.messages import _, frame, language
from ccd.cli.terminal import terminal

VARIABLE = "_CCD_COMPLETE"
"""Set by the shell's script: what is asked for, e.g. `complete_bash`."""


class Shell(StrEnum):
    """Shells that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(ctx: typer.Context, shell: Shell) -> None:
    """Print the script that a shell reads."""
    terminal(ctx).say(get_completion_script(prog_name="ccd", complete_var=VARIABLE, shell=shell.value))


def complete(command: Any) -> int:
    """Answer a shell that asks how its line may go on."""
    completion_init()
    return shell_complete(command, {}, "ccd", VARIABLE, os.environ[VARIABLE])


# -------------------------------------------------------------------- manual


def man(ctx: typer.Context) -> None:
    """Print the manual page of every command."""
    from ccd.cli.main import build  # every command, which only this one needs

    command = typer.main.get_command(build())
    for line in _manual(command.context_class(command, info_name="ccd")):
        terminal(ctx).say(line)


def _manual(root: Any) -> Iterator[str]:
    chinese = language() == "zh"
    names = ("名称", "概要", "命令", "文件", "退出码") if chinese else (
        "NAME", "SYNOPSIS", "COMMANDS", "FILES", "EXIT STATUS"
    )  # fmt: skip
    name, synopsis, commands, files, status = names
    yield f'.TH CCD 1 "" "ccd {ccd.__version__}" "ccd"'
    yield f".SH {name}"
    yield f"ccd \\- {_roff(root.command.help)}"
    yield f".SH {synopsis}"
    yield ".B ccd"
    yield _roff(frame("COMMAND [ARGS]..."))
    yield ".PP"
    yield _roff(root.command.epilog or "")
    yield f".SH {commands}"
    yield from _commands(root, root.command)
    yield f".SH {files}"
    for file in ("/etc/ccd/ccd.yaml", "/etc/ccd/conf.d/*.yaml", "/run/ccd/ccd.sock"):
        yield f".TP\n.I {file}"
    yield f".SH {status}"
    yield _roff(
        _(
            "0: done. 1: refused, or a check failed. 2: the command line is wrong. 3: no daemon answers. "
            "4: a fault of the daemon, its log says why. `ccd status` has Nagios's codes."
        )
    )


def _commands(parent: Any, group: Any) -> Iterator[str]:
    """Give every command below a group, with its arguments and options."""
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        context = command.context_class(command, info_name=name, parent=parent)
        if hasattr(command, "list_commands"):
            yield f".SS {_roff(context.command_path)}\n{_roff(command.help or '')}"
            yield from _commands(context, command)
            continue
        usage = frame(" ".join(command.collect_usage_pieces(context)))
        yield f".TP\n\\fB{_roff(context.command_path)}\\fR {_roff(usage)}\n{_roff(command.help or '')}"
        for option, told in filter(None, (param.get_help_record(context) for param in command.params)):
            yield f".RS\n.TP\n{_roff(option)}\n{_roff(frame(told)) or '-'}\n.RE"


def _roff(told: str) -> str:
    """Write text so that roff prints it as it stands."""
    line = " ".join(told.replace("\\", "\\e").replace("-", "\\-").split())
    return f"\\&{line}" if line.startswith((".", "'")) else line


def register(root: App) -> None:
    """Add the commands."""
    root.command(help=_("The script that completes ccd's commands: bash, zsh or fish reads it."))(completion)
    root.command(help=_("The manual page of all commands: ccd man | man -l -"))(man)
