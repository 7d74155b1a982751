"""Read what a page sends: one of the requests that the registry of handlers knows."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backchannel.language.errors import CommandError
from backchannel.web.handlers.registry import request_type
from backchannel.web.requests import Numbered

MOST_CHARACTERS = 6_000_000
"""In one request: a case file of the largest size, escaped."""
LONG = 100_000
"""Above so many characters a request can only be an edit: many small parts would take long to read."""
_ONE_TEXT = re.compile(
    r'\s*+\{(?:\s*+"\w{1,20}"\s*+:\s*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|\d{1,20})\s*+,?+){1,9}\s*+\}\s*+'
)
"""A JSON object of few members, all of them texts and numbers."""


class InvalidRequest(CommandError):
    """A message that is not a request; `id` is kept where it has one."""

    def __init__(self, message: str, id: int | None = None) -> None:
        super().__init__(message)
        self.id = id


def read_request(text: str) -> Numbered:
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
        return _adapter().validate_json(text)
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


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(request_type())
