"""One AGI session of a caller's dialplan: it asks "what next?", and this answers.

The session either holds the caller (a flow's prompts, or waiting with music) or ends at once with the next
step of the dialplan (`CCD_NEXT`). What is decided is always set on the channel before the session is closed;
a session that ends without it is, for the dialplan, a daemon that was lost.
"""

import contextlib
from dataclasses import dataclass

import structlog

from ccd.agi.session import Session
from ccd.calls.blacklist import is_refused, let_in, refuse
from ccd.calls.book import LiveCall, is_consultation
from ccd.calls.flow_host import FlowHost
from ccd.calls.house import House
from ccd.calls.notes import take_notes
from ccd.calls.opening import Arrival, age_s, called_back, called_number, devices_of, open_call, read_token
from ccd.calls.targets import onward
from ccd.calls.voice import SessionVoice
from ccd.errors import AgiHangupError, CcdError, NotFoundError, RefusedError
from ccd.events import CallerLeft, DialReturned
from ccd.history import SentOn
from ccd.ivr.ports import Ended, Place
from ccd.model import (
    ChannelId,
    DialStatus,
    OfferId,
    QueueOutcome,
    Side,
    device_of_channel,
)

log = structlog.get_logger(__name__)

UNANSWERED = "unanswered"
"""The step of a dialplan that asks before it answers the call, since the number obeys the blacklist."""
ANSWERED = "answered"
"""The edge of a queue whose caller was served."""
MAX_FAILURES = 3
"""Sessions of one call that may fail in a row, each asked again by the dialplan."""


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `AGI(agi://…/next,…)`: see `asterisk-conf/extensions_ccd.conf`."""

    entry: str
    state: str
    step: str
    status: DialStatus
    to: str = ""
    """Where an agent sent the caller during the talk: a number, or `survey`."""
    since: str = ""
    """When the caller came into the dialplan's loop, in epoch seconds of Asterisk's clock."""
    asked: str = ""
    """When the dialplan asked, by the same clock."""

    @classmethod
    def of(cls, args: tuple[str, ...]) -> "Question":
        """Read the arguments; missing ones are empty, what is no DIALSTATUS counts as none."""
        entry, state, step, status, _, to, since, asked = (*args, *[""] * 8)[:8]
        known = DialStatus(status) if status in set(DialStatus) else DialStatus.UNKNOWN
        return cls(entry, state, step, known, to, since, asked)

    def is_new(self, call: LiveCall) -> bool:
        """Whether a caller from outside asks for the first time."""
        return self.entry.startswith("number/") and not (call.place or self.state)


class NextStep:
    """Answers `agi://…/next` for every caller."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, session: Session) -> None:
        """Take one session from the question to the answer."""
        question = Question.of(session.request.args)
        if self._house.book.is_over(ChannelId(session.request.uniqueid)):
            return  # hung up in the instant in which the dialplan came to ask
        call = await self._call_of(session, question)
        try:
            await self._answer(call, session, question)
        except AgiHangupError:
            self._house.session_over(call)
        except NotFoundError as problem:
            log.warning("a caller cannot be led on", call=call.call_id, reason=str(problem))
            await self._give_up(call, session)
        except Exception:
            await self._failed(call, session)
            raise
        else:
            call.failures = 0

    async def _answer(self, call: LiveCall, session: Session, question: Question) -> None:
        """Take in what the dialplan did, and lead the caller on."""
        if call.notes_unread:
            take_notes(call.caller, await session.get_variable("CCD_VARS") or "")
            call.notes_unread = False
        resume = None
        if call.callback is None or call.callback.reached:
            resume = await self._step_done(call, session, question)
        elif not await self._house.callbacks.answered(call, session):
            return
        if question.to and (resume == ANSWERED or question.step == "transfer"):
            if not await self._sent_on(call, session, question.to):
                return
            resume = call.edge or None
        if (sent_to := call.sent_to) is not None:
            self._house.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.TRANSFERRED))
            call.leave_for(sent_to)
            resume = None
        await self._lead(call, session, question, resume)

    async def _lead(self, call: LiveCall, session: Session, question: Question, resume: str | None) -> None:
        """Walk the caller through their flow, unless they are refused."""
        house, unanswered = self._house, question.step == UNANSWERED
        if question.is_new(call) and is_refused(house, call):
            await refuse(house, call, session, unanswered=unanswered)
            return
        if unanswered:
            await let_in(session)
        if call.replaced or (call.consults and resume == ANSWERED):
            # what follows a queue is for its callers, not for a colleague who asked
            await self._flow_over(call, session, question, Ended.HUNG_UP)
            return
        place = Place.parse(call.place) if call.place else house.design.entrance(question.entry)
        ended = await self._walk(call, session, place, resume)
        if ended is not Ended.HANDED_OFF:
            await self._flow_over(call, session, question, ended)

    async def _flow_over(self, call: LiveCall, session: Session, question: Question, ended: Ended) -> None:
        """End the call, or give it back to the dialplan that sent it here by Gosub."""
        if call.ends_by is Side.CALLER:
            call.ends_by = Side.SYSTEM
        ours = question.entry.startswith("number/") or ended is Ended.HUNG_UP
        if ours or await session.get_variable("CCD_BACK") != "yes":
            await session.set_variables({"CCD_NEXT": "hangup"})
            return
        await session.set_variables({"CCD_NEXT": "return"})
        house = self._house
        house.book.given_back(call)
        house.caller_gone(call, 0)

    async def _failed(self, call: LiveCall, session: Session) -> None:
        """Bound what a fault of ours does to a caller: the dialplan would ask again for ever."""
        call.failures += 1
        if call.failures < MAX_FAILURES:
            return
        log.warning("a call fails again and again: Asterisk's own queue gets it", call=call.call_id)
        call.queue = call.joined_at = None
        self._house.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.FAILED))
        with contextlib.suppress(CcdError):
            await session.set_variables({"CCD_NEXT": "fallback"})

    async def _give_up(self, call: LiveCall, session: Session) -> None:
        """Apologise and end the call: asking again would lead to the same."""
        call.ends_by = Side.SYSTEM
        await session.set_variables({"CCD_NEXT": "hangup"})
        sounds = self._house.design.catalogue.sounds("system-error", call.caller.language)
        await SessionVoice(session).play(sounds)

    # ------------------------------------------------------------ which call, and where it stands

    async def _call_of(self, session: Session, question: Question) -> LiveCall:
        """Find the call, or enter it: a new one, or one that was under way before our restart."""
        house, request = self._house, session.request
        channel = ChannelId(request.uniqueid)
        if (known := house.book.of_channel(channel)) is not None:
            return known
        token = read_token(question.state)
        dial = record = ""
        if token is not None and (token.offer_id or token.served):
            with contextlib.suppress(AgiHangupError):  # whoever is gone has a record all the same
                dial = await session.get_variable("CCD_DIAL") or ""
                record = await session.get_variable("CCD_RECORD") or ""
        arrival = Arrival(
            channel=channel,
            channel_name=request.channel,
            number=request.callerid,
            name=request.callerid_name,
            called=called_number(question.entry, request.dnid),
            token=token,
            age_s=age_s(question.since, question.asked),
            dialled=devices_of(dial),
            record=record,
            callback=called_back(question.entry),
            linkedid=await self._linked(session),
        )
        return house.book.of_channel(channel) or open_call(house, arrival)

    async def _linked(self, session: Session) -> str:
        """Ask to which call an agent's consultation belongs; empty: it is no consultation."""
        if is_consultation(session.request.channel):
            with contextlib.suppress(AgiHangupError):
                return await session.get_variable("CHANNEL(linkedid)") or ""
        return ""

    async def _step_done(self, call: LiveCall, session: Session, question: Question) -> str | None:
        """Take in how the dialplan's last step ended; give the edge on which the flow goes on, if one."""
        token = read_token(question.state)
        house, offer_id = self._house, token.offer_id if token else None
        if call.edge:
            return call.edge  # taken in already: the session that did so failed, or died with its process
        if key := call.take_key():
            return await self._taken_in(call, session, key)
        sent_on = question.step == "transfer" and question.to != ""
        if (sent_on or question.step in {"dial", "bridge"}) and offer_id is not None:
            status = DialStatus.ANSWER if sent_on else question.status
            return await self._dialled(call, session, offer_id, status)
        if call.offer_id is not None:  # an offer that never came to be dialled
            house.dispatcher.feed(
                DialReturned(call_id=call.call_id, offer_id=call.offer_id, status=DialStatus.CANCEL)
            )
            call.offer_id = None
        if question.step == "outside" or sent_on:
            status = DialStatus.ANSWER if sent_on else question.status
            return await self._dialled_outside(call, session, status)
        return None

    async def _sent_on(self, call: LiveCall, session: Session, to: str) -> bool:
        """Lead a caller where an agent sent them; False: the dialplan does, by its rules for phones.

        Where they cannot be sent there it goes on as if the agent had hung up.
        """
        house = self._house
        agent = None if call.served is None else call.served.agent
        house.scribe.note(SentOn(call_id=call.call_id, at=house.clock.now(), agent=agent, to=to))
        try:
            place = onward(house, call, to)
        except RefusedError as problem:
            log.info("caller not sent on", call=call.call_id, to=to, reason=str(problem))
            await session.set_variables({"CCD_TO": ""})
            return True
        if place is None:
            await session.set_variables({"CCD_NEXT": "reach"})
            return False
        call.leave_for(place)
        await session.set_variables(call.state(house.epoch) | {"CCD_TO": "", "CCD_QUEUE": ""})
        return True

    async def _dialled_outside(self, call: LiveCall, session: Session, status: DialStatus) -> str:
        """Take in how a flow's dial ended."""
        if status is DialStatus.ANSWER and (not call.outside or "," in call.outside):
            with contextlib.suppress(AgiHangupError):  # the talk counts, whoever it was with
                await self._recall_dial(call, session)
        self._house.dial_over(call, status, self._house.clock.now())
        return await self._taken_in(call, session, status or "failed")

    async def _recall_dial(self, call: LiveCall, session: Session) -> None:
        """Ask the channel who of a ring group answered; after a restart who was dialled, and for how long."""
        peer = await session.get_variable("DIALEDPEERNUMBER") or ""
        call.outside = peer.partition("@")[0] or call.outside
        if call.talking_since is None:
            talked_ms = await session.get_variable("ANSWEREDTIME_MS") or ""
            talked_s = int(talked_ms) / 1000 if talked_ms.isdecimal() else 0.0
            call.talking_since = self._house.clock.now() - talked_s

    async def _dialled(
        self, call: LiveCall, session: Session, offer_id: OfferId, status: DialStatus
    ) -> str | None:
        """Take in how an offer ended; whom an agent served is not queued again, however often it is told."""
        house = self._house
        device = None
        if status is DialStatus.ANSWER and (call.restored or not house.ami_up()):
            with contextlib.suppress(AgiHangupError):  # the answer counts, whoever gave it
                device = device_of_channel(await session.get_variable("DIALEDPEERNAME") or "")
        house.dispatcher.feed(
            DialReturned(call_id=call.call_id, offer_id=offer_id, status=status, device=device)
        )
        call.offer_id = None
        if status is not DialStatus.ANSWER:
            return None
        if call.outside:  # the agent joined the caller with somebody, who has hung up now
            house.dial_over(call, DialStatus.ANSWER, house.clock.now())
        call.leave_queue()
        return await self._taken_in(call, session, ANSWERED)

    async def _taken_in(self, call: LiveCall, session: Session, edge: str) -> str:
        """Write on the channel that a step is taken in, for a session or a process that comes after us."""
        call.edge = edge
        await session.set_variables(call.state(self._house.epoch) | {"CCD_QUEUE": ""})
        return edge

    # ------------------------------------------------------------ the flow

    async def _walk(self, call: LiveCall, session: Session, place: Place, resume: str | None) -> Ended:
        voice = SessionVoice(session)
        host = FlowHost(self._house, call, session, voice)
        return await self._house.design.interpreter.walk(call.caller, place, resume, voice, host)
