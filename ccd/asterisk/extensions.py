"""The dialplan, extensions_ccd.conf: its loop is in the template, its entries are the configuration's."""

from collections.abc import Iterable, Mapping

from ccd.asterisk.call_keys import channel_settings
from ccd.asterisk.template import fill
from ccd.config import Config
from ccd.config.phones import Phone
from ccd.config.queues import Number

LEASE_S = 30
"""How long a caller is left to a ccd that says nothing; ccd renews it while it holds the caller."""
TARGET_S = 3
"""How long a consultation waits for ccd to say which phone an agent is at."""
LEASE_SLACK_S = 5
SPECIAL_EXTENSIONS = frozenset("aehiostT")
"""Names that Asterisk keeps for itself; such a queue is reached by `Gosub(ccd-queue,s,1(NAME))`."""


def extensions_conf(config: Config) -> str:
    """Render the dialplan."""
    asterisk = config.asterisk
    primary = f"{asterisk.agi.host}:{asterisk.agi.port}"
    second = asterisk.agi.second
    return fill(
        "extensions_ccd.conf",
        music=asterisk.music,
        lease_s=LEASE_S,
        lease_over_s=LEASE_S + LEASE_SLACK_S,
        agi=primary,
        next_agi="${CCD_AT}" if second else primary,
        at=f"CCD_AT={primary}," if second else "",
        fallback=_fallback(second),
        fallback_after_s=f"{asterisk.fallback_after_s:g}",
        fallback_queue=asterisk.fallback_queue or next(iter(config.queues), ""),
        fallback_wait_s=f"{asterisk.fallback_wait_s:g}",
        closing=_closing(config),
        queue_entries=_entries("queue", config.queues, back=True),
        flow_entries=_entries("flow", config.flows, back=True),
        custom_queue_entries=_entries("queue", config.queues, back=False),
        custom_flow_entries=_entries("flow", config.flows, back=False),
        numbers=_numbers(config),
        phones=_phones(config.phones),
        features=_features(config),
        lamps=_lamps(config),
        call_keys=_with_comma(channel_settings(config)),
        transferring=config.call_keys.dial_option,
        survey_key=config.call_keys.talk.survey or "ccd-no-survey",
        target_s=TARGET_S,
        phone_ring_s=f"{asterisk.phone_ring_s:g}",
        reachable=_reachable(config.phones, f"{asterisk.phone_ring_s:g}"),
        **_outside(config),
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _fallback(second: str | None) -> str:
    if second is None:
        return "exten => fallback,1,Goto(native,1)"
    return (
        "; A second ccd is asked first; from then on it has the caller.\n"
        f'exten => fallback,1,GotoIf($["${{CCD_AT}}" = "{second}"]?native,1)\n'
        f" same => n,MSet(CCD_AT={second},CCD_LOST=)\n"
        " same => n,Goto(again,1)"
    )


def _closing(config: Config) -> str:
    if config.asterisk.fallback_voicemail:
        return f"VoiceMail({config.asterisk.fallback_voicemail},u)"
    prompts = config.prompts.asterisk_directory or config.prompts.directory
    ours = f"{prompts}/zh/nobody-available" if config.language == "zh" else "en/vm-nobodyavail"
    return f"Playback({config.asterisk.fallback_prompt or ours})"


def _entry(exten: str, entry: str, queue: str, *, back: bool, screened: bool = False) -> Iterable[str]:
    screen = ",CCD_SCREEN=unanswered" if screened else ""
    here = f"CCD_ENTRY={entry},CCD_QUEUE={queue},CCD_BACK={'yes' if back else ''}{screen}"
    yield f"exten => {exten},1,MSet({here})"
    yield " same => n,Goto(ccd-loop,enter,1)"


def _entries(kind: str, names: Iterable[str], *, back: bool) -> str:
    return _lines(
        line
        for name in names
        if name not in SPECIAL_EXTENSIONS and not name.startswith("_")
        for line in _entry(name, f"{kind}/{name}", name if kind == "queue" else "", back=back)
    )


def _native(target: Number) -> str:
    """Name Asterisk's own queue that has the callers of a number while ccd is missing; empty: the default."""
    fallback = target.fallback
    return target.queue or (fallback.queue if fallback is not None else None) or ""


def _numbers(config: Config) -> str:
    refuses = config.blacklist.list is not None
    return _lines(
        line
        for number, target in config.numbers.items()
        for line in _entry(
            number,
            f"number/{number}",
            _native(target),
            back=False,
            screened=refuses and target.blacklist,
        )
    )


def _phones(phones: Iterable[Phone]) -> str:
    return _lines(
        line
        for phone in phones
        for line in (
            f"exten => {phone.extension},hint,PJSIP/{phone.extension}",
            f"exten => {phone.extension},1,MSet(CCD_WAY=within,CCD_PERMIT=always)",
            " same => n,Goto(ccd-out,${EXTEN},1)",
        )
    )


def _with_comma(text: str) -> str:
    return f",{text}" if text else ""


def _reachable(phones: Iterable[Phone], ring_s: str) -> str:
    """Give the phones, for consultations and for the time without ccd."""
    return _lines(
        line
        for phone in phones
        for line in (
            f"exten => {phone.extension},1,Dial(PJSIP/{phone.extension},{ring_s},i)",
            " same => n,Hangup()",
        )
    )


def _features(config: Config) -> str:
    codes: Mapping[str, str] = dict(config.feature_codes)
    return _lines(
        line
        for feature, code in codes.items()
        for line in (
            f"exten => {code},1,Gosub(ccd-feature,s,1({feature},))",
            f"exten => _{code}[0-9*#]!,1,Gosub(ccd-feature,s,1({feature},{_digits_after(code)}))",
        )
    )


def _lamps(config: Config) -> str:
    """Give the extensions to which phones subscribe; dialled, they call whom the lamp is about."""
    agents, queues = config.lamps.agents, config.lamps.queues
    lines: list[str] = []
    if agents is not None:
        number = f"${{EXTEN:{len(agents)}}}"
        lines += [
            f"exten => _{agents}[0-9]!,hint,Custom:ccd-agent-{number}",
            f"exten => _{agents}[0-9]!,1,Goto(ccd-transfer,{number},1)",
        ]
    if queues is not None:
        for number, target in config.numbers.items():
            if target.queue is not None:
                lines += [
                    f"exten => {queues}{number},hint,Custom:ccd-queue-{target.queue}",
                    f"exten => {queues}{number},1,Goto(ccd-numbers,{number},1)",
                ]
        lines += [f"exten => {queues}{name},hint,Custom:ccd-queue-{name}" for name in config.queues]
    boxes = config.lamps.mailboxes
    if boxes is not None:
        for name in config.voicemail.mailboxes:
            lines += [
                f"exten => {boxes}{name},hint,Custom:ccd-mailbox-{name}",
                f"exten => {boxes}{name},1,Gosub(ccd-feature,s,1(voicemail,))",
            ]
    return _lines(lines)


def _digits_after(code: str) -> str:
    return f"${{FILTER(0-9*#,${{EXTEN:{len(code)}}})}}"


def _outside(config: Config) -> Mapping[str, str]:
    """Give what the dialplan knows of the outbound policy."""
    outbound = config.outbound
    refused = '"${CCD_PERMIT}" != "always"' if outbound.without_ccd == "refuse" else '"${CCD_PERMIT}" = "no"'
    return {
        "queue_codes": _queue_codes(outbound.queue_codes),
        "emergency": _permitted(outbound.emergency, "always"),
        "denied": _permitted(outbound.deny, "no"),
        "allowed": _permitted(outbound.allow, "yes"),
        # Without a policy numbers outside are somebody else's: a PBX's routes may stand behind this context.
        "unlisted": _permitted(("[+0-9]!",) if outbound.allow or outbound.rules else (), "no"),
        "max_digits": str(outbound.max_digits),
        "ask_s": f"{outbound.ask_s:g}",
        "refused_without_ccd": refused,
        "outside_dial": config.asterisk.outside_dial.replace("{number}", "${CCD_NUMBER}"),
        "outside_ring_s": f"{outbound.ring_s:g}",
        "outside_options": f"f({outbound.caller_id})" if outbound.caller_id else "",
    }


def _permitted(patterns: Iterable[str], permit: str) -> str:
    return _lines(
        line
        for pattern in patterns
        for line in (
            f"exten => _{pattern},1,Set(CCD_PERMIT={permit})",
            " same => n,Goto(ccd-checked,${EXTEN},1)",
        )
    )


def _queue_codes(codes: Mapping[str, str]) -> str:
    """Give the codes in front of numbers; with the code gone the number is looked up like any other."""
    lines = _lines(
        line
        for code, queue in codes.items()
        for line in (
            f"exten => _{code}[+0-9]!,1,Set(CCD_FOR={queue})",
            f" same => n,Goto(ccd-coded-number,${{FILTER(+0-9,${{EXTEN:{len(code)}}})}},1)",
        )
    )
    includes = _lines(f"include => ccd-{each}" for each in ("emergency", "denied", "outside", "unlisted"))
    return f"[ccd-coded]\n{lines}\n[ccd-coded-number]\n{includes}"
