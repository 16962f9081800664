"""The callback node: which number, is it right, and the promise, which is given before it is told."""

from ccd.config.callbacks import Callback
from ccd.config.flows import AskCallback
from ccd.ivr import say
from ccd.ivr.ports import Promise
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk

TRIES = 3
ANSWER_S = 6.0
NEXT_DIGIT_S = 4.0
MAX_DIGITS = 20


async def callback(node: AskCallback, talk: Talk) -> Step:
    """Agree on a number and promise to call it back."""
    terms = talk.host.callback_terms(node.callback)
    number = None if terms is None else await _agree(terms, node.callback, talk)
    promise = Promise.REFUSED
    if number is not None:
        promise = await talk.host.promise_callback(node.callback, number)
    talk.forget_early_key()
    match promise:
        case Promise.GIVEN:
            await talk.say(["callback-promised"], barge_in=False)
        case Promise.GIVEN_BEFORE:
            await talk.say(["callback-already"], barge_in=False)
        case Promise.REFUSED:
            if node.on_refused is None:
                await talk.say(["callback-refused"], barge_in=False)
            return Step(promise, node.on_refused)
    return Step(promise, node.next)


async def _agree(terms: Callback, queue: str, talk: Talk) -> str | None:
    """Give the number to call; None: there is none."""
    number = talk.caller.number
    if not terms.confirm and talk.host.may_call_back(queue, number):
        return number
    for _ in range(TRIES):
        if talk.host.may_call_back(queue, number):
            key = await _is_right(number, talk, other=terms.allow_other_number)
            if key == "1":
                return number
            if key != "2":
                continue
        elif number != talk.caller.number:
            await talk.say(["callback-impossible"])
        if not terms.allow_other_number:
            return None
        number = await _another(talk)
    return None


async def _is_right(number: str, talk: Talk, *, other: bool) -> str:
    """Say the number back, digit by digit; give the key."""
    said = say.digits(number, talk.caller.language)
    more = ["callback-other"] if other else []
    await talk.say(["callback-number", *said, "callback-right", *more])
    return await talk.key(ANSWER_S)


async def _another(talk: Talk) -> str:
    """Take another number, ended by # or a pause."""
    await talk.say(["callback-enter"])
    digits = ""
    while len(digits) < MAX_DIGITS:
        key = await talk.key(NEXT_DIGIT_S if digits else ANSWER_S)
        if not key or key == "#":
            break
        digits = "" if key == "*" else digits + key
    return digits
