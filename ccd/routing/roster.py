"""The agents: what they chose, what is observed of them, and on which phone they are.

Status is chosen, state is observed; the two are never one word. The state is derived in one place,
`observe`, from the talk and the offer that we know of, the wrap-up, and Asterisk's device state, in this
order.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from ccd.model import (
    NO_LIMITS,
    Absence,
    AgentLimits,
    AgentNumber,
    AgentProfile,
    AgentSnapshot,
    AgentState,
    AgentStatus,
    BreakUse,
    Device,
    DeviceState,
    Extension,
    LastTalk,
    Membership,
    QueueMemory,
    QueueName,
    device_of,
)
from ccd.routing.deadlines import Deadline, Kind
from ccd.routing.offers import Offer, Talk
from ccd.routing.strategies import Standing

UNREACHABLE = frozenset({DeviceState.UNKNOWN, DeviceState.INVALID, DeviceState.UNAVAILABLE})
IN_USE = frozenset({DeviceState.INUSE, DeviceState.BUSY, DeviceState.ONHOLD, DeviceState.RINGINUSE})
_MASKS = {absence: 1 << bit for bit, absence in enumerate(Absence)}
_OCCUPIED = frozenset({AgentState.RINGING, AgentState.IN_CALL, AgentState.WRAP_UP})


def absence_mask(absences: Iterable[Absence]) -> int:
    """Give the bits of some absences, as in `Agent.absence`."""
    return sum(_MASKS[absence] for absence in set(absences))


_BY_STATE = {
    AgentState.IN_CALL: _MASKS[Absence.IN_USE],
    AgentState.RINGING: _MASKS[Absence.RINGING],
    AgentState.WRAP_UP: _MASKS[Absence.WRAP_UP],
}


@dataclass(slots=True, eq=False, kw_only=True)
class Agent:
    """One agent. `eligible` and `present` are kept by `settling.py`, together with the lines."""

    number: AgentNumber
    name: str
    memberships: dict[QueueName, Membership] = field(default_factory=dict)
    skills: Mapping[str, int] = field(default_factory=dict)
    limits: AgentLimits = NO_LIMITS
    status: AgentStatus = AgentStatus.LOGGED_OUT
    reason: str = ""
    extension: Extension | None = None
    since_at: float = 0.0
    signed_in_at: float | None = None
    missed_in_a_row: int = 0
    memory: dict[QueueName, QueueMemory] = field(default_factory=dict)
    last_talk_at: float = -inf
    device_state: DeviceState = DeviceState.UNKNOWN
    device_since_at: float = -inf
    state: AgentState = AgentState.UNREACHABLE
    state_since_at: float = 0.0
    offer: Offer | None = None
    talk: Talk | None = None
    wrap_up_until_at: float | None = None
    last_talk: LastTalk | None = None
    overdue: bool = False
    """Their break has lasted for longer than it may."""
    breaks: Mapping[str, BreakUse] = field(default_factory=dict)
    """What they have used of breaks in this shift, by reason; replaced, never changed."""
    talk_ends: deque[float] = field(default_factory=deque)
    """When talks of the last 24 hours ended, in order; kept of those whose calls are limited."""
    rests_until_at: float | None = None
    rests_for: str = ""
    """Why they rest: `resting` or `call_limit`."""
    eligible: bool = False
    present: bool = False
    at_work: bool = False
    """Available on a reachable phone, whatever they do just now."""
    absence: int = 0
    """What they are in that could make them count as absent: bits of `absence_mask`."""
    unsaved: bool = False
    leaving: bool = False
    """No longer configured; goes when the call of the moment is over."""
    timers: dict[Kind, Deadline] = field(default_factory=dict)

    @property
    def device(self) -> Device | None:
        """The phone they are signed in on."""
        return None if self.extension is None else device_of(self.extension)

    @property
    def reachable(self) -> bool:
        """Whether they are signed in on a phone that Asterisk can reach."""
        return self.extension is not None and self.device_state not in UNREACHABLE

    @property
    def engaged(self) -> bool:
        """Whether one of our callers has them, ringing or talking."""
        return self.offer is not None or self.talk is not None

    @property
    def owes(self) -> bool:
        """Whether their wrap-up lasts until they give a disposition."""
        return self.wrap_up_until_at is not None and self.last_talk is not None and self.last_talk.owed

    @property
    def free(self) -> bool:
        """Whether they may be offered a caller."""
        return (
            self.status is AgentStatus.AVAILABLE
            and self.device_state is DeviceState.NOT_INUSE
            and self.offer is None
            and self.talk is None
            and self.wrap_up_until_at is None
            and self.rests_until_at is None
            and self.extension is not None
        )

    @property
    def busy(self) -> bool:
        """Whether they are at work and will be free again by themselves: worth waiting for."""
        return self.status is AgentStatus.AVAILABLE and self.state in _OCCUPIED

    def observe(self) -> AgentState:
        """Derive the state. A call of their own during wrap-up shows as a call."""
        if self.talk is not None:
            return AgentState.IN_CALL
        if self.offer is not None:
            return AgentState.RINGING
        in_use = self.device_state in IN_USE
        if self.wrap_up_until_at is not None and not (in_use and self.device_since_at > self.last_talk_at):
            return AgentState.WRAP_UP
        if not self.reachable:
            return AgentState.UNREACHABLE
        if in_use:
            return AgentState.IN_CALL
        return AgentState.RINGING if self.device_state is DeviceState.RINGING else AgentState.IDLE

    def observe_absence(self) -> int:
        """Give the bits of all absences that apply; from the state as it was observed last."""
        paused = _MASKS[Absence.PAUSED] if self.status is AgentStatus.PAUSED else 0
        return paused | _BY_STATE.get(self.state, 0)

    def obstacle(self) -> str:
        """Say why they are not free, in the words of `history.Candidate`; empty when they are."""
        if self.offer is not None:
            return "reserved"
        if self.talk is not None:
            return "busy"
        if self.status is not AgentStatus.AVAILABLE:
            return self.status.value
        if self.wrap_up_until_at is not None:
            return "wrap_up"
        if not self.reachable:
            return "unreachable"
        return self.rests_for if self.device_state is DeviceState.NOT_INUSE else "busy"

    def standing(self, queue: QueueName) -> Standing:
        """Give what a strategy may look at."""
        memory = self.memory.get(queue)
        if memory is None:
            return Standing(last_talk_at=self.last_talk_at)
        return Standing(memory.calls_taken, memory.last_call_at, self.last_talk_at)

    def remember_call(self, queue: QueueName, now: float) -> None:
        """Count a call of a queue that has just ended."""
        taken = self.memory[queue].calls_taken if queue in self.memory else 0
        self.memory[queue] = QueueMemory(queue=queue, calls_taken=taken + 1, last_call_at=now)
        self.last_talk_at = now
        self.unsaved = True

    def snapshot(self) -> AgentSnapshot:
        """Give what must outlive the process."""
        return AgentSnapshot(
            number=self.number,
            status=self.status,
            reason=self.reason,
            extension=self.extension,
            since_at=self.since_at,
            signed_in_at=self.signed_in_at,
            wrap_up_until_at=self.wrap_up_until_at,
            missed_in_a_row=self.missed_in_a_row,
            last_talk=self.last_talk,
            breaks=self.breaks,
            memory=tuple(self.memory.values()),
        )

    def restore(self, snapshot: AgentSnapshot) -> None:
        """Take up where an earlier process stopped."""
        self.status = snapshot.status
        self.reason = snapshot.reason
        self.extension = None if snapshot.status is AgentStatus.LOGGED_OUT else snapshot.extension
        self.since_at = snapshot.since_at
        self.signed_in_at = snapshot.signed_in_at
        self.wrap_up_until_at = snapshot.wrap_up_until_at
        self.missed_in_a_row = snapshot.missed_in_a_row
        self.last_talk = snapshot.last_talk
        self.breaks = snapshot.breaks
        self.memory = {memory.queue: memory for memory in snapshot.memory}
        self.talk_ends = deque(snapshot.talk_ends)
        ends = [memory.last_call_at for memory in snapshot.memory if memory.last_call_at is not None]
        self.last_talk_at = max(ends, default=-inf)


class Roster:
    """Every agent, every phone, and who is signed in where."""

    def __init__(self) -> None:
        self.agents: dict[AgentNumber, Agent] = {}
        self.devices: dict[Device, DeviceState] = {}
        self.on_device: dict[Device, Agent] = {}

    def add(self, profile: AgentProfile) -> Agent:
        """Take a new agent in, or give the one of this number."""
        agent = self.agents.get(profile.number)
        if agent is None:
            agent = self.agents[profile.number] = Agent(number=profile.number, name=profile.name)
        return agent

    def seat(self, agent: Agent, extension: Extension | None, now: float) -> None:
        """Put an agent on a phone where nobody else is, or on none."""
        old = agent.device
        if old is not None and self.on_device.get(old) is agent:
            del self.on_device[old]
        agent.extension = extension
        new = agent.device
        state = DeviceState.UNKNOWN
        if new is not None:
            self.on_device[new] = agent
            state = self.devices.get(new, DeviceState.UNKNOWN)
        agent.device_state = state
        agent.device_since_at = now

    def drop(self, agent: Agent) -> None:
        """Forget an agent who is signed out."""
        del self.agents[agent.number]
