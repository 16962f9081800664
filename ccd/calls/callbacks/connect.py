"""The customer is on the line: greeted, asked whether they are a person, and given to the agent who waits."""

from collections.abc import Sequence

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.callbacks.attempt import Leg
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.commands import OfferCall
from ccd.events import LegEnded
from ccd.model import DialStatus, Sound

ENTRY = "callback"
"""`CCD_ENTRY` of a customer whom we dialled: `callback/17/2`, the promise and the try."""
ENTRY_REACHED = "called-back"
"""The same, once they were reached."""
PRESS_TRIES = 3
PRESS_S = 5.0


def entry_of(call: LiveCall, *, reached: bool) -> str:
    """Write what the channel is to say of a callback, for a process that comes after us."""
    if (made := call.callback) is None:
        raise ValueError(f"call {call.call_id} is no callback")
    return f"{ENTRY_REACHED if reached else ENTRY}/{made.promise}/{made.attempt}"


class Connect:
    """What is said and done with a customer who has answered."""

    def __init__(self, house: House, call: LiveCall, session: Session) -> None:
        self._house = house
        self._call = call
        self._session = session
        self._voice = SessionVoice(session)

    async def greet(self) -> None:
        """Say who calls, where nobody waits on the line to say so."""
        await self._voice.play(self._sounds("callback-hello"))

    async def is_a_person(self) -> bool:
        """Say who calls, and ask for a key: an answering machine presses none."""
        sounds = [*self._sounds("callback-hello"), *self._sounds("callback-press")]
        for _ in range(PRESS_TRIES):
            if await self._voice.play(sounds, "1") or await self._voice.wait_digit(PRESS_S) == "1":
                return True
            sounds = list(self._sounds("callback-press"))
        return False

    async def give_up(self) -> None:
        """Let the dialplan hang up."""
        await self._session.set_variables({"CCD_NEXT": "hangup"})

    async def mark_reached(self) -> None:
        """Write on the channel that the promise is kept: from here on they are a caller like any other."""
        await self._session.set_variables({"CCD_ENTRY": entry_of(self._call, reached=True)})

    async def join(self, offer: OfferCall, leg: Leg) -> None:
        """Have the dialplan bridge the customer with the agent who waits."""
        house, call = self._house, self._call
        call.recording = house.recording_path(call, offer)
        call.handed_at = call.talking_since = house.clock.now()
        call.offer_id, call.offered_to = offer.offer_id, leg.agent
        await self._session.set_variables(
            {
                "CCD_ENTRY": entry_of(call, reached=True),
                "CCD_RECORD": house.asterisk_path(call.recording),
                "CCD_QUEUE": offer.queue,
                "CCD_STATE": call.token(house.epoch).encode(),
                "CCD_DIAL": leg.device,
                "CCD_PEER": leg.name,
                "CCD_NEXT": "bridge",
            }
        )
        house.dispatcher.feed(
            LegEnded(caller=call.channel, leg=leg.channel, device=leg.device, status=DialStatus.ANSWER)
        )

    def _sounds(self, prompt: str) -> Sequence[Sound]:
        return self._house.design.catalogue.sounds(prompt, self._call.caller.language)
