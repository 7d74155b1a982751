"""Which rules nobody plans in a view of the case: those of other models, and after a change those that stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.beliefs.believed_rules import align_rule
from backchannel.equilibrium.beliefs.images import without
from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.types import Equilibrium, Policies
from backchannel.language.names import NodeName, PlayerName


@dataclass(frozen=True)
class Replanning:
    """Who plans again, from when, and which rules nobody can change."""

    since: date
    """Decisions dated earlier keep their rules."""
    told: frozenset[PlayerName]
    """Who knows; the others keep their rules."""
    set_by_hand: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """Decisions whose rules are given."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]]
    """Actions left on a menu, where some were removed."""


def planned_elsewhere(
    model: Model, about: Mapping[PlayerName, Model], inner: Mapping[PlayerName, Equilibrium]
) -> dict[NodeName, np.ndarray]:
    """Rules that do not come from planning in a view: chances, and plans made in another model."""
    diagram = model.game.diagram
    return {
        **{
            decision.name: about[player].rule(inner[player].policies, decision.name, diagram)
            for player, decision in _owned(model, about)
        },
        **model.fixed,
    }


def _owned(
    model: Model, about: Mapping[PlayerName, Model]
) -> Iterator[tuple[PlayerName, Decision]]:
    for decision in model.game.diagram.decisions:
        if decision.player in about and decision.name not in model.fixed:
            yield decision.player, decision


def free_decisions(model: Model, change: Replanning) -> list[Decision]:
    """The decisions of a model that are planned again: later ones, of players who are told, that nobody sets."""
    return [
        decision
        for decision in model.game.diagram.decisions
        if decision.date >= change.since
        and decision.player in change.told
        and decision.name not in change.set_by_hand
        and decision.name not in model.fixed
    ]


def rules_that_stay(
    model: Model, rules: Policies, old: Model, models: Models, change: Replanning
) -> dict[NodeName, np.ndarray]:
    """Rules of a model that are not planned again: those of an old one, or given by hand."""
    game = model.game
    free = {decision.name for decision in free_decisions(model, change)}
    held: dict[NodeName, np.ndarray] = {}
    for decision in game.diagram.decisions:
        name = decision.name
        if name in free:
            continue
        if name in change.set_by_hand:
            by_hand = change.set_by_hand[name]
            held[name] = align_rule(by_hand, name, models.truth.game, game)
        # A corrected idea of others may hold other chances than the one it replaces.
        elif name in model.fixed:
            held[name] = without(model.fixed[name], change.available.get(name))
        else:
            earlier = align_rule(rules[name], name, old.game, game)
            held[name] = without(earlier, change.available.get(name))
    return held
