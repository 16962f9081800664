"""A hotline for the tests of the engine: callers, agents and phones in the words of the domain.

Every event goes through `Hotline.tell`, which checks the engine's invariants right after it. Agent `1` sits
on extension `1001`, agent `2` on `1002`, and so on; a call's channel has the call's name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ccd.commands import Announce, Command, EndWait, Note, OfferCall, SaveAgent, WithdrawOffer
from ccd.events import (
    AgentPaused,
    AgentReadied,
    AgentsConfigured,
    AgentSignedIn,
    AgentSignedOut,
    CallerJoined,
    CallerLeft,
    CallerRestored,
    ChannelGone,
    DeviceStateChanged,
    DialReturned,
    DispositionGiven,
    Event,
    LegEnded,
    LegRang,
    LiveChannel,
    QueuesConfigured,
    Synchronised,
    Ticked,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.history import OfferEnded
from ccd.model import (
    AgentNumber,
    AgentProfile,
    AgentSnapshot,
    AgentState,
    CallId,
    ChannelId,
    Device,
    DeviceState,
    DialStatus,
    Extension,
    Membership,
    OfferId,
    QueueName,
    QueueOutcome,
    QueueSettings,
    Strategy,
    device_of,
)
from ccd.routing import AgentView, Engine, MemberView, QueueView

SALES = QueueName("sales")
E = TypeVar("E")


def queue(name: str = SALES, **settings: Any) -> QueueSettings:
    """Give a queue; linear unless said otherwise, so that a test sees at once who is next."""
    return QueueSettings(name=QueueName(name), **{"strategy": Strategy.LINEAR, **settings})


def agent(
    number: str, *queues: str, penalty: int = 0, position: int | None = None, **skills: int
) -> AgentProfile:
    """Give an agent of these queues (default: sales); the position is the number unless said otherwise.

    Other keywords are skills with their levels.
    """
    place = int(number) if position is None else position
    return AgentProfile(
        number=AgentNumber(number),
        name=f"Agent {number}",
        memberships=tuple(
            Membership(queue=QueueName(name), penalty=penalty, position=place) for name in queues or (SALES,)
        ),
        skills=skills,
    )


def on_terms(profile: AgentProfile, **terms: float) -> AgentProfile:
    """Give an agent terms of their own in all their queues."""
    return replace(profile, memberships=tuple(replace(each, **terms) for each in profile.memberships))


def extension_of(number: str) -> Extension:
    """Give the extension on which an agent sits by default."""
    return Extension(f"{1000 + int(number)}")


def phone_of(number: str) -> Device:
    """Give the phone on which an agent sits by default."""
    return device_of(extension_of(number))


def live(*channels: str, bridge: str = "") -> tuple[LiveChannel, ...]:
    """Give channels that Asterisk has; a leg is named `PJSIP/1001-…` by its agent's number, as in `leg:1`."""
    return tuple(
        LiveChannel(
            channel=ChannelId(channel),
            name=f"{phone_of(channel[4:])}-0000002a"
            if channel.startswith("leg:")
            else f"PJSIP/trunk-{channel}",
            linkedid="",
            bridge=bridge,
        )
        for channel in channels
    )


class Hotline:
    """An engine with a memory of what it said."""

    def __init__(self, *, seed: int = 1) -> None:
        self.engine = Engine(seed)
        self.now = 1000.0
        self.said: list[Command] = []
        self.joined: dict[str, CallerJoined] = {}

    # ------------------------------------------------------------ the stage

    def tell(self, event: Event) -> list[Command]:
        """Give the engine an event."""
        commands = self.engine.handle(event, self.now)
        self.engine.validate()
        self.said += commands
        return commands

    def pass_time(self, seconds: float) -> list[Command]:
        """Let time go by, ticking at each deadline on the way; give what the engine said meanwhile."""
        until, before = self.now + seconds, len(self.said)
        while (deadline := self.engine.next_deadline()) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            self.tell(Ticked())
        self.now = until
        return self.said[before:]

    # ------------------------------------------------------------ agents and phones

    def configure(
        self, *queues: QueueSettings, recent: Mapping[QueueName, Sequence[tuple[float, float]]] | None = None
    ) -> list[Command]:
        """Configure the queues; at start, talks of an earlier process are known."""
        return self.tell(QueuesConfigured(queues=queues, recent_talks=recent or {}))

    def employ(self, *agents: AgentProfile, snapshots: Iterable[AgentSnapshot] = ()) -> list[Command]:
        """Configure agents."""
        return self.tell(AgentsConfigured(agents=agents, snapshots=tuple(snapshots)))

    def sign_in(self, number: str, extension: str | None = None) -> list[Command]:
        """签入."""
        on = extension_of(number) if extension is None else Extension(extension)
        return self.tell(AgentSignedIn(agent=AgentNumber(number), extension=on))

    def sign_out(self, number: str) -> list[Command]:
        """签出."""
        return self.tell(AgentSignedOut(agent=AgentNumber(number)))

    def pause(self, number: str, reason: str = "lunch") -> list[Command]:
        """示忙."""
        return self.tell(AgentPaused(agent=AgentNumber(number), reason=reason))

    def ready(self, number: str) -> list[Command]:
        """示闲."""
        return self.tell(AgentReadied(agent=AgentNumber(number)))

    def wrap_up_done(self, number: str) -> list[Command]:
        """End the wrap-up."""
        return self.tell(WrapUpDone(agent=AgentNumber(number)))

    def wrap_up_more(self, number: str) -> list[Command]:
        """Extend the wrap-up."""
        return self.tell(WrapUpExtended(agent=AgentNumber(number)))

    def dispose(self, number: str, code: str = "sold") -> list[Command]:
        """Give the disposition of the talk, or of the last one."""
        return self.tell(DispositionGiven(agent=AgentNumber(number), code=code))

    def phone(self, number: str, state: DeviceState) -> list[Command]:
        """Let the phone of an agent report a state."""
        return self.tell(DeviceStateChanged(device=phone_of(number), state=state))

    def synchronise(
        self,
        channels: tuple[LiveChannel, ...] | None = None,
        phones: dict[str, DeviceState] | None = None,
        asked_at: float | None = None,
    ) -> list[Command]:
        """Let Asterisk say what exists: by default the callers' channels, and every phone free."""
        states = {phone_of(str(n)): DeviceState.NOT_INUSE for n in range(1, 31)}
        states |= {phone_of(number): state for number, state in (phones or {}).items()}
        found = live(*self.joined) if channels is None else channels
        return self.tell(Synchronised(devices=states, channels=found, asked_at=asked_at))

    # ------------------------------------------------------------ callers

    def join(self, call: str, to: str = SALES, *, knows: Iterable[str] = (), **more: Any) -> list[Command]:
        """Let a caller join a queue now, or (`joined_at`) have joined it."""
        event = CallerJoined(
            call_id=CallId(call),
            queue=QueueName(to),
            channel=ChannelId(call),
            number="13800138000",
            sticky_agents=tuple(AgentNumber(number) for number in knows),
            **{"joined_at": self.now, **more},
        )
        self.joined[call] = event
        return self.tell(event)

    def restore(
        self, call: str, *phones: str, waited_s: float = 30.0, rang_s: float = 2.0, agent: str | None = None
    ) -> list[Command]:
        """Find a caller of an earlier process; phones of these agents were being dialled for them."""
        joined_at = self.now - waited_s
        self.joined[call] = CallerJoined(
            call_id=CallId(call),
            queue=SALES,
            channel=ChannelId(call),
            number="13800138000",
            joined_at=joined_at,
            restored=True,
        )
        return self.tell(
            CallerRestored(
                call_id=CallId(call),
                queue=SALES,
                channel=ChannelId(call),
                number="13800138000",
                joined_at=joined_at,
                offer_id=OfferId(f"earlier-{call}") if phones else None,
                offered_at=self.now - rang_s if phones else None,
                devices=tuple(map(phone_of, phones)),
                agent=None if agent is None else AgentNumber(agent),
            )
        )

    def back_from_earlier(self, call: str, status: DialStatus) -> list[Command]:
        """Let the dialplan come back from the Dial of an earlier process."""
        offer_id = OfferId(f"earlier-{call}")
        said = self.tell(DialReturned(call_id=CallId(call), offer_id=offer_id, status=status))
        if status is not DialStatus.ANSWER:
            said += self.tell(self.joined[call])
        return said

    def leave(self, call: str, outcome: QueueOutcome = QueueOutcome.KEY, key: str = "") -> list[Command]:
        """Let a caller's session say that they left, or a key."""
        return self.tell(CallerLeft(call_id=CallId(call), outcome=outcome, key=key))

    def gone(self, channel: str, cause: int = 16) -> list[Command]:
        """Let a channel be hung up."""
        self.joined.pop(channel, None)
        return self.tell(ChannelGone(channel=ChannelId(channel), cause=cause))

    # ------------------------------------------------------------ attempts

    def ring(self, call: str, number: str, leg: str | None = None) -> list[Command]:
        """Let an agent's phone ring for a caller."""
        return self.tell(LegRang(caller=ChannelId(call), leg=_leg(number, leg), device=phone_of(number)))

    def leg_ends(self, call: str, number: str, status: DialStatus, leg: str | None = None) -> list[Command]:
        """Let the attempt on an agent's phone end."""
        return self.tell(
            LegEnded(caller=ChannelId(call), leg=_leg(number, leg), device=phone_of(number), status=status)
        )

    def answer(self, call: str, number: str, leg: str | None = None) -> list[Command]:
        """Let an agent answer, the phone's state in its place."""
        said = self.ring(call, number, leg)
        said += self.phone(number, DeviceState.INUSE)
        return said + self.leg_ends(call, number, DialStatus.ANSWER, leg)

    def hang_up(self, number: str, leg: str | None = None) -> list[Command]:
        """Let an agent hang up, the phone's state in its place."""
        said = self.gone(_leg(number, leg))
        return said + self.phone(number, DeviceState.NOT_INUSE)

    def back(self, call: str, status: DialStatus) -> list[Command]:
        """Let the caller's dialplan come back from Dial and, without an answer, join again."""
        said = self.returned(call, status)
        if status is not DialStatus.ANSWER:
            said += self.tell(self.joined[call])
        return said

    def returned(self, call: str, status: DialStatus, **more: Any) -> list[Command]:
        """Let the caller's dialplan come back from Dial."""
        return self.tell(
            DialReturned(call_id=CallId(call), offer_id=self.offer(call).offer_id, status=status, **more)
        )

    def miss(self, call: str, number: str, status: DialStatus = DialStatus.NOANSWER) -> list[Command]:
        """Let an offer to one agent fail, and the caller join again."""
        return self.leg_ends(call, number, status, f"leg:{self.offer(call).offer_id}") + self.back(
            call, status
        )

    def serve(self, call: str, number: str, talk_s: float = 60.0) -> list[Command]:
        """Let an agent answer, talk and hang up, and the caller, too."""
        self.answer(call, number, f"leg:{call}")
        said = self.pass_time(talk_s)
        said += self.hang_up(number, f"leg:{call}")
        return said + self.back(call, DialStatus.ANSWER) + self.gone(call)

    # ------------------------------------------------------------ looking

    def offer(self, call: str) -> OfferCall:
        """Give the last offer of a caller."""
        return [c for c in self.said if isinstance(c, OfferCall) and c.call_id == call][-1]

    def offer_id(self, call: str) -> OfferId:
        """Give the id of the last offer of a caller."""
        return self.offer(call).offer_id

    def queue(self, name: str = SALES) -> QueueView:
        """Show a queue."""
        view = self.engine.queue(QueueName(name))
        assert view is not None
        return view

    def members(self, name: str = SALES) -> tuple[MemberView, ...]:
        """Show who serves a queue."""
        return self.engine.members(QueueName(name))

    def agent(self, number: str) -> AgentView:
        """Show an agent."""
        view = self.engine.agent(AgentNumber(number))
        assert view is not None
        return view

    def state(self, number: str) -> AgentState:
        """Give the state of an agent."""
        return self.agent(number).state

    def line(self, name: str = SALES) -> list[str]:
        """Give the callers of a queue in order."""
        return [caller.call_id for caller in self.queue(name).waiting]


def _leg(number: str, leg: str | None) -> ChannelId:
    return ChannelId(f"leg:{number}" if leg is None else leg)


def given(
    *agents: AgentProfile,
    queues: Iterable[QueueSettings] = (),
    seed: int = 1,
    recent: Mapping[QueueName, Sequence[tuple[float, float]]] | None = None,
    **settings: Any,
) -> Hotline:
    """Give a hotline with these agents signed in and free; by default the queue sales has these settings."""
    hotline = Hotline(seed=seed)
    hotline.configure(*(queues or (queue(**settings),)), recent=recent)
    hotline.employ(*agents)
    for one in agents:
        hotline.sign_in(one.number)
    hotline.synchronise()
    hotline.said.clear()
    return hotline


def offers(said: Iterable[Command]) -> list[tuple[str, str]]:
    """Give who was offered whom: (call, agents)."""
    return [(c.call_id, ",".join(c.agents)) for c in said if isinstance(c, OfferCall)]


def dismissed(said: Iterable[Command]) -> list[tuple[str, QueueOutcome]]:
    """Give who was told that the wait is over."""
    return [(c.call_id, c.outcome) for c in said if isinstance(c, EndWait)]


def announced(said: Iterable[Command]) -> list[tuple[str, int]]:
    """Give who was told their position."""
    return [(c.call_id, c.position) for c in said if isinstance(c, Announce)]


def withdrawn(said: Iterable[Command]) -> list[str]:
    """Give whose offer was taken back."""
    return [c.call_id for c in said if isinstance(c, WithdrawOffer)]


def saved(said: Iterable[Command], number: str) -> AgentSnapshot:
    """Give the last snapshot of an agent that was to be stored."""
    return [c.snapshot for c in said if isinstance(c, SaveAgent) and c.snapshot.number == number][-1]


def notes(said: Iterable[Command], kind: type[E]) -> list[E]:
    """Give the history entries of one kind."""
    return [c.entry for c in said if isinstance(c, Note) and isinstance(c.entry, kind)]


def results(said: Iterable[Command]) -> list[tuple[str, str]]:
    """Give how offers ended: (agent, result)."""
    return [(entry.agent, entry.result.value) for entry in notes(said, OfferEnded)]
