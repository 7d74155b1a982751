"""Value of information: how much learning each unknown would sharpen a forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Float

from backchannel.diagram.nodes import Derived
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.language.names import NodeName, ParameterName
from backchannel.questions.sensitivity.effects import INTERVAL_ENDS, upper_end
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.sensitivity.slices import SlicedSample, Slices
from backchannel.questions.statistics.additive_fit import single_level
from backchannel.questions.statistics.influence import rank_assumptions
from backchannel.tensors.inference import chances_given
from backchannel.tensors.marginals import chances_with, is_long, next_ones

BITS = np.log(2)
"""Nats in a bit."""
SAME_BITS = 0.001
"""A derived node with the same information as another, up to this share, repeats it."""


@dataclass(frozen=True)
class Learning:
    """The average effect of learning one unknown on the forecast of a node."""

    unknown: ParameterName | NodeName
    is_node: bool
    """Whether it is a node that could be observed, not an assumption that could be measured."""
    bits: float
    """Expected reduction of the forecast's entropy, in bits."""
    bits_range: tuple[float, float]
    """90% bootstrap interval."""
    score: float
    """Expected reduction of the forecast's Brier score (the sum over values of p (1 − p))."""
    stands_out: bool = True
    """A node, or an assumption that gives more bits than chance and stands out in moving some value."""


@dataclass(frozen=True)
class Information:
    """How uncertain a forecast is, and what would reduce that."""

    entropy: float
    """Entropy of the current forecast, in bits."""
    brier: float
    """Expected Brier score of the current forecast."""
    entropy_left: float
    """Expected entropy when every assumption is known: the randomness of players and of chance."""
    brier_left: float
    """Expected Brier score when every assumption is known."""
    noise: float
    """Bits that the best of as many assumptions without effect seems to give once in twenty times."""
    learning: tuple[Learning, ...]
    """Assumptions and nodes, the most informative first."""


def information_of(ensemble: Ensemble, sliced: SlicedSample) -> Information:
    r"""Measure how much learning each unknown would sharpen the forecast of a node.

    $$I(Y; Z) = H(Y) - E_z\, H(Y \mid z), \qquad B(Y; Z) = E_z \sum_y (p(y \mid z) - p(y))^2$$

    For an assumption Z (partial perfect information), both are estimated from slices of the draws and
    corrected by random slices. For a node that could still be observed before the outcome, both are
    exact given the draws: the joint probabilities are computed in every draw.

    Source: Howard (1966), Information value theory; Strong, Oakley & Brennan (2014) for given draws;
    Miller (1955) for the bias of an entropy, which is estimated from random slices here.
    """
    sample = sliced.sample
    forecast = sample.forecast
    by_chance = _bits(sliced.by_chance)
    level = upper_end(by_chance, single_level(len(sample.names)))
    noise = float(max(level - by_chance.mean(), 0.0))
    learned = [*_of_assumptions(sliced, noise), *_distinct(ensemble, _of_nodes(ensemble, sample))]
    return Information(
        entropy=float(_entropy(forecast)),
        brier=float((forecast * (1 - forecast)).sum()),
        entropy_left=float(sample.weights @ _entropy(sample.chances)),
        brier_left=float(sample.weights @ (sample.chances * (1 - sample.chances)).sum(axis=1)),
        noise=noise,
        learning=tuple(sorted(learned, key=lambda unknown: -unknown.bits)),
    )


def _of_assumptions(sliced: SlicedSample, top_noise: float) -> list[Learning]:
    sample = sliced.sample
    rankings = (rank_assumptions(sample.terms, chances) for chances in sample.chances.T)
    moving = {ranked.parameter for ranking in rankings for ranked in ranking.named}
    noise, score_noise = _bits(sliced.by_chance).mean(), _score(sliced.by_chance).mean()
    bits = np.maximum(_bits(sliced.observed) - noise, 0.0)
    score = np.maximum(_score(sliced.observed) - score_noise, 0.0)
    # A bootstrap sample has the noise of the draws, and the same amount of its own.
    ends = np.quantile(_bits(sliced.resampled), INTERVAL_ENDS, axis=1) - 2 * noise
    low, high = np.maximum(ends, 0.0)
    return [
        Learning(
            unknown=name,
            is_node=False,
            bits=float(bits[i]),
            bits_range=(float(low[i]), float(high[i])),
            score=float(score[i]),
            stands_out=bool(bits[i] > top_noise) and name in moving,
        )
        for i, name in enumerate(sample.names)
    ]


def _of_nodes(ensemble: Ensemble, sample: Sample) -> list[Learning]:
    replicas = sample.resampled()
    learned = []
    for node, table in _joint_tables(ensemble, sample):
        shape = table.shape[1:]
        flat = table.reshape(len(table), -1)
        observed = (sample.weights @ flat).reshape(1, *shape)
        resampled = (replicas @ flat).reshape(-1, *shape)
        low, high = np.quantile(_bits_between(resampled), INTERVAL_ENDS)
        bits, score = float(_bits_between(observed)[0]), float(_score_between(observed)[0])
        learned.append(Learning(node, True, bits, (float(low), float(high)), score))
    return learned


def _distinct(ensemble: Ensemble, learned: Sequence[Learning]) -> list[Learning]:
    """Leave out derived nodes that repeat the information of another node."""
    derived = {n.name for n in ensemble.diagram.nodes if isinstance(n, Derived)}
    others = [node.bits for node in learned if node.unknown not in derived]
    kept = []
    for node in learned:
        repeats = any(abs(bits - node.bits) <= SAME_BITS * node.bits for bits in others)
        if node.unknown not in derived or not repeats:
            kept.append(node)
    return kept


def seen_before(ensemble: Ensemble, outcome: NodeName) -> list[NodeName]:
    """List the nodes that are not on record and are determined before an outcome."""
    diagram = ensemble.diagram
    recorded = {entry.node for entry in ensemble.record}
    when = diagram.dates[outcome]
    return [
        node
        for node in diagram.order
        if node not in recorded
        and node != outcome
        and (diagram.dates[node] < when or diagram.dates[node] == date.min)
    ]


def _joint_tables(
    ensemble: Ensemble, sample: Sample
) -> Iterator[tuple[NodeName, Float[np.ndarray, "draw value other"]]]:
    """P(outcome, node | record) in each draw of the sample, for every node determined before it."""
    ensemble = pooled(ensemble)
    diagram, world, evidence = ensemble.diagram, ensemble.world, ensemble.evidence
    nodes = seen_before(ensemble, sample.node)
    walked = {}
    if is_long(world):
        nodes = [n for n in nodes if diagram.rank[n] < diagram.rank[sample.node]]
        nodes = next_ones(world, nodes)
        walked = chances_with(world, sample.node, nodes, evidence)
    for node in nodes:
        table = (
            walked[node]
            if node in walked
            else chances_given(world, keep=(sample.node, node), evidence=evidence)
        )
        if diagram.rank[node] < diagram.rank[sample.node]:
            table = table.swapaxes(1, 2)
        yield node, table[sample.rows]


def _bits(slices: Slices) -> Float[np.ndarray, "*row"]:
    return _bits_between((slices.mass[..., None] * slices.chances).swapaxes(-1, -2))


def _score(slices: Slices) -> Float[np.ndarray, "*row"]:
    return _score_between((slices.mass[..., None] * slices.chances).swapaxes(-1, -2))


def _bits_between(table: Float[np.ndarray, "*row value other"]) -> Float[np.ndarray, "*row"]:
    """Mutual information of the two axes, in bits."""
    product = table.sum(axis=-1, keepdims=True) * table.sum(axis=-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table / product), 0.0)
    return np.maximum(terms.sum(axis=(-1, -2)) / BITS, 0.0)


def _score_between(table: Float[np.ndarray, "*row value other"]) -> Float[np.ndarray, "*row"]:
    """Expected reduction of the Brier score of the first axis when the second is learned."""
    other = table.sum(axis=-2, keepdims=True)
    given = np.divide(table, other, out=np.zeros_like(table), where=other > 0)
    gap = given - table.sum(axis=-1, keepdims=True)
    return (other * gap**2).sum(axis=(-1, -2))


def _entropy(chances: Float[np.ndarray, "*row value"]) -> Float[np.ndarray, "*row"]:
    positive = np.where(chances > 0, chances, 1.0)
    return -(chances * np.log(positive)).sum(axis=-1) / BITS
