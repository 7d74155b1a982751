"""What the workbench sends to pages, as JSON text over one WebSocket at /live.

A message with an `id` answers the request with that `id`. Messages without an `id` tell every window what has
changed. `interface/src/lib/messages.ts` is generated from these models (`message_schema`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from backchannel.case.edit.operation_models import JsonContent
from backchannel.web.message_parts import (
    About,
    Checked,
    CustomWhatIf,
    FileState,
    HistoryView,
    LeftOut,
    QuickCertificate,
    ServerPart,
    SharedView,
    Shifts,
    SolvingStatus,
    TextView,
)

PROTOCOL = 5
"""Another number where a page of an older version could not understand the messages."""

# Parts of the answers document. Its models stay outside, so that reading a request imports none of them;
# `tsType` names the type that the page has for each.
AnswersPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Answers"})]
AnswerList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Answer[]"})]
BottomLineList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "BottomLine[]"})]
DrawsPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Draws"})]
DrawnWhatIfPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DrawnWhatIf"})]
ForecastList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "NodeForecast[]"})]
NodeList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DiagramNode[]"})]
InterestList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DiagramInterest[]"})]
LayoutPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Layout"})]
WhatIfItem: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "WhatIf"})]
WhatIfList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "WhatIf[]"})]


class News(ServerPart):
    """A message to every window."""


def _optional_id(schema: dict[str, Any]) -> None:
    """A page gets the number or nothing, never null."""
    number = schema["properties"]["id"]
    schema["properties"]["id"] = {"type": "integer", "description": number["description"]}
    schema["required"].remove("id")


class Reply(ServerPart):
    """A message that can answer a request."""

    model_config = ConfigDict(json_schema_extra=_optional_id)

    id: int | None = None
    """The request that this answers; missing in the same message to other windows."""


class HelloMessage(News):
    """The first message to a new window: everything but the answers, which follow."""

    type: Literal["hello"] = "hello"
    protocol: int
    version: str
    launch: str
    """Another one after the server was started again: what was shared is then lost."""
    case: About
    shared: SharedView
    text: TextView
    digest: str
    """Of the file as it was read."""
    checked: Checked
    file: FileState
    status: SolvingStatus
    history: HistoryView


class AnswersMessage(News):
    """A whole answers document."""

    type: Literal["answers"] = "answers"
    answers: AnswersPart
    shifts: Shifts
    """The sliders for which it was solved."""
    text_revision: int
    case_digest: str
    """The case for which it was solved."""


class PartialMessage(News):
    """What is answered so far of a document that is being solved; no draws yet, so nothing can be reweighted."""

    type: Literal["partial"] = "partial"
    answers: AnswersPart
    shifts: Shifts
    text_revision: int
    case_digest: str


class QuickMessage(News):
    """The case solved again with other numbers.

    It comes twice where the case asks what-ifs: first without them, so that forecasts are there soon.
    """

    type: Literal["quick"] = "quick"
    shifts: Shifts
    text_revision: int
    case_digest: str
    """The case for which it was solved."""
    forecasts: ForecastList
    draws: DrawsPart
    """Scores are those of the unshifted priors; the draws were taken with the sliders at `shifts`."""
    answers: AnswerList
    """Those questions that need only forecasts (and what-ifs, once `complete`)."""
    bottom_lines: BottomLineList
    """Of the same questions."""
    what_ifs: WhatIfList
    certificate: QuickCertificate
    seconds: float
    """From request to answer."""
    complete: bool


class WhatIfMessage(Reply):
    """The answer to a custom what-if."""

    type: Literal["what_if"] = "what_if"
    asked: CustomWhatIf
    what_if: WhatIfItem
    columns: DrawnWhatIfPart
    """They belong to the newest draws, of `quick` or of `answers`."""
    shifts: Shifts
    """The sliders for which it was solved."""
    case_digest: str
    """The case for which it was solved."""


class SharedMessage(Reply):
    """What all windows share has changed."""

    type: Literal["shared"] = "shared"
    shared: SharedView


class TextMessage(Reply):
    """The text has changed."""

    type: Literal["text"] = "text"
    text: TextView
    digest: str
    """Of the file as it was read."""


class TypedMessage(Reply):
    """An edit was taken; the result of its check comes as `checked`."""

    type: Literal["typed"] = "typed"
    revision: int
    unsaved: bool


class CheckedMessage(News):
    """The text was checked."""

    type: Literal["checked"] = "checked"
    checked: Checked


class OutlineMessage(News):
    """What a text that can be read says, before anything is solved."""

    type: Literal["outline"] = "outline"
    revision: int
    """Of the text."""
    content: JsonContent
    """The keys and values of the file as they are written; keys that are numbers are text here."""
    answers: AnswersPart | None
    """Where the case has no problems: a document in which nothing is solved yet."""
    case_digest: str
    """Of that case; empty where it has problems."""


class SketchMessage(News):
    """The diagram of a text that is not checked yet, or has problems."""

    type: Literal["sketch"] = "sketch"
    revision: int
    """Of the text."""
    nodes: NodeList
    interests: InterestList
    layout: LayoutPart


class StatusMessage(News):
    """What is being solved has changed."""

    type: Literal["status"] = "status"
    status: SolvingStatus


class HistoryMessage(News):
    """What can be undone and redone has changed."""

    type: Literal["history"] = "history"
    history: HistoryView


class FileMessage(News):
    """The state of the case file has changed."""

    type: Literal["file"] = "file"
    file: FileState


class ChangesMessage(Reply):
    """What saving would change."""

    type: Literal["changes"] = "changes"
    what: Literal["shifts", "text"]
    diff: str
    """A unified diff; empty where nothing would change."""
    path: str
    """Where the file would be written."""
    ticket: str
    """For `save`; empty where there is nothing to save."""
    note: str
    left_out: list[LeftOut]


class SavedMessage(Reply):
    """The file was written."""

    type: Literal["saved"] = "saved"
    path: str
    note: str
    case: About
    """A case saved as a new file is the open case from then on."""


class DoneMessage(Reply):
    """The request was carried out, and there is nothing else to say."""

    type: Literal["done"] = "done"


class ErrorMessage(Reply):
    """The request could not be carried out; no `id` where it was not a request."""

    type: Literal["error"] = "error"
    message: str


SHARED_MESSAGES: tuple[type[News | Reply], ...] = (
    HelloMessage,
    AnswersMessage,
    PartialMessage,
    QuickMessage,
    SharedMessage,
    TextMessage,
    TypedMessage,
    CheckedMessage,
    OutlineMessage,
    SketchMessage,
    StatusMessage,
    FileMessage,
    HistoryMessage,
    DoneMessage,
    ErrorMessage,
)
"""The messages that no single handler of requests owns."""


def to_json(message: News | Reply) -> str:
    """Write a message as JSON text; `id` is left out where it is missing.

    >>> to_json(DoneMessage(id=3))
    '{"id":3,"type":"done"}'
    >>> to_json(DoneMessage())
    '{"type":"done"}'
    """
    is_unnumbered = isinstance(message, Reply) and message.id is None
    return message.model_dump_json(exclude={"id"} if is_unnumbered else None, fallback=str)


def with_id(text: str, id: int) -> str:
    """Turn the text of a message without `id` into the answer to a request.

    >>> with_id(to_json(DoneMessage()), 3)
    '{"id":3,"type":"done"}'
    """
    return f'{{"id":{id},{text[1:]}'
