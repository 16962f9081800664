"""The outbound policy, asked by people: what would become of a number, and what is used of the limits."""

from datetime import datetime

from ccd.calls.dialling import who_is
from ccd.calls.house import House
from ccd.calls.roster import Roster
from ccd.http import shapes
from ccd.outbound.policy import Allowed, Who


class OutboundDesk:
    """Answers `/outbound/…`."""

    def __init__(self, house: House, roster: Roster) -> None:
        self._house = house
        self._roster = roster

    async def outbound_check(
        self,
        number: str,
        *,
        agent: str | None,
        phone: str | None,
        queue: str | None,
        at: datetime | None,
    ) -> shapes.OutboundCheck:
        """Say what would become of a number; nothing is counted."""
        who = Who(extension=phone or "", queue=queue or "")
        if agent is not None:
            view = self._roster.find(agent)
            who = who_is(self._house, view, phone or view.extension or "", queue or "")
        verdict = self._house.outgoing.consider(number, who, at)
        its = verdict.callee
        told: shapes.OutboundCheck = {
            "number": number,
            "allowed": verdict.allowed,
            "reason": None,
            "rule": verdict.rule,
            "callee": its.e164 if its is not None else number,
            "country": its.country if its is not None else "",
            "kind": its.kind.value if its is not None else "",
            "target": "",
            "caller_id": "",
            "max_s": None,
            "record": "",
            "steps": [{"rule": step.rule, "verdict": step.verdict} for step in verdict.trace],
        }
        if isinstance(verdict, Allowed):
            told |= {
                "target": verdict.target,
                "caller_id": verdict.caller_id,
                "max_s": verdict.max_s,
                "record": verdict.record.value,
            }
        else:
            told["reason"] = verdict.reason.value
        return told

    async def outbound_limits(self) -> shapes.OutboundLimits:
        """Give the limits, and what is used of them."""
        outgoing = self._house.outgoing
        limits = self._house.config.outbound.limits
        counts, people = outgoing.used()
        return {
            "limits": {
                f"{group}.{key}": value
                for group, section in (
                    ("agent", limits.agent),
                    ("callee", limits.callee),
                    ("system", limits.system),
                )
                for key, value in section.model_dump().items()
            },
            "hour": counts.system_hour,
            "concurrent": counts.system_concurrent,
            "people": [
                {
                    "person": person,
                    "hour": used.hour,
                    "day": used.day,
                    "talk_s": round(used.talk_s, 3),
                    "concurrent": used.concurrent,
                }
                for person, used in people
            ],
            "let_out": outgoing.let_out,
            "refused": dict(outgoing.refused),
        }
