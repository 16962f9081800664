"""The token that travels on a caller's channel."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.calls.carried import Dialled, LastStay, Served, Visit
from ccd.calls.token import MAX_TOKEN, Token
from ccd.errors import AgiProtocolError

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
SECONDS = st.integers(0, 4_000_000_000_000).map(lambda thousandths: thousandths / 1000)


TOKENS = st.builds(
    Token,
    call_id=TEXTS,
    started=SECONDS,
    place=TEXTS | st.just(""),
    language=st.sampled_from(["", "en", "zh"]),
    called=TEXTS | st.just(""),
    queue=st.none() | TEXTS,
    joined=st.none() | SECONDS,
    priority=st.integers(-1000, 1000),
    offer_id=st.none() | TEXTS,
    agent=st.none() | TEXTS,
    offers=st.integers(0, 9999),
    edge=st.sampled_from(["", "answered", "BUSY"]),
    home=st.none() | st.just("sales"),
    entered=st.none() | SECONDS,
    needs=st.dictionaries(st.sampled_from(["english", "bill-ing_2", "vip"]), st.integers(0, 100)),
    visit=st.none()
    | st.builds(
        Visit,
        mailbox=st.just("sales"),
        second=st.integers(0, 99_999),
        began=SECONDS,
        speaking=st.none() | SECONDS,
    ),
    dialled=st.none()
    | st.builds(
        Dialled,
        extension=st.just("1001"),
        agent=st.none() | st.just("8001"),
        queue=st.none() | st.just("sales"),
        rule=st.sampled_from(["", "internal"]),
        caller_id=st.sampled_from(["", "+8601088886666"]),
        answered=st.none() | SECONDS,
        internal=st.booleans(),
    ),
    last_stay=st.none()
    | st.builds(
        LastStay,
        queue=st.just("sales"),
        joined_at=SECONDS,
        priority=st.integers(-1000, 1000),
        needs=st.dictionaries(st.sampled_from(["english", "vip"]), st.integers(0, 100)),
        answered=st.booleans(),
    ),
    served=st.none()
    | st.builds(
        Served,
        offer_id=st.just("0a1b-7"),
        queue=st.just("sales"),
        agent=st.just("1001"),
        joined=SECONDS,
        began=SECONDS,
        ended=SECONDS,
    ),
)


@given(TOKENS)
def test_what_is_written_is_read_back(token):
    """A caller's place survives the way over the channel, whatever stands in it."""
    if token.entered is None:  # nobody is moved without a time
        token = replace(token, home=None)
    text = token.encode()
    assert not set(text) & set(' ",()[]\\\r\n\t')
    if len(text) <= MAX_TOKEN:
        assert Token.decode(text) == token


def test_names_that_are_too_long_cost_the_least_needed_and_never_the_place():
    """Where a caller stands is read back whatever else their channel cannot carry."""
    stay = LastStay(queue="q" * 64, joined_at=5.0, priority=0, needs={"s" * 64: 1})
    returns = tuple(f"{'f' * 64}:{'n' * 64}" for _ in range(5))
    token = Token(
        call_id="1.1",
        started=1.0,
        place=f"{'f' * 64}:{'n' * 64}",
        queue="q" * 64,
        home="h" * 64,
        entered=5.0,
        returns=returns,
        last_stay=stay,
    )
    text = token.encode()
    assert len(text) <= MAX_TOKEN
    assert Token.decode(text) == replace(token, last_stay=None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "i=1",
        "t=1",
        "i=1&t=soon",
        "i=1&t=nan",
        "i=1&t=1&j=inf",
        "i=1&t=1&h=-1",
        "i=1&t=1&v=o",
        "i=1&t=1&v=o|q|a|1|2",
        "i=1&t=1&v=o|q|a|1|2|x",
        "i=1&t=1&c=sales|1|high||",
        "i=1&t=1&c=sales",
        "i=1&t=1&x=2",
        "i=1&t=1&s=high",
        "i=1&t=1&p=" + "x" * MAX_TOKEN,
    ],
)
def test_what_is_no_token_of_ours_is_refused(text):
    """Whoever reaches the FastAGI port could send anything."""
    with pytest.raises(AgiProtocolError):
        Token.decode(text)


@given(st.text(max_size=200))
def test_no_text_does_worse_than_be_refused(text):
    """Garbage is AgiProtocolError or, by chance, a token."""
    with contextlib.suppress(AgiProtocolError):
        Token.decode(text)


def test_a_call_of_an_older_ccd_is_read():
    """Its token knew no internal calls; a talk goes on over an upgrade."""
    told = Dialled.decode("1001|8001||allow||12.500")
    assert (told.extension, told.answered, told.internal) == ("1001", 12.5, False)
