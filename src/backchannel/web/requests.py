"""What a page can ask for.

Every request has an `id`, and exactly one message with the same `id` answers it: an error message where the
request cannot be carried out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr

from backchannel.web.message_parts import CustomWhatIf, Key, MessagePart, Score

Id: TypeAlias = Annotated[StrictInt, Field(ge=0, lt=2**53)]
"""A whole number that JavaScript can hold."""


class Numbered(MessagePart):
    """Every request has a number, which the answer repeats."""

    id: Id
    type: Any
    """Its kind, by which the handler is found."""


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


class Refresh(Numbered):
    """Solve everything again."""

    type: Literal["refresh"]


class Reload(Numbered):
    """Take the file as it is on disk; unsaved text is dropped."""

    type: Literal["reload"]


class Keep(Numbered):
    """Stay with the unsaved text."""

    type: Literal["keep"]


class Reset(Numbered):
    """Clear the shared state, or a part of it."""

    type: Literal["reset"]
    what: Literal["shifts", "text", "what_ifs", "all"]
