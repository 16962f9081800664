"""YAML is read as it was written, and every key knows its file and line."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ccd.config.problems import Place
from ccd.config.source import Source, read_file, read_text


@pytest.mark.parametrize("text", ["0101", "09:30", "1e3", "no", "2026-12-31", "0x1F", "12345678"])
def test_an_unquoted_value_is_what_the_writer_sees(text):
    """YAML 1.1 would make an octal number, seconds, a float, a boolean, a date and an integer of these."""
    assert read_text(f"key: {text}", "a.yaml").values == {"key": text}


def test_an_unquoted_key_is_what_the_writer_sees():
    """Numbers and digits may be keys without quotes."""
    assert read_text("4000: a\n0: b\n007: c", "a.yaml").values == {"4000": "a", "0": "b", "007": "c"}


@pytest.mark.parametrize(("written", "value"), [("", None), ("~", None), ("null", None), ('"null"', "null")])
def test_only_null_is_null(written, value):
    """An empty value and null are null; the quoted word is a word."""
    assert read_text(f"key: {written}", "a.yaml").values == {"key": value}


def test_keys_and_items_know_their_line():
    """Lines count from 1; a key that does not exist is found at the nearest one around it."""
    source = read_text("a:\n  b: 1\nc:\n- x\n- y: 2\n", "a.yaml")
    assert source.place(("a", "b")) == Place("a.yaml", 2)
    assert source.place(("c", 1, "y")) == Place("a.yaml", 5)
    assert source.place(("a", "missing")) == Place("a.yaml", 1)


def test_a_key_that_stands_twice_is_told_with_both_lines():
    """YAML would silently take the last one."""
    [problem] = read_text("a:\n  b: 1\n  c: 2\n  b: 3\n", "a.yaml").problems
    assert (problem.line, problem.key) == (4, "a.b")
    assert "a.yaml:2" in problem.message


def test_two_files_grow_together():
    """Sections that are spread over files are one section."""
    source = read_text("queues: {sales: {ring_s: 5}}\n", "one.yaml")
    source.take_in(read_text("queues: {support: {ring_s: 9}}\nhttp: {port: 1}\n", "two.yaml"))
    assert source.values == {
        "queues": {"sales": {"ring_s": "5"}, "support": {"ring_s": "9"}},
        "http": {"port": "1"},
    }
    assert source.place(("queues", "sales")) == Place("one.yaml", 1)
    assert source.place(("http", "port")) == Place("two.yaml", 2)
    assert source.problems == []


def test_a_key_in_two_files_is_told_with_both_names():
    """Which of the two would count is nobody's guess."""
    source = read_text("http:\n  port: 1\n", "one.yaml")
    source.take_in(read_text("http: {port: 2}\n", "two.yaml"))
    [problem] = source.problems
    assert (problem.file, problem.line, problem.key) == ("two.yaml", 1, "http.port")
    assert "one.yaml:2" in problem.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\nb: 2", 2),
        ("a: b: c", 1),
        ("ok: 1\n\ta: 1", 2),
        ("a: 'x", 1),
        ("--- \na: 1\n---\nb: 2", 3),
        ("a: *nowhere", None),
        ("- 1", 1),
        ("just words", 1),
        ("a: !!python/object:os.system x", 1),
        ("? [a, b]\n: 1", 1),
        ("a: \x00", None),
        ("a: " + "[" * 300_000 + "]" * 300_000, None),
    ],
)
def test_what_is_not_yaml_is_one_problem_at_its_line(text, line):
    """A broken file is reported, whatever is broken about it, and nothing in it is run."""
    source = read_text(text, "a.yaml")
    assert [problem.line for problem in source.problems] == [line]
    assert all(
        problem.file == "a.yaml" and problem.remedy and problem.remedy_zh for problem in source.problems
    )


def test_a_bomb_of_aliases_is_refused():
    """Nine lines of YAML may stand for a thousand million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    [problem] = read_text("\n".join(lines), "a.yaml").problems
    assert "values" in problem.message


def test_a_value_that_holds_itself_is_refused():
    """YAML can write what has no end."""
    [problem] = read_text("a: &a [*a]", "a.yaml").problems
    assert "*a" in problem.message


def test_an_alias_is_a_copy():
    """What one place becomes later is nothing to the other."""
    values = read_text("a: &x {b: [1]}\nc: *x\n", "a.yaml").values
    values["a"]["b"].append("2")
    assert values["c"] == {"b": ["1"]}


def test_an_empty_file_has_no_values():
    """A file of comments is no error."""
    assert read_text("# nothing yet\n", "a.yaml") == Source(places={(): Place("a.yaml", 1)})


@pytest.mark.parametrize("data", [b"a: \xff\xfe", b"\xff\xfea\x00:\x00"])
def test_bytes_that_are_no_utf8_are_told(tmp_path: Path, data: bytes):
    """An editor that saves in another encoding is named, not obeyed."""
    path = tmp_path / "ccd.yaml"
    path.write_bytes(data)
    assert len(read_file(path).problems) == 1


def test_a_byte_order_mark_does_not_matter(tmp_path: Path):
    """Editors of Windows write one."""
    path = tmp_path / "ccd.yaml"
    path.write_bytes(b"\xef\xbb\xbflanguage: zh\n")
    assert read_file(path).values == {"language": "zh"}


@pytest.mark.parametrize("kind", ["missing", "folder", "huge"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, kind: str):
    """The file is named, and what to do."""
    path = tmp_path / "ccd.yaml"
    if kind == "folder":
        path.mkdir()
    if kind == "huge":
        with path.open("wb") as file:
            file.truncate(5_000_000)
    [problem] = read_file(path).problems
    assert problem.file == str(path)
    assert problem.remedy


KEYS = st.text("abcdefghij_0123456789", min_size=1, max_size=5)
VALUES = st.recursive(
    st.none() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_yaml_wrote_comes_back(values):
    """Texts, lists, mappings and null survive, whatever the texts look like."""
    text = yaml.safe_dump(values, default_style='"', allow_unicode=True).replace('!!null "null"', "null")
    source = read_text(text, "a.yaml")
    assert (source.values, source.problems) == (values, [])


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(data):
    """Whatever the file holds, there are values or problems, never an exception."""
    source = read_text(data, "a.yaml")
    assert isinstance(source.values, dict)
