"""Errors that ccd raises on purpose.

Two families, as in h11: *our* mistake or a wish that cannot be granted (`CcdError`), and *the peer's*
breach of its protocol (`PeerError`). Messages say what is wrong, where, and what to do: in English where
they are raised, in Chinese in `ccd.refusals`, by their reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class CcdError(Exception):
    """Base of every error that ccd raises on purpose.

    With a `reason`, by which programs and translations know what is wrong, `values` fill the message's
    `{placeholders}`. An error of several faults has them as `faults`; its message lists them all.
    """

    def __init__(
        self, message: str = "", /, *, reason: str = "", faults: Sequence["CcdError"] = (), **values: object
    ) -> None:
        super().__init__(message.format(**values) if reason else message or "; ".join(map(str, faults)))
        self.reason = reason
        self.values = values
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One thing that is wrong in the configuration, in English and Chinese."""

    file: str
    line: int | None = None
    """From 1; None where there is no line: a missing file, an environment variable."""
    key: str = ""
    """Where in the file, e.g. `queues.sales.ring_s` or `phones[2].password`."""
    message: str
    """What is wrong."""
    remedy: str = ""
    """What would be right."""
    message_zh: str = ""
    remedy_zh: str = ""

    def told(self, language: str = "en") -> tuple[str, str]:
        """Give message and remedy in a language; English where there is no translation."""
        if language == "zh":
            return self.message_zh or self.message, self.remedy_zh or self.remedy
        return self.message, self.remedy

    def text(self, language: str = "en") -> str:
        """Write it as one line: `ccd.yaml:12: queues.sales.ring_s: what is wrong; what would be right`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        message, remedy = self.told(language)
        told = f"{message}{'；' if language == 'zh' else '; '}{remedy}" if remedy else message
        return f"{place}: {self.key}: {told}" if self.key else f"{place}: {told}"


class ConfigError(CcdError):
    """The configuration cannot be used; the message lists every problem found, one a line."""

    def __init__(self, message: str = "", problems: Sequence[ConfigProblem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message or "\n".join(problem.text() for problem in self.problems))

    def text(self, language: str = "en") -> str:
        """Give the message in a language."""
        return "\n".join(problem.text(language) for problem in self.problems) or str(self)


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


class AmiValueError(CcdError):
    """Our mistake: a name or value that the manager interface cannot carry as it is. Nothing was sent."""


class AmiDownError(CcdError):
    """There is no link to Asterisk's manager interface, or it is full: nothing was sent."""


class AmiUnknownOutcomeError(CcdError):
    """The link was lost, or time ran out, before an action was answered: ask Asterisk, never repeat it."""


class AgiProtocolError(PeerError):
    """A FastAGI peer sent something that is not AGI, too much of it, or too slowly."""


class AgiHangupError(CcdError):
    """The caller's channel is gone; the session can only be closed."""


class AgiRecordingCutError(AgiHangupError):
    """The caller left while they spoke; what they said is in the file."""

    def __init__(self, message: str, *, length_s: float) -> None:
        self.length_s = length_s
        super().__init__(message)


class AgiCommandError(CcdError):
    """A command that FastAGI cannot carry, or that Asterisk refused (510, 520, unknown application)."""
