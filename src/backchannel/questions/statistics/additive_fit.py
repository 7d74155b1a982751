"""Additive fit: the curves of the few assumptions that explain an answer, found one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.questions.statistics.assumption_terms import AssumptionTerms

CONFIDENCE = 0.05
"""Probability that any assumption stands out although none has an effect."""
LEAST_SHARE = 0.02
"""Share of the variance from which an assumption stands out, however many draws there are."""
DRAWS_PER_TERM = 4
"""Effective draws that each fitted term needs."""
RIDGE = 1e-9
"""Keeps the equations solvable where two terms are the same."""
LARGEST_LEVERAGE = 0.9
"""A draw's pull on its own fit counts as at most this."""


@dataclass(frozen=True)
class AdditiveFit:
    """An answer as a sum of curves, one for each chosen assumption; the answer has variance 1."""

    terms: AssumptionTerms
    chosen: tuple[int, ...]
    """Positions of the assumptions that stand out, in the order in which they were found."""
    answer: Float[np.ndarray, " draw"]
    """Standardised; multiplied by the root of the weight, like the terms."""
    with_answer: Float[np.ndarray, " term"]
    """Covariance of every term with the answer."""
    slopes: Float[np.ndarray, "chosen term"]
    """Coefficients of the chosen assumptions' terms."""
    residual: Float[np.ndarray, " draw"]
    noise: float
    """The share that each term of an assumption without effect explains on average."""
    freedom: float
    """Effective draws less fitted terms."""

    @property
    def unexplained(self) -> float:
        """Share of the variance that the chosen assumptions leave."""
        return float(self.residual @ self.residual)


def single_level(n_assumptions: int) -> float:
    """The level for one assumption that keeps the level for all of them at `CONFIDENCE` (Šidák)."""
    return 1 - (1 - CONFIDENCE) ** (1 / max(n_assumptions, 1))


def fit_additive(terms: AssumptionTerms, answer: Float[np.ndarray, " draw"]) -> AdditiveFit:
    r"""Explain an answer by as few assumptions as needed.

    $$y \approx \sum_{i \in S} f_i(x_i)$$

    The assumption that explains most of the remaining variance enters, if chance would explain as much only once
    in twenty times for the strongest of all; then those that entered earlier and add no more than chance
    to the others leave again. An assumption that only happens to lie near another one in these draws
    therefore gets no credit for it. The residual may have any relation to the weights: a term's
    variance by chance is $\sum_d w_d^2 e_d^2$, with residuals corrected for each draw's pull on its
    own fit.

    Source: Buja, Hastie & Tibshirani (1989), Linear smoothers and additive models; MacKinnon & White
    (1985) for the variances (HC3); Miller (2002), Subset Selection in Regression, section 3.3, for
    the steps.

    Args:
        terms: The terms of all assumptions.
        answer: A number for each used draw.
    """
    centred = answer - terms.weights @ answer
    spread = np.sqrt(terms.weights @ centred**2)
    scaled = np.sqrt(terms.weights) * centred / (spread if spread > 0 else 1.0)
    fit = _fit(terms, scaled, scaled @ terms.columns, ())
    level, most = single_level(len(terms.names)), terms.effective_draws / DRAWS_PER_TERM
    tried: set[frozenset[int]] = {frozenset()}
    while fit.unexplained >= LEAST_SHARE and (len(fit.chosen) + 1) * terms.at.shape[1] <= most:
        gains, _ = gains_of_adding(fit)
        best = int(np.argmax(gains))
        if gains[best] < LEAST_SHARE or tail(fit, gains[best], terms.n_cosines) >= level:
            break
        fit = _without_redundant(_fit(terms, scaled, fit.with_answer, (*fit.chosen, best)), level)
        if frozenset(fit.chosen) in tried:
            break
        tried.add(frozenset(fit.chosen))
    return fit


def gains_of_adding(
    fit: AdditiveFit,
) -> tuple[Float[np.ndarray, " assumption"], Float[np.ndarray, "assumption cosine"]]:
    """The share that each further assumption's cosines would add, and their coefficients."""
    terms = fit.terms
    at = terms.at[:, :-1]
    left = fit.with_answer
    products = terms.products[at[:, :, None], at[:, None, :]]
    columns = _columns(terms, fit.chosen)
    if len(columns):
        cross = terms.products[columns]
        left = left - fit.slopes.ravel() @ cross
        solved = np.linalg.solve(_products(terms, columns), cross)
        products = products - cross[:, at].transpose(1, 2, 0) @ solved[:, at].transpose(1, 0, 2)
    products = products + RIDGE * np.eye(at.shape[1])
    slopes = np.linalg.solve(products, left[at][..., None])[..., 0]
    gains = np.maximum((left[at] * slopes).sum(axis=1), 0.0)
    gains[list(fit.chosen)] = 0.0
    return gains, slopes


def gains_of_keeping(fit: AdditiveFit) -> Float[np.ndarray, " chosen"]:
    """The share that each chosen assumption adds to the others."""
    terms = fit.terms
    columns, width = _columns(terms, fit.chosen), terms.at.shape[1]
    if not len(columns):
        return np.empty(0)
    inverse = np.linalg.inv(_products(terms, columns))
    gains = [
        slopes @ np.linalg.solve(inverse[i : i + width, i : i + width], slopes)
        for i, slopes in zip(range(0, len(columns), width), fit.slopes, strict=True)
    ]
    return np.array(gains)


def tail(fit: AdditiveFit, gain: float, n_terms: int) -> float:
    """Probability that an assumption without effect would add at least this share."""
    from scipy.special import fdtrc

    if fit.freedom <= n_terms:
        return 1.0
    return float(fdtrc(n_terms, fit.freedom - n_terms, gain / n_terms / max(fit.noise, 1e-300)))


def chance_level(fit: AdditiveFit) -> float:
    """The share, corrected for noise, that the strongest of all exceeds by chance once in 20 times."""
    from scipy.special import fdtri

    n_terms, level = fit.terms.n_cosines, single_level(len(fit.terms.names))
    if fit.freedom <= n_terms:
        return 1.0
    ratio = fdtri(n_terms, fit.freedom - n_terms, 1 - level)
    return float(min(n_terms * fit.noise * max(ratio - 1, 0.0), 1.0))


def _fit(
    terms: AssumptionTerms,
    answer: Float[np.ndarray, " draw"],
    with_answer: Float[np.ndarray, " term"],
    chosen: Sequence[int],
) -> AdditiveFit:
    columns = _columns(terms, chosen)
    leverage = terms.weights.copy()
    slopes, residual = np.empty(0), answer
    if len(columns):
        part, products = terms.columns[:, columns], _products(terms, columns)
        slopes = np.linalg.solve(products, with_answer[columns])
        residual = answer - part @ slopes
        leverage += (part * np.linalg.solve(products, part.T).T).sum(axis=1)
    alone = residual / (1 - np.minimum(leverage, LARGEST_LEVERAGE))
    return AdditiveFit(
        terms=terms,
        chosen=tuple(chosen),
        answer=answer,
        with_answer=with_answer,
        slopes=slopes.reshape(len(chosen), terms.at.shape[1]),
        residual=residual,
        noise=float(terms.weights @ alone**2),
        freedom=terms.effective_draws - len(columns) - 1,
    )


def _without_redundant(fit: AdditiveFit, level: float) -> AdditiveFit:
    """Leave out, one by one, those that add no more than chance to the others."""
    while len(fit.chosen) > 1:
        gains = gains_of_keeping(fit)
        worst = int(np.argmin(gains))
        stays = tail(fit, gains[worst], fit.terms.at.shape[1]) < level
        if stays and gains[worst] >= LEAST_SHARE:
            return fit
        fewer = [i for place, i in enumerate(fit.chosen) if place != worst]
        fit = _fit(fit.terms, fit.answer, fit.with_answer, fewer)
    return fit


def _columns(terms: AssumptionTerms, chosen: Sequence[int]) -> np.ndarray:
    return terms.at[list(chosen)].ravel()


def _products(terms: AssumptionTerms, columns: np.ndarray) -> Float[np.ndarray, "term term"]:
    return terms.products[np.ix_(columns, columns)] + RIDGE * np.eye(len(columns))
