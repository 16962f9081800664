"""Recording by phone, with a phone that follows a script: what is kept, discarded, refused."""

import asyncio
import math
import os
import shutil
import time
import wave
from array import array
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ccd.agi.taken import Taken
from ccd.calls import prompt_desk
from ccd.calls.prompt_desk import ErrandState, PromptDesk, language_of
from ccd.errors import (
    AgiCommandError,
    AgiHangupError,
    AmiDownError,
    AmiUnknownOutcomeError,
    NotFoundError,
    RefusedError,
)
from ccd.model import DialStatus
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.manifest import Manifest
from tests.unit.calls.fakes import FakeClock
from tests.unit.prompts.test_catalogue import record

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")

HANGUP = "!"


class Manager:
    """Begins calls as it is told."""

    def __init__(self, status: DialStatus | Exception = DialStatus.ANSWER) -> None:
        self.status = status
        self.begun: list[Any] = []

    async def originate(self, call: Any) -> DialStatus:
        """Remember the call."""
        self.begun.append(call)
        if isinstance(self.status, Exception):
            raise self.status
        return self.status


class Phone:
    """Whoever answered: speaks for so many seconds each time, and presses keys when asked."""

    def __init__(self, token: str, keys: str, spoken_s: tuple[float, ...] = (1.0,) * 20) -> None:
        self.request = SimpleNamespace(args=(token,), channel="PJSIP/1001-1")
        self.heard: list[str] = []
        self._keys = list(keys)
        self._spoken_s = list(spoken_s)

    async def stream_file(self, path: str, *, escape_digits: str = "", length_s: float | None = None) -> str:  # noqa: ARG002
        """Hear a sound to its end."""
        self.heard.append(Path(path).name)
        return ""

    async def wait_digit(self, timeout_s: float) -> str:  # noqa: ARG002
        """Press the next key."""
        key = self._keys.pop(0) if self._keys else ""
        if key == HANGUP:
            raise AgiHangupError("gone")
        return key.strip(".")

    async def record_file(self, file: str, *, max_s: float) -> Taken:  # noqa: ARG002
        """Speak."""
        seconds = self._spoken_s.pop(0)
        if seconds < 0:
            raise AgiCommandError("Asterisk cannot write")
        with wave.open(f"{file}.wav", "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            tone = (int(9000 * math.sin(n / 3)) for n in range(int(8000 * seconds)))
            sound.writeframes(array("h", tone).tobytes())
        return Taken(key="#", length_s=seconds)


@pytest.fixture
def house(tmp_path):
    """Give what the desk needs of a house, with one prompt of its own that has words only."""
    (tmp_path / "recordings").mkdir()
    manifest = Manifest.with_own({"news": {"zh": "停电"}})
    config = SimpleNamespace(
        language="en",
        prompts=SimpleNamespace(directory=str(tmp_path / "sounds")),
        recording=SimpleNamespace(directory=str(tmp_path / "recordings"), asterisk_directory=None),
    )
    catalogue = Catalogue(manifest, tmp_path / "sounds")
    return SimpleNamespace(clock=FakeClock(), config=config, design=SimpleNamespace(catalogue=catalogue))


async def errand_of(house: Any, keys: str, **phone: Any) -> tuple[Any, Phone]:
    """Have `news` recorded by a phone; give the errand when it is over."""
    manager = Manager()
    desk = PromptDesk(house, manager)
    errand = await desk.record("news", "zh", "1001")
    answered = Phone(manager.begun[0].variables["CCD_TOKEN"], keys, **phone)
    await desk(answered)  # type: ignore[arg-type]
    assert desk.errand(errand.token) is errand
    assert list((Path(house.config.recording.directory) / "prompt-takes").glob("*.wav")) == []
    return errand, answered


@pytest.mark.parametrize(
    ("keys", "spoken_s", "state"),
    [
        ("1", (1.0,), "kept"),
        ("21", (1.0, 2.0), "kept"),
        (".1", (1.0,), "kept"),
        ("1", (0.1, 1.0), "kept"),
        ("9.9", (1.0,), "discarded"),
        (HANGUP, (1.0,), "discarded"),
        ("2" * 20, (1.0,) * 20, "discarded"),
        ("", (-1.0,), "failed"),
    ],
)
async def test_what_becomes_of_takes(house, keys, spoken_s, state):
    """Kept by 1, again by 2; a slip is recorded anew; silence, other keys and hanging up discard."""
    errand, _ = await errand_of(house, keys, spoken_s=spoken_s)
    assert errand.state == state
    assert house.design.catalogue.says("news", "zh") == (state == "kept")
    assert (errand.kept is not None) == (state == "kept")
    if errand.kept is not None:
        assert errand.kept.length_s == pytest.approx(spoken_s[-1], abs=0.05)
        assert house.design.catalogue.sounds("news", "zh")[0].length_s == pytest.approx(
            spoken_s[-1], abs=0.05
        )


async def test_what_a_killed_process_left_goes(house):
    """Takes of an hour ago; one of right now may be another phone's."""
    folder = Path(house.config.recording.directory) / "prompt-takes"
    record(folder / "old.wav")
    os.utime(folder / "old.wav", (time.time() - 7200,) * 2)
    manager = Manager()
    desk = PromptDesk(house, manager)
    await desk.record("news", "zh", "1001")
    record(folder / "fresh.wav")
    await desk(Phone(manager.begun[0].variables["CCD_TOKEN"], "1"))  # type: ignore[arg-type]
    assert [left.name for left in folder.glob("*.wav")] == ["fresh.wav"]


async def test_a_prompt_is_played(house, tmp_path):
    """In the language that is named; one that has none in it is refused before any phone rings."""
    record(tmp_path / "sounds" / "en" / "news.wav")
    manager = Manager()
    desk = PromptDesk(house, manager)
    await desk.refresh()
    errand = await desk.play("news", "en", "1001")
    phone = Phone(errand.token, "")
    await desk(phone)  # type: ignore[arg-type]
    assert (phone.heard, errand.state) == (["news"], ErrandState.PLAYED)
    with pytest.raises(NotFoundError, match="has no sound in zh"):
        await desk.play("news", "zh", "1001")
    assert len(manager.begun) == 1
    call = manager.begun[0]
    assert (call.dial, call.context) == ("PJSIP/1001", "ccd-prompt")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (DialStatus.NOANSWER, "phone 1001 was not answered: NOANSWER"),
        (DialStatus.UNKNOWN, "it cannot be reached"),
        (AmiDownError("no link"), "no link"),
        (AmiUnknownOutcomeError("lost"), "lost"),
    ],
)
async def test_a_phone_that_does_not_answer_is_told(house, status, said):
    """And its errand is forgotten."""
    desk = PromptDesk(house, Manager(status))
    with pytest.raises(RefusedError, match=said):
        await desk.record("news", "zh", "1001")
    assert desk._errands == {}


async def test_what_nobody_knows_is_refused(house, monkeypatch):
    """Ids, languages, tokens of others, errands of long ago; too many phones at once."""
    desk = PromptDesk(house, Manager())
    with pytest.raises(NotFoundError, match=r"prompts\.texts"):
        await desk.record("nothing", "zh", "1001")
    with pytest.raises(NotFoundError, match="there is no language 'fr'"):
        language_of("fr")
    with pytest.raises(NotFoundError, match="no errand"):
        desk.errand("made-up")
    stranger = Phone("made-up", "1")
    await desk(stranger)  # type: ignore[arg-type]
    assert stranger.heard == []
    monkeypatch.setattr(prompt_desk, "MOST_ERRANDS", 2)
    await asyncio.gather(*(desk.record("news", "zh", "1001") for _ in range(2)))
    with pytest.raises(RefusedError, match="2 phones are recording"):
        await desk.record("news", "zh", "1001")
