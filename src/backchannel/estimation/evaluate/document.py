"""The document of an evaluation: scores, calibration, what was chosen, what was left out."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Facts, Piece

EVALUATION_VERSION = "1.0"


class ScoredModelView(Piece):
    """One model's scores on the rows that were held out."""

    name: str
    log_score: float | None = Field(
        description="Mean log of the chance of what happened, in nats; null where it was 0."
    )
    brier: float = Field(description="Mean Brier score: 0 is best, 2 is worst.")
    prl: float | None = Field(description="1 − loss ÷ loss of the base rate.")
    low: float | None = Field(description="95% interval of the PRL, by a bootstrap over groups.")
    high: float | None
    difference: float | None = Field(description="Of the PRL to the case's.")
    difference_low: float | None = Field(description="95% interval, on the same draws.")
    difference_high: float | None
    covariates: list[str] = Field([], description="What a baseline saw.")


class CalibrationView(Piece):
    """Predicted chances of one size, and how often what they predicted happened."""

    model: str
    predicted: float
    happened: float
    count: int = Field(description="Chances in the bin: one for each row and outcome.")


class PartView(Piece):
    """One part of the rows that was predicted from others."""

    name: str
    train: int
    test: int
    never: list[str] = Field(description="Outcomes that never occur in what was trained on.")
    chosen: dict[str, str] = Field(description="What was chosen from what was trained on.")


class SeenOutcomeView(Piece):
    """One thing that the observed nodes can show together."""

    outcome: str
    count: int = Field(description="Among the rows that were scored.")


class EvaluationView(Piece):
    """How well a case predicts rows that it has not seen."""

    evaluation_version: str = EVALUATION_VERSION
    evaluated_case: str = Field(description="The name under which the case was opened.")
    title: str
    data: str
    split: str = Field(description="How rows were held out, in words.")
    scored: int = Field(description="Rows that were predicted and scored.")
    groups: int = Field(description="Groups that the bootstrap draws.")
    outcomes: list[SeenOutcomeView]
    models: list[ScoredModelView]
    calibration: list[CalibrationView]
    parts: list[PartView]
    remarks: list[str] = Field(description="Counts of what was left out, and what was not there.")
    facts: Facts = Field(description="The caption of the plot of PRL.")
