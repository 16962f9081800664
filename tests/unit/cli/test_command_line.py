"""What may be said anywhere on the line, where the daemon is looked for, and what dates mean."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from ccd.cli import locate
from ccd.cli.agent_files import memberships, read_agents, read_pin, write_agents
from ccd.cli.dates import instant
from ccd.cli.wishes import UsageError, Wishes, take_wishes
from ccd.errors import CcdError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave no trace of the machine: no variables, no installed daemon, no lab."""
    for variable in (
        "CCD_SOCKET",
        "CCD_CONFIG",
        "CCD_LANG",
        "CCD_AGENT_PIN",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
    ):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(locate, "SOCKET", tmp_path / "run" / "ccd.sock")
    monkeypatch.setattr(locate, "CONFIG", tmp_path / "etc" / "ccd.yaml")
    monkeypatch.setattr(locate.ccd, "__file__", str(tmp_path / "checkout" / "ccd" / "__init__.py"))
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")


# ---------------------------------------------------------------- options that go anywhere


@pytest.mark.parametrize(
    "line",
    [
        "--socket /s --lang zh queue show sales --json",
        "queue --lang zh show sales --socket /s --json",
        "queue show sales --json --socket=/s --lang=zh",
    ],
)
def test_wishes_may_stand_anywhere(line: str):
    """The rest of the line keeps its order."""
    wishes, rest = take_wishes(line.split())
    assert wishes == Wishes(socket="/s", language="zh")
    assert rest == ["queue", "show", "sales", "--json"]


def test_after_two_dashes_nothing_is_a_wish():
    """What follows belongs to the command."""
    wishes, rest = take_wishes(["agent", "add", "--", "--lang", "zh"])
    assert wishes.language == "en"
    assert rest == ["agent", "add", "--", "--lang", "zh"]


@pytest.mark.parametrize("line", ["--socket", "status --lang", "--lang= status", "--lang fr"])
def test_a_wish_without_a_usable_value_is_refused(line: str):
    """Not passed on as something else."""
    with pytest.raises(UsageError):
        take_wishes(line.split())


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "CCD_LANG": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_locale_chooses_the_language(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
):
    """CCD_LANG, LC_ALL, LC_MESSAGES, LANG, in this order."""
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert take_wishes([])[0].language == spoken


def test_variables_stand_for_options(monkeypatch: pytest.MonkeyPatch):
    """And an option wins over its variable."""
    monkeypatch.setenv("CCD_SOCKET", "/variable")
    assert take_wishes([])[0].socket == "/variable"
    assert take_wishes(["--socket", "/option"])[0].socket == "/option"


# ---------------------------------------------------------------- where the daemon is


def test_a_named_socket_is_the_one():
    """Right or wrong: nobody wants to speak to another daemon than they named."""
    assert locate.find_socket(Wishes(socket="/nowhere/ccd.sock")) == Path("/nowhere/ccd.sock")


@pytest.mark.parametrize(
    ("text", "socket"),
    [
        ("socket: /srv/a.sock\n", "/srv/a.sock"),
        ("language: zh\nsocket:   /srv/a.sock # here\n", "/srv/a.sock"),
        ("socket: '/srv/a b.sock'\n", "/srv/a b.sock"),
        ('socket: "/srv/a.sock"\n', "/srv/a.sock"),
        ("http:\n  socket: /srv/other\nsocket: /srv/a.sock\n", "/srv/a.sock"),
    ],
)
def test_the_socket_of_a_named_configuration_is_used(text: str, socket: str, tmp_path: Path):
    """Read without checking all of it."""
    config = tmp_path / "my.yaml"
    config.write_text(text)
    assert locate.find_socket(Wishes(config=str(config))) == Path(socket)


def test_a_part_of_the_configuration_may_name_the_socket(tmp_path: Path):
    """`conf.d` counts."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "local.yaml").write_text("socket: /srv/b.sock\n")
    (tmp_path / "ccd.yaml").write_text("language: zh\n")
    assert locate.find_socket(Wishes(config=str(tmp_path / "ccd.yaml"))) == Path("/srv/b.sock")


@pytest.mark.parametrize("content", [b"language: zh\n", b"\xff\xfe", None])
def test_a_configuration_that_names_none_means_the_usual_socket(content: bytes | None, tmp_path: Path):
    """Unreadable ones too: the command says later what it needs of it."""
    config = tmp_path / "my.yaml"
    if content is not None:
        config.write_bytes(content)
    assert locate.find_socket(Wishes(config=str(config))) == locate.SOCKET


def test_the_installed_daemon_comes_before_the_lab(tmp_path: Path):
    """Then the configuration in its usual place, then a lab above the current folder, then the checkout's."""
    checkout = tmp_path / "checkout" / ".lab" / "run" / "ccd.sock"
    above = tmp_path / "here" / ".lab" / "run" / "ccd.sock"
    configured = tmp_path / "var" / "ccd.sock"
    for expected in (checkout, above, configured, locate.SOCKET):
        expected.parent.mkdir(parents=True)
        expected.touch()
        if expected == configured:
            locate.CONFIG.parent.mkdir()
            locate.CONFIG.write_text(f"socket: {configured}\n")
        assert locate.find_socket(Wishes()) == expected


def test_without_any_daemon_the_usual_socket_is_named():
    """So that the message says where one is expected."""
    assert locate.find_socket(Wishes()) == locate.SOCKET


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("today", "2026-11-21T00:00:00+08:00"),
        ("今天", "2026-11-21T00:00:00+08:00"),
        ("Yesterday", "2026-11-20T00:00:00+08:00"),
        ("2026-11-01", "2026-11-01T00:00:00+08:00"),
        ("2026-11-01 09:30", "2026-11-01T09:30:00+08:00"),
        ("2026-11-01T09:30:05", "2026-11-01T09:30:05+08:00"),
        ("2026-11-01T09:30:00z", "2026-11-01T09:30:00+00:00"),
    ],
)
@time_machine.travel(datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai")))
def test_dates_are_of_this_machines_time_zone(told: str, meant: str):
    """Unless they say which; what goes to the daemon always says."""
    sent = instant(told)
    assert sent is not None
    assert datetime.fromisoformat(sent) == datetime.fromisoformat(meant)
    assert datetime.fromisoformat(sent).tzinfo is not None


@pytest.mark.parametrize("told", ["", "soon", "2026-13-01", "21.11.2026", "2026-11-01 25:00"])
def test_what_is_no_date_is_refused_with_examples(told: str):
    """Not guessed."""
    with pytest.raises(UsageError, match="2026-11-21"):
        instant(told)


# ---------------------------------------------------------------- agents from files


def test_queues_are_told_with_their_penalty():
    """`sales` is `sales:0`."""
    assert memberships(["sales", "support:3"]) == {"sales": 0, "support": 3}


def test_queues_are_told_with_times_of_the_agents_own():
    """Each may be left out; what an export writes is read again."""
    told = ["sales:ring=30", "support:3:ring=12.5:wrap_up=0", "vip:wrap_up=90"]
    read = memberships(told)
    assert read == {
        "sales": {"penalty": 0, "ring_s": 30.0},
        "support": {"penalty": 3, "ring_s": 12.5, "wrap_up_s": 0.0},
        "vip": {"penalty": 0, "wrap_up_s": 90.0},
    }
    places = [{"queue": queue, "ring_s": None, "wrap_up_s": None} | terms for queue, terms in read.items()]
    agent = {"number": "1", "name": "", "own_extension": None, "memberships": places, "skills": {}}
    assert " ".join(told) in write_agents([agent], chinese=False)


@pytest.mark.parametrize(
    "told",
    ["", ":1", "sales:", "sales:-1", "sales:x", "sales:１", "sales:ring=", "sales:ring=x", "sales:wrap=1"],
)
def test_a_queue_that_is_told_wrong_is_refused(told: str):
    """With an example of the right form."""
    with pytest.raises(UsageError, match="support:1"):
        memberships([told])


@pytest.mark.parametrize(
    "content",
    [
        "number,name,extension,pin,queues\r\n1001,张伟,1001,4711,sales support:1\r\n2,,,,\r\n".encode(),
        "\ufeffnumber;name\n".replace(";", ",").encode() + "1001,张伟\n2,\n".encode(),
        "工号,姓名\n1001,张伟\n2,\n".encode("gb18030"),
        "Number , NAME\n1001, 张伟 \n2\n".encode(),
    ],
)
def test_agents_are_read_as_spreadsheets_save_them(content: bytes, tmp_path: Path):
    """UTF-8 with or without mark, GB18030, Chinese headings, blanks, short rows."""
    file = tmp_path / "agents.csv"
    file.write_bytes(content)
    first, second = read_agents(file)
    assert first["number"] == "1001"
    assert first["name"] == "张伟"
    assert second == {"number": "2", "queues": {}}


def test_all_columns_are_read(tmp_path: Path):
    """PINs and extensions stay text: 0042 is not 42."""
    file = tmp_path / "agents.csv"
    file.write_text("number,name,extension,pin,queues\n1001,A,1001,0042,sales;support:1\n")
    assert read_agents(file) == [
        {
            "number": "1001",
            "name": "A",
            "extension": "1001",
            "pin": "0042",
            "queues": {"sales": 0, "support": 1},
        }
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1"),
        (b"name\nA\n", "line 1"),
        (b"number,number\n1,2\n", "line 1"),
        (b"number,role\n1,admin\n", "'role'"),
        (b"number\n1,2\n", "line 2: more cells"),
        (b'number\n"1\n', "line"),
        (b"number,queues\n1,sales:x\n", "sales:x"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than"),
    ],
)
def test_a_file_that_is_wrong_says_where(content: bytes, said: str, tmp_path: Path):
    """File and line, and what is right."""
    file = tmp_path / "agents.csv"
    file.write_bytes(content)
    with pytest.raises(CcdError, match=said):
        read_agents(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    """With its name."""
    with pytest.raises(CcdError, match=r"none\.csv: No such file"):
        read_agents(tmp_path / "none.csv")


def test_pins_come_from_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Never from the command line, which every user of the machine can read."""
    file = tmp_path / "pin"
    file.write_text("4711\nsecond line\n")
    monkeypatch.setenv("CCD_AGENT_PIN", "1234")
    assert read_pin(file, ask=True) == "4711"
    assert read_pin(None, ask=True) == "1234"
    monkeypatch.delenv("CCD_AGENT_PIN")
    assert read_pin(None, ask=True) is None
