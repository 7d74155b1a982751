"""What the workbench sends to pages, as JSON text over one WebSocket at /live.

A message with an `id` answers the request with that `id`. Messages without an `id` tell every window what has
changed. `interface/src/lib/messages.ts` is generated from these models (`message_schema`). Those that bring answers
are in `answer_messages`.
"""

from __future__ import annotations

from typing import Literal

from backchannel.web.answer_messages import (
    AnswersMessage,
    OutlineMessage,
    PartialMessage,
    QuickMessage,
    SketchMessage,
)
from backchannel.web.message_json import News, Reply
from backchannel.web.message_parts import (
    About,
    Checked,
    FileState,
    HistoryView,
    LeftOut,
    SharedView,
    SolvingStatus,
    TextView,
)

PROTOCOL = 5
"""Another number where a page of an older version could not understand the messages."""


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
