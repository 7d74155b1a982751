"""Why: would it have happened otherwise, and how much of that is due to each cause?

For a set S of causes undone, v(S) is the probability that the outcome would not have happened,
given everything that was recorded and that it did happen; so v(none) = 0. A cause is necessary to
the degree v({c}), sufficient to the degree 1 - v(all but c), and its share is its Shapley value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble, evidence_of
from backchannel.ensemble.some_draws import some_draws
from backchannel.ensemble.weighted import bounded, effective_size, mean, weights_from_logs
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.machine.memory import NUMBER, claim, how_many
from backchannel.questions.statistics.shapley import Design, shapley_design
from backchannel.questions.why.chances import Chances
from backchannel.questions.why.estimate import Estimate, Measured, Tally
from backchannel.questions.why.replay import Coupling, Factual, needed_for, replay
from backchannel.questions.why.undo import undo_all
from backchannel.questions.why.worlds import draw_worlds
from backchannel.tensors.inference import indicator, log_likelihood
from backchannel.wording.result import Result

WORLDS = 64
"""Worlds looked at in each draw unless the user says otherwise."""
NEGLIGIBLE = 1e-3
"""Draws that together carry less than this share of the weight are passed over."""
DRAWS_TOGETHER = 256
"""Draws worked on together while there are up to 64 sets of causes; fewer with more sets."""

Bounds: TypeAlias = tuple[Float[np.ndarray, "draw ..."], Float[np.ndarray, "draw ..."]]
"""Least and most."""


@dataclass(frozen=True)
class CauseFinding:
    """What one cause has to do with the outcome."""

    name: str
    necessity: Measured
    """P(the outcome would not have happened | this cause alone undone)."""
    sufficiency: Measured
    """P(it would have happened all the same | all other causes undone)."""
    share: Measured
    """Its Shapley value; may be negative, and the shares add up to the total."""
    bounds: tuple[float, float] | None
    """Sharp bounds of its necessity, whatever the shocks, where one node alone decides."""


@dataclass(frozen=True)
class Explanation(Result):
    """Why an outcome happened: each cause's part in it."""

    node: NodeName
    value: Value
    causes: tuple[CauseFinding, ...]
    """In the order in which they were asked about."""
    total: Measured
    """P(the outcome would not have happened | all causes undone)."""
    n_draws: int
    """Draws that were looked at."""
    n_worlds: int
    """Worlds in each of them."""
    n_sets: int
    """Sets of causes that were undone."""
    is_exact: bool
    """All sets were looked at, not only those along some orders."""
    effective_draws: float
    """How many equally weighted draws the weights are worth."""
    left_out: float
    """Share of draws that did not settle in the case, or, by weight, with some set undone."""

    def bounds_of(self, measured: Measured, *, least: float = 0.0) -> tuple[float, float]:
        """A mean with the left-out draws at the least it can be (a share: −1), and at 1."""
        return bounded(measured.shared.mean, self.left_out, least=least)

    def of(self, cause: str) -> CauseFinding:
        """What was found on one cause."""
        return next(finding for finding in self.causes if finding.name == cause)

    def to_frame(self) -> pd.DataFrame:
        """One row a cause; shares add up to the last row."""
        rows = [
            {
                "cause": finding.name,
                **self._columns("necessity", finding.necessity),
                **self._columns("sufficiency", finding.sufficiency),
                **self._columns("share", finding.share, least=-1.0),
                "least": finding.bounds[0] if finding.bounds else None,
                "most": finding.bounds[1] if finding.bounds else None,
            }
            for finding in self.causes
        ]
        together = {"cause": "(all)", **self._columns("necessity", self.total)}
        together |= self._columns("share", self.total)
        return pd.DataFrame([*rows, together])

    def _columns(self, name: str, measured: Measured, least: float = 0.0) -> dict[str, float]:
        shared = measured.shared
        ends = self.bounds_of(measured, least=least)
        return {
            name: shared.mean,
            f"{name} low": shared.low,
            f"{name} high": shared.high,
            f"{name} at least": ends[0],
            f"{name} at most": ends[1],
            f"{name} error": shared.error,
            f"{name} independent": measured.independent.mean,
        }


def why(
    ensemble: Ensemble,
    outcome: tuple[NodeName, Value],
    causes: Mapping[str, Intervention],
    *,
    n_worlds: int = WORLDS,
    n_draws: int | None = None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Explanation:
    """Explain an outcome by its causes.

    In every draw, worlds are drawn from the posterior given the record, and in each the shocks
    behind every choice and every accident; then each set of causes is undone and the rest replayed
    with the same shocks.

    Args:
        ensemble: The solved case.
        outcome: The node and the value that it came out as.
        causes: What is undone, by name; at most 12.
        n_worlds: Worlds in each draw.
        n_draws: Use only the first so many draws.
        seed: Where the worlds and shocks begin.
        progress: Called with the number of draws done after each chunk of each model.

    Raises:
        CommandError: The record rules the outcome out, or a cause has no meaning.

    Source: Balke & Pearl (1994) and Pearl (2009), ch. 7 and 9, for counterfactuals and the
    probabilities of causation; Oberst & Sontag (2019) for Gumbel-max replay; the announced
    re-planning and the shares over sets of causes are ours.
    """
    node, value = outcome
    design = shapley_design(list(causes), seed=seed)
    numbers = _numbers_asked(design)
    tally, by_set = Tally(len(numbers)), Tally(len(design.sets))
    bounds: dict[str, list[Bounds | None]] = {name: [] for name in causes}
    weights, settled = [], []
    for part, chances, own in happened(
        ensemble, outcome, n_worlds=n_worlds, n_draws=n_draws, seed=seed, n_sets=len(design.sets)
    ):
        place = part.diagram.domains[node].index(value)
        shape = (len(design.sets), part.n_draws, n_worlds)
        prevented = {coupling: np.zeros(shape) for coupling in Coupling}
        converged = part.converged.copy()
        factual = None
        for some, undone in undo_all(part, causes, design.sets, progress=progress):
            converged &= undone.converged
            needed = needed_for(node, part.world, undone.world)
            if factual is None or not needed <= factual.worlds.keys():
                factual = imagine(part, outcome, needed, chances)
            for coupling in Coupling:
                played = replay(factual, undone, nodes=needed - {node}, coupling=coupling)
                prevented[coupling][design.place(some)] = played.prevented(node, place)
                if coupling is Coupling.SHARED and len(some) == 1:
                    bounds[next(iter(some))].append(_mean_bounds(played.bounds(node, place)))
        for coupling in Coupling:
            by_set.add(coupling, prevented[coupling])
            tally.add(coupling, np.tensordot(numbers, prevented[coupling], axes=1))
        weights.append(own)
        settled.append(converged)
    likelihood = np.concatenate(weights)
    used = likelihood * np.concatenate(settled)
    errors = order_errors(design, by_set, used, len(numbers))
    found = tally.measured(used, more_error=errors)
    n = len(causes)
    return Explanation(
        node=node,
        value=value,
        causes=tuple(
            CauseFinding(
                name=name,
                share=found[i],
                necessity=found[n + i],
                sufficiency=_complement(found[2 * n + i]),
                bounds=_over_draws(bounds[name], used),
            )
            for i, name in enumerate(causes)
        ),
        total=found[3 * n],
        n_draws=len(used),
        n_worlds=n_worlds,
        n_sets=len(design.sets),
        is_exact=design.pairs is None,
        effective_draws=effective_size(used),
        left_out=1 - float(ensemble.converged.mean() * used.sum() / likelihood.sum()),
    )


def happened(
    ensemble: Ensemble,
    outcome: tuple[NodeName, Value],
    *,
    n_worlds: int,
    n_draws: int | None,
    seed: int,
    n_sets: int,
) -> Iterator[tuple[Ensemble, Chances, Float[np.ndarray, " draw"]]]:
    """Go through the draws that speak for what happened, some at a time.

    Returns:
        Some draws, their chances, and the likelihood of the record and the outcome in each, with
        the largest of all draws put at 1.

    Raises:
        CommandError: The record rules the outcome out in every draw.
    """
    evidence = outcome_evidence(ensemble, outcome)
    found = np.where(ensemble.converged, log_likelihood(ensemble.world, evidence), -np.inf)
    if n_draws is not None:
        found[n_draws:] = -np.inf
    likelihood = weights_from_logs(found)
    if not (likelihood > 0).any():
        node, value = outcome
        raise CommandError(
            f"{node} = {value} has probability 0 given the record, in every draw: why it happened "
            "has no answer. Mend the record, or ask about what it allows."
        )
    speaking = _speaking(likelihood)
    together = _draws_together(ensemble, n_worlds, n_sets)
    for i in range(ceil(len(speaking) / together)):
        draws = speaking[i * together : (i + 1) * together]
        yield some_draws(ensemble, draws), Chances(seed, draws, n_worlds), likelihood[draws]


def _draws_together(ensemble: Ensemble, n_worlds: int, n_sets: int) -> int:
    """How many draws are gone through at once."""
    domains = ensemble.diagram.domains
    # What each set prevents, in both couplings; and in each world every node with its shocks.
    each = NUMBER * n_worlds * (2 * n_sets + sum(2 + 3 * len(domains[name]) for name in domains))
    claim(
        each,
        f"{n_worlds:,} worlds with {n_sets:,} sets of causes",
        "Draw fewer worlds (--worlds), or ask about fewer causes.",
    )
    return how_many(each, max(16, DRAWS_TOGETHER * 64 // max(64, n_sets)))


def imagine(
    part: Ensemble,
    outcome: tuple[NodeName, Value],
    nodes: frozenset[NodeName],
    chances: Chances,
) -> Factual:
    """Draw worlds in which the record and the outcome came about."""
    evidence = outcome_evidence(part, outcome)
    order = [name for name in part.diagram.order if name in nodes]
    worlds = draw_worlds(part.world, nodes=order, evidence=evidence, chances=chances)
    return Factual(part.world, worlds, chances)


def outcome_evidence(
    ensemble: Ensemble, outcome: tuple[NodeName, Value]
) -> dict[NodeName, Float[np.ndarray, " value"]]:
    """The record, and that the outcome happened for certain."""
    node, value = outcome
    evidence = dict(evidence_of(ensemble.diagram, ensemble.record))
    certain = indicator(ensemble.diagram, node, value)
    return {**evidence, node: evidence.get(node, 0.0) + certain}


def _speaking(likelihood: Float[np.ndarray, " draw"]) -> Int[np.ndarray, " some"]:
    """The draws that carry all but a negligible share of the weight, in order."""
    ranked = np.argsort(-likelihood, kind="stable")
    carried = np.cumsum(likelihood[ranked])
    enough = int(np.searchsorted(carried, (1 - NEGLIGIBLE) * carried[-1])) + 1
    return np.sort(ranked[:enough])


def _numbers_asked(design: Design) -> Float[np.ndarray, "number set"]:
    """Shares, necessities, v(all but one) and v(all), each as a sum over the sets' values."""
    n, everyone = len(design.members), frozenset(design.members)
    found = np.zeros((3 * n + 1, len(design.sets)))
    found[:n] = design.coefficients
    for i, name in enumerate(design.members):
        found[n + i, design.place(frozenset({name}))] = 1.0
        found[2 * n + i, design.place(everyone - {name})] = 1.0
    found[3 * n, design.place(everyone)] = 1.0
    return found


def order_errors(
    design: Design, by_set: Tally, weights: Float[np.ndarray, " draw"], n_numbers: int
) -> dict[Coupling, np.ndarray]:
    """Standard errors of shares from looking at some orders only; shares are the first numbers."""
    found = {}
    for coupling in Coupling:
        values = np.array([float(mean(row, weights)) for row in by_set.per_draw(coupling)])
        found[coupling] = np.zeros(n_numbers)
        found[coupling][: len(design.members)] = design.errors(values)
    return found


def _complement(measured: Measured) -> Measured:
    def turned(one: Estimate) -> Estimate:
        return Estimate(1 - one.mean, 1 - one.high, 1 - one.low, one.error)

    return Measured(turned(measured.shared), turned(measured.independent))


def _mean_bounds(bounds: Bounds | None) -> Bounds | None:
    return None if bounds is None else (bounds[0].mean(axis=-1), bounds[1].mean(axis=-1))


def _over_draws(
    bounds: list[Bounds | None], weights: Float[np.ndarray, " draw"]
) -> tuple[float, float] | None:
    known = [one for one in bounds if one is not None]
    if len(known) < len(bounds):
        return None
    least, most = (np.concatenate([one[i] for one in known]) for i in (0, 1))
    return float(mean(least, weights)), float(mean(most, weights))
