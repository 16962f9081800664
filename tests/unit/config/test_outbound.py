"""The outbound policy, as flows are held to it."""

import pytest

from ccd.config.outbound import Outbound

POLICY = Outbound(allow=("110", "0[1-9].", "1[3-9]XXXXXXXXX", "+86N."), deny=("0900.",), max_digits=15)


@pytest.mark.parametrize("number", ["110", "01012345678", "13912345678", "+862155550000"])
def test_what_allow_names_may_be_dialled(number):
    """Digits, classes, X, N and a final dot mean what they mean in Asterisk's dialplan."""
    assert POLICY.permits(number)


@pytest.mark.parametrize(
    "number", ["", "0", "1101", "0044123", "12912345678", "+8612345", "09001234", "0101234567890123", "0१०"]
)
def test_nothing_else_may(number):
    """Too short, too long, denied, of another country, or not of digits."""
    assert not POLICY.permits(number)
