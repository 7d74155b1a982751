"""Write changed priors into a case file as text; no other character changes, comments included."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from backchannel.case.edit.entries import flow
from backchannel.case.lower.beliefs import belief_entries
from backchannel.case.lower.shifted import shifted_text
from backchannel.case.lowered import Lowered
from backchannel.case.read.document import KeyPath, parse_document
from backchannel.case.read.yaml_nodes import compose
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.names import ParameterName


@dataclass(frozen=True)
class RewrittenText:
    """The text of a case file with changed priors."""

    text: str
    left_out: dict[ParameterName, str]
    """Numbers that could not be written, each with the reason."""


def write_priors(
    text: str, lowered: Lowered, shifts: Mapping[ParameterName, float]
) -> RewrittenText:
    """Write priors as sliders moved them.

    Args:
        text: The case file.
        lowered: The case in it.
        shifts: The position of each slider, by the number's name.

    Raises:
        CommandError: The layout of the file cannot be edited safely.
    """
    root = compose(text, exact=True)
    intended = parse_document(text).data
    left_out: dict[ParameterName, str] = {}
    edits: list[tuple[int, int, str]] = []
    for name, score in shifts.items():
        path = _place(lowered, name)
        if path is None:
            left_out[name] = (
                "it is a word inside a mechanism; to save it, give it a name and a `prior` under "
                "`parameters`"
            )
            continue
        prior = shifted_text(lowered.priors[name], score, probability=_is_share(lowered, name))
        node = _node(root, path)
        span = None if node is None else _span(node)
        if node is None or span is None or "#" in _outside_quotes(text[slice(*span)]):
            left_out[name] = "its prior stands on several lines with comments; change it by hand"
            continue
        is_block = isinstance(node, MappingNode) and not node.flow_style
        written = flow(prior)
        edits.append((*span, written[1:-1] if is_block else written))
        _set(intended, path, prior)
    for start, end, written in sorted(edits, reverse=True):
        text = text[:start] + written + text[end:]
    try:
        result = parse_document(text).data
    except CaseError:
        result = None
    if result != intended:
        raise CommandError(
            "The layout of the file cannot be edited safely (it may use aliases), so it was not "
            "changed. Change these priors by hand: " + ", ".join(shifts) + "."
        )
    return RewrittenText(text, left_out)


def _place(lowered: Lowered, name: ParameterName) -> KeyPath | None:
    """Find the path of a number's prior in the file; None for a word in a mechanism."""
    case = lowered.case
    if name in case.parameters:
        return "parameters", name, "prior"
    owner, _, rest = name.partition(".")
    if owner in case.players and rest in ("precision", "discount"):
        return "players", owner, rest
    for path, view, entry in belief_entries(case):
        rest = name.removeprefix(".".join(view) + ".")
        if rest != name and rest in entry.parameters:
            return (*path, "parameters", rest)
    return None


def _is_share(lowered: Lowered, name: ParameterName) -> bool:
    """Say whether the prior of this number must lie between 0 and 1."""
    case = lowered.case
    if name in case.parameters:
        return case.parameters[name].unit == "probability"
    place = _place(lowered, name) or ("",)
    number = case.parameters.get(str(place[-1])) if place[0] == "beliefs" else None
    return place[-1] == "discount" or (number is not None and number.unit == "probability")


def _node(root: Any, path: KeyPath) -> Node | None:
    for part in path:
        if not isinstance(root, MappingNode):
            return None
        root = next((value for key, value in root.value if key.value == str(part)), None)
    return root


def _span(node: Node) -> tuple[int, int] | None:
    """Return the first and the last character of a value; a block of lines ends with its last word."""
    if isinstance(node, ScalarNode):
        return None if node.style in ("|", ">") else (node.start_mark.index, node.end_mark.index)
    if not isinstance(node, CollectionNode) or node.flow_style:
        return node.start_mark.index, node.end_mark.index
    if not node.value:
        return None
    last = node.value[-1]
    inner = _span(last[1] if isinstance(last, tuple) else last)
    return None if inner is None else (node.start_mark.index, inner[1])


def _outside_quotes(text: str) -> str:
    """Drop quoted words, the only quotes in a prior; they hold no comments."""
    return "".join(text.split('"')[::2])


def _set(data: Any, path: KeyPath, value: Any) -> None:
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = copy.deepcopy(value)
