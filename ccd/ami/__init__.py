"""Asterisk's manager interface: two sessions that are kept up, facts that come in, actions that go out."""

from ccd.ami.client import AmiClient
from ccd.ami.message import AmiMessage
from ccd.ami.originate import Origination
from ccd.ami.settings import AmiCounters, AmiSettings
from ccd.ami.translate import EVENTS_WANTED, READ_CLASSES, translate

__all__ = [
    "EVENTS_WANTED",
    "READ_CLASSES",
    "AmiClient",
    "AmiCounters",
    "AmiMessage",
    "AmiSettings",
    "Origination",
    "translate",
]
