"""The dialplan that ccd renders: every jump lands, nothing hostile passes, each entry leads into the loop."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.asterisk.extensions import LEASE_S, extensions_conf
from ccd.asterisk.manager_checks import MODULES
from ccd.asterisk.render import render
from ccd.config import Config
from tests.unit.asterisk.configs import given_config, given_phones
from tests.unit.asterisk.dialplan import exists, jumps, parse

FLOW = {"start": "bye", "nodes": {"bye": {"hangup": None}}}
ASTERISKS_OWN = frozenset(
    {
        "BRIDGERESULT",
        "EXTEN",
        "EPOCH",
        "BRIDGEPEER",
        "CHANNEL",
        "DIALSTATUS",
        "ANSWEREDTIME",
        "HANGUPCAUSE",
        "AGISTATUS",
        "ARG1",
        "ARG2",
        "DIALEDTIME_MS",
        "ANSWEREDTIME_MS",
    }
)
FUNCTIONS = frozenset({"CUT", "FILTER", "CALLERID", "CHANNEL", "LEN", "DIALPLAN_EXISTS", "STRFTIME"})

OUTBOUND = {"allow": ["0.", "1[3-9]XXXXXXXXX"], "deny": ["00."], "emergency": ["110"]}


def steps(config: Config, context: str, exten: str) -> list[str]:
    """Give the steps of one extension."""
    return parse(extensions_conf(config))[context].extens[exten]


def full_config(**more: Any) -> Config:
    """Make a configuration in which everything that is rendered occurs."""
    return given_config(
        queues={"sales": {}, "support": {}},
        flows={"main": FLOW},
        numbers={"4000": {"flow": "main"}, "4001": {"queue": "sales"}},
        phones=given_phones("1001", "1002"),
        **{"outbound": OUTBOUND, **more},
    )


def test_every_jump_lands():
    """Goto, GotoIf and Gosub lead to an extension, a priority or a label that exists."""
    contexts = parse(extensions_conf(full_config()))
    assert [target for target in jumps(contexts) if not exists(contexts, target)] == []


def test_contexts_and_variables_are_ours():
    """Nothing collides with the dialplan that is there already: `ccd-…` and `CCD_…`."""
    text = extensions_conf(full_config(asterisk={"agi": {"second": "192.0.2.2:4573"}}))
    assert all(name.startswith("ccd-") for name in parse(text))
    used = set(re.findall(r"\$\{(\w+)(?=[}:])", text)) - ASTERISKS_OWN
    functions = set(re.findall(r"\$\{(\w+)\(", text))
    written = set(re.findall(r"(\w+)(?=\)?=)", " ".join(re.findall(r"M?Set\((.*)\)", text))))
    assert all(name.startswith("CCD_") for name in used), used
    assert functions == FUNCTIONS
    assert {name for name in written if not name.startswith("CCD_")} == {
        "AGIEXITONHANGUP", "DIALEDPEERNAME", "DIALSTATUS", "GOSUB_RESULT", "absolute", "num", "name", "rdnis",
        "dnid", "i", "Info", "Id", "inherit", "blindxfer", "atxfer", "atxferabort", "atxferthreeway",
        "atxferswap", "transferannouncesound", "transferinvalidsound", "__TRANSFER_CONTEXT",
        "__DYNAMIC_FEATURES", "TX",
    }  # fmt: skip


@pytest.mark.parametrize("next_step", ["dial", "outside", "bridge", "hangup", "return", "fallback", ""])
def test_the_loop_knows_every_answer(next_step):
    """What ccd may set in CCD_NEXT, and that it set nothing."""
    assert f"go_{next_step}" in parse(extensions_conf(full_config()))["ccd-loop"].extens


def test_the_caller_is_cleaned_before_the_call_is_answered():
    """Name and numbers pass through FILTER before AGI or AMI could carry a line feed of theirs."""
    enter = steps(full_config(), "ccd-loop", "enter")
    answer = enter.index("Answer(,i)")
    for field in ("num", "name", "rdnis", "dnid"):
        [at] = [i for i, step in enumerate(enter) if step.startswith(f"Set(CALLERID({field})=${{FILTER(")]
        assert at < answer
    assert not any("${CALLERID" in step for step in enter if "FILTER" not in step)


def test_the_hot_path_has_few_steps():
    """From Answer to Dial: jump, ask, end of the lease, jump, recording, dial."""
    loop = parse(extensions_conf(full_config()))["ccd-loop"]
    after_answer = loop.extens["enter"][loop.extens["enter"].index("Answer(,i)") + 1 :]
    assert after_answer == ["Goto(ask,agi)"]
    assert [step.partition("(")[0] for step in loop.extens["ask"][2:]] == ["AGI", "Set", "Goto"]
    assert [step.partition("(")[0] for step in loop.extens["go_dial"]] == ["ExecIf", "Dial", "ExecIf", "Goto"]


def test_a_ring_group_in_turn_is_the_dialplans_work():
    """Who answers, or the last one, ends it; a group that rings at once has no turns."""
    _, dial, over, more, again = steps(full_config(), "ccd-loop", "go_outside")
    assert dial.startswith("Dial(${CCD_DIAL},")
    assert over == 'GotoIf($["${CCD_TURNS}" = "" | "${DIALSTATUS}" = "ANSWER"]?ask,1)'
    assert more == "MSet(CCD_DIAL=${CUT(CCD_TURNS,&,1)},CCD_TURNS=${CUT(CCD_TURNS,&,2-)})"
    assert again == "Goto(turn)"


def test_ccd_is_asked_under_a_lease():
    """A daemon that hangs must not keep the caller: the lease is set before AGI and taken away after it."""
    ask = steps(full_config(), "ccd-loop", "ask")
    assert f"TIMEOUT(absolute)={LEASE_S}" in ask[1]
    assert ask[2].startswith(
        "AGI(agi://127.0.0.1:4573/next,${CCD_ENTRY},${CCD_STATE},${CCD_STEP},${DIALSTATUS},${HANGUPCAUSE}"
    )
    assert ask[3] == "Set(TIMEOUT(absolute)=0)"
    assert "T" in parse(extensions_conf(full_config()))["ccd-loop"].extens


def test_when_a_caller_came_is_noted_before_ccd_is_asked():
    """Once a visit: whoever finds no ccd, or one that dies, asks again with the same instant."""
    loop = parse(extensions_conf(full_config()))["ccd-loop"].extens
    noted = [(name, step) for name, steps in loop.items() for step in steps if "CCD_SINCE=" in step]
    assert [name for name, _ in noted] == ["enter"]
    assert "CCD_SINCE=${STRFTIME(,,%s.%3q)}," in noted[0][1]
    assert loop["ask"][2].endswith(",${CCD_SINCE},${STRFTIME(,,%s.%3q)})")


def test_agistatus_decides_nothing_about_callers():
    """It says SUCCESS for a daemon that died; only a phone's feature code may look at it."""
    for name, context in parse(extensions_conf(full_config())).items():
        told = [step for steps in context.extens.values() for step in steps if "AGISTATUS" in step]
        assert (told == []) == (name != "ccd-feature")


@pytest.mark.parametrize(
    ("number", "entry", "queue"), [("4000", "number/4000", ""), ("4001", "number/4001", "sales")]
)
def test_a_number_leads_into_the_loop(number, entry, queue):
    """With the queue that the fallback would use, when the number names one."""
    assert steps(full_config(), "ccd-numbers", number) == [
        f"MSet(CCD_ENTRY={entry},CCD_QUEUE={queue},CCD_BACK=)",
        "Goto(ccd-loop,enter,1)",
    ]


@pytest.mark.parametrize(
    ("context", "exten", "entry", "back"),
    [
        ("ccd-queue", "sales", "queue/sales", "yes"),
        ("ccd-flow", "main", "flow/main", "yes"),
        ("ccd-custom", "sales", "queue/sales", ""),
        ("ccd-custom-flow", "main", "flow/main", ""),
    ],
)
def test_other_dialplans_have_entries(context, exten, entry, back):
    """Only who came by Gosub goes back; who came by Goto has nowhere to go back to."""
    assert f"CCD_ENTRY={entry}," in steps(full_config(), context, exten)[0]
    assert f"CCD_BACK={back})" in steps(full_config(), context, exten)[0]


@pytest.mark.parametrize("name", ["s", "h", "i", "t", "T".lower(), "_x", "__"])
def test_a_queue_named_like_a_special_extension_hides_none(name):
    """Asterisk calls `h` and `i` by itself, `_` begins a pattern: such queues are reached by the argument."""
    contexts = parse(extensions_conf(given_config(queues={name: {}})))
    assert set(contexts["ccd-queue"].extens) == {"s"}
    assert contexts["ccd-custom"].extens == {}


def test_names_from_other_dialplans_are_filtered():
    """Whatever is given to Gosub, ccd is asked for a name."""
    for context in ("ccd-queue", "ccd-flow"):
        assert "${FILTER(a-z0-9_\\x2d,${ARG1})}" in steps(full_config(), context, "s")[0]


def test_unknown_numbers_are_looked_up_last():
    """A pattern in the context itself would win over the numbers that it includes."""
    inbound = parse(extensions_conf(full_config()))["ccd-inbound"]
    assert (inbound.includes, inbound.extens) == (["ccd-numbers", "ccd-unknown"], {})


def test_emergencies_are_looked_up_first_and_denied_numbers_before_allowed_ones():
    """Asterisk takes the first included context with a match, and in one context the most exact pattern."""
    contexts = parse(extensions_conf(full_config()))
    outside = ["ccd-emergency", "ccd-denied", "ccd-outside", "ccd-unlisted"]
    assert contexts["ccd-phones"].includes == ["ccd-numbers", "ccd-coded", *outside]
    assert contexts["ccd-coded-number"].includes == outside
    permits = {context: [steps[0] for steps in contexts[context].extens.values()] for context in outside}
    assert permits == {
        "ccd-emergency": ["Set(CCD_PERMIT=always)"],
        "ccd-denied": ["Set(CCD_PERMIT=no)"],
        "ccd-outside": ["Set(CCD_PERMIT=yes)"] * 2,
        "ccd-unlisted": ["Set(CCD_PERMIT=no)"],
    }
    for context in outside:
        assert all(steps[-1] == "Goto(ccd-checked,${EXTEN},1)" for steps in contexts[context].extens.values())


def test_without_a_policy_numbers_outside_are_left_to_others():
    """A PBX that includes our context keeps its own routes; ccd answers only for what it is to decide."""
    contexts = parse(extensions_conf(given_config(outbound={"deny": ["00."]})))
    assert contexts["ccd-unlisted"].extens == {}
    contexts = parse(extensions_conf(given_config(outbound={"rules": [{"countries": ["HK"]}]})))
    assert list(contexts["ccd-unlisted"].extens) == ["_[+0-9]!"]


def test_outside_numbers_hold_digits_only():
    """`.` and `!` match anything that a phone can send: the length must survive the filter."""
    check, way, onward = steps(full_config(), "ccd-checked", "_[+0-9]!")
    assert check.startswith("GotoIf($[${LEN(${FILTER(+0-9,${EXTEN})})} != ${LEN(${EXTEN})} |")
    assert check.endswith("> 20]?ccd-refused,s,1)")
    assert (way, onward) == ("Set(CCD_WAY=out)", "Goto(ccd-out,${EXTEN},1)")


def test_outside_numbers_are_dialled_as_configured_while_ccd_is_missing():
    """The place of the number is marked in the configuration; the caller id is set on the outgoing leg."""
    outbound = {"allow": ["0."], "caller_id": "01088886666", "ring_s": 90}
    config = given_config(asterisk={"outside_dial": "SIP/provider-a/9{number}"}, outbound=outbound)
    lost = steps(config, "ccd-out", "_[+0-9]!")
    assert "MSet(CCD_DIAL=SIP/provider-a/9${CCD_NUMBER},CCD_RING=90,CCD_OPTIONS=f(01088886666))" in lost
    assert 'GotoIf($["${CCD_PERMIT}" = "no"]?refused)' in lost
    config = given_config(outbound=outbound | {"without_ccd": "refuse"})
    assert 'GotoIf($["${CCD_PERMIT}" != "always"]?refused)' in steps(config, "ccd-out", "_[+0-9]!")


def test_a_queues_code_goes_in_front_of_a_number():
    """It is cut off, and what is left is looked up like any other number."""
    config = full_config(outbound={"queue_codes": {"*71": "sales"}})
    first, second = steps(config, "ccd-coded", "_*71[+0-9]!")
    assert first == "Set(CCD_FOR=sales)"
    assert second == "Goto(ccd-coded-number,${FILTER(+0-9,${EXTEN:3})},1)"


def test_phones_call_each_other_without_ccd():
    """No policy is asked about a phone of ours, whatever it says of the outside; lamps show who is busy."""
    config = full_config(outbound=OUTBOUND | {"without_ccd": "refuse"})
    phones = parse(extensions_conf(config))["ccd-phones"]
    assert phones.extens["1002"] == ["MSet(CCD_WAY=within,CCD_PERMIT=always)", "Goto(ccd-out,${EXTEN},1)"]
    assert phones.hints["1002"] == "PJSIP/1002"
    out = steps(config, "ccd-out", "_[+0-9]!")
    within = "MSet(CCD_DIAL=PJSIP/${CCD_NUMBER},CCD_RING=60,CCD_OPTIONS=)"
    assert f'ExecIf($["${{CCD_WAY}}" = "within"]?{within})' in out


def test_feature_codes_carry_digits_that_follow_them():
    """*13 asks for the reason, *131 gives it; what is no digit is filtered out."""
    phones = parse(extensions_conf(full_config(feature_codes={"pause": "*78"})))["ccd-phones"]
    assert phones.extens["*78"] == ["Gosub(ccd-feature,s,1(pause,))"]
    assert phones.extens["_*78[0-9*#]!"] == ["Gosub(ccd-feature,s,1(pause,${FILTER(0-9*#,${EXTEN:3})}))"]


def test_the_phone_is_known_by_its_registration():
    """Caller id authenticates nobody."""
    assert "${CHANNEL(endpoint)}" in steps(full_config(), "ccd-feature", "s")[1]


@pytest.mark.parametrize(
    ("asterisk", "expected"),
    [({}, "sales"), ({"fallback_queue": "support"}, "support")],
)
def test_callers_of_a_flow_fall_back_to_a_queue(asterisk, expected):
    """To the one that is named, else to the first."""
    native = steps(full_config(asterisk=asterisk), "ccd-loop", "native")
    assert native[0] == f'ExecIf($["${{CCD_QUEUE}}" = ""]?Set(CCD_QUEUE={expected}))'


@pytest.mark.parametrize(
    ("more", "closing"),
    [
        ({}, "Playback(en/vm-nobodyavail)"),
        ({"language": "zh"}, "Playback(/var/lib/ccd/sounds/zh/nobody-available)"),
        ({"language": "zh", "prompts": {"asterisk_directory": "/s"}}, "Playback(/s/zh/nobody-available)"),
        ({"asterisk": {"fallback_prompt": "vm-goodbye"}}, "Playback(vm-goodbye)"),
        ({"asterisk": {"fallback_voicemail": "100@default"}}, "VoiceMail(100@default,u)"),
    ],
)
def test_the_last_word_is_a_prompt_or_voicemail(more, closing):
    """Callers whom nobody could serve are told so."""
    assert steps(full_config(**more), "ccd-loop", "close")[0] == closing


def test_a_second_ccd_is_asked_before_asterisks_own_queue():
    """And from then on it has the caller: every further question goes to it."""
    config = full_config(asterisk={"agi": {"second": "192.0.2.2:4574"}})
    contexts = parse(extensions_conf(config))
    loop = contexts["ccd-loop"].extens
    assert "CCD_AT=127.0.0.1:4573" in loop["enter"][4]
    assert loop["ask"][2].startswith("AGI(agi://${CCD_AT}/next,")
    assert loop["fallback"] == [
        'GotoIf($["${CCD_AT}" = "192.0.2.2:4574"]?native,1)',
        "MSet(CCD_AT=192.0.2.2:4574,CCD_LOST=)",
        "Goto(again,1)",
    ]
    assert all(exists(contexts, target) for target in jumps(contexts))


NAMES = st.text("abhist_-19", min_size=1, max_size=6)


@given(
    st.sets(NAMES, max_size=4), st.sets(NAMES, max_size=3), st.sets(st.text("0123", min_size=1, max_size=4))
)
def test_any_configuration_renders_to_a_dialplan_that_holds_together(queues, flows, numbers):
    """No extension twice in a context, no jump into nothing."""
    target = {"queue": min(queues)} if queues else {"flow": "main"}
    config = given_config(
        queues={name: {} for name in queues},
        flows=dict.fromkeys(flows | {"main"}, FLOW),
        numbers=dict.fromkeys(numbers, target),
    )
    contexts = parse(extensions_conf(config))
    assert all(exists(contexts, target) for target in jumps(contexts))


def test_lamps_are_hints_for_agents_and_queues():
    """Agents by a pattern, since they are in the database; queues by their numbers and by name."""
    config = full_config(lamps={"agents": "*5", "queues": "*6"})
    text = extensions_conf(config)
    assert "exten => _*5[0-9]!,hint,Custom:ccd-agent-${EXTEN:2}" in text
    assert "exten => *6sales,hint,Custom:ccd-queue-sales" in text
    assert "Custom:ccd-" not in extensions_conf(full_config())


def test_without_keys_nobody_transfers():
    """No option of Dial, no features on the channel, no file."""
    none = {"talk": dict.fromkeys(("transfer", "consult", "survey", "pause_recording", "record"))}
    config = full_config(call_keys=none)
    assert "FEATUREMAP" not in extensions_conf(config)
    assert "gim(${CCD_MUSIC})t" not in steps(config, "ccd-loop", "go_dial")[1]
    assert "features_ccd.conf" not in render(config)


def test_numbers_that_obey_the_blacklist_ask_before_they_answer():
    """The dialplan answers the others, all where nobody is refused, and those for whom ccd is lost."""
    numbers = {"4000": {"queue": "sales"}, "4001": {"queue": "sales", "blacklist": False}}
    config = given_config(queues={"sales": {}}, numbers=numbers, lists={"bad": {}}, blacklist={"list": "bad"})
    asks = {number: "unanswered" in steps(config, "ccd-numbers", number)[0] for number in numbers}
    assert asks == {"4000": True, "4001": False}
    enter = steps(config, "ccd-loop", "enter")
    assert enter[enter.index("Answer(,i)") - 1] == 'GotoIf($["${CCD_STEP}" = "unanswered"]?ask,agi)'
    for lost in ("go_", "T"):
        found = steps(config, "ccd-loop", lost)
        assert found.index("Answer(,i)") < found.index("StartMusicOnHold(${CCD_MUSIC})")
    assert "unanswered" not in "".join(steps(full_config(), "ccd-numbers", "4000"))


MODULE_OF = {
    "AGI": "res_agi", "CALLERID": "func_callerid", "CHANNEL": "func_channel",
    "CONNECTEDLINE": "func_callerid", "CUT": "func_cut", "ChanSpy": "app_chanspy",
    "DIALPLAN_EXISTS": "func_dialplan", "Dial": "app_dial", "ExecIf": "app_exec", "FILTER": "func_strings",
    "Gosub": "app_stack", "LEN": "func_strings", "Log": "app_verbose", "MixMonitor": "app_mixmonitor",
    "MusicOnHold": "res_musiconhold", "PJSIP_HEADER": "res_pjsip_header_funcs",
    "PickupChan": "app_directed_pickup", "Playback": "app_playback", "Queue": "app_queue",
    "Return": "app_stack", "SoftHangup": "app_softhangup", "StartMusicOnHold": "res_musiconhold",
    "StopMixMonitor": "app_mixmonitor", "STRFTIME": "func_strings",
    "TIMEOUT": "func_timeout", "VOLUME": "func_volume",
}  # fmt: skip
CORE = {"Answer", "Bridge", "Congestion", "FEATURE", "FEATUREMAP", "Goto", "GotoIf", "Hangup", "MSet"}
CORE |= {"Busy", "Progress", "Ringing", "Set", "Wait"}


def test_the_doctor_asks_for_every_module_that_the_dialplan_uses():
    """An application or a function is Asterisk's core, or of a module whose absence is told."""
    text = extensions_conf(full_config())
    used = set(re.findall(r"\$\{([A-Z_]+)\(", text)) | set(re.findall(r"Set\(_*([A-Z_]+)\(", text))
    for context in parse(text).values():
        used |= {step.partition("(")[0] for steps in context.extens.values() for step in steps}
    used |= set(re.findall(r"ExecIf\([^?]+\?([A-Za-z]+)\(", text))
    assert used - CORE <= MODULE_OF.keys()
    assert {MODULE_OF[name] for name in used - CORE} <= set(MODULES)
