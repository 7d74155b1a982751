"""What else a change of the case would do, in sentences, for the question before it is made."""

from __future__ import annotations

from typing import Any

from backchannel.case.edit.delete_name import Deletion, value_of_path
from backchannel.case.edit.mentions import SECTIONS, mapping
from backchannel.case.read.document import KeyPath, path_text
from backchannel.language.visible import in_one_line

LONGEST_SHOWN = 120
"""Characters of a text of the case that a sentence repeats."""


def consequences_of(deletion: Deletion, name: str) -> list[str]:
    """Say what else goes when something is deleted, and what has to be rewritten by hand.

    Args:
        deletion: What goes.
        name: Of what is deleted.
    """
    gone = [
        sentence
        for top in deletion.topmost
        for path in _told(deletion, top)
        if not _is_itself(path, name) and (sentence := _goes(deletion.data, path))
    ]
    left = {path_text(mention.path, deletion.data): mention.name for mention in deletion.remaining}
    stays = [
        f"{_short(where)} still names {named}. Write it without {named}, or the case cannot be run."
        for where, named in left.items()
    ]
    return [*dict.fromkeys(gone), *stays]


def _told(deletion: Deletion, path: KeyPath) -> list[KeyPath]:
    """The paths to report for a removed path: for a section that is now empty, every entry that was in it."""
    if len(path) > 1:
        return [path]
    parts = value_of_path(deletion.data, path)
    keys = parts if isinstance(parts, dict) else range(len(parts))
    return [(*path, key) for key in keys if (*path, key) in deletion.paths]


def _is_itself(path: KeyPath, name: str) -> bool:
    is_definition = len(path) == 2 and path[0] in SECTIONS
    return path[-1] == name and (is_definition or path[:1] == ("rounds",))


def _goes(data: Any, path: KeyPath) -> str:
    value = value_of_path(data, path)
    entry = mapping(value)
    match path:
        case ("nodes", str(node)) | ("rounds", "nodes", str(node)):
            kind = "decision" if "player" in entry else "node"
            return f"The {kind} {node} goes."
        case (str(section), str(name)) if section in SECTIONS:
            return f"The {SECTIONS[section]} {name} goes."
        case ("rounds", "interests", str(name)):
            return f"The interest {name} goes."
        case ("beliefs", str(player)):
            return f"The belief of {player} goes."
        case ("claims", int()):
            return f"The claim “{_short(entry.get('says'))}” goes."
        case ("record", int()):
            return f"The record of {_short(entry.get('node'))} goes."
        case ("base_rates", int()):
            return f"The base rate of {_short(entry.get('node'))} goes."
        case ("nodes", str(node), "sees", int()) | ("rounds", "nodes", str(node), "sees", int()):
            return f"{node} no longer sees {_short(value)}."
        case ("questions", str(question), "causes", int()):
            return f"The question {question} no longer asks about {_short(value)}."
    return f"{_short(path_text(path, data))} goes."


def _short(text: Any) -> str:
    shown = in_one_line(str(text))
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
