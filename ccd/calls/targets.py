"""Where a number leads to which a caller is sent, or who is consulted: agents, numbers, phones of ours.

A consultation has a channel of its own, which asks by `AGI(agi://…/target,NUMBER)`: an agent is where they
are signed in, which no dialplan knows. The answer is `CCD_NEXT`: `phone` with `CCD_DIAL`, or `other`: the
dialplan knows the way, by the numbers and the outbound policy.
"""

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.errors import RefusedError
from ccd.ivr.book import Straight, given_back
from ccd.ivr.ports import Place
from ccd.model import (
    AgentNumber,
    AgentStatus,
    Extension,
    QueueName,
    device_of,
    device_of_channel,
    extension_of,
    is_direct,
)

SURVEY = "survey"
"""Where the survey's key leads."""


def phone_of(house: House, number: str) -> Extension | None:
    """Give the phone that a number means: a signed-in agent's, else the extension itself; None: no phone.

    RefusedError: it is an agent's who is signed out, and no phone's.
    """
    engine = house.dispatcher.engine
    agent = engine.agent(AgentNumber(number))
    if agent is not None and agent.status is not AgentStatus.LOGGED_OUT and agent.extension is not None:
        return agent.extension
    if number in house.config.numbers:
        return None
    if is_phone(house, Extension(number)):
        return Extension(number)
    if agent is not None:
        raise RefusedError("agent {agent} is signed out", reason="agent_signed_out", agent=number)
    return None


def is_phone(house: House, extension: Extension) -> bool:
    """Whether a phone is ours: it is configured, or an agent is signed in on it."""
    configured = any(phone.extension == extension for phone in house.config.phones)
    return configured or house.dispatcher.engine.agent_on(extension) is not None


def place_of(house: House, number: str) -> Place | None:
    """Give the place where a call to a number begins; None: it is none of ours. Raises RefusedError."""
    phone = phone_of(house, number)
    if phone is not None:
        return Straight.DIAL.place(phone)
    if number in house.config.numbers:
        return house.design.entrance(f"number/{number}")
    return None


def onward(house: House, call: LiveCall, to: str) -> Place | None:
    """Give the place where an agent's key leads their caller; None: a number outside. Raises RefusedError.

    A phone that does not answer gives the caller back: to their queue, where they stand as they stood, or to
    the agent whom they had called.
    """
    if to == SURVEY:
        queue = house.config.queues.get(call.caller.queue or "")
        survey = (queue and queue.survey) or next(iter(house.config.surveys), None)
        if survey is None:
            raise RefusedError(
                "there is no survey to send a caller to: add one to `surveys`", reason="no_survey"
            )
        return Straight.SURVEY.place(survey)
    phone, line = phone_of(house, to), _line_of(house, call)
    if phone is not None and line is not None:
        return Straight.TRANSFER.place(f"{phone}@{line}")
    return place_of(house, to)


def back(house: House, call: LiveCall, number: str) -> Place | None:
    """Give the place of a caller whom an agent sent to a number where nobody took them; None: none."""
    line = _line_of(house, call)
    return None if line is None else given_back(number.replace("+", ""), line)


def _line_of(house: House, call: LiveCall) -> QueueName | None:
    """Give the queue, or the agent's line, to which a caller can go back; None: it is no more."""
    line = call.caller.queue
    return line if line is not None and (is_direct(line) or line in house.config.queues) else None


class Target:
    """Answers `agi://…/target` for consultations."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, session: Session) -> None:
        """Say which phone the number means, if it means one."""
        number = (*session.request.args, "")[0]
        by = extension_of(device_of_channel(await session.get_variable("TRANSFERERNAME") or ""))
        self._note(by, number)
        try:
            phone = phone_of(self._house, number)
        except RefusedError:
            await session.set_variables({"CCD_NEXT": "refused"})
            return
        if phone is None:
            await session.set_variables({"CCD_PHONE": by, "CCD_NEXT": "other"})
        else:
            await session.set_variables({"CCD_DIAL": device_of(phone), "CCD_NEXT": "phone"})

    def _note(self, by: Extension, number: str) -> None:
        """Remember whom an agent consults: Asterisk does not always name them at the end."""
        view = self._house.dispatcher.engine.agent_on(by)
        call = None if view is None or view.call_id is None else self._house.book.get(view.call_id)
        if call is not None:
            call.consulting = number
