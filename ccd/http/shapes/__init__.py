"""The JSON that leaves the daemon, typed once: the API answers with it, the CLI prints it, tests read it.

These shapes are a contract with whoever scripts against `--json`: keys are added, never renamed or removed.
Instants (`…_at`) are RFC 3339 text in UTC, made by `instant`; durations (`…_s`) are numbers of seconds. A key
is always present; what is not known is `None`, or empty where the type is text or a list.
"""

from ccd.http.shapes.agents import Agent, ImportProblem, ImportResult, Member
from ccd.http.shapes.callbacks import Callback
from ccd.http.shapes.calls import Call, Candidate, Decision, Explanation, Top
from ccd.http.shapes.faults import Fault, fault
from ccd.http.shapes.health import Level, Lookup, Problem, ProblemCode, Status, Versions
from ccd.http.shapes.instants import Instant, instant
from ccd.http.shapes.lists import CallerList, ListEntry, ListPage, ListResult
from ccd.http.shapes.operation import Check, ConfigChange, ConfigProblem, DoctorReport, ReloadResult
from ccd.http.shapes.outbound import OutboundCheck, OutboundLimits, OutboundStep, OutboundUse
from ccd.http.shapes.prompts import PromptErrand, PromptsSeen
from ccd.http.shapes.queues import Figures, Moved, Queue, QueueCaller, QueueMember, QueueSummary
from ccd.http.shapes.records import (
    FullRecord,
    Owner,
    Record,
    Recording,
    RecordingPage,
    RecordingPath,
    RecordPage,
    Segment,
    SurveyAnswer,
    SurveyReport,
    SurveyRow,
)
from ccd.http.shapes.voicemail import (
    Mailbox,
    Notice,
    NoticePage,
    VoicemailFile,
    VoicemailMessage,
    VoicemailPage,
)

__all__ = [
    "Agent",
    "Call",
    "Callback",
    "CallerList",
    "Candidate",
    "Check",
    "ConfigChange",
    "ConfigProblem",
    "Decision",
    "DoctorReport",
    "Explanation",
    "Fault",
    "Figures",
    "FullRecord",
    "ImportProblem",
    "ImportResult",
    "Instant",
    "Level",
    "ListEntry",
    "ListPage",
    "ListResult",
    "Lookup",
    "Mailbox",
    "Member",
    "Moved",
    "Notice",
    "NoticePage",
    "OutboundCheck",
    "OutboundLimits",
    "OutboundStep",
    "OutboundUse",
    "Owner",
    "Problem",
    "ProblemCode",
    "PromptErrand",
    "PromptsSeen",
    "Queue",
    "QueueCaller",
    "QueueMember",
    "QueueSummary",
    "Record",
    "RecordPage",
    "Recording",
    "RecordingPage",
    "RecordingPath",
    "ReloadResult",
    "Segment",
    "Status",
    "SurveyAnswer",
    "SurveyReport",
    "SurveyRow",
    "Top",
    "Versions",
    "VoicemailFile",
    "VoicemailMessage",
    "VoicemailPage",
    "fault",
    "instant",
]
