"""Where the daemon listens: one local socket for those who may, and a TCP port that tells nothing private."""

import os
import socket
import stat
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.parser import text_string_to_metric_families

from ccd.errors import RefusedError
from ccd.http.local_socket import LocalSocket
from ccd.http.server import HttpServer, HttpSettings
from tests.integration.http.conftest import Served
from tests.integration.http.fake_backend import FakeBackend


def test_the_socket_is_for_owner_and_group_alone(tmp_path: Path):
    """0660, whatever the umask was, and the umask is as before."""
    before = os.umask(0o000)
    try:
        local = LocalSocket(tmp_path / "ccd.sock")
        assert stat.S_IMODE(local.path.stat().st_mode) == 0o660
        local.release()
        assert os.umask(0o000) == 0o000
    finally:
        os.umask(before)


def test_a_stale_socket_is_replaced(tmp_path: Path):
    """A daemon that was killed leaves a file on which nobody listens."""
    path = tmp_path / "ccd.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    local = LocalSocket(path)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
    local.release()
    assert not path.exists()


def test_a_second_daemon_is_refused(tmp_path: Path):
    """The first one keeps its socket, and the second one says so."""
    path = tmp_path / "ccd.sock"
    first = LocalSocket(path)
    with pytest.raises(RefusedError, match="another ccd"):
        LocalSocket(path)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
    first.release()
    LocalSocket(path).release()


def test_a_socket_of_another_program_is_left_alone(tmp_path: Path):
    """Somebody listens: not ours to remove."""
    path = tmp_path / "ccd.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(RefusedError, match="another program"):
            LocalSocket(path)
        assert path.exists()


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path):
    """A wrong path in the configuration costs no data."""
    path = tmp_path / "ccd.sock"
    path.write_text("precious")
    with pytest.raises(RefusedError, match="no socket"):
        LocalSocket(path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("path", "said"),
    [("x" * 120, "longer than 107"), ("no/such/folder/ccd.sock", "create its folder")],
)
def test_a_socket_that_cannot_be_says_what_to_do(tmp_path: Path, path: str, said: str):
    """Too long for the kernel, or in no folder."""
    with pytest.raises(RefusedError, match=said):
        LocalSocket(tmp_path / path)


def test_a_socket_replaced_by_another_is_not_removed(tmp_path: Path):
    """When it stops, a daemon removes what it made and nothing else."""
    path = tmp_path / "ccd.sock"
    local = LocalSocket(path)
    path.unlink()
    path.write_text("other")
    local.release()
    assert path.read_text() == "other"


async def test_a_server_that_cannot_start_leaves_nothing_behind(tmp_path: Path):
    """A taken TCP port: said with the key to change, and the socket is free again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path = tmp_path / "ccd.sock"
        server = HttpServer(FakeBackend(), HttpSettings(socket=path, port=port), CollectorRegistry())
        with pytest.raises(RefusedError, match=r"http\.port"):
            await server.start()
    assert not path.exists()
    LocalSocket(path).release()


async def test_a_stopped_server_is_gone(served: Served):
    """Socket and port are free; stopping twice does no harm."""
    await served.server.stop()
    assert not served.socket.exists()
    await served.server.stop()


async def test_health_says_that_the_loop_turns(served: Served):
    """`/healthz` asks the backend nothing."""
    served.backend.failure = RuntimeError("all is lost")
    async with served.tcp.get("/healthz") as answer:
        assert answer.status == 200
        assert answer.headers["Server"] == "ccd"


async def test_ready_says_why_not(served: Served):
    """503 while a problem is critical; a warning leaves it ready. Details stay inside."""
    async with served.tcp.get("/readyz") as answer:
        assert answer.status == 200
    served.backend.faults = [{"code": "database_slow", "level": "warning", "detail": "host db.example"}]
    async with served.tcp.get("/readyz") as answer:
        assert answer.status == 200
        assert (await answer.json())["problems"] == [{"code": "database_slow", "level": "warning"}]
    served.backend.faults = [{"code": "ami_disconnected", "level": "critical", "detail": "127.0.0.1:5038"}]
    async with served.tcp.get("/readyz") as answer:
        assert answer.status == 503
        assert (await answer.json())["problems"] == [{"code": "ami_disconnected", "level": "critical"}]


async def test_metrics_are_prometheus_and_name_no_caller(tmp_path: Path):
    """Live figures and the daemon's own registry, one well-formed page, no number, no id."""
    registry = CollectorRegistry()
    Counter("ccd_things", "Things", registry=registry).inc()
    backend = FakeBackend()
    backend.faults = [{"code": "ami_disconnected", "level": "critical", "detail": "x"}]
    server = HttpServer(backend, HttpSettings(socket=tmp_path / "s", port=0), registry)
    await server.start()
    try:
        url = f"http://127.0.0.1:{server.port}"
        async with aiohttp.ClientSession(url) as session, session.get("/metrics") as answer:
            page = await answer.text()
    finally:
        await server.stop()
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert samples["ccd_things_total",] == 1
    assert samples["ccd_calls_waiting",] == 2
    assert samples["ccd_queue_waiting", "sales"] == 2
    assert samples["ccd_queue_calls_total", "sales", "abandoned"] == 1
    assert samples["ccd_agents", "in_call"] == 1
    assert samples["ccd_problem", "ami_disconnected"] == 1
    assert samples["ccd_problem", "draining"] == 0
    assert samples["ccd_lookup_questions_total", "crm", "failed"] == 5
    assert samples["ccd_lookup_suspended", "crm"] == 1
    assert "13800138000" not in page
    assert "1795250000" not in page


@pytest.mark.parametrize("path", ["/api/v1/status", "/api/v1/agents", "/", "/metrics/../api/v1/agents"])
async def test_the_api_is_not_on_tcp(served: Served, path: str):
    """Whoever reaches the port gets health and figures, nothing else."""
    async with served.tcp.get(path) as answer:
        assert answer.status == 404
