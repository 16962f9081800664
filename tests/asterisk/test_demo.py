"""`scripts/demo`, as a newcomer runs it: in order, in both languages, interrupted, again, taken down."""

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk.lab import CHECKOUT, Done, Lab, run
from tests.asterisk.phones import Answer, Phone
from tests.asterisk.rtp import loudness
from tests.asterisk.test_whole_call import channels_of
from tests.support import until

DEMO = str(CHECKOUT / "scripts" / "demo")

ENGLISH = (
    r"== One call: IVR → queue → agent → survey",
    r"\d{11} +calls 4000",
    r"\d{11} +hears: “Welcome to our customer service line\.”",
    r"\d{11} +hears: “For sales, press 1",
    r"\d{11} +presses 1: sales",
    r"\d{11} +waits in Sales, place 1",
    r"ccd +chooses 100[123] for \d{11}: rrmemory.*; because: caller joined",
    r"100[123] +the phone rings for \d{11}",
    r"100[123] +answers; 100[123] and \d{11} talk",
    r"100[123] +hangs up after \d+\.\d s of talk",
    r"\d{11} +hears: “Please rate our service",
    r"\d{11} +presses 1",
    r"\d{11} +is through; ccd keeps the answer: very satisfied",
    r"== Three callers at once, one free agent: the queue",
    r"100[123] +dials \*13",
    r"ccd +100[123] is on a break: lunch",
    r"\d{11} +calls 4001",
    r"the phone rings for \d{11}, \d+\.\d ms after the PBX answered the caller",
    r"waits in Sales, place 2",
    r"waits in Sales, place 3",
    r"100[123] +dials \*14: ready again",
    r"the phone rings for \d{11}, \d+\.\d ms after the phone was free",
    r"== The first customer calls again: sticky",
    r"ccd +chooses 100[123] for \d{11}: sticky",
    r"== The first call's record",
    r"recording \S+\.wav: \d+\.\d s",
    r"ccd recording path",
    r"^/.*\.wav$",
    r"survey answer: 1 very satisfied",
    r"== Why these agents",
    r"decision in sales: rrmemory",
    r"decision in sales: sticky",
    r"== It stays up: your turn",
    r"user 1001, password \S+",
    r"4000  the IVR",
    r"\*11 sign in \(number 1001, PIN \d+\)",
    r"\.venv/bin/ccd status",
    r"scripts/lab down --state ",
)
CHINESE = (
    r"== 一通完整的来电",
    r"\d{11} +呼叫 4000",
    r"\d{11} +听到：“您好，欢迎致电客户服务热线。”",
    r"\d{11} +按 1：销售",
    r"\d{11} +在“销售”队列中等待，第 1 位",
    r"ccd +为 \d{11} 选择 100[23]：轮流振铃",
    r"100[23] +挂机，通话 \d+\.\d 秒",
    r"ccd 已记录评价：非常满意",
    r"== 三个客户同时来电",
    r"== 第一位客户再次来电：熟客识别",
    r"选择 100[23]：熟客",
    r"== 第一通来电的话单",
    r"\.wav：\d+\.\d 秒",
    r"满意度：1 非常满意",
    r"== 环境保持运行",
    r"已有一部软电话注册",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Give a lab of the demo's own, which the demo itself brings up."""
    lab = Lab(tmp_path_factory.mktemp("demo"))
    yield lab
    asyncio.run(lab.do("down"))


async def demo(own: Lab, **variables: str) -> Done:
    """Run the demo to its end."""
    return await run([DEMO, "--brisk", "--state", str(own.state)], **own.variables, **variables)


def told_in_order(output: str, patterns: tuple[str, ...]) -> None:
    """Check that each step is told after the one before."""
    at = 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(output, at)
        assert found, f"{pattern!r} is not told after:\n{output[:at]}\n--- but\n{output[at:]}"
        at = found.end()


def processes_of(own: Lab) -> list[str]:
    """Give the command lines of every process that has to do with this lab."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(own.state) in words:
            found.append(words)
    return found


async def test_interrupted_it_says_what_runs_and_leaves_nobody_on_a_break(own):
    """Ctrl-C in the middle of the story."""
    process = await asyncio.create_subprocess_exec(
        *(DEMO, "--brisk", "--state", str(own.state)),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | own.variables | {"LC_ALL": "C.UTF-8"},
    )
    assert process.stdout is not None
    async with asyncio.timeout(120):
        while b"is on a break" not in (line := await process.stdout.readline()):
            assert line, "the demo ended by itself"
        process.send_signal(signal.SIGINT)
        rest = (await process.stdout.read()).decode()
        assert await process.wait() == 130
    assert "Interrupted.\nThe lab goes on without the simulated phones. Stop it: scripts/lab down" in rest
    own.facts = await own.status()
    assert own.facts["ccd"]["ready"]
    agents = await own.ccd_json("agent", "list")
    assert {agent["status"] for agent in agents} == {"available"}


async def test_the_story_is_told_in_order_and_the_record_shown(own):
    """IVR, queue, agent, survey; places in the queue; a known customer; record and recording."""
    done = await demo(own)
    assert done.code == 0, done.output + done.errors
    told_in_order(done.output, ENGLISH)
    assert done.output.count("hears: “Your call is now first in line") == 1
    assert done.output.count("hears: “You are currently caller number two") == 1
    assert "\x1b" not in done.output
    (path,) = re.findall(r"^/.*\.wav$", done.output, re.MULTILINE)
    caller, agent, _rate = channels_of(Path(path))
    assert loudness(caller) > 0.005
    assert loudness(agent) > 0.005


async def test_afterwards_the_simulated_phones_answer_and_1001_is_free(own):
    """A softphone registers as 1001 and is spoken to by 1002."""
    own.facts = await own.status()
    states = {agent["number"]: agent["state"] for agent in await own.ccd_json("agent", "list")}
    assert states == {"1001": "unreachable"} | {f"100{n}": "idle" for n in range(2, 7)}
    async with Phone(own.server, "1001", own.password("1001")) as softphone:
        call = await softphone.call("1002").until_answered()
        await until(call.audio.hears_sound, what="1002 speaks")
        call.hang_up()


async def test_again_in_chinese_while_it_runs_leaves_a_softphone_alone(own):
    """The lab is used as it is; who is registered as 1001 is not called, and not thrown out."""
    before = await own.status()
    async with Phone(own.server, "1001", own.password("1001")) as softphone:
        softphone.behaviour = Answer()

        async def seen() -> bool:
            return bool((await own.ccd_json("agent", "show", "1001"))["state"] == "idle")

        await until(seen, what="ccd sees the softphone")
        done = await demo(own, LC_ALL="zh_CN.UTF-8")
        assert done.code == 0, done.output + done.errors
        told_in_order(done.output, CHINESE)
        assert softphone.calls == []
        agent = await own.ccd_json("agent", "show", "1001")
        assert (agent["status"], agent["state"]) == ("available", "idle")
    after = await own.status()
    assert [after[part]["pid"] for part in ("asterisk", "ccd")] == [
        before[part]["pid"] for part in ("asterisk", "ccd")
    ]


async def test_a_failure_says_what_and_where_to_look(own):
    """A port in use: the lab says which, the demo that it failed, and the exit code tells."""
    second = Lab(own.state / "second")
    second.variables = own.variables
    done = await demo(second)
    assert done.code == 1
    assert f"port {own.server[1]} on 127.0.0.1 is in use" in done.errors
    assert "The demo failed: the lab did not come up, see above" in done.output
    assert "Nothing runs." in done.output


async def test_down_ends_the_simulated_phones_too(own):
    """Nothing of the demo is left running."""
    assert [words for words in processes_of(own) if "demo_staff" in words]
    await own.do("down")
    assert processes_of(own) == []
