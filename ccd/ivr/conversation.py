"""A scripted conversation: a partner who follows a script, and tells where the flow went another way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ccd.config.flow_tests import Located, Step
from ccd.config.flows import CallFlow, Return
from ccd.errors import AgiHangupError
from ccd.ivr.book import Book, resolve
from ccd.ivr.ports import Place
from ccd.ivr.rehearsal import HUNG_UP, Answer, Curtain, Heard, Performance, Question, Scene, Words, rehearse

_ENDS = {"hangup": ("hangup", "return"), "return": ("return",), "caller": ("caller",)}
"""Which endings a script's `ends` stands for: without a dialplan to return to, the call is hung up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that went another way than the script."""

    line: int
    """Of the script."""
    wanted: str
    """The step as it is written."""
    what: str
    """`key`: the flow waits for a key; `outside`: it goes to a queue, a dial, …; `over`: the call is over;
    `outcome`: there is no such outcome; `variable`: it holds something else."""
    details: Mapping[str, str]
    """`at`: the node; `heard`: prompts since the last step that fitted; besides, where they matter, `kind`,
    `subject`, `outcomes`, `value`, `ending`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one test."""

    located: Located
    differences: tuple[Difference, ...]
    visited: tuple[Place, ...]
    """The nodes in the order of walking."""
    ended: bool
    """Whether the flow itself ended the call, behind the last node."""

    @property
    def passed(self) -> bool:
        """Whether all went as the script says."""
        return not self.differences


class _Script:
    """Plays the caller and the world by a script; the first difference ends the play."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.visited: list[Place] = []
        self.differences: list[Difference] = []
        self._at = 0
        self._keys: list[str] = []
        self._silences = 0
        self._wanted: list[str] = []
        """Prompts of the present step that are still to be heard."""
        self._heard: list[str] = []
        self._entering = False
        """Keys were pressed and nothing was heard since: silence ends the entry."""
        self._prepare()

    # ------------------------------------------------------------ the present step

    @property
    def step(self) -> Step | None:
        """The step that comes next; None behind the last one."""
        steps = self.located.test.steps
        return steps[self._at] if self._at < len(steps) else None

    def advance(self) -> None:
        """Go on to the next step."""
        self._at += 1
        self._heard.clear()
        self._prepare()

    def _prepare(self) -> None:
        step = self.step
        self._wanted = list(step.hears or ()) if step else []
        self._silences = (step.silent or 0) if step else 0

    def differ(self, what: str, **details: str) -> None:
        """Note that the present step is not what happens."""
        step = self.step
        line = self.located.step_lines[min(self._at, len(self.located.step_lines) - 1)]
        at = str(self.visited[-1]) if self.visited else ""
        told = {"at": at, "heard": " ".join(self._heard), **details}
        self.differences.append(
            Difference(line=line, wanted=step.label if step else "", what=what, details=told)
        )

    # ------------------------------------------------------------ as `ccd.ivr.rehearsal.Partner`

    def entered(self, place: Place) -> None:
        """See whether it is the node that the script wants."""
        self.visited.append(place)
        self._entering = False
        step = self.step
        if step is not None and step.node in {place.node, str(place)}:
            self.advance()

    def hears(self, heard: Sequence[Heard], *, may_press: bool) -> str:
        """Compare what is heard with what the script wants; press a key if it is an early one."""
        self._entering = False
        text = "".join(each.text for each in heard) + "\n" + " ".join(each.text for each in heard)
        self._hears_text(text)
        for each in heard:
            self._heard.append(each.prompt)
            if self._wanted and each.prompt == self._wanted[0]:
                self._wanted.pop(0)
                if not self._wanted:
                    self.advance()
                    self._hears_text(text)
        step = self.step
        if may_press and step is not None and step.presses and step.early:
            return self._press(step)
        return ""

    def _hears_text(self, text: str) -> None:
        step = self.step
        if step is not None and step.hears_text is not None and step.hears_text in text:
            self.advance()

    def _press(self, step: Step) -> str:
        self._keys = list(step.presses or "")
        self.advance()
        self._entering = True
        return self._keys.pop(0)

    def key(self, timeout_s: float) -> str:  # noqa: ARG002 - the partner's signature
        """Press the next key of the script, or none."""
        if self._keys:
            return self._keys.pop(0)
        step = self.step
        match step:
            case None:
                raise Curtain
            case Step(presses=str()):
                return self._press(step)
            case Step(hangs_up=True):
                self.advance()
                raise AgiHangupError("the script hangs up")
            case Step(silent=int()):
                self._silences -= 1
                if not self._silences:
                    self.advance()
                return ""
            case _ if self._entering:
                self._entering = False
                return ""
        self.differ("key")
        raise Curtain

    def answer(self, question: Question) -> Answer:
        """Decide as the script says."""
        if question.kind == "list":
            return Answer("listed" if question.subject in self.located.test.lists else "not_listed")
        step = self.step
        if step is None:
            raise Curtain
        if step.hangs_up:
            self.advance()
            return Answer(HUNG_UP)
        if step.outside != (question.kind, question.subject):
            self.differ("outside", kind=question.kind, subject=question.subject)
            raise Curtain
        outcome = step.outcome or question.outcomes[0]
        if outcome not in {*question.outcomes, HUNG_UP}:
            self.differ("outcome", outcomes=", ".join((*question.outcomes, HUNG_UP)))
            raise Curtain
        self.advance()
        if step.outcome is None and self.step is None and not self.located.test.variables:
            raise Curtain  # the script ends where the caller goes
        return Answer(outcome, step.gives)


async def run_test(located: Located, book: Book, words: Words, scene: Scene) -> Result:
    """Play one test; every word of it is decided by the script, so that it always goes the same way."""
    script = _Script(located)
    performance = await rehearse(book, words, scene, script)
    if not script.differences:
        _finish(script, performance)
    return Result(
        located=located,
        differences=tuple(script.differences),
        visited=tuple(script.visited),
        ended=performance.ending in _ENDS["hangup"],
    )


def _finish(script: _Script, performance: Performance) -> None:
    """Compare the end: how the call ended, and what the variables hold."""
    step = script.step
    if step is not None and performance.ending in _ENDS.get(step.ends or "", ()):
        script.advance()
    if script.step is not None:
        script.differ("over", ending=performance.ending)
    located = script.located
    for name, value in located.test.variables.items():
        held = performance.caller.known().get(name, "")
        if held != value:
            script.differences.append(
                Difference(
                    line=located.variable_lines[name],
                    wanted=f"{name}: {value}",
                    what="variable",
                    details={"at": "", "heard": "", "value": held},
                )
            )


@dataclass(slots=True)
class Coverage:
    """Which nodes and branches of flows the tests came by."""

    nodes: dict[Place, bool] = field(default_factory=dict)
    branches: dict[tuple[Place, Place | None], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, results: Sequence[Result]) -> "Coverage":
        """Count the flows that the tests begin in or come to; two branches to one node are one."""
        coverage = cls()
        visited = {place for result in results for place in result.visited if place.flow in book.flows}
        taken = {pair for result in results for pair in _pairs(result, book)}
        for name in sorted({place.flow for place in visited}):
            for node, model in book.flows[name].nodes.items():
                place = Place(name, node)
                coverage.nodes[place] = place in visited
                for edge in model.edges():
                    to = resolve(edge.target, name) if edge.target else None
                    coverage.branches[place, to] = (place, to) in taken
        return coverage

    @property
    def unvisited(self) -> list[Place]:
        """Nodes that no test came to."""
        return [place for place, seen in self.nodes.items() if not seen]


def _pairs(result: Result, book: Book) -> Iterator[tuple[Place, Place | None]]:
    """Give the steps from node to node; where a sub-flow returns, it is its caller's branch that is taken."""
    calls: list[Place] = []
    following = [*result.visited[1:], None] if result.ended else result.visited[1:]
    for place, to in zip(result.visited, following, strict=False):
        node = book.node(place)
        if isinstance(node, CallFlow):
            calls.append(place)
        elif isinstance(node, Return) and calls:
            yield calls.pop(), to
        yield place, to


def local(at: datetime, book: Book) -> datetime:
    """Give an instant that was written without an offset in the time zone of the flows."""
    return at if at.tzinfo is not None else at.replace(tzinfo=book.timezone)
