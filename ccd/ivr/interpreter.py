"""The one interpreter of flows: it walks from node to node until the dialplan takes over or the call ends.

A walk is short-lived: whenever the dialplan dials, it ends as handed off, and the call comes back to the
same place with the edge by which the node was left. So a walk may begin in a process that never saw the
one before.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from ccd.config.flows import (
    AnyNode,
    AskHours,
    AskSurvey,
    Branch,
    Collect,
    Dial,
    Goto,
    Hangup,
    Language,
    Menu,
    Node,
    Play,
    Queue,
    Say,
    Set,
)
from ccd.errors import AgiHangupError
from ccd.history import FlowEntered, FlowLeft, NodeVisited
from ccd.ivr import asking, steps, survey
from ccd.ivr.book import Book, is_straight, resolve
from ccd.ivr.ports import Caller, Ended, Host, Place, Sounds, Voice
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk
from ccd.model import DialStatus, QueueOutcome

log = structlog.get_logger(__name__)

_MAX_SILENT_NODES = 500
"""Nodes that may be passed without a key from the caller; `ccd.ivr.check` finds such circles earlier."""

_INSIDE: dict[type[Node], Callable[[Any, Talk], Awaitable[Step]]] = {
    Play: steps.play,
    Say: steps.say,
    Menu: asking.menu,
    Collect: asking.collect,
    AskHours: steps.hours,
    Language: steps.language,
    Set: steps.assign,
    Branch: steps.branch,
    Goto: steps.goto,
    Hangup: steps.hangup,
}
"""The kinds that are done within the flow; queue, dial and survey leave it."""

_EDGES: dict[str, str] = {
    DialStatus.ANSWER: "answered",
    DialStatus.BUSY: "busy",
    DialStatus.NOANSWER: "no_answer",
    DialStatus.TIMEOUT: "no_answer",
    DialStatus.CANCEL: "no_answer",
}
"""Branches by DIALSTATUS; any other is `failed`."""

_LAST_WORDS = {
    "timed_out": "all-busy",
    "full": "all-busy",
    "empty": "nobody-available",
    "busy": "number-busy",
    "no_answer": "no-answer",
    "failed": "call-failed",
}
"""What is said where a queue or a dial went wrong and the flow has no branch for it."""


class Interpreter:
    """Walks callers through the flows of one book."""

    def __init__(self, book: Book, sounds: Sounds) -> None:
        self._book = book
        self._sounds = sounds

    async def walk(self, caller: Caller, place: Place, resume: str | None, voice: Voice, host: Host) -> Ended:
        """Execute the node at `place` and go on from there.

        With `resume` the node, a queue or a dial, is done already, and this is how it ended: a QueueOutcome
        (`answered`), a DIALSTATUS (`BUSY`) or the branch's own name (`no_answer`). Raises AgiHangupError
        once the caller is gone; the history is complete even then.
        """
        talk = Talk(self._book, self._sounds, caller, voice, host)
        return await _Walk(talk).run(place, resume)


class _Walk:
    """One walk; it knows in which flow the caller is, for the history."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._book = talk.book
        self._flow: str | None = None
        self._silent_nodes = 0

    async def run(self, place: Place, resume: str | None) -> Ended:
        try:
            at = await self._begin(place, resume)
            while at is not None:
                node = self._book.node(at)
                if node is None or self._goes_in_circles():
                    return await self._give_up(at)
                step = await self._execute(at, node)
                if isinstance(step, Ended):
                    return step
                at = resolve(step.target, at.flow) if step.target else None
            return Ended.FINISHED
        finally:
            self._leave()

    async def _begin(self, place: Place, resume: str | None) -> Place | None:
        """Find the first node to execute; a place that a reload took away becomes the flow's start."""
        node = self._book.node(place)
        if resume is not None and isinstance(node, Queue | Dial):
            step = await self._completed(node, resume)
            return resolve(step.target, place.flow) if step.target else None
        if node is not None:
            return place
        instead = None if resume == QueueOutcome.ANSWERED else self._book.start(place.flow)
        log.warning("place is gone from the configuration", place=str(place), instead=str(instead))
        return instead

    async def _execute(self, at: Place, node: AnyNode) -> Step | Ended:
        """Do one node; the history shows it even when the caller hangs up in it."""
        self._enter(at.flow)
        if isinstance(node, Queue | Dial | AskSurvey):
            self._visited(at, node.kind)
            self._leave()
            self._talk.forget_early_key()
            return await self._outside(at, node)
        try:
            if isinstance(node, Play | Say | Menu | Collect):  # the others are passed in no time
                await self._talk.host.arrived(at)
            step = await _INSIDE[type(node)](node, self._talk)
        except AgiHangupError:
            self._visited(at, "hangup")
            raise
        self._visited(at, step.result)
        return step

    async def _outside(self, at: Place, node: Queue | Dial | AskSurvey) -> Step | Ended:
        match node:
            case Queue():
                outcome = await self._talk.host.queue(at, node)
                return Ended.HANDED_OFF if outcome is None else await self._completed(node, outcome)
            case Dial():
                await self._talk.host.dial(at, node)
                return Ended.HANDED_OFF
            case AskSurvey():
                await survey.ask(node.survey, self._book.surveys[node.survey], self._talk)
                return Step(node.kind, node.next)

    async def _completed(self, node: Queue | Dial, how: str) -> Step:
        """Take the branch by which a queue or a dial was left."""
        edge = _EDGES.get(how, how)
        if edge in {QueueOutcome.ABANDONED, QueueOutcome.TRANSFERRED}:
            return Step(edge, None)
        if f"on_{edge}" not in type(node).model_fields:
            edge = "failed"
        target: str | None = getattr(node, f"on_{edge}")
        if target is None:
            await self._close(node, edge)
        return Step(edge, target)

    async def _close(self, node: Queue | Dial, edge: str) -> None:
        """Do what is due where there is no branch: the queue's survey after a talk, else a few last words."""
        if edge != "answered":
            await self._talk.say([_LAST_WORDS[edge]], barge_in=False)
            return
        name = self._book.queue_surveys.get(node.queue) if isinstance(node, Queue) else None
        if name is not None:
            await survey.ask(name, self._book.surveys[name], self._talk)

    def _goes_in_circles(self) -> bool:
        """Count a node; tell whether there were too many since the caller last pressed a key."""
        self._silent_nodes = 0 if self._talk.heard else self._silent_nodes + 1
        self._talk.heard = False
        return self._silent_nodes > _MAX_SILENT_NODES

    async def _give_up(self, at: Place) -> Ended:
        """Apologise and end: the flow has a fault that the check would have told."""
        log.error(
            "flow leads nowhere: the call is ended; run ccd check",
            place=str(at),
            nodes=self._silent_nodes,
            call=self._talk.caller.call_id,
        )
        await self._talk.say(["system-error"], barge_in=False)
        return Ended.FINISHED

    def _enter(self, flow: str) -> None:
        if flow == self._flow or is_straight(flow):
            return
        self._leave()
        self._flow = flow
        host = self._talk.host
        host.note(FlowEntered(call_id=self._talk.caller.call_id, at=host.now(), flow=flow))

    def _leave(self) -> None:
        if self._flow is not None:
            host = self._talk.host
            host.note(FlowLeft(call_id=self._talk.caller.call_id, at=host.now(), flow=self._flow))
            self._flow = None

    def _visited(self, at: Place, result: str) -> None:
        if self._flow is not None:
            host = self._talk.host
            entry = NodeVisited(
                call_id=self._talk.caller.call_id, at=host.now(), flow=at.flow, node=at.node, result=result
            )
            host.note(entry)
