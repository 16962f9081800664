"""What Asterisk says of phones and of attempts to ring them."""

from enum import StrEnum


class DeviceState(StrEnum):
    """Asterisk's device states, as `DeviceStateChange` names them."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"


class DialStatus(StrEnum):
    """Asterisk's `DIALSTATUS`, of a whole `Dial` or of one leg (AMI `DialEnd`)."""

    ANSWER = "ANSWER"
    NOANSWER = "NOANSWER"
    BUSY = "BUSY"
    CANCEL = "CANCEL"
    CONGESTION = "CONGESTION"
    CHANUNAVAIL = "CHANUNAVAIL"
    DONTCALL = "DONTCALL"
    TORTURE = "TORTURE"
    INVALIDARGS = "INVALIDARGS"
    FORWARD = "FORWARD"
    ABORT = "ABORT"
    TIMEOUT = "TIMEOUT"
    CONTINUE = "CONTINUE"
    """The agent answered, and hung up while they heard the whisper: the caller goes on waiting."""
    UNKNOWN = ""
