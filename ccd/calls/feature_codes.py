"""What an agent does from the phone: sign in and out, break, ready, end the wrap-up.

The dialplan of the phones calls `agi://…/feature,CODE,EXTENSION`; EXTENSION is the registered endpoint, never
the caller id, which authenticates nobody.
"""

import structlog

from ccd.agi.session import Session
from ccd.calls.house import House
from ccd.calls.roster import Roster
from ccd.calls.voice import SessionVoice
from ccd.errors import AgiHangupError, CcdError, NotFoundError, RefusedError
from ccd.model import Extension
from ccd.storage.accounts import PinCheck

log = structlog.get_logger(__name__)

TRIES = 3
FIRST_DIGIT_S = 8.0
NEXT_DIGIT_S = 4.0
MAX_DIGITS = 20
DIGITS = "0123456789"


class FeatureCode:
    """Answers `agi://…/feature` for every phone."""

    def __init__(self, house: House, roster: Roster) -> None:
        self._house = house
        self._roster = roster

    async def __call__(self, session: Session) -> None:
        """Carry out one code; what went wrong is said to the agent, in words."""
        code, extension = (*session.request.args, "", "")[:2]
        talk = _Talk(self._house, session)
        try:
            await session.answer()
            await self._carry_out(code, Extension(extension), talk)
        except AgiHangupError:
            return
        except NotFoundError as problem:
            log.info("feature code refused", code=code, extension=extension, reason=str(problem))
            await talk.say("agent-not-signed-in")
        except RefusedError as problem:
            log.info("feature code refused", code=code, extension=extension, reason=str(problem))
            await talk.say("agent-no-wrap-up" if code == "wrap_up_done" else "not-allowed")
        except CcdError as problem:
            log.warning("feature code failed", code=code, extension=extension, reason=str(problem))
            await talk.say("agent-failed")

    async def _carry_out(self, code: str, extension: Extension, talk: "_Talk") -> None:
        roster = self._roster
        match code:
            case "sign_in":
                await self._sign_in(extension, talk)
            case "sign_out":
                roster.sign_out(roster.on_phone(extension))
                await talk.say("agent-signed-out")
            case "pause":
                agent = roster.on_phone(extension)
                roster.pause(agent, await self._ask_reason(talk))
                await talk.say("agent-paused")
            case "ready":
                roster.ready(roster.on_phone(extension))
                await talk.say("agent-ready")
            case "wrap_up_done":
                roster.wrap_up_done(roster.on_phone(extension))
                await talk.say("agent-ready")
            case _:
                raise RefusedError(f"no such feature code: {code!r}")

    async def _sign_in(self, extension: Extension, talk: "_Talk") -> None:
        for _ in range(TRIES):
            number = await talk.ask("agent-enter-number")
            pin = await talk.ask("agent-enter-pin")
            match await self._roster.check_pin(number, pin):
                case PinCheck.OK:
                    self._roster.sign_in(number, extension)
                    await talk.say("agent-signed-in")
                    return
                case PinCheck.LOCKED:
                    await talk.say("agent-locked")
                    return
                case PinCheck.WRONG:
                    await talk.say("agent-wrong-pin")
        log.warning("sign-in refused", extension=extension, tries=TRIES)

    async def _ask_reason(self, talk: "_Talk") -> str:
        """Ask for the reason's digit; none or an unknown one is a break without a reason."""
        reasons = self._house.config.break_reasons
        if not reasons:
            return ""
        digit = await talk.ask("agent-pause-reason", length=1)
        reason = reasons.get(digit)
        return reason.code if reason is not None else ""


class _Talk:
    """Prompts and digits with an agent on the phone."""

    def __init__(self, house: House, session: Session) -> None:
        self._catalogue = house.design.catalogue
        self._language = house.config.language
        self._voice = SessionVoice(session)

    async def say(self, prompt: str) -> None:
        """Play a prompt to its end."""
        await self._voice.play(self._catalogue.sounds(prompt, self._language))

    async def ask(self, prompt: str, length: int = MAX_DIGITS) -> str:
        """Ask for digits, ended by `#`, a pause, or `length` of them."""
        digits = await self._voice.play(self._catalogue.sounds(prompt, self._language), DIGITS + "#")
        while len(digits) < length and not digits.endswith("#"):
            digit = await self._voice.wait_digit(NEXT_DIGIT_S if digits else FIRST_DIGIT_S)
            if not digit:
                break
            digits += digit
        return digits.removesuffix("#")
