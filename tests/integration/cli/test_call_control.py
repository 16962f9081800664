"""`ccd call hangup|transfer|redirect|listen|whisper|barge`, as they reach the daemon."""

import pytest

from tests.integration.cli.conftest import Ccd
from tests.integration.http.fake_backend import CALL


@pytest.mark.parametrize(
    ("line", "asked", "said"),
    [
        (f"call hangup {CALL}", ("hang_up", CALL), "hung up"),
        (f"call transfer {CALL} 1002", ("transfer", CALL, "1002"), "sent to 1002"),
        (f"call redirect {CALL} flow/main:menu", ("redirect", CALL, "flow/main:menu"), "sent to flow/main"),
        (f"call listen {CALL} --phone 1009", ("supervise", CALL, "listen", "1009"), "phone 1009"),
        (f"call whisper {CALL} --phone 1009", ("supervise", CALL, "whisper", "1009"), "phone 1009"),
        (f"call barge {CALL} --phone 1009", ("supervise", CALL, "barge", "1009"), "phone 1009"),
    ],
)
def test_each_command_reaches_the_daemon(ccd: Ccd, line: str, asked: tuple[str, ...], said: str):
    """With its arguments, and says what was done; with --json the call as it was."""
    ran = ccd(*line.split())
    assert ran.code == 0
    assert said in ran.out
    assert ccd.backend.asked == [asked]
    assert ccd(*line.split(), "--json").json["id"] == CALL


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("call hangup 99.9", 1, "no call"),
        (f"call redirect {CALL} sales", 2, "to"),
        (f"call redirect {CALL} queue/Sales!", 2, "to"),
        (f"call transfer {CALL} PJSIP/1001", 2, "number"),
        (f"call listen {CALL} --phone 1&2", 2, "extension"),
        (f"call listen {CALL}", 2, "--phone"),
    ],
)
def test_what_cannot_be_is_refused_before_asterisk_hears_of_it(ccd: Ccd, line: str, code: int, said: str):
    """One line that names what is wrong; nothing was done."""
    ran = ccd(*line.split())
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ccd.backend.asked == []
