"""The files of Asterisk's side besides the dialplan, and how they are written."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.ami.translate import EVENTS_WANTED as EVENTS
from ccd.ami.translate import READ_CLASSES
from ccd.asterisk.manager import WRITE_CLASSES
from ccd.asterisk.render import INCLUDED_BY, changed_by_hand, render, write
from ccd.config import Config
from ccd.model import Strategy
from tests.unit.asterisk.configs import given_config, given_phones


def sections(text: str) -> dict[str, list[tuple[str, str]]]:
    """Read a file as Asterisk does: `;` begins a comment, blanks around `=` do not count, keys may repeat."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (line.partition(";")[0].strip() for line in text.splitlines()):
        if line.startswith("["):
            name = line[1 : line.index("]")]
            found.setdefault(name, [])
        elif line:
            key, _, value = line.partition("=")
            found[name].append((key.strip(), value.removeprefix(">").strip()))
    return found


def queue_of(config: Config, name: str, roster=None) -> dict[str, str]:
    """Give the settings of one queue of the fallback; members as a list in `members`."""
    settings = sections(render(config, roster)["queues_ccd.conf"])[name]
    return dict(settings) | {"members": [value for key, value in settings if key == "member"]}


def test_each_file_says_what_it_is_and_who_takes_it_in():
    """A person who finds it knows where it comes from and what to do."""
    for name, text in render(given_config(music={"shop": {"directory": "/srv/moh"}})).items():
        assert "ccd asterisk render" in text.splitlines()[0]
        assert f"#tryinclude {name}" in text
        assert INCLUDED_BY[name] in text
        assert "@{" not in text


def test_rendering_twice_gives_the_same():
    """The files change when the configuration does, and only then."""
    config = given_config(queues={"sales": {}}, phones=given_phones("1001"))
    assert render(config) == render(config)


def test_a_change_by_hand_is_seen():
    """The checksum covers everything below it, and a file without one is not ours."""
    text = render(given_config())["extensions_ccd.conf"]
    assert not changed_by_hand(text)
    assert changed_by_hand(text.replace("Answer(,i)", "Answer()"))
    assert changed_by_hand(text + "\n[from-internal]\n")
    assert changed_by_hand("[ccd-loop]\n")


def test_a_phone_is_endpoint_auth_and_aor():
    """All three under one name, as PJSIP wants them."""
    text = render(given_config(phones=given_phones("1001", "1002"), language="zh"))["pjsip_ccd.conf"]
    phone = sections(text)["1002"]
    assert ("auth", "1002") in phone
    assert ("aors", "1002") in phone
    assert ("username", "1002") in phone
    assert ("password", "pw-1002") in phone
    assert ("callerid", '"1002" <1002>') in phone
    template = dict(sections(text)["ccd-phone"])
    assert template["context"] == "ccd-phones"
    assert template["direct_media"] == "no"
    assert template["language"] == "zh"


PASSWORDS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=';>"\\'), min_size=1
)


@given(PASSWORDS)
def test_any_accepted_password_reaches_asterisk_as_it_is(password):
    """What the configuration takes, Asterisk's files can hold."""
    phones = [{"extension": "1001", "password": password}]
    files = render(given_config(phones=phones, asterisk={"ami": {"secret": password}}))
    assert ("password", password) in sections(files["pjsip_ccd.conf"])["1001"]
    assert ("secret", password) in sections(files["manager_ccd.conf"])["ccd"]


def test_the_manager_user_has_no_more_than_it_needs():
    """No programs, no files, from this machine only."""
    user = sections(render(given_config())["manager_ccd.conf"])["ccd"]
    assert dict(user)["read"] == "system,call,dtmf"
    assert dict(user)["write"] == "call,reporting,originate"
    assert [value for key, value in user if key == "deny"] == ["0.0.0.0/0.0.0.0", "::/0"]
    assert [value for key, value in user if key == "permit"] == ["127.0.0.1/32", "::1/128"]
    assert not {"system", "command", "config", "all"} & set(WRITE_CLASSES)
    assert "all" not in READ_CLASSES


def test_only_wanted_events_reach_ccd():
    """Each by its name, which Asterisk compares by hash."""
    text = render(given_config())["manager_ccd.conf"]
    filters = [line for line in text.splitlines() if line.startswith("eventfilter")]
    only = {
        "DeviceStateChange": ",header(Device),method(starts_with)) = PJSIP/",
        "DTMFEnd": ",header(Context),method(exact)) = ccd-loop",
    }
    assert filters == [f"eventfilter(action(include),name({name}){only.get(name, ') =')}" for name in EVENTS]


def test_a_queue_of_the_fallback_works_as_ours_does():
    """Ring time, wrap-up, length, weight and music are taken over."""
    queue = {
        "ring_s": 12,
        "wrap_up_s": 7,
        "max_length": 9,
        "weight": 3,
        "music": "shop",
        "strategy": "ringall",
    }
    config = given_config(queues={"sales": queue}, phones=given_phones("1001"))
    rendered = queue_of(config, "sales")
    assert rendered["timeout"] == "12"
    assert rendered["wrapuptime"] == "7"
    assert rendered["maxlen"] == "9"
    assert rendered["weight"] == "3"
    assert rendered["musicclass"] == "shop"
    assert rendered["strategy"] == "ringall"
    assert rendered["ringinuse"] == "no"


@pytest.mark.parametrize("strategy", Strategy)
def test_every_strategy_has_one_of_app_queue(strategy):
    """Asterisk has no `mostrecent`, and does not take up `linear` on reload."""
    known = {"ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "rrordered"}
    assert queue_of(given_config(queues={"q": {"strategy": strategy}}), "q")["strategy"] in known


def test_members_are_the_phones_of_the_roster():
    """Without a roster, every phone; a queue that the roster does not name has none."""
    config = given_config(queues={"sales": {}, "support": {}}, phones=given_phones("1001", "1002"))
    assert queue_of(config, "sales")["members"] == ["PJSIP/1001", "PJSIP/1002"]
    assert queue_of(config, "sales", {"sales": ["1002"]})["members"] == ["PJSIP/1002"]
    assert queue_of(config, "support", {"sales": ["1002"]})["members"] == []


def test_nobody_waits_where_nobody_can_answer():
    """A queue without members, or one that callers may not join while it is empty, passes them on."""
    config = given_config(queues={"a": {}, "b": {"join_empty": False, "leave_empty": True}})
    assert queue_of(config, "a")["joinempty"] != "yes"
    with_phone = given_config(queues={"a": {}, "b": {"join_empty": False}}, phones=given_phones("1"))
    assert queue_of(with_phone, "a")["joinempty"] == "yes"
    assert queue_of(with_phone, "b")["joinempty"] != "yes"


def test_music_is_rendered_only_when_there_is_some():
    """Most installations have their classes already."""
    assert "musiconhold_ccd.conf" not in render(given_config())
    files = render(given_config(music={"shop": {"directory": "/srv/moh", "sort": "alpha"}}))
    assert dict(sections(files["musiconhold_ccd.conf"])["shop"]) == {
        "mode": "files",
        "directory": "/srv/moh",
        "sort": "alpha",
    }


def test_only_our_files_are_written(tmp_path: Path):
    """And only those that changed: their passwords are for owner and group."""
    (tmp_path / "extensions.conf").write_text("[mine]\n")
    files = render(given_config())
    assert sorted(path.name for path in write(files, tmp_path)) == sorted(files)
    assert write(files, tmp_path) == []
    assert (tmp_path / "extensions.conf").read_text() == "[mine]\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*files, "extensions.conf"])
    assert stat.S_IMODE((tmp_path / "manager_ccd.conf").stat().st_mode) == 0o640
    assert [path.name for path in write(render(given_config(language="zh")), tmp_path)] == [
        "extensions_ccd.conf",
        "pjsip_ccd.conf",
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_asterisks_group_can_read_the_files(tmp_path: Path):
    """The folder's group is Asterisk's; the files would else be root's alone."""
    os.chown(tmp_path, -1, 1)
    write(render(given_config()), tmp_path)
    assert (tmp_path / "pjsip_ccd.conf").stat().st_gid == 1


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Asterisk never reads half a file, and nothing is left lying about."""
    write(render(given_config()), tmp_path)
    before = (tmp_path / "pjsip_ccd.conf").read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(render(given_config(phones=given_phones("1001"))), tmp_path)
    assert (tmp_path / "pjsip_ccd.conf").read_text() == before
    assert not list(tmp_path.glob(".*"))
