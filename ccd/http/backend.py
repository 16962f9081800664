"""What the HTTP side needs of the daemon. `ccd.daemon` implements it; tests bring a small one of their own.

Errors, by `ccd.errors`: `NotFoundError` for a name that does not exist, `RefusedError` for a wish that state
or policy does not allow, `ConfigError` for a configuration that cannot be used. They are told to the user in
their language (`ccd.refusals`). Anything else is a fault of ours: it is logged and answered with 500.

`agent` is everywhere the agent's number or the extension that they are signed in on.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ccd.http import shapes
from ccd.http.filters import (
    ExportFormat,
    Language,
    MessageFilter,
    NoticeState,
    Page,
    RecordFilter,
    SurveyFilter,
)
from ccd.model import Supervision, Terms


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewAgent:
    """An agent to create. It has no `repr`, so that no log can hold the PIN."""

    number: str
    name: str = ""
    extension: str | None = None
    """The phone that they sign in on when none is named."""
    pin: str | None = None
    """What they type after the sign-in code; None: they cannot sign in from a phone."""
    queues: Mapping[str, Terms] = field(default_factory=dict)
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill, 1 to 100; of an agent who exists 0 takes it away, and what is not named stays."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgentChange:
    """What to change of an agent; a field that is `None` stays as it is."""

    name: str | None = None
    extension: str | None = None
    """Empty text: no phone of their own any more."""
    pin: str | None = None
    """Empty text: they cannot sign in from a phone any more."""
    queues: Mapping[str, Terms] | None = None
    """All queues from now on, not an addition."""
    skills: Mapping[str, int] | None = None
    """Level by skill; 0 takes it away, what is not named stays."""
    calls_per_hour: int | None = None
    """Calls that they are offered in an hour at most, `calls_per_day` in 24 hours; 0: no limit."""
    calls_per_day: int | None = None
    rest_s: float | None = None
    """Least time between two calls."""
    caller_id: str | None = None
    """Number that their outgoing calls show; empty text: none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewListEntry:
    """A number to put on a list of callers."""

    number: str
    note: str = ""
    until_at: datetime | None = None


class Backend(Protocol):
    """The daemon, as the API sees it."""

    def problems(self) -> Sequence[shapes.Problem]:
        """Give what is wrong now, worst first, from memory: `/readyz` asks it often."""
        ...

    async def status(self) -> shapes.Status:
        """Give the daemon at a glance, from memory."""
        ...

    async def top(self) -> shapes.Top:
        """Give everything live, from memory."""
        ...

    async def queues(self) -> list[shapes.QueueSummary]:
        """Give all queues, in the configuration's order."""
        ...

    async def queue(self, name: str) -> shapes.Queue:
        """Give one queue with its members and callers."""
        ...

    async def queue_close(self, name: str, *, say: str, keep: bool, until: str) -> shapes.Queue:
        """Close a queue by hand; `until` is a time, a date with a time, or empty."""
        ...

    async def queue_open(self, name: str, *, until: str) -> shapes.Queue:
        """Open a queue by hand."""
        ...

    async def queue_move(self, name: str, to: str, limit: int | None) -> shapes.Moved:
        """Move those who wait in a queue, or the first few of them, to another one."""
        ...

    async def call_move(self, call_id: str, to: str) -> shapes.Call:
        """Move a caller who waits to another queue; refused when they wait in none."""
        ...

    async def call_priority(self, call_id: str, priority: int) -> shapes.Call:
        """Give a caller who waits another priority; refused when they wait in no queue."""
        ...

    async def agents(self) -> list[shapes.Agent]:
        """Give all agents, by number."""
        ...

    async def agent(self, agent: str) -> shapes.Agent:
        """Give one agent."""
        ...

    async def agent_add(self, new: NewAgent) -> shapes.Agent:
        """Create an agent; refused when the number is taken, not found when a queue does not exist."""
        ...

    async def agent_update(self, agent: str, change: AgentChange) -> shapes.Agent:
        """Change an agent; it takes effect at once, also while they are signed in."""
        ...

    async def agent_remove(self, agent: str) -> None:
        """Delete an agent; refused while they are signed in. Their records stay."""
        ...

    async def agent_import(self, agents: Sequence[NewAgent], *, dry_run: bool) -> shapes.ImportResult:
        """Create or change many by number, all or none; with `dry_run` only check them.

        Of an agent who exists, what is empty in the row stays as it is, but `queues` are all from now on.
        """
        ...

    async def agent_sign_in(self, agent: str, extension: str | None) -> shapes.Agent:
        """Sign in on a phone; None: on the agent's own, else where they were signed in last."""
        ...

    async def agent_sign_out(self, agent: str) -> shapes.Agent:
        """Sign out; a talk goes on."""
        ...

    async def agent_pause(self, agent: str, reason: str) -> shapes.Agent:
        """Take a break; `reason` is the code of a configured break, or empty."""
        ...

    async def agent_ready(self, agent: str) -> shapes.Agent:
        """End the break, or the wrap-up."""
        ...

    async def agent_wrap_up_done(self, agent: str) -> shapes.Agent:
        """End the wrap-up early; refused outside a wrap-up, and while a disposition is owed."""
        ...

    async def agent_wrap_up_more(self, agent: str) -> shapes.Agent:
        """Extend the wrap-up; refused outside one and at its longest."""
        ...

    async def agent_dispose(self, agent: str, code: str) -> shapes.Agent:
        """Say what came of the agent's talk, or last talk; refused for a code that its queue has not."""
        ...

    async def callbacks(
        self, *, queue: str | None, number: str | None, only_open: bool, limit: int
    ) -> list[shapes.Callback]:
        """Give the newest promises of a call back, open and closed, or only those still to be kept."""
        ...

    async def callback(self, id_: int) -> shapes.Callback:
        """Give one promise."""
        ...

    async def callback_add(self, queue: str, number: str) -> shapes.Callback:
        """Promise by hand; refused where the queue calls nobody back or the policy forbids the number."""
        ...

    async def callback_cancel(self, id_: int) -> shapes.Callback:
        """Take a promise back; refused when it is closed, or the customer is being called."""
        ...

    async def callback_now(self, id_: int) -> shapes.Callback:
        """Let the next try be made without waiting for its time; refused as above."""
        ...

    async def calls(self) -> list[shapes.Call]:
        """Give the calls inside ccd, the oldest first."""
        ...

    async def call(self, call_id: str) -> shapes.Call:
        """Give one call inside ccd."""
        ...

    async def call_hang_up(self, call_id: str) -> shapes.Call:
        """End a call; give it as it was."""
        ...

    async def call_transfer(self, call_id: str, number: str) -> shapes.Call:
        """Have an agent, a phone, a number of ours or an outside one called for the caller."""
        ...

    async def call_redirect(self, call_id: str, to: str) -> shapes.Call:
        """Send the caller to `queue/NAME`, `flow/NAME` or `flow/NAME:NODE`."""
        ...

    async def call_supervise(self, call_id: str, mode: Supervision, extension: str) -> shapes.Call:
        """Ring a supervisor's phone and let it into the call; refused when it does not answer."""
        ...

    async def recording_pause(self, call_id: str) -> shapes.Call:
        """Let the recording of a talk hold silence; refused when nothing is recorded."""
        ...

    async def recording_resume(self, call_id: str) -> shapes.Call:
        """Let it hold sound again, or begin a recording on demand."""
        ...

    async def explain(self, call_id: str) -> shapes.Explanation:
        """Give all of a live or finished call, routing decisions included."""
        ...

    async def records(self, which: RecordFilter, page: Page) -> shapes.RecordPage:
        """Give a page of finished calls; a cursor that is not ours raises `problems.BadRequestError`."""
        ...

    async def record(self, call_id: str) -> shapes.FullRecord:
        """Give all of one finished call."""
        ...

    def export(self, kind: ExportFormat, which: RecordFilter) -> AsyncIterator[bytes]:
        """Give finished calls, the oldest first, in pieces of some 64 KiB, in constant memory.

        It may be closed early (`aclose`) when the reader goes away.
        """
        ...

    async def recordings(self, which: RecordFilter, page: Page) -> shapes.RecordingPage:
        """Give a page of recordings."""
        ...

    async def recording_path(self, recording_id: str) -> shapes.RecordingPath:
        """Give where a recording lies, by its own id or by its call's; not found outside the folder."""
        ...

    async def voicemail(self, which: MessageFilter, page: Page) -> shapes.VoicemailPage:
        """Give a page of messages that callers left."""
        ...

    async def mailboxes(self) -> list[shapes.Mailbox]:
        """Give all mailboxes, with how many of their messages are new."""
        ...

    async def voicemail_message(self, message: str) -> shapes.VoicemailFile:
        """Give one message, and where its sound lies."""
        ...

    async def voicemail_heard(self, message: str, *, heard: bool) -> shapes.VoicemailMessage:
        """Mark a message as heard, or as new again; refused when it is deleted."""
        ...

    async def voicemail_play(self, message: str, extension: str) -> shapes.VoicemailMessage:
        """Ring a phone and play a message on it; refused when it is not answered."""
        ...

    async def voicemail_delete(self, message: str) -> shapes.VoicemailMessage:
        """Delete a message's sound."""
        ...

    async def notices(self, state: NoticeState | None, page: Page) -> shapes.NoticePage:
        """Give a page of what others are told, the newest first."""
        ...

    async def notice_retry(self, notice: str) -> shapes.Notice:
        """Send a notice once more, as if it were new."""
        ...

    async def survey_report(self, which: SurveyFilter) -> shapes.SurveyReport:
        """Count the answers."""
        ...

    async def reload(self) -> shapes.ReloadResult:
        """Take the configuration as it is on disk now; `ConfigError`: the old one stays in use."""
        ...

    async def prompts_refresh(self) -> shapes.PromptsSeen:
        """Look at the prompt folder again; what lies there is heard from now on."""
        ...

    async def prompts_record(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        """Ring a phone to record a prompt; give the errand when it was answered."""
        ...

    async def prompts_play(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        """Ring a phone to hear a prompt; give the errand when it was answered."""
        ...

    async def prompts_errand(self, errand: str) -> shapes.PromptErrand:
        """Tell how far an errand is."""
        ...

    async def config_diff(self) -> list[shapes.ConfigChange]:
        """Tell what a reload would change; `ConfigError`: the configuration on disk cannot be used."""
        ...

    async def doctor(self, language: Language) -> shapes.DoctorReport:
        """Check everything around the daemon and tell it in a language; up to some 20 seconds."""
        ...

    async def owner(self, number: str) -> shapes.Owner:
        """Give who owns a customer."""
        ...

    async def set_owner(self, number: str, agent: str | None) -> shapes.Owner:
        """Set who owns a customer; None: nobody."""
        ...

    async def outbound_check(
        self,
        number: str,
        *,
        agent: str | None,
        phone: str | None,
        queue: str | None,
        at: datetime | None,
    ) -> shapes.OutboundCheck:
        """Say what the outbound policy makes of a number; nothing is dialled or counted."""
        ...

    async def outbound_limits(self) -> shapes.OutboundLimits:
        """Give the limits of outgoing calls, and what is used of them."""
        ...

    async def lists(self) -> list[shapes.CallerList]:
        """Give all lists of callers."""
        ...

    async def list_entries(self, name: str, after: str) -> shapes.ListPage:
        """Give a page of a list, what follows `after`."""
        ...

    async def list_change(
        self, name: str, add: Sequence[NewListEntry], remove: Sequence[str], *, dry_run: bool
    ) -> shapes.ListResult:
        """Add and remove, all or nothing."""
        ...
