"""Agents' phones that we ring to say what nobody would hear else: a break is over, the phone is another's.

It is said once, to whoever answers; who does not is not rung again. What a code says by itself is not said a
second time: a phone from which a sign-in was dialled is not rung for it. Whoever is on the phone while their
break ends is told when they have hung up.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from uuid import uuid4

import structlog

from ccd.ami.originate import Origination
from ccd.calls.asking import answered
from ccd.calls.house import House
from ccd.calls.playing import CONTEXT
from ccd.calls.roster import Seating
from ccd.errors import RefusedError
from ccd.history import AgentStateChanged, BreakOverdue, Entry
from ccd.model import AgentNumber, AgentState, ChannelId, DialStatus, Extension, device_of

log = structlog.get_logger(__name__)

BREAK_OVER = "agent-break-over"
DISPLACED = "agent-displaced"
ELSEWHERE = "agent-elsewhere"


class Caller(Protocol):
    """The part of the AMI client that is needed."""

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call; give how it ended."""
        ...


class DeskCalls:
    """A listener of the history, and of who sits down where."""

    def __init__(
        self,
        house: House,
        ami: Caller,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        own_phone: Callable[[AgentNumber], Extension | None],
    ) -> None:
        self._house = house
        self._ami = ami
        self._spawn = spawn
        self._own_phone = own_phone
        self._on_the_phone: set[AgentNumber] = set()
        """Those whose break is over, and who cannot be rung just now."""

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case BreakOverdue(agent=agent):
                self._break_over(agent)
            case AgentStateChanged(agent=agent, state=AgentState.IDLE) if agent in self._on_the_phone:
                self._break_over(agent)
            case _:
                pass

    def _break_over(self, agent: AgentNumber) -> None:
        """Tell an agent that their break is over, unless it ended meanwhile."""
        self._on_the_phone.discard(agent)
        config, view = self._house.config, self._house.dispatcher.engine.agent(agent)
        if not config.desk_calls.break_over or view is None or view.extension is None or not view.overdue:
            return
        if view.state is AgentState.IDLE:
            self._ring(view.extension, config.feature_codes.ready, BREAK_OVER)
        else:
            self._on_the_phone.add(agent)

    def seated(self, seating: Seating) -> None:
        """Tell whoever lost their phone by a sign-in, and the phone that was left."""
        if not self._house.config.desk_calls.displaced:
            return
        code = self._house.config.feature_codes.sign_in
        if seating.left is not None:
            self._ring(seating.left, code, ELSEWHERE)
        if seating.replaced is not None:
            own = self._own_phone(seating.replaced)
            engine = self._house.dispatcher.engine
            if own is not None and own != seating.phone and engine.agent_on(own) is None:
                self._ring(own, code, DISPLACED)
            elif not seating.dialled:
                self._ring(seating.phone, code, DISPLACED)

    def _ring(self, phone: Extension, shown: str, prompt: str) -> None:
        """Have a phone rung; it shows the code that is of use now."""
        house = self._house
        sounds = house.design.catalogue.sounds(prompt, house.config.language)
        call = Origination(
            dial=device_of(phone),
            channel_id=ChannelId(f"desk-{uuid4().hex}"),
            context=CONTEXT,
            exten="s",
            ring_s=house.config.desk_calls.ring_s,
            caller_number=shown,
            caller_name=shown,
            variables={"CCD_SOUND": "&".join(sound.path for sound in sounds)},
        )
        self._spawn(self._say(call, phone, prompt))

    async def _say(self, call: Origination, phone: Extension, prompt: str) -> None:
        try:
            await answered(self._ami.originate(call), phone)
        except RefusedError as problem:
            log.info("agent not told by phone", extension=phone, prompt=prompt, reason=str(problem))
        else:
            log.info("agent told by phone", extension=phone, prompt=prompt)
