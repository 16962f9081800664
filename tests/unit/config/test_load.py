"""One configuration from files, variables and secrets."""

from pathlib import Path

import pytest

from ccd.config import load, read
from ccd.errors import ConfigError
from ccd.model import Absence, Need, PenaltyLimit, QueueSettings, Relaxation, Strategy

SECRET = {"CCD_ASTERISK__AMI__SECRET": "s3cret"}


def given(folder: Path, *, text: str = "", **parts: str) -> Path:
    """Write ccd.yaml and conf.d/NAME.yaml; give the path of the first."""
    path = folder / "ccd.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    (folder / "conf.d").mkdir(exist_ok=True)
    for name, part in parts.items():
        (folder / "conf.d" / f"{name}.yaml").write_text(part, encoding="utf-8")
    return path


def problems(path: Path, environ: dict[str, str] = SECRET) -> list[tuple[str, str]]:
    """Give key and message of each problem."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return [(problem.key, problem.message) for problem in caught.value.problems]


def test_an_empty_file_is_a_configuration(tmp_path):
    """Every key has a default, but for the secret of the manager user."""
    config = load(given(tmp_path), SECRET)
    assert config.language == "en"
    assert config.asterisk.agi.port == 4573
    assert config.queues == {}


def test_parts_are_read_beside_the_main_file(tmp_path):
    """conf.d holds what programs and departments write."""
    path = given(tmp_path, text="numbers: {4001: {queue: sales}}", sales="queues: {sales: {ring_s: 7}}")
    loaded = read(path, SECRET)
    assert loaded.config.queues["sales"].ring_s == 7.0
    assert [file.name for file in loaded.files] == ["ccd.yaml", "sales.yaml"]


def test_a_part_of_another_ending_is_pointed_out(tmp_path):
    """A file that is silently not read costs an afternoon."""
    path = given(tmp_path)
    (path.parent / "conf.d" / "sales.yml").write_text("queues: {}")
    assert [(Path(one.file).name, one.message) for one in read(path, SECRET).warnings] == [
        ("sales.yml", "is not read")
    ]


def test_variables_win_over_files(tmp_path):
    """The container's environment has the last word."""
    path = given(tmp_path, text="asterisk: {ami: {port: 1}}\nlanguage: en\nqueue_log: /a\n")
    environ = SECRET | {
        "CCD_ASTERISK__AMI__PORT": "5040",
        "CCD_LANGUAGE": "zh",
        "CCD_QUEUE_LOG": "null",
        "CCD_OUTBOUND__ALLOW": '["0.", "110"]',
        "CCD_NUMBERS__4009__QUEUE": "sales",
        "CCD_QUEUES__SALES": "{ring_s: 9}",
    }
    config = load(path, environ)
    assert (config.asterisk.ami.port, config.language, config.queue_log) == (5040, "zh", None)
    assert config.outbound.allow == ("0.", "110")
    assert config.numbers["4009"].queue == "sales"
    assert config.queues["sales"].ring_s == 9.0


@pytest.mark.parametrize("variable", ["CCD_LANG", "CCD_CONFIG", "CCD_CDR_LIST_LIMIT", "XCCD_HTTP__PORT"])
def test_variables_of_the_commands_are_left_alone(tmp_path, variable):
    """The commands' options have variables of their own."""
    assert load(given(tmp_path), SECRET | {variable: "x"})


def test_a_variable_that_no_key_has_is_told_by_its_name(tmp_path):
    """A mistyped variable must not be ignored."""
    with pytest.raises(ConfigError) as caught:
        load(given(tmp_path), SECRET | {"CCD_ASTERISK__AMI__PROT": "1"})
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.key) == ("CCD_ASTERISK__AMI__PROT", None, "asterisk.ami.prot")
    assert problem.remedy == "did you mean port?"


def test_a_secret_may_look_like_anything(tmp_path):
    """Brackets at its beginning do not make a list of it."""
    config = load(given(tmp_path), {"CCD_ASTERISK__AMI__SECRET": "[null"})
    assert config.asterisk.ami.secret.get_secret_value() == "[null"


def test_secrets_come_from_files(tmp_path):
    """The line's end is no part of a password; a relative path starts at the configuration's folder."""
    (tmp_path / "ami").write_text("hidden-1\n")
    (tmp_path / "1001").write_text("hidden-2")
    for name in ("ami", "1001"):
        (tmp_path / name).chmod(0o600)
    text = (
        f"asterisk: {{ami: {{secret_file: ami}}}}\nphones: [{{extension: 1, password_file: {tmp_path}/1001}}]"
    )
    path = given(tmp_path, text=text)
    loaded = read(path, {})
    assert loaded.config.asterisk.ami.secret.get_secret_value() == "hidden-1"
    assert loaded.config.phones[0].password.get_secret_value() == "hidden-2"
    assert loaded.warnings == ()


def test_a_secret_that_everybody_can_read_is_pointed_out(tmp_path):
    """Whether it lies in a file of its own or in the configuration."""
    (tmp_path / "ami").write_text("hidden")
    (tmp_path / "ami").chmod(0o644)
    path = given(tmp_path, text="asterisk: {ami: {secret_file: ami}}\nphones: [{extension: 1, password: p}]")
    path.chmod(0o644)
    told = [problem.remedy for problem in read(path, {}).warnings]
    assert told == [f"chmod o-rwx {path}", f"chmod o-rwx {tmp_path / 'ami'}"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_that_cannot_be_read_is_told_at_its_key(tmp_path, content):
    """The key and the file are named, the content never."""
    if content is not None:
        (tmp_path / "ami").write_bytes(content)
    path = given(tmp_path, text="asterisk:\n  ami:\n    secret_file: ami\n")
    told = dict(problems(path, {}))
    assert str(tmp_path / "ami") in told["asterisk.ami.secret_file"]


def test_a_secret_given_twice_is_told(tmp_path):
    """Which of the two would count is nobody's guess."""
    (tmp_path / "ami").write_text("hidden")
    path = given(tmp_path, text="asterisk: {ami: {secret: other, secret_file: ami}}")
    assert problems(path, {}) == [("asterisk.ami.secret_file", "stands beside secret")]


def test_a_variable_replaces_either_way_of_giving_a_secret(tmp_path):
    """A lab gives its own secret to a configuration that names a file, and the other way round."""
    (tmp_path / "ami").write_text("from-file")
    path = given(tmp_path, text="asterisk: {ami: {secret_file: nowhere}}")
    environ = SECRET | {"CCD_ASTERISK__AMI__SECRET_FILE": "null"}
    assert load(path, environ).asterisk.ami.secret.get_secret_value() == "s3cret"
    assert load(path, SECRET).asterisk.ami.secret.get_secret_value() == "s3cret"
    path = given(tmp_path, text="asterisk: {ami: {secret: inline}}")
    environ = {"CCD_ASTERISK__AMI__SECRET_FILE": str(tmp_path / "ami")}
    assert load(path, environ).asterisk.ami.secret.get_secret_value() == "from-file"


def test_secrets_are_shown_nowhere(tmp_path):
    """Neither a configuration that is printed nor an error that it causes gives a password away."""
    text = "database: mysql://u:hidden-x@h/d\nphones: [{extension: 1001, password: 'hidden x'}]\n"
    with pytest.raises(ConfigError) as caught:
        load(given(tmp_path, text=text), SECRET)
    assert len(caught.value.problems) == 2
    assert "hidden" not in str(caught.value) + caught.value.text("zh")
    config = load(given(tmp_path, text="phones: [{extension: 1001, password: hidden-x}]"), SECRET)
    assert "hidden" not in repr(config) + str(config) + config.model_dump_json()
    assert "s3cret" not in repr(config) + config.model_dump_json()


def test_a_broken_file_does_not_hide_another(tmp_path):
    """All files are told about; keys are looked at when every file can be read."""
    path = given(tmp_path, text="a: [", one="b: {", two="queues: 5")
    with pytest.raises(ConfigError) as caught:
        load(path, SECRET)
    assert [Path(problem.file).name for problem in caught.value.problems] == ["ccd.yaml", "one.yaml"]


def test_no_file_at_all_is_told(tmp_path):
    """The first thing that a newcomer meets says what to do."""
    with pytest.raises(ConfigError, match="--config"):
        load(tmp_path / "ccd.yaml", {})


def test_queues_are_translated_for_the_engine(tmp_path):
    """A disabled sticky and an announcement without position are none."""
    text = """
queues:
  plain: {}
  full:
    strategy: leastrecent
    ring_s: 12
    max_length: 3
    sticky: {wait_s: 4}
    announce: {first_s: 3, every_s: 30}
  off: {sticky: {enabled: false}, announce: {position: false}}
  skilled: {needs: {english: 50, billing: {prefer: true, relax: [{after_s: 30, level: 0}]}}}
"""
    plain, full, off, skilled = load(given(tmp_path, text=text), SECRET).queue_settings()
    assert plain == QueueSettings(name="plain", wrap_up_s=10.0)
    assert full == QueueSettings(
        name="full",
        strategy=Strategy.LEASTRECENT,
        ring_s=12.0,
        wrap_up_s=10.0,
        max_length=3,
        sticky_wait_s=4.0,
        announce_first_s=3.0,
        announce_every_s=30.0,
    )
    assert (off.sticky_wait_s, off.announce_every_s) == (None, None)
    assert skilled.needs == (
        Need(skill="english", level=50),
        Need(skill="billing", preferred=True, relax=(Relaxation(after_s=30.0, level=0),)),
    )


def test_rules_of_routing_are_translated_for_the_engine(tmp_path):
    """Steps in the order of time; a list of absences is a no with more who count as absent."""
    text = """
hours: {office: {}}
queues:
  sales:
    hours: office
    at_closing: leave
    join_empty: [paused, wrap_up]
    leave_empty: yes
    ageing: {points: 2, every_s: 40}
    penalties: [{after_s: 60}, {up_to: 1}]
    overflow: [{after_s: 50, queue: back, leave: true}, {after_s: 30, queue: back}]
  back: {join_empty: no, leave_empty: [in_use]}
"""
    sales, back = load(given(tmp_path, text=text), SECRET).queue_settings()
    assert (sales.join_empty, sales.join_absent) == (False, {Absence.PAUSED, Absence.WRAP_UP})
    assert (sales.leave_empty, sales.leave_absent) == (True, frozenset())
    assert (back.join_empty, back.join_absent) == (False, frozenset())
    assert (back.leave_empty, back.leave_absent) == (True, {Absence.IN_USE})
    assert sales.pace == 0.05
    assert sales.penalties == (PenaltyLimit(up_to=1), PenaltyLimit(up_to=None, after_s=60.0))
    assert [(each.after_s, each.leave) for each in sales.overflow] == [(30.0, False), (50.0, True)]


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("join_empty", "[asleep]", "neither true nor false nor a list of states"),
        ("leave_empty", "maybe", "neither true nor false nor a list of states"),
        ("overflow", "[{after_s: 1, queue: sales}]", "the queue overflows to itself"),
        ("overflow", "[{after_s: 1, queue: sails}]", "there is no queue 'sails'"),
        ("hours", "bureau", "there is no hours 'bureau'"),
    ],
)
def test_rules_of_routing_that_cannot_be_are_told(tmp_path, key, value, says):
    """Each at its key, with what would be right."""
    text = f"queues: {{sales: {{{key}: {value}}}}}"
    ((at, message),) = problems(given(tmp_path, text=text))
    assert at.startswith(f"queues.sales.{key}")
    assert says in message


def test_needs_are_relaxed_step_by_step(tmp_path):
    """Steps out of order are told: nobody could say what they mean."""
    text = "queues: {sales: {needs: {english: {level: 50, relax: [%s]}}}}"
    steps = "{after_s: 60, level: 0}, {after_s: 30, level: 30}"
    with pytest.raises(
        ConfigError, match=r"queues\.sales\.needs\.english: the steps of relax are out of order"
    ):
        load(given(tmp_path, text=text % steps), SECRET)
