"""Nodes that decide by where a number is from and by what time it is: region, time."""

from zoneinfo import ZoneInfo

from ccd.config.flows import AskRegion, AskTime
from ccd.config.flows.locating import RegionCase
from ccd.history import FactsLearnt
from ccd.ivr.regions import Region, region_of
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk


async def region(node: AskRegion, talk: Talk) -> Step:
    """Tell where a number is from, and go on by it; the first case that holds decides."""
    caller, host = talk.caller, talk.host
    found = region_of(caller.known().get(node.region, ""), talk.book.country)
    told = {"country": found.country, "region": found.text(caller.language), "line": found.line}
    caller.variables |= told
    for name in told:
        caller.mark(name, asked_at=caller.secrets.get(node.region))
    if node.region not in caller.secrets:
        facts = tuple((name, value) for name, value in told.items() if value)
        host.note(FactsLearnt(call_id=caller.call_id, at=host.now(), source="region", facts=facts))
    for number, case in enumerate(node.cases, start=1):
        if _holds(case, found):
            return Step(f"case {number}", case.next)
    return Step("default", node.default)


def _holds(case: RegionCase, found: Region) -> bool:
    return (
        (not case.country or found.country in case.country)
        and (not case.region or any(found.is_in(name) for name in case.region))
        and (case.line is None or found.line == case.line)
    )


async def time(node: AskTime, talk: Talk) -> Step:
    """Go on by the local time; the first case that holds decides."""
    zone = talk.book.timezone if node.time == "local" else ZoneInfo(node.time)
    local = talk.host.wall().astimezone(zone)
    for number, case in enumerate(node.cases, start=1):
        if case.holds(local):
            return Step(f"case {number}", case.next)
    return Step("default", node.default)
