"""What the rest of the daemon asks of the callbacks: the small side of `desk`."""

from typing import Protocol

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.carried import LastStay
from ccd.config.callbacks import Callback as Terms
from ccd.ivr.ports import Promise
from ccd.model import QueueName


class Office(Protocol):
    """Promises, as callers meet them."""

    def terms(self, queue: str) -> Terms | None:
        """Give how a queue calls back; None: it does not."""
        ...

    def may_call(self, queue: str, number: str) -> bool:
        """Whether a number may be called back at all."""
        ...

    async def promise(self, call: LiveCall, queue: QueueName, number: str) -> Promise:
        """Store a promise; the caller keeps the place that they had."""
        ...

    async def called_again(self, number: str, queue: QueueName) -> LastStay | None:
        """Take who calls again off the list; give the place that they had."""
        ...

    def counts(self) -> dict[str, int]:
        """Count the open promises: `waiting`, `dialling`."""
        ...

    async def answered(self, call: LiveCall, session: Session) -> bool:
        """Meet a customer who answered; True: they go on as a caller, False: the dialplan was told."""
        ...
