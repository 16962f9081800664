"""What every part of a call's life needs at hand: the daemon's collaborators and its configuration.

`design` is replaced as a whole by a reload.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ccd.calls.acquaintances import Acquaintances
from ccd.calls.book import CallBook, LiveCall
from ccd.calls.callbacks.office import Office
from ccd.calls.caller_lists import CallerLists
from ccd.calls.design import Design
from ccd.calls.dispatcher import Dispatcher
from ccd.calls.doors import Doors
from ccd.calls.outgoing import Outgoing
from ccd.calls.scribe import Scribe
from ccd.clock import Clock
from ccd.commands import OfferCall
from ccd.config import Config
from ccd.config.recordings import Record
from ccd.events import CallerLeft, OutgoingTalkEnded
from ccd.history import CallEnded, DialledOut
from ccd.ivr.locks import Locks
from ccd.lookup.client import Lookups
from ccd.model import (
    AgentNumber,
    AgentStatus,
    Consent,
    DialStatus,
    Extension,
    QueueOutcome,
    device_of,
    is_direct,
)
from ccd.notices.outbox import Outbox
from ccd.recording.disk import Room
from ccd.recording.paths import SUFFIX, call_of, recording_path
from ccd.voicemail.mailroom import Mailroom

MOMENT_S = 1.0
"""Whoever goes on for no longer after the agent left a talk of three was alone: their dialplan is asking."""


@dataclass(slots=True, kw_only=True)
class House:
    """The collaborators of a call."""

    design: Design
    clock: Clock
    book: CallBook
    scribe: Scribe
    dispatcher: Dispatcher
    acquaintances: Acquaintances
    lookups: Lookups
    caller_lists: CallerLists = field(default_factory=CallerLists)
    locks: Locks = field(default_factory=Locks)
    mailroom: Mailroom
    notices: Outbox
    room: Room = Room.ENOUGH
    """How much room there is for recordings."""
    outgoing: Outgoing
    """Whoever dials to the outside asks here."""
    ami_up: Callable[[], bool]
    keep_state: Callable[[LiveCall], None]
    """Has what is known of a call written on its channel, without an AGI session there."""
    interrupt: Callable[[LiveCall], None]
    """Has a caller taken out of whatever the dialplan does with them: it asks what is next."""
    stopping: bool = False
    """We are about to end: what we close now goes on without us."""
    new_messages: dict[str, int] = field(default_factory=dict)
    """How many messages nobody has heard, by mailbox; those without any are not in it."""
    farewells: list[Callable[[LiveCall, float], None]] = field(default_factory=list)
    """Called when a caller is gone, with the instant, before the end is written; must not raise or wait."""
    doors: Doors = field(init=False)
    """Which queues are open; set by the composition root."""
    callbacks: Office = field(init=False)
    """Set by the composition root, for it needs the house itself."""

    @property
    def config(self) -> Config:
        """The configuration in use."""
        return self.design.config

    # ------------------------------------------------------------ time

    def epoch(self, at: float) -> float:
        """Give the epoch seconds of a monotonic instant."""
        return self.clock.wall(at).timestamp()

    def instant(self, epoch: float) -> float:
        """Give the monotonic instant of epoch seconds; never in the future."""
        return min(self.clock.now(), self.clock.monotonic(datetime.fromtimestamp(epoch, UTC)))

    # ------------------------------------------------------------ who calls

    def listed(self, name: str, number: str) -> bool:
        """Whether a number is on a list of callers; a list that is no more has nobody."""
        country, now = self.config.outbound.country, self.clock.wall(self.clock.now())
        return name in self.config.lists and self.caller_lists.is_listed(name, number, country, now)

    # ------------------------------------------------------------ phones

    def dial_target(self, number: str, *, outside: bool) -> str:
        """Give what Asterisk's Dial takes for an extension or an outside number."""
        return (
            self.config.asterisk.outside_dial.format(number=number)
            if outside
            else device_of(Extension(number))
        )

    # ------------------------------------------------------------ recordings

    def recording_path(self, call: LiveCall, offer: OfferCall) -> str:
        """Give the relative path of the recording that this offer's talk makes; empty: not recorded."""
        direct = is_direct(offer.queue)
        record = call.direct_record if direct else self.config.queues[offer.queue].record
        if record is Record.NEVER or call.caller.consent is Consent.REFUSED or self.room is Room.NONE:
            return ""
        return recording_path(call.call_id, call.offers, self.clock.wall(call.started_at))

    def asterisk_path(self, relative: str) -> str:
        """Give what names a recording's raw files, as Asterisk sees the folder; empty: not recorded."""
        if not relative:
            return ""
        recording = self.config.recording
        root = PurePosixPath(recording.asterisk_directory or recording.directory)
        return str(root / PurePosixPath(relative).with_suffix(""))

    def relative_path(self, asterisk_path: str) -> str:
        """Give the recording whose raw files a channel's `CCD_RECORD` names; empty: none of ours."""
        recording = self.config.recording
        root = PurePosixPath(recording.asterisk_directory or recording.directory)
        path = PurePosixPath(asterisk_path + SUFFIX)
        relative = str(path.relative_to(root)) if path.is_relative_to(root) else ""
        return relative if call_of(relative) is not None else ""

    # ------------------------------------------------------------ the end

    def dial_over(self, call: LiveCall, status: DialStatus, at: float) -> None:
        """Write down how a dial for a caller ended; an agent whom a colleague sent them has a rest now."""
        target, since = call.outside, call.talking_since
        left_behind, call.outside, call.left_behind = call.left_behind, "", False
        if left_behind and since is not None and at - since < MOMENT_S:
            return  # the third had left before the agent did
        consulted, call.consulted = call.consulted, None
        reached, wrap_up_s = None, 0.0
        if consulted is not None:  # in a talk of the engine's, which gives them the rest
            reached, wrap_up_s = consulted.agent, consulted.wrap_up_s
        elif status is DialStatus.ANSWER and call.served is not None:
            reached = self._agent_of(target)
            if reached is not None:
                wrap_up_s = self.dispatcher.engine.wrap_up_s(reached, call.served.queue)
                self.dispatcher.feed(OutgoingTalkEnded(agent=reached, wrap_up_s=wrap_up_s))
        self.scribe.note(
            DialledOut(
                call_id=call.call_id,
                at=at,
                target=target,
                status=status,
                talk_s=0.0 if since is None else max(0.0, at - since),
                reached=reached,
                wrap_up_s=wrap_up_s,
                consultation=None if consulted is None else consulted.call_id,
            )
        )

    def _agent_of(self, number: str) -> AgentNumber | None:
        """Give the agent whom a number means, theirs or their phone's; None: nobody who is signed in."""
        engine = self.dispatcher.engine
        view = engine.agent(AgentNumber(number))
        if view is None or view.status is AgentStatus.LOGGED_OUT:
            view = engine.agent_on(Extension(number))
        return None if view is None else view.profile.number

    def session_over(self, call: LiveCall) -> None:
        """See whether the channel is gone, too, of a call whose AGI session has ended.

        Only AMI tells surely. Its word may have come before that session was taken up, and while the link is
        down it does not come at all. When we stop, it is we who closed the session.
        """
        if self.book.has_departed(call.channel) or not (self.ami_up() or self.stopping):
            self.caller_gone(call, 0)

    def caller_gone(self, call: LiveCall, cause: int, at: float | None = None) -> None:
        """Close the book on a call: its channel is gone, or left ccd, now or at an instant that is past."""
        if self.book.get(call.call_id) is not call:
            return
        self.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.ABANDONED))
        self.book.close(call)
        call.wake()
        dialled = None if call.talking_since is None else call.dialled
        if dialled is not None and dialled.agent is not None and not dialled.internal:
            wrap_up_s = self.config.outbound.wrap_up_s
            self.dispatcher.feed(OutgoingTalkEnded(agent=dialled.agent, wrap_up_s=wrap_up_s))
        ended_at = self.clock.now() if at is None else at
        for farewell in self.farewells:
            farewell(call, ended_at)
        if call.outside and call.dialled is None and call.talking_since is not None:
            self.dial_over(call, DialStatus.ANSWER, ended_at)
        self.scribe.note(CallEnded(call_id=call.call_id, at=ended_at, by=call.ends_by, cause=cause))
