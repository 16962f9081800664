"""Deadlines: earliest first, one of a kind for each owner, and nothing piles up."""

from dataclasses import dataclass, field

from ccd.routing.deadlines import Deadline, Deadlines, Kind


@dataclass(eq=False)
class Owner:
    """Whatever has deadlines."""

    timers: dict[Kind, Deadline] = field(default_factory=dict)


def due(deadlines: Deadlines, now: float) -> list[float]:
    """Take all that is due."""
    taken = []
    while (deadline := deadlines.pop_due(now)) is not None:
        taken.append(deadline.at)
    return taken


def test_the_earliest_comes_first():
    """Deadlines come in the order of their instants, none before its time."""
    deadlines = Deadlines()
    for at in (3.0, 1.0, 2.0):
        deadlines.arm(Owner(), Kind.LEASE, at)
    assert deadlines.next() == 1.0
    assert due(deadlines, 2.0) == [1.0, 2.0]
    assert deadlines.next() == 3.0


def test_arming_again_replaces():
    """An owner has one deadline of a kind, and others of other kinds."""
    deadlines, owner = Deadlines(), Owner()
    deadlines.arm(owner, Kind.RETRY, 1.0)
    deadlines.arm(owner, Kind.HOLD, 2.0)
    deadlines.arm(owner, Kind.RETRY, 3.0)
    assert due(deadlines, 9.0) == [2.0, 3.0]
    assert owner.timers == {}


def test_what_is_called_off_does_not_come():
    """A deadline that was called off neither comes nor wakes anybody."""
    deadlines, owner = Deadlines(), Owner()
    deadlines.arm(owner, Kind.RETRY, 1.0)
    deadlines.arm(owner, Kind.HOLD, 2.0)
    deadlines.disarm(owner, Kind.RETRY)
    assert deadlines.next() == 2.0
    deadlines.disarm_all(owner)
    assert deadlines.next() is None
    assert due(deadlines, 9.0) == []


def test_what_is_called_off_does_not_pile_up():
    """Ten thousand far deadlines that were called off leave almost nothing behind."""
    deadlines, owner = Deadlines(), Owner()
    deadlines.arm(owner, Kind.MAX_WAIT, 5.0)
    for _ in range(10_000):
        deadlines.arm(owner, Kind.LEASE, 3600.0)
    assert len(deadlines._heap) < 600
    assert due(deadlines, 9999.0) == [5.0, 3600.0]
