"""What each command prints, sends and exits with, against a running API."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ccd.cli.agent_files import read_agents, write_agents
from ccd.cli.text import width
from ccd.http import client
from ccd.model import Terms
from tests.integration.cli.conftest import Ccd
from tests.integration.http.fake_backend import CALL, bad_configuration, call
from tests.integration.http.fake_messages import MESSAGE, NOTICE

LISTS = [
    "agent list",
    "queue list",
    "queue show",
    "call list",
    "cdr list",
    "recording list",
    "voicemail list",
    "voicemail boxes",
    "notice list",
]
OBJECTS = [
    "status",
    "top",
    "queue show sales",
    "agent show 1001",
    f"call show {CALL}",
    f"cdr show {CALL}",
    f"explain {CALL}",
    f"recording path {CALL}-1",
    "survey report",
    "customer owner 13800138000",
    f"voicemail show {MESSAGE}",
    f"voicemail heard {MESSAGE}",
    f"notice retry {NOTICE}",
    "reload",
]


@pytest.mark.parametrize("line", LISTS)
def test_lists_are_arrays_in_json(ccd: Ccd, line: str):
    """An array, not wrapped in anything."""
    ran = ccd(*line.split(), "--json")
    assert ran.code == 0
    assert isinstance(ran.json, list)
    assert ran.json


@pytest.mark.parametrize("line", OBJECTS)
def test_all_else_is_an_object_in_json(ccd: Ccd, line: str):
    """Exactly what the API answered."""
    ran = ccd(*line.split(), "--json")
    assert ran.code == 0
    assert isinstance(ran.json, dict)
    assert ran.err == ""


@pytest.mark.parametrize("line", [*LISTS, *OBJECTS])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_is_printed_in_both_languages(ccd: Ccd, line: str, language: str):
    """Every command has something to say, and says nothing on stderr."""
    ran = ccd(*line.split(), language=language)
    assert ran.code == 0
    assert ran.out.strip()
    assert ran.err == ""
    assert "\x1b" not in ran.out


def test_json_is_the_same_in_every_language(ccd: Ccd):
    """It is for programs."""
    assert ccd("agent", "list", "--json", language="zh").out == ccd("agent", "list", "--json").out


def test_agents_in_json_have_what_scripts_rely_on(ccd: Ccd):
    """Number, extension, status, state, name, queues, since when."""
    first = ccd("agent", "list", "--json").json[0]
    wanted = {
        "number": "1001",
        "extension": "1001",
        "status": "available",
        "state": "idle",
        "queues": ["sales"],
    }
    assert {key: first[key] for key in wanted} == wanted
    assert {"name", "since_at", "reason"} <= set(first)


def test_chinese_tables_line_up(ccd: Ccd):
    """The column after a Chinese one begins at the same place in every line."""
    lines = ccd("queue", "list", language="zh").out.splitlines()
    assert lines[0].startswith("队列")
    at = {
        width(line[: line.index(found)])
        for line, found in zip(lines, ["策略", "rrmemory", "rrmemory"], strict=True)
    }
    assert len(at) == 1


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("levels", "code", "word"),
    [([], 0, "OK"), (["warning"], 1, "WARNING"), (["warning", "critical"], 2, "CRITICAL")],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_status_is_what_nagios_reads(ccd: Ccd, levels: list[str], code: int, word: str, language: str):
    """First line `CCD WORD - text|figures` with one bar, and the exit code."""
    codes = {"warning": "database_slow", "critical": "ami_disconnected"}
    ccd.backend.faults = [
        {"code": codes[level], "level": level, "detail": "a|b"} for level in reversed(levels)
    ]  # type: ignore[assignment]
    ran = ccd("status", language=language)
    assert ran.code == code
    first = ran.out.splitlines()[0]
    assert first.startswith(f"CCD {word} - ")
    assert first.count("|") == 1
    figures = dict(pair.split("=") for pair in first.split("|")[1].split())
    assert figures["waiting"] == "2"
    assert figures["longest_wait"] == "73s"
    assert ran.out.count("|") == 1


def test_status_of_a_daemon_that_fails_is_unknown(ccd: Ccd):
    """3, and the first line says so, as plug-ins do, on stdout."""
    ccd.backend.failure = RuntimeError("bug")
    ran = ccd("status")
    assert ran.code == 3
    assert ran.out.startswith("CCD UNKNOWN - ")


def test_top_off_a_terminal_prints_once(ccd: Ccd):
    """For a cron job or a pipe: status, queues, calls, agents."""
    lines = ccd("top").out.splitlines()
    assert "2 waiting (longest 1:12)" in lines[0]
    titles = [line.split()[0] for line, before in zip(lines[1:], lines, strict=False) if not before]
    assert titles == ["queue", "call", "agent"]


# ---------------------------------------------------------------- records


def test_records_are_newest_first_and_as_many_as_asked_for(ccd: Ccd):
    """More than one page of the API is fetched when needed."""
    ids = [each["id"] for each in ccd("cdr", "list", "--limit", "430", "--json").json]
    assert ids == [f"1795250000.{at}" for at in range(450, 20, -1)]
    pages = [page for asked, _which, page in ccd.backend.asked if asked == "records"]
    assert [page.limit for page in pages] == [200, 200, 30]


def test_filters_of_records_reach_the_daemon(ccd: Ccd):
    """By name, with dates of this machine made absolute."""
    line = (
        "cdr list --since 2026-11-21T09:00+08:00 --until 2026-11-22 --number 138 --queue sales --outcome key"
    )
    assert ccd(*line.split()).code == 0
    _, which, _ = ccd.backend.asked[0]
    assert which.since == datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert which.until.tzinfo is not None
    assert (which.number, which.queue, which.outcome) == ("138", "sales", "key")


def test_an_export_goes_to_a_file_only_when_it_is_whole(ccd: Ccd, tmp_path: Path):
    """A broken one leaves neither half a file nor a changed one."""
    target = tmp_path / "calls.csv"
    assert ccd("cdr", "export", "--format", "csv", "-o", str(target)).code == 0
    assert target.read_bytes() == b"id,number\r\n1,13800138000\r\n"
    ccd.backend.pieces = [b"x" * 100_000, RuntimeError("disk")]
    ran = ccd("cdr", "export", "-o", str(target))
    assert ran.code == 3
    assert target.read_bytes() == b"id,number\r\n1,13800138000\r\n"
    assert [*tmp_path.iterdir()] == [target]


def test_a_callback_is_shown_in_the_users_language(ccd: Ccd):
    """Where it stands in words, instants by this machine's clock; open ones only in a list, unless --all."""
    english = ccd("callback", "show", "2").out.splitlines()
    assert "phase              in line" in english
    assert "asked for          2026-11-21 09:00:00" in english
    assert "closed             -" in english
    chinese = ccd("callback", "show", "2", language="zh").out
    assert "阶段" in chinese
    assert "排队中" in chinese
    assert not {"queue", "phase", "in_line", "waiting"} & set(chinese.split())
    assert len(ccd("callback", "list").out.splitlines()) == 2
    assert len(ccd("callback", "list", "--all").out.splitlines()) == 3


def test_a_recordings_path_stands_alone(ccd: Ccd):
    """For `play "$(ccd recording path …)"`."""
    ran = ccd("recording", "path", f"{CALL}-1")
    assert ran.out == f"/var/spool/asterisk/ccd/2026/11/21/{CALL}-1.wav\n"


def test_recordings_are_copied_once_and_one_that_cannot_be_converted_is_told(ccd: Ccd, tmp_path: Path):
    """Under names that sort, with a list beside them; a broken sound stops nobody and leaves no half file."""
    sound, folder = tmp_path / "sound.wav", tmp_path / "copies"
    sound.write_bytes(b"no sound at all")
    ccd.backend.recorded = str(sound)
    assert ccd("recording", "export", str(folder)).out.startswith("1 copied, 0 there already, 0 missing")
    (copy,) = folder.glob("*.wav")
    assert copy.read_bytes() == sound.read_bytes()
    assert (folder / "index.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith(copy.name)
    assert ccd("recording", "export", str(folder)).out.startswith("0 copied, 1 there already, 0 missing")
    ran = ccd("recording", "export", str(folder), "--format", "opus")
    assert ran.code == 1
    assert ran.out.startswith("0 copied, 0 there already, 1 missing")
    assert f"{CALL}-1: " in ran.out
    assert {each.name for each in folder.iterdir()} == {copy.name, "index.csv"}


def test_survey_answers_have_their_labels(ccd: Ccd):
    """In the user's language."""
    assert "1 very satisfied: 2, 2 satisfied: 1" in ccd("survey", "report", "--by", "agent").out
    assert "1 非常满意: 2, 2 满意: 1" in ccd("survey", "report", language="zh").out


# ---------------------------------------------------------------- agents


def test_an_agent_is_added_with_a_pin_from_a_file(ccd: Ccd, tmp_path: Path):
    """Queues with penalties and times of their own, the PIN not on the command line."""
    pin = tmp_path / "pin"
    pin.write_text("4711\n")
    line = "agent add 2001 --name 李娜 --extension 1009 --queue sales --queue support:2:ring=30 --pin-file"
    ran = ccd(*line.split(), str(pin))
    assert ran.code == 0, ran.err
    new = ccd.backend.added[0]
    assert (new.number, new.name, new.extension, new.pin) == ("2001", "李娜", "1009", "4711")
    assert new.queues == {"sales": Terms(), "support": Terms(penalty=2, ring_s=30.0)}
    assert "4711" not in ran.out


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("sign-in 1003 1009", "available"),
        ("sign-out 1001", "logged_out"),
        ("pause 1001 --reason lunch", "paused"),
        ("ready 1001", "available"),
    ],
)
def test_agents_do_what_they_are_told(ccd: Ccd, line: str, status: str):
    """And the answer is the agent as they are then."""
    ran = ccd("agent", *line.split(), "--json")
    assert ran.code == 0
    assert ran.json["status"] == status


def test_an_update_without_a_change_is_a_mistake(ccd: Ccd):
    """Exit code 2; the daemon is not asked."""
    ran = ccd("agent", "update", "1001")
    assert ran.code == 2
    assert "at least one option" in ran.err
    assert ccd.backend.asked == []


def test_an_update_sends_only_what_changes(ccd: Ccd):
    """An empty extension takes the phone away."""
    assert ccd("agent", "update", "1001", "--extension", "").code == 0
    _, _, change = ccd.backend.asked[0]
    assert (change.name, change.extension, change.pin, change.queues) == (None, "", None, None)


def test_agents_are_imported_all_or_none(ccd: Ccd, tmp_path: Path):
    """A row that cannot be taken is named, and fails the command."""
    file = tmp_path / "agents.csv"
    file.write_text("number,name,queues\n2001,A,sales\n1001,B,nowhere\n")
    ran = ccd("agent", "import", str(file), "--dry-run")
    assert ran.code == 1
    assert ran.out == "0 added, 0 updated\nrow 2 (1001): there is no queue 'nowhere'\n"
    ran = ccd("agent", "import", str(file), "--dry-run", language="zh")
    assert ran.out.splitlines()[1].endswith("没有名为 nowhere 的队列；可用的有：sales, support")
    file.write_text("number,name,queues\n2001,A,sales\n1001,B,support:1\n")
    ran = ccd("agent", "import", str(file))
    assert (ran.code, ran.out) == (0, "1 added, 1 updated\n")


def test_every_faulty_line_of_an_import_is_told(ccd: Ccd, tmp_path: Path):
    """Not the first alone: whoever mends a sheet mends it once."""
    file = tmp_path / "agents.csv"
    file.write_text("number,name,queues\n2001,A,sales:x\n2002,B,sales\n2003,C,sales,too many\n")
    ran = ccd("agent", "import", str(file))
    assert (ran.code, ran.out, ccd.backend.asked) == (1, "", [])
    assert [line.partition(", line ")[2][:1] for line in ran.err.splitlines()] == ["2", "4"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_exported_agents_can_be_imported_again(ccd: Ccd, tmp_path: Path, language: str):
    """Every agent, with penalties, in a file that a spreadsheet opens; a file that is there is kept."""
    file = tmp_path / "agents.csv"
    ran = ccd("agent", "export", str(file), language=language)
    assert ran.code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert ccd("agent", "export", str(file), language=language).code == 1
    assert ccd("agent", "export", str(file), "--force", language=language).code == 0
    known = {agent["number"]: agent for agent in ccd("agent", "list", "--json").json}
    told = {agent["number"]: agent for agent in read_agents(file)}
    assert told.keys() == known.keys()
    for number, agent in told.items():
        penalties = {each["queue"]: each["penalty"] for each in known[number]["memberships"]}
        assert (agent["name"], agent["queues"]) == (known[number]["name"], penalties)
        assert agent.get("skills", {}) == known[number]["skills"]


def test_a_name_that_looks_like_a_formula_stays_a_name(tmp_path: Path):
    """A spreadsheet shows it, and the import takes it as it was."""
    agent = {"number": "1", "name": "=1+1", "own_extension": None, "memberships": [], "skills": {}}
    told = write_agents([agent], chinese=False)
    assert "'=1+1" in told
    file = tmp_path / "agents.csv"
    file.write_text(told, encoding="utf-8", newline="")
    assert read_agents(file)[0]["name"] == "=1+1"


def test_an_agent_who_is_signed_in_is_not_removed(ccd: Ccd):
    """The reason and what to do, then it works."""
    ran = ccd("agent", "remove", "1001")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "ccd: agent 1001 is signed in; sign them out first\n"
    assert ccd("agent", "remove", "1003").code == 0


# ---------------------------------------------------------------- operation


def test_a_reload_says_what_changed(ccd: Ccd):
    """And what waits for a restart."""
    assert ccd("reload").out == "changed: queues.sales.ring_s\nchanged: http.port (after a restart)\n"


def test_the_difference_to_the_configuration_in_use_is_shown(ccd: Ccd):
    """Key, old and new value; exit code 1 as `diff` has it, 0 when there is none."""
    assert ccd("config", "diff").out == "the configuration on disk is the one in use\n"
    ccd.backend.differences = [
        {"key": "queues.sales.ring_s", "before": 20.0, "after": 15.0, "restart_needed": False},
        {"key": "http.port", "before": None, "after": 8081, "restart_needed": True},
    ]
    ran = ccd("config", "diff")
    assert ran.code == 1
    assert ran.out == "queues.sales.ring_s\n  - 20.0\n  + 15.0\nhttp.port (after a restart)\n  + 8081\n"
    assert ccd("config", "diff", "--json").json == ccd.backend.differences


@pytest.mark.parametrize(("language", "said"), [("en", "'roundrobin' is no strategy"), ("zh", "没有策略")])
def test_a_reload_of_a_bad_configuration_shows_every_problem(ccd: Ccd, language: str, said: str):
    """With file, line and remedy, in the user's language; the old one stays in use."""
    ccd.backend.failure = bad_configuration()
    ran = ccd("reload", language=language)
    assert ran.code == 1
    assert "/etc/ccd/ccd.yaml:12: queues.sales.strategy" in ran.out
    assert said in ran.out
    assert "→ " in ran.out
    assert ran.err.startswith("ccd: ")


def test_doctor_fails_when_a_check_failed(ccd: Ccd):
    """Each failure with its remedy."""
    ran = ccd("doctor")
    assert ran.code == 1
    assert "failed  prompts: 3 are missing\n        → ccd prompt generate\n" in ran.out
    assert ccd("doctor", "--json").json["checks"][0]["result"] == "ok"
    assert "失败  prompts: 缺少 3 个" in ccd("doctor", language="zh").out


def test_an_owner_is_set_shown_and_cleared(ccd: Ccd):
    """`--none` is explicit."""
    assert ccd("customer", "owner", "138", "1001").out == "138: owned by 1001\n"
    assert ccd("customer", "owner", "138").out == "138: owned by 1001\n"
    assert ccd("customer", "owner", "138", "--none").out == "138: owned by nobody\n"
    assert ccd("customer", "owner", "138", "1001", "--none").code == 2


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("agent show 9999", 1, "there is no agent '9999'"),
        ("queue show nowhere", 1, "there are: sales, support"),
        ("cdr show nothing", 1, "no call"),
        ("agent wrap-up-done 1001", 1, "not in wrap-up"),
        ("queue show Sales!", 2, "a-z 0-9"),
        ("cdr list --outcome lost", 2, "allowed: answered, abandoned"),
        ("cdr list --order best", 2, "'newest', 'oldest'"),
        ("cdr list --limit 0", 2, "--limit"),
        ("cdr list --since soon", 2, "2026-11-21"),
        ("cdr export --format xml", 2, "asterisk-csv"),
        ("agent add 2001 --queue sales:x", 2, "support:1"),
        ("agent import /nowhere.csv", 1, "No such file"),
        ("agent lst", 2, "Did you mean 'list'"),
        ("agnet list", 2, "'agent'"),
        ("agent show", 2, "AGENT"),
        ("queue list --jason", 2, "--jason"),
    ],
)
def test_errors_are_one_line_with_an_exit_code(ccd: Ccd, line: str, code: int, said: str):
    """On stderr, with what to do; nothing on stdout, no traceback."""
    ran = ccd(*line.split())
    assert (ran.code, ran.out) == (code, "")
    first, *rest = ran.err.splitlines()
    assert first.startswith("ccd: ")
    assert said in first
    assert all(line.startswith("see: ccd") for line in rest)


def test_a_fault_of_the_daemon_has_an_exit_code_of_its_own(ccd: Ccd):
    """4: the daemon's log says why."""
    ccd.backend.failure = ZeroDivisionError("secret")
    ran = ccd("top")
    assert ran.code == 4
    assert "its log says why" in ran.err
    assert "secret" not in ran.err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("line", ["agent list", "status", "cdr export", "agent list --json"])
def test_without_a_daemon_the_socket_is_named(tmp_path: Path, ccd: Ccd, line: str, language: str):
    """Exit code 3; which socket was tried, and what to do."""
    ccd.socket = tmp_path / "none.sock"
    ran = ccd(*line.split(), language=language)
    assert ran.code == 3
    told = ran.out + ran.err
    assert str(ccd.socket) in told
    assert "systemctl start ccd" in told
    assert len(told.splitlines()) == 1


def test_a_socket_that_one_may_not_use_says_so(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """Not "no daemon": there is one, for others."""

    def refuse(_self: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(client._UnixConnection, "connect", refuse)
    ran = ccd("agent", "list")
    assert ran.code == 3
    assert "no permission" in ran.err


def test_what_callers_send_does_not_reach_the_terminal(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """Escape sequences in a name are replaced in text and escaped in JSON."""

    async def calls() -> list[object]:
        return [call(number="\x1b[31m138", name="\x9b2J\u202e", channel="PJSIP/\nx")]

    monkeypatch.setattr(ccd.backend, "calls", calls)
    text = ccd("call", "list").out
    assert "\x1b" not in text
    assert len(text.splitlines()) == 2
    told = ccd("call", "list", "--json")
    assert not {"\x1b", "\x9b", "\u202e"} & set(told.out)
    assert told.json[0]["name"] == "\x9b2J\u202e"


def test_a_prompt_is_recorded_over_a_phone(ccd: Ccd):
    """The command waits until it is over, and tells what came of it."""
    ran = ccd("prompt", "record", "welcome", "--language", "zh", "--phone", "1001")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0].startswith("phone 1001 rings: record after the tone")
    assert ran.out.splitlines()[-1] == "zh/welcome  2.1 s"
    assert ccd.backend.asked == [
        ("prompts record", "welcome", "zh", "1001"),
        ("prompts errand", "welcome-zh-1001"),
    ]
    told = ccd("prompt", "record", "welcome", "--language", "zh", "--phone", "1001", "--json").json
    assert (told["state"], told["length_s"]) == ("kept", 2.1)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("goodbye", "nothing was kept; the prompt is as it was"), ("broken", "ffmpeg is not installed")],
)
def test_a_recording_that_did_not_come_to_be_is_told(ccd: Ccd, prompt: str, said: str):
    """Exit code 1."""
    ran = ccd("prompt", "record", prompt, "--language", "en", "--phone", "1001")
    assert (ran.code, ran.err) == (1, f"ccd: {said}\n")


def test_why_a_recording_failed_is_told_in_chinese(ccd: Ccd):
    """What went wrong on the daemon's side, minutes after the wish."""
    ran = ccd("prompt", "record", "broken", "--language", "en", "--phone", "1001", language="zh")
    assert ran.err == "ccd: /sounds：无法写入（full）\n"


def test_the_daemon_refuses_in_the_users_language(ccd: Ccd):
    """An unknown name, a wish that cannot be granted, an option out of bounds."""
    for line, said in (
        ("queue show nowhere", "没有名为 nowhere 的队列；可用的有：sales, support"),
        ("agent add 1001", "坐席 1001 已存在；请修改该坐席，或另选工号"),
        ("agent show 10.1", "10.1 不是工号或分机：1 到 32 个 0-9 A-Z a-z _ -"),
        ("agent add 10.1", "number：须符合 ^[0-9A-Za-z_-]{1,32}$"),
        ("cdr list --outcome best", "outcome：best 不是允许的值；允许的值：answered, abandoned"),
    ):
        ran = ccd(*line.split(), language="zh")
        assert ran.code in {1, 2}
        assert ran.err.startswith(f"ccd: {said}"), ran.err


def test_a_prompt_is_played_over_a_phone(ccd: Ccd):
    """In the language that is named."""
    ran = ccd("prompt", "play", "goodbye", "--language", "en", "--phone", "1002")
    assert (ran.code, ran.out) == (0, "en/goodbye was played\n")
    assert ccd.backend.asked[0] == ("prompts play", "goodbye", "en", "1002")
