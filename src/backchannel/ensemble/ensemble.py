"""The ensemble: a case solved in every draw, and each draw's weight given the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.beliefs import Belief, Observation
from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.weighted import effective_size, from_logs
from backchannel.equilibrium.beliefs.models import Model, Numbers, build_models
from backchannel.equilibrium.beliefs.play import Play, play
from backchannel.language.errors import ConvergenceError, RecordError
from backchannel.language.names import NOT_APPLICABLE
from backchannel.tensors.inference import Evidence, World, log_likelihood
from backchannel.tensors.logs import safe_log

FEWEST_CONVERGED = 0.5
"""Share of draws that must settle for any answer to be given."""


@dataclass(frozen=True)
class Ensemble:
    """A solved case: the analyst's ignorance as weighted draws, each with everyone's play."""

    diagram: Diagram
    beliefs: tuple[Belief, ...]
    numbers: Numbers
    record: tuple[Observation, ...]
    """In order of date."""
    play: Play
    world: World
    log_likelihood: Float[np.ndarray, " draw"]
    """log P(record) in each draw under the factual rules; minus infinity where it is impossible."""
    cache: dict = field(default_factory=dict, compare=False, repr=False)
    """Changed worlds that were solved already."""

    @property
    def n_draws(self) -> int:
        return len(self.log_likelihood)

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws whose play may be used."""
        return self.play.converged

    @property
    def left_out(self) -> float:
        """Share of draws that are left out of every answer: play did not settle."""
        return 1.0 - float(self.converged.mean())

    @property
    def worst_left_out(self) -> float:
        """The largest such share, over the case and the changed worlds that were solved so far."""
        shares = [float((self.converged & c.converged).mean()) for c in self.cache.values()]
        return 1.0 - min([float(self.converged.mean()), *shares])

    @property
    def weights(self) -> Float[np.ndarray, " draw"]:
        """Each draw's weight: the likelihood of the whole record, 0 where play did not settle.

        Divided by the largest, so that the record may be as long as it likes.
        """
        return from_logs(np.where(self.converged, self.log_likelihood, -np.inf))

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws the weights are worth."""
        return effective_size(self.weights)

    @property
    def surprised(self) -> Int[np.ndarray, ""]:
        """Number of draws in which the record is impossible in some player's own model."""
        evidence = evidence_of(self.diagram, self.record)
        hit = np.zeros(self.n_draws, dtype=bool)
        for player, model in self.play.models.believed.items():
            world = world_of(model, self.play.believed[player].policies)
            seen = noticed(model, evidence)
            hit |= log_likelihood(world, seen) == -np.inf
        return np.asarray((hit & (self.weights > 0)).sum())


def build_ensemble(
    diagram: Diagram,
    beliefs: tuple[Belief, ...],
    numbers: Numbers,
    record: Sequence[Observation] = (),
    *,
    progress: Callable[[int], None] | None = None,
    allow_skips: bool = False,
) -> Ensemble:
    """Solve a case in every draw and weigh the draws by the record.

    Args:
        diagram: The case's graph.
        beliefs: Who errs about what.
        numbers: Every parameter's value in every draw.
        record: What was observed.
        progress: Called with the number of draws done after each chunk of each model.
        allow_skips: Whether a few draws in doubt may be left out, where somebody waits.

    Raises:
        MechanismError: Some draw gives numbers that are no probabilities.
        RecordError: The record contradicts itself or the case.
        ConvergenceError: Too few draws settled.
    """
    ordered = tuple(sorted(record, key=lambda entry: entry.date))
    models = build_models(diagram, beliefs, numbers)
    solved = play(models, progress=progress, allow_skips=allow_skips)
    share = float(solved.converged.mean())
    if share < FEWEST_CONVERGED:
        raise ConvergenceError(
            f"Only {share:.0%} of the draws settled on an equilibrium. Lower the players' "
            "precisions or narrow the priors of payoffs that reach extremes."
        )
    world = world_of(solved.models.truth, solved.policies)
    found = log_likelihood(world, evidence_of(diagram, ordered))
    ensemble = Ensemble(diagram, beliefs, numbers, ordered, solved, world, found)
    check_possible(ensemble)
    return ensemble


def check_possible(ensemble: Ensemble) -> None:
    """See to it that the record can have happened in some draw.

    Raises:
        RecordError: It cannot; the entry from which on it is impossible is named.
    """
    if not (ensemble.weights > 0).any():
        raise _impossible(ensemble)


def world_of(model: Model, policies) -> World:
    """The world in which a model's chances and everyone's given rules hold."""
    game = model.game
    return World(game.diagram, game.n_draws, {**game.factors, **policies})


def evidence_of(diagram: Diagram, record: Sequence[Observation]) -> Evidence:
    """Log likelihood of the reports given each node's value.

    A report of reliability r is right with probability r; a wrong one names any of the node's
    other values, each as likely.
    """
    evidence: dict[str, np.ndarray] = {}
    for entry in record:
        domain = diagram.domains[entry.node]
        others = [value for value in domain if value not in (entry.value, NOT_APPLICABLE)]
        wrong = (1.0 - entry.reliability) / max(len(others), 1)
        likelihood = np.array(
            [entry.reliability if value == entry.value else wrong for value in domain]
        )
        evidence[entry.node] = evidence.get(entry.node, 0.0) + safe_log(likelihood, np)
    return evidence


def noticed(model: Model, evidence: Evidence) -> Evidence:
    """What the holder of a model can make of a record: not what it has not thought of at all."""
    return {name: seen for name, seen in evidence.items() if name not in model.unaware.nodes}


def before(record: Sequence[Observation], cut: date | None) -> tuple[Observation, ...]:
    """The entries dated before a day; all of them when there is no such day."""
    return tuple(entry for entry in record if cut is None or entry.date < cut)


def _impossible(ensemble: Ensemble) -> RecordError:
    for i, entry in enumerate(ensemble.record):
        evidence = evidence_of(ensemble.diagram, ensemble.record[: i + 1])
        possible = log_likelihood(ensemble.world, evidence) > -np.inf
        if not (possible & ensemble.converged).any():
            earlier = " after the entries before it" if i else ""
            return RecordError(
                i,
                f"{entry.node} = {entry.value} ({entry.date}) cannot happen in this case{earlier}: "
                "it has probability 0 in every draw. Mend the entry, give it a reliability below "
                "1, or let the case allow it.",
            )
    return RecordError(0, "the record has probability 0 in every draw.")
