"""Trade: expected flows and deliveries without and with each intervention, on the same draws.

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

from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.evaluation import evaluate, node_axes
from backchannel.language.expressions import Expression, Tree
from backchannel.machine.memory import NUMBER, claim
from backchannel.questions.counterfactuals.counterfactual import counterfactual, is_past
from backchannel.questions.why.replay import Coupling
from backchannel.tensors.game import Game
from backchannel.tensors.inference import Evidence, World, chances_given
from backchannel.tensors.plan import Scope

PerPlace = Float[np.ndarray, "place draw"]
"""An amount for each route of a good, then for each of its demanders, in every draw."""


@dataclass(frozen=True)
class GoodChange:
    """The expected flows of one good, and what is delivered, without and with an intervention."""

    good: str
    before: PerPlace
    after: PerPlace
    independent: PerPlace | None
    """Of a counterfactual: `after` with independent shocks in every context."""
    weights: Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class TradeChange:
    """One intervention, and what it does to every good."""

    name: str
    intervention: Intervention
    goods: tuple[GoodChange, ...]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> list[TradeChange]:
    """Compare the flows of all goods with every intervention in the case's questions.

    A good whose numbers follow the rounds has other flows in each round, and is left out.
    """
    del earlier
    lowered, ensemble = case.lowered, case.ensemble
    markets = _settled_once(lowered)
    names = [q.intervention for q in lowered.questions if q.kind == "what_if"] if markets else []
    return [
        TradeChange(
            name,
            lowered.interventions[name],
            tuple(
                compare_flows(ensemble, lowered.interventions[name], good, market)
                for good, market in markets.items()
            ),
        )
        for name in dict.fromkeys(names)
    ]


def compare_flows(
    ensemble: Ensemble, intervention: Intervention, good: str, market: Tree
) -> GoodChange:
    """Compare what all routes of a good carry and all demanders get, given the whole record.

    Args:
        ensemble: The solved case.
        intervention: What is changed.
        good: The good's name.
        market: The operation that settles its market.
    """
    changed = change(ensemble, intervention)
    ensemble = pooled(ensemble, before=changed.earliest)
    truth = ensemble.play.models.truth.game
    scope, actual = _amounts(truth, market)
    there = actual if _is_alike(truth, changed.game, market) else _amounts(changed.game, market)[1]
    before = _expected(ensemble.world, scope, actual, ensemble.evidence)
    independent = None
    if is_past(ensemble, changed):
        after, independent = _counterfactual(ensemble, changed, scope, actual, there, before)
    else:
        evidence = ensemble.evidence_given(changed.record)
        after = _expected(changed.world, scope, there, evidence)
    weights = ensemble.weights * (ensemble.converged & changed.converged)
    return GoodChange(good, before, after, independent, weights)


def _settled_once(lowered: Lowered) -> dict[str, Tree]:
    known = lowered.diagram.node.keys() | lowered.priors.keys()
    return {
        good: market
        for good, market in lowered.markets.items()
        if Expression(market, "").names <= known
    }


def _amounts(game: Game, market: Tree) -> tuple[Scope, Float[np.ndarray, "place draw ..."]]:
    """What every route carries and every demander gets, in all contexts of a market's numbers."""
    names = Expression(market, "").names
    scope = game.diagram.in_time(names)
    domains = game.diagram.domains
    lengths = tuple(len(domains[name]) for name in scope)
    routes, demanders = len(market.value.market.routes), len(market.value.market.demanders)
    claim(
        NUMBER * (routes + 2 * demanders + 2) * prod(lengths) * game.n_draws,
        f"The flows of a good in {game.n_draws:,} draws",
        "Let its costs and capacities depend on fewer nodes, or take fewer draws (--draws).",
    )
    values = {**node_axes(domains, scope), **{n: game.numbers[n] for n in names - {*scope}}}
    numbers = [evaluate(Expression(part, ""), values) for part in market.parts]
    settled = market.value.settle(numbers, np)
    wanted = [*settled[:routes], *settled[routes + demanders : routes + 2 * demanders]]
    shape = (*lengths, game.n_draws)
    # Contexts that contradict a condition have no flows, and no chance either.
    tables = [np.nan_to_num(np.broadcast_to(np.asarray(table), shape)) for table in wanted]
    return scope, np.moveaxis(np.stack(tables), -1, 1)


def _is_alike(one: Game, other: Game, market: Tree) -> bool:
    names = Expression(market, "").names & one.numbers.keys()
    return all(np.array_equal(one.numbers[name], other.numbers[name]) for name in names)


def _expected(
    world: World, scope: Scope, amounts: Float[np.ndarray, "place draw ..."], evidence: Evidence
) -> PerPlace:
    chances = chances_given(world, keep=scope, evidence=evidence)
    axes = tuple(range(1, chances.ndim))
    return np.stack([(chances * table).sum(axis=axes) for table in amounts])


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
    found = [
        worlds.mean([(scope, new)], [(scope, old)], exact=exact)
        for new, old, exact in zip(there, actual, before, strict=True)
    ]
    shared, independent = (np.stack([both[coupling] for both in found]) for coupling in Coupling)
    return shared, independent
