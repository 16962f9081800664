"""What the tests on a real Asterisk rest on: a record found by its caller's number is the test's own."""

import ast
import re
from collections import defaultdict
from pathlib import Path

SUITE = Path(__file__).resolve().parents[1] / "asterisk"


def test_no_two_tests_have_a_caller_of_the_same_number():
    """They share one lab, and ask for the last record of a number: an older one would be taken for theirs."""
    users: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SUITE.glob("test_*.py")):
        for test in ast.parse(path.read_text(encoding="utf-8")).body:
            for call in ast.walk(test):
                if isinstance(call, ast.Call) and "callers" in _names(call):
                    for number in _numbers(call):
                        users[number].add(f"{path.name}::{test.name}")
    assert len(users) > 100
    assert {number: tests for number, tests in users.items() if len(tests) > 1} == {}


def _names(call: ast.Call) -> set[str]:
    """Give whom a call names: what is called, and what it is given."""
    return {each.id for each in [call.func, *call.args] if isinstance(each, ast.Name)}


def _numbers(call: ast.Call) -> list[str]:
    """Give the telephone numbers that a call is given."""
    given = [each.value for each in call.args if isinstance(each, ast.Constant)]
    return [each for each in given if isinstance(each, str) and re.fullmatch(r"\d{10,12}", each)]
