"""The time after a talk: extended, capped, ended early, or kept for a disposition; breaks that end."""

import pytest

from ccd.events import BreaksConfigured, OutgoingTalkEnded
from ccd.history import AgentStatusChanged, BreakOverdue, DispositionChosen
from ccd.model import AgentNumber, AgentState, AgentStatus, BreakLimit, Undisposed
from tests.unit.routing.hotline import SALES, Hotline, agent, given, notes, offers, on_terms, queue, saved


def after_a_talk(of=None, **settings) -> Hotline:
    """Give a hotline whose only agent has just ended a talk."""
    hotline = given(of or agent("1"), **settings)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.hang_up("1")
    return hotline


def rest_s(hotline: Hotline) -> float:
    """Give how long the wrap-up will last."""
    until = hotline.agent("1").wrap_up_until_at
    return 0.0 if until is None else until - hotline.now


def test_a_wrap_up_is_extended_up_to_its_cap():
    """Each time by `wrap_up_more_s`, never beyond `wrap_up_max_s` after the talk."""
    hotline = after_a_talk(wrap_up_s=10.0, wrap_up_more_s=30.0, wrap_up_max_s=60.0)
    hotline.pass_time(5.0)
    hotline.wrap_up_more("1")
    assert rest_s(hotline) == 35.0
    hotline.wrap_up_more("1")
    assert rest_s(hotline) == 55.0
    hotline.wrap_up_more("1")
    assert rest_s(hotline) == 55.0
    hotline.join("c2")
    assert offers(hotline.pass_time(54.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c2", "1")]


def test_an_agent_may_have_a_rest_of_their_own():
    """In place of the queue's, for the cap and for the estimate, too."""
    hotline = after_a_talk(of=on_terms(agent("1"), wrap_up_s=3.0), wrap_up_s=10.0, wrap_up_max_s=4.0)
    assert rest_s(hotline) == 3.0
    hotline.wrap_up_more("1")
    assert rest_s(hotline) == 4.0
    assert hotline.engine.wrap_up_s(AgentNumber("1"), SALES) == 3.0
    hotline.employ(agent("1"))
    assert hotline.engine.wrap_up_s(AgentNumber("1"), SALES) == 10.0
    assert hotline.engine.wrap_up_s(AgentNumber("9"), SALES) == 0.0


def test_a_disposition_is_owed_for_no_less_than_the_agents_own_rest():
    """Given at once, the rest of the agent's own is what is left."""
    of = on_terms(agent("1"), wrap_up_s=7.0)
    hotline = after_a_talk(of=of, wrap_up_s=0.0, wrap_up_max_s=30.0, disposition_required=True)
    assert rest_s(hotline) == 30.0
    hotline.dispose("1")
    assert rest_s(hotline) == 7.0


def test_a_cap_below_the_wrap_up_shortens_nothing():
    """Whoever extends never loses time by it."""
    hotline = after_a_talk(wrap_up_s=10.0, wrap_up_more_s=5.0, wrap_up_max_s=3.0)
    hotline.wrap_up_more("1")
    assert rest_s(hotline) == 10.0


def test_there_is_nothing_to_extend_without_a_wrap_up():
    """The key does nothing then."""
    hotline = after_a_talk(wrap_up_s=0.0)
    assert hotline.wrap_up_more("1") == hotline.wrap_up_more("99") == []
    assert hotline.state("1") is AgentState.IDLE


def test_a_call_of_their_own_is_followed_by_a_rest_too():
    """As long as is configured; a longer rest is not cut, and who is signed out has none."""
    hotline = given(agent("1"), wrap_up_s=0.0)
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("1"), wrap_up_s=10.0))
    assert (hotline.state("1"), rest_s(hotline)) == (AgentState.WRAP_UP, 10.0)
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("1"), wrap_up_s=4.0))
    assert rest_s(hotline) == 10.0
    hotline.join("c1")
    assert offers(hotline.pass_time(9.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "1")]
    hotline.answer("c1", "1")
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("1"), wrap_up_s=10.0))
    hotline.hang_up("1")
    assert rest_s(hotline) == 0.0
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("1"), wrap_up_s=0.0))
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("99"), wrap_up_s=10.0))
    assert hotline.state("1") is AgentState.IDLE
    hotline.sign_out("1")
    hotline.tell(OutgoingTalkEnded(agent=AgentNumber("1"), wrap_up_s=10.0))
    hotline.sign_in("1")
    assert rest_s(hotline) == 0.0


def test_a_wrap_up_lasts_until_the_disposition_is_given():
    """Neither its time nor the agent's wish ends it; the code does, and is noted with its talk."""
    hotline = after_a_talk(wrap_up_s=5.0, wrap_up_max_s=100.0, disposition_required=True)
    hotline.join("c2")
    assert offers(hotline.pass_time(50.0)) == []
    assert offers(hotline.wrap_up_done("1")) == offers(hotline.ready("1")) == []
    assert hotline.agent("1").owes_disposition
    said = hotline.dispose("1", "sold")
    assert offers(said) == [("c2", "1")]
    (chosen,) = notes(said, DispositionChosen)
    assert (chosen.call_id, chosen.agent, chosen.queue, chosen.code) == ("c1", "1", "sales", "sold")
    assert chosen.offer_id == notes(hotline.said, DispositionChosen)[0].offer_id


def test_a_disposition_given_early_leaves_the_rest_of_the_wrap_up():
    """The usual wrap-up is the agent's in any case."""
    hotline = after_a_talk(wrap_up_s=10.0, disposition_required=True)
    hotline.pass_time(4.0)
    hotline.dispose("1")
    assert rest_s(hotline) == 6.0
    hotline.wrap_up_done("1")
    assert hotline.state("1") is AgentState.IDLE


def test_a_disposition_given_during_the_talk_is_owed_no_more():
    """It is noted at once, and the wrap-up is as usual."""
    hotline = given(agent("1"), wrap_up_s=10.0, disposition_required=True)
    hotline.join("c1")
    hotline.answer("c1", "1")
    assert [e.code for e in notes(hotline.dispose("1", "sold"), DispositionChosen)] == ["sold"]
    hotline.hang_up("1")
    assert rest_s(hotline) == 10.0
    assert not hotline.agent("1").owes_disposition


@pytest.mark.parametrize("undisposed", Undisposed)
def test_after_the_cap_the_disposition_is_none(undisposed):
    """The agent is then ready, or paused, as the queue says."""
    hotline = after_a_talk(
        wrap_up_s=5.0, wrap_up_max_s=60.0, disposition_required=True, undisposed=undisposed
    )
    hotline.join("c2")
    said = hotline.pass_time(60.0)
    assert [e.code for e in notes(said, DispositionChosen)] == ["none"]
    one = hotline.agent("1")
    if undisposed is Undisposed.READY:
        assert offers(said) == [("c2", "1")]
    else:
        assert offers(said) == []
        assert (one.status, one.reason) == (AgentStatus.PAUSED, "no_disposition")
        assert notes(said, AgentStatusChanged)[0].automatic
    hotline.dispose("1", "late")
    assert notes(hotline.said, DispositionChosen)[-1].code == "late"


def test_whoever_signs_out_owes_nothing_but_has_given_none():
    """A record is never left waiting for its code."""
    hotline = after_a_talk(disposition_required=True)
    assert [e.code for e in notes(hotline.sign_out("1"), DispositionChosen)] == ["none"]
    hotline.sign_in("1")
    assert hotline.state("1") is AgentState.IDLE


def test_what_is_owed_outlives_a_restart():
    """The snapshot holds the talk, and a new process waits for its code, up to the same instant."""
    hotline = after_a_talk(wrap_up_max_s=100.0, disposition_required=True)
    snapshot = saved(hotline.said, "1")
    for away_s, owes in ((50.0, True), (150.0, False)):
        again = Hotline()
        again.now = hotline.now + away_s
        again.configure(queue(disposition_required=True, wrap_up_max_s=100.0))
        again.employ(agent("1"), snapshots=[snapshot])
        again.synchronise()
        again.pass_time(0.0)
        assert again.agent("1").owes_disposition is owes
        assert [e.code for e in notes(again.said, DispositionChosen)] == ([] if owes else ["none"])
        again.dispose("1", "sold")
        assert notes(again.said, DispositionChosen)[-1].call_id == "c1"
        assert again.state("1") is AgentState.IDLE


def test_an_agent_without_any_talk_has_nothing_to_dispose_of():
    """Nothing is noted, nothing breaks."""
    hotline = given(agent("1"))
    assert hotline.dispose("1") == hotline.dispose("99") == []


# -------------------- how long a break may be


def limited(**limit) -> Hotline:
    """Give a hotline whose lunch break may last 60 s."""
    hotline = given(agent("1"))
    hotline.tell(BreaksConfigured(limits={"lunch": BreakLimit(max_s=60.0, **limit)}))
    return hotline


def test_a_break_that_lasts_too_long_is_flagged_once():
    """The agent stays on the break; a new break, or none, is not overdue."""
    hotline = limited()
    hotline.pause("1", "lunch")
    assert notes(hotline.pass_time(59.9), BreakOverdue) == []
    assert not hotline.agent("1").overdue
    (overdue,) = notes(hotline.pass_time(500.0), BreakOverdue)
    assert (overdue.agent, overdue.reason, overdue.at - overdue.since_at) == ("1", "lunch", 60.0)
    assert hotline.agent("1").overdue
    hotline.pause("1", "meeting")
    assert not hotline.agent("1").overdue
    assert notes(hotline.pass_time(500.0), BreakOverdue) == []
    hotline.pause("1", "lunch")
    hotline.ready("1")
    assert notes(hotline.pass_time(500.0), BreakOverdue) == []


def test_an_overdue_break_ends_in_a_sign_out_where_the_reason_wants_it():
    """So long after the limit; the reason tells why."""
    hotline = limited(sign_out_after_s=30.0)
    hotline.pause("1", "lunch")
    hotline.pass_time(89.9)
    assert hotline.agent("1").status is AgentStatus.PAUSED
    (out,) = notes(hotline.pass_time(0.2), AgentStatusChanged)
    assert (out.status, out.reason) == (AgentStatus.LOGGED_OUT, "break_overdue")
    assert not hotline.agent("1").overdue


def test_a_new_limit_holds_for_breaks_under_way_and_after_a_restart():
    """The break's beginning counts, whenever the limit was made known."""
    hotline = given(agent("1"))
    hotline.pause("1", "lunch")
    hotline.pass_time(100.0)
    hotline.tell(BreaksConfigured(limits={"lunch": BreakLimit(max_s=60.0)}))
    assert len(notes(hotline.pass_time(0.0), BreakOverdue)) == 1
    again = Hotline()
    again.now = hotline.now
    again.tell(BreaksConfigured(limits={"lunch": BreakLimit(max_s=160.0)}))
    again.configure(queue())
    again.employ(agent("1"), snapshots=[saved(hotline.said, "1")])
    assert notes(again.pass_time(59.9), BreakOverdue) == []
    assert len(notes(again.pass_time(0.1), BreakOverdue)) == 1
