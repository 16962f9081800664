"""What a business's system may answer, and what is refused."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.lookup.answer import MAX_FACTS, read_answer
from ccd.model import LookupAnswer, LookupOutcome


def test_an_answer_with_everything_is_taken_as_it_is():
    """Numbers and truth values become the texts that variables are; what we do not know is passed over."""
    answer = read_answer(
        json.dumps(
            {
                "queue": "vip",
                "agent": 8001,
                "priority": 10,
                "language": "zh",
                "skills": {"english": 50},
                "variables": {"balance": 12.5, "gold": True, "name": "王", "none": None},
                "data": {"Customer": "A-17", "Orders": 3},
                "crm_version": "7",
            }
        ).encode()
    )
    assert answer == LookupAnswer(
        outcome=LookupOutcome.FOUND,
        queue="vip",
        agent="8001",
        priority=10,
        language="zh",
        skills={"english": 50},
        variables={"balance": "12.5", "gold": "true", "name": "王"},
        data={"Customer": "A-17", "Orders": "3"},
    )


def test_a_caller_who_is_not_known():
    """`found: false` is an answer, an empty mapping says that there is nothing to say."""
    assert read_answer(b'{"found": false}').outcome is LookupOutcome.NOT_FOUND
    assert read_answer(b"{}").outcome is LookupOutcome.FOUND


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"[]", b"null", b"<html>", b"\xff", b'{"queue": '),
        *(b'{"found": "yes"}', b'{"queue": "../x"}', b'{"queue": "a,b"}', b'{"agent": "8001&8002"}'),
        *(b'{"priority": "10"}', b'{"priority": 1001}', b'{"priority": true}', b'{"language": "de"}'),
        *(b'{"skills": {"english": 101}}', b'{"skills": {"A B": 1}}', b'{"variables": {"CHANNEL(x)": "1"}}'),
        b'{"variables": {"a": {"b": 1}}}',
        json.dumps({"variables": {"a": "x" * 257}}).encode(),
        json.dumps({"variables": {f"v{n}": "" for n in range(MAX_FACTS + 1)}}).encode(),
        json.dumps({"data": {f"v{n}": "x" * 500 for n in range(10)}}).encode(),
        b"[" * 5000,
    ],
    ids=lambda answer: answer[:24].decode(errors="replace"),
)
def test_nonsense_is_refused_as_a_whole(answer):
    """A caller is not routed by half an answer."""
    with pytest.raises(ValueError, match=r".+"):
        read_answer(answer)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_refused(body):
    """Nothing else is raised."""
    with contextlib.suppress(ValueError):
        assert isinstance(read_answer(body), LookupAnswer)
