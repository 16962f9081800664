"""The part of the fake backend that knows the outbound policy: numbers that begin with 09 are denied."""

from datetime import datetime

from ccd.http import shapes


class FakeOutbound:
    """Answers as a daemon that has let seven calls out."""

    async def outbound_check(
        self,
        number: str,
        *,
        agent: str | None,
        phone: str | None,
        queue: str | None,
        at: datetime | None,
    ) -> shapes.OutboundCheck:
        """Deny what begins with 09; show who asked as the caller id, so that tests see it arrive."""
        denied = number.startswith("09")
        return {
            "number": number,
            "allowed": not denied,
            "reason": "denied" if denied else None,
            "rule": "deny" if denied else "allow",
            "callee": f"+86{number.lstrip('0')}",
            "country": "CN",
            "kind": "fixed",
            "target": "" if denied else f"PJSIP/{number}@trunk",
            "caller_id": " ".join(str(each) for each in (agent, phone, queue, at) if each is not None),
            "max_s": None if denied else 600.0,
            "record": "" if denied else "always",
            "steps": [{"rule": "evenings", "verdict": "hours"}, {"rule": "allow", "verdict": "fits"}],
        }

    async def outbound_limits(self) -> shapes.OutboundLimits:
        """Give limits that are used a little."""
        return {
            "limits": {"agent.per_hour": 20, "callee.per_day": None, "system.per_hour": 100},
            "hour": 7,
            "concurrent": 1,
            "people": [{"person": "agent/1001", "hour": 6, "day": 7, "talk_s": 90.0, "concurrent": 1}],
            "let_out": 7,
            "refused": {"denied": 2, "invalid": 1},
        }
