"""One AGI session of a caller's dialplan: it asks "what next?", and this answers.

The session either holds the caller (a flow's prompts, or waiting with music) or ends at once with the next
step of the dialplan (`CCD_NEXT`). What is decided is always set on the channel before the session is closed;
a session that ends without it is, for the dialplan, a daemon that was lost.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from ccd.agi.request import AgiRequest
from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.recovery import served_while_away
from ccd.calls.stay import QueueStay
from ccd.calls.token import Token
from ccd.calls.voice import SessionVoice
from ccd.config.flows import Dial, Queue
from ccd.errors import AgiHangupError
from ccd.events import DialReturned
from ccd.history import CallStarted, DialledOut, Entry
from ccd.ivr.ports import Caller, Ended, Place
from ccd.model import CallId, ChannelId, DialStatus, OfferId, QueueOutcome, Side

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `AGI(agi://…/next,…)`: see `asterisk-conf/extensions_ccd.conf`."""

    entry: str
    state: str
    step: str
    status: DialStatus
    cause: int

    @classmethod
    def of(cls, args: tuple[str, ...]) -> "Question":
        """Read the arguments; missing ones are empty, what is no DIALSTATUS counts as none."""
        entry, state, step, status, cause = (*args, "", "", "", "", "")[:5]
        known = DialStatus(status) if status in set(DialStatus) else DialStatus.UNKNOWN
        return cls(entry, state, step, known, int(cause) if cause.isdecimal() else 0)


class NextStep:
    """Answers `agi://…/next` for every caller."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, session: Session) -> None:
        """Take one session from the question to the answer."""
        question = Question.of(session.request.args)
        token = Token.decode(question.state) if question.state else None
        call = self._house.book.of_channel(ChannelId(session.request.uniqueid))
        if call is None:
            call = self._open(session, question, token)
        try:
            resume = await self._step_done(call, session, question, token)
            place = Place.parse(call.place) if call.place else self._house.design.entrance(question.entry)
            ended = await self._walk(call, session, place, resume)
            if ended is Ended.FINISHED:
                if call.ends_by is Side.CALLER:
                    call.ends_by = Side.SYSTEM
                await session.set_variables({"CCD_NEXT": "hangup"})
        except AgiHangupError:
            # The session is over; only AMI tells surely that the channel is. Its word may have come before
            # this session was taken up, and while the link is down it does not come at all.
            if self._house.book.has_departed(call.channel) or not self._house.ami_up():
                self._house.caller_gone(call, 0)

    # ------------------------------------------------------------ which call, and where it stands

    def _open(self, session: Session, question: Question, token: Token | None) -> LiveCall:
        """Enter a new call, or one that was under way before our restart."""
        house, request = self._house, session.request
        caller = Caller(
            call_id=CallId(token.call_id if token else request.uniqueid),
            number=request.callerid,
            called=token.called if token else _called(question.entry, request),
            language=token.language if token and token.language else house.config.language,
        )
        call = LiveCall(
            caller=caller,
            channel=ChannelId(request.uniqueid),
            channel_name=request.channel,
            started_at=house.instant(token.started) if token else house.clock.now(),
            began_at=house.clock.now(),
        )
        if token is not None:
            call.restore(token, house.instant)
        house.book.open(call)
        house.scribe.note(
            CallStarted(
                call_id=call.call_id,
                at=call.started_at,
                channel=call.channel_name,
                linkedid=request.uniqueid,
                number=caller.number,
                name=request.callerid_name,
                called=caller.called,
                language=caller.language,
                recovered=token is not None,
            )
        )
        return call

    async def _step_done(
        self, call: LiveCall, session: Session, question: Question, token: Token | None
    ) -> str | None:
        """Take in how the dialplan's last step ended; give the edge on which the flow goes on, if one."""
        house, offer_id = self._house, token.offer_id if token else None
        if question.step == "dial" and offer_id is not None:
            return await self._dialled(call, session, offer_id, question.status)
        if call.offer_id is not None:  # an offer that never came to be dialled
            house.dispatcher.feed(
                DialReturned(call_id=call.call_id, offer_id=call.offer_id, status=DialStatus.CANCEL)
            )
            call.offer_id = None
        if question.step == "outside":
            now, since = house.clock.now(), call.talking_since
            house.scribe.note(
                DialledOut(
                    call_id=call.call_id,
                    at=now,
                    target=call.outside,
                    status=question.status,
                    talk_s=0.0 if since is None else now - since,
                )
            )
            return question.status or "failed"
        return None

    async def _dialled(
        self, call: LiveCall, session: Session, offer_id: OfferId, status: DialStatus
    ) -> str | None:
        """Take in how an offer ended; whom an agent served is not queued again, however often it is told."""
        house = self._house
        if call.served_offer == offer_id:
            return "answered"
        if status is DialStatus.ANSWER and (call.restored or not house.ami_up()):
            await served_while_away(house, call, session, offer_id)
        house.dispatcher.feed(DialReturned(call_id=call.call_id, offer_id=offer_id, status=status))
        call.offer_id = None
        if status is not DialStatus.ANSWER:
            return None
        call.served(offer_id)
        return "answered"

    # ------------------------------------------------------------ the flow

    async def _walk(self, call: LiveCall, session: Session, place: Place, resume: str | None) -> Ended:
        voice = SessionVoice(session)
        host = FlowHost(self._house, call, session, voice)
        return await self._house.design.interpreter.walk(call.caller, place, resume, voice, host)


def _called(entry: str, request: AgiRequest) -> str:
    """Give the number that was dialled; for a call that came by a dialplan not ours, Asterisk's DNID."""
    kind, _, name = entry.partition("/")
    return name if kind == "number" else request.dnid or name


class FlowHost:
    """What a flow asks of the daemon; satisfies `ccd.ivr.ports.Host`."""

    def __init__(self, house: House, call: LiveCall, session: Session, voice: SessionVoice) -> None:
        self._house = house
        self._call = call
        self._session = session
        self._voice = voice

    def note(self, entry: Entry) -> None:
        """Write a history entry."""
        self._house.scribe.note(entry)

    def now(self) -> float:
        """Give monotonic seconds."""
        return self._house.clock.now()

    def wall(self) -> datetime:
        """Give the aware UTC date."""
        return self._house.clock.wall(self._house.clock.now())

    async def arrived(self, place: Place) -> None:
        """Write the caller's place on their channel, where a daemon that comes after us finds it."""
        house, call = self._house, self._call
        call.place = str(place)
        state = call.token(house.epoch).encode()
        await self._session.set_variables({"CCD_STATE": state, "CCD_QUEUE": ""})

    async def queue(self, place: Place, node: Queue) -> QueueOutcome | None:
        """Hold the caller in a queue; None when the dialplan dials an agent now."""
        self._call.place = str(place)
        return await QueueStay(self._house, self._call, self._session, self._voice).run(node)

    async def dial(self, place: Place, node: Dial) -> None:
        """Let the dialplan dial an extension or an outside number."""
        house, call = self._house, self._call
        call.place, call.outside, call.talking_since = str(place), node.dial, None
        await self._session.set_variables(
            {
                "CCD_DIAL": house.dial_target(node.dial, outside=node.outside),
                "CCD_RING": f"{node.timeout_s:g}",
                "CCD_RECORD": "",
                "CCD_STATE": call.token(house.epoch).encode(),
                "CCD_NEXT": "outside",
            }
        )
