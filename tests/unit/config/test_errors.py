"""Whatever may be wrong with a key is told at its line, with what would be right, in both languages."""

import re

import pytest

from ccd.config import load
from ccd.config.texts import TEXTS
from ccd.errors import ConfigError, ConfigProblem

SECRET = {"CCD_ASTERISK__AMI__SECRET": "s3cret"}


def told(tmp_path, text: str, environ=SECRET) -> list[ConfigProblem]:
    """Give the problems of a configuration."""
    path = tmp_path / "ccd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "key", "message", "remedy"),
    [
        ("langauge: zh", "langauge", "unknown", "did you mean language?"),
        ("http: {prot: 1}", "http.prot", "unknown", "did you mean port?"),
        ("http: {x: 1}", "http.x", "unknown", "there are: host, port"),
        ("language: fr", "language", "'fr' is no choice", "there are: en, zh"),
        ("timezone: Mars/Olympus", "timezone", "'Mars/Olympus' is no time zone", "Asia/Shanghai"),
        ("database: mysql://h/d", "database", "is no database", "sqlite:////"),
        ("socket: run/ccd.sock", "socket", "'run/ccd.sock' does not do", "an absolute path"),
        ("http: {port: http}", "http.port", "'http' is no whole number", "whole number"),
        ("http: {port: 70000}", "http.port", "'70000' is too much", "at most 65535"),
        ("http: [80]", "http", "no mapping", "keys and values"),
        ("http:", "http", "no mapping", "keys and values"),
        ("phones: 1001", "phones", "no list", "[a, b]"),
        ("queues: {Sales: {}}", "queues.Sales", "'Sales' does not do", "a-z, 0-9, _ and -"),
        ("queues: {'a b': {}}", "queues.a b", "'a b' does not do", "a-z, 0-9, _ and -"),
        ("queues: {a: {strategy: roundrobin}}", "queues.a.strategy", "'roundrobin' is no", "ringall"),
        ("queues: {a: {strategy: rrmemry}}", "queues.a.strategy", "'rrmemry' is no", "rrmemory?"),
        ("queues: {a: {ring_s: 0}}", "queues.a.ring_s", "'0' is too little", "at least 1"),
        ("queues: {a: {ring_s: soon}}", "queues.a.ring_s", "'soon' is no number", "a number"),
        ("queues: {a: {ring_s: nan}}", "queues.a.ring_s", "'nan'", ""),
        ("queues: {a: {join_empty: maybe}}", "queues.a.join_empty", "neither true nor", "true or false"),
        ("queues: {a: {record: yes}}", "queues.a.record", "'yes' is no choice", "always, on_demand, never"),
        ("queues: {a: {sticky: {days: 0}}}", "queues.a.sticky.days", "too little", "at least 1"),
        ("queues: {a: {labels: {en: [b]}}}", "queues.a.labels.en", "no text", "write a text"),
        ("queues: {a: {survey: sat}}", "queues.a.survey", "no survey 'sat'", "there is none"),
        ("queues: {a-b: {}, ab: {}}", "queues.ab", "'a-b'", "more than dashes"),
        ("numbers: {4001: {queue: sale}}\nqueues: {sales: {}}", "numbers.4001.queue", "'sale'", "sales?"),
        ("numbers: {4001: {flow: main}}", "numbers.4001.flow", "no flow 'main'", "there is none"),
        ("numbers: {4001: {}}", "numbers.4001", "no target, or several", "one of flow, queue and agent"),
        (
            "numbers: {4001: {queue: a, ring_s: 5}}\nqueues: {a: {}}",
            "numbers.4001",
            "has ring_s without",
            "agent:",
        ),
        (
            "numbers: {4001: {agent: '1', fallback: {queue: b}}}",
            "numbers.4001.fallback.queue",
            "no queue 'b'",
            "",
        ),
        ("numbers: {4oo1: {queue: a}}\nqueues: {a: {}}", "numbers.4oo1", "'4oo1' does not do", "digits only"),
        ("asterisk: {fallback_queue: a}", "asterisk.fallback_queue", "no queue 'a'", "there is none"),
        ("asterisk: {outside_dial: 'PJSIP/x&y'}", "asterisk.outside_dial", "does not do", "{number}"),
        ("asterisk: {outside_dial: 'A/{number},120'}", "asterisk.outside_dial", "does not do", "{number}"),
        ("asterisk: {agi: {second: elsewhere}}", "asterisk.agi.second", "does not do", "host:port"),
        (
            "asterisk: {ami: {permit: [1.2.3]}}",
            "asterisk.ami.permit[0]",
            "'1.2.3' is no address",
            "192.0.2.0",
        ),
        ("phones: [{extension: 1001}]", "phones[0]", "has no password", "password_file"),
        ("phones: [{extension: x1, password: p}]", "phones[0].extension", "'x1' does not do", "digits only"),
        ("phones: [{extension: 1, password: 'a;b'}]", "phones[0].password", "holds a blank", "other char"),
        ("phones: [{extension: 1, password: 'a b'}]", "phones[0].password", "holds a blank", "other char"),
        ('phones: [{extension: 1, password: "a\\nb"}]', "phones[0].password", "holds a blank", "other char"),
        (
            "phones: [{extension: 1, password: p}, {extension: 1, password: q}]",
            "phones[1].extension",
            "extension 1 stands in",
            "its own",
        ),
        (
            "phones: [{extension: 1, password: p}]\nnumbers: {1: {queue: a}}\nqueues: {a: {}}",
            "numbers.1",
            "is the extension of a phone",
            "another number",
        ),
        ("outbound: {allow: [_0.]}", "outbound.allow[0]", "'_0.' does not do", "pattern"),
        ("outbound: {allow: ['0!']}", "outbound.allow[0]", "'0!' does not do", "pattern"),
        ("outbound: {deny: ['0.1']}", "outbound.deny[0]", "'0.1' does not do", "pattern"),
        ("feature_codes: {sign_in: '11'}", "feature_codes.sign_in", "'11' does not do", "*11"),
        ("call_keys: {talk: {consult: '*'}}", "call_keys.talk", "(*9) begins with consult (*)", "codes"),
        (
            "queues: {q: {disposition: {codes: {1: {code: none, en: a, zh: a}}}}}",
            "queues.q.disposition",
            "none stands here twice",
            "another code",
        ),
        ("lamps: {agents: '*12'}", "lamps.agents", "sign_out (*12) begins with agents (*12)", "codes"),
        ("lamps: {queues: '*123'}", "lamps.queues", "queues (*123) begins with sign_out (*12)", "codes"),
        ("feature_codes: {sign_in: '*1'}", "feature_codes", "(*12) begins with sign_in (*1)", "codes"),
        ("break_reasons: {12: {code: a, en: a, zh: a}}", "break_reasons.12", "does not do", "one digit"),
        (
            "break_reasons: {1: {code: a, en: a, zh: a}, 2: {code: a, en: b, zh: b}}",
            "break_reasons.2.code",
            "stands in",
            "another code",
        ),
        ("hours: {office: {holidays: XX}}", "hours.office.holidays", "'XX'", "CN"),
        ("flows: {main: {nodes: {a: {hangup: null}}}}", "flows.main.start", "is missing", "add it"),
    ],
)
def test_each_error_names_key_cause_and_remedy(tmp_path, text, key, message, remedy):
    """One error, one line that a person can act on."""
    [problem] = told(tmp_path, text)
    assert problem.key == key
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.file == str(tmp_path / "ccd.yaml")
    assert problem.line is not None


def test_every_error_is_told_at_once_in_the_order_of_the_file(tmp_path):
    """Whoever repairs a configuration does it in one go."""
    problems = told(tmp_path, "queues:\n  a:\n    ring_s: x\n    wrap: 1\nhttp:\n  port: 0\nlanguage: fr\n")
    assert [(problem.line, problem.key) for problem in problems] == [
        (3, "queues.a.ring_s"),
        (4, "queues.a.wrap"),
        (6, "http.port"),
        (7, "language"),
    ]


def test_the_manager_user_must_have_a_secret(tmp_path):
    """Without one anybody on this machine could log in."""
    [problem] = told(tmp_path, "language: en", {})
    assert (problem.key, problem.line) == ("asterisk.ami.secret", 1)
    assert "secret_file" in problem.remedy


def test_the_message_has_a_line_for_each_error(tmp_path):
    """It can be printed as it is, and editors jump to file:line."""
    path = tmp_path / "ccd.yaml"
    path.write_text("http:\n  port: x\n  prot: 1\n")
    with pytest.raises(ConfigError) as caught:
        load(path, SECRET)
    assert str(caught.value).splitlines() == [
        f"{path}:2: http.port: 'x' is no whole number; write a whole number",
        f"{path}:3: http.prot: is unknown here; did you mean port?",
    ]
    assert caught.value.text("zh").splitlines() == [
        f"{path}:2: http.port: 'x' 不是整数；请写整数",
        f"{path}:3: http.prot: 此处没有这个键；是否想写 port？",
    ]


def test_a_huge_value_is_shown_in_part(tmp_path):
    """An error message stays a message."""
    [problem] = told(tmp_path, f"http: {{port: '{'9' * 4000}x'}}")
    assert len(problem.message) < 120


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_say_the_same(code):
    """Every text is there in Chinese, with the same blanks but for those that are language themselves."""
    text = TEXTS[code]
    blanks = [set(re.findall(r"\{(\w+)", each.replace("_zh", ""))) for each in text]
    assert all(text)
    assert blanks[0] | blanks[1] == blanks[2] | blanks[3]
