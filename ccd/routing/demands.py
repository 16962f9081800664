"""What a caller asks of an agent at a moment: skills, required or preferred, and the highest penalty.

All of it becomes less as the caller waits (`relax` of a need, `penalties` of a queue). Callers of one demand
stand in one lane of a line (`lanes`), so nobody is looked at who could not be served anyway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ccd.model import Need, QueueSettings

TIER = 1 << 20
"""Added to a member's penalty in the order of a lane for each preferred need they do not fulfil."""


class Demand(NamedTuple):
    """A demand; equal ones are one lane."""

    required: tuple[tuple[str, int], ...] = ()
    """Skill and least level; who lacks one is not offered the caller."""
    preferred: tuple[tuple[str, int], ...] = ()
    """Who fulfils more of these goes first, whatever the penalty."""
    max_penalty: int | None = None
    """Members of a higher penalty are not offered the caller."""

    def tier(self, skills: Mapping[str, int], penalty: int) -> int | None:
        """Count the preferred needs that a member lacks; None: they may not be offered the caller."""
        if self.max_penalty is not None and penalty > self.max_penalty:
            return None
        for skill, level in self.required:
            if skills.get(skill, 0) < level:
                return None
        return sum(skills.get(skill, 0) < level for skill, level in self.preferred)

    def obstacle(self, skills: Mapping[str, int], penalty: int) -> tuple[str, str]:
        """Say why a member may not be offered the caller, as verdict and key of `history.Candidate`."""
        for skill, level in self.required:
            if skills.get(skill, 0) < level:
                return "lacks", f"{skill} {level} (has {skills.get(skill, 0)})"
        if self.max_penalty is not None and penalty > self.max_penalty:
            return "penalty_over", f"{self.max_penalty} (has {penalty})"
        return "", ""

    def words(self) -> str:
        """Tell it in a few words for the routing trace; empty when anybody will do."""
        told = [f"{skill} {level}" for skill, level in self.required]
        told += [f"{skill} {level} preferred" for skill, level in self.preferred]
        if self.max_penalty is not None:
            told.append(f"penalty {self.max_penalty} at most")
        return ", ".join(told)


ANYONE = Demand()


def needs_of(settings: QueueSettings, own: Mapping[str, int]) -> tuple[Need, ...]:
    """Give what a caller needs: the queue's needs, at levels of the caller's own where they bring one.

    What the queue does not name is required and never relaxed.
    """
    if not own:
        return tuple(need for need in settings.needs if need.level > 0)
    rules = {need.skill: need for need in settings.needs}
    rules |= {
        skill: replace(rules.get(skill, Need(skill=skill)), level=level) for skill, level in own.items()
    }
    return tuple(need for need in rules.values() if need.level > 0)


def demand_at(needs: tuple[Need, ...], settings: QueueSettings, waited_s: float) -> Demand:
    """Give the demand of a caller who has waited so long."""
    if not needs and not settings.penalties:
        return ANYONE
    wanted = sorted(
        (need.skill, level, need.preferred) for need in needs if (level := _level(need, waited_s))
    )
    demand = Demand(
        required=tuple((skill, level) for skill, level, preferred in wanted if not preferred),
        preferred=tuple((skill, level) for skill, level, preferred in wanted if preferred),
        max_penalty=_max_penalty(settings, waited_s),
    )
    return demand if demand != ANYONE else ANYONE


def steps(needs: tuple[Need, ...], settings: QueueSettings) -> Iterator[float]:
    """Give after how many seconds of waiting something becomes less, or other queues help; in no order."""
    for need in needs:
        for relaxation in need.relax:
            yield relaxation.after_s
    for limit in settings.penalties:
        yield limit.after_s
    for overflow in settings.overflow:
        if not overflow.leave:
            yield overflow.after_s


def _level(need: Need, waited_s: float) -> int:
    return min((need.level, *(step.level for step in need.relax if waited_s >= step.after_s)))


def _max_penalty(settings: QueueSettings, waited_s: float) -> int | None:
    past = [limit for limit in settings.penalties if waited_s >= limit.after_s]
    return past[-1].up_to if past else None
