"""What is going on now: queues, agents, calls. From memory alone, so that boards may ask often."""

from collections.abc import Iterable, Mapping

from ccd.backend.dates import Dates
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.tally import THRESHOLD_S, Count, Tally, percent
from ccd.errors import NotFoundError
from ccd.http import shapes
from ccd.model import (
    AgentNumber,
    AgentStatus,
    CallId,
    DeviceState,
    Extension,
    QueueName,
    device_of,
)
from ccd.records.record import CallRecord, Segment, SegmentKind
from ccd.routing.views import AgentView, CallerView, MemberView, QueueView
from ccd.storage.agent_rows import AgentAccount


class Live:
    """Views of the engine and the call book as the API's shapes."""

    def __init__(self, house: House, tally: Tally, dates: Dates) -> None:
        self._house = house
        self._tally = tally
        self.dates = dates
        self.accounts: dict[AgentNumber, AgentAccount] = {}
        """Agents as stored, kept current by `people`."""

    def now(self) -> shapes.Instant:
        """Give the present date."""
        return self.dates.of(self._house.clock.now())

    # ------------------------------------------------------------ queues

    def queues(self) -> list[shapes.QueueSummary]:
        """Give all queues, in the configuration's order."""
        talking = self._house.dispatcher.engine.headcount().talking
        return [self._summary(view, talking) for view in self._house.dispatcher.engine.queues()]

    def queue_names(self) -> list[str]:
        """Give the names of all queues."""
        return [view.settings.name for view in self._house.dispatcher.engine.queues()]

    def queue(self, name: str) -> shapes.Queue:
        """Give one queue with its members and callers."""
        engine = self._house.dispatcher.engine
        view = engine.queue(QueueName(name))
        if view is None:
            raise no_such_queue(name, self._house.config.queues)
        settings = view.settings
        configured = self._house.config.queues.get(name)
        members = [(each, engine.agent(each.agent)) for each in engine.members(settings.name)]
        return {
            **self._summary(view, engine.headcount().talking),
            "ring_s": settings.ring_s,
            "wrap_up_s": settings.wrap_up_s,
            "max_wait_s": settings.max_wait_s,
            "sticky_wait_s": settings.sticky_wait_s,
            "record": configured.record.value if configured else "never",
            "survey": configured.survey if configured else None,
            "member_list": [self._member(member, agent) for member, agent in members if agent is not None],
            "callers": [self._caller(caller) for caller in view.waiting],
        }

    def _summary(self, view: QueueView, talking: Mapping[QueueName, int]) -> shapes.QueueSummary:
        settings, now = view.settings, self._house.clock.now()
        entrance = self._house.doors.of(settings.name)
        until = None if entrance.hand is None else entrance.hand.until_at
        configured = self._house.config.queues.get(settings.name)
        here = [caller for caller in view.waiting if not caller.callback]
        return {
            "name": settings.name,
            "labels": {"en": configured.labels.en, "zh": configured.labels.zh} if configured else {},
            "strategy": settings.strategy.value,
            "weight": settings.weight,
            "max_length": settings.max_length,
            "waiting": len(here),
            "callbacks_waiting": len(view.waiting) - len(here),
            "longest_wait_s": round(max((each.waited_s(now) for each in here), default=0.0), 3),
            "estimated_wait_s": _rounded(view.estimated_wait_s),
            "members": view.members,
            "signed_in": view.signed_in,
            "available": view.eligible,
            "talking": talking.get(settings.name, 0),
            "figures": figures(self._tally.of(settings.name)),
            "open": entrance.open,
            "open_by": entrance.by,
            "open_until_at": None if until is None else shapes.instant(until),
            "keeps_waiting": entrance.keep,
            "closing_words": self._house.doors.closing_words(settings.name),
        }

    def _member(self, member: MemberView, agent: AgentView) -> shapes.QueueMember:
        extension = agent.extension
        return {
            "agent": member.agent,
            "name": member.name,
            "extension": extension,
            "device": device_of(extension) if extension else "",
            "device_state": agent.device_state.value if extension else DeviceState.UNKNOWN.value,
            "status": member.status.value,
            "reason": member.reason,
            "state": member.state.value,
            "since_at": self.dates.of(max(agent.status_since_at, agent.state_since_at)),
            "signed_in_at": self.dates.maybe(agent.signed_in_at),
            "penalty": member.penalty,
            "position": member.position,
            "calls_taken": member.calls_taken,
            "last_call_at": self.dates.maybe(member.last_call_at),
        }

    def _caller(self, caller: CallerView) -> shapes.QueueCaller:
        call = self._house.book.get(caller.call_id)
        record = self._house.scribe.live(caller.call_id)
        return {
            "call_id": caller.call_id,
            "position": caller.position,
            "channel": call.channel_name if call else "",
            "number": caller.number,
            "name": record.name if record else "",
            "priority": caller.priority,
            "waited_s": round(caller.waited_s(self._house.clock.now()), 3),
            "joined_at": self.dates.of(caller.joined_at),
            "estimated_wait_s": _rounded(caller.estimated_wait_s),
            "offered_to": list(caller.offered_to),
            "callback": caller.callback,
        }

    # ------------------------------------------------------------ agents

    def agents(self) -> list[shapes.Agent]:
        """Give all agents, by number."""
        views = sorted(self._house.dispatcher.engine.agents(), key=lambda view: view.profile.number)
        return [self.agent(view) for view in views]

    def agent(self, view: AgentView) -> shapes.Agent:
        """Give one agent."""
        extension = view.extension if view.status is not AgentStatus.LOGGED_OUT else None
        return {
            "number": view.profile.number,
            "name": view.profile.name,
            "extension": extension,
            "status": view.status.value,
            "reason": view.reason,
            "state": view.state.value,
            "since_at": self.dates.of(max(view.status_since_at, view.state_since_at)),
            "signed_in_at": self.dates.maybe(view.signed_in_at),
            "wrap_up_until_at": self.dates.maybe(view.wrap_up_until_at),
            "queues": [member.queue for member in view.queues],
            "memberships": [
                {
                    "queue": member.queue,
                    "penalty": member.penalty,
                    "position": member.position,
                    "ring_s": member.ring_s,
                    "wrap_up_s": member.wrap_up_s,
                }
                for member in view.queues
            ],
            "call_id": view.call_id,
            "calls_taken": sum(member.calls_taken for member in view.queues),
            "missed_in_a_row": view.missed_in_a_row,
            "owes_disposition": view.owes_disposition,
            "break_until_at": self.dates.maybe(view.break_until_at),
            "overdue": view.overdue,
            "breaks": [
                {"reason": reason, "taken": each.taken, "spent_s": round(each.spent_s, 3)}
                for reason, each in view.breaks.items()
            ],
            "own_extension": self.own_extension(view.profile.number),
            "caller_id": self.caller_id_of(view.profile.number),
            "has_pin": self._has_pin(view.profile.number),
            "skills": dict(view.profile.skills),
            "calls_per_hour": view.profile.limits.calls_per_hour,
            "calls_per_day": view.profile.limits.calls_per_day,
            "rest_s": view.profile.limits.rest_s,
            "obstacle": view.obstacle,
        }

    def own_extension(self, number: AgentNumber) -> Extension | None:
        """Give the phone on which an agent signs in when none is named; None: there is none."""
        account = self.accounts.get(number)
        return None if account is None else account.extension

    def caller_id_of(self, number: AgentNumber) -> str:
        """Give the number that an agent's outgoing calls show; empty: none of their own."""
        account = self.accounts.get(number)
        return "" if account is None else account.caller_id

    def _has_pin(self, number: AgentNumber) -> bool:
        account = self.accounts.get(number)
        return account is not None and account.has_pin

    def disposition_codes(self, queue: QueueName) -> list[str]:
        """Give the codes that may be said of a queue's talks."""
        configured = self._house.config.queues.get(queue)
        disposition = None if configured is None else configured.disposition
        return [] if disposition is None else [each.code for each in disposition.codes.values()]

    def phones_by_queue(self) -> dict[str, list[str]]:
        """Give the phones of each queue's agents, signed in or not: what Asterisk's own queues ring."""
        phones: dict[str, list[str]] = {}
        for agent in self.agents():
            if (phone := agent["own_extension"] or agent["extension"]) is not None:
                for queue in agent["queues"]:
                    phones.setdefault(queue, []).append(phone)
        return phones

    # ------------------------------------------------------------ calls

    def calls(self) -> list[shapes.Call]:
        """Give the calls inside ccd, the oldest first."""
        positions = self._positions()
        calls = sorted(self._house.book, key=lambda call: call.started_at)
        return [self._call(call, positions.get(call.call_id)) for call in calls]

    def call(self, call_id: str) -> shapes.Call:
        """Give one call inside ccd."""
        call = self._house.book.find(call_id)
        return self._call(call, self._positions().get(call.call_id))

    def _positions(self) -> dict[CallId, int]:
        return {
            caller.call_id: caller.position
            for view in self._house.dispatcher.engine.queues()
            for caller in view.waiting
        }

    def _call(self, call: LiveCall, position: int | None) -> shapes.Call:
        record = self._house.scribe.live(call.call_id)
        last = _last(record)
        phase = PHASES[last.kind] if last else "outside" if call.outside else "ivr"
        if call.dialled is not None:
            phase = "ringing" if call.talking_since is None else "talking"
        flow, _, node = call.place.rpartition(":")
        return {
            "id": call.call_id,
            "channel": call.channel_name,
            "direction": call.direction.value,
            "number": call.caller.number,
            "name": record.name if record else "",
            "called": call.caller.called,
            "language": call.caller.language,
            "started_at": self.dates.of(call.started_at),
            "phase": phase,
            "phase_since_at": shapes.instant(last.started_at) if last else self.dates.of(call.started_at),
            "flow": flow or None,
            "node": node or None,
            "queue": call.queue,
            "position": position,
            "agent": last.agent if last and last.agent else None,
            "on_hold": bool(last and last.kind is SegmentKind.TALK and last.detail.get("on_hold")),
            "data": call.caller.data | (record.data if record else {}),
        }


def no_such_queue(name: str, known: Iterable[str]) -> NotFoundError:
    """Say that there is no such queue, and which there are."""
    return NotFoundError(
        "no queue is called {queue!r}; there are: {known}",
        reason="no_such_queue",
        queue=name,
        known=", ".join(known),
    )


PHASES = {
    SegmentKind.IVR: "ivr",
    SegmentKind.QUEUE: "waiting",
    SegmentKind.OFFER: "ringing",
    SegmentKind.TALK: "talking",
    SegmentKind.SURVEY: "survey",
    SegmentKind.DIAL: "outside",
    SegmentKind.CALLBACK: "callback",
}
"""What the last segment that still lasts says of a call."""


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _last(record: CallRecord | None) -> Segment | None:
    """Give the segment that lasts now; an offer is found before the queue in which it is made."""
    segments = record.segments if record else ()
    lasting = [each for each in segments if each.ended_at is None and each.kind in PHASES]
    return lasting[-1] if lasting else None


def figures(count: Count) -> shapes.Figures:
    """Give a queue's counts of today with what is computed of them."""
    judged = count.answered + count.abandoned
    return {
        "since_at": shapes.instant(count.since),
        "offered": count.offered,
        "answered": count.answered,
        "abandoned": count.abandoned,
        "timed_out": count.timed_out,
        "callbacks": count.callbacks,
        "called_back": count.called_back,
        "other": count.other,
        "average_wait_s": round(count.wait_s / count.answered, 1) if count.answered else 0.0,
        "average_talk_s": round(count.talk_s / count.talks, 1) if count.talks else 0.0,
        "threshold_s": THRESHOLD_S,
        "service_level": percent(count.answered_in_time, count.answered),
        "service_level_2": percent(count.answered_in_time + count.abandoned_in_time, judged),
        "sticky_hits": count.sticky_hits,
        "sticky_misses": count.sticky_misses,
    }
