"""Who is rung for whom when callers need skills, queues close, callers are moved, and other queues help."""

import contextlib
from collections.abc import AsyncIterator

from tests.asterisk.phones import Ring
from tests.asterisk.stories import SHORT_TALK, record_of, segments, until_free, until_state, until_waiting
from tests.asterisk.test_flows import edited
from tests.asterisk.test_restarts import kill_ccd
from tests.support import until


@contextlib.asynccontextmanager
async def serving(lab, **queues: str) -> AsyncIterator[None]:
    """Give agents one queue of these tests each, and take their skills away in the end."""
    try:
        for agent, queue in queues.items():
            await lab.ccd("agent", "update", agent.removeprefix("a"), "--queue", queue.replace("_", "-"))
        yield
    finally:
        for agent in queues:
            number = agent.removeprefix("a")
            await lab.ccd("agent", "update", number, "--skill", "english=0", "--rest", "0")
        await lab.restore_queues()


async def test_a_relaxed_need_reaches_the_phone_of_who_has_less(lab, agents, callers):
    """Level 50 is asked for; after two seconds 30 is enough: that phone rings, the unskilled one never."""
    async with serving(lab, a1001="e-skilled", a1002="e-skilled"):
        await lab.ccd("agent", "update", "1002", "--skill", "english=40")
        plain, skilled = await agents("1001", "1002", media=False)
        skilled.behaviour = SHORT_TALK
        (caller,) = await callers("13854010001", media=False)
        call = await caller.call("5401").until_answered()
        await call.until_ended(8.0)
        waited = skilled.calls[0].times.invited - call.times.answered
        assert 1.8 < waited < 3.0
        assert not plain.calls
        record = await record_of(lab, "13854010001")
        told = await lab.ccd("explain", record["id"])
        assert "needs english 30" in told
        assert "lacks   english 30 (has 0)" in told
        # a caller whom nobody can serve does not keep those behind from being served
        await lab.ccd("agent", "update", "1002", "--skill", "english=60", "--rest", "2")
        second = await (await callers("13854010002", media=False))[0].call("5401").until_answered()
        await second.until_ended(8.0)
        ended = skilled.calls[1].times.ended
        third = await (await callers("13854010003", media=False))[0].call("5401").until_answered()
        await third.until_ended(8.0)
        assert skilled.calls[2].times.invited - ended > 1.8  # the agent rests between two calls


async def test_a_closed_queue_tells_those_who_wait_and_those_who_come(lab, callers):
    """The chosen prompt is heard, then the flow goes on; it stays closed when ccd is killed."""
    waiting, coming = await callers("13854020001", "13854020002")
    call = await waiting.call("5402").until_answered()
    await until_waiting(lab, "e-door", 1)
    try:
        await lab.ccd("queue", "close", "e-door", "--say", "own/tone-600", "--waiting", "leave")
        await until(lambda: call.audio.hears_tone(600), what="the closing prompt")
        await until(lambda: call.audio.hears_tone(1100), what="what follows on_closed")
        await call.until_ended(6.0)
        assert (await record_of(lab, "13854020001"))["outcome"] == "closed"
        await kill_ccd(lab)
        assert "closed by hand" in await lab.ccd("queue", "show", "e-door")
        call = await coming.call("5402").until_answered()
        await until(lambda: call.audio.hears_tone(600), what="the closing prompt, after a restart")
        call.hang_up()
        assert (await lab.ask("status"))["queues_closed"] == ["e-door"]
    finally:
        await lab.ccd("queue", "open", "e-door")
    call = await coming.call("5402").until_answered()
    await until_waiting(lab, "e-door", 1)
    call.hang_up()


async def test_everybody_is_moved_in_order_and_a_kill_does_not_move_them_back(lab, agents, callers):
    """They keep the time of joining: before whoever came to the other queue later, after the restart, too."""
    numbers = ["13854030001", "13854030002", "13854030003"]
    first, second, third = await callers(*numbers, media=False)
    calls = [await first.call("5402").until_answered()]
    await until_waiting(lab, "e-door", 1)
    calls.append(await second.call("5402").until_answered())
    await until_waiting(lab, "e-door", 2)
    calls.append(await third.call("5404").until_answered())
    await until_waiting(lab, "e-side", 1)
    assert "2 moved from e-door to e-side" in await lab.ccd("queue", "move", "e-door", "e-side")
    waiting = (await lab.ask("queues", "e-side"))["callers"]
    assert [each["number"] for each in waiting] == numbers
    await lab.ccd("call", "priority", waiting[1]["call_id"], "5")
    await kill_ccd(lab)
    await until_waiting(lab, "e-side", 3)
    (phone,) = await agents("1001", media=False)
    phone.behaviour = SHORT_TALK
    async with serving(lab, a1001="e-side"):
        for call in calls:
            await call.until_ended(15.0)
        assert [call.peer_number for call in phone.calls] == [numbers[1], numbers[0], numbers[2]]
    record = await record_of(lab, numbers[0])
    assert (record["outcome"], record["queue"]) == ("answered", "e-side")


async def test_a_moved_callers_record_has_both_stays(lab, agents, callers):
    """Phones that ring are let ring; then the caller goes over."""
    async with serving(lab, a1001="e-door", a1002="e-side"):
        here, there = await agents("1001", "1002", media=False)
        here.behaviour, there.behaviour = Ring(), SHORT_TALK
        (caller,) = await callers("13854040001", media=False)
        call = await caller.call("5402").until_answered()
        await (await here.nth_call(1)).until_ringing()
        (waiting,) = (await lab.ask("queues", "e-door"))["callers"]
        await lab.ccd("call", "move", waiting["call_id"], "e-side")
        assert not there.calls
        await call.until_ended(12.0)
    stays = segments(await record_of(lab, "13854040001"), "queue")
    assert [(each["queue"], each["result"]) for each in stays] == [
        ("e-door", "transferred"),
        ("e-side", "answered"),
    ]


async def test_other_queues_help_and_then_take_over(lab, agents, callers):
    """After 1.5 s agents who help are rung, and the caller keeps their queue; after 4 s they go over."""
    first, second = await callers("13854050001", "13854050002", media=False)
    (phone,) = await agents("1001", media=False)
    phone.behaviour = SHORT_TALK
    async with serving(lab, a1001="e-help"):
        call = await first.call("5403").until_answered()
        await call.until_ended(10.0)
        assert 1.3 < phone.calls[0].times.invited - call.times.answered < 2.8
    helped = await record_of(lab, "13854050001")
    assert [each["queue"] for each in segments(helped, "queue")] == ["e-busy"]
    assert "help of e-help" in await lab.ccd("explain", helped["id"])
    async with serving(lab, a1001="e-side"):
        call = await second.call("5403").until_answered()
        await call.until_ended(10.0)
        assert 3.8 < phone.calls[1].times.invited - call.times.answered < 5.5
    moved = await record_of(lab, "13854050002")
    assert [each["queue"] for each in segments(moved, "queue")] == ["e-busy", "e-side"]
    assert (helped["outcome"], moved["outcome"]) == ("answered", "answered")


async def test_the_calendar_closes_a_queue_and_opens_it_again(lab, agents, callers):
    """Who waits there leaves and who comes is told; whose next queue it is goes over when it opens."""
    waiting, coming, patient = await callers("13854060001", "13854060002", "13854060003")
    (phone,) = await agents("1001", media=False)
    phone.behaviour = SHORT_TALK
    call = await waiting.call("5405").until_answered()
    await until_waiting(lab, "e-shop", 1)
    async with edited(lab, "engine.yaml", lambda told: told.replace("override: open", "override: closed")):
        await until(lambda: call.audio.hears_tone(1100), what="what follows on_closed")
        call = await coming.call("5405").until_answered()
        await until(lambda: call.audio.hears_tone(1100), what="what who comes then is told")
        assert "closed by its hours" in await lab.ccd("queue", "show", "e-shop")
        stays = await patient.call("5406").until_answered()
        await until_waiting(lab, "e-late", 1)

        async def was_passed_over() -> bool:
            (caller,) = (await lab.ask("queues", "e-late"))["callers"]
            return caller["waited_s"] > 0.5

        await until(was_passed_over)
    await until_waiting(lab, "e-shop", 1)
    async with serving(lab, a1001="e-shop"):
        await stays.until_ended(8.0)
    told = [await record_of(lab, each) for each in ("13854060001", "13854060002", "13854060003")]
    assert [each["outcome"] for each in told] == ["closed", "closed", "answered"]
    assert [(each["queue"], each["result"]) for each in segments(told[2], "queue")] == [
        ("e-late", "transferred"),
        ("e-shop", "answered"),
    ]


async def test_an_agent_rings_and_rests_by_their_own_times(lab, agents, callers):
    """One second and not four, three and not none; set anew without them, the queue's times count again."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13854070001", media=False)
    phone.script, phone.behaviour = [Ring()], SHORT_TALK
    try:
        await lab.ccd("agent", "update", "1001", "--queue", "e-side:0:ring=1:wrap_up=3")
        call = await caller.call("5404").until_answered()
        await call.until_ended(10.0)
        missed = phone.calls[0].times
        assert 0.7 < missed.ended - missed.invited < 3.0
        await until_state(lab, "wrap_up", "1001")
        assert "wrap-up of 3 s" in await lab.ccd("agent", "show", "1001")
        await until_free(lab, "1001")
        await lab.ccd("agent", "update", "1001", "--queue", "e-side")
        assert "wrap-up" not in await lab.ccd("agent", "show", "1001")
    finally:
        await lab.restore_queues()
    record = await record_of(lab, "13854070001")
    assert [each["result"] for each in segments(record, "offer")] == ["no_answer", "answered"]
