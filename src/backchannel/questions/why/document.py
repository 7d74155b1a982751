"""The answers document's part on why: the role of each cause in an outcome, and its decomposition."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Facts, Piece


class Reading(Piece):
    """A number between 0 and 1 (a share: between -1 and 1) with its uncertainty."""

    mean: float = Field(description="With shocks shared over contexts.")
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    error: float = Field(description="Standard error from sampling worlds.")
    independent: float = Field(description="The mean with independent shocks in every context.")
    independent_low: float
    independent_high: float
    bounds: tuple[float, float] | None = Field(
        default=None,
        description="The mean with left-out draws counted at the least value (0; a share or part: −1) and at 1.",
    )


class CausePart(Piece):
    """The role of one cause in the outcome."""

    cause: str
    title: str = Field(description="The absence of the cause, as it follows “if”.")
    happened: str = Field(
        default="",
        description="What happened, as it follows “because”; empty where the case does not name it.",
    )
    share: Reading = Field(description="Shapley value; the shares add up to the total.")
    necessity: Reading = Field(
        description="P(it would not have happened | this cause alone undone)."
    )
    sufficiency: Reading = Field(
        description="P(it would still have happened | all other causes undone)."
    )
    bounds: tuple[float, float] | None = Field(
        description="Sharp bounds of the necessity where only one node's shocks matter; null elsewhere."
    )


class Through(Piece):
    """The part of a cause's effect that runs through the responses of one player or of chance."""

    through: str = Field(description="A player, `chance`, or empty: the direct effect.")
    label: str
    effect: Reading


class CauseApart(Piece):
    """One cause's effect, decomposed by whose responses carried it; the parts add up to the total."""

    cause: str
    title: str
    total: Reading
    parts: list[Through]
    sentence: str


class Why(Piece):
    """Why an outcome happened."""

    name: str = Field(description="The question's name; empty for a question given by hand.")
    asks: str
    node: str
    title: str
    value: str | int | float
    label: str
    total: Reading = Field(description="P(it would not have happened | all causes undone).")
    causes: list[CausePart] = Field(description="Largest share first.")
    apart: list[CauseApart]
    draws: int = Field(description="Draws that were used.")
    worlds: int = Field(description="Worlds in each draw.")
    sets: int = Field(description="Sets of causes that were undone.")
    exact: bool = Field(description="All sets were evaluated, not only those along sampled orders.")
    effective_draws: float
    left_out: float = Field(description="Share of the weight that did not converge.")
    sentences: list[str]
    caption: Facts


class WhyPart(Piece):
    """Why."""

    whys: list[Why]
