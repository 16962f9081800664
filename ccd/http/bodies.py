"""The JSON bodies that the API takes, as pydantic models: strict, bounded, no unknown keys."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticKnownError

from ccd.http.backend import AgentChange, NewAgent, NewListEntry
from ccd.model import Supervision, Terms

MAX_IMPORT = 10_000


def _printable(text: str) -> str:
    """Refuse control and bidirectional characters: they lie about what is shown."""
    if not text.isprintable():
        raise ValueError("control or invisible characters are not allowed")
    return text


AgentNumberText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
ExtensionText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
QueueText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
ReasonText = Annotated[str, StringConstraints(max_length=64), AfterValidator(_printable)]
NameText = Annotated[str, StringConstraints(max_length=128), AfterValidator(_printable)]
PinText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,32}$")]
Skills = Annotated[dict[QueueText, Annotated[int, Field(ge=0, le=100)]], Field(max_length=200)]
"""Level by skill."""
CallLimit = Annotated[int, Field(ge=0, le=10_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TermsBody(_Body):
    """How an agent serves a queue, with a ring time and a rest of their own if they have any."""

    penalty: Annotated[int, Field(ge=0, le=1000)] = 0
    ring_s: Annotated[float, Field(ge=1, le=600)] | None = None
    wrap_up_s: Annotated[float, Field(ge=0, le=3600)] | None = None

    def value(self) -> Terms:
        """Give it as the backend takes it."""
        return Terms(penalty=self.penalty, ring_s=self.ring_s, wrap_up_s=self.wrap_up_s)


def _penalty_alone(told: Any, read: ValidatorFunctionWrapHandler) -> TermsBody:
    """Read an object, or a penalty alone: what is wrong with that is told of the queue's own key."""
    if isinstance(told, Mapping):
        terms: TermsBody = read(told)
        return terms
    try:
        return TermsBody.model_validate({"penalty": told}, strict=True)
    except ValidationError as error:
        (problem,) = error.errors()
        kind: Any = problem["type"]
        raise PydanticKnownError(kind, problem.get("ctx")) from error


Queues = Annotated[
    dict[QueueText, Annotated[TermsBody, WrapValidator(_penalty_alone)]], Field(max_length=200)
]


def _terms(queues: Mapping[str, TermsBody]) -> dict[str, Terms]:
    return {queue: told.value() for queue, told in queues.items()}


class NewAgentBody(_Body):
    """`POST /agents`, and a row of an import."""

    number: AgentNumberText
    name: NameText = ""
    extension: ExtensionText | None = None
    pin: PinText | None = None
    queues: Queues = Field(default_factory=dict)
    skills: Skills = Field(default_factory=dict)

    def value(self) -> NewAgent:
        """Give it as the backend takes it."""
        return NewAgent(
            number=self.number,
            name=self.name,
            extension=self.extension,
            pin=self.pin,
            queues=_terms(self.queues),
            skills=self.skills,
        )


class AgentChangeBody(_Body):
    """`PATCH /agents/NUMBER`; keys that are absent stay as they are."""

    name: NameText | None = None
    extension: ExtensionText | None = None
    pin: PinText | None = None
    queues: Queues | None = None
    skills: Skills | None = None
    calls_per_hour: CallLimit | None = None
    calls_per_day: CallLimit | None = None
    rest_s: Annotated[float, Field(ge=0, le=3600)] | None = None
    caller_id: Annotated[str, Field(pattern=r"^(\+?[0-9]{1,20})?$")] | None = None

    def value(self) -> AgentChange:
        """Give it as the backend takes it: null for `extension` or `pin` takes it away."""
        cleared = {key for key in self.model_fields_set if getattr(self, key) is None}
        return AgentChange(
            name=self.name,
            extension="" if "extension" in cleared else self.extension,
            pin="" if "pin" in cleared else self.pin,
            queues=None if self.queues is None else _terms(self.queues),
            skills=self.skills,
            calls_per_hour=self.calls_per_hour,
            calls_per_day=self.calls_per_day,
            rest_s=self.rest_s,
            caller_id="" if "caller_id" in cleared else self.caller_id,
        )


class ImportBody(_Body):
    """`POST /agents/import`."""

    agents: list[NewAgentBody] = Field(max_length=MAX_IMPORT)
    dry_run: bool = False


class ListEntryBody(_Body):
    """A row of `ListBody`."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_printable)]
    note: NameText = ""
    until_at: AwareDatetime | None = None

    def value(self) -> NewListEntry:
        """Give it as the backend takes it."""
        return NewListEntry(number=self.number, note=self.note, until_at=self.until_at)


class ListBody(_Body):
    """`POST /lists/NAME`."""

    add: list[ListEntryBody] = Field(default_factory=list, max_length=MAX_IMPORT)
    remove: list[Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field(
        default_factory=list, max_length=MAX_IMPORT
    )
    dry_run: bool = False


class SignInBody(_Body):
    """`POST /agents/NUMBER/sign-in`."""

    extension: ExtensionText | None = None


class PauseBody(_Body):
    """`POST /agents/NUMBER/pause`."""

    reason: ReasonText = ""


class DispositionBody(_Body):
    """`POST /agents/NUMBER/disposition`."""

    code: ReasonText


class OwnerBody(_Body):
    """`PUT /customers/NUMBER/owner`; null: nobody."""

    agent: AgentNumberText | None


class TransferBody(_Body):
    """`POST /calls/ID/transfer`."""

    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9A-Za-z_-]{1,32}$")]


class RedirectBody(_Body):
    """`POST /calls/ID/redirect`."""

    to: Annotated[str, StringConstraints(pattern=r"^(queue|flow)/[a-z0-9_-]{1,64}(:[a-z0-9_-]{1,64})?$")]


class PromptBody(_Body):
    """`POST /prompts/record` and `/prompts/play`."""

    prompt: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,3}$")]
    language: Literal["en", "zh"]
    extension: ExtensionText


class SuperviseBody(_Body):
    """`POST /calls/ID/supervise`."""

    mode: Supervision
    extension: ExtensionText


class HeardBody(_Body):
    """`POST /voicemail/ID/heard`; false: it is new again."""

    heard: bool = True


class PlayBody(_Body):
    """`POST /voicemail/ID/play`: the phone to ring."""

    extension: ExtensionText


class NewCallbackBody(_Body):
    """`POST /callbacks`."""

    queue: QueueText
    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,32}$")]


PromptText = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,3})?$")]
UntilText = Annotated[str, StringConstraints(pattern=r"^[0-9T:+ Z-]{0,32}$")]


class CloseBody(_Body):
    """`POST /queues/NAME/close`."""

    say: PromptText = ""
    waiting: Literal["keep", "leave"] = "keep"
    until: UntilText = ""


class OpenBody(_Body):
    """`POST /queues/NAME/open`."""

    until: UntilText = ""


class MoveBody(_Body):
    """`POST /queues/NAME/move`."""

    to: QueueText
    limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class CallMoveBody(_Body):
    """`POST /calls/ID/move`."""

    queue: QueueText


class PriorityBody(_Body):
    """`POST /calls/ID/priority`."""

    priority: Annotated[int, Field(ge=-1000, le=1000)]


class EmptyBody(_Body):
    """Where nothing needs to be said."""
