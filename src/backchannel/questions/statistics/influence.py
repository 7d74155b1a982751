"""Influence: which assumptions move an answer, from the draws already solved, and which by chance.

Every ranking of assumptions comes from here: what an answer hinges on, what moves it most, and what
stands out in deciding it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.questions.statistics.additive_fit import (
    LEAST_SHARE,
    AdditiveFit,
    chance_level,
    fit_additive,
    gains_of_adding,
    gains_of_keeping,
    tail,
)
from backchannel.questions.statistics.assumption_terms import AssumptionTerms

FEWEST_EFFECTIVE_DRAWS = 40
"""Effective sample size below which no statement about single assumptions is made."""
NEVER_VARIES = 1e-6
"""Standard deviation over draws below which an answer counts as constant."""
INTERVAL_WIDTH = 1.645
"""Standard errors from the middle to each end of a 90% interval."""


@dataclass(frozen=True)
class RankedAssumption:
    """One assumption, and how much of an answer's variance over draws it explains."""

    parameter: str
    share: float
    """Share of the variance, corrected for chance, 0 to 1. Shares of those that stand out are beside each
    other and sum to at most 1; any other's is what it would add to them."""
    direction: float
    """Rank correlation: positive when a larger assumption goes with a larger answer."""
    by_chance: float
    """Probability that an assumption without effect would add as much."""
    stands_out: bool
    """Its share is at least 2%, and more than chance gives the strongest of all once in 20 times."""


@dataclass(frozen=True)
class Ranking:
    """All assumptions, those that stand out first, then by share."""

    assumptions: tuple[RankedAssumption, ...]
    chance_level: float | None
    """The share that the strongest of as many assumptions without effect exceeds once in twenty times;
    `None` where the answer never varies, or the draws are too few for any statement."""
    fit: AdditiveFit | None = None
    """The curves of those that stand out."""

    @property
    def named(self) -> tuple[RankedAssumption, ...]:
        """Those that stand out from chance, strongest first."""
        return tuple(ranked for ranked in self.assumptions if ranked.stands_out)


def rank_assumptions(terms: AssumptionTerms, answer: Float[np.ndarray, " all"]) -> Ranking:
    r"""Rank the assumptions by the share of an answer's variance that each explains.

    $$s_i = \operatorname{Cov}(f_i(x_i), y) / \operatorname{Var}(y)$$

    where the curves f come from one additive fit of the assumptions that stand out. Where assumptions
    are independent, s is the first-order effect, Var E[y | x] / Var y, without the noise of estimating each
    one alone. Where the record makes them dependent, what two of them share is counted once.

    Args:
        terms: The assumptions' terms, for the answer's weights.
        answer: A number per draw; nan only where the weight is 0.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2; Li et al. (2010), Global
    sensitivity analysis for systems with independent and/or correlated inputs, for dependent ones.
    """
    value = answer[terms.used] * 1.0
    spread = np.sqrt(terms.weights @ (value - terms.weights @ value) ** 2) if len(value) else 0.0
    too_few = terms.effective_draws < FEWEST_EFFECTIVE_DRAWS
    if spread < NEVER_VARIES or too_few or not terms.names:
        return Ranking((), None)
    fit = fit_additive(terms, value)
    level = chance_level(fit)
    gains, slopes = gains_of_adding(fit)
    kept = dict(zip(fit.chosen, gains_of_keeping(fit), strict=True))
    padded = _curves(fit, slopes)
    explained = (padded * fit.with_answer[terms.at]).sum(axis=1)
    directions = _directions(terms, padded)
    ranked = []
    for i, name in enumerate(terms.names):
        chosen = i in kept
        n_terms = terms.n_cosines + chosen
        raw, gain = (explained[i], kept[i]) if chosen else (gains[i], gains[i])
        share = float(np.clip(raw - n_terms * fit.noise, 0, 1))
        ranked.append(
            RankedAssumption(
                parameter=name,
                share=share,
                direction=float(directions[i]),
                by_chance=tail(fit, gain, n_terms),
                stands_out=chosen and share > max(level, LEAST_SHARE),
            )
        )
    ranked.sort(key=lambda assumption: (not assumption.stands_out, -assumption.share))
    return Ranking(tuple(ranked), level, fit)


def moves_spread(ranking: Ranking) -> tuple[str, ...]:
    """Assumptions on which it depends how far an answer lies from what the curves explain.

    They matter together with others: their own curve may be flat. The squared residual is explained by
    an additive fit of its own.

    Source: White (1980), A heteroskedasticity-consistent covariance matrix estimator, section 3.
    """
    fit = ranking.fit
    if fit is None or fit.unexplained < LEAST_SHARE:
        return ()
    squares = fit.residual**2 / fit.terms.weights
    return tuple(fit.terms.names[i] for i in fit_additive(fit.terms, squares).chosen)


def strongest_assumption(ranking: Ranking) -> RankedAssumption | None:
    """The assumption that explains most; `None` when none stands out from chance."""
    return ranking.named[0] if ranking.named else None


def share_ranges(ranking: Ranking) -> dict[str, tuple[float, float]]:
    """A 90% interval of every assumption's share, from how much each draw pulls on it.

    Source: Hampel (1974), The influence curve and its role in robust estimation.
    """
    fit = ranking.fit
    if fit is None:
        return {}
    terms = fit.terms
    position = {name: i for i, name in enumerate(terms.names)}
    curves = _curves(fit, gains_of_adding(fit)[1])
    ranges = {}
    for ranked in ranking.assumptions:
        i = position[ranked.parameter]
        curve = terms.columns[:, terms.at[i]] @ curves[i]
        chosen = i in fit.chosen
        rest = fit.residual if chosen else fit.residual - curve
        explained = fit.answer - fit.residual if chosen else curve
        # Terms are multiplied by the root of the weight, so products carry the weight once.
        pull = curve * (explained + 2 * rest) - ranked.share * fit.answer**2
        half = INTERVAL_WIDTH * float(np.sqrt(pull @ pull))
        ranges[ranked.parameter] = (max(ranked.share - half, 0.0), min(ranked.share + half, 1.0))
    return ranges


def _curves(
    fit: AdditiveFit, slopes: Float[np.ndarray, "assumption cosine"]
) -> Float[np.ndarray, "assumption term"]:
    """The coefficients of every assumption's curve: fitted, or what it would add."""
    curves = np.pad(slopes, ((0, 0), (0, 1)))
    curves[list(fit.chosen)] = fit.slopes
    return curves


def _directions(
    terms: AssumptionTerms, curves: Float[np.ndarray, "assumption term"]
) -> Float[np.ndarray, " assumption"]:
    """Correlation of each assumption's curve with its rank; 0 for no curve."""
    products = terms.products[terms.at[:, :, None], terms.at[:, None, :]]
    size = np.sqrt(np.maximum(np.einsum("ak,akl,al->a", curves, products, curves), 0.0))
    with_rank = (curves * terms.with_rank).sum(axis=1)
    return np.clip(np.divide(with_rank, size, out=np.zeros_like(size), where=size > 1e-9), -1, 1)
