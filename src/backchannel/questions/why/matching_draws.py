"""Matching draws: the draws that make the record and the outcome possible, and worlds drawn in them."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
from jaxtyping import Float, Int

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.some_draws import some_draws
from backchannel.ensemble.weighted import weights_from_logs
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.replay import Factual
from backchannel.questions.why.sizes import draws_together
from backchannel.questions.why.worlds import draw_worlds
from backchannel.tensors.inference import indicator, log_likelihood

NEGLIGIBLE = 1e-3
"""The lightest draws are skipped while together they carry less than this share of the weight."""


def matching_parts(
    ensemble: Ensemble,
    outcome: tuple[NodeName, Value],
    *,
    n_worlds: int,
    n_draws: int | None,
    seed: int,
    n_sets: int,
) -> Iterator[tuple[Ensemble, KeyedRandom, Float[np.ndarray, " draw"]]]:
    """Go through the draws that match the record and the outcome, one part after another.

    Returns:
        Some draws, their random numbers, and the likelihood of the record and the outcome in each,
        scaled so that the largest of all draws is 1.

    Raises:
        CommandError: The record rules the outcome out in every draw.
    """
    evidence = outcome_evidence(ensemble, outcome)
    log_likelihoods = np.where(
        ensemble.converged, log_likelihood(ensemble.world, evidence), -np.inf
    )
    if n_draws is not None:
        log_likelihoods[n_draws:] = -np.inf
    likelihood = weights_from_logs(log_likelihoods)
    if not (likelihood > 0).any():
        node, value = outcome
        raise CommandError(
            f"{node} = {value} has probability 0 given the record, in every draw. Nothing can "
            "explain it. Correct the record, or ask about an outcome that it allows."
        )
    matching = _heaviest(likelihood)
    together = draws_together(ensemble.diagram, n_worlds, n_sets)
    for i in range(ceil(len(matching) / together)):
        draws = matching[i * together : (i + 1) * together]
        random = KeyedRandom(seed, ensemble.first_draw + draws, n_worlds)
        yield some_draws(ensemble, draws), random, likelihood[draws]


def draw_factual(
    part: Ensemble,
    outcome: tuple[NodeName, Value],
    nodes: frozenset[NodeName],
    random: KeyedRandom,
) -> Factual:
    """Draw worlds in which the record and the outcome happen."""
    evidence = outcome_evidence(part, outcome)
    order = [name for name in part.diagram.order if name in nodes]
    worlds = draw_worlds(part.world, nodes=order, evidence=evidence, random=random)
    return Factual(part.world, worlds, random)


def outcome_evidence(
    ensemble: Ensemble, outcome: tuple[NodeName, Value]
) -> dict[NodeName, Float[np.ndarray, " value"]]:
    """The record as evidence, with the outcome as certain."""
    node, value = outcome
    evidence = dict(ensemble.evidence)
    certain = indicator(ensemble.diagram, node, value)
    return {**evidence, node: evidence.get(node, 0.0) + certain}


def _heaviest(likelihood: Float[np.ndarray, " draw"]) -> Int[np.ndarray, " some"]:
    """Find the draws that carry all but a negligible share of the weight, in order."""
    ranked = np.argsort(-likelihood, kind="stable")
    cumulated = np.cumsum(likelihood[ranked])
    enough = int(np.searchsorted(cumulated, (1 - NEGLIGIBLE) * cumulated[-1])) + 1
    return np.sort(ranked[:enough])
