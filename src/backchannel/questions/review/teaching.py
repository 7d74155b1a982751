"""What outcomes teach: about every assumption, about the players' types, and about rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.rivals import Rival
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.some_draws import some_draws
from backchannel.language.errors import BackchannelError
from backchannel.questions.reasoning.ask import LearnedTypes, types_by_weights
from backchannel.questions.rivals.ask import (
    error_of_mean,
    marginal_likelihood,
    rivals_of,
    solve_rival,
)
from backchannel.questions.rivals.results import RIVAL_DRAWS, LeftOutRival
from backchannel.questions.update.ask import UpdatedAssumption, all_shifts, with_record


@dataclass(frozen=True)
class Teaching:
    """What some outcomes teach about the numbers of the case, beyond its record."""

    assumptions: tuple[UpdatedAssumption, ...]
    """Every uncertain assumption but the players' types, largest change first; empty where the case gives the
    outcomes no chance."""
    types: LearnedTypes
    """The players that may be of several types, without and with the outcomes."""


def teaching(ensemble: Ensemble, after: Ensemble) -> Teaching:
    """Compare a case with the same case once outcomes are on its record."""
    if not (after.weights > 0).any():
        return Teaching((), LearnedTypes({}))
    types = {reasoning.level for reasoning in ensemble.diagram.thinking.of_player.values()}
    return Teaching(
        tuple(shift for shift in all_shifts(ensemble, after) if shift.parameter not in types),
        types_by_weights(ensemble, ensemble.weights, after.weights),
    )


@dataclass(frozen=True)
class RivalShift:
    """By how much some outcomes support a rival."""

    change: float
    """Change of its log Bayes factor against the case. −∞ where it gives the outcomes no chance, nan where the case
    does."""
    error: float
    """Standard error of `change`; the case and the rival use the same draws."""

    @property
    def stands_out(self) -> bool:
        """Whether the change is larger than two standard errors."""
        return abs(self.change) > 2 * self.error


@dataclass(frozen=True)
class ReviewedRival:
    """What the outcomes say about a rival."""

    rival: Rival
    before: float
    """log Bayes factor against the case by the record."""
    together: RivalShift
    """What all outcomes together change."""
    alone: tuple[RivalShift, ...]
    """What each outcome alone changes, in the order of the outcomes."""

    @property
    def after(self) -> float:
        """log Bayes factor against the case by the record and all outcomes."""
        return self.before + self.together.change


def review_rivals(
    case: SolvedCase, outcomes: Sequence[Observation], most: int | None
) -> tuple[tuple[ReviewedRival, ...], tuple[LeftOutRival, ...]]:
    """Weigh rivals by the record, with each outcome alone, and with all of them.

    Args:
        case: The case.
        outcomes: What came about.
        most: How many rivals; those of the case file, if left out.

    Returns:
        The rivals on which the outcomes say most first, and those that could not be weighed, with the reasons.
    """
    chosen = rivals_of(case, written_only=most is None)[:most]
    if not chosen:
        return (), ()
    ensemble = case.ensemble
    base = some_draws(ensemble, np.arange(min(RIVAL_DRAWS, ensemble.n_draws)))
    records = [base.record, [*base.record, *outcomes]]
    records += [[*base.record, outcome] for outcome in outcomes]
    own = _log_likelihoods(base, records)
    case.progress.stage("rivals", len(chosen))
    reviewed, left_out = [], []
    for rival in chosen:
        try:
            solved = solve_rival(base, rival)
            both = base.converged & solved.converged
            theirs = _log_likelihoods(solved, records)
            reviewed.append(reviewed_rival(rival, theirs[:, both], own[:, both]))
        except BackchannelError as error:
            left_out.append(LeftOutRival(rival, str(error)))
        case.progress.advance(1)
    ranked = sorted(reviewed, key=lambda one: -abs(np.nan_to_num(one.together.change)))
    return tuple(ranked), tuple(left_out)


def _log_likelihoods(
    ensemble: Ensemble, records: Sequence[Sequence[Observation]]
) -> Float[np.ndarray, "record draw"]:
    return np.array([with_record(ensemble, record).log_likelihood for record in records])


def reviewed_rival(
    rival: Rival,
    theirs: Float[np.ndarray, "record draw"],
    own: Float[np.ndarray, "record draw"],
) -> ReviewedRival:
    """Compare a rival with the case by each record: first that without outcomes, then that with all of them."""
    (there, *there_later), (here, *here_later) = (
        [_marginal(logs) for logs in side] for side in (theirs, own)
    )
    shifts = []
    for there_after, here_after in zip(there_later, here_later, strict=True):
        change = (there_after[0] - there[0]) - (here_after[0] - here[0])
        gains = (there_after[1] - there[1]) - (here_after[1] - here[1])
        is_possible = np.isfinite(here_after[0])
        shifts.append(RivalShift(change if is_possible else np.nan, error_of_mean(gains)))
    together, *alone = shifts
    return ReviewedRival(rival, there[0] - here[0], together, tuple(alone))


def _marginal(logs: Float[np.ndarray, " draw"]) -> tuple[float, Float[np.ndarray, " draw"]]:
    """The log marginal likelihood of a record, and each draw's likelihood relative to it; −∞ and 0 if impossible."""
    if not (logs > -np.inf).any():
        return -np.inf, np.zeros(len(logs))
    marginal, relative = marginal_likelihood(logs)
    return marginal.log, relative
