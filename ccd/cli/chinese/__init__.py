"""The Chinese side of every sentence, word and phrase of the command line; only data, by topic."""

from typing import Final

from ccd.cli.chinese import (
    agents,
    callbacks,
    calls,
    flows,
    lists,
    operation,
    outbound,
    program,
    queues,
    records,
    voicemail,
)
from ccd.cli.chinese.phrases import FRAME, PHRASES
from ccd.cli.chinese.words import LED_TO, WORDS

TEXTS: Final[dict[str, str]] = {
    **agents.TEXTS,
    **callbacks.TEXTS,
    **calls.TEXTS,
    **flows.TEXTS,
    **lists.TEXTS,
    **operation.TEXTS,
    **outbound.TEXTS,
    **program.TEXTS,
    **queues.TEXTS,
    **records.TEXTS,
    **voicemail.TEXTS,
}
"""By the English sentence as it stands in the source."""

__all__ = ["FRAME", "LED_TO", "PHRASES", "TEXTS", "WORDS"]
