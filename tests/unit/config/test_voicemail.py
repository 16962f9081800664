"""Mailboxes and who is told: what is wrong is said with what would be right, in both languages."""

import pytest

from ccd.checking import examine

GOOD = """
queues:
  sales: {voicemail: box}
voicemail:
  mailboxes:
    box:
      queues: [sales]
      notify:
        webhook: {url: "https://crm.example.com/hook", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}
        command: [sendmail, -t]
        text: "To: a@example.com\\n\\n{number} {label}"
"""


def problems(text, tmp_path, monkeypatch):
    """Check a configuration; give each problem's key, message and remedy, Chinese ones too."""
    monkeypatch.setenv("CCD_ASTERISK__AMI__SECRET", "change-me")
    (tmp_path / "ccd.yaml").write_text(text, encoding="utf-8")
    found = examine(tmp_path / "ccd.yaml").problems
    assert all(each.message_zh and each.remedy_zh for each in found)
    return [(each.key, each.text()) for each in found]


def test_a_mailbox_that_tells_others_is_in_order(tmp_path, monkeypatch):
    """A public address, a known placeholder, a queue that there is."""
    assert problems(GOOD, tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    "fault",
    [
        ("queues: [sales]", "queues: [salse]", "voicemail.mailboxes.box.queues", "did you mean sales?"),
        ("voicemail: box", "voicemail: bocks", "queues.sales.voicemail", "box"),
        ("queues: [sales]", "greeting: no-such", "voicemail.mailboxes.box.greeting", "no-such"),
        ("queues: [sales]", "{min_s: 9, max_s: 5}", "voicemail.mailboxes.box", ""),
        ("https:", "http:", "voicemail.mailboxes.box.notify.webhook", "allow_private"),
        ("crm.example.com", "127.0.0.1", "voicemail.mailboxes.box.notify.webhook", "allow_private"),
        ("crm.example.com", "localhost", "voicemail.mailboxes.box.notify.webhook", "allow_private"),
        ("{label}", "{tag_name}", "voicemail.mailboxes.box.notify", "{tag_name}"),
        ("[sendmail, -t]", "[]", "voicemail.mailboxes.box.notify.command", ""),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(fault, tmp_path, monkeypatch):
    """One key each."""
    old, new, key, said = fault
    text = (
        GOOD.replace(old, new, 1)
        if not new.startswith("{m")
        else GOOD.replace(old, "min_s: 9\n      max_s: 5")
    )
    found = problems(text, tmp_path, monkeypatch)
    assert [each for each, told in found if each.startswith(key) and said in told] != [], found


def test_a_node_names_a_mailbox_that_there_is(tmp_path, monkeypatch):
    """The nearest name is offered."""
    flow = (
        "\nflows:\n  main: {start: m, nodes: {m: {voicemail: bax, next: m}}}\nnumbers:\n  '1': {flow: main}\n"
    )
    found = problems(GOOD + flow, tmp_path, monkeypatch)
    assert [
        told for key, told in found if key == "flows.main.nodes.m.voicemail" and "did you mean box?" in told
    ]
