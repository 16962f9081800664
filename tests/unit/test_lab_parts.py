"""The lab's parts that need no Asterisk: ports, phones, apt's sources, links, marks of processes."""

import ast
import importlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def labkit(monkeypatch):
    """Import parts of the lab by name."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    for variable in [name for name in os.environ if name.startswith("LAB_")]:
        monkeypatch.delenv(variable)
    return lambda name: importlib.import_module(f"labkit.{name}")


def test_ports_come_from_variables_then_from_the_running_lab_then_from_the_defaults(labkit, monkeypatch):
    """A variable wins over what a lab has that is up."""
    monkeypatch.setenv("LAB_SIP_PORT", "5162")
    ports = labkit("settings").Ports.choose({"sip": 5161, "ami": 5039})
    assert (ports.sip, ports.ami, ports.agi) == (5162, 5039, 4573)


@pytest.mark.parametrize("text", ["sip", "70000", "-1", "５０６０", " 5060"])
def test_a_port_that_is_none_is_refused_with_its_variable(labkit, monkeypatch, text):
    """The message names the variable."""
    monkeypatch.setenv("LAB_SIP_PORT", text)
    settings = labkit("settings")
    with pytest.raises(settings.LabError, match="LAB_SIP_PORT"):
        settings.Ports.choose({})


def test_a_port_in_use_is_named_with_the_variable_that_changes_it(labkit):
    """Whoever reads the message knows what to set."""
    asterisk, settings = labkit("asterisk"), labkit("settings")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(settings.LabError, match=f"UDP port {port}.*LAB_SIP_PORT"):
            asterisk.require_free_ports(settings.Ports(sip=port), "sip")


def test_phones_keep_their_passwords_when_more_are_added(labkit, tmp_path):
    """Fewer phones and then more again: each has the password that it had."""
    phones, state = labkit("phones"), labkit("settings").State(tmp_path)
    first = phones.ensure(state, 3)
    assert phones.ensure(state, 1) == first[:1]
    assert phones.ensure(state, 5)[:3] == first
    assert [phone.extension for phone in phones.load(state)] == [
        "1001",
        "1002",
        "1003",
        "1004",
        "1005",
        "1006",
    ][:5]
    assert (tmp_path / "phones.json").stat().st_mode & 0o077 == 0


def test_agents_serve_only_queues_that_are_configured(labkit, tmp_path):
    """Another configuration than the demo's has other queues."""
    phones, state = labkit("phones"), labkit("settings").State(tmp_path)
    rows = phones.agents_csv(phones.ensure(state, 7), {"sales", "bench"}).splitlines()
    assert [row.rpartition(",")[2] for row in rows] == ["queues", *["sales bench"] * 3, *["bench"] * 4]


def test_a_long_state_folder_gets_its_sockets_elsewhere(labkit, tmp_path):
    """A Unix socket's path holds 107 bytes."""
    state = labkit("settings").State(tmp_path / ("long" * 30))
    assert len(str(state.socket)) < 107
    assert state.socket == labkit("settings").State(tmp_path / ("long" * 30)).socket


def test_a_pid_file_that_names_a_stranger_is_not_believed(labkit, tmp_path):
    """The number of a process that is gone may be someone else's now."""
    processes = labkit("processes")
    with subprocess.Popen(
        [sys.executable, "-c", "input()", "mark of ours"], stdin=subprocess.PIPE
    ) as process:
        (tmp_path / "pid").write_text(str(process.pid))
        assert processes.read_pid(tmp_path / "pid", "mark of ours") == process.pid
        assert processes.read_pid(tmp_path / "pid", "mark of others") is None
        processes.terminate(process.pid, "mark of others", patience_s=1.0)
        assert process.poll() is None
        processes.terminate(process.pid, "mark of ours", patience_s=5.0)
        assert process.wait() == -15


def test_archives_are_read_from_both_forms_of_apts_sources(labkit, tmp_path, monkeypatch):
    """Disabled and source-only entries do not count."""
    debian_root = labkit("debian_root")
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "a.sources").write_text(
        "Types: deb deb-src\nURIs: http://one.example/debian http://two.example/debian\nSuites: stable\n\n"
        "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\n\nTypes: deb-src\nURIs: http://src.example/\n"
    )
    (tmp_path / "sources.list").write_text(
        "# deb http://no.example/debian x\ndeb [arch=amd64 signed-by=/k.gpg] http://three.example/debian x\n"
    )
    monkeypatch.setattr(debian_root, "APT", tmp_path)
    archives = ["http://one.example/debian", "http://two.example/debian", "http://three.example/debian"]
    assert list(debian_root.archives()) == archives


def test_absolute_links_lead_where_they_lead_inside_the_root(labkit, tmp_path):
    """Debian's prompts are behind two of them."""
    (tmp_path / "etc" / "alternatives").mkdir(parents=True)
    sounds = tmp_path / "usr" / "sounds"
    (sounds / "en_US").mkdir(parents=True)
    (tmp_path / "etc" / "alternatives" / "prompts").symlink_to("/usr/sounds/en_US")
    (sounds / "en").symlink_to("/etc/alternatives/prompts")
    (sounds / "broken").symlink_to("/nowhere")
    labkit("debian_root").make_links_relative(tmp_path, "usr/sounds")
    assert (sounds / "en").readlink() == Path("en_US")
    assert (sounds / "broken").readlink() == Path("/nowhere")


def test_an_asterisk_that_is_too_old_is_passed_over(labkit, tmp_path, monkeypatch):
    """Version 18 on PATH, then 22 further on: 22 it is."""
    engine = labkit("engine")
    for folder, version in (("old", "18.10.0"), ("new", "22.1.0~dfsg")):
        program = tmp_path / folder / "asterisk"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho Asterisk {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'old'}:{tmp_path / 'new'}:{os.environ['PATH']}")
    found = engine.on_path()
    assert found is not None
    assert (found.version, found.server) == ("22.1.0", (str(tmp_path / "new" / "asterisk"),))


def test_every_message_of_the_lab_is_there_in_chinese_with_the_same_facts(labkit):
    """Both languages are equals."""
    chinese = labkit("messages").CHINESE
    said = set(chinese)
    texts = [source.read_text() for source in (SCRIPTS / "labkit").glob("*.py")]
    for text in [text for text in texts if "from labkit.messages import" in text]:
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"_", "say"}
            ):
                said |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
    missing = said - set(chinese)
    assert not missing
    for english, translated in chinese.items():
        assert sorted(re.findall(r"{\w+[^}]*}", english)) == sorted(re.findall(r"{\w+[^}]*}", translated))
