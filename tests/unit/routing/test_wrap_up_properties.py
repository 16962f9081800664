"""Whatever an agent does after a talk: the wrap-up ends by its cap, and what is owed is never forgotten."""

from hypothesis import given as for_all
from hypothesis import strategies as st

from ccd.history import DispositionChosen
from tests.unit.routing.hotline import agent, given, notes

DOINGS = st.lists(
    st.one_of(
        st.sampled_from(["more", "done", "ready", "pause", "dispose", "move"]),
        st.floats(min_value=0.0, max_value=40.0),
    ),
    max_size=12,
)


@for_all(
    doings=DOINGS,
    wrap_up_s=st.sampled_from([0.0, 10.0]),
    more_s=st.sampled_from([5.0, 30.0]),
    max_s=st.sampled_from([5.0, 60.0]),
    required=st.booleans(),
)
def test_a_wrap_up_keeps_to_its_cap_and_a_disposition_is_never_forgotten(
    doings, wrap_up_s, more_s, max_s, required
):
    """Until the code is given, or `none` at the cap, nobody is offered to an agent who owes it."""
    hotline = given(
        agent("1"),
        wrap_up_s=wrap_up_s,
        wrap_up_more_s=more_s,
        wrap_up_max_s=max_s,
        disposition_required=required,
    )
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.hang_up("1")
    cap_at = hotline.now + max(wrap_up_s, max_s)
    for doing in doings:
        match doing:
            case "more":
                hotline.wrap_up_more("1")
            case "done":
                hotline.wrap_up_done("1")
            case "ready":
                hotline.ready("1")
            case "pause":
                hotline.pause("1")
            case "dispose":
                hotline.dispose("1")
            case "move":
                hotline.sign_in("1", "1007")
            case seconds:
                hotline.pass_time(seconds)
        one = hotline.agent("1")
        assert one.wrap_up_until_at is None or one.wrap_up_until_at <= cap_at
        disposed = bool(notes(hotline.said, DispositionChosen))
        assert not required or disposed or one.owes_disposition
        assert not one.owes_disposition or (one.obstacle != "" and hotline.now < cap_at)
    hotline.pass_time(100.0)
    codes = [entry.code for entry in notes(hotline.said, DispositionChosen)]
    assert hotline.agent("1").wrap_up_until_at is None
    assert bool(codes) or not required
    assert "none" not in codes[1:]
