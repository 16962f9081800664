"""Errors that ccd raises on purpose.

Two families, as in h11: *our* mistake or a wish that cannot be granted (`CcdError`), and *the peer's*
breach of its protocol (`PeerError`). Messages say what is wrong, where, and what to do.
"""


class CcdError(Exception):
    """Base of every error that ccd raises on purpose."""


class ConfigError(CcdError):
    """The configuration cannot be used; the message lists every problem found."""


class NotFoundError(CcdError):
    """A named agent, queue, call or recording does not exist."""


class RefusedError(CcdError):
    """A well-formed wish that the present state or policy does not allow."""


class StorageError(CcdError):
    """The database cannot be opened or used as it is; the message says why and what to do."""


class PromptError(CcdError):
    """Prompts cannot be read or made: a manifest that is not one, a missing tool, a full disk."""


class PeerError(CcdError):
    """A peer broke its protocol; its connection is closed, everything else goes on."""


class AmiProtocolError(PeerError):
    """Asterisk's manager interface sent something that is not AMI."""


class AmiAuthError(CcdError):
    """Asterisk refused our manager user name or secret."""


class AmiActionError(CcdError):
    """Asterisk answered an action with `Response: Error`."""


class AmiUnknownOutcomeError(CcdError):
    """The link was lost, or time ran out, before an action was answered: ask Asterisk, never repeat it."""


class AgiProtocolError(PeerError):
    """A FastAGI peer sent something that is not AGI, too much of it, or too slowly."""


class AgiHangupError(CcdError):
    """The caller's channel is gone; the session can only be closed."""


class AgiCommandError(CcdError):
    """A command that FastAGI cannot carry, or that Asterisk refused (510, 520, unknown application)."""
