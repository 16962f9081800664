"""Every prompt that a configuration names is found, wherever the key stands."""

from ccd.config import load
from ccd.config.named_prompts import named_prompts
from tests.unit.config.test_examples import EXAMPLES, SECRET


def named(tmp_path, text):
    """Load a configuration; give the keys that name prompts, but those of defaults."""
    path = tmp_path / "ccd.yaml"
    path.write_text("asterisk: {ami: {secret: x}}\n" + text, encoding="utf-8")
    path.chmod(0o600)
    config = load(path, {})
    found = {(".".join(map(str, at)), prompt) for at, prompt in named_prompts(config)}
    return {each for each in found if each[1].startswith("own")}


def test_prompts_are_found_in_every_section(tmp_path):
    """Flows, surveys, mailboxes; lists and single ones; the texts themselves name none."""
    text = """
prompts: {texts: {own-words: {zh: 字}}}
flows:
  main:
    start: a
    nodes:
      a: {play: [own-a, own/b], next: b}
      b: {menu: own-menu, choices: {"1": a}, no_input: own-hint, on_timeout: c}
      c: {hangup: own-bye}
surveys:
  s: {prompt: own-question, digits: {"1": {en: yes, zh: 是}}, thanks: own-thanks}
voicemail: {mailboxes: {box: {greeting: own-greeting}}}
"""
    assert named(tmp_path, text) == {
        ("flows.main.nodes.a.play", "own-a"),
        ("flows.main.nodes.a.play", "own/b"),
        ("flows.main.nodes.b.menu", "own-menu"),
        ("flows.main.nodes.b.no_input", "own-hint"),
        ("flows.main.nodes.c.hangup", "own-bye"),
        ("surveys.s.prompt", "own-question"),
        ("surveys.s.thanks", "own-thanks"),
        ("voicemail.mailboxes.box.greeting", "own-greeting"),
    }


def test_the_example_names_only_prompts_that_there_are():
    """Found by their type; the walk comes to queues, surveys and flows."""
    found = {at[0] for at, _ in named_prompts(load(EXAMPLES / "ccd.yaml", SECRET))}
    assert {"flows", "surveys"} <= found
