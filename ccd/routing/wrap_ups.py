"""后处理: the time after a talk, and the disposition that the agent gives for it.

A wrap-up lasts for `wrap_up_s`, the queue's or the agent's own there. The agent extends it, up to
`wrap_up_max_s` after the talk, or ends it early. Where a disposition is owed, neither counts: it lasts until
the code was given, and at least for `wrap_up_s`; after `wrap_up_max_s` the code is `none`, and the agent is
ready, or paused as configured.
A code may be given while they still talk, and as late as the next talk's end; the last one counts.
"""

from dataclasses import replace

from ccd.events import OutgoingTalkEnded
from ccd.history import DispositionChosen
from ccd.model import NO_DISPOSITION, AgentStatus, LastTalk, QueueSettings, Undisposed
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import Talk
from ccd.routing.roster import Agent


def begin(floor: Floor, agent: Agent, talk: Talk) -> None:
    """Begin the wrap-up of an agent whose talk is over; who has signed out meanwhile has none."""
    settings = _settings(floor, talk)
    here = agent.status is not AgentStatus.LOGGED_OUT
    owed = here and settings is not None and settings.disposition_required and not talk.disposition
    agent.last_talk = LastTalk(
        call_id=talk.call_id,
        offer_id=talk.offer_id,
        queue=talk.queue,
        ended_at=floor.now,
        disposition=talk.disposition,
        owed=owed,
    )
    agent.unsaved = True
    if settings is None or not here:
        return
    length_s = rest_s(agent, settings)
    if owed:
        length_s = max(length_s, settings.wrap_up_max_s)
    if length_s > 0:
        _lasts_until(floor, agent, floor.now + length_s)


def rest_s(agent: Agent, settings: QueueSettings) -> float:
    """Give an agent's rest after a call of a queue: as their terms there say, else as the queue does."""
    terms = agent.memberships.get(settings.name)
    return settings.wrap_up_s if terms is None or terms.wrap_up_s is None else terms.wrap_up_s


def after_outgoing(floor: Floor, event: OutgoingTalkEnded) -> None:
    """Let an agent rest after a call of their own; a longer rest that they have already is not cut."""
    agent = floor.roster.agents.get(event.agent)
    if agent is None or agent.status is AgentStatus.LOGGED_OUT or event.wrap_up_s <= 0:
        return
    if agent.talk is not None or agent.owes:
        return  # what follows that talk counts
    until = floor.now + event.wrap_up_s
    if agent.wrap_up_until_at is None or agent.wrap_up_until_at < until:
        _lasts_until(floor, agent, until)


def take_up(floor: Floor, agent: Agent) -> None:
    """Go on with the wrap-up of an earlier process."""
    until = agent.wrap_up_until_at
    if until is not None and (until > floor.now or agent.owes):
        _lasts_until(floor, agent, until)
    else:
        agent.wrap_up_until_at = None


def extend(floor: Floor, agent: Agent) -> None:
    """Lengthen a wrap-up, if it may be longer."""
    until = extended(floor, agent)
    if until is not None:
        _lasts_until(floor, agent, until)


def extended(floor: Floor, agent: Agent) -> float | None:
    """Give until when a wrap-up would last, if it were extended.

    None: there is none, it is as long as it may be, or it lasts for a disposition and cannot be any longer.
    """
    last, until = agent.last_talk, agent.wrap_up_until_at
    settings = None if last is None else _settings(floor, last)
    if until is None or last is None or settings is None or last.owed:
        return None
    longest = last.ended_at + max(rest_s(agent, settings), settings.wrap_up_max_s)
    longer = min(until + settings.wrap_up_more_s, longest)
    return longer if longer > until else None


def dispose(floor: Floor, agent: Agent, code: str) -> None:
    """Take a disposition; a wrap-up that lasted only for it ends."""
    if (talk := agent.talk) is not None:
        talk.disposition = code
        _note(floor, agent, talk, code)
        return
    last = agent.last_talk
    if last is None:
        return
    owed = agent.owes
    agent.last_talk = replace(last, disposition=code, owed=False)
    agent.unsaved = True
    floor.touch(agent)
    _note(floor, agent, last, code)
    if owed:
        settings = _settings(floor, last)
        rest_until = last.ended_at + (0.0 if settings is None else rest_s(agent, settings))
        if rest_until > floor.now:
            _lasts_until(floor, agent, rest_until)
        else:
            end(floor, agent)


def over(floor: Floor, agent: Agent) -> bool:
    """End a wrap-up whose time has come; whoever owed a disposition until now has given none.

    Gives whether they are to be paused for it.
    """
    last = agent.last_talk
    settings = None if last is None else _settings(floor, last)
    undisposed = agent.owes and settings is not None and settings.undisposed is Undisposed.PAUSED
    forgive(floor, agent)
    end(floor, agent)
    return undisposed and agent.status is AgentStatus.AVAILABLE


def forgive(floor: Floor, agent: Agent) -> None:
    """Note that a disposition that is owed was not given."""
    if agent.owes:
        dispose(floor, agent, NO_DISPOSITION)


def end(floor: Floor, agent: Agent) -> None:
    """End a wrap-up, if there is one."""
    if agent.wrap_up_until_at is not None:
        agent.wrap_up_until_at = None
        agent.unsaved = True
        floor.deadlines.disarm(agent, Kind.WRAP_UP)
        floor.touch(agent)


def _lasts_until(floor: Floor, agent: Agent, until: float) -> None:
    agent.wrap_up_until_at = until
    agent.unsaved = True
    floor.deadlines.arm(agent, Kind.WRAP_UP, until)
    floor.touch(agent)


def _settings(floor: Floor, talk: Talk | LastTalk) -> QueueSettings | None:
    line = floor.lines.get(talk.queue)
    return None if line is None else line.settings


def _note(floor: Floor, agent: Agent, talk: Talk | LastTalk, code: str) -> None:
    floor.note(
        DispositionChosen(
            call_id=talk.call_id,
            at=floor.now,
            offer_id=talk.offer_id,
            queue=talk.queue,
            agent=agent.number,
            code=code,
        )
    )
