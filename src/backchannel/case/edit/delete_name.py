"""Delete something from a case file with everything that cannot stand without it.

What only lists or sets it loses that entry. What is about it goes as a whole: a question, a claim, an entry of the
record, a player's decisions and interests. An expression that names it cannot be rewritten by a program: it stays,
and is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from backchannel.case.edit.find_mentions import find_mentions
from backchannel.case.edit.mentions import OF_GOOD, SECTIONS, Mention, NameKind, mapping
from backchannel.case.edit.remove_value import remove_parts
from backchannel.case.edit.text_places import TextEdit, TextPlaces
from backchannel.case.read.document import KeyPath
from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean
from backchannel.language.visible import in_one_line

CHANGES = (
    "do",
    "parameters",
    "mechanisms",
    "remove",
    "sees",
    "beliefs",
    "reasoning",
    "order",
    "drop_interest",
)
"""Keys of an intervention that change something."""
BELIEVES = ("parameters", "nodes", "unaware", "reasoning", "about")
"""Keys of a belief that say what is believed."""
FEWEST_PARTIES = 2
_STAYS_EMPTY = ("sees", "told", "domain", "players")
"""Lists whose absence would mean something else than that they are empty."""

Thing = tuple[NameKind, str, str]


@dataclass
class Deletion:
    """What goes when something is deleted."""

    data: Any
    mentions: list[Mention]
    paths: set[KeyPath] = field(default_factory=set)
    """What is removed; some paths lie inside of others."""
    remaining: list[Mention] = field(default_factory=list)
    """Places that name what was deleted and stay, to be written in another way."""
    _things: list[Thing] = field(default_factory=list)

    @property
    def topmost(self) -> list[KeyPath]:
        """The removed paths that lie inside of no other, in the order of the case."""
        top = {
            path for path in self.paths if not any(path[:n] in self.paths for n in range(len(path)))
        }
        return [path for path in _paths(self.data) if path in top]

    def delete(self, thing: Thing) -> None:
        """Remove a thing, and what falls with it."""
        waiting = [thing]
        while waiting:
            thing = waiting.pop()
            if thing in self._things:
                continue
            self._things.append(thing)
            for mention in self.mentions:
                if mention.means(*thing) and mention.goes is not None:
                    self._remove(mention.goes)
            waiting += [m for path in list(self.paths) if (m := _thing_at(self.data, path))]
        self.remaining = [
            mention
            for mention in self.mentions
            if any(mention.means(*thing) for thing in self._things)
            and not any(mention.path[:n] in self.paths for n in range(len(mention.path) + 1))
        ]

    def _remove(self, path: KeyPath) -> None:
        if path in self.paths:
            return
        self.paths.add(path)
        if len(path) == 2 and path[0] == "beliefs":
            self._remove_corrections(path[1])
        around = path[:-1]
        parent = value_of_path(self.data, around)
        keys = parent if isinstance(parent, dict) else range(len(parent))
        left = [key for key in keys if (*around, key) not in self.paths]
        above = self._above(around, path[-1], left)
        if above is not None:
            self._remove(above)

    def _above(self, path: KeyPath, removed: str | int, left: list[Any]) -> KeyPath | None:
        """What falls once a part of the value at a path is removed, and only some parts are left."""
        match path:
            case ("questions", _, "outcome" | "causes" | "why") if not left:
                return path[:2]
            case ("deals", _, "parties") if len(left) < FEWEST_PARTIES:
                return path[:2]
            case ("deals", _, "steps") if not left:
                return path[:2]
            case ("deals", _, "guarantees", _, "pays" | "punishes") if not left:
                return path[:4]
            case ("deals", _, "steps", _, "do") if not left:
                return path[:4]
            case ("deals", _, "steps", _, "do") if len(left) == 1 and self._is_together(path[:4]):
                return (*path[:4], "together")
            case ("causes" | "rivals", _) if removed in CHANGES and not set(left) & set(CHANGES):
                return path
            case ("questions", _, "what_if") if removed in CHANGES and not set(left) & set(CHANGES):
                return path[:2]
            case ("beliefs", *_) if removed in BELIEVES and not set(left) & set(BELIEVES):
                return path if len(path) == 2 or path[-2] == "about" else None
        if left or not path:
            return None
        is_list = isinstance(value_of_path(self.data, path), list)
        stays = path[-1] in _STAYS_EMPTY and (is_list or path == ("players",))
        return None if stays else path

    def _is_together(self, step: KeyPath) -> bool:
        return "together" in value_of_path(self.data, step)

    def _remove_corrections(self, player: str | int) -> None:
        """A belief that is gone cannot be corrected."""
        for mention in self.mentions:
            is_correction = (
                mention.path[-2:] == ("beliefs", player) and mention.path[0] != "beliefs"
            )
            if is_correction and mention.goes is not None:
                self._remove(mention.goes)


def deletion_of(data: Any, kind: NameKind, name: str, inside: str) -> Deletion:
    """Work out what goes with something.

    Raises:
        CommandError: There is no such thing.
    """
    deletion = Deletion(data, find_mentions(data))
    if not any(mention.means(kind, name, inside) for mention in deletion.mentions):
        known = sorted({m.name for m in deletion.mentions if (m.kind, m.inside) == (kind, inside)})
        raise CommandError(
            f"There is no {kind} called '{in_one_line(name)[:100]}'.{did_you_mean(name, known)}"
        )
    deletion.delete((kind, name, inside))
    return deletion


def deleted_data(data: Any, paths: set[KeyPath], path: KeyPath = ()) -> Any:
    """What the case says without some parts."""
    if isinstance(data, dict):
        return {
            key: deleted_data(value, paths, (*path, key))
            for key, value in data.items()
            if (*path, key) not in paths
        }
    if isinstance(data, list):
        return [
            deleted_data(item, paths, (*path, i))
            for i, item in enumerate(data)
            if (*path, i) not in paths
        ]
    return data


def delete_edits(places: TextPlaces, deletion: Deletion) -> list[TextEdit]:
    """The changes of the text that a deletion makes."""
    by_parent: dict[KeyPath, list[int]] = defaultdict(list)
    for path in deletion.topmost:
        parent = value_of_path(deletion.data, path[:-1])
        position = list(parent).index(path[-1]) if isinstance(parent, dict) else int(path[-1])
        by_parent[path[:-1]].append(position)
    return [
        edit
        for parent, positions in by_parent.items()
        for edit in remove_parts(places, parent, positions)
    ]


def value_of_path(data: Any, path: KeyPath) -> Any:
    """The plain value at a path."""
    for part in path:
        data = data[part]
    return data


def _thing_at(data: Any, path: KeyPath) -> Thing | None:
    """What a removed path defines."""
    match path:
        case (str(section), str(name)) if section in SECTIONS:
            return SECTIONS[section], name, ""
        case ("rounds", "nodes", str(name)):
            return "node", name, ""
        case ("rounds", "interests", str(name)):
            return "interest", name, ""
        case ("trade", str(good), str(part), str(name)) if part in OF_GOOD:
            return OF_GOOD[part], name, good
        case ("claims", int()):
            name = mapping(value_of_path(data, path)).get("id")
            return ("claim", name, "") if isinstance(name, str) else None
        case ("nodes", str(node), "domain", int()) | (
            "rounds",
            "nodes",
            str(node),
            "domain",
            int(),
        ):
            value = value_of_path(data, path)
            return ("value", value, node) if isinstance(value, str) else None
    return None


def _paths(data: Any, path: KeyPath = ()) -> list[KeyPath]:
    """All paths, in the order of the case."""
    parts = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data if isinstance(data, list) else ())
    )
    return [below for key, value in parts for below in ((*path, key), *_paths(value, (*path, key)))]
