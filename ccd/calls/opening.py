"""How a call comes into the book: a new one, or one that was under way before we were started.

All that is known of the latter is written on its channel. Two ways lead here, in either order, and whichever
comes first opens the call: AMI lists the channels that exist as soon as the link is up, and a caller's
dialplan asks "what next?" when its step is over. The first way finds those, too, who are in a talk, for whom
phones ring, or who hang up before they have asked: none of them is without a record.
"""

from dataclasses import dataclass, replace

import structlog

from ccd.calls.book import CalledBack, LiveCall
from ccd.calls.carried import Dialled, Served, instant_of
from ccd.calls.direct import settings_of
from ccd.calls.house import House
from ccd.calls.mailbox import note_visit
from ccd.calls.targets import is_phone
from ccd.calls.token import Token
from ccd.errors import AgiProtocolError
from ccd.events import CallerRestored, ChannelGone, DirectLineOpened, LiveChannel
from ccd.history import (
    CallbackTried,
    CallStarted,
    OutgoingAnswered,
    OutgoingDecided,
    QueueEntered,
    QueueLeft,
    TalkEnded,
    TalkStarted,
)
from ccd.ivr.ports import Caller
from ccd.model import (
    CONTEXTS,
    OUT_CONTEXT,
    AgentNumber,
    CallId,
    ChannelId,
    Device,
    Extension,
    QueueName,
    QueueOutcome,
    Side,
    StickyResult,
    device_of_channel,
    extension_of,
    is_direct,
)

log = structlog.get_logger(__name__)

_NATIVE_QUEUE = "Queue"
"""The application in which the dialplan's fallback keeps a caller."""
_DIAL = "Dial"
OUT, WITHIN = "out", "within"
"""How `CCD_ENTRY` of a call begins that a phone made: to the outside, or to another phone."""
WITHOUT_CCD = "without_ccd"
"""The rule of a call that the dialplan let out by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A caller's channel, and what is written on it."""

    channel: ChannelId
    channel_name: str
    number: str
    name: str
    called: str
    token: Token | None = None
    """None: a new call."""
    age_s: float = 0.0
    """How long a new call has existed."""
    dialled: tuple[Device, ...] = ()
    """The phones of the last offer."""
    record: str = ""
    """The recording of the last offer, as `CCD_RECORD` names it."""
    callback: CalledBack | None = None
    """We called, to keep a promise of an earlier process."""
    elsewhere: bool = False
    """Asterisk's own queue has the caller, and sends them back to us when nobody answers there."""
    phone: Extension | None = None
    """The phone that dialled; None: somebody called in."""
    linkedid: str = ""
    """Asterisk's id of the whole call; empty: the channel's own."""
    internal: bool = False
    """It dialled another phone."""


def read_token(text: str) -> Token | None:
    """Read `CCD_STATE`; what is none of ours is logged, and the caller begins anew."""
    if not text:
        return None
    try:
        return Token.decode(text)
    except AgiProtocolError as problem:
        log.warning("a caller's state is not ours", reason=str(problem), remedy="the call begins anew")
        return None


def called_number(entry: str, dnid: str = "") -> str:
    """Give the number that was dialled; for a call that came by a dialplan not ours, Asterisk's DNID."""
    kind, _, name = entry.partition("/")
    return name if kind in {"number", OUT, WITHIN} else dnid or name


def called_back(entry: str) -> CalledBack | None:
    """Read `CCD_ENTRY` of a customer whom we called back: `callback/17/2`, `called-back/17/2`."""
    kind, _, numbers = entry.partition("/")
    promise, _, attempt = numbers.partition("/")
    if kind not in {"callback", "called-back"} or not (promise.isdecimal() and attempt.isdecimal()):
        return None
    return CalledBack(promise=int(promise), attempt=int(attempt), absent=False, reached=kind == "called-back")


def age_s(since: str, now: str, *, otherwise_s: float = 0.0) -> float:
    """Tell how long a caller has been in the dialplan's loop, where we may have been missing: `CCD_SINCE`.

    Both are epoch seconds; a dialplan that was rendered before it wrote them gives `otherwise_s`.
    """
    try:
        return max(0.0, instant_of(now) - instant_of(since))
    except ValueError:
        return otherwise_s


def _listed_age_s(house: House, channel: LiveChannel) -> float:
    """Tell the same of a channel that AMI lists: no longer than it exists, should the clocks differ."""
    now = f"{house.epoch(house.clock.now()):.3f}"
    came_s = age_s(channel.variables.get("CCD_SINCE", ""), now, otherwise_s=channel.age_s)
    return min(came_s, channel.age_s + 1.0)


def devices_of(dial: str) -> tuple[Device, ...]:
    """Read `CCD_DIAL`."""
    return tuple(map(Device, filter(None, dial.split("&"))))


def open_call(house: House, arrival: Arrival) -> LiveCall:
    """Enter a call; one of an earlier process has its place in the queue again."""
    call = _call_of(house, arrival)
    call.made_during = arrival.linkedid
    house.book.open(call)
    house.scribe.note(
        CallStarted(
            call_id=call.call_id,
            at=call.started_at,
            channel=call.channel_name,
            linkedid=arrival.linkedid or call.channel,
            number=arrival.number,
            name=arrival.name,
            called=call.caller.called,
            language=call.caller.language,
            recovered=arrival.token is not None or arrival.elsewhere,
            direction=call.direction,
        )
    )
    if arrival.callback is not None and call.queue is not None:
        _note_callback(house, call, arrival.callback, call.queue)
    if call.visit is not None:
        note_visit(house, call, call.visit)
    recording = house.relative_path(arrival.record)
    if call.served is not None:
        call.recording = "" if call.offer_id else recording
        _restore_talk(house, call, call.served)
    call.recording = recording if call.offer_id or call.dialled else ""
    if not arrival.elsewhere:
        _restore_stay(house, call, arrival.dialled)
    return call


def _call_of(house: House, arrival: Arrival) -> LiveCall:
    """Make the call of what is written on its channel."""
    token = arrival.token
    call = LiveCall(
        caller=Caller(
            call_id=CallId(token.call_id) if token else house.book.next_id(arrival.channel),
            number=arrival.number,
            called=token.called if token else arrival.called,
            language=token.language if token and token.language else house.config.language,
            consent=token.consent if token else None,
        ),
        channel=arrival.channel,
        channel_name=arrival.channel_name,
        caller_name=arrival.name,
        started_at=house.instant(token.started) if token else house.clock.now() - arrival.age_s,
        began_at=house.clock.now(),
        callback=arrival.callback,
    )
    if token is not None:
        call.restore(token, house.instant)
    if arrival.phone is not None and call.dialled is None:
        call.dialled = Dialled(extension=arrival.phone, internal=arrival.internal)
    if call.dialled is not None and not call.dialled.internal:
        call.ends_by = Side.AGENT
    return call


def find_again(house: House, channel: LiveChannel) -> None:
    """Enter a call that AMI tells of, unless it is known already; its dialplan may be about to ask."""
    book, notes = house.book, channel.variables
    known = book.of_channel(channel.channel) is not None or book.has_departed(channel.channel)
    if known or channel.context not in CONTEXTS:
        return
    token = read_token(notes.get("CCD_STATE", ""))
    out = channel.context == OUT_CONTEXT and token is None
    entry = notes.get("CCD_ENTRY", "")
    phone, internal = extension_of(device_of_channel(channel.name)), entry.startswith(f"{WITHIN}/")
    if out and (channel.application != _DIAL or (internal and not is_phone(house, phone))):
        return  # its dialplan is asking, or it was let through: see `dialling`
    if token is not None and book.get(token.call_id) is not None:
        return
    call = open_call(
        house,
        Arrival(
            channel=channel.channel,
            channel_name=channel.name,
            number=channel.number,
            name=channel.caller_name,
            called=called_number(entry),
            token=token,
            age_s=_listed_age_s(house, channel),
            dialled=devices_of(notes.get("CCD_DIAL", "")),
            record=notes.get("CCD_RECORD", ""),
            callback=called_back(entry),
            elsewhere=channel.application == _NATIVE_QUEUE,
            phone=phone if out else None,
            internal=internal,
        ),
    )
    if call.dialled is not None:
        restore_dial(house, call, call.dialled, talking=bool(channel.bridge))
    log.info("call found again", call=call.call_id, number=channel.number, queue=call.queue)


def note_unseen(house: House, gone: ChannelGone, at: float) -> None:
    """Write the record of a caller who was answered, and gone before their dialplan came to ask us."""
    if not house.book.has_missed(gone.channel):
        return
    arrival = Arrival(
        channel=gone.channel,
        channel_name=gone.name,
        number=gone.number,
        name=gone.caller_name,
        called="",
        age_s=house.clock.now() - at,
    )
    house.caller_gone(open_call(house, arrival), gone.cause, at)


def restore_dial(house: House, call: LiveCall, dialled: Dialled, *, talking: bool) -> None:
    """Write down, and count, a call of a phone's that began before we were there to know."""
    at = call.started_at
    if not dialled.internal:
        verdict = house.outgoing.taken_over(call.caller.called, dialled)
        house.outgoing.begin(call.call_id, dialled.agent, verdict, at)
    house.scribe.note(
        OutgoingDecided(
            call_id=call.call_id,
            at=at,
            target=call.caller.called,
            extension=dialled.extension,
            agent=dialled.agent,
            queue=dialled.queue,
            rule=dialled.rule or WITHOUT_CCD,
            caller_id=dialled.caller_id,
        )
    )
    if dialled.answered is not None or talking:
        answered_at = house.clock.now() if dialled.answered is None else dialled.answered
        call.talking_since = answered_at
        house.scribe.note(OutgoingAnswered(call_id=call.call_id, at=answered_at))


def take_answer(house: House, call: LiveCall, at: float) -> None:
    """Note that what the dialplan dialled for a call has answered."""
    call.talking_since = at
    if call.dialled is not None:
        call.dialled = replace(call.dialled, answered=at)
        house.scribe.note(OutgoingAnswered(call_id=call.call_id, at=at))
        house.keep_state(call)
    else:
        house.outgoing.answered(call.call_id, at)


def _note_callback(house: House, call: LiveCall, made: CalledBack, queue: QueueName) -> None:
    """Write down again what the call is."""
    terms = house.callbacks.terms(queue)
    house.scribe.note(
        CallbackTried(
            call_id=call.call_id,
            at=call.started_at,
            callback=made.promise,
            queue=queue,
            of=None,
            attempt=made.attempt,
            order="" if terms is None else terms.order,
        )
    )


def _restore_talk(house: House, call: LiveCall, served: Served) -> None:
    """Write down again a talk that was over: it is history, and no agent has part in it any more."""
    waited_s = served.began - served.joined
    for entry in (
        QueueEntered(
            call_id=call.call_id,
            at=served.joined,
            queue=served.queue,
            position=1,
            priority=call.priority,
            number=call.caller.number,
        ),
        TalkStarted(
            call_id=call.call_id,
            at=served.began,
            queue=served.queue,
            agent=served.agent,
            leg=None,
            offer_id=served.offer_id,
            queue_wait_s=waited_s,
        ),
        QueueLeft(
            call_id=call.call_id,
            at=served.began,
            queue=served.queue,
            outcome=QueueOutcome.ANSWERED,
            position=1,
            original_position=1,
            waited_s=waited_s,
            sticky=StickyResult.NONE,
        ),
        TalkEnded(
            call_id=call.call_id, at=served.ended, queue=served.queue, agent=served.agent, by=Side.AGENT
        ),
    ):
        house.scribe.note(entry)


def _restore_stay(house: House, call: LiveCall, dialled: tuple[Device, ...]) -> None:
    if not call.restored or call.queue is None or call.joined_at is None:
        return
    if is_direct(call.queue):
        agent = AgentNumber(call.queue.partition("/")[2])
        settings = settings_of(None, call.queue)
        house.dispatcher.feed(DirectLineOpened(agent=agent, settings=settings))
    house.dispatcher.feed(
        CallerRestored(
            call_id=call.call_id,
            queue=call.queue,
            channel=call.channel,
            number=call.caller.number,
            joined_at=call.joined_at,
            priority=call.priority,
            offer_id=call.offer_id,
            offered_at=call.handed_at,
            agent=call.offered_to,
            devices=dialled,
            callback=call.callback is not None,
        )
    )
