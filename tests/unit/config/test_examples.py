"""What is shipped as an example is complete, current and usable."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import SecretStr

from ccd.asterisk.render import render
from ccd.checking import examine
from ccd.config import Config, load
from ccd.config.base import Section
from ccd.config.flows import Node
from ccd.config.source import read_file

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
SECRET = {"CCD_ASTERISK__AMI__SECRET": "change-me"}


def missing_and_different(section: Section, written: dict, at: str = "") -> list[str]:
    """Name the keys that the example lacks, or gives another value than the default."""
    wrong = []
    for name, field in type(section).model_fields.items():
        key, value = f"{at}{name}", getattr(section, name)
        if name not in written:
            wrong.append(f"{key} is missing")
        elif isinstance(value, Section):
            wrong += missing_and_different(value, written[name], f"{key}.")
        elif isinstance(value, dict) and value:
            for inner, one in value.items():
                if isinstance(one, Section) and not isinstance(one, Node):
                    wrong += missing_and_different(one, written[name][inner], f"{key}.{inner}.")
        elif not field.is_required() and value != field.get_default(call_default_factory=True):
            wrong.append(f"{key} is not the default")
    return wrong


def test_the_example_holds_every_key_with_its_default():
    """Reading it is reading the manual; what must differ is what a default cannot be."""
    path = EXAMPLES / "ccd.yaml"
    wrong = missing_and_different(load(path, SECRET), read_file(path).values)
    entries = (
        "numbers.",
        "queues.sales.labels",
        "queues.sales.needs.",
        "queues.sales.ageing",
        "queues.sales.penalties",
        "surveys.",
        "hours.office.weekly",
        "break_reasons.",
    )
    assert [one for one in wrong if not one.startswith(entries)] == ["asterisk.ami.secret is not the default"]


@pytest.fixture(scope="module")
def schema():
    """Make the schema of the configuration as ccd is, once."""
    return Config.model_json_schema()


def test_the_schema_for_editors_is_current(schema):
    """`ccd config schema > examples/ccd.schema.json` makes it."""
    assert json.loads((EXAMPLES / "ccd.schema.json").read_text(encoding="utf-8")) == schema


def test_the_schema_is_one(schema):
    """What editors read is itself well formed."""
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", [EXAMPLES / "ccd.yaml", *sorted(EXAMPLES.glob("demo/**/*.yaml"))], ids=str)
def test_editors_find_nothing_wrong_with_the_examples(path, schema):
    """The schema and ccd itself are of one mind."""
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_schema_names_no_secret(schema):
    """Defaults of secrets are shown as what they are, not as asterisks."""
    assert "***" not in json.dumps(schema)
    assert isinstance(Config.model_fields["database"].default, SecretStr)


def test_the_demo_is_what_its_readers_are_promised():
    """Numbers, strategies, recording, survey and stickiness of the demonstration."""
    config = load(EXAMPLES / "demo" / "ccd.yaml", SECRET)
    assert {number: target.flow or target.queue for number, target in config.numbers.items()} == {
        "4000": "main",
        "4001": "sales",
        "4002": "support",
        "4003": "bench",
    }
    sales, support, bench = (config.queues[name] for name in ("sales", "support", "bench"))
    assert (sales.strategy, sales.record, sales.survey, sales.wrap_up_s) == (
        "rrmemory",
        "always",
        "satisfaction",
        3,
    )
    assert sales.sticky is not None
    assert (support.strategy, support.record, support.survey) == ("ringall", "always", "satisfaction")
    assert (bench.strategy, bench.record, bench.survey, bench.wrap_up_s) == ("rrmemory", "never", None, 0)
    assert bench.announce is None
    assert [label.zh for label in config.surveys["satisfaction"].digits.values()] == [
        "非常满意",
        "基本满意",
        "不满意",
    ]


def test_what_lies_in_asterisk_conf_is_current():
    """See asterisk-conf/README.md for the command that makes it."""
    phones = {"CCD_PHONES": '[{extension: "1001", password: change-me}]'}
    for name, text in render(load(EXAMPLES / "ccd.yaml", SECRET | phones)).items():
        assert (ROOT / "asterisk-conf" / name).read_text(encoding="utf-8") == text


def test_the_configuration_of_the_tests_on_asterisk_is_sound(tmp_path, monkeypatch):
    """The demonstration with all that the tests add: no two parts use one name."""
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    shutil.copytree(EXAMPLES / "demo", tmp_path / "ccd")
    shutil.copytree(ROOT / "tests" / "asterisk" / "config", tmp_path / "ccd", dirs_exist_ok=True)
    told = [problem.text() for problem in examine(tmp_path / "ccd" / "ccd.yaml").problems]
    assert [
        each for each in told if "there is no prompt" not in each
    ] == []  # those the tests make themselves
