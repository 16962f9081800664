"""The state of `ccd top`: what is marked, what is being typed, what a key wants done. No terminal here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ccd.cli.messages import _
from ccd.http.shapes import Call, Top

UP, DOWN, TAB, BACK_TAB = "up", "down", "tab", "back-tab"
ENTER, ESCAPE, BACKSPACE = "enter", "escape", "backspace"
_SEQUENCES = {
    "\x1b[A": UP,
    "\x1b[B": DOWN,
    "\x1bOA": UP,
    "\x1bOB": DOWN,
    "\x1b[C": TAB,
    "\x1b[D": BACK_TAB,
    "\x1b[Z": BACK_TAB,
    "\t": TAB,
    "\r": ENTER,
    "\n": ENTER,
    "\x1b": ESCAPE,
    "\x7f": BACKSPACE,
    "\b": BACKSPACE,
}
_LONGEST = 64


def key_of(typed: str) -> str:
    """Give the name of a key by what the terminal sends, the character itself for the others."""
    return _SEQUENCES.get(typed, typed)


class Part(StrEnum):
    """The tables, top down."""

    QUEUES = "queues"
    CALLS = "calls"
    AGENTS = "agents"


_PARTS = tuple(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the daemon is asked to do: POST `parts` with `body`."""

    parts: tuple[str, ...]
    body: dict[str, Any] = field(default_factory=dict)
    told: str = ""
    """For the bottom line, when it is done."""


@dataclass(slots=True, kw_only=True)
class _Question:
    """A line that is being typed, and what becomes of it."""

    text: str
    answer: Callable[[str], Wish | None]
    typed: str = ""


class Screen:
    """Feed it keys; it gives wishes. The marked line follows its queue, call or agent, not its row."""

    def __init__(self) -> None:
        self.part = Part.CALLS
        self.note = ""
        """What was done last, or why not."""
        self.trouble = ""
        """Why what is shown is not how it is now."""
        self.over = False
        self._marked: dict[Part, str] = {}
        self._question: _Question | None = None
        self._phone = ""

    def rows(self, top: Top) -> dict[Part, list[str]]:
        """Give the ids of the lines of each table, in their order."""
        return {
            Part.QUEUES: [each["name"] for each in top["queues"]],
            Part.CALLS: [each["id"] for each in top["calls"]],
            Part.AGENTS: [each["number"] for each in top["agents"] if each["status"] != "logged_out"],
        }

    def marked(self, top: Top) -> tuple[Part, int] | None:
        """Give the table and the row that is marked; None where nothing is, or what was marked is gone.

        No other line takes its place by itself: a key that was meant for the one would do it to the other.
        """
        rows = self.rows(top)[self.part]
        if not rows:
            return None
        marked = self._marked.setdefault(self.part, rows[0])
        return (self.part, rows.index(marked)) if marked in rows else None

    @property
    def prompt(self) -> str:
        """Give the bottom line."""
        if self._question is not None:
            return f"{self._question.text} {self._question.typed}▏"
        keys = {
            Part.QUEUES: _("tab: next table  ↑↓: choose  q: end"),
            Part.CALLS: _(
                "tab: next table  ↑↓: choose  m: move  t: transfer  l w b: listen, whisper, barge  "
                "h: hang up  q: end"
            ),
            Part.AGENTS: _("tab: next table  ↑↓: choose  p: break or ready  o: sign out  q: end"),
        }[self.part]
        return "  ".join(filter(None, (self.trouble, self.note, keys)))

    # ------------------------------------------------------------ keys

    def press(self, key: str, top: Top) -> Wish | None:
        """Take a key; give what the daemon is to do."""
        if self._question is not None:
            return self._type(key)
        self.note = ""
        if key in {"q", "Q"}:
            self.over = True
        elif key in {TAB, BACK_TAB}:
            step = 1 if key == TAB else -1
            self.part = _PARTS[(_PARTS.index(self.part) + step) % len(_PARTS)]
        elif key in {UP, DOWN, "j", "k"}:
            self._move(-1 if key in {UP, "k"} else 1, top)
        else:
            return self._act(key, top)
        return None

    def _move(self, step: int, top: Top) -> None:
        rows = self.rows(top)[self.part]
        if rows:
            marked = self.marked(top)
            self._marked[self.part] = rows[max(0, min(len(rows) - 1, marked[1] + step)) if marked else 0]

    def _type(self, key: str) -> Wish | None:
        question = self._question
        if question is None or key == ESCAPE:
            self._question = None
        elif key == ENTER:
            self._question = None
            return question.answer(question.typed.strip()) if question.typed.strip() else None
        elif key == BACKSPACE:
            question.typed = question.typed[:-1]
        elif len(key) == 1 and key.isprintable() and len(question.typed) < _LONGEST:
            question.typed += key
        return None

    def _ask(self, text: str, answer: Callable[[str], Wish | None]) -> None:
        self._question = _Question(text=text, answer=answer)

    # ------------------------------------------------------------ what keys do

    def _act(self, key: str, top: Top) -> Wish | None:
        marked = self.marked(top)
        if marked is None:
            self.note = _("what was marked is gone; choose with ↑↓") if self.rows(top)[self.part] else ""
            return None
        part, row = marked
        name = self.rows(top)[part][row]
        match part:
            case Part.AGENTS:
                return self._act_on_agent(key, name, top)
            case Part.CALLS:
                return self._act_on_call(key, name, top)
            case Part.QUEUES:
                return None

    def _act_on_agent(self, key: str, agent: str, top: Top) -> Wish | None:
        status = next(each["status"] for each in top["agents"] if each["number"] == agent)
        match key:
            case "p":
                if status == "paused":
                    return Wish(parts=("agents", agent, "ready"), told=f"{agent}: {_('ready')}")
                return Wish(parts=("agents", agent, "pause"), told=f"{agent}: {_('pause')}")
            case "o":
                return Wish(parts=("agents", agent, "sign-out"), told=f"{agent}: {_('signed out')}")
            case _:
                return None

    def _act_on_call(self, key: str, call: str, top: Top) -> Wish | None:
        match key:
            case "m":
                queues = ", ".join(self.rows(top)[Part.QUEUES])
                waits = _waits(next(each for each in top["calls"] if each["id"] == call))
                self._ask(
                    _("to which queue ({queues})?", queues=queues),
                    lambda queue: _moved(call, queue, keeps_place=waits),
                )
            case "t":
                self._ask(_("to which number?"), lambda number: _transferred(call, number))
            case "h":
                self._ask(_("hang {call} up? y", call=call), lambda yes: _hung_up(call, yes))
            case "l" | "w" | "b":
                mode = {"l": "listen", "w": "whisper", "b": "barge"}[key]
                if self._phone:
                    return self._supervise(call, mode, self._phone)
                self._ask(_("on which phone?"), lambda phone: self._supervise(call, mode, phone))
            case _:
                pass
        return None

    def _supervise(self, call: str, mode: str, phone: str) -> Wish:
        self._phone = phone
        told = _("phone {phone} rings", phone=phone)
        return Wish(parts=("calls", call, "supervise"), body={"mode": mode, "extension": phone}, told=told)

    def failed(self, reason: str) -> None:
        """Show why a wish was not granted; a phone that did not do is asked for again."""
        self.note, self._phone = reason, ""


def _waits(call: Call) -> bool:
    return call["queue"] is not None and call["phase"] in {"waiting", "ringing"}


def _moved(call: str, queue: str, *, keeps_place: bool) -> Wish:
    """Who waits keeps the time of joining; whoever talks, or is in a flow, joins anew."""
    if keeps_place:
        return Wish(parts=("calls", call, "move"), body={"queue": queue}, told=f"{call} → {queue}")
    return Wish(parts=("calls", call, "redirect"), body={"to": f"queue/{queue}"}, told=f"{call} → {queue}")


def _transferred(call: str, number: str) -> Wish:
    return Wish(parts=("calls", call, "transfer"), body={"number": number}, told=f"{call} → {number}")


def _hung_up(call: str, yes: str) -> Wish | None:
    agreed = yes.lower() in {"y", "yes", "是"}
    return Wish(parts=("calls", call, "hangup"), told=_("{call} hung up", call=call)) if agreed else None


def window(rows: Sequence[str], row: int | None, height: int) -> list[tuple[int, str]]:
    """Give the rows that fit, with their indexes; the marked one is always among them."""
    begin = 0 if row is None else max(0, min(row - height // 2, len(rows) - height))
    return list(enumerate(rows))[begin : begin + height]
