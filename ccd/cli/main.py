"""The entry point `ccd`: find out what is wanted, load only what that needs, turn errors into one line.

Typer builds every command that it knows before it runs one. So only the module of the first word is loaded;
`--help` and a mistyped word get them all.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

import ccd
from ccd.cli import messages
from ccd.cli.app import App
from ccd.cli.errors import FAILED, INTERRUPTED, USAGE, exit_code, explained
from ccd.cli.messages import _
from ccd.cli.terminal import Terminal
from ccd.cli.wishes import Wishes, take_wishes
from ccd.errors import CcdError

MODULES = {
    "status": ("status",),
    "top": ("top",),
    "queues": ("queue",),
    "agents": ("agent",),
    "calls": ("call", "explain"),
    "callbacks": ("callback",),
    "cdr": ("cdr",),
    "recordings": ("recording",),
    "archive": ("survey", "customer"),
    "voicemail": ("voicemail", "notice"),
    "service": ("run", "check", "reload", "doctor", "config", "db"),
    "flows": ("flow",),
    "caller_lists": ("list",),
    "outbound": ("outbound",),
    "prompts": ("prompt",),
    "asterisk": ("asterisk",),
    "shell": ("completion", "man"),
}
"""Each module of commands, and the first words that it answers to."""

_BROKEN_PIPE = 141
"""What a shell reports of a program that SIGPIPE ended."""


def _root() -> App:
    return App(
        help=_("ccd, the call-centre daemon for Asterisk."),
        epilog=_(
            "Everywhere: --socket PATH (CCD_SOCKET), --config FILE (CCD_CONFIG), --lang en|zh (CCD_LANG). "
            "Every other option has a variable too: CCD_CDR_LIST_LIMIT for `ccd cdr list --limit`. "
            "ccd --version names the version."
        ),
    )


def build(first: str | None = None) -> App:
    """Give the application, with the commands of one module when the first word tells which."""
    chosen = [module for module, words in MODULES.items() if first in words] or list(MODULES)
    root = _root()
    root.callback()(lambda: None)
    for module in chosen:
        importlib.import_module(f"ccd.cli.{module}").register(root)
    return root


def run(line: Sequence[str]) -> int:
    """Run one command line; give the exit code."""
    try:
        wishes, words = take_wishes(line)
        messages.use(wishes.language)
        return _invoke(wishes, words)
    except typer.Exit as end:
        return end.exit_code
    except TyperException as error:
        return _usage(error)
    except CcdError as error:
        _complain(explained(error))
        return exit_code(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED


def _invoke(wishes: Wishes, words: list[str]) -> int:
    if "_CCD_COMPLETE" in os.environ:  # a shell asks, which has the line in variables of its own
        from ccd.cli.shell import complete

        return complete(typer.main.get_command(build()))
    if words[:1] == ["--version"]:
        print(f"ccd {ccd.__version__}")
        return 0
    first = next((word for word in words if not word.startswith("-")), None)
    app = build(None if "--help" in words[:1] else first)
    command = typer.main.get_command(app)
    with command.make_context("ccd", words, obj=Terminal(wishes), auto_envvar_prefix="CCD") as context:
        command.invoke(context)
    return 0


def _usage(error: TyperException) -> int:
    """Say what is wrong with the command line, and where its help is."""
    context = getattr(error, "ctx", None)
    _complain(messages.phrase(error.format_message()))
    if context is not None:
        print(_("see: {command} --help", command=context.command_path), file=sys.stderr)
    return USAGE if error.exit_code == USAGE else FAILED


def _complain(told: str) -> None:
    print(f"ccd: {told}", file=sys.stderr)


def main() -> None:
    """Be the program `ccd`."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _BROKEN_PIPE
    sys.exit(code)
