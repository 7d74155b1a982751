"""Write the draws as columns, so that a page can reweight them while a reader moves a slider.

A slider sets a normal score. The belief about the assumption is then N(score, 1/2²) on the scale of normal
scores, instead of N(0, 1), and the weight of each draw is multiplied by the ratio of the two densities.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from backchannel.answers.draws_document import (
    DrawnAssumption,
    DrawnChange,
    DrawnForecast,
    DrawnOutcome,
    DrawnValue,
    DrawnWhatIf,
    Draws,
)
from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.distributions import LogitNormal, Lognormal
from backchannel.language.names import NodeName, ParameterName, Value
from backchannel.language.priors import Prior
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.nouns import several

MOST_DRAWS_WRITTEN = 4096
"""At most this many draws are written, so that the document is small enough to send."""
MOST_NUMBERS_WRITTEN = 1_000_000
"""At most this many numbers are written (2.7 MB of text); long cases get fewer draws."""
CODE_OF_ONE = 65535
"""The integer that stands for a probability or share of 1."""
QUANTILE_SHARES = np.array([0.005, *(np.arange(1, 100) / 100), 0.995])
"""The shares at which quantiles of a prior are written."""

DrawColumn = Float[np.ndarray, " draw"]


def compose_draws(
    lowered: Lowered,
    ensemble: Ensemble,
    comparisons: Mapping[str, Sequence[Comparison]],
    forecasts: Mapping[NodeName, tuple[Forecast, Forecast]],
) -> Draws:
    """Write every draw's numbers, weight, forecasts and changed outcomes.

    Args:
        lowered: The case.
        ensemble: The case, solved.
        comparisons: What each intervention changes, by its name.
        forecasts: Every node's forecast given the record, and before it.
    """
    count = _count(lowered, ensemble, comparisons)
    weights = _normalised(ensemble.weights[:count])
    assumptions = _assumptions(lowered, ensemble, count)
    return Draws(
        count=count,
        weights=_weights(weights),
        prior_weights=_weights(_normalised(ensemble.converged[:count] * 1.0)),
        caption=_caption(count, assumptions),
        assumptions=assumptions,
        forecasts=[_forecast(*sides, count) for sides in forecasts.values()],
        what_ifs=[
            DrawnWhatIf(name=name, outcomes=[_outcome(c, weights) for c in compared])
            for name, compared in comparisons.items()
        ],
    )


def is_exact(name: ParameterName, prior: Prior, lowered: Lowered) -> bool:
    """Whether reweighting draws by the score of a number gives exactly another prior of the kind `between`.

    It does for a lognormal or logit-normal prior: a narrower normal distribution of the score gives a
    prior of the same family. It does not for a number that is correlated with another, which would
    change too.
    """
    correlated = any(name in (pair.one, pair.other) for pair in lowered.correlations)
    return isinstance(prior, LogitNormal | Lognormal) and not correlated


def _count(
    lowered: Lowered, ensemble: Ensemble, comparisons: Mapping[str, Sequence[Comparison]]
) -> int:
    domains = ensemble.diagram.domains
    changed = [c.before.node for compared in comparisons.values() for c in compared]
    columns = 2 * sum(len(domains[node]) - 1 for node in [*ensemble.diagram.order, *changed])
    columns += sum(not prior.is_fixed for prior in lowered.priors.values())
    # Sobol points are most evenly spread if their number is a power of two.
    together = 1 << (MOST_NUMBERS_WRITTEN // max(columns, 1)).bit_length() - 1
    return min(ensemble.n_draws, MOST_DRAWS_WRITTEN, max(together, 2))


def _assumptions(lowered: Lowered, ensemble: Ensemble, count: int) -> list[DrawnAssumption]:
    return [
        DrawnAssumption(
            parameter=name,
            exact=is_exact(name, prior, lowered),
            scores=_shares(prior.share(ensemble.numbers[name][:count])),
            quantiles=[float(f"{number:.5g}") for number in prior.quantile(QUANTILE_SHARES)],
        )
        for name, prior in lowered.priors.items()
        if not prior.is_fixed
    ]


def _forecast(given_record: Forecast, prior: Forecast, count: int) -> DrawnForecast:
    columns = zip(
        given_record.domain,
        _probabilities(given_record.per_draw[:count]),
        _probabilities(prior.per_draw[:count]),
        strict=True,
    )
    return DrawnForecast(
        node=given_record.node,
        values=[
            DrawnValue(value=v, given_record=given, prior=prior_column)
            for v, given, prior_column in columns
        ],
    )


def _outcome(compared: Comparison, weights: DrawColumn) -> DrawnOutcome:
    count = len(weights)
    sides = compared.before, compared.after
    before, after = (_probabilities(side.per_draw[:count]) for side in sides)
    own = [_normalised(side.weights[:count]) for side in sides]
    written = [None if np.allclose(w, weights, atol=1e-9) else _weights(w) for w in own]
    domain: Sequence[Value] = compared.before.domain
    return DrawnOutcome(
        node=compared.before.node,
        values=[
            DrawnChange(value=value, before=was, after=then)
            for value, was, then in zip(domain, before, after, strict=True)
        ],
        weights_before=written[0],
        weights_after=written[1],
    )


def _caption(count: int, assumptions: Sequence[DrawnAssumption]) -> str:
    exact = sum(assumption.exact for assumption in assumptions)
    approximate = len(assumptions) - exact
    text = (
        f"{count:,} draws. A slider gives its assumption half the spread, around the chosen number, and "
        "reweights the draws without solving. "
    )
    same = "the result is the same as solving with such a prior, apart from sampling noise"
    if not approximate:
        return text + f"{same.capitalize()}."
    return text + (
        f"For {several(exact, 'assumption')} (ranges of positive numbers and of probabilities, ICD 203 words), "
        f"{same}. For {approximate} (other kinds of prior, or correlated with another assumption), it is an "
        "approximation."
    )


def _probabilities(per_draw: Float[np.ndarray, "draw value"]) -> list[str]:
    """Write a column for each value; the last is left empty, unless it is the same in every draw."""
    # A draw in which the record is impossible has no forecast; its weight is 0.
    columns = list(np.nan_to_num(per_draw).T)
    written = [_shares(column) for column in columns]
    if not _is_constant(columns[-1]):
        written[-1] = ""
    return written


def _shares(column: DrawColumn) -> str:
    numbers = np.rint(np.clip(column, 0.0, 1.0) * CODE_OF_ONE).astype("<u2")
    return _base64(numbers[:1] if _is_constant(column) else numbers)


def _is_constant(column: DrawColumn) -> bool:
    return bool(np.ptp(column) < 0.5 / CODE_OF_ONE)


def _weights(column: DrawColumn) -> str:
    return _base64(column.astype("<f4"))


def _normalised(weights: DrawColumn) -> DrawColumn:
    total = weights.sum()
    return weights / total if total > 0 else weights


def _base64(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.tobytes()).decode("ascii")
