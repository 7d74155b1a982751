"""Write the draws as columns, so that a page can weigh them anew while a reader moves a slider.

A slider sets a normal score; what is believed of the assumption is then N(score, 1/2²) on the scale of
normal scores, in place of N(0, 1), and each draw's weight is multiplied by the ratio of the two.
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
from backchannel.language.names import NodeName, ParameterName, Value
from backchannel.language.priors import LogitNormal, Lognormal, Prior
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.what_if.ask import Comparison

MOST_DRAWS = 4096
"""At most so many draws are written: the document is to stay small enough to be sent."""
MOST_NUMBERS = 1_000_000
"""At most so many numbers are written in all, which is 2.7 MB of text: of long cases, fewer draws."""
LARGEST = 65535
"""What a share of 1 is written as."""
SHARES = np.array([0.005, *(np.arange(1, 100) / 100), 0.995])
"""Where the quantiles of a prior are written."""

Column = Float[np.ndarray, " draw"]


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
            DrawnWhatIf(name=name, outcomes=[_outcome(one, weights) for one in compared])
            for name, compared in comparisons.items()
        ],
    )


def is_exact(name: ParameterName, prior: Prior, lowered: Lowered) -> bool:
    """Say whether weighing draws anew by one number's score is exactly another `between`.

    A narrower normal in the score is the same family again where the number is a function of a normal
    one that `between` can spell. A number that is correlated with another drags that one along.
    """
    correlated = any(name in (pair.one, pair.other) for pair in lowered.correlations)
    return isinstance(prior, LogitNormal | Lognormal) and not correlated


def _count(
    lowered: Lowered, ensemble: Ensemble, comparisons: Mapping[str, Sequence[Comparison]]
) -> int:
    domains = ensemble.diagram.domains
    changed = [one.before.node for compared in comparisons.values() for one in compared]
    columns = 2 * sum(len(domains[node]) - 1 for node in [*ensemble.diagram.order, *changed])
    columns += sum(not prior.is_fixed for prior in lowered.priors.values())
    # A power of two of Sobol points lies more evenly than any other number of them.
    together = 1 << (MOST_NUMBERS // max(columns, 1)).bit_length() - 1
    return min(ensemble.n_draws, MOST_DRAWS, max(together, 2))


def _assumptions(lowered: Lowered, ensemble: Ensemble, count: int) -> list[DrawnAssumption]:
    return [
        DrawnAssumption(
            parameter=name,
            exact=is_exact(name, prior, lowered),
            scores=_shares(prior.share(ensemble.numbers[name][:count])),
            quantiles=[float(f"{number:.5g}") for number in prior.quantile(SHARES)],
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
        values=[DrawnValue(value=v, given_record=seen, prior=ahead) for v, seen, ahead in columns],
    )


def _outcome(compared: Comparison, weights: Column) -> DrawnOutcome:
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
    exact = sum(one.exact for one in assumptions)
    about = len(assumptions) - exact
    told = (
        f"{count:,} draws. Moving an assumption's slider halves its spread about the number chosen and "
        "weighs the draws anew, without solving. "
    )
    equal = "is what solving with such a prior would give, up to the noise of few draws"
    if not about:
        return told + f"That {equal}."
    return told + (
        f"For {exact} assumptions (ranges of positive numbers and of probabilities, ICD 203 words) "
        f"that {equal}; for {about} (other kinds of prior, or correlated with another assumption) it "
        "is about that."
    )


def _probabilities(per_draw: Float[np.ndarray, "draw value"]) -> list[str]:
    """Columns of all values; the last is what the others leave, unless it is the same in every draw."""
    # A draw in which the record is impossible has no forecast, and no weight either.
    columns = list(np.nan_to_num(per_draw).T)
    written = [_shares(column) for column in columns]
    if not _is_constant(columns[-1]):
        written[-1] = ""
    return written


def _shares(column: Column) -> str:
    numbers = np.rint(np.clip(column, 0.0, 1.0) * LARGEST).astype("<u2")
    return _base64(numbers[:1] if _is_constant(column) else numbers)


def _is_constant(column: Column) -> bool:
    return bool(np.ptp(column) < 0.5 / LARGEST)


def _weights(column: Column) -> str:
    return _base64(column.astype("<f4"))


def _normalised(weights: Column) -> Column:
    total = weights.sum()
    return weights / total if total > 0 else weights


def _base64(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.tobytes()).decode("ascii")
