"""`ccd list`: shown, changed, imported and exported against a daemon's API."""

import pytest

from tests.integration.cli.conftest import Ccd


def test_numbers_are_put_on_a_list_and_taken_off(ccd: Ccd):
    """With a note and an end; what was not there is told."""
    done = ccd("list", "add", "vip", "13800138000", "0571*", "--note", "A-17", "--days", "7", "--json")
    assert (done.code, done.json["added"]) == (0, 2)
    assert ccd.backend.vip["13800138000"]["note"] == "A-17"
    assert ccd.backend.vip["13800138000"]["until_at"] is not None
    gone = ccd("list", "remove", "vip", "0571*", "139")
    assert gone.code == 1
    assert "139 is not on the list" in gone.out
    assert list(ccd.backend.vip) == ["13800138000"]


@pytest.mark.parametrize(("language", "head"), [("en", "list"), ("zh", "名单")])
def test_lists_are_shown_in_both_languages(ccd: Ccd, language: str, head: str):
    """All of them, and one page by page."""
    for number in ("3", "1", "2", "4", "5"):
        ccd("list", "add", "vip", number)
    assert head in ccd("list", "show", language=language).out
    assert [each["number"] for each in ccd("list", "show", "vip", "--json").json] == list("12345")
    assert ccd("list", "show", "nowhere").code != 0


def test_a_sheet_is_checked_and_taken_whole_or_not_at_all(ccd: Ccd, tmp_path):
    """A dry run changes nothing, a bad line neither, and it is told with its line."""
    file = tmp_path / "vip.csv"
    file.write_text("号码,备注\n13800138000,王\n13800138001,\n", encoding="gb18030")
    assert "2 added" in ccd("list", "import", "vip", str(file), "--dry-run").out
    assert ccd.backend.vip == {}
    assert ccd("list", "import", "vip", str(file)).code == 0
    assert sorted(ccd.backend.vip) == ["13800138000", "13800138001"]
    file.write_text("13800138002\nxyz\n", encoding="utf-8")
    refused = ccd("list", "import", "vip", str(file))
    assert refused.code == 1
    assert "line 2 (xyz)" in refused.out
    assert "13800138002" not in ccd.backend.vip


def test_an_export_is_imported_again(ccd: Ccd, tmp_path):
    """To a file that is not there yet."""
    ccd("list", "add", "vip", "13800138000", "--note", "A-17", "--until", "2026-12-31")
    before, file = dict(ccd.backend.vip), tmp_path / "out.csv"
    assert ccd("list", "export", "vip", str(file)).code == 0
    assert ccd("list", "export", "vip", str(file)).code != 0
    ccd.backend.vip.clear()
    assert ccd("list", "import", "vip", str(file)).code == 0
    assert ccd.backend.vip == before
