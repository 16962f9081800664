"""The survey (满意度): a question, one digit, thanks. What was pressed is kept even if the caller is gone."""

from ccd.config.surveys import Survey
from ccd.history import SurveyEnded, SurveyOffered
from ccd.ivr.talk import Talk


async def ask(name: str, survey: Survey, talk: Talk) -> str:
    """Ask for a rating about the caller's last queue and agent; give the digit, empty without a valid one.

    Exactly one SurveyEnded follows SurveyOffered, before the thanks and even when the caller is gone.
    """
    caller, host = talk.caller, talk.host
    call_id, queue, agent = caller.call_id, caller.queue, caller.agent
    host.note(SurveyOffered(call_id=call_id, at=host.now(), survey=name, queue=queue, agent=agent))
    digit = label = ""
    try:
        digit = await _answer(survey, talk)
        label = survey.digits[digit].text(caller.language) if digit else ""
    finally:
        ended = SurveyEnded(
            call_id=call_id, at=host.now(), survey=name, queue=queue, agent=agent, digit=digit, label=label
        )
        host.note(ended)
    if digit and survey.thanks:
        await talk.say([survey.thanks])
    return digit


async def _answer(survey: Survey, talk: Talk) -> str:
    """Give the first valid digit within the tries; a key pressed before the question is none."""
    talk.forget_early_key()
    for left in reversed(range(survey.tries)):
        await talk.say(survey.prompt)
        key = await talk.key(survey.timeout_s)
        if key in survey.digits:
            return key
        if key and left and survey.invalid:
            await talk.say([survey.invalid])
    return ""
