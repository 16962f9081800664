"""What an agent sees and hears when a caller is offered: set on the caller's channel for the dialplan's Dial.

Dial's option `b` runs `ccd-offer` on each phone's channel before it rings, `U` runs `ccd-whisper` on the
channel of whoever answers, before the two are connected. Both read variables that the phone's channel
inherits (`_CCD_…`). Queues that want neither pay for neither.
"""

from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.commands import OfferCall
from ccd.config.flow_values import fill
from ccd.config.offering import Whisper
from ccd.config.queues import Queue
from ccd.ivr import say

OPTIONS = "CCD_OFFER"
MAX_SHOWN = 80


def variables(house: House, call: LiveCall, offer: OfferCall) -> dict[str, str]:
    """Give what is to be set for an offer; the options always: else those of the last one would stay."""
    queue = house.config.queues.get(offer.queue)
    if queue is None:
        return {OPTIONS: ""}
    options = ""
    told: dict[str, str] = {}
    if queue.display or queue.alert_info or queue.send_call_id:
        options += "b(ccd-offer^s^1)"
        told |= {
            "_CCD_SHOWN": _shown(house, call, offer, queue),
            "_CCD_ALERT": queue.alert_info or "",
            "_CCD_CALL": call.call_id if queue.send_call_id else "",
        }
    if queue.whisper is not None:
        options += "U(ccd-whisper)"
        told["_CCD_WHISPER"] = _words(house, call, queue.whisper)
    return {**told, OPTIONS: options}


def _shown(house: House, call: LiveCall, offer: OfferCall, queue: Queue) -> str:
    if not queue.display:
        return ""
    known = {
        **call.caller.known(),
        "queue": queue.labels.text(house.config.language) or offer.queue,
        "number": call.caller.number,
        "name": call.caller_name,
    }
    text = " ".join(fill(queue.display, known).split())
    return "".join(each for each in text if each.isprintable())[:MAX_SHOWN]


def _words(house: House, call: LiveCall, whisper: Whisper) -> str:
    """Give the sounds of the whisper as `Playback` wants them."""
    language = house.config.language
    prompts = list(whisper.prompt)
    waited_s = 0.0 if call.joined_at is None else house.clock.now() - call.joined_at
    if whisper.wait and waited_s >= 60:
        prompts += ["whisper-waited", *say.duration(60 * int(waited_s / 60), language)]
    return "&".join(
        sound.path for prompt in prompts for sound in house.design.catalogue.sounds(prompt, language)
    )
