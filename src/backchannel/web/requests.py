"""What a page can ask for, and how a request is read.

Every request has an `id`, and exactly one message with the same `id` answers it: an error message where the
request cannot be carried out.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr, TypeAdapter, ValidationError
from typing_extensions import TypeAliasType

from backchannel.language.errors import CommandError
from backchannel.web.ledger_messages import (
    AskLedger,
    EnterInLedger,
    LogForecasts,
    ResolveForecasts,
    WithdrawRun,
)
from backchannel.web.message_parts import CustomWhatIf, Key, Numbered, Score

MOST_CHARACTERS = 6_000_000
"""In one request: a case file of the largest size, escaped."""
LONG = 100_000
"""Above so many characters a request can only be an edit: many small parts would take long to read."""
_ONE_TEXT = re.compile(
    r'\s*+\{(?:\s*+"\w{1,20}"\s*+:\s*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|\d{1,20})\s*+,?+){1,9}\s*+\}\s*+'
)
"""A JSON object of few members, all of them texts and numbers."""


class Shift(Numbered):
    """Move the named sliders; null moves one back to its prior."""

    type: Literal["shift"]
    changes: dict[Key, Score | None] = Field(max_length=10_000)
    solve: StrictBool = False
    """Solve again at once."""


class Solve(Numbered):
    """Solve again with the current sliders: answered by `done`, and later by `quick` to every window."""

    type: Literal["solve"]


class AskWhatIf(Numbered):
    """Add a custom what-if to the shared state, and answer it."""

    type: Literal["what_if"]
    asked: CustomWhatIf


class Drop(Numbered):
    """Remove a custom what-if from the shared state."""

    type: Literal["drop"]
    key: Key


class Edit(Numbered):
    """Replace the whole text."""

    type: Literal["edit"]
    text: StrictStr
    base: StrictStr = Field("", max_length=100)
    """Digest of the file that the edit began from, where the page knows it."""


class AskChanges(Numbered):
    """Show what saving would change: the sliders written as priors into the file, or the edited text."""

    type: Literal["changes"]
    what: Literal["shifts", "text"]
    path: StrictStr = Field("", max_length=4000)


class Save(Numbered):
    """Write what was shown under a ticket."""

    type: Literal["save"]
    ticket: Key


class SimpleRequest(Numbered):
    """refresh: solve everything again. reload: take the file as it is on disk. keep: stay with the unsaved text."""

    type: Literal["refresh", "reload", "keep"]


class Reset(Numbered):
    """Clear the shared state, or a part of it."""

    type: Literal["reset"]
    what: Literal["shifts", "text", "what_ifs", "all"]


Request = TypeAliasType(
    "Request",
    Annotated[
        Shift
        | Solve
        | AskWhatIf
        | Drop
        | Edit
        | AskChanges
        | Save
        | SimpleRequest
        | Reset
        | AskLedger
        | LogForecasts
        | ResolveForecasts
        | WithdrawRun
        | EnterInLedger,
        Field(discriminator="type"),
    ],
)
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


class InvalidRequest(CommandError):
    """A message that is not a request; `id` is kept where it has one."""

    def __init__(self, message: str, id: int | None = None) -> None:
        super().__init__(message)
        self.id = id


def read_request(text: str) -> Request:
    """Read what a page sent.

    Raises:
        InvalidRequest: It is not a request; the text says why.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequest(
            f"The message has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read."
        )
    if len(text) > LONG and not _ONE_TEXT.fullmatch(text):
        raise InvalidRequest(
            f"This is no request: only a case text has more than {LONG:,} characters."
        )
    try:
        return _REQUEST.validate_json(text)
    except ValidationError as error:
        raise InvalidRequest(_first_error(error), _id_in(text)) from None


def _first_error(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    first = details[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    more = f" ({len(details) - 1} more)" if len(details) > 1 else ""
    return f"This is no request: {where + ': ' if where else ''}{first['msg']}{more}."


def _id_in(text: str) -> int | None:
    import json

    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    id = content.get("id") if isinstance(content, dict) else None
    return id if isinstance(id, int) and not isinstance(id, bool) and 0 <= id < 2**53 else None
