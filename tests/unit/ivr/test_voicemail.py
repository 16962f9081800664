"""Leaving a message: what the caller hears, what their keys do, and where the flow goes on."""

import pytest

from ccd.errors import AgiHangupError
from tests.unit.ivr.fakes import Call

FLOW = {
    "message": {"voicemail": "sales", "next": "bye", "on_empty": "none", "on_failed": "sorry"},
    "bye": {"hangup": "goodbye"},
    "none": {"hangup": "no-input"},
    "sorry": {"hangup": "all-busy"},
}
QUICK = FLOW | {"message": FLOW["message"] | {"voicemail": "quick"}}


def heard(call):
    """Name the prompts that were heard, in order."""
    return [sound.removeprefix("en/") for sound in call.voice.heard if not sound.startswith("wait")]


@pytest.mark.parametrize(
    ("keys", "takes", "story", "said", "next_"),
    [
        (".1", [10.0], ["record", "kept"], ["voicemail-greeting", "voicemail-review"], "bye"),
        (".#", [10.0], ["record", "kept"], ["voicemail-greeting", "voicemail-review"], "bye"),
        ("......", [10.0], ["record", "kept"], ["voicemail-greeting", *["voicemail-review"] * 3], "bye"),
        (
            ".2..1",
            [10.0],
            ["record", "kept"],
            ["voicemail-greeting", "voicemail-review", "message", "voicemail-review"],
            "bye",
        ),
        (".21", [10.0], ["record", "kept"], ["voicemail-greeting", "voicemail-review", "message"], "bye"),
        (
            ".3.1",
            [10.0, 5.0],
            ["record", "discard", "record", "kept"],
            ["voicemail-greeting", "voicemail-review", "voicemail-after-tone", "voicemail-review"],
            "bye",
        ),
        (
            ".*",
            [10.0],
            ["record", "discard", "cancelled"],
            ["voicemail-greeting", "voicemail-review", "voicemail-cancelled"],
            "none",
        ),
        (
            "",
            [1.9, 0.0],
            ["record", "discard", "record", "discard", "empty"],
            [
                "voicemail-greeting",
                "voicemail-too-short en/voicemail-after-tone",
                "voicemail-too-short",
            ],
            "none",
        ),
        ("", [None], ["record", "failed"], ["voicemail-greeting", "voicemail-failed"], "sorry"),
    ],
    ids=["keep", "pound", "silence", "listen", "cut", "again", "cancel", "short", "failed"],
)
async def test_what_the_caller_does_decides_what_becomes_of_the_message(keys, takes, story, said, next_):
    """Each key, silence, too little, and a disk that takes nothing."""
    call = Call(nodes=FLOW, keys=keys)
    call.host.tape.takes = takes
    await call.walk()
    assert (call.host.tape.story, call.host.tape.mailbox) == (story, "sales")
    assert heard(call)[: len(said)] == said
    assert call.host.path().split()[-1] == f"{next_}=hangup"


async def test_a_key_that_skips_the_greeting_is_no_choice():
    """Whoever knows the greeting presses # and speaks: that key keeps nothing."""
    call = Call(nodes=FLOW, keys="#*")
    await call.walk()
    assert call.host.tape.story == ["record", "discard", "cancelled"]


async def test_a_mailbox_without_review_keeps_at_once():
    """The mailbox's own greeting is said, and nothing is asked."""
    call = Call(nodes=QUICK)
    await call.walk()
    assert heard(call) == ["welcome", "voicemail-saved", "goodbye"]
    assert call.host.tape.story == ["record", "kept"]


async def test_who_hangs_up_while_speaking_ends_the_walk():
    """What becomes of the message is decided where it is known that the caller is gone."""
    call = Call(nodes=FLOW)
    call.host.tape.takes = []
    with pytest.raises(AgiHangupError):
        await call.walk()
    assert call.host.tape.story == ["record"]


async def test_after_a_kill_the_caller_is_asked_about_the_message_that_they_were_speaking():
    """No greeting, no tone again: what Asterisk recorded meanwhile is reviewed."""
    call = Call(nodes=FLOW, keys="1")
    call.host.tape.length_s = 12.0
    await call.walk()
    assert heard(call) == ["voicemail-review", "voicemail-saved", "goodbye"]
    assert call.host.tape.story == ["kept"]


async def test_a_message_that_is_stored_already_is_not_asked_for_again():
    """The process died between storing and leading the caller on."""
    call = Call(nodes=FLOW)
    call.host.tape.stored = True
    await call.walk()
    assert heard(call) == ["voicemail-saved", "goodbye"]


async def test_re_recording_has_an_end():
    """A caller who never likes it has left the last take."""
    call = Call(nodes=FLOW, keys="." + "3" * 60)
    call.host.tape.takes = [5.0] * 60
    await call.walk()
    assert call.host.tape.story.count("record") == 6
    assert call.host.tape.story[-1] == "kept"
