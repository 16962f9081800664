"""How many breaks a shift has, how long they may last together, and when a shift ends."""

from hypothesis import given as whatever
from hypothesis import strategies as st

from ccd.events import BreaksConfigured
from ccd.history import AgentStatusChanged, BreakOverdue
from ccd.model import AgentNumber, AgentStatus, BreakLimit, BreakUse
from tests.unit.routing.hotline import Hotline, agent, given, notes, queue, saved

GAP_S = 1000.0
ONE = AgentNumber("1")


def limited(**limit) -> Hotline:
    """Give a hotline whose agents' lunch breaks are limited."""
    hotline = given(agent("1"))
    hotline.tell(limits(**limit))
    return hotline


def limits(**limit) -> BreaksConfigured:
    """Limit lunch breaks."""
    return BreaksConfigured(limits={"lunch": BreakLimit(**limit)}, shift_gap_s=GAP_S)


def have_lunch(hotline: Hotline, seconds: float) -> None:
    """Let the agent take a break."""
    hotline.pause("1", "lunch")
    hotline.pass_time(seconds)
    hotline.ready("1")


def test_a_shift_has_so_many_breaks():
    """The last one is no longer there; another reason is, and whoever is on it may stay."""
    hotline = limited(per_shift=2)
    have_lunch(hotline, 10.0)
    assert hotline.engine.may_break(ONE, "lunch")
    hotline.pause("1", "lunch")
    assert hotline.engine.may_break(ONE, "lunch"), "that one is under way"
    hotline.ready("1")
    assert not hotline.engine.may_break(ONE, "lunch")
    assert hotline.engine.may_break(ONE, "meeting")
    assert hotline.agent("1").breaks == {"lunch": BreakUse(taken=2, spent_s=10.0)}


def test_the_time_of_a_shifts_breaks_is_added_up():
    """The break in which it is used up is overdue at that instant; then there is no more."""
    hotline = limited(shift_s=60.0, max_s=50.0)
    have_lunch(hotline, 40.0)
    hotline.pause("1", "lunch")
    assert hotline.agent("1").break_until_at == hotline.now + 20.0
    assert notes(hotline.pass_time(19.9), BreakOverdue) == []
    assert len(notes(hotline.pass_time(0.2), BreakOverdue)) == 1
    hotline.ready("1")
    assert not hotline.engine.may_break(ONE, "lunch")


def test_the_longest_break_counts_where_it_is_less_than_what_is_left():
    """Whichever ends first."""
    hotline = limited(shift_s=600.0, max_s=50.0)
    have_lunch(hotline, 40.0)
    hotline.pause("1", "lunch")
    assert hotline.agent("1").break_until_at == hotline.now + 50.0


def test_an_overdue_break_ends_in_a_sign_out_by_the_shifts_time_too():
    """So long after the shift's time was used up."""
    hotline = limited(shift_s=60.0, sign_out_after_s=30.0)
    hotline.pause("1", "lunch")
    hotline.pass_time(60.0)
    assert hotline.agent("1").overdue
    hotline.pass_time(29.9)
    assert hotline.agent("1").signed_in_at is not None
    hotline.pass_time(0.2)
    assert hotline.agent("1").signed_in_at is None


def test_signing_out_and_in_again_gives_no_new_breaks_until_the_gap_is_over():
    """Else everyone had as many as they sign in; also a break that ends by signing out counts."""
    hotline = limited(per_shift=1)
    hotline.pause("1", "lunch")
    hotline.pass_time(7.0)
    hotline.sign_out("1")
    hotline.pass_time(GAP_S)
    hotline.sign_in("1")
    assert hotline.agent("1").breaks == {"lunch": BreakUse(taken=1, spent_s=7.0)}
    assert not hotline.engine.may_break(ONE, "lunch")
    hotline.sign_out("1")
    hotline.pass_time(GAP_S + 1.0)
    hotline.sign_in("1")
    assert hotline.engine.may_break(ONE, "lunch")
    assert hotline.agent("1").breaks == {}


def test_what_was_used_outlives_a_restart():
    """The one under way, too: it is taken, and its time is counted from its beginning."""
    hotline = limited(per_shift=2, shift_s=100.0)
    have_lunch(hotline, 40.0)
    hotline.pause("1", "lunch")
    hotline.pass_time(10.0)
    again = Hotline()
    again.now = hotline.now
    again.tell(limits(per_shift=2, shift_s=100.0))
    again.configure(queue())
    again.employ(agent("1"), snapshots=[saved(hotline.said, "1")])
    assert notes(again.pass_time(49.9), BreakOverdue) == []
    assert len(notes(again.pass_time(0.2), BreakOverdue)) == 1
    again.ready("1")
    assert not again.engine.may_break(ONE, "lunch")


def test_a_reload_that_changes_no_limit_flags_nobody_again():
    """An agent is told once; a longer limit is another one."""
    hotline = limited(max_s=60.0)
    hotline.pause("1", "lunch")
    assert len(notes(hotline.pass_time(60.0), BreakOverdue)) == 1
    hotline.tell(limits(max_s=60.0))
    assert notes(hotline.pass_time(0.0), BreakOverdue) == []
    assert hotline.agent("1").overdue
    hotline.tell(limits(max_s=90.0))
    assert not hotline.agent("1").overdue
    assert len(notes(hotline.pass_time(30.0), BreakOverdue)) == 1


def test_breaks_without_a_reason_are_not_counted():
    """There is nothing to limit them by."""
    hotline = limited(per_shift=1)
    hotline.pause("1", "")
    hotline.ready("1")
    assert hotline.agent("1").breaks == {}


@whatever(st.lists(st.tuples(st.sampled_from(["pause", "meet", "ready", "out", "in"]), st.integers(0, 300))))
def test_whatever_an_agent_does_the_log_says_the_same(deeds):
    """Breaks and their time, counted anew from the changes of status, are those that the engine has."""
    hotline = limited(per_shift=2, shift_s=400.0, max_s=100.0, sign_out_after_s=50.0)
    do = {
        "pause": lambda: hotline.engine.may_break(ONE, "lunch") and hotline.pause("1", "lunch"),
        "meet": lambda: hotline.pause("1", "meeting"),
        "ready": lambda: hotline.ready("1"),
        "out": lambda: hotline.sign_out("1"),
        "in": lambda: hotline.sign_in("1"),
    }
    for deed, seconds in deeds:
        do[deed]()
        hotline.pass_time(float(seconds))
        assert hotline.agent("1").breaks == counted(notes(hotline.said, AgentStatusChanged))
        hotline.engine.validate()
    used = hotline.agent("1").breaks.get("lunch", BreakUse())
    assert used.taken <= 2


def counted(changes: list[AgentStatusChanged]) -> dict[str, BreakUse]:
    """Add up the breaks of the last shift."""
    used, since = {}, 0.0
    for change in changes:
        if change.previous is AgentStatus.LOGGED_OUT and change.at - since > GAP_S:
            used = {}
        if change.previous is AgentStatus.PAUSED:
            before = used[change.previous_reason]
            spent_s = before.spent_s + change.at - since
            used[change.previous_reason] = BreakUse(taken=before.taken, spent_s=spent_s)
        if change.status is AgentStatus.PAUSED:
            before = used.get(change.reason, BreakUse())
            used[change.reason] = BreakUse(taken=before.taken + 1, spent_s=before.spent_s)
        since = change.at
    return used
