"""`ccd outbound`: the policy's word on a number, and what is used of the limits."""

from tests.integration.cli.conftest import Ccd


def test_a_number_that_is_let_out(ccd: Ccd):
    """The rule that decides, why others do not fit, and how it would be dialled."""
    ran = ccd("outbound", "check", "01088886666", "--agent", "1001", "--queue", "sales")
    assert ran.code == 0
    assert "01088886666 is let out by allow" in ran.out
    assert "evenings: hours" in ran.out
    for piece in ("+861088886666 CN fixed", "PJSIP/01088886666@trunk", "1001 sales", "600 s", "always"):
        assert piece in ran.out


def test_a_number_that_is_refused(ccd: Ccd):
    """The exit code tells scripts; Chinese users read why in Chinese."""
    ran = ccd("outbound", "check", "09001234567", "--phone", "1900", "--at", "2026-11-21 22:00")
    assert ran.code == 1
    assert "09001234567 is refused by deny: denied" in ran.out
    assert ccd("outbound", "check", "0900", language="zh").out.startswith("0900 被 deny 拒绝：禁止拨打")
    told = ccd("outbound", "check", "0900", "--phone", "1900", "--at", "2026-11-21 22:00", "--json").json
    assert (told["allowed"], told["reason"]) == (False, "denied")
    assert told["caller_id"].startswith("1900 2026-11-2")


def test_what_cannot_be_a_number_is_a_mistake(ccd: Ccd):
    """It never reaches the policy."""
    assert ccd("outbound", "check", "1 2;3").code == 2


def test_the_limits(ccd: Ccd):
    """What is used of them, and by whom; refusals by reason."""
    ran = ccd("outbound", "limits")
    assert ran.code == 0
    for piece in ("agent.per_hour", "agent/1001", "1.5", "let out since the start: 7", "invalid number: 1"):
        assert piece in ran.out
    assert ccd("outbound", "limits", "--json").json["refused"] == {"denied": 2, "invalid": 1}
