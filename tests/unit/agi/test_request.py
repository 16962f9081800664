"""What Asterisk tells of a channel is hostile until it was cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.agi.request import MAX_ARGUMENT, MAX_TEXT, AgiRequest, clean
from ccd.errors import AgiProtocolError

FIELDS = {
    "agi_network_script": "next",
    "agi_channel": "PJSIP/trunk-0000002a",
    "agi_uniqueid": "1795291036.1",
    "agi_callerid": "13800000000",
    "agi_calleridname": "张伟",
    "agi_dnid": "4000",
    "agi_language": "zh",
    "agi_extension": "4000",
    "agi_context": "ccd-inbound",
}


def test_a_request_says_who_asks_and_what():
    """The dialplan's arguments come in order, empty ones included."""
    request = AgiRequest.parse({**FIELDS, "agi_arg_1": "number/4000", "agi_arg_2": "", "agi_arg_3": "dial"})
    assert request == AgiRequest(
        script="next",
        args=("number/4000", "", "dial"),
        channel="PJSIP/trunk-0000002a",
        uniqueid="1795291036.1",
        callerid="13800000000",
        callerid_name="张伟",
        dnid="4000",
        language="zh",
        extension="4000",
        context="ccd-inbound",
    )


def test_a_caller_without_number_has_none():
    """Asterisk's word `unknown` is not taken for a number or a name."""
    request = AgiRequest.parse({**FIELDS, "agi_callerid": "unknown", "agi_calleridname": "unknown"})
    assert (request.callerid, request.callerid_name) == ("", "")


@pytest.mark.parametrize("missing", ["agi_channel", "agi_uniqueid"])
def test_an_environment_without_channel_is_refused(missing):
    """A peer that names no channel is no Asterisk."""
    with pytest.raises(AgiProtocolError, match="names no channel"):
        AgiRequest.parse({name: value for name, value in FIELDS.items() if name != missing})


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("张\u3000伟", "张\u3000伟"),
        ("a\u202egnp.exe", "a\ufffdgnp.exe"),
        ("tab\there\x1b[31m", "tab\ufffdhere\ufffd[31m"),
        ("a\u2028b", "a\ufffdb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_harmful_characters_are_replaced_and_words_are_kept(given_text, kept):
    """Control and bidirectional characters go; Chinese spaces and Persian joiners stay."""
    assert clean(given_text) == kept


def test_a_name_of_4_kb_is_cut():
    """A long name is stored in part, an argument keeps what ccd's own state may need."""
    request = AgiRequest.parse({**FIELDS, "agi_calleridname": "n" * 4096, "agi_arg_1": "a" * 4096})
    assert (len(request.callerid_name), len(request.args[0])) == (MAX_TEXT, MAX_ARGUMENT)


@given(st.text())
def test_cleaned_text_has_no_line_and_no_more_than_was_asked(text):
    """Whatever comes, what is kept fits on one line of a log, and cleaning it again changes nothing."""
    kept = clean(text, 50)
    assert len(kept) <= 50
    assert len(kept.splitlines()) <= 1
    assert clean(kept, 50) == kept
