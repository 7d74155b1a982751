"""Rename something everywhere in a case file: in keys, lists, expressions, tests and the names of numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backchannel.case.edit.find_mentions import find_mentions
from backchannel.case.edit.mentions import CaseNames, Mention, NameKind
from backchannel.case.edit.scalar_text import Replacement, scalar_edits, with_replacements
from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.written_names import Name
from backchannel.language.errors import CommandError
from backchannel.language.names import NOT_APPLICABLE, did_you_mean
from backchannel.language.visible import in_one_line

TOGETHER: tuple[tuple[NameKind, ...], ...] = (
    ("node", "parameter", "quantity"),
    ("cause", "rival", "question"),
)
"""Kinds whose names stand in the same places, so that no two may be the same."""
_WORD = re.compile(r"[^\W_](?:[\w .+-]*\w)?")
"""A value: a word, or several, that can stand in keys and expressions alike."""
_NAME: TypeAdapter[str] = TypeAdapter(Name)

NamePlace = tuple[KeyPath, bool]
"""A path, and whether its key is meant."""


def replacements_of(
    data: Any, kind: NameKind, name: str, new_name: str, inside: str
) -> dict[NamePlace, list[Replacement]]:
    """What is written where, so that something has a new name in the whole case.

    Raises:
        CommandError: There is no such thing, or it cannot have this name.
    """
    mentions = find_mentions(data)
    meant = [mention for mention in mentions if mention.means(kind, name, inside)]
    if not meant:
        known = sorted({m.name for m in mentions if (m.kind, m.inside) == (kind, inside)})
        where = f" of {in_one_line(inside)}" if inside else ""
        raise CommandError(
            f"There is no {kind}{where} called '{in_one_line(name)[:100]}'.{did_you_mean(name, known)}"
        )
    _check_new(data, mentions, kind, new_name, inside)
    by_place: dict[NamePlace, list[Replacement]] = defaultdict(list)
    for mention in meant:
        replacement = (mention.start, mention.start + len(name), new_name)
        place = (mention.path, mention.is_key)
        if replacement not in by_place[place]:
            by_place[place].append(replacement)
    return by_place


def rename_data(data: Any, by_place: dict[NamePlace, list[Replacement]], path: KeyPath = ()) -> Any:
    """What the case says after a rename."""
    if isinstance(data, dict):
        renamed = {}
        for key, value in data.items():
            here = (*path, key)
            at = by_place.get((here, True))
            renamed[with_replacements(key, at) if at else key] = rename_data(value, by_place, here)
        return renamed
    if isinstance(data, list):
        return [rename_data(item, by_place, (*path, i)) for i, item in enumerate(data)]
    at = by_place.get((path, False))
    return with_replacements(data, at) if at else data


def rename_edits(
    places: TextPlaces, by_place: dict[NamePlace, list[Replacement]]
) -> list[TextEdit]:
    """The changes of the text that a rename makes."""
    edits: list[TextEdit] = []
    for (path, is_key), replacements in by_place.items():
        node = places.key(path) if is_key else places.node(path)
        if node is None:
            raise CommandError(BY_HAND)
        # A value that aliases stand for is in the text only once.
        edits += [e for e in scalar_edits(places, node, replacements) if e not in edits]
    return edits


def _check_new(
    data: Any, mentions: list[Mention], kind: NameKind, new_name: str, inside: str
) -> None:
    if kind == "value":
        if new_name == NOT_APPLICABLE or not _WORD.fullmatch(new_name):
            raise CommandError(
                "A value is a word or several words, of letters, digits and the signs - + . _; it begins with a "
                "letter or a digit."
            )
    else:
        try:
            _NAME.validate_python(new_name)
        except ValidationError as error:
            message = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise CommandError(in_one_line(message)) from None
    of = CaseNames(data).of
    together = next((kinds for kinds in TOGETHER if kind in kinds), ())
    taken = next((other for other in together if new_name in of[other]), None)
    if any(mention.means(kind, new_name, inside) for mention in mentions):
        taken = kind
    # In `E(name)` a player goes before an interest of the same name.
    if kind == "interest" and new_name in of["player"]:
        taken = "player"
    worths = (m for m in mentions if m.path[0] == "claims" and m.means("interest", new_name))
    if kind == "player" and any(worths):
        taken = "interest"
    if taken:
        raise CommandError(f"Another {taken} is called '{new_name}' already. Choose another name.")
