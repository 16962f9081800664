"""`ccd queue close|open|move` and `ccd call move|priority`, as they reach the daemon."""

import pytest

from tests.integration.cli.conftest import Ccd
from tests.integration.http.fake_backend import CALL


@pytest.mark.parametrize(
    ("line", "asked", "said"),
    [
        (
            "queue close sales",
            ("close", "sales", "", "True", ""),
            "sales: closed by hand, those who wait are",
        ),
        (
            "queue close sales --say closed --waiting leave --until 14:00",
            ("close", "sales", "closed", "False", "14:00"),
            "those who wait leave, says closed",
        ),
        ("queue open sales --until 20:00", ("open", "sales", "20:00"), "sales: open"),
        (
            "queue move sales support --limit 5",
            ("move", "sales", "support", "5"),
            "3 moved from sales to supp",
        ),
        (f"call move {CALL} support", ("move", CALL, "support"), "sent to support"),
        (f"call priority {CALL} -3", ("priority", CALL, "-3"), "priority -3"),
    ],
)
def test_each_command_reaches_the_daemon(ccd: Ccd, line: str, asked: tuple[str, ...], said: str):
    """With its arguments, and says what was done; in Chinese nothing is left in English."""
    words = line.split()
    ran = ccd(*words)
    assert (ran.code, ran.err) == (0, "")
    assert said in ran.out
    assert ccd.backend.asked == [asked]
    assert "moved" not in ccd(*words, language="zh").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("queue close sales --waiting go", "keep"),
        ("queue close sales --say ../x", "say"),
        ("queue close sales --until $(date)", "until"),
        ("queue move sales support --limit 0", "limit"),
        (f"call priority {CALL} 5000", "priority"),
    ],
)
def test_what_cannot_be_is_refused(ccd: Ccd, line: str, said: str):
    """One line that names what is wrong; nothing was done."""
    ran = ccd(*line.split())
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ccd.backend.asked == []
