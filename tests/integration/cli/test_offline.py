"""Commands that need a configuration and no daemon."""

import io
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Ccd
from tests.integration.http.fake_backend import agent
from tests.integration.prompts.test_importing import make
from tests.unit.prompts.test_catalogue import record

CONFIG = """\
language: zh
database: sqlite:///{folder}/ccd.db
prompts: {{directory: {folder}/sounds}}
asterisk: {{ami: {{secret: geheim1234}}}}
numbers: {{"4000": {{flow: main}}, "4001": {{queue: sales}}}}
flows:
  main:
    start: menu
    nodes:
      menu: {{menu: main-menu, choices: {{"1": sales}}, on_timeout: sorry}}
      sales: {{queue: sales, on_timed_out: sorry}}
      sorry: {{hangup: all-busy}}
queues: {{sales: {{strategy: rrmemory}}}}
phones: [{{extension: "1001", password: geheim1234}}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "ccd.yaml"
    path.write_text(CONFIG.format(folder=tmp_path))
    path.chmod(0o600)
    return path


def spoil(config: Path, before: str, after: str) -> None:
    """Change the configuration."""
    text = config.read_text()
    assert before in text
    config.write_text(text.replace(before, after))


def test_a_good_configuration_is_fine(ccd: Ccd, config: Path):
    """Exit code 0 and one line, once there are prompts; before, it says so."""
    ran = ccd("check", "--config", str(config))
    assert ran.code == 0
    assert "holds no prompts yet" in ran.out
    for prompt in ("main-menu", "invalid-choice", "all-busy", "not-served"):
        for language in ("en", "zh"):
            record(config.parent / "sounds" / language / f"{prompt}.wav")
    ran = ccd("check", "--config", str(config))
    assert (ran.code, ran.out) == (0, f"{config} is fine\n")


def test_a_prompt_without_a_sound_is_told_before_use(ccd: Ccd, config: Path):
    """With the key that names it and the languages that it lacks."""
    record(config.parent / "sounds" / "en" / "main-menu.wav")
    ran = ccd("check", "--json", "--config", str(config))
    told = {each["key"]: each["message"] for each in ran.json["warnings"]}
    assert ran.code == 0
    assert told["flows.main.nodes.menu.menu"].startswith("prompt 'main-menu' has no sound in zh: ")
    assert told["flows.main.nodes.sorry.hangup"].startswith("prompt 'all-busy' has no sound in en and zh: ")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "there is no node 'nowhere'"), ("zh", "没有名为 'nowhere' 的节点")]
)
def test_a_flow_that_leads_nowhere_is_found_before_callers_do(
    ccd: Ccd, config: Path, language: str, said: str
):
    """With file, line, key and remedy."""
    spoil(config, '{"1": sales}', '{"1": nowhere}')
    ran = ccd("check", "--config", str(config), language=language)
    assert ran.code == 1
    assert f"{config}:10: flows.main.nodes.menu.choices.1: {said}" in ran.out
    assert "    → " in ran.out


def test_all_errors_of_the_files_are_told_at_once(ccd: Ccd, config: Path):
    """Also as JSON, in both languages."""
    spoil(config, "strategy: rrmemory", "strategy: roundrobin, ring_s: soon")
    ran = ccd("check", "--json", "--config", str(config))
    assert ran.code == 1
    assert {each["key"] for each in ran.json["problems"]} == {"queues.sales.strategy", "queues.sales.ring_s"}
    assert all(each["message"] and each["message_zh"] and each["line"] for each in ran.json["problems"])


def test_a_flow_is_checked_by_itself(ccd: Ccd, config: Path):
    """Only what concerns it; an unknown one is said; a file that cannot be read is no fine flow."""
    assert ccd("flow", "check", "main", "--config", str(config)).code == 0
    ran = ccd("flow", "check", "night", "--config", str(config))
    assert (ran.code, ran.err) == (1, "ccd: there is no flow 'night'; there are: main\n")
    assert ccd("flow", "check", "--config", str(config.with_name("none.yaml"))).code == 1


def test_flows_are_listed_and_drawn(ccd: Ccd, config: Path):
    """With the numbers that lead to them, and what callers hear."""
    ran = ccd("flow", "list", "--json", "--config", str(config))
    assert ran.json == [
        {"name": "main", "start": "menu", "nodes": ["menu", "sales", "sorry"], "numbers": ["4000"]}
    ]
    drawn = ccd("flow", "show", "main", "--config", str(config)).out
    assert "sales" in drawn
    assert "press 1" in drawn


def test_prompts_are_listed_with_their_words(ccd: Ccd, config: Path):
    """And whether there is a sound."""
    (found,) = [
        each
        for each in ccd("prompt", "list", "--json", "--config", str(config)).json
        if each["id"] == "all-busy"
    ]
    assert found["present"] == {"en": False, "zh": False}
    assert found["from"] == {"en": "missing", "zh": "missing"}
    assert all(found["text"].values())
    assert "all-busy" in ccd("prompt", "list", "--config", str(config)).out


def test_prompts_are_listed_with_where_they_are_from(ccd: Ccd, config: Path):
    """Recorded, Asterisk's own, missing, not said at all; with lengths; own texts too."""
    spoil(config, "/sounds}", "/sounds, texts: {news: {zh: 停电}}}")
    record(config.parent / "sounds" / "zh" / "own" / "offer.wav", seconds=2.5)
    told = {each["id"]: each for each in ccd("prompt", "list", "--json", "--config", str(config)).json}
    assert told["own/offer"]["from"] == {"en": "none", "zh": "recorded"}
    assert told["own/offer"]["length_s"] == {"en": None, "zh": 2.5}
    assert told["goodbye"]["from"] == {"en": "core", "zh": "missing"}
    assert told["news"] == told["news"] | {
        "from": {"en": "none", "zh": "missing"},
        "text": {"en": None, "zh": "停电"},
    }
    listed = ccd("prompt", "list", "--config", str(config), language="zh").out
    assert "录制 2.5 秒" in listed
    lacking = ccd("prompt", "list", "--missing", "--config", str(config)).out
    assert "news" in lacking
    assert "own/offer" not in lacking


def test_prompts_cannot_be_made_without_their_tools(ccd: Ccd, config: Path, monkeypatch: pytest.MonkeyPatch):
    """The message names the packages."""
    monkeypatch.setenv("PATH", "")
    ran = ccd("prompt", "generate", "--config", str(config))
    assert ran.code == 1
    assert "espeak-ng" in ran.err


def test_asterisks_files_are_rendered(ccd: Ccd, config: Path, tmp_path: Path):
    """All of them the first time, none when nothing has changed."""
    target = tmp_path / "asterisk"
    target.mkdir()
    first = ccd("asterisk", "render", "--to", str(target), "--json", "--config", str(config)).json
    assert sorted(first["changed"]) == sorted(path.name for path in target.iterdir())
    assert "extensions_ccd.conf" in first["changed"]
    again = ccd("asterisk", "render", "--to", str(target), "--json", "--config", str(config)).json
    assert again["changed"] == []
    ran = ccd("asterisk", "render", "--to", str(tmp_path / "none"), "--config", str(config))
    assert (ran.code, ran.err) == (1, f"ccd: {tmp_path / 'none'} is no folder\n")


def test_the_fallback_rings_the_agents_phones(ccd: Ccd, config: Path, tmp_path: Path):
    """A running daemon knows which phones serve which queue; without one all phones do."""
    ccd.backend.people = {
        "1": agent("1", extension=None, own_extension="2001"),
        "2": agent("2", extension="2002"),
        "3": agent("3", extension=None),
        "4": agent("4", extension="2004", queues=["support"]),
    }
    ccd("asterisk", "render", "--to", str(tmp_path), "--config", str(config))
    assert _members(tmp_path) == ["PJSIP/2001", "PJSIP/2002"]
    ccd.socket = tmp_path / "none.sock"
    ccd("asterisk", "render", "--to", str(tmp_path), "--config", str(config))
    assert _members(tmp_path) == ["PJSIP/1001"]


def _members(folder: Path) -> list[str]:
    lines = (folder / "queues_ccd.conf").read_text().splitlines()
    return [line.removeprefix("member => ") for line in lines if line.startswith("member => ")]


def test_the_schema_is_json(ccd: Ccd):
    """For editors."""
    schema = json.loads(ccd("config", "schema").out)
    assert {"queues", "flows", "numbers"} <= set(schema["properties"])


def test_the_database_is_brought_up_to_date(ccd: Ccd, config: Path, tmp_path: Path):
    """Made when there is none, left alone when it is new enough."""
    for _time in range(2):
        ran = ccd("db", "upgrade", "--config", str(config))
        assert ran.code == 0, ran.err
        assert ran.out.startswith("the database is at version ")
    with sqlite3.connect(tmp_path / "ccd.db") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    assert "alembic_version" in tables


def test_a_database_that_cannot_be_is_said(ccd: Ccd, config: Path):
    """Not a traceback."""
    spoil(config, "ccd.db", "no/such/folder/ccd.db")
    config.parent.joinpath("no").write_text("a file where a folder should be")
    ran = ccd("db", "upgrade", "--config", str(config))
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("ccd: ")


@pytest.mark.parametrize("command", ["flow list", "prompt list", "db upgrade", "asterisk render --to ."])
def test_a_bad_configuration_stops_every_command(ccd: Ccd, config: Path, command: str):
    """Each problem on a line, with its place."""
    spoil(config, "strategy: rrmemory", "strategy: roundrobin, ring_s: soon")
    ran = ccd(*command.split(), "--config", str(config))
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 2
    assert f"{config}:13: queues.sales.strategy: " in ran.err
    assert "\ufffd" not in ran.err


CONVERSATION = """\
tests:
  - name: nobody answers in sales
    flow: main
    language: en
    steps:
      - {presses: "1"}
      - {queue: sales, outcome: timed_out}
      - {hears_text: All our agents are busy}
      - {ends: hangup}
"""


def test_conversations_are_played_as_tests(ccd: Ccd, config: Path, tmp_path: Path):
    """One line each and how much of the flows they came by; exit code 0."""
    script = tmp_path / "sales.yaml"
    script.write_text(CONVERSATION)
    ran = ccd("flow", "test", str(script), "--config", str(config))
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            f"✓ nobody answers in sales  {script}:2",
            "1 passed, 0 failed; nodes 3/3, branches 2/4",
        ],
    )


def test_a_conversation_that_goes_another_way_fails(ccd: Ccd, config: Path, tmp_path: Path):
    """With file and line, in JSON and for CI, in both languages; exit code 1."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "sales.yaml").write_text(CONVERSATION.replace('"1"', '"2"'))
    junit = tmp_path / "junit.xml"
    ran = ccd("flow", "test", str(folder), "--config", str(config), "--junit", str(junit))
    assert ran.code == 1
    assert f"{folder}/sales.yaml:7: queue: sales, outcome: timed_out: the flow waits for a key" in ran.out
    assert re.search(
        r'<testcase classname="main" name="nobody answers in sales" [^>]*><failure', junit.read_text()
    )
    told = ccd("flow", "test", str(folder), "--json", "--config", str(config), language="zh").json
    assert told["passed"] is False
    assert told["tests"][0]["differences"][0]["message"].startswith("流程在 main:menu 等待按键")
    assert told["coverage"]["unvisited"] == ["main:sales", "main:sorry"]


def test_a_flow_is_tried_in_the_terminal(ccd: Ccd, config: Path, monkeypatch: pytest.MonkeyPatch):
    """Words for sounds; keys, outcomes and silence are typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("9\n1\nmaybe\ntimed\n"))
    ran = ccd("flow", "try", "main", "--language", "en", "--config", str(config))
    assert ran.code == 0
    assert "● main:menu  menu main-menu, 3 × 5 s" in ran.out
    assert "» For sales, press 1." in ran.out
    assert ran.out.count("outcome of queue sales [answered/timed_out/") == 2
    assert ran.out.endswith(
        "● main:sorry  hang up all-busy\n"
        "  » All our agents are busy. Please call again later.\n"
        "■ the flow ends the call\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("night",), "there is no flow 'night'; there are: main"),
        (("main", "--at", "soon"), "'soon' is no time; write it as 2026-10-01T10:00"),
        (("main", "--language", "fr"), "--language is en or zh"),
    ],
)
def test_a_rehearsal_that_cannot_be(ccd: Ccd, config: Path, words: tuple[str, ...], told: str):
    """Said in a line."""
    ran = ccd("flow", "try", *words, "--config", str(config))
    assert ran.code in {1, 2}
    assert ran.err == f"ccd: {told}\n"


def test_recordings_are_imported_removed_and_restored(ccd: Ccd, config: Path, tmp_path: Path):
    """A folder by its languages; the running daemon is told each time; an unknown one is said."""
    given = tmp_path / "given"
    for name in ("zh/welcome", "zh/own/news", "en/welcome"):
        make(given / f"{name}.mp3")
    (given / "zh" / "broken.wav").write_bytes(b"no sound")
    ran = ccd("prompt", "import", str(given), "--json", "--config", str(config))
    assert ran.code == 1
    assert {f"{each['language']}/{each['id']}" for each in ran.json["imported"]} == {
        "zh/welcome",
        "zh/own/news",
        "en/welcome",
    }
    assert "broken.wav" in ran.json["failed"][0]
    broken = str(given / "zh" / "broken.wav")
    ran = ccd("prompt", "import", broken, "--language", "zh", "--config", str(config), language="zh")
    assert ran.err.startswith(f"ccd: {broken}：没有可以读取的声音（")
    assert ("prompts refresh",) in ccd.backend.asked
    told = {each["id"]: each for each in ccd("prompt", "list", "--json", "--config", str(config)).json}
    assert told["welcome"]["from"] == {"en": "recorded", "zh": "recorded"}
    ran = ccd("prompt", "remove", "welcome", "--language", "zh", "--config", str(config))
    assert ran.out.startswith("zh/welcome is put aside: ")
    ran = ccd("prompt", "restore", "welcome", "--config", str(config))
    assert ran.out == "zh/welcome is as it was\n"
    ran = ccd("prompt", "remove", "nothing", "--config", str(config))
    assert (ran.code, ran.err) == (1, f"ccd: prompt 'nothing' has no sound in {tmp_path}/sounds\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "a.wav", "--id", "welcome"), "name the language: --language en or --language zh"),
        (("import", "a.wav", "b.wav", "--id", "x", "--language", "zh"), "--id goes with one file"),
        (("import", "a.wav", "--language", "fr"), "--language is en or zh"),
        (("remove", "../x"), "there is no prompt '../x'"),
    ],
)
def test_an_import_that_cannot_be(ccd: Ccd, config: Path, words: tuple[str, ...], told: str):
    """Said in a line."""
    ran = ccd("prompt", *words, "--config", str(config))
    assert ran.code in {1, 2}
    assert ran.err == f"ccd: {told}\n"
