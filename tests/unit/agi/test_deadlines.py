"""One timer for all deadlines: each fires when it is due, none that was cleared."""

import asyncio
import math

from ccd.agi.deadlines import Deadlines
from tests.support import until


class Noted:
    """Notes that its deadline came."""

    def __init__(self, name, seen, deadlines=None):
        self.name, self.seen, self.deadlines = name, seen, deadlines

    def overdue(self):
        """Note it, and ask for another one where that is to be tried."""
        self.seen.append(self.name)
        if self.deadlines:
            deadlines, self.deadlines = self.deadlines, None
            deadlines.set(self, asyncio.get_running_loop().time() + 0.01)


async def test_deadlines_come_in_their_order():
    """A deadline set later but due earlier fires first."""
    deadlines, seen, now = Deadlines(), [], asyncio.get_running_loop().time()
    for name, after_s in (("third", 0.03), ("first", 0.01), ("second", 0.02)):
        deadlines.set(Noted(name, seen), now + after_s)
    await until(lambda: len(seen) == 3)
    assert seen == ["first", "second", "third"]


async def test_a_cleared_deadline_does_not_come():
    """The reply came in time: nothing happens, not even when the timer stood at that deadline."""
    deadlines, seen, now = Deadlines(), [], asyncio.get_running_loop().time()
    cleared = Noted("cleared", seen)
    deadlines.set(cleared, now + 0.01)
    deadlines.set(Noted("other", seen), now + 0.03)
    deadlines.clear(cleared)
    deadlines.clear(cleared)
    await until(lambda: seen)
    assert seen == ["other"]


async def test_a_moved_deadline_comes_once():
    """Setting again replaces."""
    deadlines, seen, now = Deadlines(), [], asyncio.get_running_loop().time()
    moved = Noted("moved", seen)
    deadlines.set(moved, now + 0.01)
    deadlines.set(moved, now + 0.02)
    deadlines.set(Noted("last", seen), now + 0.04)
    await until(lambda: "last" in seen)
    assert seen == ["moved", "last"]


async def test_a_deadline_may_set_the_next_one():
    """What is overdue can be given another chance from within."""
    deadlines, seen = Deadlines(), []
    deadlines.set(Noted("again", seen, deadlines), asyncio.get_running_loop().time() + 0.01)
    await until(lambda: len(seen) == 2)


async def test_without_deadlines_no_timer_stands():
    """At rest nothing wakes the loop."""
    deadlines, seen = Deadlines(), []
    deadlines.set(Noted("one", seen), asyncio.get_running_loop().time() + 0.01)
    await until(lambda: seen)
    assert deadlines._timer is None
    assert deadlines._armed_at == math.inf
