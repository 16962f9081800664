"""The calls that are under way, each with what the daemon must remember of it between AGI sessions.

The engine owns who waits and who is offered what; the book owns the way *to* a caller: the AGI session that
holds the channel, if one does just now, and the messages for it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import TypeVar

from ccd.calls.live_call import CalledBack, Consulted, LiveCall, is_consultation
from ccd.errors import NotFoundError
from ccd.history import Entry, TalkEnded, TalkStarted, ThirdJoined
from ccd.model import CallId, ChannelId

__all__ = ["CallBook", "CalledBack", "Consulted", "LiveCall", "is_consultation"]

CHANNELS_KEPT = 4096
"""Of the channels that have no call any more, or none yet, so many are remembered."""
Fact = TypeVar("Fact")


class _Recent(OrderedDict[ChannelId, Fact]):
    """What is known of the last channels of which something was told."""

    def keep(self, channel: ChannelId, fact: Fact) -> None:
        """Remember it, and forget the oldest where that is too much."""
        self[channel] = fact
        self.move_to_end(channel)
        if len(self) > CHANNELS_KEPT:
            self.popitem(last=False)


class CallBook:
    """All live calls, by call and by channel."""

    def __init__(self) -> None:
        self._departed = _Recent[bool]()
        self._visits = _Recent[int]()
        self._answers = _Recent[float]()
        """When what a channel dials was answered, of channels that have no call (yet)."""
        self._calls: dict[CallId, LiveCall] = {}
        self._by_channel: dict[ChannelId, LiveCall] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[LiveCall]:
        return iter(self._calls.values())

    def get(self, call_id: CallId) -> LiveCall | None:
        """Find a call."""
        return self._calls.get(call_id)

    def find(self, call_id: str) -> LiveCall:
        """Find a call that somebody named; raises NotFoundError."""
        call = self.get(CallId(call_id))
        if call is None:
            raise NotFoundError(
                "no call {call!r} is inside ccd now; finished ones: ccd cdr show {call}",
                reason="no_such_call",
                call=call_id,
            )
        return call

    def of_channel(self, channel: ChannelId) -> LiveCall | None:
        """Find the call whose caller is on this channel."""
        return self._by_channel.get(channel)

    def consultation(self, name: str, about: LiveCall) -> LiveCall | None:
        """Find the call that an agent made to consult; `name` is Asterisk's of the end that the agent has.

        Asterisk does not always name it: then it is the one that was made during the talk with that caller.
        """
        if name:
            other = name.removesuffix(";1") + ";2"
            return next((call for call in self if call.channel_name == other), None)
        return next((call for call in self if call.consults and call.made_during == about.channel), None)

    def open(self, call: LiveCall) -> None:
        """Enter a call."""
        self._calls[call.call_id] = call
        self._by_channel[call.channel] = call
        if call.channel in self._departed:
            self._departed[call.channel] = True

    def close(self, call: LiveCall) -> None:
        """Strike a call out."""
        self._calls.pop(call.call_id, None)
        self._by_channel.pop(call.channel, None)

    def given_back(self, call: LiveCall) -> None:
        """Note that a call's channel goes on in a dialplan that is not ours, and may come to us once more."""
        self._visits.keep(call.channel, self._visits.get(call.channel, 0) + 1)

    def next_id(self, channel: ChannelId) -> CallId:
        """Give the id of a channel's next call: its uniqueid, with a number when it was here before."""
        visits = self._visits.get(channel, 0)
        return CallId(f"{channel}-{visits + 1}" if visits else channel)

    def note(self, entry: Entry) -> None:
        """Take an entry of the history to its call."""
        if (
            isinstance(entry, TalkStarted | ThirdJoined | TalkEnded)
            and (call := self._calls.get(entry.call_id)) is not None
        ):
            call.note(entry)

    def depart(self, channel: ChannelId) -> LiveCall | None:
        """Note that a channel is gone, and give the call whose caller was on it.

        AMI may tell so before the channel's AGI session was taken up: that session must not open a call
        which nothing would ever end.
        """
        call = self._by_channel.get(channel)
        self._departed.keep(channel, call is not None)
        return call

    def note_answer(self, channel: ChannelId, at: float) -> LiveCall | None:
        """Note that what a channel dials was answered, and give its call; its session may be late."""
        call = self._by_channel.get(channel)
        if call is None:
            self._answers.keep(channel, at)
        return call

    def answered_at(self, channel: ChannelId) -> float | None:
        """Tell when what a channel dials was answered, if that was told before it had a call."""
        return self._answers.pop(channel, None)

    def has_departed(self, channel: ChannelId) -> bool:
        """Whether a channel is known to be gone."""
        return channel in self._departed

    def is_over(self, channel: ChannelId) -> bool:
        """Whether a channel is gone and its call told: a session of it that comes late opens no other."""
        return self._departed.get(channel, False) and channel not in self._by_channel

    def has_missed(self, channel: ChannelId) -> bool:
        """Whether a channel is gone without ever having had a call."""
        return not self._departed.get(channel, True)
