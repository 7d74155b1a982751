"""Compose the document of a fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.estimation.compare import Way
from backchannel.estimation.document import (
    AverageView,
    CoefficientView,
    FitView,
    LowerStart,
    PosteriorView,
    RatioView,
    SampledView,
    WayView,
)
from backchannel.estimation.effects import FittedEffect
from backchannel.estimation.fit import Fit
from backchannel.estimation.fitted import WIDE, FittedCoefficients, RatioTest
from backchannel.estimation.posterior import Posterior
from backchannel.wording.pieces import Facts

SAME_MAXIMUM = 1e-4
"""Log likelihoods that differ by less belong to one maximum."""
KINDS = {
    "hessian": "from the Hessian",
    "sandwich": "from the sandwich",
    "clustered": "clustered",
}


def compose_fit(
    fit: Fit,
    *,
    case: str,
    data: str,
    errors: str | None = None,
    tests: Mapping[str, RatioTest] | None = None,
    averages: Sequence[FittedEffect] = (),
    ways: Sequence[Way] = (),
    posterior: Posterior | None = None,
) -> FitView:
    """Put a fit, and what was asked of it, into words and numbers.

    Args:
        fit: The fit.
        case: The name under which the case was opened.
        data: The name of the table's file; empty for a table in memory.
        errors: hessian, sandwich or clustered; if left out, `errors` of the fit.
        tests: Ratio tests, by the numbers that they fix.
        averages: Mean chances and marginal effects.
        ways: Ways to reason that were compared, the best first.
        posterior: Samples of the coefficients.
    """
    estimates, plays = fit.found, fit.plays
    errors = errors or fit.errors
    count = f"{estimates.plays:,.6g} plays"
    return FitView(
        case=case,
        title=fit.lowered.case.case,
        data=data,
        plays=estimates.plays,
        rows=len(plays.weights),
        dropped=list(plays.dropped),
        lacking=list(plays.lacking),
        errors=errors,
        clusters=fit.problem.n_clusters if errors == "clustered" else None,
        used_priors=fit.options.use_priors,
        spreads=dict(fit.problem.spreads),
        coefficients=_coefficients(fit, errors),
        bases=fit.bases,
        fixed=dict(fit.options.fixed),
        same=[list(group) for group in fit.options.same],
        log_likelihood=estimates.log_likelihood,
        aic=estimates.aic,
        bic=estimates.bic,
        starts=[
            start.log_likelihood if np.isfinite(start.log_likelihood) else None
            for start in estimates.starts
        ],
        lower=_lower(estimates),
        converged=estimates.converged,
        trouble=list(estimates.trouble),
        tests=[
            RatioView(against=name, statistic=t.statistic, freedom=t.freedom, p=t.p)
            for name, t in (tests or {}).items()
        ],
        averages=[_average(effect) for effect in averages],
        ways=[
            WayView(name=w.name, score=w.score, difference=w.score - ways[0].score, error=w.error)
            for w in ways
        ],
        posterior=_sampled(posterior) if posterior else None,
        facts=Facts(
            shows="Each coefficient with its 95% interval; effects are in the number's own unit.",
            rests_on=f"{count}, standard errors {KINDS[errors]}.",
            would_change="Other covariates, numbers fixed otherwise, or plays of another kind.",
        ),
    )


def _lower(estimates: FittedCoefficients) -> list[LowerStart]:
    top = max(start.log_likelihood for start in estimates.starts)
    return [
        LowerStart(
            start=number,
            below=top - start.log_likelihood if np.isfinite(start.log_likelihood) else None,
            is_maximum=start.is_maximum,
            values=dict(zip(estimates.names, start.values.tolist(), strict=True)),
        )
        for number, start in enumerate(estimates.starts, start=1)
        if top - start.log_likelihood >= SAME_MAXIMUM
    ]


def _sampled(posterior: Posterior) -> PosteriorView:
    chains, samples = posterior.samples.shape[:2]
    return PosteriorView(
        chains=chains,
        samples=samples,
        divergent=int(posterior.divergent.sum()),
        coefficients=[
            SampledView(
                name=row["coefficient"],
                mean=row["mean"],
                deviation=row["deviation"],
                low=row["low"],
                median=row["median"],
                high=row["high"],
                r_hat=_known(row["r_hat"]),
                effective=_known(row["effective"]),
                effective_tails=_known(row["effective_tails"]),
            )
            for row in posterior.to_frame().to_dict("records")
        ],
        trouble=list(posterior.trouble),
    )


def _coefficients(fit: Fit, errors: str) -> list[CoefficientView]:
    entries = fit.lowered.case.parameters
    table = fit.to_frame(errors).to_dict("records")
    places = [_place(row["coefficient"]) for row in table]
    return [
        CoefficientView(
            name=row["coefficient"],
            number=number,
            covariate=column,
            label=(entries[number].about if number in entries else "") or _spoken(fit, number),
            estimate=_known(row["estimate"]),
            error=_known(row["error"]),
            z=_known(row["z"]),
            p=_known(row["p"]),
            low=_known(row["low"]),
            high=_known(row["high"]),
        )
        for (number, column), row in zip(places, table, strict=True)
    ]


def _place(coefficient: str) -> tuple[str, str]:
    """The number of a coefficient and what it multiplies there: `gain[x]` is x in gain."""
    number, _, rest = coefficient.partition("[")
    return number, rest.removesuffix("]")


def _spoken(fit: Fit, number: str) -> str:
    player, _, rest = number.rpartition(".")
    players = fit.lowered.case.players
    return (
        f"precision of {players[player].name}"
        if rest == "precision" and player in players
        else number
    )


def _average(effect: FittedEffect) -> AverageView:
    half = WIDE * effect.error
    return AverageView(
        outcome=effect.outcome,
        covariate=effect.covariate,
        value=_known(effect.value),
        error=_known(effect.error),
        low=_known(effect.value - half),
        high=_known(effect.value + half),
    )


def _known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
