"""What becomes of offers that nobody takes, and of callers who do not wait."""

import time

from tests.asterisk.phones import Answer, Ignore, Refuse, Ring
from tests.asterisk.stories import (
    SHORT_TALK,
    record_of,
    segments,
    until_free,
    until_waiting,
)
from tests.support import until


async def results_of(lab, number: str) -> list[tuple[str, str]]:
    """Give who was offered a caller and what came of it, in order."""
    return [(each["agent"], each["result"]) for each in segments(await record_of(lab, number), "offer")]


async def test_a_busy_phone_passes_the_caller_on_at_once(lab, agents, callers):
    """486: the next agent's phone rings within a second."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330001", media=False)
    first.behaviour, second.behaviour = Refuse(status=486), SHORT_TALK
    call = caller.call("5007")
    await call.until_ended(8.0)
    assert second.calls[0].times.invited - first.calls[0].times.invited < 1.0
    assert await results_of(lab, "13833330001") == [("1001", "busy"), ("1002", "answered")]


async def test_a_declined_call_goes_to_the_next_and_not_to_the_same_agent_again(lab, agents, callers):
    """603: whoever declined is not rung for this caller while others are free."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330002", media=False)
    first.behaviour, second.behaviour = Refuse(status=603, after_s=0.1), Answer(after_s=0.1, talk_s=0.3)
    await caller.call("5007").until_ended(8.0)
    assert len(first.calls) == 1
    assert (await results_of(lab, "13833330002"))[-1] == ("1002", "answered")


async def test_the_only_agent_who_declined_is_asked_again_after_a_pause(lab, agents, callers):
    """retry_s: not at once, and without losing the caller."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13833330003", media=False)
    phone.script = [Refuse(status=603)]
    phone.behaviour = SHORT_TALK
    await caller.call("5007").until_ended(8.0)
    again = phone.calls[1].times.invited - phone.calls[0].times.ended
    assert 0.8 < again < 2.0


async def test_a_phone_that_nobody_answers_stops_ringing_and_the_next_one_rings(lab, agents, callers):
    """ring_s is over: one missed call for the first, an answer by the second."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330004", media=False)
    first.behaviour, second.behaviour = Ring(), SHORT_TALK
    await caller.call("5007").until_ended(10.0)
    rang = first.calls[0]
    assert 2.5 < rang.times.ended - rang.times.invited < 4.0
    assert await results_of(lab, "13833330004") == [("1001", "no_answer"), ("1002", "answered")]
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 1


async def test_a_dead_phone_does_not_hold_the_caller(lab, agents, callers):
    """The phone's cable was pulled: the caller goes on when the ring time is over."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330005", media=False)
    first.behaviour, second.behaviour = Ignore(), SHORT_TALK
    await caller.call("5007").until_ended(12.0)
    assert (await results_of(lab, "13833330005"))[-1] == ("1002", "answered")


async def test_an_unregistered_phone_is_never_rung(lab, agents, callers):
    """Its agent is unreachable; the next one is asked, without an offer to the first."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330006", media=False)
    await first.unregister()

    async def unreachable() -> bool:
        return (await lab.ccd_json("agent", "show", "1001"))["state"] == "unreachable"

    await until(unreachable)
    second.behaviour = SHORT_TALK
    await caller.call("5007").until_ended(8.0)
    assert await results_of(lab, "13833330006") == [("1002", "answered")]


async def test_a_phone_in_another_call_is_not_rung(lab, agents, callers):
    """An agent who telephones on their own is busy for the queue."""
    first, second = await agents("1001", "1002", media=False)
    (caller,) = await callers("13833330007", media=False)
    second.behaviour = Answer()
    own = await first.call("1002").until_answered()
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    assert not first.calls
    assert len(second.calls) == 1
    second.behaviour = SHORT_TALK
    first.behaviour = SHORT_TALK
    own.hang_up()
    await call.until_ended(8.0)
    assert (await record_of(lab, "13833330007"))["outcome"] == "answered"


async def test_a_phone_that_rings_during_a_call_is_not_rung(lab, agents, phones, callers):
    """Call waiting is off: a colleague who knocks changes nothing, the queue waits for the end."""
    (phone,) = await agents("1001", media=False)
    talker, colleague = await phones("1002", "1003", media=False)
    (caller,) = await callers("13833330022", media=False)
    talker.behaviour, phone.behaviour = Answer(), Ring()

    async def shows(state: str) -> None:
        async def it_does() -> bool:
            members = (await lab.ask("queues", "t-linear"))["member_list"]
            return [each["device_state"] for each in members if each["agent"] == "1001"] == [state]

        await until(it_does, what=state)

    own = await phone.call("1002").until_answered()
    knocking = colleague.call("1001")
    knocked = await (await phone.nth_call(1)).until_ringing()
    await shows("RINGINUSE")
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    knocking.hang_up()
    await knocked.until_ended()
    await shows("INUSE")
    assert len(phone.calls) == 1
    phone.behaviour = SHORT_TALK
    own.hang_up()
    await call.until_ended(8.0)
    assert (await record_of(lab, "13833330022"))["outcome"] == "answered"


async def test_a_caller_who_gives_up_while_waiting_is_an_abandoned_call(lab, callers):
    """Nobody is free: the record says abandoned, by the caller, with the time that they waited."""
    (caller,) = await callers("13833330008", media=False)
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    call.hang_up()
    record = await record_of(lab, "13833330008")
    assert (record["outcome"], record["hung_up_by"], record["agent"]) == ("abandoned", "caller", None)
    assert record["cdr_disposition"] == "NO ANSWER"


async def test_a_caller_who_gives_up_while_a_phone_rings_frees_the_agent_at_once(lab, agents, callers):
    """The phone stops ringing, the agent has missed nothing."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13833330009", media=False)
    phone.behaviour = Ring()
    call = await caller.call("5007").until_answered()
    leg = await (await phone.nth_call(1)).until_ringing()
    call.hang_up()
    await leg.until_ended(1.0)
    await until_free(lab, "1001")
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0
    assert await results_of(lab, "13833330009") == [("1001", "caller_left")]
    assert (await record_of(lab, "13833330009"))["outcome"] == "abandoned"


async def test_an_agent_who_answers_and_drops_at_once_keeps_nobody(lab, agents, callers):
    """Dropped before the voices met, the caller is offered again; else the talk was short. One record."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13833330010", media=False)
    phone.script = [Answer(after_s=0.0, talk_s=0.0)]
    phone.behaviour = SHORT_TALK
    await caller.call("5007").until_ended(8.0)
    await until_free(lab, "1001")
    record = await record_of(lab, "13833330010")
    assert (record["outcome"], record["agent"]) == ("answered", "1001")
    assert len(segments(record, "talk")) == 1


async def test_callers_are_served_in_the_order_in_which_they_came(lab, agents, callers):
    """First come, first served, when one agent serves three who wait."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "pause", "1001")
    numbers = ["13833330011", "13833330012", "13833330013"]
    people = await callers(*numbers, media=False)
    calls = []
    for place, person in enumerate(people, 1):
        calls.append(await person.call("5007").until_answered())
        await until_waiting(lab, "t-linear", place)
    phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "ready", "1001")
    for call in calls:
        await call.until_ended(8.0)
    assert [call.peer_number for call in phone.calls] == numbers


async def test_too_long_a_wait_overflows_to_the_next_queue(lab, agents, callers):
    """max_wait_s is over: the flow leads on, and the record has both stays."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "update", "1001", "--queue", "t-linear")
    (caller,) = await callers("13833330014", media=False)
    phone.behaviour = SHORT_TALK
    try:
        await caller.call("5011").until_ended(10.0)
    finally:
        await lab.restore_queues()
    stays = segments(await record_of(lab, "13833330014"), "queue")
    assert [(each["queue"], each["result"]) for each in stays] == [
        ("t-short", "timed_out"),
        ("t-linear", "answered"),
    ]


async def test_a_full_queue_takes_nobody_more(lab, callers):
    """max_length 1: the second caller goes where `on_full` leads."""
    first, second = await callers("13833330015", "13833330016", media=False)
    calls = [await first.call("5012").until_answered()]
    await until_waiting(lab, "t-full", 1)
    calls.append(await second.call("5012").until_answered())
    await until_waiting(lab, "t-linear", 1)
    for call in calls:
        call.hang_up()
    stays = segments(await record_of(lab, "13833330016"), "queue")
    assert [(each["queue"], each["result"]) for each in stays] == [
        ("t-full", "full"),
        ("t-linear", "abandoned"),
    ]


async def test_nobody_waits_in_a_queue_without_agents(lab, callers):
    """join_empty: false, and nobody is signed in."""
    (caller,) = await callers("13833330017", media=False)
    call = await caller.call("5013").until_answered()
    await until_waiting(lab, "t-linear", 1)
    call.hang_up()
    stays = segments(await record_of(lab, "13833330017"), "queue")
    assert [each["result"] for each in stays] == ["empty", "abandoned"]


async def test_an_agent_who_does_not_answer_is_paused(lab, agents, callers):
    """autopause_after 1: the next caller is not lost at a desk that nobody sits at."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13833330018", media=False)
    phone.behaviour = Ring()
    call = await caller.call("5014").until_answered()
    await (await phone.nth_call(1)).until_ended(4.0)

    async def paused() -> bool:
        agent = await lab.ccd_json("agent", "show", "1001")
        return (agent["status"], agent["reason"]) == ("paused", "autopause")

    await until(paused)
    call.hang_up()


async def test_wrap_up_gives_the_agent_a_rest(lab, agents, callers):
    """Two callers, one agent: the second is offered when the wrap-up is over, not before."""
    (phone,) = await agents("1001", media=False)
    first, second = await callers("13833330019", "13833330020", media=False)
    phone.behaviour = SHORT_TALK
    await first.call("5015").until_ended(8.0)
    call = second.call("5015")
    leg = await phone.nth_call(2, 6.0)
    assert 1.5 < leg.times.invited - phone.calls[0].times.ended < 3.0
    await call.until_ended(8.0)


async def test_a_waiting_caller_hears_where_they_stand_and_an_offer_cuts_it_short(lab, agents, callers):
    """The position is said (this queue has no music); an agent who becomes free meanwhile rings at once."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "pause", "1001")
    (caller,) = await callers("13833330021")
    call = await caller.call("5016").until_answered()
    await until(call.audio.hears_sound, what="the announcement")
    phone.behaviour = SHORT_TALK
    asked = time.monotonic()
    await lab.ccd("agent", "ready", "1001")
    leg = await phone.nth_call(1)
    assert leg.times.invited - asked < 1.0
    await call.until_ended(10.0)
