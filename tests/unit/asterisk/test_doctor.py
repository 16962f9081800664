"""The doctor names what is wrong around ccd, and what to do about it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccd.asterisk import doctor
from ccd.asterisk.doctor import PromptState, examine
from ccd.asterisk.findings import TEXTS, Finding, Result
from ccd.asterisk.manager_checks import is_loopback
from ccd.asterisk.render import render, write
from ccd.config import Config
from tests.unit.asterisk.configs import given_config, given_phones
from tests.unit.asterisk.fake_manager import FakeManager


def given_house(folder: Path, **more) -> Config:
    """Make a configuration whose files are rendered and whose folders are there."""
    (folder / "etc").mkdir()
    (folder / "recordings").mkdir()
    asterisk = {"config_directory": str(folder / "etc"), **more.pop("asterisk", {})}
    config = given_config(
        numbers={"4001": {"queue": "sales"}},
        queues={"sales": {}},
        phones=given_phones("1001", "1002"),
        recording={"directory": str(folder / "recordings")},
        asterisk={"ami": {"secret": "s3cret"}} | asterisk,
        **more,
    )
    write(render(config), folder / "etc")
    return config


async def wrong(config: Config, ami: FakeManager | None, **more) -> dict[str, Finding]:
    """Give what is not ok, by name."""
    found = await examine(config, ami, **{"prompts": PromptState()} | more)
    assert all(bool(each.remedy) == (each.result is not Result.OK) for each in found)
    return {each.name: each for each in found if each.result is not Result.OK}


async def test_a_house_in_order_has_nothing_wrong(tmp_path):
    """Every check comes out ok, and each was made."""
    config = given_house(tmp_path)
    found = await examine(config, FakeManager(config), prompts=PromptState())
    assert {each.result for each in found} == {Result.OK}
    assert len(found) == 11 + 5 + 5
    assert len({each.name for each in found}) == len(found)


@pytest.mark.parametrize("connected", [None, False])
async def test_without_asterisk_the_rest_is_still_looked_at(tmp_path, connected):
    """What only Asterisk can tell is skipped, in so many words."""
    config = given_house(tmp_path)
    ami = None if connected is None else FakeManager(config)
    if ami is not None:
        ami.connected = False
    found = await wrong(config, ami)
    assert {name: each.result for name, each in found.items()} == {
        "manager connection": Result.FAILED,
        "asterisk": Result.SKIPPED,
    }
    assert "127.0.0.1:5038" in found["manager connection"].message


def an_old_asterisk(ami: FakeManager) -> None:
    ami.version = "18.26.4"


def a_user_with_too_little(ami: FakeManager) -> None:
    ami.actions -= {"Redirect", "Hangup"}


def a_user_with_too_much(ami: FakeManager) -> None:
    ami.actions |= {"GetConfig", "Command"}


def a_missing_module(ami: FakeManager) -> None:
    ami.missing_modules = {"app_mixmonitor"}


def no_way_to_know_modules(ami: FakeManager) -> None:
    ami.knows_modules = False


def a_dialplan_not_loaded(ami: FakeManager) -> None:
    ami.dialplan = {}


def a_dialplan_of_yesterday(ami: FakeManager) -> None:
    ami.dialplan["ccd-numbers"] = {"4009": ["Goto(ccd-loop,enter,1)"]}


def a_loop_that_was_changed(ami: FakeManager) -> None:
    ami.dialplan["ccd-loop"]["go_hangup"] = ["Hangup(16)"]


def a_queue_not_loaded(ami: FakeManager) -> None:
    ami.queues = set()


def keys_not_taken_in(ami: FakeManager) -> None:
    ami.options["features.conf,applicationmap,ccd_survey"] = ""


def keys_of_yesterday(ami: FakeManager) -> None:
    ami.options["features.conf,applicationmap,ccd_record"] = '*99,self/callee,Gosub,"ccd-keys,record,1"'


def keys_not_read_since(ami: FakeManager) -> None:
    ami.reloaded_ago_s = 60.0


def an_unknown_phone(ami: FakeManager) -> None:
    ami.unknown_phones = {"1002"}


def a_manager_for_everybody(ami: FakeManager) -> None:
    ami.options["manager.conf,general,bindaddr"] = "0.0.0.0"


def a_manager_without_address(ami: FakeManager) -> None:
    ami.options["manager.conf,general,bindaddr"] = ""


def a_dangerous_asterisk(ami: FakeManager) -> None:
    ami.options["asterisk.conf,options,live_dangerously"] = "Yes"


def events_without_time(ami: FakeManager) -> None:
    ami.options["manager.conf,general,timestampevents"] = ""


def clocks_apart(ami: FakeManager) -> None:
    ami.clock_ahead_s = -37.0


def a_question_refused(ami: FakeManager) -> None:
    ami.refuses = {"ListCommands"}


@pytest.mark.parametrize(
    ("breaks", "name", "result", "told", "remedy"),
    [
        (an_old_asterisk, "asterisk version", "failed", "18.26.4", "20"),
        (a_user_with_too_little, "manager rights", "failed", "Hangup, Redirect", "manager reload"),
        (a_user_with_too_much, "manager rights", "failed", "Command, GetConfig", "manager_ccd.conf"),
        (a_missing_module, "asterisk modules", "failed", "app_mixmonitor", "module load"),
        (no_way_to_know_modules, "asterisk modules", "failed", "func_module", "module load"),
        (a_dialplan_not_loaded, "asterisk loaded", "failed", "extensions_ccd.conf", "extensions.conf"),
        (a_dialplan_of_yesterday, "asterisk loaded", "failed", "extensions_ccd.conf", "render --to"),
        (a_loop_that_was_changed, "asterisk loaded", "failed", "extensions_ccd.conf", "core reload"),
        (a_queue_not_loaded, "asterisk loaded", "failed", "queues_ccd.conf", "queues.conf"),
        (keys_not_taken_in, "asterisk keys", "failed", "features_ccd.conf", "features.conf"),
        (keys_of_yesterday, "asterisk keys", "failed", "features_ccd.conf", "core reload"),
        (keys_not_read_since, "asterisk keys", "failed", "has changed since", "core reload"),
        (an_unknown_phone, "asterisk phones", "failed", "1002", "pjsip_ccd.conf"),
        (a_manager_for_everybody, "manager address", "failed", "0.0.0.0", "bindaddr=127.0.0.1"),
        (a_manager_without_address, "manager address", "failed", "0.0.0.0", "bindaddr=127.0.0.1"),
        (a_dangerous_asterisk, "live_dangerously", "failed", "run programs", "asterisk.conf"),
        (events_without_time, "timestampevents", "warning", "time", "manager.conf"),
        (clocks_apart, "clocks", "failed", "37.0 s", "chrony"),
        (a_question_refused, "manager rights", "skipped", "Permission denied", "by hand"),
    ],
)
async def test_what_is_wrong_with_asterisk_is_named(  # noqa: PLR0917 - one line a fault
    tmp_path, breaks: Callable[[FakeManager], None], name, result, told, remedy
):
    """One fault, one finding; the others stay ok."""
    config = given_house(tmp_path)
    ami = FakeManager(config)
    breaks(ami)
    found = await wrong(config, ami)
    assert set(found) == {name}
    assert found[name].result == result
    assert told in found[name].message
    assert remedy in found[name].remedy


async def test_files_that_are_missing_old_or_changed_are_named(tmp_path):
    """With each goes what happens while ccd is missing: it fails loudly."""
    config = given_house(tmp_path)
    etc = tmp_path / "etc"
    (etc / "pjsip_ccd.conf").unlink()
    (etc / "manager_ccd.conf").write_text((etc / "manager_ccd.conf").read_text() + "write=all\n")
    write({"queues_ccd.conf": render(given_config())["queues_ccd.conf"]}, etc)
    found = await wrong(config, FakeManager(config))
    assert {name: (each.result, each.message) for name, each in found.items()} == {
        "pjsip_ccd.conf": (Result.FAILED, f"is not in {etc}"),
        "manager_ccd.conf": (Result.FAILED, "was changed by hand"),
        "queues_ccd.conf": (Result.FAILED, "is out of date, and with it what happens while ccd is missing"),
    }


async def test_a_file_that_cannot_be_read_is_a_warning(tmp_path):
    """The daemon's user may have no right to read Asterisk's folder; that is not its fault."""
    config = given_house(tmp_path)
    (tmp_path / "etc" / "pjsip_ccd.conf").write_bytes(b"\xff\xfe")
    found = await wrong(config, FakeManager(config))
    assert found["pjsip_ccd.conf"].result is Result.WARNING


async def test_the_roster_counts_for_the_queues(tmp_path):
    """Files that were rendered with a roster are compared with that roster."""
    config = given_house(tmp_path)
    roster = {"sales": ["1002"]}
    write(render(config, roster), tmp_path / "etc")
    assert await wrong(config, FakeManager(config), roster=roster) == {}
    assert set(await wrong(config, FakeManager(config))) == {"queues_ccd.conf"}


async def test_an_unwritable_folder_of_recordings_fails(tmp_path):
    """Every recording would be lost."""
    config = given_house(tmp_path)
    (tmp_path / "recordings").rmdir()
    (tmp_path / "recordings").write_text("a file")
    found = await wrong(config, FakeManager(config))
    assert found["recordings"].result is Result.FAILED
    assert str(tmp_path / "recordings") in found["recordings"].message


@pytest.mark.parametrize(("free", "result"), [(4_000_000_000, Result.WARNING), (100_000_000, Result.FAILED)])
async def test_a_full_disk_is_told_before_it_is_full(tmp_path, monkeypatch, free, result):
    """While there is time to make room."""
    config = given_house(tmp_path)
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    found = await wrong(config, FakeManager(config))
    assert found["recordings"].result is result
    assert f"{free / 1e9:.1f} GB" in found["recordings"].message
    assert list((tmp_path / "recordings").iterdir()) == []


async def test_what_crosses_a_network_fails(tmp_path):
    """Whoever reaches AMI or FastAGI can run programs on Asterisk's machine."""
    ami = {"secret": "s3cret", "host": "192.0.2.1", "permit": ["192.0.2.0/24"]}
    config = given_house(tmp_path, asterisk={"ami": ami, "agi": {"host": "0.0.0.0"}})
    found = await wrong(config, FakeManager(config))
    assert {name: each.result for name, each in found.items()} == {
        "manager link": Result.FAILED,
        "manager permit": Result.WARNING,
        "fastagi address": Result.FAILED,
    }


@pytest.mark.parametrize(
    ("outbound", "result", "said"),
    [
        ({}, None, ""),
        ({"allow": ["0[1-9].", "1[3-9]XXXXXXXXX"]}, None, ""),
        ({"rules": [{"countries": ["HK"]}], "allow": ["0[1-9]."]}, None, ""),
        ({"allow": ["00."]}, Result.WARNING, "dial abroad"),
        ({"allow": ["X.", "+X."]}, Result.WARNING, "+44207946000"),
        ({"rules": [{"hours": "day"}]}, Result.WARNING, "everybody dial everything"),
        ({"rules": [{"hours": "day"}], "limits": {"system": {"per_hour": 500}}}, None, ""),
    ],
)
async def test_a_policy_that_lets_the_whole_world_out_is_told(tmp_path, outbound, result, said):
    """Toll fraud dials abroad, satellites, premium rates."""
    hours = {"day": {"weekly": {"mon-sun": ["08:00-21:00"]}}}
    config = given_house(tmp_path, outbound=outbound, hours=hours)
    found = (await wrong(config, FakeManager(config))).get("outbound")
    assert (found.result if found else None) is result
    assert found is None or said in found.message


async def test_prompts_without_sound_are_named(tmp_path):
    """Some by name, all by number; files that cannot be played too."""
    config = given_house(tmp_path)
    state = PromptState(missing=[("zh", f"p{n}") for n in range(9)], faults=["a.wav: has 44100 Hz", "b"])
    found = await wrong(config, FakeManager(config), prompts=state)
    assert found["prompts"].message == "9 prompts have no sound: zh/p0, zh/p1, zh/p2, zh/p3, zh/p4"
    assert found["prompts"].remedy == "ccd prompt generate"
    assert "2 sounds cannot be played: a.wav: has 44100 Hz" in found["sounds"].message


async def test_the_folder_of_prompts_is_looked_at(tmp_path):
    """An empty folder has nothing to say to Chinese callers, and little to English ones."""
    config = given_house(tmp_path, prompts={"directory": str(tmp_path / "prompts")})
    [found] = [each for each in await examine(config, None) if each.name == "prompts"]
    assert found.result is Result.FAILED
    (tmp_path / "prompts" / "zh").mkdir(parents=True)
    (tmp_path / "prompts" / "zh" / "welcome.wav").write_bytes(b"RIFF")
    assert any(each.name == "sounds" for each in await examine(config, None))


async def test_tools_that_lack_and_a_folder_that_is_closed_are_told(tmp_path, monkeypatch):
    """Before somebody wants to record."""
    config = given_house(tmp_path, prompts={"directory": str(tmp_path)})
    monkeypatch.setattr(doctor.os, "access", lambda path, _: Path(path) != tmp_path)
    found = await wrong(config, FakeManager(config))
    assert f"{tmp_path} cannot be written" in found["sound tools"].message
    monkeypatch.setattr(doctor.shutil, "which", lambda tool: None if tool == "ffmpeg" else tool)
    found = await wrong(config, FakeManager(config))
    assert found["sound tools"].remedy == "apt-get install ffmpeg"


async def test_the_doctor_speaks_chinese(tmp_path):
    """Names stay the same, for programs; what people read does not."""
    config = given_house(tmp_path)
    english = await examine(config, None)
    chinese = await examine(config, None, language="zh")
    assert [each.name for each in english] == [each.name for each in chinese]
    assert chinese[0].message == "无法连接管理接口 127.0.0.1:5038"


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_have_the_same_blanks(code):
    """A remedy in one language is a remedy in the other, with the same facts in it."""
    english, chinese = TEXTS[code]["en"], TEXTS[code]["zh"]
    assert bool(english.remedy) == bool(chinese.remedy)
    told = [set(re.findall(r"\{\w+\}", f"{words.message}{words.remedy}")) for words in (english, chinese)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("pbx.example.com", False)],
)  # fmt: skip
def test_only_loopback_is_local(host, local):
    """An address that everybody can reach is none."""
    assert is_loopback(host) is local
