"""What is written for people holds: links lead somewhere, samples load, commands exist, languages agree."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from ccd.checking import examine
from ccd.cli.main import build
from ccd.cli.wishes import take_wishes
from ccd.config import Config
from ccd.config.base import Section
from ccd.config.flows import KINDS, Node
from ccd.config.queues import Queue
from ccd.http.shapes import ProblemCode
from ccd.model import Strategy

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("*/README.md")])
BOTH = [(ROOT / "README.md", ROOT / "README.zh.md")] + [
    (DOCS / page.name, page) for page in sorted((DOCS / "zh").glob("*.md"))
]
ENGLISH_ONLY = {"glossary.md", "invariants.md"}
"""The glossary has both languages in it; the invariants are for those who change the engine."""

_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    """Name a page for people."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, info: str) -> list[str]:
    """Give the fenced blocks whose info string is this one."""
    return [text for mark, text in _FENCE.findall(page.read_text(encoding="utf-8")) if mark == info]


def prose(page: Path) -> str:
    """Give a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[str]:
    """Give the headings' marks, in order."""
    return re.findall(r"^(#+) ", prose(page), re.MULTILINE)


@cache
def program() -> Any:
    """Give the command line with all its commands."""
    return typer.main.get_command(build())


SAMPLES = [
    pytest.param(text, id=f"{name(page)}-{number}")
    for page in PAGES
    for number, text in enumerate(blocks(page, "yaml ccd"), start=1)
]
COMMANDS = [
    pytest.param(line, id=f"{name(page)}: {line}")
    for page in PAGES
    for text in blocks(page, "sh")
    for line in text.splitlines()
    if re.match(r"(\.venv/bin/)?ccd ", line)
]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_to_a_file(page):
    """A reader who follows a link arrives."""
    targets = [path for path, _ in _LINK.findall(prose(page)) if path and "://" not in path]
    assert [path for path in targets if not (page.parent / path).exists()] == []


@pytest.mark.parametrize("text", SAMPLES)
def test_a_sample_of_the_configuration_loads_without_a_problem(text, tmp_path, monkeypatch):
    """Whoever copies it has something that works: keys, names, flows and prompts."""
    monkeypatch.setenv("CCD_ASTERISK__AMI__SECRET", "change-me")
    (tmp_path / "ccd.yaml").write_text(text, encoding="utf-8")
    found = examine(tmp_path / "ccd.yaml")
    assert [problem.text() for problem in found.problems] == []


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_that_is_shown_is_one_that_ccd_has(line):
    """Its words, options and arguments are taken by the command line; nothing is run."""
    _, words = take_wishes(shlex.split(line.split(" | ")[0].split(" > ")[0], comments=True)[1:])
    if words == ["--version"]:
        return
    command = program()
    context = command.make_context("ccd", words, resilient_parsing=False)
    while hasattr(command, "resolve_command"):
        found, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(found, rest, parent=context)


@pytest.mark.parametrize(("english", "chinese"), BOTH, ids=name)
def test_both_languages_have_the_same_parts(english, chinese):
    """Chinese and English readers get the same: headings, samples, commands, tables."""
    assert headings(english) == headings(chinese)
    for info in ("yaml ccd", "sh", "ini", "python"):
        assert len(blocks(english, info)) == len(blocks(chinese, info)), info
    rows = [len(re.findall(r"^\|", prose(page), re.MULTILINE)) for page in (english, chinese)]
    assert rows[0] == rows[1]


def test_every_page_for_users_is_there_in_both_languages():
    """No page is forgotten in one language."""
    english = {page.name for page in DOCS.glob("*.md")} - ENGLISH_ONLY
    assert english == {page.name for page in (DOCS / "zh").glob("*.md")}


@pytest.mark.parametrize("page", BOTH[0], ids=name)
def test_the_readme_begins_with_the_two_commands_that_do_all(page):
    """`make demo` and `make test` stand where a newcomer looks first."""
    (first, *_) = blocks(page, "sh")
    assert "make demo" in first
    assert "make test" in page.read_text(encoding="utf-8")


def named(model: type[Node]) -> list[str]:
    """Name the keys of a kind of node as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize("page", [DOCS / "flows.md", DOCS / "zh" / "flows.md"], ids=name)
def test_every_kind_of_node_is_explained(page):
    """The table of nodes is complete, with every option and branch."""
    rows = {
        row.split("`")[1]: row
        for row in reversed(page.read_text(encoding="utf-8").splitlines())  # the first of a name counts
        if row.startswith("| `")
    }
    assert rows.keys() >= KINDS.keys()
    for kind, model in KINDS.items():
        missing = [key for key in named(model) if key != kind and f"`{key}`" not in rows[kind]]
        assert missing == [], kind


@pytest.mark.parametrize("page", [DOCS / "queues.md", DOCS / "zh" / "queues.md"], ids=name)
def test_every_strategy_is_explained(page):
    """No name in the configuration is without a word about it."""
    text = page.read_text(encoding="utf-8")
    assert [strategy for strategy in Strategy if f"| `{strategy}` |" not in text] == []


@pytest.mark.parametrize("page", [DOCS / "operations.md", DOCS / "zh" / "operations.md"], ids=name)
def test_every_problem_that_status_may_report_is_explained(page):
    """Whoever is woken by one finds what to do."""
    text = page.read_text(encoding="utf-8")
    reporter = (ROOT / "ccd" / "backend" / "operation.py").read_text(encoding="utf-8")
    reported = [code for code in ProblemCode if f"ProblemCode.{code.name}" in reporter]
    assert len(reported) > 5
    assert [code for code in reported if f"| `{code}` |" not in text] == []


def keys(section: type[Section]) -> list[str]:
    """Name the keys of a section, and of those within it."""
    inner = [field.annotation for field in section.model_fields.values()]
    below = [one for one in inner if isinstance(one, type) and issubclass(one, Section)]
    return [*section.model_fields, *(key for one in below for key in keys(one))]


@pytest.mark.parametrize(
    ("section", "page"),
    [
        (Config, "configuration.md"),
        (Config, "zh/configuration.md"),
        (Queue, "queues.md"),
        (Queue, "zh/queues.md"),
    ],
)
def test_every_key_of_the_configuration_is_named(section, page):
    """A key that is added is added to the manual."""
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [key for key in keys(section) if not re.search(rf"\b{key}\b", text)] == []
