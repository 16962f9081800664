"""Lamps (BLF) of desk phones for agents, queues and mailboxes: extensions to which a phone subscribes."""

from ccd.config.base import Section
from ccd.config.phones import FeatureCode


class Lamps(Section):
    """Which lamps there are. Asterisk is told each change of a state, so they are off unless wanted."""

    agents: FeatureCode | None = None
    """`*5`: a phone subscribes to *51001 for agent 1001, and calls the agent by it. null: off."""
    queues: FeatureCode | None = None
    """`*6`: to *64001 for the queue of the number 4001, or *6sales: lit while callers wait. null: off."""
    mailboxes: FeatureCode | None = None
    """`*9`: to *9sales for the mailbox sales, lit while it has messages that nobody has heard. null: off."""
