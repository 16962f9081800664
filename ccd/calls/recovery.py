"""What a caller's channel alone can tell of a talk that was under way when we were restarted."""

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.history import QueueEntered, QueueLeft, TalkEnded, TalkStarted
from ccd.model import OfferId, QueueOutcome, Side, StickyResult


async def served_while_away(house: House, call: LiveCall, session: Session, offer_id: OfferId) -> None:
    """Write the stay and the talk of a caller who comes back from `Dial` to a daemon that did not see it.

    The agent hung up, for the caller is still here. Asterisk's `ANSWEREDTIME` counts from the answer to the
    *caller*, so when the agent answered is not known: the ringing, seconds at most, counts as talk.
    """
    agent = call.offered_to or house.agent_on(await session.get_variable("DIALEDPEERNAME") or "")
    queue, joined_at = call.queue, call.joined_at
    if queue is None or agent is None or joined_at is None:
        return
    now = house.clock.now()
    answered_at = max(joined_at, call.handed_at or now)
    waited_s = answered_at - joined_at
    call.caller.agent = agent
    for entry in (
        QueueEntered(
            call_id=call.call_id,
            at=joined_at,
            queue=queue,
            position=1,
            priority=call.priority,
            number=call.caller.number,
        ),
        TalkStarted(
            call_id=call.call_id,
            at=answered_at,
            queue=queue,
            agent=agent,
            leg=None,
            offer_id=offer_id,
            queue_wait_s=waited_s,
        ),
        QueueLeft(
            call_id=call.call_id,
            at=answered_at,
            queue=queue,
            outcome=QueueOutcome.ANSWERED,
            position=1,
            original_position=1,
            waited_s=waited_s,
            sticky=StickyResult.NONE,
        ),
        TalkEnded(call_id=call.call_id, at=now, queue=queue, agent=agent, by=Side.AGENT),
    ):
        house.scribe.note(entry)
