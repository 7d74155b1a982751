"""Trade: expected flows, prices and deliveries without and with each intervention, on the same draws.

In every draw, the markets are settled in every context of the nodes that a good's numbers depend on. The contexts
are then weighed by their chances in the two worlds, as outcomes of a what-if are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.case.good_markets import GoodMarket, good_markets
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import carried_nodes, pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.coded_words import node_axes
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NodeName
from backchannel.machine.memory import NUMBER, claim
from backchannel.questions.counterfactuals.counterfactual import counterfactual, is_past
from backchannel.questions.why.replay import Coupling
from backchannel.tensors.game import Game
from backchannel.tensors.inference import Evidence, World, chances_given
from backchannel.tensors.plan import Scope

PerPlace = Float[np.ndarray, "place draw"]
"""What a market settles at in every draw: flows by route, then prices, then deliveries by demander."""


@dataclass(frozen=True)
class GoodNow:
    """What a good's market settles at as it is, given the whole record."""

    place: GoodMarket
    amounts: PerPlace
    weights: Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class GoodChange:
    """What a good's market settles at without and with an intervention."""

    place: GoodMarket
    before: PerPlace
    after: PerPlace
    independent: PerPlace | None
    """Of a counterfactual: `after` with independent shocks in every context."""
    weights: Float[np.ndarray, " draw"]
    carried: tuple[NodeName, ...] = ()
    """Nodes of which both sides carry the base rate."""


@dataclass(frozen=True)
class TradeChange:
    """One intervention, and what it does to every good."""

    name: str
    intervention: Intervention
    goods: tuple[GoodChange, ...]


@dataclass(frozen=True)
class TradeFlows:
    """The flows of all goods as they are, and with each intervention of the questions."""

    now: tuple[GoodNow, ...]
    changes: tuple[TradeChange, ...]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> TradeFlows:
    """Settle the markets of all goods as they are, and with every intervention in the case's questions.

    A good whose numbers follow the rounds is settled in every round.
    """
    del earlier
    lowered, ensemble = case.lowered, case.ensemble
    places = good_markets(lowered)
    names = [q.intervention for q in lowered.questions if q.kind == "what_if"] if places else []
    return TradeFlows(
        tuple(flows_now(ensemble, place) for place in places),
        tuple(
            TradeChange(
                name,
                lowered.interventions[name],
                tuple(compare_flows(ensemble, lowered.interventions[name], p) for p in places),
            )
            for name in dict.fromkeys(names)
        ),
    )


def flows_now(ensemble: Ensemble, place: GoodMarket) -> GoodNow:
    """What all routes of a good carry, and what its demanders pay and get, given the record and the base rates."""
    ensemble = pooled(ensemble)
    scope, actual = _amounts(ensemble.play.models.truth.game, place)
    expected = _expected(ensemble.world, scope, actual, ensemble.evidence)
    return GoodNow(place, expected, ensemble.weights * ensemble.converged)


def compare_flows(ensemble: Ensemble, intervention: Intervention, place: GoodMarket) -> GoodChange:
    """Compare what a good's market settles at without and with an intervention, given the whole record.

    Args:
        ensemble: The solved case.
        intervention: What is changed.
        place: The good's market.
    """
    changed = change(ensemble, intervention)
    carried = carried_nodes(ensemble, before=changed.earliest)
    ensemble = pooled(ensemble, before=changed.earliest)
    truth = ensemble.play.models.truth.game
    scope, actual = _amounts(truth, place)
    is_alike = _is_alike(truth, changed.game, place.market)
    there = actual if is_alike else _amounts(changed.game, place)[1]
    before = _expected(ensemble.world, scope, actual, ensemble.evidence)
    independent = None
    if is_past(ensemble, changed):
        after, independent = _counterfactual(ensemble, changed, scope, actual, there, before)
    else:
        evidence = ensemble.evidence_given(changed.record)
        after = _expected(changed.world, scope, there, evidence)
    weights = ensemble.weights * (ensemble.converged & changed.converged)
    return GoodChange(place, before, after, independent, weights, carried)


def _amounts(game: Game, place: GoodMarket) -> tuple[Scope, Float[np.ndarray, "place draw ..."]]:
    """What a market settles at, in all contexts of its numbers."""
    names = Expression(place.market, "").names
    scope = game.diagram.in_time(names)
    domains = game.diagram.domains
    lengths = tuple(len(domains[name]) for name in scope)
    routes, demanders = len(place.function.market.routes), len(place.function.market.demanders)
    claim(
        NUMBER * (routes + 2 * demanders + 2) * prod(lengths) * game.n_draws,
        f"The flows of a good in {game.n_draws:,} draws",
        "Let its costs and capacities depend on fewer nodes, or take fewer draws (--draws).",
    )
    values = {**node_axes(domains, scope), **{n: game.numbers[n] for n in names - {*scope}}}
    numbers = [evaluate(Expression(part, ""), values) for part in place.market.parts]
    settled = place.function.settle(numbers, np)[: routes + 2 * demanders]
    shape = (*lengths, game.n_draws)
    tables = [np.broadcast_to(np.asarray(table), shape) for table in settled]
    # Contexts that contradict a condition have no flows, and no chance either.
    stacked = np.stack([np.where(np.isnan(table), 0.0, table) for table in tables])
    return scope, np.moveaxis(stacked, -1, 1)


def _is_alike(one: Game, other: Game, market: Tree) -> bool:
    names = Expression(market, "").names & one.numbers.keys()
    return all(np.array_equal(one.numbers[name], other.numbers[name]) for name in names)


def _expected(
    world: World, scope: Scope, amounts: Float[np.ndarray, "place draw ..."], evidence: Evidence
) -> PerPlace:
    chances = chances_given(world, keep=scope, evidence=evidence)
    axes = tuple(range(1, chances.ndim))
    # A price that is infinite where nothing can flow counts only if this can happen.
    return np.stack(
        [(chances * np.where(chances > 0, table, 0.0)).sum(axis=axes) for table in amounts]
    )


def _counterfactual(
    ensemble: Ensemble,
    changed: ChangedWorld,
    scope: Scope,
    actual: Float[np.ndarray, "place draw ..."],
    there: Float[np.ndarray, "place draw ..."],
    before: PerPlace,
) -> tuple[PerPlace, PerPlace]:
    """The amounts in a world whose past is changed, with shared and with independent shocks."""
    worlds = counterfactual(ensemble, changed.world)
    shared, independent = np.full_like(before, np.inf), np.full_like(before, np.inf)
    for at, (new, old, exact) in enumerate(zip(there, actual, before, strict=True)):
        if np.isfinite(new).all() and np.isfinite(old).all():
            means = worlds.mean([(scope, new)], [(scope, old)], exact=exact)
            shared[at], independent[at] = (means[coupling] for coupling in Coupling)
    return shared, independent
