"""The survey: one valid digit, and a whole entry whatever the caller does."""

import pytest

from ccd.errors import AgiHangupError
from ccd.history import SurveyEnded, SurveyOffered
from ccd.ivr.ports import Ended
from tests.unit.ivr.fakes import Call


@pytest.mark.parametrize(
    ("keys", "digit", "label", "heard"),
    [
        (".1", "1", "satisfied", ["survey-question", "wait", "survey-thanks"]),
        ("3", "3", "not satisfied", ["survey-question", "survey-thanks"]),
        (
            ".7.1",
            "1",
            "satisfied",
            ["survey-question", "wait", "invalid-choice", "survey-question", "survey-thanks"],
        ),
        (".7..7", "", "", ["survey-question", "wait", "invalid-choice", "survey-question", "wait"]),
        ("", "", "", ["survey-question", "wait", "survey-question", "wait"]),
    ],
)
async def test_a_survey_takes_one_valid_digit(keys, digit, label, heard):
    """Question, digit, thanks; wrong keys get another try, silence too, and then it is over."""
    call = Call(nodes={"ask": {"survey": "satisfaction"}}, keys=keys)
    assert await call.walk() is Ended.FINISHED
    assert [what.removeprefix("en/").removesuffix(" 5") for what in call.voice.heard] == heard
    offered, ended = call.host.entries[-2:]
    assert isinstance(offered, SurveyOffered)
    assert isinstance(ended, SurveyEnded)
    assert (ended.digit, ended.label) == (digit, label)
    assert (ended.survey, ended.queue, ended.agent) == ("satisfaction", "sales", "8001")


async def test_the_label_is_in_the_callers_language():
    """Chinese callers are recorded with the Chinese words."""
    call = Call(nodes={"ask": {"survey": "satisfaction"}}, keys=".1", language="zh")
    await call.walk()
    assert call.host.entries[-1].label == "满意"


@pytest.mark.parametrize(("keys", "digit"), [("!", ""), (".!", ""), (".7!", ""), (".1!", "1")])
async def test_a_survey_is_kept_when_the_caller_hangs_up_in_it(keys, digit):
    """Exactly one end for each offer; a digit pressed before the hang-up counts."""
    call = Call(nodes={"ask": {"survey": "satisfaction"}}, keys=keys)
    with pytest.raises(AgiHangupError):
        await call.walk()
    assert call.host.kinds() == ["FlowEntered", "NodeVisited", "FlowLeft", "SurveyOffered", "SurveyEnded"]
    assert call.host.entries[-1].digit == digit


async def test_an_early_key_is_no_rating():
    """A key pressed before the question was heard does not answer it."""
    nodes = {
        "bye": {"play": "welcome", "next": "ask"},
        "ask": {"survey": "satisfaction", "next": "end"},
        "end": {"play": "goodbye"},
    }
    call = Call(nodes=nodes, keys="1.")
    await call.walk()
    ended = next(entry for entry in call.host.entries if isinstance(entry, SurveyEnded))
    assert ended.digit == ""
    assert call.host.path() == "bye=done ask=survey end=done"
