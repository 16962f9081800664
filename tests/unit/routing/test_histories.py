"""Random histories: whatever happens, twice, late and in any order, what must always be true stays true.

`CCD_EXAMPLES=5000 pytest tests/unit/routing/test_histories.py` searches longer.
"""

import os
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ccd.commands import Command, OfferCall
from ccd.events import (
    AgentPaused,
    AgentReadied,
    AgentsConfigured,
    AgentSignedIn,
    AgentSignedOut,
    BreaksConfigured,
    CallerJoined,
    CallerLeft,
    CallerMoved,
    CallerRestored,
    ChannelGone,
    ConferenceBegan,
    DeviceStateChanged,
    DialReturned,
    DirectLineOpened,
    DispositionGiven,
    DrainBegan,
    Event,
    HangupRequested,
    Held,
    LegEnded,
    LegRang,
    LinkLost,
    LiveChannel,
    OfferFailed,
    OutgoingTalkEnded,
    PriorityChanged,
    QueueClosed,
    QueueMoved,
    QueueOpened,
    QueuesConfigured,
    Synchronised,
    TalkCut,
    Ticked,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.history import (
    AgentStateChanged,
    BreakOverdue,
    DispositionChosen,
    OfferEnded,
    OfferStarted,
    QueueEntered,
    QueueLeft,
    TalkEnded,
    TalkStarted,
)
from ccd.model import (
    Absence,
    AgentLimits,
    AgentNumber,
    AgentProfile,
    AgentStatus,
    BreakLimit,
    CallId,
    ChannelId,
    Device,
    DeviceState,
    DialStatus,
    Membership,
    Need,
    OfferId,
    Overflow,
    PenaltyLimit,
    QueueName,
    QueueOutcome,
    QueueSettings,
    Relaxation,
    Strategy,
    Undisposed,
    direct_queue,
)
from ccd.routing import Engine
from ccd.routing.offers import Talk
from tests.unit.routing.hotline import extension_of, notes, phone_of

NUMBERS = [AgentNumber(str(n)) for n in range(1, 6)]
QUEUES = [QueueName(name) for name in ("sales", "support", "night")]
CALLS = [CallId(f"c{n}") for n in range(6)]

agents = st.sampled_from(NUMBERS)
calls = st.sampled_from(CALLS)
NOWHERE = QueueName("nowhere")
statuses = st.sampled_from([*DialStatus])
device_states = st.sampled_from([DeviceState.NOT_INUSE] * 12 + [*DeviceState])
CHOICES = [
    "ready",
    "ready",
    "done",
    "more",
    "dispose",
    "called",
    "dispose",
    "in",
    "in",
    "pause",
    "out",
    "move",
]
TURNS = ["agent", "agent", "caller", "dialplan", "hold", "third", "asks", "cut"]
"""What happens in a talk."""
durations = st.sampled_from([None, 0.0, 1.0, 10.0])

LIMITS = (AgentLimits(), AgentLimits(calls_per_hour=1), AgentLimits(rest_s=15.0))
SKILLS = ("english", "billing")
levels = st.dictionaries(st.sampled_from(SKILLS), st.sampled_from([0, 30, 50, 80]), max_size=2)
needs = st.lists(
    st.builds(
        Need,
        skill=st.sampled_from(SKILLS),
        level=st.sampled_from([0, 30, 50]),
        preferred=st.booleans(),
        relax=st.lists(
            st.sampled_from([Relaxation(after_s=4.0, level=30), Relaxation(after_s=25.0, level=0)]),
            max_size=2,
            unique=True,
        ).map(tuple),
    ),
    max_size=2,
    unique_by=lambda need: need.skill,
).map(tuple)
penalties = st.sampled_from([(), (), (PenaltyLimit(up_to=0), PenaltyLimit(up_to=None, after_s=10.0))])
overflow = st.lists(
    st.builds(
        Overflow,
        after_s=st.sampled_from([0.0, 4.0, 20.0]),
        queue=st.sampled_from(QUEUES),
        leave=st.booleans(),
    ),
    max_size=2,
).map(lambda them: tuple(sorted(them, key=lambda one: one.after_s)))

queue_settings = st.builds(
    QueueSettings,
    name=st.just(QueueName("")),
    strategy=st.sampled_from(Strategy),
    weight=st.integers(0, 2),
    ring_s=st.sampled_from([5.0, 20.0]),
    retry_s=st.sampled_from([0.0, 5.0]),
    wrap_up_s=st.sampled_from([0.0, 8.0]),
    wrap_up_more_s=st.sampled_from([5.0, 30.0]),
    wrap_up_max_s=st.sampled_from([1.0, 20.0]),
    disposition_required=st.booleans(),
    undisposed=st.sampled_from(Undisposed),
    max_wait_s=st.sampled_from([None, 30.0]),
    max_length=st.sampled_from([None, 2]),
    join_empty=st.booleans(),
    leave_empty=st.booleans(),
    join_absent=st.sampled_from([frozenset(), frozenset({Absence.PAUSED, Absence.WRAP_UP})]),
    leave_absent=st.sampled_from([frozenset(), frozenset(Absence)]),
    autopause_after=st.sampled_from([None, 2]),
    sticky_wait_s=durations,
    announce_every_s=st.sampled_from([None, 10.0]),
    announce_first_s=st.sampled_from([0.0, 15.0]),
    announce_wait=st.booleans(),
    comfort_every_s=st.sampled_from([None, 7.0]),
    whispers=st.booleans(),
    needs=needs,
    pace=st.sampled_from([0.0, 0.0, 0.05, 0.5]),
    penalties=penalties,
    overflow=overflow,
)
memberships = st.lists(
    st.builds(
        Membership,
        queue=st.sampled_from(QUEUES),
        penalty=st.integers(0, 1),
        position=st.integers(0, 3),
        ring_s=st.sampled_from([None, None, 3.0]),
        wrap_up_s=st.sampled_from([None, None, 0.0, 15.0]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda membership: membership.queue,
).map(tuple)


class Histories(RuleBasedStateMachine):
    """One ccd, and a world that keeps no order: plausible for the most part, disturbed now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(3)
        self.now = 0.0
        self.events: list[tuple[Event, float]] = []
        self.said: list[Command] = []
        self.joined: dict[CallId, CallerJoined] = {}
        self.hung_up: Counter[CallId] = Counter()
        self.legs: list[ChannelId] = []
        self.earlier: list[OfferCall] = []
        """Offers of an earlier process."""
        self.drained = False

    def tell(self, event: Event) -> list[Command]:
        """Give the engine an event."""
        self.events.append((event, self.now))
        commands = self.engine.handle(event, self.now)
        self.said += commands
        assert not (self.drained and [c for c in commands if isinstance(c, OfferCall)])
        return commands

    def offered(self) -> list[OfferCall]:
        """Give the last offers, those under way more often."""
        made = self.earlier + [command for command in self.said if isinstance(command, OfferCall)]
        return made[-3:] + 5 * [offer for offer in made if offer.offer_id in self.engine._floor.offers]

    def talks(self) -> list[Talk]:
        """Give the talks under way."""
        return list(self.engine._floor.talks.values())

    def name_of(self, call: CallId) -> CallId:
        """Give a call its name: who hung up comes again as another call."""
        return CallId(f"{call}.{self.hung_up[call]}")

    # ------------------------------------------------------------ configuration

    @initialize(
        settings=st.lists(queue_settings, min_size=3, max_size=3),
        served=st.lists(memberships, min_size=5, max_size=5),
        skills=st.lists(levels, min_size=5, max_size=5),
    )
    def open(self, settings, served, skills):
        """Open with three queues and five agents on free phones."""
        self.configure(settings)
        self.tell(BreaksConfigured(limits={"lunch": BreakLimit(max_s=5.0, sign_out_after_s=20.0)}))
        for number, member, theirs in zip(NUMBERS, served, skills, strict=True):
            self.employ(number, member, theirs)
            self.tell(AgentSignedIn(agent=number, extension=extension_of(number)))
        free = dict.fromkeys(map(phone_of, NUMBERS), DeviceState.NOT_INUSE)
        self.tell(Synchronised(devices=free, channels=()))

    def configure(self, settings):
        """Configure the first queues."""
        named = zip(QUEUES, settings, strict=False)
        self.tell(QueuesConfigured(queues=tuple(replace(one, name=name) for name, one in named)))

    def employ(self, number, member, skills):
        """Configure an agent, new or known."""
        profile = AgentProfile(
            number=number, name="", memberships=member, skills=skills, limits=LIMITS[int(number) % 3]
        )
        self.tell(AgentsConfigured(agents=(profile,)))

    # ------------------------------------------------------------ callers

    @rule(
        call=calls,
        waited_s=st.sampled_from([0.0, 0.0, 20.0]),
        priority=st.sampled_from([0, 0, 1]),
        knows=st.lists(agents, max_size=2, unique=True).map(tuple),
        own=levels,
        restored=st.booleans(),
        callback_s=st.sampled_from([None, None, None, 30.0]),
    )
    def join(self, call, waited_s, priority, knows, own, restored, callback_s):  # noqa: PLR0917 - all that is drawn
        """Let a caller join a queue, or join it again."""
        name = self.name_of(call)
        known = self.joined.get(name)
        if known is None or (name not in self.engine._floor.callers and name not in self.engine._floor.talks):
            known = self.joined[name] = CallerJoined(
                call_id=name,
                queue=QUEUES[CALLS.index(call) % len(QUEUES)],
                channel=ChannelId(name),
                number="",
                joined_at=self.now - waited_s,
                priority=priority,
                sticky_agents=knows,
                needs=own,
                restored=restored,
                callback=callback_s is not None,
                callback_s=callback_s,
            )
        self.tell(known)

    @rule(call=calls, number=agents, ring_s=st.sampled_from([3.0, 20.0]))
    def join_direct(self, call, number, ring_s):
        """Let a caller come, or be sent, who wants one agent and nobody else."""
        name, agent = self.name_of(call), AgentNumber(number)
        settings = QueueSettings(
            name=direct_queue(agent), ring_s=ring_s, max_wait_s=30.0, join_empty=False, leave_empty=True
        )
        self.tell(DirectLineOpened(agent=agent, settings=settings))
        if name not in self.joined or name not in self.engine._floor.callers:
            self.joined[name] = CallerJoined(
                call_id=name,
                queue=settings.name,
                channel=ChannelId(name),
                number="",
                joined_at=self.now,
            )
        self.tell(self.joined[name])

    @precondition(lambda self: any(each.callback_s for each in self.joined.values()))
    @rule(data=st.data())
    def customer_answers(self, data):
        """Let the customer of a callback come on the line: from now on they are a caller like any other."""
        absent = sorted(name for name, each in self.joined.items() if each.callback_s)
        name = data.draw(st.sampled_from(absent))
        self.joined[name] = replace(self.joined[name], callback_s=None)
        self.tell(self.joined[name])

    @rule(call=calls, waited_s=st.sampled_from([0.0, 20.0]), data=st.data())
    def restore(self, call, waited_s, data):
        """Find a caller of an earlier process, with or without phones that are dialled for them."""
        name = self.name_of(call)
        if name in self.joined:
            return
        queue = QUEUES[CALLS.index(call) % len(QUEUES)]
        joined = CallerJoined(
            call_id=name,
            queue=queue,
            channel=ChannelId(name),
            number="",
            joined_at=self.now - waited_s,
            restored=True,
        )
        self.joined[name] = joined
        devices = tuple(map(phone_of, data.draw(st.lists(agents, max_size=2, unique=True))))
        offer_id = OfferId(f"earlier-{len(self.events)}") if data.draw(st.booleans()) else None
        self.tell(
            CallerRestored(
                call_id=name,
                queue=queue,
                channel=ChannelId(name),
                number="",
                joined_at=joined.joined_at,
                offer_id=offer_id,
                offered_at=self.now - waited_s / 2,
                devices=devices,
                agent=data.draw(agents) if len(devices) == 1 else None,
            )
        )
        if offer_id is not None and devices:
            self.earlier.append(
                OfferCall(
                    call_id=name, offer_id=offer_id, queue=queue, agents=(), devices=devices, ring_s=5.0
                )
            )

    @rule(
        call=calls,
        queue=st.sampled_from([*QUEUES, NOWHERE]),
        priority=st.integers(-1, 2),
        limit=st.sampled_from([None, 1]),
        what=st.sampled_from(["close", "dismiss", "open", "open", "all", "one", "rank"]),
    )
    def operate(self, call, queue, priority, limit, what):
        """Let an operator close or open a queue, or move callers."""
        match what:
            case "open":
                self.tell(QueueOpened(queue=queue))
            case "close" | "dismiss":
                self.tell(QueueClosed(queue=queue, keep=what == "close"))
            case "one":
                self.tell(CallerMoved(call_id=self.name_of(call), queue=queue))
            case "rank":
                self.tell(PriorityChanged(call_id=self.name_of(call), priority=priority))
            case _:
                source = QUEUES[CALLS.index(call) % len(QUEUES)]
                self.tell(QueueMoved(source=source, target=queue, limit=limit))

    @rule(call=calls)
    def hang_up(self, call):
        """Let a caller hang up."""
        name = self.name_of(call)
        if name in self.joined:
            self.hung_up[call] += 1
            self.tell(ChannelGone(channel=ChannelId(name)))

    @rule(call=calls, key=st.sampled_from(["1", "#"]))
    def press(self, call, key):
        """Let a caller choose something else by a key; their session says no more of it."""
        name = self.name_of(call)
        if name in self.joined:
            self.tell(CallerLeft(call_id=name, outcome=QueueOutcome.KEY, key=key))

    # ------------------------------------------------------------ attempts and talks

    @precondition(offered)
    @rule(data=st.data(), number=agents, rung_gone=st.booleans())
    def pick_up(self, data, number, rung_gone):
        """Let an agent take a call from a colleague's phone, or somebody at a phone where nobody sits."""
        offer = data.draw(st.sampled_from(self.offered()))
        device = phone_of(number)
        if rung_gone:
            for leg in [each for each in self.legs if each.startswith(f"{offer.offer_id}/")]:
                self.tell(ChannelGone(channel=leg, cause=26))
        self.tell(DeviceStateChanged(device=device, state=DeviceState.INUSE))
        leg = ChannelId(f"{offer.offer_id}/picked/{device}")
        self.legs.append(leg)
        caller = self.joined[offer.call_id].channel
        self.tell(LegEnded(caller=caller, leg=leg, device=device, status=DialStatus.ANSWER))

    @precondition(offered)
    @rule(data=st.data())
    def asks_to_hang_up(self, data):
        """Let a caller begin to hang up while phones ring, or an agent hears a whisper."""
        offer = data.draw(st.sampled_from(self.offered()))
        self.tell(HangupRequested(channel=self.joined[offer.call_id].channel))

    @precondition(offered)
    @rule(data=st.data(), rings=st.booleans(), number=st.sampled_from([0, 0, 0, 1]))
    def answer(self, data, rings, number):
        """Let an agent answer, with or without a word of the ringing before."""
        offer = data.draw(st.sampled_from(self.offered()))
        device = data.draw(st.sampled_from(offer.devices))
        if rings:
            self.phone(offer, device, number, None)
        self.tell(DeviceStateChanged(device=device, state=DeviceState.INUSE))
        self.phone(offer, device, number, DialStatus.ANSWER)

    @precondition(offered)
    @rule(
        data=st.data(),
        status=st.sampled_from([None, None, DialStatus.CANCEL, DialStatus.NOANSWER, DialStatus.BUSY]),
        number=st.sampled_from([0, 0, 0, 1]),
    )
    def phone_of_an_offer(self, data, status, number):
        """Let a phone of an attempt ring, or end its part."""
        offer = data.draw(st.sampled_from(self.offered()))
        self.phone(offer, data.draw(st.sampled_from(offer.devices)), number, status)

    def phone(self, offer: OfferCall, device: Device, number: int, status: DialStatus | None) -> None:
        """Tell what a phone does."""
        leg = ChannelId(f"{offer.offer_id}/{device}/{number}")
        self.legs.append(leg)
        caller = self.joined[offer.call_id].channel
        if status is None:
            self.tell(LegRang(caller=caller, leg=leg, device=device))
        else:
            self.tell(LegEnded(caller=caller, leg=leg, device=device, status=status))

    @precondition(offered)
    @rule(data=st.data(), status=statuses, rejoins=st.sampled_from([True, True, False]))
    def dialplan(self, data, status, rejoins):
        """Let the dialplan come back from an attempt, or find no session for it."""
        offer = data.draw(st.sampled_from(self.offered()))
        if status is DialStatus.TORTURE:
            self.tell(OfferFailed(call_id=offer.call_id, offer_id=offer.offer_id))
        else:
            self.tell(DialReturned(call_id=offer.call_id, offer_id=offer.offer_id, status=status))
        if rejoins and offer.call_id not in self.engine._floor.departed:
            self.tell(self.joined[offer.call_id])

    @precondition(talks)
    @rule(data=st.data(), who=st.sampled_from(TURNS))
    def talk(self, data, who):
        """Let something happen in a talk."""
        talk = data.draw(st.sampled_from(self.talks()))
        leg = talk.leg or talk.caller
        match who:
            case "agent":
                self.tell(ChannelGone(channel=leg))
            case "caller":
                self.hang_up(CallId(talk.call_id.partition(".")[0]))
            case "dialplan":
                self.tell(
                    DialReturned(call_id=talk.call_id, offer_id=talk.offer_id, status=DialStatus.ANSWER)
                )
            case "cut":
                self.tell(TalkCut(call_id=talk.call_id))
            case "third":
                self.tell(ConferenceBegan(caller=talk.caller, leg=leg, number="1"))
            case "hold":
                self.tell(Held(channel=leg, on=not talk.on_hold))
            case _:
                self.tell(HangupRequested(channel=data.draw(st.sampled_from([leg, talk.caller]))))

    @precondition(lambda self: self.legs)
    @rule(data=st.data(), cause=st.sampled_from([16, 17, 21]))
    def leg_gone(self, data, cause):
        """Let a leg be hung up."""
        self.tell(ChannelGone(channel=data.draw(st.sampled_from(self.legs[-3:])), cause=cause))

    @rule(number=agents, state=device_states)
    def device(self, number, state):
        """Let a phone report a state."""
        self.tell(DeviceStateChanged(device=phone_of(number), state=state))

    # ------------------------------------------------------------ people, time, echoes

    @rule(number=agents, what=st.sampled_from(CHOICES))
    def choose(self, number, what):
        """Let an agent choose something."""
        match what:
            case "ready":
                self.tell(AgentReadied(agent=number))
            case "done":
                self.tell(WrapUpDone(agent=number))
            case "more":
                self.tell(WrapUpExtended(agent=number))
            case "called":
                self.tell(OutgoingTalkEnded(agent=number, wrap_up_s=6.0))
            case "dispose":
                self.tell(DispositionGiven(agent=number, code="sold"))
            case "in":
                self.tell(AgentSignedIn(agent=number, extension=extension_of(number)))
            case "pause":
                self.tell(AgentPaused(agent=number, reason="lunch"))
            case "out":
                self.tell(AgentSignedOut(agent=number))
            case _:
                self.tell(AgentSignedIn(agent=number, extension=extension_of("1")))

    @rule(seconds=st.sampled_from([0.0, 0.5, 4.0, 9.0, 40.0]))
    def time_passes(self, seconds):
        """Let time pass, with one tick behind every deadline on the way."""
        self.now += seconds
        self.tell(Ticked())
        deadline = self.engine.next_deadline()
        assert deadline is None or deadline > self.now

    @rule(data=st.data(), times=st.integers(1, 2))
    def echo(self, data, times):
        """Tell something again, or late."""
        once = DrainBegan | CallerRestored  # ours, not Asterisk's
        told = [event for event, _ in self.events[-12:] if not isinstance(event, once)]
        event = data.draw(st.sampled_from(told))
        for _ in range(times):
            self.tell(event)

    # ------------------------------------------------------------ disturbances

    @rule(
        data=st.data(),
        what=st.sampled_from(["queues", "agent", "remove", "link", "sync", "left", "moved", "drain"]),
    )
    def disturb(self, data, what):
        """Let something rare happen."""
        match what:
            case "queues":
                self.configure(data.draw(st.lists(queue_settings, min_size=2, max_size=3)))
            case "agent":
                self.employ(data.draw(agents), data.draw(memberships), data.draw(levels))
            case "remove":
                self.tell(AgentsConfigured(agents=(), removed=(data.draw(agents),)))
            case "link":
                self.tell(LinkLost())
            case "sync":
                self.synchronise(data)
            case "left":
                outcome = data.draw(st.sampled_from(QueueOutcome))
                self.tell(CallerLeft(call_id=self.name_of(data.draw(calls)), outcome=outcome))
            case "moved" if self.joined:
                name = data.draw(st.sampled_from(sorted(self.joined)))
                moved = replace(self.joined[name], queue=data.draw(st.sampled_from([*QUEUES, NOWHERE])))
                self.joined[name] = moved
                self.tell(moved)
            case "drain" if len(self.events) > 150:
                self.drained = True
                self.tell(DrainBegan())

    def synchronise(self, data) -> None:
        """Let Asterisk say what exists: some of what was told of is gone."""
        states = data.draw(st.lists(device_states, min_size=5, max_size=5))
        asked_s = data.draw(st.sampled_from([None, 0.0, 3.0]))
        missing = data.draw(st.sampled_from([None, None, 0, 1, 2]))
        bridge = data.draw(st.sampled_from(["", "b1"]))
        known = dict.fromkeys([*map(self.name_of, CALLS), *self.legs[-6:]])
        channels = tuple(
            LiveChannel(
                channel=ChannelId(name),
                name=f"{name.partition('/')[2].rpartition('/')[0] or 'PJSIP/trunk'}-0000002a",
                linkedid="",
                bridge=bridge,
            )
            for index, name in enumerate(known)
            if missing is None or index % 3 != missing
        )
        self.tell(
            Synchronised(
                devices=dict(zip(map(phone_of, NUMBERS), states, strict=True)),
                channels=channels,
                asked_at=None if asked_s is None else self.now - asked_s,
            )
        )

    # ------------------------------------------------------------ what must be true

    @invariant()
    def holds(self):
        """Check the engine's own invariants and look at everything."""
        self.engine.validate()
        assert len(self.engine.queues()) <= len(QUEUES)
        people, count = self.engine.agents(), self.engine.headcount()
        assert len(people) == count.total <= len(NUMBERS)
        assert sum(agent.talking for agent in people) == sum(count.talking.values())
        inside = [agent.state for agent in people if agent.status is not AgentStatus.LOGGED_OUT]
        assert Counter(inside) == count.states
        assert sum(agent.status is AgentStatus.PAUSED for agent in people) == count.paused
        for shown in self.engine.queues():
            members = [
                agent for agent in people for each in agent.queues if each.queue == shown.settings.name
            ]
            assert shown.members == len(members) == len(self.engine.members(shown.settings.name))
            assert len(shown.waiting) == self.engine.length(shown.settings.name)
            assert shown.signed_in == sum(agent.status is not AgentStatus.LOGGED_OUT for agent in members)

    def teardown(self):
        """At the end everyone hangs up: each stay, offer and talk has ended once, and nothing is left."""
        self.tell(Synchronised(devices={}, channels=()))
        absent = [one.call_id for one in self.engine._floor.callers.values() if one.callback_s is not None]
        for call_id in absent:  # only whoever put them there ends their stay
            self.tell(CallerLeft(call_id=call_id, outcome=QueueOutcome.CANCELLED))
        self.now += 4000.0
        self.tell(Ticked())
        self.engine.validate()
        floor = self.engine._floor
        for left in (floor.callers, floor.talks, floor.offers, floor.channels, floor.legs, floor.held):
            assert not left
        assert self.engine.next_deadline() is None
        self._ended_once()
        self._disposed_of_talks_alone()
        self._reserved_once()
        self._replays()

    def _ended_once(self):
        entered = Counter((e.call_id, e.queue) for e in notes(self.said, QueueEntered))
        assert entered == Counter((e.call_id, e.queue) for e in notes(self.said, QueueLeft))
        started = Counter((e.offer_id, e.agent, e.picked_up) for e in notes(self.said, OfferStarted))
        assert max(started.values(), default=1) == 1
        assert started == Counter((e.offer_id, e.agent, e.picked_up) for e in notes(self.said, OfferEnded))
        talks = Counter((e.call_id, e.agent) for e in notes(self.said, TalkStarted))
        assert talks == Counter((e.call_id, e.agent) for e in notes(self.said, TalkEnded))
        winners = Counter(e.offer_id for e in notes(self.said, OfferEnded) if e.result == "answered")
        assert max(winners.values(), default=1) == 1
        assert sum(winners.values()) == sum(talks.values())
        assert all(e.ring_s >= 0 for e in notes(self.said, OfferEnded))

    def _disposed_of_talks_alone(self):
        """Look at dispositions: each is about a talk; `none` only where no code had been given."""
        talks = {(e.call_id, e.agent, e.offer_id) for e in notes(self.said, TalkStarted)}
        chosen = {}
        for e in notes(self.said, DispositionChosen):
            talk = (e.call_id, e.agent, e.offer_id)
            assert talk in talks
            assert e.code != "none" or talk not in chosen
            chosen[talk] = e.code
        assert all(e.at - e.since_at >= 5.0 for e in notes(self.said, BreakOverdue))

    def _reserved_once(self):
        """Follow the agents' states in the log: each begins where the last one ended."""
        for number in NUMBERS:
            states = [e for e in notes(self.said, AgentStateChanged) if e.agent == number]
            removed = any(isinstance(e, AgentsConfigured) and number in e.removed for e, _ in self.events)
            assert removed or all(one.state is two.previous for one, two in pairwise(states))

    def _replays(self):
        """Tell another engine of the same seed the same: it says the same."""
        again = Engine(3)
        said = [command for event, now in self.events for command in again.handle(event, now)]
        assert said == self.said


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=int(os.environ.get("CCD_EXAMPLES", "40")),
    stateful_step_count=60,
    suppress_health_check=list(HealthCheck),
)
