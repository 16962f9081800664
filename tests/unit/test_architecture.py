"""The house as it is built: which room imports which, and who alone touches a library or the outside.

A new arrow is a decision: change `ARROWS` here and the table in ARCHITECTURE.md together.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "ccd"

_TABLE = """
model:
errors:
refusals: errors
clock:
notify:
wav:
events: model
history: model
commands: model history
logs: errors
routing: model events commands history
config: model errors
prompts: model errors
ivr: model errors history config
outbound: config
checking: errors config prompts ivr
ami: model errors events
agi: model errors
lookup: model clock config
recording: model errors history wav
records: model history
voicemail: model errors records wav
notices: errors clock config lookup records storage
storage: model errors clock records
asterisk: model errors config prompts ami
http: model errors refusals
cli: model recording errors refusals clock config prompts ivr checking asterisk storage http daemon
calls: model errors clock events history commands routing config prompts ivr outbound checking \
    ami agi lookup recording records voicemail notices storage
backend: lookup model errors clock events routing outbound asterisk ami agi calls recording records storage \
    http
daemon: model errors clock commands notify logs events history routing ami agi lookup calls \
    recording records voicemail notices storage http backend
"""

ARROWS = {
    room: frozenset(allowed.split())
    for room, _, allowed in (line.partition(":") for line in _TABLE.strip().splitlines())
}
"""Which rooms a room may import, besides itself."""

FENCES = {
    "panoramisk": "ccd/ami/client.py",
    "sqlalchemy": "ccd/storage/",
    "alembic": "ccd/storage/",
    "argon2": "ccd/storage/pins.py",
    "aiohttp": "ccd/http/ ccd/lookup/ ccd/notices/",
    "typer": "ccd/cli/",
    "uvloop": "ccd/daemon/",
}
"""Libraries, and the one place that may import each; aiohttp serves in one and asks in the others."""

PURE = ("model", "errors", "events", "history", "commands", "routing", "outbound")
HARMLESS = frozenset(
    ("bisect", "collections", "dataclasses", "enum", "heapq", "itertools", "math", "random", "typing", "ccd")
)
"""What pure rooms may use of Python: nothing that waits, reads a clock, or touches a file or a socket."""
ALSO = {"outbound": frozenset(("datetime", "phonenumbers"))}
"""What one of them may use besides: dates that it is given, and the numbering plans of the world."""


@cache
def imports(path: Path) -> frozenset[str]:
    """Give everything that a module imports, wherever in it: `asyncio`, `ccd.model.CallId`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                found.update(name.name for name in node.names)
            case ast.ImportFrom():
                assert node.level == 0, f"{path}:{node.lineno}: write the whole name of what is imported"
                found.update(f"{node.module}.{name.name}" for name in node.names)
    return frozenset(found)


def room_of(path: Path) -> str:
    """Name the room that a module belongs to."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def modules(room: str | None = None) -> Iterator[Path]:
    """Give the modules of a room, or of the whole house."""
    for path in sorted(HOUSE.rglob("*.py")):
        if path != HOUSE / "__init__.py" and room in (None, room_of(path)):
            yield path


def arrows() -> dict[str, set[str]]:
    """Give the rooms that each room imports."""
    found: dict[str, set[str]] = {}
    for path in modules():
        rooms = {name.split(".")[1] for name in imports(path) if name.startswith("ccd.")}
        found.setdefault(room_of(path), set()).update(rooms - {room_of(path), "__version__"})
    return found


def test_no_room_imports_what_the_table_does_not_allow():
    """Data runs one way; a forbidden import is named with its room."""
    found = arrows()
    assert found.keys() == ARROWS.keys(), "a new room: put it into the table and into ARCHITECTURE.md"
    assert {room: rooms - ARROWS[room] for room, rooms in found.items() if rooms - ARROWS[room]} == {}


def test_the_table_allows_nothing_that_no_room_needs():
    """An arrow that nobody uses any more is taken back, so that it is asked for again on purpose."""
    found = arrows()
    assert {room: rooms - found[room] for room, rooms in ARROWS.items() if rooms - found[room]} == {}


def test_architecture_md_has_the_same_table():
    """What people read is what is enforced."""
    written: dict[str, frozenset[str]] = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `ccd/"):
            rooms, _, allowed = line.strip("| ").split(" | ")
            named = re.findall(r"`ccd/([a-z]+)(?:/|\.py)`", rooms)
            written |= dict.fromkeys(named, frozenset(re.findall(r"`([a-z]+)`", allowed)))
    assert written == ARROWS


def test_the_table_has_no_circle():
    """No room is reached again from what it imports, not even by a detour."""
    left = dict(ARROWS)
    while free := [room for room, allowed in left.items() if not allowed & left.keys()]:
        for room in free:
            del left[room]
    assert not left


@pytest.mark.parametrize(("library", "place"), FENCES.items())
def test_a_library_is_imported_in_its_one_place(library, place):
    """Whoever replaces a library changes one place."""
    users = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if library in {name.split(".")[0] for name in imports(path)}
    ]
    assert users, f"nobody imports {library} any more"
    assert [user for user in users if not user.startswith(tuple(place.split()))] == []


@pytest.mark.parametrize("room", PURE)
def test_what_is_pure_neither_waits_nor_reads_a_clock_nor_touches_the_outside(room):
    """The engine can be replayed: time and chance come in."""
    for path in modules(room):
        assert {name.split(".")[0] for name in imports(path)} <= HARMLESS | ALSO.get(room, set()), path


def test_the_engine_draws_from_a_generator_of_its_own():
    """`random.random()` and its like share one generator, which nobody can replay."""
    drawn = {name for path in modules("routing") for name in imports(path) if name.startswith("random")}
    assert drawn == {"random.Random"}
