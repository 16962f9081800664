"""Whom each strategy rings, seen from the phones."""

import asyncio
from collections import Counter

from tests.asterisk.phones import Answer, CallState, Ring
from tests.asterisk.stories import SHORT_TALK, record_of, segments, until_free, who_takes
from tests.support import until

THREE = ("1001", "1002", "1003")


async def taken(lab, agents, callers, target: str, calls: int) -> list[str]:
    """Place calls one after the other; tell who took each."""
    phones = await agents(*THREE, media=False)
    (caller,) = await callers(f"1382222{target}", media=False)
    for phone in phones:
        phone.behaviour = SHORT_TALK
    return [await who_takes(lab, caller, target, phones) for _ in range(calls)]


async def test_round_robin_goes_round_and_remembers_where_it_stood(lab, agents, callers):
    """rrmemory: everyone in turn, wherever it starts."""
    order = await taken(lab, agents, callers, "5002", 6)
    assert sorted(order[:3]) == list(THREE)
    assert order[3:] == order[:3]


async def test_fewest_calls_levels_out(lab, agents, callers):
    """fewestcalls: after six calls each of three has taken two."""
    assert Counter(await taken(lab, agents, callers, "5003", 6)) == dict.fromkeys(THREE, 2)


async def test_longest_idle_comes_first(lab, agents, callers):
    """leastrecent: whoever took a call goes to the end of the line."""
    order = await taken(lab, agents, callers, "5004", 6)
    assert sorted(order[:3]) == list(THREE)
    assert order[3:] == order[:3]


async def test_most_recent_stays_with_who_took_the_last_call(lab, agents, callers):
    """mostrecent: the same agent again and again."""
    assert len(set((await taken(lab, agents, callers, "5005", 4))[1:])) == 1


async def test_random_leaves_nobody_out_for_ever(lab, agents, callers):
    """random: over twelve calls more than one agent is chosen."""
    assert len(set(await taken(lab, agents, callers, "5006", 12))) > 1


async def test_linear_always_begins_at_the_top(lab, agents, callers):
    """linear: the first of the queue, as long as they are free."""
    assert await taken(lab, agents, callers, "5007", 3) == ["1001"] * 3


async def test_ring_all_rings_everyone_and_one_wins(lab, agents, callers):
    """ringall: all phones ring; one answers, the others stop within half a second and have missed nothing."""
    phones = await agents(*THREE)
    (caller,) = await callers("13822225001")
    for phone in phones:
        phone.behaviour = Ring()
    call = await caller.call("5001").until_answered()
    legs = [await phone.nth_call(1) for phone in phones]
    for leg in legs:
        await leg.until_ringing()
    legs[1].answer()
    await legs[1].until_answered()
    answered = legs[1].times.answered
    for loser in (legs[0], legs[2]):
        await loser.until_ended()
        assert loser.times.ended - answered < 0.5
    await until_free(lab, "1001", "1003")
    for agent in ("1001", "1003"):
        assert (await lab.ccd_json("agent", "show", agent))["missed_in_a_row"] == 0
    call.hang_up()
    record = await record_of(lab, "13822225001")
    assert record["agent"] == "1002"
    results = {each["agent"]: each["result"] for each in segments(record, "offer")}
    assert results == {"1001": "lost_race", "1002": "answered", "1003": "lost_race"}


async def test_two_phones_that_answer_in_the_same_instant_make_one_talk(lab, agents, callers):
    """ringall: one bridge, whoever was first; the other phone is let go."""
    phones = await agents("1001", "1002")
    (caller,) = await callers("13822225101")
    for phone in phones:
        phone.behaviour = Ring()
    call = await caller.call("5001").until_answered()
    legs = [await (await phone.nth_call(1)).until_ringing() for phone in phones]
    for leg in legs:
        leg.answer()
    await until(lambda: sum(leg.state is CallState.UP for leg in legs) == 1, what="one phone is let go")
    await asyncio.wait_for(
        until_free(
            lab, *[p.extension for p, leg in zip(phones, legs, strict=True) if leg.state is CallState.ENDED]
        ),
        5,
    )
    call.hang_up()
    record = await record_of(lab, "13822225101")
    assert len(segments(record, "talk")) == 1


async def test_a_known_caller_reaches_the_agent_who_knows_them(lab, agents, callers):
    """Sticky: the second call goes to whom the first one talked with, not to the first of the line."""
    phones = await agents(*THREE, media=False)
    (caller,) = await callers("13822225010", media=False)
    for phone in phones:
        phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "pause", "1001")
    assert await who_takes(lab, caller, "5010", phones[1:]) == "1002"
    await record_of(lab, "13822225010")
    await lab.ccd("agent", "ready", "1001")
    assert await who_takes(lab, caller, "5010", phones) == "1002"
    record = await record_of(lab, "13822225010", count=2)
    assert record["sticky"] == "hit"


async def test_a_known_caller_waits_a_while_for_their_agent_and_then_takes_another(lab, agents, callers):
    """Sticky miss: the own agent talks for longer than the caller is to wait for them."""
    phones = await agents("1001", "1002", media=False)
    first, second = await callers("13822225011", "13822225012", media=False)
    await lab.ccd("customer", "owner", "13822225012", "1002")
    await lab.ccd("agent", "pause", "1001")
    phones[1].behaviour = Answer()
    busy = await first.call("5010").until_answered()
    await (await phones[1].nth_call(1)).until_answered()
    await lab.ccd("agent", "ready", "1001")
    phones[0].behaviour = SHORT_TALK
    call = await second.call("5010").until_answered()
    offered = await phones[0].nth_call(1, 6.0)
    assert 2.5 < offered.times.invited - call.times.answered < 4.5
    await call.until_ended()
    busy.hang_up()
    assert (await record_of(lab, "13822225012"))["sticky"] == "miss"


async def test_a_known_caller_does_not_wait_for_an_agent_who_is_away(lab, agents, callers):
    """Sticky: the owner is signed out, so the strategy decides at once."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13822225013", media=False)
    await lab.ccd("customer", "owner", "13822225013", "1003")
    phone.behaviour = SHORT_TALK
    call = await caller.call("5010").until_answered()
    offered = await phone.nth_call(1)
    assert offered.times.invited - call.times.answered < 0.5
