"""The origin of a number: where in the file it is written, with its unit and its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backchannel.case.lower.belief_entries import belief_behind
from backchannel.case.lower.number_of_good import number_of_good
from backchannel.case.lowered import Lowered
from backchannel.case.schema.reasoning import (
    AT_EQUILIBRIUM,
    LinearPrecisionEntry,
    ReasoningEntry,
    as_written,
    base_precision,
)
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.language.names import ParameterName, is_precision

DEFAULT = ReasonEntry(
    source="", at="", says="", judgement="Backchannel's default, as the case gives no precision"
)


def origin_of(lowered: Lowered, name: ParameterName) -> tuple[Any, str, Any, Sequence[ReasonEntry]]:
    """Where a number comes from in the file: its kind, unit, prior as written, and reasons."""
    case = lowered.case
    if name in case.parameters:
        entry = case.parameters[name]
        return "parameter", entry.unit, entry.prior, entry.why
    of_trade = number_of_good(case, name)
    if of_trade is not None:
        return "parameter", of_trade.unit, of_trade.raw, of_trade.reasons
    owner, _, rest = name.partition(".")
    if owner in case.players and rest == "precision":
        player = case.players[owner]
        reasons = [DEFAULT] if player.has_default_precision else player.why
        raw = base_precision(player.precision)
        return "precision", "per utility unit", raw, reasons
    if owner in case.players and rest in ("level", "hierarchy"):
        player = case.players[owner]
        return "reasoning", _level_unit(player.reasoning), as_written(player.reasoning), player.why
    if owner in case.players and rest.startswith("precision_by_"):
        player = case.players[owner]
        raw = case.players[owner].precision
        assert isinstance(raw, LinearPrecisionEntry)
        power = getattr(raw.linear, rest.removeprefix("precision_by_"))
        return "precision", "power", power, player.why
    if owner in case.players and rest == "discount":
        player = case.players[owner]
        return "discount", "share of a round's worth", player.discount, player.why
    behind = belief_behind(case, name)
    if behind is not None:
        _, belief, rest = behind
        believed, _, what = rest.partition(".")
        if believed in belief.reasoning and what in ("level", "hierarchy"):
            way = belief.reasoning[believed]
            return "belief", _level_unit(way), as_written(way), belief.why
        unit = case.parameters[rest].unit if rest in case.parameters else "probability"
        unit = "per utility unit" if is_precision(rest) else unit
        raw = belief.parameters.get(rest, "an ICD 203 word in its mechanism")
        return "belief", unit, raw, belief.why
    ranked = case.interests.get(owner) or (
        case.rounds.interests.get(owner) if case.rounds else None
    )
    if ranked is not None:
        return "step", "relative size", "any steps that keep the order", ranked.why
    block = case.rounds.nodes if case.rounds else {}
    entry = case.nodes.get(owner) or block.get(owner)
    reasons = entry.why if entry else []
    return "word", "probability", "an ICD 203 word in its mechanism", reasons


def _level_unit(entry: ReasoningEntry | str) -> str:
    """The unit of a player's type, which may be equilibrium."""
    types = [AT_EQUILIBRIUM] if isinstance(entry, str) else list(entry.mixture or ())
    return "level; −1 is equilibrium" if AT_EQUILIBRIUM in types else "level"
