"""News: what new entries of the record change, and how surprising they were to each player.

Nothing is solved again. Play does not depend on the record: news only reweights the draws, and adds to
the evidence on which forecasts are conditioned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.weighted import mean, quantile
from backchannel.language.names import NodeName, ParameterName, PlayerName
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.surprise.ask import LEAST_POSSIBLE, world_allowing_surprises
from backchannel.tensors.inference import World, log_likelihood

STANDS_OUT = 3.0
"""A change of an assumption is reported if it is at least this many simulation standard errors."""


@dataclass(frozen=True)
class NodeChange:
    """One node's forecast before and after the news."""

    node: NodeName
    before: Forecast
    after: Forecast

    @property
    def distance(self) -> float:
        """Total variation distance: the largest change in the probability of any event about the node."""
        return float(np.abs(self.after.mean - self.before.mean).sum() / 2)


def node_changes(before: Ensemble, after: Ensemble) -> list[NodeChange]:
    """Every node that both states have and that is not certain from the record, largest change first."""
    known = {entry.node for entry in after.record if entry.reliability == 1.0}
    changes = [
        NodeChange(node, forecast(before, node), forecast(after, node))
        for node in after.diagram.order
        if node not in known
        and node in before.diagram.domains
        and before.diagram.domains[node] == after.diagram.domains[node]
    ]
    return sorted(changes, key=lambda change: -change.distance)


@dataclass(frozen=True)
class UpdatedAssumption:
    """An assumption whose distribution was changed by the news."""

    parameter: ParameterName
    before: tuple[float, float, float]
    """Mean, and the 5–95% range over weighted draws."""
    after: tuple[float, float, float]
    in_sds: float
    """Change of the mean, in standard deviations before the news."""
    errors: float
    """Change of the mean, in simulation standard errors; small values are noise."""

    @property
    def stands_out(self) -> bool:
        """Whether the mean changed by more than simulation noise."""
        return abs(self.errors) >= STANDS_OUT


@dataclass(frozen=True)
class NewsSurprise:
    """How likely the news was, to one player or in the true case."""

    player: PlayerName | None
    """`None`: in the true case."""
    probability: float
    """P(news | record so far), mean over the weighted draws; nan if the record is impossible."""

    @property
    def bits(self) -> float:
        """−log₂ of the probability: 1 bit for an even chance, 0 for a certain event."""
        return float(-np.log2(self.probability)) if self.probability > 0 else float("inf")


def with_record(ensemble: Ensemble, record: Sequence[Observation]) -> Ensemble:
    """The same solved draws, reweighted by another record.

    Changed worlds are kept; the part of the record that they use is chosen again.
    """
    ordered = tuple(sorted(record, key=lambda entry: entry.date))
    evidence = evidence_of(ensemble.diagram, ordered)
    likelihood = log_likelihood(ensemble.world, evidence)
    cache = {key: changed.on_record(ordered) for key, changed in ensemble.cache.items()}
    return replace(ensemble, record=ordered, log_likelihood=likelihood, cache=cache, samples={})


def shifts(before: Ensemble, after: Ensemble) -> list[UpdatedAssumption]:
    """Assumptions whose mean changed by more than simulation noise, largest change first."""
    return [shift for shift in all_shifts(before, after) if shift.stands_out]


def all_shifts(before: Ensemble, after: Ensemble) -> list[UpdatedAssumption]:
    """What the news does to every uncertain assumption that both states have, largest change first."""
    old, new = before.weights / before.weights.sum(), after.weights / after.weights.sum()
    changed = []
    for name, numbers in before.numbers.items():
        if name not in after.numbers or numbers.min() == numbers.max():
            continue
        centre = float(old @ numbers)
        spread = float(np.sqrt(old @ (numbers - centre) ** 2))
        later = float(new @ numbers)
        # Both means come from the same draws, so the error is that of their difference.
        noise = float(np.sqrt(((new * (numbers - later) - old * (numbers - centre)) ** 2).sum()))
        if spread == 0 or noise == 0:
            continue
        changed.append(
            UpdatedAssumption(
                name,
                _summary(numbers, before.weights),
                _summary(numbers, after.weights),
                (later - centre) / spread,
                (later - centre) / noise,
            )
        )
    return sorted(changed, key=lambda shift: -abs(shift.in_sds))


def surprises(before: Ensemble, news: Sequence[Observation]) -> list[NewsSurprise]:
    """How likely the news was before it came: in the true case, and to each player.

    A player with wrong beliefs uses its own model; the others know the true case. A player's own
    moves, and nodes of which it is unaware, are not news to it. A player without news is left out.
    """
    record, weights = before.record, before.weights
    likelihoods = [NewsSurprise(None, _chance(before.world, before.diagram, record, news, weights))]
    for player in before.diagram.players:
        model = before.play.models.believed.get(player)
        own = [entry for entry in news if _decides(before.diagram, player, entry.node)]
        learnt = [entry for entry in news if entry not in own]
        known = [*record, *own]
        if model is None:
            world = before.world
        else:
            # A player whose model made the record impossible still has expectations after it.
            world = world_allowing_surprises(model, before.play.believed[player].policies)
            unseen = model.unaware.nodes
            known = [entry for entry in known if entry.node not in unseen]
            learnt = [entry for entry in learnt if entry.node not in unseen]
        if learnt:
            chance = _chance(world, before.diagram, known, learnt, weights)
            likelihoods.append(NewsSurprise(player, chance))
    return likelihoods


def _decides(diagram: Diagram, player: PlayerName, name: NodeName) -> bool:
    node = diagram.node[name]
    return isinstance(node, Decision) and node.player == player


def _chance(
    world: World,
    diagram: Diagram,
    record: Sequence[Observation],
    news: Sequence[Observation],
    weights: Float[np.ndarray, " draw"],
) -> float:
    """P(news | record), mean over the draws in which the record is possible."""
    known = log_likelihood(world, evidence_of(diagram, record))
    both = log_likelihood(world, evidence_of(diagram, [*record, *news]))
    possible = weights * (known > -np.inf)
    if not (possible > 0).any():
        return float("nan")
    chance = np.exp(both - np.where(known > -np.inf, known, 0.0))
    return float(mean(np.where(chance > LEAST_POSSIBLE, chance, 0.0), possible))


def _summary(
    numbers: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
) -> tuple[float, float, float]:
    return (
        float(mean(numbers, weights)),
        quantile(numbers, weights, 0.05),
        quantile(numbers, weights, 0.95),
    )
