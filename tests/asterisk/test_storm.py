"""A storm, and what must hold after it: nobody lost, nothing doubled, nobody in two talks, everything tidy.

`CCD_STORM_SEED=7 pytest tests/asterisk/test_storm.py` weathers another one.

**What ccd cannot know today**: a call whose whole remaining life ended while no ccd was there (killed, or
between its stop and the next start). Those alone may be without a record, they are counted, and there can be
no more of them than callers were on the line when ccd went, plus those who came while it was away. A call
that any ccd saw end, and one that outlived the outage, has exactly one record.
"""

import csv
import itertools
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Call, Phone
from tests.asterisk.storm import ONE_AT_A_TIME, Log, Placed, Storm
from tests.support import until

SEED = int(os.environ.get("CCD_STORM_SEED", "1"))
LOAD_S = 34.0
AGENTS = ("1001", "1002", "1003", "1004", "1005")
DAMP_S = 0.15
"""How long before a signal a hang-up may have been on its way to ccd through Asterisk."""
HAND_OVER_S = 0.4
"""How long after a decision the phone's INVITE may come, on a busy machine."""
ROUNDING_S = 0.02
BEGINNING_S = 0.5
"""How far the dialplan's first step may be from the answer that the caller sees, on a busy machine."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Aftermath:
    """Everything that can be known when the storm is over."""

    log: Log
    phones: list[Phone]
    records: list[Json]
    """All records of the storm's callers."""
    asterisk_answered: dict[str, str]
    """Asterisk's own records of calls that it answered: uniqueid to number."""
    asterisk_unanswered: dict[str, str]
    """The same of calls that it did not answer: who hung up while ccd was asked whether to let them in."""
    daemon_log: list[str]
    lab: Lab

    @property
    def answered(self) -> list[Placed]:
        """The calls that the callers heard answered."""
        return [placed for placed in self.log.placed if placed.call.times.answered is not None]

    def unknowable(self) -> set[str]:
        """Give the numbers of those whose calls ended while there was no ccd."""
        return {
            placed.number
            for placed in self.log.placed
            if (ended := placed.call.times.ended) is not None
            and any(outage.holds(ended, slack_s=DAMP_S) for outage in self.log.outages)
        }

    def segments(self, kind: str) -> Iterator[tuple[Json, Json]]:
        """Give every segment of a kind with its record."""
        for record in self.records:
            for segment in record["segments"]:
                if segment["kind"] == kind:
                    yield record, segment

    def record_of(self, number: str) -> Json | None:
        """Give the record of a caller, if there is one."""
        return next((record for record in self.records if record["number"] == number), None)


def instant(text: str) -> float:
    """Turn a record's date into `time.monotonic()` seconds."""
    return time.monotonic() - (datetime.now(UTC) - datetime.fromisoformat(text)).total_seconds()


@pytest.fixture(scope="module")
def aftermath_of(lab: Lab) -> dict[str, Aftermath]:
    """Keep the one storm for all tests of this module."""
    return {}


@pytest.fixture
async def aftermath(lab: Lab, aftermath_of: dict[str, Aftermath]) -> Aftermath:
    """Weather the storm once."""
    if "it" not in aftermath_of:
        aftermath_of["it"] = await weather(lab)
    return aftermath_of["it"]


async def weather(lab: Lab) -> Aftermath:
    """Let the storm pass, wait until everything is quiet, and gather what there is to know."""
    print(f"storm with CCD_STORM_SEED={SEED}")  # noqa: T201 - pytest shows it when a test fails
    log_file = Path(lab.facts["ccd"]["log"])
    before = log_file.stat().st_size
    queues = [each["name"] for each in await lab.ccd_json("queue", "list")]
    for agent in AGENTS:
        await lab.ccd("agent", "update", agent, *(word for queue in queues for word in ("--queue", queue)))
    phones = [Phone(lab.server, extension, lab.password(extension)) for extension in AGENTS]
    storm = Storm(lab, phones, SEED, load_s=LOAD_S)
    try:
        for phone in phones:
            await phone.__aenter__()
            await storm.choose(phone.extension, "sign-in")
        await storm.rage()
        await until_quiet(lab, storm)
    finally:
        for phone in phones:
            await phone.close()
        await lab.restore_queues()
    return Aftermath(
        log=storm.log,
        phones=phones,
        records=await records_of(lab, storm.log),
        asterisk_answered=told_by_asterisk(lab, storm.log, answered=True),
        asterisk_unanswered=told_by_asterisk(lab, storm.log, answered=False),
        daemon_log=log_file.read_bytes()[before:].decode().splitlines(),
        lab=lab,
    )


async def until_quiet(lab: Lab, storm: Storm) -> None:
    """Wait until every channel and call is gone, and recordings are finished; then call all agents back."""

    async def nothing_is_left() -> bool:
        return not (await lab.asterisk("core show channels concise")).strip() and not await lab.ask("calls")

    await until(nothing_is_left, 10.0, "no channel and no call is left")
    for agent in AGENTS:
        await storm.choose(agent, "sign-in")

    async def all_idle() -> bool:
        found = {each["number"]: each for each in await lab.ask("agents")}
        return all((found[n]["status"], found[n]["state"]) == ("available", "idle") for n in AGENTS)

    await until(all_idle, 6.0, "every agent is available and idle")


async def records_of(lab: Lab, log: Log) -> list[Json]:
    """Give all records of the storm's callers."""
    numbers = {placed.number for placed in log.placed}
    exported = (await lab.ccd("cdr", "export", "--format", "jsonl")).splitlines()
    return [record for record in map(json.loads, exported) if record["number"] in numbers]


def told_by_asterisk(lab: Lab, log: Log, *, answered: bool) -> dict[str, str]:
    """Read Master.csv: the callers' own channels that were answered, or were not, whatever came of a Dial."""
    numbers = {placed.number for placed in log.placed}
    with (lab.state / "log" / "cdr-csv" / "Master.csv").open(newline="") as file:
        return {
            row[16]: row[1]
            for row in csv.reader(file)
            if row[1] in numbers and row[5].startswith("PJSIP/trunk-") and bool(row[10]) is answered
        }


# -------------------------------------------------------------------- calls and records


def test_the_storm_was_one(aftermath):
    """It rained: enough calls, talks, refusals and faults to mean something."""
    assert len(aftermath.answered) > 60
    assert len(aftermath.log.outages) == 3
    assert len(list(aftermath.segments("talk"))) > 15
    results = Counter(segment["result"] for _, segment in aftermath.segments("offer"))
    assert {"answered", "busy", "declined", "caller_left"} <= results.keys()


def test_every_answered_call_has_its_record(aftermath):
    """As the callers saw it, and as Asterisk's own records have it; but for what nobody could know."""
    recorded = {record["number"] for record in aftermath.records}
    unknowable = aftermath.unknowable()
    heard = {placed.number for placed in aftermath.answered}
    written = set(aftermath.asterisk_answered.values())
    missing = (heard | written) - recorded
    assert missing - unknowable == set(), stories(aftermath, missing - unknowable)
    assert len(missing) <= 2 * ONE_AT_A_TIME * len(aftermath.log.outages)


def test_no_outage_lasts_long(aftermath):
    """Killed or stopped, ccd is back in seconds."""
    assert [outage for outage in aftermath.log.outages if outage.until - outage.since > 6.0] == []


def test_no_call_has_two_records(aftermath):
    """One call, one record, under Asterisk's id of it; who heard no answer may have one, too."""
    assert [n for n, count in Counter(r["number"] for r in aftermath.records).items() if count > 1] == []
    heard = {placed.number for placed in aftermath.answered}
    known = aftermath.asterisk_answered.items() | {
        (call, number) for call, number in aftermath.asterisk_unanswered.items() if number not in heard
    }
    assert [r["id"] for r in aftermath.records if (r["id"], r["number"]) not in known] == []


def test_every_record_is_finished_and_every_stay_ended_once(aftermath):
    """Outcome and end are there; who was answered talked, and nobody else did."""
    for record in aftermath.records:
        assert record["outcome"] is not None
        assert record["ended_at"] is not None
        stays = [each for each in record["segments"] if each["kind"] == "queue"]
        talks = [each for each in record["segments"] if each["kind"] == "talk"]
        assert all(each["result"] and each["ended_at"] for each in stays), record
        answered = [each for each in stays if each["result"] == "answered"]
        assert [each["agent"] for each in answered] == [each["agent"] for each in talks], record
        winners = [
            each for each in record["segments"] if each["kind"] == "offer" and each["result"] == "answered"
        ]
        assert len(winners) == len(talks) or record["recovered"], record


def test_queues_lose_and_double_nobody(aftermath):
    """Conservation: every stay has one of the known outcomes."""
    known = {"answered", "abandoned", "timed_out", "full", "empty", "key", "transferred", "failed", "closed"}
    outcomes = Counter((each["queue"], each["result"]) for _, each in aftermath.segments("queue"))
    assert {result for _, result in outcomes} <= known
    assert not [key for key in outcomes if key[1] == "failed"]


def test_times_divide_each_call(aftermath):
    """No time is negative, parts make up the whole, and nothing lies outside of its call."""
    parts = ("ivr_s", "queue_wait_s", "ring_s", "talk_s", "on_hold_s", "survey_s")
    for record in aftermath.records:
        assert min(record[part] for part in parts) >= 0, record
        assert abs(sum(record[part] for part in parts) - record["duration_s"]) < 0.01, record
        begin, end = instant(record["started_at"]), instant(record["ended_at"])
        for each in record["segments"]:
            assert each["duration_s"] >= 0, record
            assert begin - ROUNDING_S <= instant(each["started_at"]), record
            assert instant(each["ended_at"]) <= end + ROUNDING_S, record


def test_records_last_as_long_as_the_calls(aftermath):
    """Compared with what the callers saw; an outage may hide a call's end until ccd is back."""
    for placed in aftermath.answered:
        record, times = aftermath.record_of(placed.number), placed.call.times
        if record is None or any(outage.holds(times.ended, slack_s=1.0) for outage in aftermath.log.outages):
            continue
        assert abs(record["duration_s"] - (times.ended - times.answered)) < 1.0, (
            record,
            placed.call.story(),
        )


def test_records_begin_when_the_calls_do(aftermath):
    """For those, too, who came while there was no ccd and heard music until it was back."""
    for placed in aftermath.answered:
        if (record := aftermath.record_of(placed.number)) is not None:
            late_s = instant(record["started_at"]) - placed.call.times.answered
            assert abs(late_s) < BEGINNING_S, (late_s, record, placed.call.story())


# -------------------------------------------------------------------- agents and phones


def test_no_agent_is_in_two_talks(aftermath):
    """By the records."""
    for agent in AGENTS:
        talks = sorted(
            (instant(each["started_at"]), instant(each["ended_at"]), record["number"])
            for record, each in aftermath.segments("talk")
            if each["agent"] == agent
        )
        for (_, ended, one), (began, _, other) in itertools.pairwise(talks):
            assert began >= ended - ROUNDING_S, (agent, one, other)


def test_no_phone_has_two_calls(aftermath):
    """By the wire: no INVITE while the last call is there."""
    for phone in aftermath.phones:
        for one, other in itertools.pairwise(phone.calls):
            assert one.times.ended is not None
            assert other.times.invited >= one.times.ended - ROUNDING_S, one.story() + other.story()


def test_who_is_away_is_not_rung(aftermath):
    """From the word of ccd that an agent is paused or signed out to the wish to be called back."""
    for phone in aftermath.phones:
        for call in phone.calls:
            for wish in aftermath.log.wishes[phone.extension]:
                away = (
                    wish.status != "available" and wish.known + HAND_OVER_S < call.times.invited < wish.until
                )
                assert not away, (wish, call.story())


def test_who_is_away_is_offered_nothing(aftermath):
    """The same by the records, to the millisecond."""
    for _, offer in aftermath.segments("offer"):
        began = instant(offer["started_at"])
        for wish in aftermath.log.wishes.get(offer["agent"], ()):
            assert not (
                wish.status != "available" and wish.known < began - ROUNDING_S and began < wish.until
            ), (
                wish,
                offer,
            )


def test_nobody_cuts_a_conversation(aftermath):
    """A talk ends because the agent or the caller hangs up, never because of ccd."""
    by_number = {placed.number: placed for placed in aftermath.log.placed}
    for leg in itertools.chain.from_iterable(phone.calls for phone in aftermath.phones):
        placed = by_number.get(leg.peer_number)
        if leg.ended_by_us or placed is None or not talked(leg, 0.5):
            continue
        assert placed.call.ended_by_us, leg.story() + placed.call.story()
        assert abs(placed.call.times.ended - leg.times.ended) < 1.0, leg.story() + placed.call.story()


def test_nobody_is_sent_away(aftermath):
    """A caller whom Asterisk hangs up on has talked with somebody, or the flow led to its end."""
    talked_with = {
        leg.peer_number for phone in aftermath.phones for leg in phone.calls if leg.times.answered is not None
    }
    for placed in aftermath.answered:
        if placed.call.ended_by_us or placed.number in talked_with or placed.target == "4000":
            continue
        raise AssertionError(f"{placed.number} → {placed.target} was hung up on\n{placed.call.story()}")


def talked(leg: Call, least_s: float) -> bool:
    """Whether a phone's call was up for so long."""
    times = leg.times
    return times.confirmed is not None and times.ended is not None and times.ended - times.confirmed > least_s


# -------------------------------------------------------------------- what is left


async def test_no_recording_is_forgotten(aftermath):
    """Every recorded talk of a second or more has its file; no raw sound is left of finished calls."""
    root = Path(aftermath.lab.facts["recordings"])
    recorded = {record["id"] for record in aftermath.records}

    def left() -> list[Path]:
        raws = [path for path in root.rglob("*.raw") if path.stat().st_size > 0]
        return [path for path in raws if re.sub(r"-\d+-(caller|agent)\.raw$", "", path.name) in recorded]

    await until(lambda: not left(), 20.0, f"raw sound is finished: {left()}")
    for record in await records_of(aftermath.lab, aftermath.log):
        talks = [each for each in record["segments"] if each["kind"] == "talk"]
        long_enough = [t for t in talks if t["queue"] in {"sales", "support"} and t["duration_s"] >= 1.0]
        stored = [each for each in record["recordings"] if each["length_s"]]
        assert len(stored) >= len(long_enough) or record["recovered"], record
        assert all((root / each["path"]).is_file() for each in stored), record


def test_the_log_tells_of_no_mistake(aftermath):
    """No error, no traceback: faults from outside are not mistakes of ours."""
    wrong = [
        line
        for line in aftermath.daemon_log
        if "Traceback" in line or '"level": "error"' in line or '"level": "critical"' in line
    ]
    assert [line for line in wrong if not expected(line)] == []


def expected(line: str) -> bool:
    """Whether an error is one that the storm makes: a talk too short for any sound to be recorded."""
    told = json.loads(line) if line.startswith("{") else {}
    short = told.get("expected_talk_s", 1.0) < 1.0
    return told.get("event") == "recording_problem" and told.get("problem") == "empty" and short


async def test_ccd_is_well(aftermath):
    """It says so itself."""
    found = await aftermath.lab.ask("status")
    assert found["problems"] == []
    assert (found["calls"], found["waiting"], found["talking"]) == (0, 0, 0)


def stories(aftermath: Aftermath, numbers: set[str]) -> str:
    """Tell of calls, and when ccd was away, for a failed test's message."""
    told = [f"{o.since:.3f} ccd goes … {o.until:.3f} is back" for o in aftermath.log.outages]
    told += [
        f"{placed.number} → {placed.target}\n{placed.call.story()}\n  ended {placed.call.times.ended}"
        for placed in aftermath.log.placed
        if placed.number in numbers
    ]
    return "\n".join(told)
