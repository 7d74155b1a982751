"""What the start page asks for and gets; `interface/src/lib/messages.ts` is generated from these models.

The page posts one request at a time to `/start`, and the response answers it.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StrictStr
from typing_extensions import TypeAliasType

from backchannel.web.message_parts import Key, MessagePart, ServerPart

MOST_PATTERNS = 12
MOST_ROLES = 100

Location: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=4000)]
"""A path as the user typed it, or the name of a case of the catalog."""
Title: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=200)]


class LookAround(MessagePart):
    """What there is to open; answered by `start`."""

    do: Literal["look"]


class ListLibrary(MessagePart):
    """The catalog and the patterns; answered by `library`."""

    do: Literal["library"]


class OpenCaseRequest(MessagePart):
    """Open a case; answered by `opened`."""

    do: Literal["open"]
    case: Location


class ForgetCase(MessagePart):
    """Take a case off the list of recent cases, and leave its file alone; answered by `start`."""

    do: Literal["forget"]
    case: Location


class ComposePatterns(MessagePart):
    """Show the case that patterns make; answered by `composed`."""

    do: Literal["compose"]
    title: Title
    patterns: list[Key] = Field(min_length=1, max_length=MOST_PATTERNS)
    roles: dict[Key, Key] = Field(max_length=MOST_ROLES)
    """By `PATTERN.ROLE`, the name of the player; roles without one keep the pattern's own names."""


class NewFromPatterns(ComposePatterns):
    """Write that case, and open it; answered by `opened`."""

    do: Literal["new_from_patterns"]  # type: ignore[assignment]
    path: Location
    """The new file."""


class NewFromTree(MessagePart):
    """Write a Gambit game tree as a case, and open it; answered by `opened`."""

    do: Literal["new_from_tree"]
    tree: Location
    path: Location
    """The new file."""


class NewEmpty(MessagePart):
    """Write a case with the least that a case needs, and open it; answered by `opened`."""

    do: Literal["new_empty"]
    title: Title
    path: Location
    """The new file."""


class NewFromText(MessagePart):
    """Write an empty case with a text as its source, and open it; answered by `opened`."""

    do: Literal["new_from_text"]
    title: Title
    text: Location
    """The text: in the folder of the new case, or elsewhere, from where it is copied."""
    as_of: Annotated[StrictStr, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    """The last day that the case knows about; empty: today."""
    path: Location
    """The new file."""


StartRequest = TypeAliasType(
    "StartRequest",
    Annotated[
        LookAround
        | ListLibrary
        | OpenCaseRequest
        | ForgetCase
        | ComposePatterns
        | NewFromPatterns
        | NewFromTree
        | NewEmpty
        | NewFromText,
        Field(discriminator="do"),
    ],
)


class RecentCaseView(ServerPart):
    """A case that was opened before."""

    case: str
    """Its path, or its name in the catalog: what `open` takes."""
    title: str
    opened: str
    """When it was last opened, as YYYY-MM-DD."""
    state: Literal["there", "missing", "open", "unsaved"]
    """unsaved: it is open, and its text is not saved."""


class StartMessage(ServerPart):
    """What the start page shows at once."""

    type: Literal["start"] = "start"
    folder: str
    """The working directory: where new files are written."""
    recent: list[RecentCaseView]
    """The newest first."""


class CatalogCase(ServerPart):
    """A case that comes with Backchannel."""

    name: str
    title: str
    question: str
    """Its question, or what it is about."""
    tags: list[str]
    """What kind of case it is, and which parts it has."""


class RoleView(ServerPart):
    """A role of a pattern."""

    name: str
    asks: str
    default: str


class PatternView(ServerPart):
    """A shape of bargaining."""

    name: str
    title: str
    about: str
    behaviour: str
    source: str
    roles: list[RoleView]
    events: list[RoleView]
    """Outcomes of another pattern that it can be tied to; `default` is the condition if it is tied to none."""


class LibraryMessage(ServerPart):
    """The catalog and the patterns."""

    type: Literal["library"] = "library"
    catalog: list[CatalogCase]
    patterns: list[PatternView]


class OutlineLine(ServerPart):
    """What happens at one node, in words."""

    node: str
    says: str


class TiedOutcome(ServerPart):
    """A value of a node, to which an event of a pattern can be tied."""

    condition: str
    says: str


class ComposedMessage(ServerPart):
    """The case that patterns make; nothing is written."""

    type: Literal["composed"] = "composed"
    outline: list[OutlineLine]
    """The nodes and interests of its diagram, in time."""
    outcomes: list[TiedOutcome]
    text: str
    """The file."""


class OpenedMessage(ServerPart):
    """A case is open."""

    type: Literal["opened"] = "opened"
    address: str
    """Of its workbench, on this server."""


class StartErrorMessage(ServerPart):
    """The request could not be carried out."""

    type: Literal["start_error"] = "start_error"
    message: str


StartAnswer = TypeAliasType(
    "StartAnswer",
    Annotated[
        StartMessage | LibraryMessage | ComposedMessage | OpenedMessage | StartErrorMessage,
        Field(discriminator="type"),
    ],
)
