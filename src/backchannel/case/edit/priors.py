"""Write moved priors into a case file as text, and whose judgement they are; no other character changes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from backchannel.case.edit.moved_reasons import Given, reasons_of_moved
from backchannel.case.edit.operation_models import SetValue
from backchannel.case.edit.operations import apply_operations
from backchannel.case.edit.yaml_value import flow
from backchannel.case.lower.belief_entries import belief_entries
from backchannel.case.lower.number_of_good import number_of_good
from backchannel.case.lower.shifted import shifted_text
from backchannel.case.lowered import Lowered
from backchannel.case.read.document import KeyPath, parse_document
from backchannel.case.read.yaml_nodes import compose_nodes
from backchannel.case.schema.numbers import PlayerEntry
from backchannel.case.schema.reasoning import LinearPrecisionEntry, ReasoningEntry
from backchannel.diagram.reasoning import COVARIATES
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.levels import Mixture, PoissonLevel
from backchannel.language.names import ParameterName, hierarchy_of


@dataclass(frozen=True)
class RewrittenText:
    """The text of a case file with changed priors."""

    text: str
    left_out: dict[ParameterName, str]
    """Numbers that could not be written, each with the reason."""


_WORD = (
    "it is a word inside a mechanism; to save it, give it a name and a `prior` under `parameters`"
)
_TYPE = "it is a type, which is one of a few; change the `reasoning` of its player in the case text"


def write_priors(
    text: str,
    lowered: Lowered,
    shifts: Mapping[ParameterName, float],
    reasons: Mapping[ParameterName, str] | None = None,
) -> RewrittenText:
    """Write priors as sliders moved them, each with a judgement in place of the reasons of the earlier prior.

    Args:
        text: The case file.
        lowered: The case in it.
        shifts: The position of each slider, by the number's name.
        reasons: The analyst's own reason for each new number.

    Raises:
        CommandError: The layout of the file cannot be edited safely.
    """
    root = compose_nodes(text, exact=True)
    intended = parse_document(text).data
    left_out: dict[ParameterName, str] = {}
    rewritten: dict[KeyPath, Given] = {}
    edits: dict[tuple[int, int], str] = {}
    """By first and last character, what is written there."""
    added: dict[KeyPath, Any] = {}
    """Reasons in places where the file gives none."""
    for name, score in shifts.items():
        path = _place(lowered, name)
        if path is None:
            left_out[name] = (
                _TYPE if isinstance(lowered.priors[name], Mixture | PoissonLevel) else _WORD
            )
            continue
        if path[0] == "players" and _node(root, path) is None:
            left_out[name] = (
                "the file gives no precision for this player; write one, such as precision: {between: [4, 16]}"
            )
            continue
        prior = shifted_text(lowered.priors[name], score, probability=_is_share(lowered, name))
        told = reasons_of_moved(lowered, name, path, rewritten, (reasons or {}).get(name, ""))
        # One reason is written as it would be by hand.
        given = {place: all[0] if len(all) == 1 else all for place, all in told.items()}
        new = {place: why for place, why in given.items() if _node(root, place) is None}
        changes: dict[KeyPath, Any] = {
            path: prior,
            **{p: why for p, why in given.items() if p not in new},
        }
        spans = {place: _editable(text, _node(root, place)) for place in changes}
        if None in spans.values():
            left_out[name] = (
                "its prior or its `why` stands on several lines with comments; change it by hand"
            )
            continue
        for place, value in changes.items():
            span = spans[place]
            assert span is not None
            edits[span] = _written(_node(root, place), value)
            _set(intended, place, value)
        rewritten |= told
        added |= new
    for (start, end), written in sorted(edits.items(), reverse=True):
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
    operations = [SetValue(kind="set", path=[*path], value=why) for path, why in added.items()]
    return RewrittenText(apply_operations(text, operations), left_out)


def _place(lowered: Lowered, name: ParameterName) -> KeyPath | None:
    """Find the path of a number's prior in the file; None for a word in a mechanism."""
    case = lowered.case
    if name in case.parameters:
        return "parameters", name, "prior"
    of_trade = number_of_good(case, name)
    if of_trade is not None:
        return of_trade.path
    owner, _, rest = name.partition(".")
    if owner in case.players and (path := _place_in_player(case.players[owner], rest)):
        return "players", owner, *path
    for path, view, entry in belief_entries(case):
        rest = name.removeprefix(".".join(view) + ".")
        if rest != name and rest in entry.parameters:
            return (*path, "parameters", rest)
        for other in entry.reasoning:
            if rest == hierarchy_of(other):
                return (*path, "reasoning", other, "hierarchy")
    return None


def _place_in_player(player: PlayerEntry, number: str) -> KeyPath | None:
    """Where a number of a player stands in its entry; None for its type, and for what is no number of it."""
    if number == "precision" and isinstance(player.precision, LinearPrecisionEntry):
        return "precision", "linear", "base"
    if number in ("precision", "discount"):
        return (number,)
    if number == "hierarchy" and isinstance(player.reasoning, ReasoningEntry):
        return "reasoning", "hierarchy"
    of_complexity = {f"precision_by_{covariate}": covariate for covariate in COVARIATES}
    covariate = of_complexity.get(number)
    return ("precision", "linear", covariate) if covariate else None


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


def _editable(text: str, node: Node | None) -> tuple[int, int] | None:
    """The first and the last character of a value that can be replaced; None where a comment would be lost."""
    span = None if node is None else _span(node)
    return None if span is None or "#" in _outside_quotes(text[slice(*span)]) else span


def _written(node: Node | None, value: Any) -> str:
    """Write a value in the place of a node: a mapping that stands on lines of its own needs no braces."""
    written = flow(value)
    is_block = isinstance(node, MappingNode) and not node.flow_style
    return written[1:-1] if is_block and isinstance(value, dict) else written


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
