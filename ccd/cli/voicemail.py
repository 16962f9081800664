"""`ccd voicemail` and `ccd notice`: messages that callers left, and what others are told."""

import shutil
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ccd.cli import options, text
from ccd.cli.app import App
from ccd.cli.dates import instant
from ccd.cli.files import in_place_of, refuse_existing, written_as
from ccd.cli.messages import _, label, word
from ccd.cli.options import JsonFlag
from ccd.cli.paging import take
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import NotFoundError, RefusedError
from ccd.http.filters import NoticeState
from ccd.http.shapes import Mailbox, Notice, VoicemailFile, VoicemailMessage

messages = App()
notices = App()

RING_S = 40.0
"""Patience with a phone that rings."""
PLAYERS = (
    ("play", "-q"),
    ("aplay", "-q"),
    ("paplay",),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
)
"""Programs that play a WAV file on this machine; the first that there is, is used."""

MessageArgument = Annotated[
    str, typer.Argument(metavar="ID", help=_("The message's id, e.g. 1795250000.12-v31."))
]
MailboxOption = Annotated[str | None, typer.Option("--mailbox", help=_("The mailbox."))]


class Which(StrEnum):
    """States that a list may be narrowed to."""

    NEW = "new"
    KEPT = "kept"
    DELETED = "deleted"


@messages.command("list", help=_("Messages, newest first; deleted ones only with --state deleted."))
def list_messages(
    ctx: typer.Context,
    *,
    mailbox: MailboxOption = None,
    new: Annotated[bool, typer.Option("--new", help=_("Only those that nobody has heard."))] = False,
    state: Annotated[Which | None, typer.Option("--state", help=_("Only those in this state."))] = None,
    since: options.Since = None,
    until: options.Until = None,
    number: options.Number = None,
    limit: options.Limit = 50,
    json: JsonFlag = False,
) -> None:
    """Print messages."""
    out = terminal(ctx)
    filters = {
        "mailbox": mailbox,
        "state": Which.NEW.value if new else None if state is None else state.value,
        "since": instant(since),
        "until": instant(until),
        "number": number,
    }
    found: list[VoicemailMessage] = take(out.client(), "voicemail", filters, limit)
    if json:
        out.json(found)
    else:
        _table(out, found)


def _table(out: Terminal, found: list[VoicemailMessage]) -> None:
    titles = [_("left"), _("mailbox"), _("caller"), _("name"), ">" + _("length"), _("state"), _("message")]
    rows = [
        [
            text.local(each["at"]),
            each["mailbox"],
            each["number"],
            each["name"],
            text.duration(each["length_s"]),
            word(each["state"])
            if each["heard_by"] is None
            else f"{word(each['state'])} ({each['heard_by']})",
            each["id"],
        ]
        for each in found
    ]
    out.table(titles, rows)


@messages.command(help=_("Mailboxes, with how many of their messages nobody has heard."))
def boxes(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print mailboxes."""
    out = terminal(ctx)
    found: list[Mailbox] = out.client().get("mailboxes")
    if json:
        out.json(found)
        return
    titles = [_("mailbox"), _("label"), ">" + _("new"), _("agents"), _("queues")]
    rows = [
        [
            each["name"],
            label(each["labels"]),
            each["new"],
            ", ".join(each["agents"]),
            ", ".join(each["queues"]),
        ]
        for each in found
    ]
    out.table(titles, rows)


@messages.command(help=_("One message, and where its sound lies on this machine."))
def show(ctx: typer.Context, message: MessageArgument, *, json: JsonFlag = False) -> None:
    """Print one message."""
    out = terminal(ctx)
    found: VoicemailFile = out.client().get("voicemail", message)
    if json:
        out.json(found)
        return
    _table(out, [found])
    out.say(_("call {call}", call=found["call_id"]))
    out.say(text.clean(found["file"]) if found["file"] else _("the sound is gone"))


def _sound(out: Terminal, message: str) -> Path:
    found: VoicemailFile = out.client().get("voicemail", message)
    if found["file"] is None:
        raise NotFoundError(_("the sound is gone"))
    return Path(found["file"])


@messages.command(help=_("Play a message, on a phone or on this machine's loudspeaker; it counts as heard."))
def play(
    ctx: typer.Context,
    message: MessageArgument,
    *,
    phone: Annotated[
        str | None, typer.Option("--phone", help=_("The phone to ring, by its extension; else this machine."))
    ] = None,
) -> None:
    """Play a message."""
    out = terminal(ctx)
    if phone is not None:
        client = out.client(timeout_s=RING_S)
        client.post("voicemail", message, "play", body={"extension": phone})
        return
    file = _sound(out, message)
    player = next((each for each in PLAYERS if shutil.which(each[0])), None)
    if player is None:
        raise RefusedError(
            _("there is no program to play sound: install sox, or take the file {file}", file=file)
        )
    if subprocess.run([*player, str(file)], check=False).returncode:  # noqa: S603 - a path of the daemon's
        raise RefusedError(_("{program} could not play {file}", program=player[0], file=file))
    out.client().post("voicemail", message, "heard", body={"heard": True})


@messages.command(help=_("Copy a message's sound to a file."))
def export(
    ctx: typer.Context,
    message: MessageArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=_("The file; by default ID.wav in this folder.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_("Overwrite a file that is there."))] = False,
) -> None:
    """Copy the file, whole or not at all."""
    out = terminal(ctx)
    file = _sound(out, message)
    target = output or Path(f"{message}.wav")
    if target.is_dir():
        target /= f"{message}.wav"
    refuse_existing(target, force=force)
    with written_as(target), in_place_of(target) as part:
        shutil.copyfile(file, part)
    out.say(text.clean(target))


@messages.command(help=_("Delete a message's sound; that it was there stays known for a while."))
def delete(
    ctx: typer.Context,
    message: MessageArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask."))] = False,
) -> None:
    """Delete a message."""
    out = terminal(ctx)
    if not yes and not typer.confirm(_("Delete message {message}?", message=message)):
        raise typer.Exit(1)
    out.client().delete("voicemail", message)
    out.say(_("message {message}: deleted", message=message))


@messages.command(help=_("Mark a message as heard, or with --new as new again."))
def heard(
    ctx: typer.Context,
    message: MessageArgument,
    *,
    new: Annotated[bool, typer.Option("--new", help=_("It is new again."))] = False,
    json: JsonFlag = False,
) -> None:
    """Mark a message."""
    out = terminal(ctx)
    found: VoicemailMessage = out.client().post("voicemail", message, "heard", body={"heard": not new})
    if json:
        out.json(found)
    else:
        out.say(_("message {message}: {state}", message=message, state=word(found["state"])))


@notices.command("list", help=_("What others were told or are to be told, newest first."))
def list_notices(
    ctx: typer.Context,
    *,
    state: Annotated[NoticeState | None, typer.Option("--state", help=_("Only those in this state."))] = None,
    limit: options.Limit = 50,
    json: JsonFlag = False,
) -> None:
    """Print notices."""
    out = terminal(ctx)
    filters = {"state": None if state is None else state.value}
    found: list[Notice] = take(out.client(), "notices", filters, limit)
    if json:
        out.json(found)
        return
    titles = [_("made"), _("notice"), _("target"), _("state"), ">" + _("tries"), _("next try"), _("problem")]
    rows = [
        [
            text.local(each["created_at"]),
            each["id"],
            each["target"],
            word(each["state"]),
            each["attempts"],
            text.local(each["next_at"]) if each["next_at"] else "",
            each["error"],
        ]
        for each in found
    ]
    out.table(titles, rows)


@notices.command(help=_("Send a notice once more, as if it were new."))
def retry(
    ctx: typer.Context,
    notice: Annotated[str, typer.Argument(metavar="ID", help=_("The notice's id."))],
    *,
    json: JsonFlag = False,
) -> None:
    """Send a notice again."""
    out = terminal(ctx)
    found: Notice = out.client().post("notices", notice, "retry")
    if json:
        out.json(found)
    else:
        out.say(_("notice {notice}: {state}", notice=notice, state=word(found["state"])))


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(messages, name="voicemail", help=_("Messages that callers left."))
    root.add_typer(notices, name="notice", help=_("What others are told of."))
