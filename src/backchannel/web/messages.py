"""What a page and the workbench say to each other; `interface/src/lib/protocol.ts` is the other half.

Every request has an `id`, and exactly one message that carries the same `id` answers it. Messages
without an `id` tell every window what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)

from backchannel.language.errors import CommandError

PROTOCOL = 1
MOST_CHARACTERS = 6_000_000
"""Of one message: a case file of the largest size, escaped."""
LONG = 100_000
"""Characters above which a message can only be a text: many small parts would take long to read."""
_ONE_TEXT = re.compile(
    r'\s*+\{(?:\s*+"\w{1,20}"\s*+:\s*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|\d{1,20})\s*+,?+){1,9}\s*+\}\s*+'
)
"""A JSON object of few members, all of them texts and numbers."""
FARTHEST = 6.0
"""A slider's score lies between this and its negative."""

Score: TypeAlias = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False)]
Number: TypeAlias = Annotated[StrictInt, Field(ge=0, lt=2**53)]
Key: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Setting: TypeAlias = StrictStr | StrictInt | StrictFloat


class Message(BaseModel):
    """A part of what is said; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


class Asked(Message):
    """An intervention set by hand, and what to look at."""

    key: Key
    do: dict[Key, Setting] | None = Field(None, max_length=100)
    cause: Key | None = None
    announced: StrictBool | Key | None = None
    told: list[Key] | None = Field(None, max_length=100)
    outcomes: list[Key] = Field(min_length=1, max_length=100)


class Request(Message):
    """Something that a page asks for."""

    id: Number


class Shift(Request):
    """Move sliders: only those named change; null puts one back to its prior."""

    type: Literal["shift"]
    changes: dict[Key, Score | None] = Field(max_length=10_000)
    solve: StrictBool = False


class Solve(Request):
    """Solve again with the sliders as they stand."""

    type: Literal["solve"]


class AskWhatIf(Request):
    """Put a what-if on the desk and answer it."""

    type: Literal["what_if"]
    asked: Asked


class Drop(Request):
    """Take a what-if off the desk."""

    type: Literal["drop"]
    key: Key


class Edit(Request):
    """The whole text as it is typed."""

    type: Literal["edit"]
    text: StrictStr
    base: StrictStr = Field("", max_length=100)


class AskChanges(Request):
    """What would saving change?"""

    type: Literal["changes"]
    what: Literal["shifts", "text"]
    path: StrictStr = Field("", max_length=4000)


class Save(Request):
    """Write what a ticket stands for."""

    type: Literal["save"]
    ticket: Key


class Plain(Request):
    """All answers anew; take the file as it is; stay with the desk."""

    type: Literal["refresh", "reload", "keep"]


class Reset(Request):
    """Clear the desk, or a part of it."""

    type: Literal["reset"]
    what: Literal["shifts", "text", "what_ifs", "all"]


AnyRequest: TypeAlias = Shift | Solve | AskWhatIf | Drop | Edit | AskChanges | Save | Plain | Reset
_REQUEST: TypeAdapter[AnyRequest] = TypeAdapter(Annotated[AnyRequest, Field(discriminator="type")])


class Nonsense(CommandError):
    """A message that is no request; `id` is kept where it has one."""

    def __init__(self, message: str, id: int | None = None) -> None:
        super().__init__(message)
        self.id = id


def read_request(text: str) -> AnyRequest:
    """Read what a page sent.

    Raises:
        Nonsense: It is no request; the text says why.
    """
    if len(text) > MOST_CHARACTERS:
        raise Nonsense(
            f"The message has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read."
        )
    if len(text) > LONG and not _ONE_TEXT.fullmatch(text):
        raise Nonsense(f"This is no request: only a case text has more than {LONG:,} characters.")
    try:
        return _REQUEST.validate_json(text)
    except ValidationError as error:
        raise Nonsense(_why(error), _id_in(text)) from None


def _why(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    first = details[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    more = f" ({len(details) - 1} more)" if len(details) > 1 else ""
    return f"This is no request: {where + ': ' if where else ''}{first['msg']}{more}."


def _id_in(text: str) -> int | None:
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    id = found.get("id") if isinstance(found, dict) else None
    return id if isinstance(id, int) and not isinstance(id, bool) and 0 <= id < 2**53 else None


def written(type: str, id: int | None = None, /, **parts: Any) -> str:
    """Write a message: parts are plain values or pydantic models.

    >>> written("done", 3)
    '{"type":"done","id":3}'
    """
    head: dict[str, Any] = {"type": type} if id is None else {"type": type, "id": id}
    return _ANY.dump_json({**head, **parts}, fallback=_plain).decode()


def with_id(message: str, id: int) -> str:
    """A written message as the answer to a request.

    >>> with_id(written("done"), 3)
    '{"id":3,"type":"done"}'
    """
    return f'{{"id":{id},{message[1:]}'


_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


class Problem(Message):
    """One thing that is wrong or odd about the case text; 0: it concerns the whole text."""

    line: int
    column: int
    message: str


class Checked(Message):
    """What a check of the text found."""

    revision: int
    problems: list[Problem]
    warnings: list[Problem]


class Facts(Message):
    """What the server has to know of a case; the processes that check and solve know the rest."""

    title: str
    case: str
    """The same for two texts whose cases are the same."""
    shape: str
    """The same for two cases whose nodes, values, numbers and questions are the same, so that their
    answers can stand side by side."""
    uncertain: list[str]
    """Numbers that have a slider."""


class FileState(Message):
    """How the case file is, and what can be done about it."""

    state: Literal["same", "changed", "gone"] = "same"
    note: str = ""
    choices: list[Literal["reload", "keep"]] = []


Kind: TypeAlias = Literal["quick", "full", "what_if"]
"""Of a job."""


class Status(Message):
    """What is being solved."""

    state: Literal["idle", "solving", "failed"] = "idle"
    job: Kind | None = None
    stage: str = ""
    done: int = 0
    total: int = 0
    note: str = ""


class About(Message):
    """Which case is open, and how."""

    name: str
    title: str
    path: str
    editable: bool
    save_as: str
    draws: int
    seed: int
