"""The document of a fit: the regression table, the coefficient plot, tests, effects, comparison."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Facts, Piece

VERSION = "1.3"


class CoefficientView(Piece):
    """One row of the regression table, and one line of the coefficient plot."""

    name: str = Field(description="As in the table: `quiet[revis1]`; of a shared number its name.")
    number: str = Field(description="The number of the case that it makes.")
    covariate: str = Field(description="What it multiplies; `1` is the intercept, empty if shared.")
    label: str = Field(description="What the number is, in the case's words.")
    estimate: float | None = Field(description="Null where it grows without end.")
    error: float | None = Field(description="Standard error; null where there is no maximum.")
    z: float | None
    p: float | None = Field(description="Two-sided, against 0.")
    low: float | None = Field(description="95% interval.")
    high: float | None


class RatioView(Piece):
    """A likelihood-ratio test."""

    against: str = Field(description="What is fixed in the smaller model.")
    statistic: float
    freedom: int
    p: float


class AverageView(Piece):
    """A mean over the plays: a chance, or what a covariate does to it."""

    outcome: str
    covariate: str = Field(description="Empty for the chance itself.")
    value: float | None = Field(description="Null where play was not found.")
    error: float | None
    low: float | None = Field(description="95% interval.")
    high: float | None


class WayView(Piece):
    """A way to play and its score."""

    name: str
    score: float = Field(description="Mean log likelihood of a held-out play, in nats.")
    difference: float = Field(description="Of the score to quantal response's.")
    error: float = Field(description="Standard error of the difference, over plays.")


class SampledView(Piece):
    """One coefficient's posterior."""

    name: str
    mean: float
    deviation: float
    low: float = Field(description="5% of the samples lie below.")
    median: float
    high: float = Field(description="5% of the samples lie above.")
    r_hat: float | None
    effective: float | None = Field(description="Effective sample size of the mean.")
    effective_tails: float | None


class PosteriorView(Piece):
    """What the sampler found."""

    chains: int
    samples: int = Field(description="Kept of each chain.")
    divergent: int
    coefficients: list[SampledView]
    trouble: list[str]


class PredictionView(Piece):
    """What a fit predicts of new rows, in short."""

    rows: int
    means: dict[str, float] = Field(description="The mean chance of each outcome over these rows.")
    remarks: list[str]


class LowerStart(Piece):
    """A start of the search that ended below the others."""

    start: int = Field(description="Counted from 1.")
    below: float | None = Field(
        description="How far its log likelihood is below the highest; null where no play was found."
    )
    is_maximum: bool = Field(description="Whether the likelihood has no slope there.")
    values: dict[str, float] = Field(description="The coefficients where it ended.")


class FitView(Piece):
    """Everything about one fit."""

    version: str = VERSION
    case: str
    title: str
    data: str
    plays: float = Field(description="Plays, weights counted.")
    rows: int
    dropped: list[int] = Field(description="Rows that were left out, counted from 1.")
    lacking: list[str] = Field([], description="The columns in which these rows have gaps.")
    errors: str = Field(description="hessian, sandwich or clustered.")
    clusters: int | None = Field(description="How many clusters, where errors are clustered.")
    used_priors: bool
    spreads: dict[str, float] = Field(
        {},
        description="The estimated deviation of each group effect (`quiet[1 | dyad]`), and of `ridge`.",
    )
    coefficients: list[CoefficientView]
    bases: dict[str, str] = Field(description="For each category the level compared with.")
    fixed: dict[str, float]
    same: list[list[str]] = Field(description="Numbers that are kept equal.")
    log_likelihood: float
    aic: float
    bic: float
    starts: list[float | None] = Field(
        description="Log likelihood (with priors, if used) of each start; null where no play was found."
    )
    lower: list[LowerStart] = Field([], description="The starts that ended lower than the best.")
    converged: bool
    trouble: list[str]
    tests: list[RatioView]
    averages: list[AverageView]
    ways: list[WayView]
    posterior: PosteriorView | None = Field(None, description="Where sampling was asked for.")
    facts: Facts = Field(description="The caption of the coefficient plot.")
