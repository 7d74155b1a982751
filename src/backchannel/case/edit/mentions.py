"""Mentions: the places of a case file at which the name of something stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from backchannel.case.read.document import KeyPath

NameKind: TypeAlias = Literal[
    "node",
    "player",
    "interest",
    "parameter",
    "quantity",
    "source",
    "cause",
    "rival",
    "deal",
    "question",
    "claim",
    "good",
    "demander",
    "supplier",
    "route",
    "value",
]
"""What a name can be of."""

SECTIONS: dict[str, NameKind] = {
    "sources": "source",
    "players": "player",
    "parameters": "parameter",
    "quantities": "quantity",
    "trade": "good",
    "nodes": "node",
    "interests": "interest",
    "causes": "cause",
    "rivals": "rival",
    "deals": "deal",
    "questions": "question",
}
"""The sections whose keys are names, and what they name."""
OF_GOOD: dict[str, NameKind] = {"demand": "demander", "supply": "supplier", "routes": "route"}
"""The parts of a good whose keys are names."""


@dataclass(frozen=True)
class Mention:
    """One place at which a name stands."""

    kind: NameKind
    name: str
    path: KeyPath
    """Of the value or key that holds it."""
    is_key: bool = False
    """Whether it stands in the key at the path, not in the value."""
    start: int = 0
    """First character of the name in the text of that value or key."""
    inside: str = ""
    """The node of a value; the good of a route, a supplier or a demander."""
    goes: KeyPath | None = None
    """What cannot stay where the name goes; None where the rest has to be written in another way."""

    def means(self, kind: NameKind, name: str, inside: str = "") -> bool:
        """Whether it is the name of a certain thing."""
        return (self.kind, self.name, self.inside) == (kind, name, inside)

    def at(self, path: KeyPath, *, is_key: bool, goes: KeyPath | None) -> Mention:
        """The same in the text of a value or key of the file."""
        return replace(self, path=path, is_key=is_key, goes=goes)


class CaseNames:
    """The names that a case file defines; the file may have problems."""

    def __init__(self, data: Any) -> None:
        rounds = mapping(mapping(data).get("rounds"))
        self.of: dict[NameKind, set[str]] = {
            kind: set(map(str, mapping(mapping(data).get(section))))
            for section, kind in SECTIONS.items()
        }
        self.of["node"] |= set(map(str, mapping(rounds.get("nodes"))))
        self.of["interest"] |= set(map(str, mapping(rounds.get("interests"))))
        self.parts_of_good: dict[str, dict[str, NameKind]] = {
            str(good): {
                str(name): kind
                for part, kind in OF_GOOD.items()
                for name in mapping(mapping(entry).get(part))
            }
            for good, entry in mapping(mapping(data).get("trade")).items()
        }

    def kind_in_expression(self, name: str) -> NameKind | None:
        """What a name in an expression is of."""
        kinds: tuple[NameKind, ...] = ("node", "quantity", "parameter")
        return next((kind for kind in kinds if name in self.of[kind]), None)


def mapping(value: Any) -> dict[Any, Any]:
    """A mapping of the file; empty where something else stands there."""
    return value if isinstance(value, dict) else {}


def list_items(value: Any) -> Iterator[tuple[int, Any]]:
    """The items of a list of the file with their positions; none where something else stands there."""
    return iter(enumerate(value if isinstance(value, list) else ()))
