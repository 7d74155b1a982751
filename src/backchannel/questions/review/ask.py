"""Review: once outcomes are known, the scores, what they teach, and which assumption was most at fault.

The case is taken as it was: solved with its own record, and only then compared with what came about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Observation
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import effective_size, mean, weights_from_logs
from backchannel.language.names import NodeName, ParameterName, Value
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.review.outcomes import read_outcomes
from backchannel.questions.review.teaching import (
    ReviewedRival,
    Teaching,
    review_rivals,
    teaching,
)
from backchannel.questions.rivals.results import LeftOutRival
from backchannel.questions.statistics.additive_fit import fit_additive
from backchannel.questions.statistics.assumption_terms import terms_of
from backchannel.questions.update.ask import with_record
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

LEAST = 1e-6
"""A draw that gave the outcomes a smaller probability counts as this, so that it has a logarithm."""
BIT = float(np.log(2.0))


@dataclass(frozen=True)
class ViewOfOutcome:
    """How one view did on one outcome."""

    chance: float
    """The probability that it gave to what came about."""
    brier: float

    @property
    def bits(self) -> float:
        """The logarithmic score: 0 is perfect."""
        return float(-np.log2(self.chance)) if self.chance > 0 else float("inf")


@dataclass(frozen=True)
class ReviewedOutcome:
    """One outcome, and how well it was forecast."""

    observed: Observation
    pooled: ViewOfOutcome
    """The forecast."""
    inside: ViewOfOutcome | None
    """The case alone, where base rates moved the forecast."""
    outside: ViewOfOutcome | None
    """The node's base rate alone."""
    teaches: Teaching
    """What this outcome alone teaches."""


@dataclass(frozen=True)
class AssumptionFault:
    """An assumption's part in the lost log score."""

    parameter: ParameterName
    bits: float
    """Its Shapley share: how many bits of the score the outcomes would gain by what they teach about it."""


@dataclass(frozen=True)
class Review(Result):
    """What was right and wrong."""

    outcomes: tuple[ReviewedOutcome, ...]
    open_nodes: tuple[NodeName, ...]
    """Forecast nodes whose outcome is not known yet."""
    joint_bits: float
    """−log₂ of the probability that the case alone gave to all outcomes together."""
    teaches: Teaching
    """What all outcomes together teach."""
    faults: tuple[AssumptionFault, ...]
    """Largest part first."""
    could_gain: float
    """Bits that the outcomes would gain in the mean log score if everything they teach had been known."""
    effective_draws: float
    """Effective sample size given the record and the outcomes."""
    rivals: tuple[ReviewedRival, ...]
    """By how much the outcomes support them."""
    left_out: tuple[LeftOutRival, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row for each outcome: the chance and the log score of each view."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"node": one.observed.node, "outcome": one.observed.value}
                | {
                    f"{name} {what}": getattr(view, what) if view else np.nan
                    for name in ("inside", "outside", "pooled")
                    for view in (getattr(one, name),)
                    for what in ("chance", "bits", "brier")
                }
                for one in self.outcomes
            ]
        )


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Review | None:
    """Review the case for a run; `None` where no outcome is known."""
    del earlier
    return review_case(case, read_outcomes(case, case.outcomes)) if case.outcomes else None


def review_case(
    case: SolvedCase, outcomes: Sequence[Observation], *, most_rivals: int | None = None
) -> Review:
    """Compare a case with what came about.

    Args:
        case: The case, with the record that it had.
        outcomes: What came about; none of them on the case's record.
        most_rivals: How many rivals are weighed by the outcomes; those of the case file, if left out.

    Raises:
        RecordError: The outcomes cannot happen together in this case.
    """
    ensemble = case.ensemble
    after = with_record(ensemble, [*ensemble.record, *outcomes])
    reviewed = tuple(_reviewed(ensemble, outcome) for outcome in outcomes)
    gained = after.log_likelihood - np.where(
        ensemble.log_likelihood > -np.inf, ensemble.log_likelihood, 0.0
    )
    chance = mean(np.exp(gained), ensemble.weights)
    faults, could_gain = _faults(ensemble, gained)
    known = {outcome.node for outcome in outcomes}
    rivals, left_out = review_rivals(case, outcomes, most_rivals)
    return Review(
        outcomes=reviewed,
        open_nodes=tuple(node for node in case.lowered.ahead if node not in known),
        joint_bits=float(-np.log2(chance)) if chance > 0 else float("inf"),
        teaches=teaching(ensemble, after),
        faults=faults,
        could_gain=could_gain,
        effective_draws=effective_size(after.weights) if chance > 0 else 0.0,
        rivals=rivals,
        left_out=left_out,
    )


def _reviewed(ensemble: Ensemble, outcome: Observation) -> ReviewedOutcome:
    forecasts = forecast(ensemble, outcome.node)
    return ReviewedOutcome(
        observed=outcome,
        pooled=_view(forecasts, outcome.value),
        inside=None if forecasts.inside is None else _view(forecasts.inside, outcome.value),
        outside=None if forecasts.outside is None else _view(forecasts.outside, outcome.value),
        teaches=teaching(ensemble, with_record(ensemble, [*ensemble.record, outcome])),
    )


def _view(forecasts: Forecast, value: Value) -> ViewOfOutcome:
    came = np.array([other == value for other in forecasts.domain])
    return ViewOfOutcome(
        float(forecasts.mean[came][0]), float(((forecasts.mean - came) ** 2).sum())
    )


def _faults(
    ensemble: Ensemble, gained: Float[np.ndarray, " draw"]
) -> tuple[tuple[AssumptionFault, ...], float]:
    r"""Divide the lost log score among the assumptions.

    In draw d the outcomes had log probability $\ell_d$. Its mean under the weights that the outcomes would give,
    less its mean under those of the record, is what could be gained. With $\ell \approx \sum_i f_i(x_i)$, the
    Shapley value
    of an assumption in a sum is its own term: $E_{after} f_i - E_{before} f_i$.

    Source: Shapley (1953), whose value is additive; the additive fit is that of `sensitivity`.
    """
    logs = np.log(np.maximum(np.exp(gained), LEAST))
    terms = terms_of(ensemble, ensemble.weights)
    used = logs[terms.used]
    later = weights_from_logs(np.log(terms.weights) + used)
    later = later / later.sum()
    total = float(later @ used - terms.weights @ used) / BIT
    fit = fit_additive(terms, used)
    spread = float(np.sqrt(terms.weights @ (used - terms.weights @ used) ** 2))
    root = np.sqrt(terms.weights)
    faults = []
    for position, slopes in zip(fit.chosen, fit.slopes, strict=True):
        curve = spread * (terms.columns[:, terms.at[position]] @ slopes) / root
        faults.append(
            AssumptionFault(
                terms.names[position], float(later @ curve - terms.weights @ curve) / BIT
            )
        )
    return tuple(sorted(faults, key=lambda fault: -fault.bits)), total
