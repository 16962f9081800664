"""The one interpreter of flows: it walks from node to node until the dialplan takes over or the call ends.

A walk is short-lived: whenever the dialplan dials, it ends as handed off, and the call comes back to the
same place with the edge by which the node was left. So a walk may begin in a process that never saw the
one before.
"""

from collections.abc import Callable

import structlog

from ccd.config.flows import AnyNode
from ccd.errors import AgiHangupError
from ccd.history import FlowEntered, FlowLeft, NodeVisited
from ccd.ivr.book import Book, is_straight, resolve
from ccd.ivr.kinds import KINDS
from ccd.ivr.ports import Caller, Ended, Host, Place, Sounds, Voice
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk
from ccd.model import QueueOutcome

log = structlog.get_logger(__name__)

_MAX_SILENT_NODES = 500
"""Nodes that may be passed without a key from the caller; `ccd.ivr.check` finds such circles earlier."""

Watch = Callable[[Place], None]
"""Told of each node before it is executed."""


class Interpreter:
    """Walks callers through the flows of one book."""

    def __init__(self, book: Book, sounds: Sounds, watch: Watch | None = None) -> None:
        self._book = book
        self._sounds = sounds
        self._watch = watch

    async def walk(self, caller: Caller, place: Place, resume: str | None, voice: Voice, host: Host) -> Ended:
        """Execute the node at `place` and go on from there.

        With `resume` the node, a queue or a dial, is done already, and this is how it ended: a QueueOutcome
        (`answered`), a DIALSTATUS (`BUSY`) or the branch's own name (`no_answer`). Raises AgiHangupError
        once the caller is gone; the history is complete even then.
        """
        talk = Talk(self._book, self._sounds, caller, voice, host)
        return await _Walk(talk, self._watch).run(place, resume)


class _Walk:
    """One walk; it knows in which flow the caller is, for the history."""

    def __init__(self, talk: Talk, watch: Watch | None) -> None:
        self._talk = talk
        self._watch = watch
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
        completed = KINDS[type(node)].completed if node is not None else None
        if node is not None and resume is not None and completed is not None:
            self._talk.place = place
            step = await completed(node, resume, self._talk)
            return resolve(step.target, place.flow) if step.target else None
        if node is not None:
            return place
        instead = None if resume == QueueOutcome.ANSWERED else self._book.start(place.flow)
        log.warning("place is gone from the configuration", place=str(place), instead=str(instead))
        return instead

    async def _execute(self, at: Place, node: AnyNode) -> Step | Ended:
        """Do one node; the history shows it even when the caller hangs up in it."""
        self._enter(at.flow)
        if self._watch is not None:
            self._watch(at)
        self._talk.place, kind = at, KINDS[type(node)]
        if self._talk.caller.lost and (asked_at := self._lost_by(node)):
            return Step("asked again", asked_at)
        if kind.leaves_flow:
            self._visited(at, node.kind, node.kind)
            self._leave()
            self._talk.forget_early_key()
            return await kind.do(node, self._talk)
        try:
            if kind.takes_time:
                await self._talk.host.arrived(at)
            step = await kind.do(node, self._talk)
        except AgiHangupError:
            self._visited(at, node.kind, "hangup")
            raise
        self._visited(at, node.kind, step.result if isinstance(step, Step) else step)
        return step

    def _lost_by(self, node: AnyNode) -> str | None:
        """Give the node of this flow that asks again for a secret which a node needs and a restart has lost.

        One that another flow asked for is empty from now on: its way back is no longer known.
        """
        lost, here = self._talk.caller.lost, self._talk.place.flow
        for _, name in node.reads():
            asked_at = lost.pop(name, None)
            if asked_at is not None and Place.parse(asked_at).flow == here:
                return asked_at
        return None

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
        return Ended.HUNG_UP

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

    def _visited(self, at: Place, kind: str, result: str) -> None:
        if self._flow is not None:
            host = self._talk.host
            host.note(
                NodeVisited(
                    call_id=self._talk.caller.call_id,
                    at=host.now(),
                    flow=at.flow,
                    node=at.node,
                    result=result,
                    kind=kind,
                )
            )
