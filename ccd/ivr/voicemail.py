"""Leaving a message (留言): greeting, tone, the message, and what the caller says of it.

The message ends by #, by silence or at its longest. Whoever hangs up has left it. With `review` the caller
keeps it by 1 or #, listens to it by 2, records it again by 3, or cancels it by *.
"""

from enum import Enum, auto

from ccd.config.flows import Voicemail
from ccd.config.voicemail import Mailbox
from ccd.ivr.ports import Tape
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk

_TAKES = 6
"""So often a message may be recorded in one visit; the last take is kept as it is."""
_SHORT_TAKES = 2
_ROUNDS = 3
"""So often the caller is asked what to do with the message; then it is kept."""
_CHOICE_S = 6.0


class _Choice(Enum):
    """What the caller wants done with the message."""

    KEEP = auto()
    AGAIN = auto()
    CANCEL = auto()


_CHOICES = {"1": _Choice.KEEP, "#": _Choice.KEEP, "3": _Choice.AGAIN, "*": _Choice.CANCEL}
_LISTEN = "2"


async def leave(node: Voicemail, talk: Talk) -> Step:
    """Take a message into the node's mailbox."""
    tape = await talk.host.mailbox(talk.place, node.voicemail)
    box = talk.book.mailboxes[node.voicemail]
    result = await _Visit(box, node.greeting or box.greeting, tape, talk).result()
    match result:
        case "kept":
            return Step(result, node.next)
        case "failed":
            return Step(result, node.on_failed)
        case _:
            return Step(result, node.on_empty)


class _Visit:
    """One visit to a mailbox. `result` says how it ended, as `VoicemailEnded` does."""

    def __init__(self, box: Mailbox, greeting: str, tape: Tape, talk: Talk) -> None:
        self._box = box
        self._greeting = greeting
        self._tape = tape
        self._talk = talk

    async def result(self) -> str:
        """Lead the caller through it; whatever comes of it is written down before it is said."""
        found = await self._tape.found()
        if found.stored:  # by a process that died before it could lead the caller on
            return await self._end("kept", "voicemail-saved")
        length_s = found.length_s
        if length_s is None:
            await self._talk.say([self._greeting])
        short = 0
        for left in reversed(range(_TAKES)):
            if length_s is None:
                length_s = await self._record()
            if length_s is None:
                return await self._end("failed", "voicemail-failed")
            if length_s < self._box.min_s:
                short += 1
                await self._tape.discard()
                if short == _SHORT_TAKES:
                    return await self._end("empty", "voicemail-too-short")
                await self._talk.say(["voicemail-too-short", "voicemail-after-tone"], barge_in=False)
                length_s = None
                continue
            choice = await self._choice() if self._box.review else _Choice.KEEP
            if choice is _Choice.KEEP or (choice is _Choice.AGAIN and not left):
                return await self._end("kept", "voicemail-saved")
            await self._tape.discard()
            if choice is _Choice.CANCEL:
                return await self._end("cancelled", "voicemail-cancelled")
            length_s = None
            await self._talk.say(["voicemail-after-tone"], barge_in=False)
        return await self._end("empty", "voicemail-too-short")

    async def _record(self) -> float | None:
        """Take the message down; None when that is not possible."""
        self._talk.forget_early_key()
        return await self._tape.record(self._box)

    async def _end(self, result: str, prompt: str) -> str:
        self._tape.end(result)
        await self._talk.say([prompt], barge_in=False)
        return result

    async def _choice(self) -> _Choice:
        """Ask what to do with the message; a caller who says nothing keeps it."""
        key = ""
        for _ in range(_ROUNDS):
            if not key:
                await self._talk.say(["voicemail-review"])
                key = await self._talk.key(_CHOICE_S)
            while key == _LISTEN:
                await self._talk.hear([self._tape.sound()])
                key = self._talk.early_key()
            if key in _CHOICES:
                return _CHOICES[key]
            key = ""
        return _Choice.KEEP
