"""The recording of a talk, and what was agreed about it."""

from dataclasses import dataclass

from ccd.model import CallId, Consent, OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """Asterisk was told to record this talk."""

    call_id: CallId
    at: float
    path: str
    """Relative to the recording root, without regard to format conversions: `2026/11/21/ID-1.wav`."""
    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTaken:
    """The caller was told of the recording, or asked about it."""

    call_id: CallId
    at: float
    began_at: float
    """When the prompt began."""
    consent: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused:
    """From here on the recording holds silence."""

    call_id: CallId
    at: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed:
    """From here on the recording holds sound again."""

    call_id: CallId
    at: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStored:
    """A finished recording was measured and is in its place."""

    call_id: CallId
    at: float
    path: str
    length_s: float
    size: int
    sha256: str
    problem: str = ""
    """What is wrong with it: `missing`, `empty`, `short`; empty: nothing."""
