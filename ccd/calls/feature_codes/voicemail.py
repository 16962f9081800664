"""Listening to messages (听留言): who may, what is new, and what a key does with each.

Keys count while a message is announced or played: 1 again, 2 next, 3 delete, 4 call back, 5 save, # end.
"""

import re
from zoneinfo import ZoneInfo

import structlog

from ccd.calls.feature_codes.desk import Desk
from ccd.calls.feature_codes.signing import identify
from ccd.calls.feature_codes.words import messages as how_many
from ccd.errors import NotFoundError
from ccd.ivr import say
from ccd.ivr.values import phone_groups
from ccd.model import AgentNumber, Sound
from ccd.records.voicemail import Message, MessageState
from ccd.storage.messages import MessageFilter

log = structlog.get_logger(__name__)

MOST = 100
"""Messages that are listened to in one call, of each sort."""
ROUNDS = 3
CHOICE_S = 6.0
_DIALLED = re.compile(r"\+?[0-9]{2,20}")


async def listen(desk: Desk) -> None:
    """Say how many messages are new, then each: the new ones first, then those that were heard before."""
    agent = await _who(desk)
    if agent is None:
        return
    talk, messages, config = desk.talk, desk.messages, desk.house.config
    boxes = messages.boxes_of(agent, [member.queue for member in desk.roster.find(agent).queues])
    if not boxes:
        await talk.say("voicemail-no-mailbox")
        return
    languages = {config.voicemail.mailboxes[box].language for box in boxes}
    talk.language = (languages.pop() if len(languages) == 1 else None) or talk.language
    count = sum((await messages.count_new(boxes)).values())
    await talk.say(*how_many(count, talk.language))
    for state, before in ((MessageState.NEW, ()), (MessageState.KEPT, ("voicemail-kept-follow",))):
        which = MessageFilter(mailboxes=boxes, states=frozenset({state}))
        found = await messages.list(which, limit=MOST, oldest_first=state is MessageState.NEW)
        if found and before:
            await talk.say(*before)
        for message in found:
            if not await _Listening(desk, agent, message).go_on():
                return
    await talk.say("voicemail-no-more")


async def _who(desk: Desk) -> AgentNumber | None:
    """Give the agent at this phone; where nobody is signed in, by number and PIN. None: nobody."""
    try:
        return desk.agent()
    except NotFoundError:
        return await identify(desk)


class _Listening:
    """One message being listened to."""

    def __init__(self, desk: Desk, agent: AgentNumber, message: Message) -> None:
        self._desk = desk
        self._agent = agent
        self._message = message

    async def go_on(self) -> bool:
        """Announce and play the message, do what the keys say; False: listening is over."""
        key = await self._play()
        silent = 0
        while silent < ROUNDS:
            match key:
                case "1":
                    key = await self._play()
                    continue
                case "2":
                    return True
                case "3":
                    await self._desk.messages.delete(self._message.id, self._agent)
                    await self._desk.talk.say("voicemail-deleted")
                    return True
                case "4":
                    if await self._call_back():
                        return False
                case "5":
                    await self._desk.messages.heard(self._message.id, self._agent)
                    await self._desk.talk.say("voicemail-kept")
                    return True
                case "#":
                    return False
            key = await self._desk.talk.hear(*self._desk.talk.sounds("voicemail-keys"), wait_s=CHOICE_S)
            silent = silent + 1 if not key else 0
        return False

    async def _play(self) -> str:
        """Say when and from whom it is, then play it; give the key that cut it short."""
        desk, message = self._desk, self._message
        try:
            await desk.messages.sound(message)
        except NotFoundError:
            log.warning("voicemail_sound_is_gone", message=message.id)
            return "2"
        announced = desk.talk.sounds(*self._announcement())
        spoken = Sound(path=desk.messages.asterisk_path(message), length_s=message.length_s)
        key = await desk.talk.hear(*announced)
        if not key:
            key = await desk.talk.hear(spoken)
            await desk.messages.heard(message.id, self._agent)
        return key

    def _announcement(self) -> tuple[str, ...]:
        message, language = self._message, self._desk.talk.language
        at = message.at.astimezone(ZoneInfo(self._desk.house.config.timezone))
        now = self._desk.house.clock.wall(self._desk.house.clock.now()).astimezone(at.tzinfo)
        number = say.phone(phone_groups(message.number), language)
        return (
            f"mailbox/{message.mailbox}",  # said where there is a sound for it
            "voicemail-received",
            *say.moment(say.near_day(at.date(), now.date(), language), at, language),
            *(("voicemail-from", *number) if number else ("voicemail-from-unknown",)),
        )

    async def _call_back(self) -> bool:
        """Have the dialplan call the message's number, by its rules for this phone."""
        desk, number = self._desk, self._message.number
        if not _DIALLED.fullmatch(number):  # what may be dialled is the dialplan's to say
            await desk.talk.say("not-allowed")
            return False
        await desk.messages.heard(self._message.id, self._agent)
        await desk.talk.say("voicemail-calling-back")
        await desk.talk.leave_for(number)
        log.info("voicemail_called_back", message=self._message.id, agent=self._agent)
        return True
