"""What a caller hears about being recorded, before anything of them could be: once a call."""

from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.config.recordings import Consent as Rules
from ccd.config.recordings import Record
from ccd.history import ConsentTaken
from ccd.model import Consent, QueueName

AGREE, DECLINE = "1", "2"


async def settle_consent(house: House, call: LiveCall, queue: QueueName, voice: SessionVoice) -> None:
    """Tell or ask the caller, where the queue records and wants it, unless that is done already."""
    settings = house.config.queues[queue]
    rules, caller = settings.consent, call.caller
    if rules is None or settings.record is Record.NEVER or caller.consent is not None:
        return
    began_at = house.clock.now()
    hear = _ask if rules.ask else _tell
    caller.consent = await hear(house, call, rules, voice)
    house.scribe.note(
        ConsentTaken(call_id=call.call_id, at=house.clock.now(), began_at=began_at, consent=caller.consent)
    )


async def _tell(house: House, call: LiveCall, rules: Rules, voice: SessionVoice) -> Consent:
    """Say it to the end: nothing is recorded of who has not heard it."""
    await voice.play(house.design.sounds(rules.prompts, call.caller.language))
    return Consent.TOLD


async def _ask(house: House, call: LiveCall, rules: Rules, voice: SessionVoice) -> Consent:
    sounds = house.design.sounds(rules.prompts, call.caller.language)
    for _ in range(rules.tries):
        key = await voice.play(sounds, AGREE + DECLINE) or await voice.wait_digit(rules.timeout_s)
        if key == AGREE:
            if rules.thanks is not None:
                await voice.play(house.design.sounds((rules.thanks,), call.caller.language))
            return Consent.AGREED
        if key == DECLINE:
            return Consent.REFUSED
    return Consent.AGREED if rules.unanswered == "agree" else Consent.REFUSED
