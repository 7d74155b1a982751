"""The ensemble: a case solved in every draw, and each draw's weight given the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import Belief, Observation
from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.outside import OutsideView
from backchannel.ensemble.weighted import effective_size, weights_from_logs
from backchannel.equilibrium.beliefs.believed_rules import Numbers
from backchannel.equilibrium.beliefs.models import Model, build_models
from backchannel.equilibrium.beliefs.play import Play, play
from backchannel.equilibrium.types import Equilibrium, Policies, Task
from backchannel.language.errors import ConvergenceError, RecordError
from backchannel.tensors.inference import Evidence, World, log_likelihood, merged
from backchannel.wording.percents import percent

FEWEST_CONVERGED = 0.5
"""Share of draws that must converge for any answer to be given."""


@dataclass(frozen=True)
class Ensemble:
    """A solved case: weighted draws of the uncertain numbers, each with every player's rules."""

    diagram: Diagram
    beliefs: tuple[Belief, ...]
    numbers: Numbers
    record: tuple[Observation, ...]
    """In order of date."""
    play: Play
    world: World
    log_likelihood: Float[np.ndarray, " draw"]
    """log P(record) in each draw under the factual rules; minus infinity where it is impossible."""
    outside: tuple[OutsideView, ...] = ()
    """The base rates of the case, drawn."""
    first_draw: int = 0
    """Number of the first draw in the whole sequence, so that a part of all draws has its own random shocks."""
    soft: Evidence = field(default_factory=dict)
    """Soft evidence that gives nodes their pooled chances; empty until base rates are pooled (`pooled`)."""
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Changed worlds that were solved already, by their intervention."""
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What several questions work out from the same draws, by its name."""
    samples: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Worlds that were drawn given the record, and the counterfactual that was asked for last."""

    def __getstate__(self) -> dict[str, Any]:
        # What was worked out from the draws does not travel with them to another process.
        return {**self.__dict__, "cache": {}, "kept": {}, "samples": {}}

    @property
    def n_draws(self) -> int:
        return len(self.log_likelihood)

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws whose play may be used."""
        return self.play.converged

    @property
    def left_out(self) -> float:
        """Share of draws that are left out of every answer because play did not converge."""
        return 1.0 - float(self.converged.mean())

    @property
    def worst_left_out(self) -> float:
        """The largest such share, over the case and the changed worlds solved so far."""
        shares = [float((self.converged & c.converged).mean()) for c in self.cache.values()]
        return 1.0 - min([float(self.converged.mean()), *shares])

    @property
    def weights(self) -> Float[np.ndarray, " draw"]:
        """Each draw's weight: the likelihood of the whole record, 0 where play did not converge.

        Weights are divided by the largest, so that a long record does not make all of them 0.
        """
        return weights_from_logs(np.where(self.converged, self.log_likelihood, -np.inf))

    @cached_property
    def evidence(self) -> Evidence:
        """What the whole record says about nodes, and the base rates that are pooled."""
        return self.evidence_given(self.record)

    def evidence_given(self, record: Sequence[Observation]) -> Evidence:
        """What some part of the record says about nodes, and the base rates that are pooled."""
        return merged(evidence_of(self.diagram, record), self.soft)

    @property
    def effective_draws(self) -> float:
        """Effective sample size of the weights."""
        return effective_size(self.weights)

    @property
    def n_impossible_for_a_player(self) -> int:
        """Number of draws whose record is impossible in some player's own model."""
        evidence = evidence_of(self.diagram, self.record)
        impossible = np.zeros(self.n_draws, dtype=bool)
        for player, model in self.play.models.believed.items():
            world = world_of(model, self.play.believed[player].policies)
            seen = noticed(model, evidence)
            impossible |= log_likelihood(world, seen) == -np.inf
        return int((impossible & (self.weights > 0)).sum())


def build_ensemble(
    diagram: Diagram,
    beliefs: tuple[Belief, ...],
    numbers: Numbers,
    record: Sequence[Observation] = (),
    *,
    progress: Callable[[int], None] | None = None,
    allow_skips: bool = False,
    solver: Callable[[Task], Equilibrium] | None = None,
    is_part: bool = False,
) -> Ensemble:
    """Solve a case in every draw and weigh the draws by the record.

    Args:
        diagram: The case's graph.
        beliefs: What players are wrong about.
        numbers: Every parameter's value in every draw.
        record: What was observed.
        progress: Called with the number of draws done after each chunk of each model.
        allow_skips: Whether a few draws in doubt may be left out, where somebody waits.
        solver: Solves each model by itself; if left out, the compiled solver.
        is_part: Whether these draws are a part of all, in none of which the record need be possible.

    Raises:
        MechanismError: Some draw gives numbers that are not probabilities.
        RecordError: The record contradicts itself or the case.
        ConvergenceError: Too few draws converged.
    """
    ordered = tuple(sorted(record, key=lambda entry: entry.date))
    models = build_models(diagram, beliefs, numbers)
    solved = play(models, progress=progress, allow_skips=allow_skips, solver=solver)
    share = float(solved.converged.mean())
    if share < FEWEST_CONVERGED:
        raise ConvergenceError(
            f"Only {percent(share)} of the draws converged to an equilibrium. Lower the players' "
            "precisions, or narrow the priors of payoffs that reach extreme values."
        )
    world = world_of(solved.models.truth, solved.policies)
    likelihood = log_likelihood(world, evidence_of(diagram, ordered))
    ensemble = Ensemble(diagram, beliefs, numbers, ordered, solved, world, likelihood)
    if not is_part:
        check_possible(ensemble)
    return ensemble


def check_possible(ensemble: Ensemble) -> None:
    """Check that the record can have happened in some draw.

    Raises:
        RecordError: It cannot; the error names the first entry that makes it impossible.
    """
    if not (ensemble.weights > 0).any():
        raise _impossible(ensemble)


def world_of(model: Model, policies: Policies) -> World:
    """The world with a model's chances and the given rules of every player."""
    game = model.game
    return World(game.diagram, game.n_draws, {**game.factors, **policies})


def noticed(model: Model, evidence: Evidence) -> Evidence:
    """The evidence that a model's player can use: nothing about nodes that it is unaware of."""
    return {name: seen for name, seen in evidence.items() if name not in model.unaware.nodes}


def _impossible(ensemble: Ensemble) -> RecordError:
    for i, entry in enumerate(ensemble.record):
        evidence = evidence_of(ensemble.diagram, ensemble.record[: i + 1])
        possible = log_likelihood(ensemble.world, evidence) > -np.inf
        if not (possible & ensemble.converged).any():
            earlier = " after the entries before it" if i else ""
            return RecordError(
                i,
                f"{entry.node} = {entry.value} ({entry.date}) cannot happen in this case{earlier}: "
                "it has probability 0 in every draw. Correct the entry, give it a reliability "
                "below 1, or change the case so that it allows the entry.",
            )
    return RecordError(0, "the record has probability 0 in every draw.")
