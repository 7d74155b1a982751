"""Why: would the outcome have happened otherwise, and how much is due to each cause?

For a set S of causes that are undone, v(S) is the probability that the outcome would not have happened,
given the record and that it did happen. So v(none) = 0. A cause is necessary to
the degree v({c}), sufficient to the degree 1 - v(all but c), and its share is its Shapley value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int

from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import effective_size, mean
from backchannel.language.names import NodeName, Value
from backchannel.questions.statistics.shapley import ShapleyDesign, shapley_design
from backchannel.questions.why.estimate import CoupledEstimate, MonteCarloEstimate, Tally
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.matching_draws import matching_parts
from backchannel.questions.why.part import DrawBounds, PartFinding, PartQuestion, explain_part
from backchannel.questions.why.replay import Coupling
from backchannel.questions.why.results import CauseFinding, Explanation
from backchannel.questions.why.why_question import WORLDS
from backchannel.workers.workers import PieceWork, workers

MatchingPart: TypeAlias = tuple[Ensemble, KeyedRandom, Float[np.ndarray, " draw"]]
"""Some draws, their random numbers, and the likelihood of the record and the outcome in each."""


def explain_outcome(
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

    In every draw, worlds are drawn from the posterior given the record; in each world, so are the shocks
    behind every decision and every chance node. Then each set of causes is undone, and the rest is
    replayed with the same shocks.

    Args:
        ensemble: The solved case.
        outcome: The node and its actual value.
        causes: What is undone, by name; at most 12.
        n_worlds: Worlds in each draw.
        n_draws: How many draws to use, the first ones; all, if left out.
        seed: Seed of the worlds and shocks.
        progress: Called with the number of draws done after each chunk of each model.

    Raises:
        CommandError: The record rules out the outcome, or a cause has no meaning in this case.

    Source: Balke & Pearl (1994) and Pearl (2009), ch. 7 and 9, for counterfactuals and the
    probabilities of causation; Oberst & Sontag (2019) for Gumbel-max replay. The announced
    replanning and the shares over sets of causes are ours.
    """
    node, value = outcome
    design = shapley_design(list(causes), seed=seed)
    coefficients = _coefficients(design)
    question = PartQuestion(outcome, causes, design, coefficients)
    parts = matching_parts(
        ensemble, outcome, n_worlds=n_worlds, n_draws=n_draws, seed=seed, n_sets=len(design.sets)
    )
    explained = _explain_parts(question, parts, progress)
    tally, by_set = Tally(len(coefficients)), Tally(len(design.sets))
    bounds: dict[str, list[DrawBounds | None]] = {name: [] for name in causes}
    for part in explained:
        tally.extend(part.finding.numbers)
        by_set.extend(part.finding.by_set)
        for name, ends in part.finding.bounds.items():
            bounds[name].append(ends)
    weights = np.concatenate([part.likelihood for part in explained])
    used = weights * np.concatenate([part.finding.converged for part in explained])
    positions = np.concatenate([part.draws for part in explained])
    errors = order_errors(design, by_set, used, len(coefficients))
    estimates = tally.measured(used, more_error=errors)
    n = len(causes)
    total_by_draw, all_weights = np.full(ensemble.n_draws, np.nan), np.zeros(ensemble.n_draws)
    total_by_draw[positions] = tally.per_draw(Coupling.SHARED)[3 * n]
    all_weights[positions] = used
    return Explanation(
        node=node,
        value=value,
        causes=tuple(
            CauseFinding(
                name=name,
                share=estimates[i],
                necessity=estimates[n + i],
                sufficiency=_complement(estimates[2 * n + i]),
                bounds=_over_draws(bounds[name], used),
            )
            for i, name in enumerate(causes)
        ),
        total=estimates[3 * n],
        n_draws=len(used),
        n_worlds=n_worlds,
        n_sets=len(design.sets),
        is_exact=design.pairs is None,
        effective_draws=effective_size(used),
        left_out=1 - float(ensemble.converged.mean() * used.sum() / weights.sum()),
        total_by_draw=total_by_draw,
        weights=all_weights,
    )


@dataclass(frozen=True)
class _ExplainedPart:
    """Some draws of the case, their likelihood, and what was found in them."""

    draws: Int[np.ndarray, " draw"]
    likelihood: Float[np.ndarray, " draw"]
    finding: PartFinding


def _explain_parts(
    question: PartQuestion, parts: Iterable[MatchingPart], progress: Callable[[int], None] | None
) -> list[_ExplainedPart]:
    """Undo every set of causes in all parts; in the order of the parts."""
    explained: dict[int, _ExplainedPart] = {}

    def piece(numbered: tuple[int, MatchingPart]) -> tuple[Ensemble, KeyedRandom]:
        return numbered[1][:2]

    def keep(numbered: tuple[int, MatchingPart], finding: PartFinding) -> None:
        i, (_, random, likelihood) = numbered
        explained[i] = _ExplainedPart(random.draws, likelihood, finding)

    job = PieceWork(explain_part, question, piece, keep, progress)
    # In this process, a part uses all processors by itself.
    for _ in workers().carry_out(job, enumerate(parts), at_once=1):
        pass
    return [explained[i] for i in sorted(explained)]


def _coefficients(design: ShapleyDesign) -> Float[np.ndarray, "number set"]:
    """Rows for shares, necessities, v(all but one) and v(all): their coefficients of the sets' values."""
    n, all_causes = len(design.members), frozenset(design.members)
    rows = np.zeros((3 * n + 1, len(design.sets)))
    rows[:n] = design.coefficients
    for i, name in enumerate(design.members):
        rows[n + i, design.position(frozenset({name}))] = 1.0
        rows[2 * n + i, design.position(all_causes - {name})] = 1.0
    rows[3 * n, design.position(all_causes)] = 1.0
    return rows


def order_errors(
    design: ShapleyDesign, by_set: Tally, weights: Float[np.ndarray, " draw"], n_numbers: int
) -> dict[Coupling, np.ndarray]:
    """Standard errors of the shares from sampling orders; the shares are the first numbers."""
    errors = {}
    for coupling in Coupling:
        values = np.array([float(mean(row, weights)) for row in by_set.per_draw(coupling)])
        errors[coupling] = np.zeros(n_numbers)
        errors[coupling][: len(design.members)] = design.errors(values)
    return errors


def _complement(measured: CoupledEstimate) -> CoupledEstimate:
    def complement(estimate: MonteCarloEstimate) -> MonteCarloEstimate:
        return MonteCarloEstimate(
            1 - estimate.mean, 1 - estimate.high, 1 - estimate.low, estimate.error
        )

    return CoupledEstimate(complement(measured.shared), complement(measured.independent))


def _over_draws(
    bounds: list[DrawBounds | None], weights: Float[np.ndarray, " draw"]
) -> tuple[float, float] | None:
    known = [pair for pair in bounds if pair is not None]
    if len(known) < len(bounds):
        return None
    least, most = (np.concatenate([pair[i] for pair in known]) for i in (0, 1))
    return float(mean(least, weights)), float(mean(most, weights))
