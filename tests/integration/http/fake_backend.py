"""A small call centre in memory behind the real API: two queues, three agents, some calls."""

# ruff: noqa: D102 - `ccd.http.backend.Backend` says what each method does

from collections.abc import AsyncIterator, Sequence
from typing import Any

from ccd.errors import ConfigError, ConfigProblem, NotFoundError, PromptError, RefusedError
from ccd.http import shapes
from ccd.http.backend import AgentChange, NewAgent
from ccd.http.filters import ExportFormat, Language, Page, RecordFilter, SurveyFilter
from ccd.http.problems import BadRequestError
from ccd.model import Supervision
from tests.integration.http.fake_lists import FakeLists
from tests.integration.http.fake_messages import FakeMessages
from tests.integration.http.fake_outbound import FakeOutbound

T0 = "2026-11-21T09:00:00.000Z"
CALL = "1795250000.12"
NO_SOX = PromptError("ffmpeg is not installed", reason="not_writable", path="/sounds", error="full")


def figures(**changed: Any) -> shapes.Figures:
    """Give a day's figures."""
    told: dict[str, Any] = {
        "since_at": T0,
        "offered": 9,
        "answered": 5,
        "abandoned": 1,
        "timed_out": 2,
        "callbacks": 1,
        "called_back": 1,
        "other": 1,
        "average_wait_s": 3.4,
        "average_talk_s": 12.2,
        "threshold_s": 20,
        "service_level": 80.0,
        "service_level_2": 75.0,
        "sticky_hits": 2,
        "sticky_misses": 1,
    }
    return {**told, **changed}  # type: ignore[return-value]


def member(agent: str, **changed: Any) -> shapes.QueueMember:
    """Give a member who is free."""
    told: dict[str, Any] = {
        "agent": agent,
        "name": f"Agent {agent}",
        "extension": agent,
        "device": f"PJSIP/{agent}",
        "device_state": "NOT_INUSE",
        "status": "available",
        "reason": "",
        "state": "idle",
        "since_at": T0,
        "signed_in_at": T0,
        "penalty": 0,
        "position": 0,
        "calls_taken": 0,
        "last_call_at": None,
    }
    return {**told, **changed}  # type: ignore[return-value]


def caller(position: int, **changed: Any) -> shapes.QueueCaller:
    """Give one who waits."""
    told: dict[str, Any] = {
        "call_id": f"1795250000.{position}",
        "position": position,
        "channel": f"PJSIP/trunk-0000000{position}",
        "number": "13800138000",
        "name": "张伟",
        "priority": 0,
        "waited_s": 72.9,
        "joined_at": T0,
        "estimated_wait_s": None,
        "offered_to": [],
        "callback": False,
    }
    return {**told, **changed}  # type: ignore[return-value]


def callback(id_: int, **changed: Any) -> shapes.Callback:
    """Give a promise that waits for its turn."""
    told: dict[str, Any] = {
        "id": id_,
        "queue": "sales",
        "number": "13800138000",
        "status": "waiting",
        "phase": "in_line",
        "reason": "",
        "requested_at": T0,
        "joined_at": T0,
        "priority": 0,
        "tries": 1,
        "not_before": T0,
        "expires_at": T0,
        "call_id": CALL,
        "last_call_id": "callback-2-1",
        "agent": None,
        "closed_at": None,
    }
    return {**told, **changed}  # type: ignore[return-value]


def queue(name: str = "sales", **changed: Any) -> shapes.Queue:
    """Give one queue."""
    told: dict[str, Any] = {
        "name": name,
        "labels": {"en": "Sales", "zh": "销售"},
        "strategy": "rrmemory",
        "weight": 0,
        "max_length": None,
        "waiting": 2,
        "callbacks_waiting": 0,
        "longest_wait_s": 72.9,
        "estimated_wait_s": 150.0,
        "members": 3,
        "signed_in": 2,
        "available": 1,
        "talking": 1,
        "figures": figures(),
        "open": True,
        "open_by": "",
        "open_until_at": None,
        "keeps_waiting": True,
        "closing_words": "",
        "ring_s": 20.0,
        "wrap_up_s": 10.0,
        "max_wait_s": None,
        "sticky_wait_s": 15.0,
        "record": "always",
        "survey": "satisfaction",
        "member_list": [
            member("1001"),
            member("1002", state="in_call", device_state="INUSE", calls_taken=3, last_call_at=T0, penalty=1),
            member("1003", status="logged_out", extension=None, device="", state="unreachable"),
        ],
        "callers": [caller(1, offered_to=["1001"]), caller(2)],
    }
    return {**told, **changed}  # type: ignore[return-value]


def agent(number: str, **changed: Any) -> shapes.Agent:
    """Give one agent, signed in and free."""
    told: dict[str, Any] = {
        "number": number,
        "name": f"Agent {number}",
        "extension": number,
        "own_extension": None,
        "status": "available",
        "reason": "",
        "state": "idle",
        "since_at": T0,
        "signed_in_at": T0,
        "wrap_up_until_at": None,
        "queues": ["sales"],
        "memberships": [{"queue": "sales", "penalty": 0, "position": 1, "ring_s": None, "wrap_up_s": None}],
        "call_id": None,
        "calls_taken": 0,
        "missed_in_a_row": 0,
        "owes_disposition": False,
        "break_until_at": None,
        "breaks": [{"reason": "lunch", "taken": 1, "spent_s": 600.0}],
        "overdue": False,
        "has_pin": True,
        "skills": {"english": 80},
        "calls_per_hour": 12,
        "calls_per_day": None,
        "rest_s": 5.0,
        "caller_id": "",
        "obstacle": "",
    }
    return {**told, **changed}  # type: ignore[return-value]


def call(**changed: Any) -> shapes.Call:
    """Give a caller who waits."""
    told: dict[str, Any] = {
        "id": CALL,
        "channel": "PJSIP/trunk-0000000c",
        "number": "13800138000",
        "name": "张伟",
        "called": "4000",
        "language": "zh",
        "started_at": T0,
        "direction": "inbound",
        "phase": "waiting",
        "phase_since_at": T0,
        "flow": "main",
        "node": "sales",
        "queue": "sales",
        "position": 1,
        "agent": None,
        "on_hold": False,
        "data": {"Level": "gold"},
    }
    return {**told, **changed}  # type: ignore[return-value]


def segment(seq: int, kind: str, at_s: int, **changed: Any) -> shapes.Segment:
    """Give a segment that began `at_s` seconds into the call."""
    told: dict[str, Any] = {
        "seq": seq,
        "kind": kind,
        "started_at": f"2026-11-21T09:00:{at_s:02}.000Z",
        "ended_at": f"2026-11-21T09:00:{at_s + 5:02}.000Z",
        "duration_s": 5.0,
        "queue": None,
        "agent": None,
        "result": None,
        "detail": {},
    }
    return {**told, **changed}  # type: ignore[return-value]


def record(call_id: str = CALL, **changed: Any) -> shapes.Record:
    """Give an answered call."""
    recording = {
        "id": f"{call_id}-1",
        "call_id": call_id,
        "path": f"2026/11/21/{call_id}-1.wav",
        "started_at": T0,
        "segment": 4,
        "queue": "sales",
        "agent": "1002",
        "stored_at": T0,
        "length_s": 11.9,
        "size": 380_844,
        "sha256": "0" * 64,
        "problem": None,
        "pauses": [],
    }
    told: dict[str, Any] = {
        "id": call_id,
        "linkedid": call_id,
        "channel": "PJSIP/trunk-0000000c",
        "direction": "inbound",
        "started_at": T0,
        "answered_at": T0,
        "ended_at": T0,
        "duration_s": 40.0,
        "number": "13800138000",
        "name": "张伟",
        "called": "4000",
        "language": "zh",
        "queue": "sales",
        "agent": "1002",
        "outcome": "answered",
        "cdr_disposition": "ANSWERED",
        "disposition_code": None,
        "dispositions": [],
        "hung_up_by": "caller",
        "hangup_cause": 16,
        "ivr_s": 5.0,
        "queue_wait_s": 3.0,
        "ring_s": 20.0,
        "talk_s": 12.0,
        "on_hold_s": 0.0,
        "survey_s": 0.0,
        "sticky": "miss",
        "survey": None,
        "recordings": [recording],
        "recovered": False,
        "voicemail_s": 0.0,
        "mailbox": None,
        "sequence": 1,
    }
    return {**told, **changed}  # type: ignore[return-value]


def explanation() -> shapes.Explanation:
    """Give a call that two agents were offered."""
    decision = {
        "at": "2026-11-21T09:00:10.000Z",
        "offer_id": "o1",
        "queue": "sales",
        "strategy": "rrmemory",
        "rule": "rrmemory after position 2",
        "trigger": "agent 1001 free",
        "waited_s": 5.0,
        "ahead": 0,
        "members": 3,
        "candidates": [
            {"agent": "1001", "verdict": "chosen", "key": "position 3"},
            {"agent": "1003", "verdict": "logged_out", "key": ""},
        ],
    }
    segments = [
        segment(
            1, "ivr", 0, detail={"flow": "main", "nodes": [{"node": "menu", "result": "1", "after_s": 4.0}]}
        ),
        segment(2, "queue", 5, queue="sales", result="answered", detail={"original_position": 2}),
        segment(
            3,
            "offer",
            10,
            queue="sales",
            agent="1001",
            result="no_answer",
            detail={"device": "PJSIP/1001", "sticky": True},
        ),
        segment(4, "talk", 15, queue="sales", agent="1002", result="agent"),
        segment(5, "survey", 20, result="1", detail={"survey": "satisfaction", "label": "非常满意"}),
    ]
    return {**record(), "segments": segments, "data": {"Level": "gold"}, "decisions": [decision]}  # type: ignore[typeddict-item]


def status(**changed: Any) -> shapes.Status:
    """Give a daemon that is well."""
    told: dict[str, Any] = {
        "problems": [],
        "started_at": T0,
        "uptime_s": 61.0,
        "pid": 4711,
        "versions": {"ccd": "0.1.0", "asterisk": "22.10.1"},
        "config_path": "/etc/ccd/ccd.yaml",
        "socket": "/run/ccd/ccd.sock",
        "ami_connected": True,
        "agi_sessions": 2,
        "writer_backlog": 0,
        "calls": 3,
        "waiting": 2,
        "callbacks_waiting": 1,
        "callbacks_dialling": 0,
        "talking": 1,
        "longest_wait_s": 72.9,
        "estimated_wait_s": 150.0,
        "agents": {"idle": 1, "ringing": 0, "in_call": 1, "wrap_up": 0, "unreachable": 0},
        "agents_paused": 0,
        "agents_signed_in": 2,
        "agents_total": 3,
        "queues": 2,
        "queues_closed": [],
        "outgoing": 1,
        "outgoing_let_out": 7,
        "outgoing_refused": {"denied": 2},
        "lookups": [
            {
                "name": "crm",
                "state": "open",
                "found": 7,
                "not_found": 2,
                "failed": 5,
                "last_failure": "status 500",
            }
        ],
    }
    return {**told, **changed}  # type: ignore[return-value]


class FakeBackend(FakeMessages, FakeLists, FakeOutbound):
    """Implements `ccd.http.backend.Backend`; tests change what it answers."""

    def __init__(self) -> None:
        FakeLists.__init__(self)
        self.faults: list[shapes.Problem] = []
        self.people = {number: agent(number) for number in ("1001", "1002", "1003")}
        self.people["1003"] = agent("1003", status="logged_out", state="unreachable", extension=None)
        self.asked: list[tuple[Any, ...]] = []
        self.added: list[NewAgent] = []
        self.past = [record(f"1795250000.{at}") for at in range(450, 0, -1)]
        self.failure: Exception | None = None
        self.differences: list[shapes.ConfigChange] = []
        self.pieces: list[bytes | Exception] = [b"id,number\r\n", b"1,13800138000\r\n"]
        self.owners: dict[str, str | None] = {}
        self.recorded = f"/var/spool/asterisk/ccd/2026/11/21/{CALL}-1.wav"

    def problems(self) -> Sequence[shapes.Problem]:
        return self.faults

    async def status(self) -> shapes.Status:
        if self.failure is not None:
            raise self.failure
        return status(problems=self.faults)

    async def top(self) -> shapes.Top:
        return {
            "at": T0,
            "status": await self.status(),
            "queues": await self.queues(),
            "agents": await self.agents(),
            "calls": await self.calls(),
        }

    async def queues(self) -> list[shapes.QueueSummary]:
        wanted = shapes.QueueSummary.__annotations__
        return [{key: queue(name)[key] for key in wanted} for name in ("sales", "support")]  # type: ignore[misc]

    async def queue(self, name: str) -> shapes.Queue:
        if name not in {"sales", "support"}:
            raise no_queue(name)
        return queue(name)

    async def agents(self) -> list[shapes.Agent]:
        return list(self.people.values())

    async def agent(self, agent: str) -> shapes.Agent:
        try:
            return self.people[agent]
        except KeyError:
            raise NotFoundError(f"there is no agent {agent!r}") from None

    async def agent_add(self, new: NewAgent) -> shapes.Agent:
        if new.number in self.people:
            raise RefusedError(
                "agent {agent} exists already; change them with `ccd agent update`",
                reason="agent_exists",
                agent=new.number,
            )
        self.added.append(new)
        self.people[new.number] = agent(
            new.number, name=new.name, extension=new.extension, queues=[*new.queues]
        )
        return self.people[new.number]

    async def agent_update(self, agent: str, change: AgentChange) -> shapes.Agent:
        found = await self.agent(agent)
        self.asked.append(("update", agent, change))
        if change.name is not None:
            found["name"] = change.name
        return found

    async def agent_remove(self, agent: str) -> None:
        found = await self.agent(agent)
        if found["status"] != "logged_out":
            raise RefusedError(f"agent {agent} is signed in; sign them out first")
        del self.people[agent]

    async def agent_import(self, agents: Sequence[NewAgent], *, dry_run: bool) -> shapes.ImportResult:
        self.asked.append(("import", tuple(each.number for each in agents), dry_run))
        self.added += agents
        problems: list[shapes.ImportProblem] = [
            {
                "row": row,
                "number": each.number,
                **shapes.fault(no_queue(queue)),
                "message": f"there is no queue {queue!r}",
            }
            for row, each in enumerate(agents, 1)
            for queue in each.queues
            if queue not in {"sales", "support"}
        ]
        added = 0 if problems else sum(each.number not in self.people for each in agents)
        return {"added": added, "updated": 0 if problems else len(agents) - added, "problems": problems}

    async def _changed(self, agent: str, **changed: Any) -> shapes.Agent:
        found = await self.agent(agent)
        found.update(changed)  # type: ignore[typeddict-item]
        return found

    async def agent_sign_in(self, agent: str, extension: str | None) -> shapes.Agent:
        return await self._changed(agent, status="available", state="idle", extension=extension or agent)

    async def agent_sign_out(self, agent: str) -> shapes.Agent:
        return await self._changed(agent, status="logged_out", state="unreachable", extension=None)

    async def agent_pause(self, agent: str, reason: str) -> shapes.Agent:
        return await self._changed(agent, status="paused", reason=reason)

    async def agent_ready(self, agent: str) -> shapes.Agent:
        return await self._changed(agent, status="available", reason="")

    async def agent_wrap_up_done(self, agent: str) -> shapes.Agent:
        raise RefusedError(f"agent {agent} is not in wrap-up")

    async def agent_wrap_up_more(self, agent: str) -> shapes.Agent:
        raise RefusedError(f"agent {agent} is not in wrap-up")

    async def agent_dispose(self, agent: str, code: str) -> shapes.Agent:
        if code != "sold":
            raise RefusedError(f"{code!r} is no disposition code")
        return await self.agent(agent)

    async def callbacks(
        self, *, queue: str | None, number: str | None, only_open: bool, limit: int
    ) -> list[shapes.Callback]:
        """Give an open and a closed one."""
        self.asked.append(("callbacks", queue, number, limit))
        both = [callback(2), callback(1, status="done", closed_at=T0, phase="")]
        return [each for each in both if not only_open or each["closed_at"] is None][:limit]

    async def callback(self, id_: int) -> shapes.Callback:
        """Give number 1 or 2."""
        if id_ > 2:
            raise NotFoundError(f"there is no callback {id_}")
        return callback(id_)

    async def callback_add(self, queue: str, number: str) -> shapes.Callback:
        """Make number 3."""
        return callback(3, queue=queue, number=number)

    async def callback_cancel(self, id_: int) -> shapes.Callback:
        """Cancel it."""
        return (await self.callback(id_)) | {"status": "cancelled", "reason": "operator"}  # type: ignore[return-value]

    async def callback_now(self, id_: int) -> shapes.Callback:
        """Give it."""
        return await self.callback(id_)

    async def calls(self) -> list[shapes.Call]:
        return [call()]

    async def call(self, call_id: str) -> shapes.Call:
        if call_id != CALL:
            raise NotFoundError(f"there is no call {call_id!r} under way")
        return call()

    async def call_hang_up(self, call_id: str) -> shapes.Call:
        return await self._asked("hang_up", call_id)

    async def call_transfer(self, call_id: str, number: str) -> shapes.Call:
        return await self._asked("transfer", call_id, number)

    async def call_redirect(self, call_id: str, to: str) -> shapes.Call:
        return await self._asked("redirect", call_id, to)

    async def call_move(self, call_id: str, to: str) -> shapes.Call:
        return await self._asked("move", call_id, to)

    async def call_priority(self, call_id: str, priority: int) -> shapes.Call:
        return await self._asked("priority", call_id, str(priority))

    async def queue_close(self, name: str, *, say: str, keep: bool, until: str) -> shapes.Queue:
        self.asked.append(("close", name, say, str(keep), until))
        closed: shapes.Queue = {
            **(await self.queue(name)),
            "open": False,
            "open_by": "hand",
            "open_until_at": T0 if until else None,
            "keeps_waiting": keep,
            "closing_words": say,
        }
        return closed

    async def queue_open(self, name: str, *, until: str) -> shapes.Queue:
        self.asked.append(("open", name, until))
        return await self.queue(name)

    async def queue_move(self, name: str, to: str, limit: int | None) -> shapes.Moved:
        self.asked.append(("move", name, to, str(limit)))
        return {"source": name, "target": to, "moved": 3, "ringing": 1}

    async def call_supervise(self, call_id: str, mode: Supervision, extension: str) -> shapes.Call:
        return await self._asked("supervise", call_id, mode.value, extension)

    async def recording_pause(self, call_id: str) -> shapes.Call:
        return await self._asked("recording_pause", call_id)

    async def recording_resume(self, call_id: str) -> shapes.Call:
        return await self._asked("recording_resume", call_id)

    async def _asked(self, what: str, call_id: str, *how: str) -> shapes.Call:
        found = await self.call(call_id)
        self.asked.append((what, call_id, *how))
        return found

    async def explain(self, call_id: str) -> shapes.Explanation:
        await self.call(call_id)
        return explanation()

    async def records(self, which: RecordFilter, page: Page) -> shapes.RecordPage:
        self.asked.append(("records", which, page))
        if page.cursor is not None and not page.cursor.isdigit():
            raise BadRequestError("cursor: give back what `next_cursor` said, or leave it out")
        start = int(page.cursor or 0)
        items = self.past[start : start + page.limit]
        end = start + len(items)
        return {"items": items, "next_cursor": str(end) if end < len(self.past) else None}

    async def record(self, call_id: str) -> shapes.FullRecord:
        if call_id != CALL:
            raise NotFoundError(f"there is no call {call_id!r} on record")
        told = explanation()
        return {key: value for key, value in told.items() if key != "decisions"}  # type: ignore[return-value]

    async def export(self, kind: ExportFormat, which: RecordFilter) -> AsyncIterator[bytes]:
        self.asked.append(("export", kind, which))
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def recordings(self, which: RecordFilter, page: Page) -> shapes.RecordingPage:
        self.asked.append(("recordings", which, page))
        return {"items": record()["recordings"], "next_cursor": None}

    async def recording_path(self, recording_id: str) -> shapes.RecordingPath:
        if recording_id != f"{CALL}-1":
            raise NotFoundError(f"there is no recording {recording_id!r}")
        return {"id": recording_id, "call_id": CALL, "path": self.recorded, "length_s": 11.9, "size": 380_844}

    async def survey_report(self, which: SurveyFilter) -> shapes.SurveyReport:
        self.asked.append(("survey", which))
        row: shapes.SurveyRow = {
            "survey": "satisfaction",
            "key": "1002",
            "offered": 4,
            "answered": 3,
            "response_rate": 75.0,
            "answers": {"1": 2, "2": 1},
            "labels": {
                "1": {"en": "very satisfied", "zh": "非常满意"},
                "2": {"en": "satisfied", "zh": "满意"},
            },
        }
        return {"group_by": which.group_by.value, "rows": [row]}

    async def reload(self) -> shapes.ReloadResult:
        if self.failure is not None:
            raise self.failure
        return {
            "changed": ["queues.sales.ring_s", "http.port"],
            "restart_needed": ["http.port"],
            "warnings": [],
        }

    async def prompts_refresh(self) -> shapes.PromptsSeen:
        self.asked.append(("prompts refresh",))
        return {"prompts": 3, "missing": ["zh/news"], "faults": []}

    async def prompts_record(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        if self.failure is not None:
            raise self.failure
        self.asked.append(("prompts record", prompt, language, extension))
        return errand(prompt, language, extension)

    async def prompts_play(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        self.asked.append(("prompts play", prompt, language, extension))
        return errand(prompt, language, extension)

    async def prompts_errand(self, errand_id: str) -> shapes.PromptErrand:
        self.asked.append(("prompts errand", errand_id))
        prompt, language, extension, *_ = errand_id.split("-")
        over = errand(prompt, language, extension)
        if prompt == "welcome":
            over |= {"state": "kept", "length_s": 2.1, "path": "/var/lib/ccd/sounds/zh/welcome.wav"}
        elif prompt == "broken":
            over |= {"state": "failed", "reason": str(NO_SOX), "problem": shapes.fault(NO_SOX)}
        else:
            over["state"] = "discarded"
        return over

    async def config_diff(self) -> list[shapes.ConfigChange]:
        if self.failure is not None:
            raise self.failure
        return self.differences

    async def doctor(self, language: Language) -> shapes.DoctorReport:
        missing = {Language.EN: "3 are missing", Language.ZH: "缺少 3 个"}[language]
        return {
            "checks": [
                {"name": "ami", "result": "ok", "message": "connected to Asterisk 22.10.1", "remedy": ""},
                {
                    "name": "prompts",
                    "result": "failed",
                    "message": missing,
                    "remedy": "ccd prompt generate",
                },
            ]
        }

    async def owner(self, number: str) -> shapes.Owner:
        return {"number": number, "agent": self.owners.get(number)}

    async def set_owner(self, number: str, agent: str | None) -> shapes.Owner:
        if agent is not None:
            await self.agent(agent)
        self.owners[number] = agent
        return await self.owner(number)


def bad_configuration() -> ConfigError:
    """Give the error of a reload that was refused."""
    problem = ConfigProblem(
        file="/etc/ccd/ccd.yaml",
        line=12,
        key="queues.sales.strategy",
        message="'roundrobin' is no strategy",
        remedy="use rrmemory",
        message_zh="没有策略 'roundrobin'",
        remedy_zh="请用 rrmemory",
    )
    return ConfigError(problems=[problem])


def errand(prompt: str, language: str, extension: str) -> shapes.PromptErrand:
    """Give a phone that was rung for a prompt, and has answered."""
    return {
        "errand": f"{prompt}-{language}-{extension}",
        "id": prompt,
        "language": language,
        "extension": extension,
        "state": "under_way",
        "reason": "",
        "problem": None,
        "length_s": None,
        "path": None,
    }


def no_queue(name: str) -> NotFoundError:
    """Say that there is no such queue."""
    return NotFoundError(
        "there is no queue {queue!r}; there are: {known}",
        reason="no_such_queue",
        queue=name,
        known="sales, support",
    )
