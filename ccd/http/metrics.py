"""Prometheus figures of what is live, made anew at each scrape.

Labels are names from the configuration (queues) and enumerations: never a number, an agent or a call.
Counters and histograms that must be counted as things happen live in the daemon's own registry.
"""

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from ccd.http.shapes import Lookup, ProblemCode, QueueSummary, Status

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_RESULTS = ("answered", "abandoned", "timed_out", "callbacks", "other")


class _Live(Collector):
    """One scrape's figures."""

    def __init__(self, status: Status, queues: Sequence[QueueSummary]) -> None:
        self._status = status
        self._queues = queues

    def collect(self) -> Iterator[Metric]:
        """Give every family."""
        yield from _of_daemon(self._status)
        yield from _of_queues(self._queues)


def _of_daemon(status: Status) -> Iterator[Metric]:
    gauges = {
        "ccd_uptime_seconds": ("Since the daemon started", status["uptime_s"]),
        "ccd_ami_connected": ("1 while the manager link to Asterisk is up", float(status["ami_connected"])),
        "ccd_agi_sessions": ("FastAGI sessions open now", status["agi_sessions"]),
        "ccd_writer_backlog": ("Records not yet in the database", status["writer_backlog"]),
        "ccd_calls": ("Calls inside ccd", status["calls"]),
        "ccd_calls_waiting": ("Callers waiting in queues", status["waiting"]),
        "ccd_calls_talking": ("Callers talking with agents", status["talking"]),
        "ccd_longest_wait_seconds": ("Of those who wait now", status["longest_wait_s"]),
        "ccd_outgoing_calls": ("Calls to the outside under way", status["outgoing"]),
        "ccd_agents_paused": ("Agents on a break", status["agents_paused"]),
        "ccd_agents_signed_in": ("Agents signed in", status["agents_signed_in"]),
    }
    for name, (text, value) in gauges.items():
        yield GaugeMetricFamily(name, text, value=value)
    outgoing = CounterMetricFamily(
        "ccd_outgoing", "Numbers that phones and flows dialled, by what became of them", labels=["result"]
    )
    for result, count in {"let_out": status["outgoing_let_out"], **status["outgoing_refused"]}.items():
        outgoing.add_metric([result], count)
    yield outgoing
    agents = GaugeMetricFamily("ccd_agents", "Signed-in agents by state", labels=["state"])
    for state, count in status["agents"].items():
        agents.add_metric([state], count)
    yield agents
    yield from _of_lookups(status["lookups"])
    present = {each["code"] for each in status["problems"]}
    problems = GaugeMetricFamily("ccd_problem", "1 while the daemon has this problem", labels=["code"])
    for code in ProblemCode:
        problems.add_metric([code.value], float(code.value in present))
    yield problems


def _of_lookups(lookups: list[Lookup]) -> Iterator[Metric]:
    asked = CounterMetricFamily(
        "ccd_lookup_questions",
        "Questions to business systems, by outcome",
        labels=["lookup", "outcome"],
    )
    suspended = GaugeMetricFamily("ccd_lookup_suspended", "1 while a system is left alone", labels=["lookup"])
    for each in lookups:
        for outcome, count in (
            ("found", each["found"]),
            ("not_found", each["not_found"]),
            ("failed", each["failed"]),
        ):
            asked.add_metric([each["name"], outcome], count)
        suspended.add_metric([each["name"]], float(each["state"] != "closed"))
    yield from (asked, suspended)


def _of_queues(queues: Sequence[QueueSummary]) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("ccd_queue_waiting", "Callers waiting", labels=["queue"])
    longest = GaugeMetricFamily("ccd_queue_longest_wait_seconds", "Of those who wait now", labels=["queue"])
    available = GaugeMetricFamily("ccd_queue_available", "Agents who could take a call now", labels=["queue"])
    left = CounterMetricFamily(
        "ccd_queue_calls",
        "Stays in the queue since the day began, by how they ended",
        labels=["queue", "result"],
    )
    for queue in queues:
        label = [queue["name"]]
        waiting.add_metric(label, queue["waiting"])
        longest.add_metric(label, queue["longest_wait_s"])
        available.add_metric(label, queue["available"])
        counts = dict(queue["figures"])
        for result in _RESULTS:
            left.add_metric([*label, result], float(str(counts[result])))
    yield from (waiting, longest, available, left)


def exposition(registry: CollectorRegistry, status: Status, queues: Sequence[QueueSummary]) -> bytes:
    """Give the daemon's own registry and the live figures in Prometheus's text format."""
    live = CollectorRegistry()
    live.register(_Live(status, queues))
    return generate_latest(registry) + generate_latest(live)
