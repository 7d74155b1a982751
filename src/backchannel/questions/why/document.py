"""The answers document's part on why: each cause's part in an outcome, and how it came to matter."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reading(_Piece):
    """A number between 0 and 1 (a share: between -1 and 1) with everything that blurs it."""

    mean: float = Field(description="With shocks shared over contexts.")
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    error: float = Field(description="Standard error from looking at some worlds only.")
    independent: float = Field(description="The mean with independent shocks in every context.")
    independent_low: float
    independent_high: float
    bounds: tuple[float, float] | None = Field(
        default=None,
        description="The mean with left-out draws at the least (0; a share or part: −1) and at 1.",
    )


class CausePart(_Piece):
    """What one cause has to do with the outcome."""

    cause: str
    title: str = Field(description="What follows `if`.")
    share: Reading = Field(description="Shapley value; the shares add up to the total.")
    necessity: Reading = Field(
        description="P(it would not have happened | this cause alone undone)."
    )
    sufficiency: Reading = Field(
        description="P(it would have happened all the same | all other causes undone)."
    )
    bounds: tuple[float, float] | None = Field(
        description="Sharp bounds of the necessity where one node alone decides; null elsewhere."
    )


class Through(_Piece):
    """The part of a cause's effect that runs through somebody's responses."""

    through: str = Field(description="A player, `chance`, or empty: the cause by itself.")
    label: str
    effect: Reading


class CauseApart(_Piece):
    """One cause's effect by whose doing it was; the parts add up to the total."""

    cause: str
    title: str
    total: Reading
    parts: list[Through]
    sentence: str


class WhyCaption(_Piece):
    """What a picture of the shares must say beside it."""

    shows: str
    rests_on: str
    would_change: str


class Why(_Piece):
    """Why an outcome happened."""

    name: str = Field(description="The question's name; empty where it was asked by hand.")
    asks: str
    node: str
    title: str
    value: str | int | float
    label: str
    total: Reading = Field(description="P(it would not have happened | all causes undone).")
    causes: list[CausePart] = Field(description="Largest share first.")
    apart: list[CauseApart]
    draws: int = Field(description="Draws that were looked at.")
    worlds: int = Field(description="Worlds in each of them.")
    sets: int = Field(description="Sets of causes that were undone.")
    exact: bool = Field(description="All sets were looked at, not only those along some orders.")
    effective_draws: float
    left_out: float = Field(description="Share of the weight that did not settle.")
    sentences: list[str]
    caption: WhyCaption


class WhyPart(_Piece):
    """Why."""

    whys: list[Why]
