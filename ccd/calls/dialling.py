"""A phone dials an outside number, or another phone: the dialplan's `ccd-out` asks how, and tells the end.

`AGI(agi://…/out,NUMBER,EXTENSION,QUEUE,STATE)` asks; the answer is `CCD_NEXT`: `call`, with what Dial needs,
or `refused`, when the reason has been said. With `…,STATUS,CAUSE,DIALLED_MS,ANSWERED_MS` the same tells that
Dial is over. The conversation itself has no tie to this process. A caller whom an agent's phone transfers to
an outside number comes the same way: then it is asked about the agent, and the dial is a part of the caller's
record. `agi://…/within` is the same for a call from phone to phone, which no policy refuses or counts.
"""

import contextlib
from dataclasses import dataclass, replace

import structlog

from ccd.agi.request import AgiRequest
from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.opening import WITHIN, WITHOUT_CCD, Arrival, open_call, read_token, restore_dial, take_answer
from ccd.calls.roster import Roster
from ccd.calls.targets import back, is_phone
from ccd.calls.voice import SessionVoice
from ccd.config.outbound import NumberKind
from ccd.config.recordings import Record
from ccd.errors import AgiHangupError
from ccd.history import DialledOut, OutgoingDecided
from ccd.model import (
    AgentNumber,
    ChannelId,
    DialStatus,
    Direction,
    Extension,
    QueueName,
    Side,
    device_of,
    device_of_channel,
    extension_of,
)
from ccd.outbound.numbers import Callee
from ccd.outbound.policy import Allowed, Refused, Verdict, Who
from ccd.recording.disk import Room
from ccd.recording.paths import recording_path
from ccd.routing.views import AgentView

log = structlog.get_logger(__name__)

INTERNAL = "internal"
"""The rule of calls from phone to phone."""


@dataclass(frozen=True, slots=True)
class Question:
    """The script and its arguments: see `asterisk-conf/extensions_ccd.conf`."""

    internal: bool
    number: str
    extension: Extension
    queue: str
    state: str
    status: DialStatus | None
    """None: it is not dialled yet."""
    dialled_s: float
    answered_s: float

    @classmethod
    def of(cls, request: AgiRequest) -> "Question":
        """Read the arguments; missing ones are empty, what is no DIALSTATUS counts as none."""
        args = request.args
        number, extension, queue, state, status, _, dialled, answered = (*args, *[""] * 8)[:8]
        known = DialStatus(status) if status in set(DialStatus) else DialStatus.UNKNOWN
        return cls(
            request.script == WITHIN,
            number,
            Extension(extension),
            queue,
            state,
            known if len(args) > 4 else None,
            _seconds(dialled),
            _seconds(answered),
        )


def _seconds(milliseconds: str) -> float:
    return int(milliseconds) / 1000 if milliseconds.isascii() and milliseconds.isdecimal() else 0.0


@dataclass(frozen=True, slots=True)
class _Decided:
    """A verdict, of whom, and when."""

    verdict: Verdict
    who: Who
    at: float


class PhonesCall:
    """Answers `agi://…/out` and `agi://…/within` for every phone."""

    def __init__(self, house: House, roster: Roster) -> None:
        self._house = house
        self._roster = roster

    async def __call__(self, session: Session) -> None:
        """Take one session from the question to the answer."""
        question = Question.of(session.request)
        if self._house.book.is_over(ChannelId(session.request.uniqueid)):
            return
        if question.internal and not is_phone(self._house, question.extension):
            await self._let_through(session, question)
            return
        call = self._call_of(session, question)
        try:
            if question.status is None:
                await self._ask(call, session, question)
            else:
                await self._returned(call, session, question, question.status)
        except AgiHangupError:
            self._house.session_over(call)

    async def _let_through(self, session: Session, question: Question) -> None:
        """Ring a phone for whoever is none of ours, such as a customer whom an agent called and sent on."""
        if question.status is None:
            verdict = _within(self._house, question.number)
            with contextlib.suppress(AgiHangupError):
                await session.set_variables(self._dial(verdict, within=True) | {"CCD_NEXT": "call"})

    def _call_of(self, session: Session, question: Question) -> LiveCall:
        """Find the call, or enter it: a new one, or one that began while we were away."""
        house, request = self._house, session.request
        channel = ChannelId(request.uniqueid)
        if (known := house.book.of_channel(channel)) is not None:
            return known
        token = read_token(question.state)
        call = open_call(
            house,
            Arrival(
                channel=channel,
                channel_name=request.channel,
                number=question.extension,
                name=request.callerid_name,
                called=question.number,
                token=token,
                age_s=question.dialled_s,
                phone=question.extension if token is None else None,
                internal=question.internal,
            ),
        )
        if question.status is not None and call.dialled is not None:
            restore_dial(house, call, call.dialled, talking=False)
        return call

    # ------------------------------------------------------------ may it be dialled?

    async def _ask(self, call: LiveCall, session: Session, question: Question) -> None:
        house = self._house
        who = await self._who(call, session, question)
        decided = _Decided(self._verdict(call, question, who), who, house.clock.now())
        call.outside, call.talking_since = question.number, None
        if call.dialled is not None:
            call.dialled = replace(
                call.dialled,
                agent=AgentNumber(who.agent) if who.agent else None,
                queue=QueueName(who.queue) if who.queue else None,
                answered=None,
                internal=question.internal,
            )
        try:
            await session.set_variables(self._answer(call, decided.verdict))
        except AgiHangupError:
            self._unheard(call, decided)
            raise
        self._note(call, decided)
        if isinstance(decided.verdict, Refused):
            call.ends_by = Side.SYSTEM
            await self._say(call, session, decided.verdict)

    def _verdict(self, call: LiveCall, question: Question, who: Who) -> Verdict:
        house = self._house
        if question.internal:
            return _within(house, question.number)
        return house.outgoing.ask(call.call_id, question.number, who)

    def _answer(self, call: LiveCall, verdict: Verdict) -> dict[str, str]:
        """Give the variables that tell the dialplan what to do."""
        if isinstance(verdict, Refused):
            return {"CCD_NEXT": "refused"}
        house = self._house
        if call.dialled is not None:
            call.dialled = replace(call.dialled, rule=verdict.rule, caller_id=verdict.caller_id)
            call.recording = self._recording(call, verdict)
        return {
            **self._dial(verdict, within=call.direction is Direction.INTERNAL),
            "CCD_RECORD": house.asterisk_path(call.recording),
            "CCD_STATE": call.token(house.epoch).encode(),
            "CCD_NEXT": "call",
        }

    def _dial(self, verdict: Allowed, *, within: bool) -> dict[str, str]:
        """Give what Dial is to do."""
        config = self._house.config
        ring_s = config.asterisk.phone_ring_s if within else config.outbound.ring_s
        return {"CCD_DIAL": verdict.target, "CCD_RING": f"{ring_s:g}", "CCD_OPTIONS": options(verdict)}

    def _note(self, call: LiveCall, decided: _Decided, rule: str = "") -> None:
        """Write down what was decided; `rule`: what decided instead of us."""
        verdict, who = decided.verdict, decided.who
        refused = isinstance(verdict, Refused) and not rule
        self._house.scribe.note(
            OutgoingDecided(
                call_id=call.call_id,
                at=decided.at,
                target=verdict.number,
                extension=Extension(who.extension),
                agent=AgentNumber(who.agent) if who.agent else None,
                queue=QueueName(who.queue) if who.queue else None,
                rule=rule or verdict.rule,
                refusal=verdict.reason.value if isinstance(verdict, Refused) and refused else "",
                caller_id=verdict.caller_id if isinstance(verdict, Allowed) else "",
                called_agent=self._called_agent(call, verdict),
            )
        )

    def _called_agent(self, call: LiveCall, verdict: Verdict) -> AgentNumber | None:
        """Tell who is signed in on the phone that is called."""
        internal = call.direction is Direction.INTERNAL
        view = self._roster.at(verdict.number) if internal else None
        return None if view is None else view.profile.number

    def _unheard(self, call: LiveCall, decided: _Decided) -> None:
        """Take in that the phone did not wait for our word: it is gone, or dials by the dialplan's rules."""
        house = self._house
        answered_at = house.book.answered_at(call.channel)
        gone = answered_at is None and house.book.has_departed(call.channel)
        if gone or call.dialled is None:
            self._note(call, decided)
            return
        if answered_at is not None:
            decided = replace(decided, at=min(decided.at, answered_at))
        call.recording = ""
        if isinstance(decided.verdict, Refused):
            taken_over = house.outgoing.taken_over(decided.verdict.number, call.dialled)
            house.outgoing.begin(call.call_id, call.dialled.agent, taken_over, house.clock.now())
        self._note(call, decided, WITHOUT_CCD)
        if answered_at is not None:
            take_answer(house, call, answered_at)

    async def _who(self, call: LiveCall, session: Session, question: Question) -> Who:
        """Tell on whose behalf it is dialled: of a caller who was transferred, the agent's who did it."""
        extension = question.extension
        if call.dialled is None:
            by = await session.get_variable("BLINDTRANSFER") or ""
            extension = extension_of(device_of_channel(by)) if by else self._served_on(call)
        house, queue = self._house, question.queue if question.queue in self._house.config.queues else ""
        view = self._roster.at(extension)
        if view is None:
            return Who(extension=extension, queue=queue)
        return who_is(house, view, extension, queue)

    def _served_on(self, call: LiveCall) -> Extension:
        """Give the phone of the agent who talked with a caller last; empty: nobody has, or they are gone."""
        agent = None if call.served is None else call.served.agent
        view = None if agent is None else self._house.dispatcher.engine.agent(agent)
        return Extension((view.extension if view is not None else None) or "")

    def _recording(self, call: LiveCall, verdict: Allowed) -> str:
        if verdict.record is Record.NEVER or self._house.room is Room.NONE:
            return ""
        call.offers += 1
        call.on_demand = verdict.record is Record.ON_DEMAND
        return recording_path(call.call_id, call.offers, self._house.clock.wall(call.started_at))

    async def _say(self, call: LiveCall, session: Session, verdict: Refused) -> None:
        """Say why it is refused, without answering the call."""
        await session.renew_lease()
        await session.exec_("Progress")
        prompt = f"outbound-{verdict.reason.value.replace('_', '-')}"
        sounds = self._house.design.catalogue.sounds(prompt, call.caller.language)
        await SessionVoice(session).play(sounds)

    # ------------------------------------------------------------ how it went

    async def _returned(
        self, call: LiveCall, session: Session, question: Question, status: DialStatus
    ) -> None:
        """Take in that Dial is over; whoever dialled is still there.

        A caller whom an agent sent to a number where nobody took them goes back to where they came from.
        """
        house, now = self._house, self._house.clock.now()
        since = call.talking_since
        talk_s = question.answered_s if since is None else now - since
        house.scribe.note(
            DialledOut(
                call_id=call.call_id,
                at=now,
                target=question.number,
                status=status or DialStatus.CHANUNAVAIL,
                talk_s=talk_s if status is DialStatus.ANSWER else 0.0,
            )
        )
        callee = Side.AGENT if call.direction is Direction.INTERNAL else Side.CALLER
        call.ends_by = callee if status is DialStatus.ANSWER else Side.SYSTEM
        call.outside = ""  # its end is told
        place = back(house, call, question.number) if call.dialled is None else None
        if place is not None and status is not DialStatus.ANSWER:
            call.leave_for(place)
            await session.set_variables(call.state(house.epoch) | {"CCD_TO": "", "CCD_NEXT": "back"})


def _within(house: House, number: str) -> Allowed:
    """Let a phone of ours be called."""
    return Allowed(
        number=number,
        target=device_of(Extension(number)),
        callee=Callee(e164=number, country="", kind=NumberKind.UNKNOWN),
        rule=INTERNAL,
        record=house.config.recording.internal,
    )


def options(verdict: Allowed) -> str:
    """Give Dial's options: the caller id on the outgoing leg only, and the longest talk in whole seconds."""
    shown = f"f({verdict.caller_id})" if verdict.caller_id else ""
    return shown + ("" if verdict.max_s is None else f"S({max(1, int(verdict.max_s))})")


def who_is(house: House, view: AgentView, extension: str, queue: str) -> Who:
    """Tell the policy who an agent is."""
    return Who(
        agent=view.profile.number,
        extension=extension,
        queue=queue,
        queues=tuple(member.queue for member in view.queues),
        caller_id=house.outgoing.caller_id_of(view.profile.number),
    )
