"""Some of the draws of an explanation: every set of causes undone in them, by any worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.names import NodeName, Value
from backchannel.questions.statistics.shapley import ShapleyDesign
from backchannel.questions.why.estimate import Tally
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.matching_draws import draw_factual
from backchannel.questions.why.replay import Coupling, needed_for, replay
from backchannel.questions.why.undo import undo_all
from backchannel.workers.workers import Tell

DrawBounds: TypeAlias = tuple[Float[np.ndarray, "draw ..."], Float[np.ndarray, "draw ..."]]
"""Lower and upper bound."""


@dataclass(frozen=True)
class PartQuestion:
    """What is asked of every part."""

    outcome: tuple[NodeName, Value]
    causes: Mapping[str, Intervention]
    design: ShapleyDesign
    """Which sets of causes are undone."""
    coefficients: Float[np.ndarray, "number set"]
    """How the numbers that are asked for are made of the sets' values."""


@dataclass(frozen=True)
class PartFinding:
    """What was found in the draws of a part."""

    numbers: Tally
    """The numbers that are asked for, in every draw."""
    by_set: Tally
    """The value of every set of causes, in every draw."""
    bounds: Mapping[str, DrawBounds | None]
    """By cause, sharp bounds of its necessity in every draw; `None` where there are none."""
    converged: Bool[np.ndarray, " draw"]
    """Draws that converged with every set of causes undone."""


def explain_part(
    question: PartQuestion, part: tuple[Ensemble, KeyedRandom], tell: Tell
) -> Iterator[PartFinding]:
    """Undo every set of causes in some draws, and count the worlds in which the outcome does not happen.

    Args:
        question: What is asked.
        part: The draws, and their random numbers.
        tell: Called with the number of draws done after each chunk of each model.
    """
    ensemble, random = part
    node, value = question.outcome
    design, n_sets = question.design, len(question.design.sets)
    position = ensemble.diagram.domains[node].index(value)
    shape = (n_sets, ensemble.n_draws, random.n_worlds)
    prevented = {coupling: np.zeros(shape) for coupling in Coupling}
    converged = ensemble.converged.copy()
    bounds: dict[str, DrawBounds | None] = {}
    factual = None
    for cause_set, undone in undo_all(ensemble, question.causes, design.sets, progress=tell):
        converged &= undone.converged
        needed = needed_for(node, ensemble.world, undone.world)
        if factual is None or not needed <= factual.worlds.keys():
            factual = draw_factual(ensemble, question.outcome, needed, random)
        for coupling in Coupling:
            played = replay(factual, undone, nodes=needed - {node}, coupling=coupling)
            prevented[coupling][design.position(cause_set)] = played.prevented(node, position)
            if coupling is Coupling.SHARED and len(cause_set) == 1:
                bounds[next(iter(cause_set))] = _mean_bounds(played.bounds(node, position))
    numbers, by_set = Tally(len(question.coefficients)), Tally(n_sets)
    for coupling in Coupling:
        by_set.add(coupling, prevented[coupling])
        numbers.add(coupling, np.tensordot(question.coefficients, prevented[coupling], axes=1))
    yield PartFinding(numbers, by_set, bounds, converged)


def _mean_bounds(bounds: DrawBounds | None) -> DrawBounds | None:
    return None if bounds is None else (bounds[0].mean(axis=-1), bounds[1].mean(axis=-1))
