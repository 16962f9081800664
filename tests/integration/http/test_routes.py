"""Each address of the local API answers with its shape, and hands the backend what was asked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ccd.http import shapes
from ccd.http.backend import AgentChange
from ccd.http.filters import (
    ExportFormat,
    MessageFilter,
    MessageState,
    NoticeState,
    Order,
    Outcome,
    Page,
    RecordFilter,
    SurveyFilter,
    SurveyGroup,
)
from ccd.model import Terms
from ccd.records.notice import NoticeState as StoredNotice
from ccd.records.record import Outcome as RecordedOutcome
from ccd.records.voicemail import MessageState as StoredState
from tests.integration.http.conftest import Served
from tests.integration.http.fake_backend import CALL
from tests.integration.http.fake_messages import MESSAGE, NOTICE

GETS: list[tuple[str, type]] = [
    ("/status", shapes.Status),
    ("/top", shapes.Top),
    ("/queues/sales", shapes.Queue),
    ("/agents/1001", shapes.Agent),
    ("/callbacks/2", shapes.Callback),
    (f"/calls/{CALL}", shapes.Call),
    (f"/calls/{CALL}/explain", shapes.Explanation),
    ("/records", shapes.RecordPage),
    (f"/records/{CALL}", shapes.FullRecord),
    ("/recordings", shapes.RecordingPage),
    (f"/recordings/{CALL}-1", shapes.RecordingPath),
    ("/surveys/report", shapes.SurveyReport),
    ("/doctor", shapes.DoctorReport),
    ("/prompts/errands/welcome-zh-1001", shapes.PromptErrand),
    ("/lists/vip", shapes.ListPage),
    ("/outbound/check?number=01088886666", shapes.OutboundCheck),
    ("/outbound/limits", shapes.OutboundLimits),
    ("/voicemail", shapes.VoicemailPage),
    (f"/voicemail/{MESSAGE}", shapes.VoicemailFile),
    ("/notices", shapes.NoticePage),
    ("/customers/13800138000/owner", shapes.Owner),
]


@pytest.mark.parametrize(("path", "shape"), GETS)
async def test_an_address_answers_its_shape(served: Served, path: str, shape: Any):
    """Every key of the shape is there, and no other."""
    async with served.local.get(f"/api/v1{path}") as answer:
        assert answer.status == 200
        assert answer.content_type == "application/json"
        assert set(await answer.json()) == set(shape.__annotations__)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/queues", shapes.QueueSummary),
        ("/agents", shapes.Agent),
        ("/calls", shapes.Call),
        ("/mailboxes", shapes.Mailbox),
        ("/callbacks", shapes.Callback),
    ],
)
async def test_a_list_is_an_array_of_its_shape(served: Served, path: str, shape: Any):
    """Lists that fit into one answer are plain arrays."""
    async with served.local.get(f"/api/v1{path}") as answer:
        items = await answer.json()
    assert items
    assert all(set(item) == set(shape.__annotations__) for item in items)


async def test_a_phone_is_rung_for_a_prompt(served: Served):
    """The backend gets id, language and phone; nothing that could be a path or a dial string passes."""
    body = {"prompt": "own/news", "language": "zh", "extension": "1001"}
    for errand in ("record", "play"):
        async with served.local.post(f"/api/v1/prompts/{errand}", json=body) as answer:
            assert answer.status == 200
            assert set(await answer.json()) == set(shapes.PromptErrand.__annotations__)
        for wrong in (
            {"prompt": "../x"},
            {"language": "fr"},
            {"extension": "1001&PJSIP/1002"},
            {"extra": "x"},
        ):
            async with served.local.post(f"/api/v1/prompts/{errand}", json=body | wrong) as answer:
                assert answer.status == 400
    assert served.backend.asked == [
        ("prompts record", "own/news", "zh", "1001"),
        ("prompts play", "own/news", "zh", "1001"),
    ]


async def test_the_prompt_folder_is_looked_at_again(served: Served):
    """After an import or a generation."""
    async with served.local.post("/api/v1/prompts/refresh", json={}) as answer:
        assert set(await answer.json()) == set(shapes.PromptsSeen.__annotations__)
    assert served.backend.asked == [("prompts refresh",)]


def test_outcomes_to_filter_by_are_those_on_record():
    """The API's enumeration is the record's."""
    assert {each.value for each in Outcome} == {each.value for each in RecordedOutcome}


async def test_record_filters_reach_the_backend(served: Served):
    """Every filter and the page are passed on as values, not as text."""
    query = {
        "since": "2026-11-21T09:00:00+08:00",
        "until": "2026-11-22T01:00:00Z",
        "number": "+8613800138000",
        "called": "4000",
        "agent": "1002",
        "queue": "sales",
        "outcome": "timed_out",
        "limit": "7",
        "cursor": "14",
        "order": "oldest",
    }
    async with served.local.get("/api/v1/records", params=query) as answer:
        assert answer.status == 200
    assert served.backend.asked == [
        (
            "records",
            RecordFilter(
                since=datetime(2026, 11, 21, 1, tzinfo=UTC),
                until=datetime(2026, 11, 22, 1, tzinfo=UTC),
                number="+8613800138000",
                called="4000",
                agent="1002",
                queue="sales",
                outcome=Outcome.TIMED_OUT,
            ),
            Page(limit=7, cursor="14", order=Order.OLDEST),
        )
    ]


async def test_callbacks_are_listed_made_and_taken_back(served: Served):
    """Open ones only if asked so; what cannot be is refused before the backend hears of it."""
    local = served.local
    async with local.get("/api/v1/callbacks?open=true&queue=sales&number=138&limit=5") as answer:
        assert [each["id"] for each in await answer.json()] == [2]
    assert served.backend.asked == [("callbacks", "sales", "138", 5)]
    async with local.post("/api/v1/callbacks", json={"queue": "sales", "number": "139"}) as answer:
        assert (answer.status, (await answer.json())["id"]) == (201, 3)
    for wish, status in (("cancel", "cancelled"), ("now", "waiting")):
        async with local.post(f"/api/v1/callbacks/2/{wish}", json={}) as answer:
            assert (await answer.json())["status"] == status
    async with local.get("/api/v1/callbacks/9") as answer:
        assert answer.status == 404
    for path in ("/callbacks/x", "/callbacks?open=maybe", "/callbacks?limit=0", "/callbacks?limit=x"):
        async with local.get(f"/api/v1{path}") as answer:
            assert answer.status == 400
    async with local.post("/api/v1/callbacks", json={"queue": "sales", "number": "138&139"}) as answer:
        assert answer.status in {400, 422}


async def test_survey_filters_reach_the_backend(served: Served):
    """The report is grouped as asked."""
    async with served.local.get("/api/v1/surveys/report?group_by=agent&queue=sales") as answer:
        assert (await answer.json())["group_by"] == "agent"
    assert served.backend.asked == [("survey", SurveyFilter(queue="sales", group_by=SurveyGroup.AGENT))]


async def test_an_agent_is_created_changed_and_removed(served: Served):
    """The life of an agent over the API; the answer says who they are now."""
    new = {"number": "2001", "name": "李娜", "pin": "4711", "queues": {"sales": 0, "support": 3}}
    new["queues"]["vip"] = {"penalty": 1, "ring_s": 30, "wrap_up_s": 0}
    async with served.local.post("/api/v1/agents", json=new) as answer:
        assert answer.status == 201
        assert (await answer.json())["name"] == "李娜"
    added = served.backend.added[0]
    assert added.queues == {
        "sales": Terms(),
        "support": Terms(penalty=3),
        "vip": Terms(penalty=1, ring_s=30.0, wrap_up_s=0.0),
    }
    assert added.pin == "4711"
    assert "4711" not in repr(added)

    async with served.local.patch("/api/v1/agents/2001", json={"extension": None, "pin": None}) as answer:
        assert answer.status == 200
    _, _, change = served.backend.asked[-1]
    assert (change.name, change.extension, change.pin, change.queues) == (None, "", "", None)

    served.backend.people["2001"]["status"] = "logged_out"
    async with served.local.delete("/api/v1/agents/2001") as answer:
        assert answer.status == 204
    assert "2001" not in served.backend.people


async def test_a_change_that_names_nothing_changes_nothing(served: Served):
    """An absent key and a null extension are two different wishes."""
    async with served.local.patch("/api/v1/agents/1001", json={}) as answer:
        assert answer.status == 200
    change = served.backend.asked[-1][2]
    assert isinstance(change, AgentChange)
    assert (change.name, change.extension, change.pin, change.queues) == (None, None, None, None)


@pytest.mark.parametrize(
    ("action", "body", "expected"),
    [
        ("sign-in", {"extension": "1009"}, {"status": "available", "extension": "1009"}),
        ("sign-in", None, {"status": "available", "extension": "1001"}),
        ("sign-out", None, {"status": "logged_out", "extension": None}),
        ("pause", {"reason": "lunch"}, {"status": "paused", "reason": "lunch"}),
        ("pause", None, {"status": "paused", "reason": ""}),
        ("ready", None, {"status": "available"}),
    ],
)
async def test_agents_do_what_they_are_told(served: Served, action: str, body: Any, expected: dict[str, Any]):
    """Each action answers the agent as they are afterwards."""
    async with served.local.post(f"/api/v1/agents/1001/{action}", json=body or {}) as answer:
        assert answer.status == 200
        told = await answer.json()
    assert {key: told[key] for key in expected} == expected


async def test_an_import_is_handed_over_whole(served: Served):
    """All rows at once, with the wish only to check them."""
    body = {"agents": [{"number": "2001"}, {"number": "1001", "queues": {"sales": 1}}], "dry_run": True}
    async with served.local.post("/api/v1/agents/import", json=body) as answer:
        assert await answer.json() == {"added": 1, "updated": 1, "problems": []}
    assert served.backend.asked == [("import", ("2001", "1001"), True)]


async def test_a_customer_gets_and_loses_an_owner(served: Served):
    """PUT sets, null clears."""
    path = "/api/v1/customers/13800138000/owner"
    async with served.local.put(path, json={"agent": "1001"}) as answer:
        assert await answer.json() == {"number": "13800138000", "agent": "1001"}
    async with served.local.put(path, json={"agent": None}) as answer:
        assert await answer.json() == {"number": "13800138000", "agent": None}


async def test_an_export_is_the_pieces_one_after_another(served: Served):
    """The file is named and typed, and nothing is added to it."""
    async with served.local.get("/api/v1/records/export?format=asterisk-csv&queue=sales") as answer:
        assert answer.content_type == "text/csv"
        assert 'filename="Master.csv"' in answer.headers["Content-Disposition"]
        assert await answer.read() == b"id,number\r\n1,13800138000\r\n"
    assert served.backend.asked == [("export", ExportFormat.ASTERISK_CSV, RecordFilter(queue="sales"))]


async def test_an_empty_export_is_an_empty_file(served: Served):
    """Nothing to tell is no error."""
    served.backend.pieces = []
    async with served.local.get("/api/v1/records/export") as answer:
        assert answer.status == 200
        assert await answer.read() == b""


async def test_messages_are_narrowed_marked_and_deleted(served: Served):
    """Filters reach the backend as values; what is wrong is refused with what would be right."""
    query = {"mailbox": "sales", "state": "new", "number": "13800138000", "order": "oldest", "limit": "5"}
    async with served.local.get("/api/v1/voicemail", params=query) as answer:
        assert answer.status == 200
    (asked,) = served.backend.asked
    assert asked == (
        "voicemail",
        MessageFilter(mailbox="sales", state=MessageState.NEW, number="13800138000"),
        Page(limit=5, cursor=None, order=Order.OLDEST),
    )
    async with served.local.get("/api/v1/voicemail", params={"state": "old"}) as answer:
        assert (answer.status, (await answer.json())["allowed"]) == (400, ["new", "kept", "deleted"])
    address = f"/api/v1/voicemail/{MESSAGE}"
    async with served.local.post(f"{address}/heard", json={"heard": False}) as answer:
        assert (answer.status, (await answer.json())["state"]) == (200, "new")
    async with served.local.delete(address) as answer:
        assert (answer.status, (await answer.json())["state"]) == (200, "deleted")
    assert served.backend.asked[1:] == [("heard", MESSAGE, False), ("delete", MESSAGE)]
    async with served.local.get("/api/v1/voicemail/..%2f..%2fetc") as answer:
        assert answer.status == 404


async def test_a_notice_is_sent_once_more(served: Served):
    """It is pending again, with all tries before it."""
    async with served.local.post(f"/api/v1/notices/{NOTICE}/retry") as answer:
        assert (answer.status, (await answer.json())["state"]) == (200, "pending")


def test_states_to_filter_by_are_those_that_are_stored():
    """The API's enumerations are the records'."""
    assert {each.value for each in MessageState} == {each.value for each in StoredState}
    assert {each.value for each in NoticeState} == {each.value for each in StoredNotice}
