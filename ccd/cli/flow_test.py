"""`ccd flow test`: scripted conversations, played and compared; for people, for programs and for CI."""

import asyncio
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccd.cli import text
from ccd.cli.flow_stage import Stage, quiet, set_stage
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.errors import CcdError, ConfigError, ConfigProblem

if TYPE_CHECKING:
    from ccd.config.flow_tests import Located
    from ccd.ivr.conversation import Coverage, Difference, Result

_MAX_NAMED = 8


def play_tests(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=_("Files of tests, or folders of such."))
    ],
    *,
    json: JsonFlag = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help=_("Write the results as JUnit XML, too."))
    ] = None,
) -> None:
    """Play the tests; fail when one failed."""
    from ccd.ivr.conversation import Coverage

    out = terminal(ctx)
    stage = set_stage(out)
    with quiet():
        results = asyncio.run(_play(stage, files))
    coverage = Coverage.of(stage.book, results)
    if junit is not None:
        _write_junit(junit, results)
    if json:
        out.json(_told(results, coverage))
    else:
        for result in results:
            _show(out, result)
        _close(out, results, coverage)
    if not all(result.passed for result in results):
        raise typer.Exit(1)


async def _play(stage: Stage, files: Sequence[Path]) -> "list[Result]":
    from ccd.config.flow_tests import load_tests
    from ccd.ivr.conversation import run_test

    found = [inner for file in files for inner in (sorted(file.rglob("*.yaml")) if file.is_dir() else [file])]
    problems: list[ConfigProblem] = []
    tests: list[Located] = []
    for file in found:
        try:
            tests += load_tests(file)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems=problems)
    results = []
    for located in tests:
        test = located.test
        scene = stage.scene(
            test.flow,
            caller=test.caller,
            called=test.called,
            at=test.at,
            language=test.language,
            channel=test.channel,
        )
        results.append(await run_test(located, stage.book, stage.words, scene))
    return results


def in_words(difference: "Difference") -> str:
    """Say what happened instead of what the script wants."""
    details = {key: text.clean(value) for key, value in difference.details.items()}
    match difference.what:
        case "key":
            told = _("the flow waits for a key at {at}", at=details["at"])
        case "outside":
            told = _(
                "the flow goes to {kind} {subject}", kind=word(details["kind"]), subject=details["subject"]
            )
        case "outcome":
            told = _("there is no such outcome; there are: {outcomes}", outcomes=details["outcomes"])
        case "variable":
            told = _("it holds {value!r}", value=details["value"])
        case _:
            told = _("the call is over, at {at}", at=details["at"])
    if details.get("heard"):
        told += _("; heard: {heard}", heard=details["heard"])
    return told


def _name(result: "Result") -> str:
    test = result.located.test
    return text.clean(test.name or f"{test.flow} {test.caller}")


def _show(out: Terminal, result: "Result") -> None:
    mark = out.paint("green", "✓") if result.passed else out.paint("red", "✗")
    out.say(f"{mark} {_name(result)}  {out.paint('dim', f'{result.located.file}:{result.located.line}')}")
    for difference in result.differences:
        place = f"{result.located.file}:{difference.line}"
        out.say(f"    {place}: {text.clean(difference.wanted)}: {in_words(difference)}")


def _close(out: Terminal, results: "Sequence[Result]", coverage: "Coverage") -> None:
    failed = sum(not result.passed for result in results)
    nodes, branches = coverage.nodes.values(), coverage.branches.values()
    told = _(
        "{passed} passed, {failed} failed; nodes {nodes}/{all_nodes}, branches {branches}/{all_branches}",
        passed=len(results) - failed,
        failed=failed,
        nodes=sum(nodes),
        all_nodes=len(nodes),
        branches=sum(branches),
        all_branches=len(branches),
    )
    if unvisited := coverage.unvisited:
        more = " …" if len(unvisited) > _MAX_NAMED else ""
        told += _("; never visited: {nodes}", nodes=" ".join(map(str, unvisited[:_MAX_NAMED])) + more)
    out.say(told)


def _told(results: "Sequence[Result]", coverage: "Coverage") -> dict[str, Any]:
    return {
        "passed": all(result.passed for result in results),
        "tests": [
            {
                "name": result.located.test.name,
                "flow": result.located.test.flow,
                "file": result.located.file,
                "line": result.located.line,
                "passed": result.passed,
                "visited": [str(place) for place in result.visited],
                "differences": [
                    dataclasses.asdict(each) | {"message": in_words(each)} for each in result.differences
                ],
            }
            for result in results
        ],
        "coverage": {
            "nodes": len(coverage.nodes),
            "nodes_visited": sum(coverage.nodes.values()),
            "branches": len(coverage.branches),
            "branches_taken": sum(coverage.branches.values()),
            "unvisited": [str(place) for place in coverage.unvisited],
        },
    }


def _write_junit(path: Path, results: "Sequence[Result]") -> None:
    """Write what CI systems read; raises CcdError when the file cannot be written."""
    from xml.etree import ElementTree as ET

    failed = sum(not result.passed for result in results)
    suite = ET.Element("testsuite", name="ccd flow test", tests=str(len(results)), failures=str(failed))
    for result in results:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=result.located.test.flow,
            name=_name(result),
            file=result.located.file,
        )
        for each in result.differences:
            message = f"{result.located.file}:{each.line}: {text.clean(each.wanted)}: {in_words(each)}"
            ET.SubElement(case, "failure", message=message)
    try:
        ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise CcdError(_("{path} cannot be written: {reason}", path=path, reason=error.strerror)) from error
