"""The changes to a case file that a program can ask for, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, WithJsonSchema
from typing_extensions import TypeAliasType

from backchannel.case.edit.mentions import NameKind

MOST_PARTS = 40
"""Most keys and positions of a path."""
LONGEST_KEY = 1_000
"""Characters of one key."""
MOST_OPERATIONS = 200
"""Most changes that are made together."""

PathPart: TypeAlias = Annotated[StrictStr, Field(max_length=LONGEST_KEY)] | StrictInt
ThingName: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_KEY)]
Path: TypeAlias = Annotated[list[PathPart], Field(min_length=1, max_length=MOST_PARTS)]
"""Keys, and positions in lists counted from 0, that lead to a value. A key that is a number may be given as text."""

JsonContent: TypeAlias = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "null"},
                {"type": "array", "items": {}},
                {"type": "object", "additionalProperties": True},
            ]
        }
    ),
]
"""A value of JSON."""


class OperationPart(BaseModel):
    """A change; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SetValue(OperationPart):
    """Put a value at a path, in place of what stands there; missing mappings on the way are made."""

    kind: Literal["set"]
    path: Path
    value: JsonContent
    """Keys that are written like numbers count as numbers."""


class RemoveValue(OperationPart):
    """Remove a key with its value, or an item of a list."""

    kind: Literal["remove"]
    path: Path


class InsertItem(OperationPart):
    """Put an item into a list, which is made where there is none."""

    kind: Literal["insert"]
    path: Path
    """Of the list."""
    index: StrictInt | None = None
    """Of the item that it goes before; null: at the end."""
    value: JsonContent


class MoveItem(OperationPart):
    """Move an item of a list; the comments beside it go with it."""

    kind: Literal["move"]
    path: Path
    """Of the item."""
    to: StrictInt
    """Its new position, counted from 0 in the list as it is then."""


class RenameKey(OperationPart):
    """Give a key another name; its place, its value and the comments beside it stay."""

    kind: Literal["rename_key"]
    path: Path
    name: PathPart


class RenameEverywhere(OperationPart):
    """Give something another name, in every place where it is named."""

    kind: Literal["rename"]
    of: NameKind
    name: ThingName
    new_name: ThingName
    inside: StrictStr = Field("", max_length=LONGEST_KEY)
    """The node of a value; the good of a route, a supplier or a demander."""


class DeleteEverywhere(OperationPart):
    """Delete something, and everything that cannot stand without it."""

    kind: Literal["delete"]
    of: NameKind
    name: ThingName
    inside: StrictStr = Field("", max_length=LONGEST_KEY)
    """The node of a value; the good of a route, a supplier or a demander."""


Operation = TypeAliasType(
    "Operation",
    Annotated[
        SetValue
        | RemoveValue
        | InsertItem
        | MoveItem
        | RenameKey
        | RenameEverywhere
        | DeleteEverywhere,
        Field(discriminator="kind"),
    ],
)
