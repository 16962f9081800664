"""FastAGI: Asterisk's dialplan connects, tells of one channel, and carries out our commands on it."""

from ccd.agi.limits import AgiLimits
from ccd.agi.request import AgiRequest
from ccd.agi.server import AgiCounters, AgiServer
from ccd.agi.session import Session
from ccd.agi.taken import Taken

__all__ = ["AgiCounters", "AgiLimits", "AgiRequest", "AgiServer", "Session", "Taken"]
