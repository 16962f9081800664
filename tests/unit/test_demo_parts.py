"""The demo's parts that need no Asterisk: its ear, its lines, its configuration in the other language."""

import importlib
import math
import random
from array import array
from pathlib import Path

import pytest

from tests.asterisk.rtp import DECODE, RATE, encode

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def labkit(monkeypatch):
    """Import parts of the demo by name."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return lambda name: importlib.import_module(f"labkit.{name}")


def speech(seed: int, seconds: float = 2.0) -> array:
    """Make what rises and falls as words do, after a moment of silence."""
    rng = random.Random(seed)
    samples = array("h", [0] * (RATE // 20))
    while len(samples) < seconds * RATE:
        level, hz = rng.choice([0, 3000, 9000, 20000]), rng.uniform(150, 900)
        length = int(rng.uniform(0.03, 0.15) * RATE)
        samples.extend(int(level * math.sin(2 * math.pi * hz * n / RATE)) for n in range(length))
    return samples


def over_the_telephone(samples: array) -> array:
    """Give what is left of samples behind G.711."""
    return array("h", (DECODE[0][code] for code in encode(samples, 0)))


@pytest.mark.parametrize("offset", [0, 33, 80, 159, 4321])
def test_a_prompt_is_recognised_wherever_it_begins(labkit, offset):
    """Behind G.711, after other sounds, at any sample."""
    heard = over_the_telephone(speech(7)[:offset] + speech(1))
    assert labkit("demo_sounds").contains(heard, speech(1))


def test_other_words_are_not_taken_for_the_prompt(labkit):
    """Nor is silence, nor a call that has hardly begun."""
    contains = labkit("demo_sounds").contains
    assert not any(contains(over_the_telephone(speech(seed)), speech(1)) for seed in range(2, 22))
    assert not contains(array("h", [0] * RATE), speech(1))
    assert not contains(array("h"), speech(1))
    assert not contains(over_the_telephone(speech(1)[: RATE // 4]), speech(1))


def test_lines_are_plain_in_a_log_and_coloured_on_a_terminal(labkit, monkeypatch, capsys):
    """NO_COLOR and a dumb terminal are respected."""
    teller = labkit("demo_teller").Teller
    teller().step("1001", "answers")
    assert capsys.readouterr().out == "   0.0 s  1001         answers\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    teller().step("1001", "answers")
    assert "\x1b[33m1001" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    teller().step("1001", "answers")
    assert "\x1b" not in capsys.readouterr().out


def test_in_chinese_the_callers_are_spoken_to_in_chinese(labkit, tmp_path):
    """The configuration is the demo's own but for its language."""
    demo, settings = labkit("demo"), labkit("settings")
    state = settings.State(tmp_path)
    assert demo._configuration(state, "en") == settings.DEFAULT_CONFIG
    chinese = demo._configuration(state, "zh")
    ours, theirs = (folder / "ccd.yaml" for folder in (chinese, settings.DEFAULT_CONFIG))
    changed = set(ours.read_text().splitlines()) ^ set(theirs.read_text().splitlines())
    assert changed == {"language: zh", "language: en"}
    assert sorted(file.name for file in chinese.rglob("*")) == sorted(
        file.name for file in settings.DEFAULT_CONFIG.rglob("*")
    )


async def test_the_first_customer_is_one_whom_nobody_knows_yet(labkit):
    """A demo that is run again begins with a new one, else its first call would be sticky already."""
    called_before = {"13800000001", "13800000011"}

    class Live:
        async def get(self, what, *, number, limit):
            assert (what, limit) == ("records", 1)
            return {"items": [{}] if number in called_before else []}

    numbers = await labkit("demo")._customers(Live())
    assert numbers == ["13800000021", "13800000022", "13800000023", "13800000024"]
