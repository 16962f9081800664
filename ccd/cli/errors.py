"""What went wrong, in the user's language: what, and what to do about it. A line a problem."""

import errno

from ccd.cli import text
from ccd.cli.messages import _, language
from ccd.cli.wishes import UsageError
from ccd.errors import CcdError
from ccd.http.client import ApiError, UnreachableError
from ccd.refusals import told

FAILED = 1
USAGE = 2
UNREACHABLE = 3
DAEMON_FAILED = 4
INTERRUPTED = 130


def exit_code(error: CcdError) -> int:
    """Give the exit code of a command that ended with this error."""
    match error:
        case UnreachableError():
            return UNREACHABLE
        case UsageError() | ApiError(status=400):
            return USAGE
        case ApiError(status=status) if status >= 500:
            return DAEMON_FAILED
        case _:
            return FAILED


def explained(error: CcdError) -> str:
    """Give what to print."""
    match error:
        case UnreachableError():
            return _unreachable(error)
        case ApiError(allowed=[_first, *_more]):
            return text.clean(
                _("{message}; allowed: {allowed}", message=error, allowed=", ".join(error.allowed))
            )
        case _:
            return _clean_lines(told(error, language()))


def _clean_lines(told: str) -> str:
    """Clean a message that lists several things, one a line."""
    return "\n".join(map(text.clean, told.splitlines()))


def _unreachable(error: UnreachableError) -> str:
    match getattr(error.cause, "errno", None):
        case errno.EACCES | errno.EPERM:
            return _(
                "no permission to use {socket}; be root or a member of the socket's group",
                socket=error.path,
            )
        case errno.ENOENT | errno.ECONNREFUSED | errno.ENOTSOCK:
            return _(
                "no daemon answers on {socket}; start it (systemctl start ccd), "
                "or name its socket with --socket or CCD_SOCKET",
                socket=error.path,
            )
        case _ if isinstance(error.cause, TimeoutError):
            return _("the daemon on {socket} does not answer in time; see its log", socket=error.path)
        case _:
            return _("the connection to {socket} broke off: {reason}", socket=error.path, reason=error.cause)
