"""The lab itself: what `up` promises, and what its supervisor does when ccd dies or hangs."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk.lab import CHECKOUT, Lab, run
from tests.asterisk.phones import Phone
from tests.support import until


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start a lab beside that of the other tests: this one is broken on purpose."""
    lab = Lab(tmp_path_factory.mktemp("own-lab"))
    try:
        asyncio.run(lab.do("up"))
        yield lab
    finally:
        asyncio.run(lab.run("down"))


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return b"\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def lines_of(path: str) -> list[str]:
    """Give a text file's lines."""
    return Path(path).read_text().splitlines()


async def ready_with_another_pid(lab: Lab, pid: int, timeout_s: float) -> float:
    """Wait until ccd is ready again as another process; give how long that took."""
    began = time.monotonic()

    async def is_ready() -> bool:
        ccd = (await lab.status())["ccd"]
        return bool(ccd["ready"]) and ccd["pid"] != pid

    await until(is_ready, timeout_s, "ccd ready again")
    return time.monotonic() - began


async def test_status_tells_what_runs_where(own):
    """Whoever scripts against the lab finds pids, ports, phones and paths."""
    facts = await own.status()
    assert facts["asterisk"]["running"]
    assert facts["asterisk"]["ports"]["sip"] == own.server[1]
    assert int(facts["asterisk"]["version"].partition(".")[0]) >= 20
    assert (facts["ccd"]["running"], facts["ccd"]["ready"], facts["ccd"]["restarts"]) == (True, True, 0)
    for pid in (facts["asterisk"]["pid"], facts["ccd"]["pid"], facts["ccd"]["supervisor_pid"]):
        assert runs(pid)
    for path in (facts["recordings"], facts["database"], facts["ccd"]["log"], facts["asterisk"]["log"]):
        assert os.access(path, os.W_OK)
    assert [phone["extension"] for phone in facts["phones"]] == [str(1001 + n) for n in range(6)]
    assert len({phone["password"] for phone in facts["phones"]}) == 6


async def test_up_again_changes_nothing(own):
    """The same processes, the same passwords."""
    before = await own.status()
    await own.do("up")
    assert await own.status() == before


async def test_up_with_other_options_applies_them_to_the_running_lab(own):
    """More phones: they register and their agents exist, and neither Asterisk nor ccd is started anew."""
    before = await own.status()
    await own.do("up", "--phones", "8", "--sign-in")
    after = await own.status()
    assert [after[part]["pid"] for part in ("asterisk", "ccd")] == [
        before[part]["pid"] for part in ("asterisk", "ccd")
    ]
    async with Phone(own.server, "1008", own.password("1008")):
        agents = {agent["number"]: agent for agent in await own.ccd_json("agent", "list")}
    assert agents["1008"]["extension"] == "1008"
    assert {agent["status"] for agent in agents.values()} == {"available"}


async def test_asterisk_boots_without_a_complaint(own):
    """What is not needed is not loaded, what is loaded has its configuration."""
    lines = lines_of((await own.status())["asterisk"]["log"])
    assert lines
    assert [line for line in lines if "WARNING[" in line or "ERROR[" in line] == []


async def test_every_server_listens_on_loopback_only(own):
    """Nothing that can be connected to is open to the network."""
    facts = await own.status()
    ours = {f"pid={facts[part]['pid']}," for part in ("asterisk", "ccd")}
    listing = (await run(["ss", "-Hlntp"])).output.splitlines()
    listeners = [line.split()[3] for line in listing if any(pid in line for pid in ours)]
    assert len(listeners) >= 3
    assert [address for address in listeners if not address.startswith("127.0.0.1:")] == []


async def test_ccd_killed_is_back_at_once(own):
    """As systemd would, without a word from anybody."""
    pid = (await own.status())["ccd"]["pid"]
    os.kill(pid, signal.SIGKILL)
    assert await ready_with_another_pid(own, pid, 10.0) < 5.0


async def test_ccd_that_hangs_is_killed_by_its_watchdog_and_back(own):
    """Stopped, it is killed within 10 s of its last sign of life."""
    pid = (await own.status())["ccd"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    assert await ready_with_another_pid(own, pid, 20.0) < 15.0


async def test_ccd_left_alone_by_a_killed_supervisor_gives_way_to_a_new_one(own):
    """`start ccd` ends the orphan, which holds the ports, and starts ccd under a supervisor again."""
    before = (await own.status())["ccd"]
    os.kill(before["supervisor_pid"], signal.SIGKILL)
    await until(lambda: not runs(before["supervisor_pid"]))
    await own.do("start", "ccd")
    after = (await own.status())["ccd"]
    assert not runs(before["pid"])
    assert (after["ready"], after["restarts"]) == (True, 0)


async def test_each_part_can_be_stopped_and_started(own):
    """The other one stays as it is."""
    before = await own.status()
    await own.do("stop", "ccd")
    down = await own.run("status")
    assert (down.code, (await own.status())["ccd"]["pid"]) == (3, None)
    await own.do("start", "ccd")
    await own.do("restart", "asterisk")
    after = await own.status()
    assert after["ccd"]["ready"]
    assert after["ccd"]["pid"] != before["ccd"]["pid"]
    assert after["asterisk"]["pid"] != before["asterisk"]["pid"]


async def test_a_port_in_use_is_named_and_nothing_is_started(own, tmp_path):
    """A second lab on the first one's ports says which port and how to change it."""
    second = Lab(tmp_path)
    second.variables = own.variables
    failed = await second.run("up")
    assert failed.code == 1
    assert f"UDP port {own.server[1]} on 127.0.0.1 is in use" in failed.errors
    assert "LAB_SIP_PORT" in failed.errors
    assert (await second.status())["asterisk"]["pid"] is None


async def test_a_configuration_with_an_error_is_refused_and_the_old_one_stays(own, tmp_path):
    """The message is that of `ccd check`; what runs goes on."""
    shutil.copytree(CHECKOUT / "examples" / "demo", tmp_path / "config")
    with (tmp_path / "config" / "ccd.yaml").open("a") as file:
        file.write("\nqueeus: {}\n")
    before = await own.status()
    failed = await own.run("up", "--config", str(tmp_path / "config"))
    assert failed.code == 1
    assert "queeus" in failed.errors
    after = await own.status()
    assert (after["ccd"]["pid"], after["ccd"]["ready"]) == (before["ccd"]["pid"], True)


async def test_down_stops_everything_and_keeps_the_passwords(own):
    """`up` after `down` has the same phones, as many as are asked for then."""
    before = await own.status()
    await own.do("down")
    gone = await own.run("status")
    assert gone.code == 3
    for pid in (before["asterisk"]["pid"], before["ccd"]["pid"], before["ccd"]["supervisor_pid"]):
        assert not runs(pid)
    await own.do("up", "--phones", "2")
    assert own.facts["phones"] == before["phones"][:2]
