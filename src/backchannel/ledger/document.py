"""The ledger as a document: what was logged of one case, how each forecast moved, and how good the forecasts were."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class LoggedRun(Piece):
    """One run of the case in the ledger."""

    run: int
    logged_at: str = Field(description="The moment, in UTC.")
    as_of: Day
    by: str
    forecasts: int
    draws: int
    seed: int
    version: str
    case_hash: str
    withdrawn: str = Field(description="Why it was withdrawn; empty where it counts.")


class TrackPoint(Piece):
    """The forecast of one node in one run."""

    run: int
    as_of: Day
    probabilities: list[float | None] = Field(
        description="In the order of the track's values; null where the node could not have the value then."
    )
    lows: list[float | None]
    highs: list[float | None]


class TrackOutcome(Piece):
    """The outcome of a node, as it was entered."""

    value: str | int | float
    date: Day
    source: str
    why: str = Field(description="Of a correction; empty where none was made.")


class Track(Piece):
    """How the forecast of one node moved from run to run."""

    node: str
    title: str
    due: Day | None
    resolves: str
    values: list[str | int | float] = Field(description="Of the last run.")
    points: list[TrackPoint] = Field(description="By the day that the case knew of, then by run.")
    outcome: TrackOutcome | None


class ScoreRow(Piece):
    """Scores of a group of forecasts; null where a score is infinite or undefined."""

    group: str
    forecasts: int
    nodes: int
    brier: float | None
    brier_uniform: float | None
    brier_base: float | None
    log: float | None
    log_uniform: float | None
    log_base: float | None
    skill_base: float | None
    skill_low: float | None
    skill_high: float | None


class CalibrationRow(Piece):
    """Events that were given chances in one range, and how many came about."""

    word: str
    low: float
    high: float
    events: int
    mean_forecast: float
    came_about: float
    interval_low: float
    interval_high: float


class ViewRow(Piece):
    """The scores of the case alone, the base rate alone, both pooled, or the case and its rivals."""

    view: str
    brier: float | None
    log: float | None


class ViewComparisonView(Piece):
    """Some views compared on the forecasts that hold all of them."""

    title: str
    rows: list[ViewRow]
    sentences: list[str] = Field(
        description="By how much one view was better than another, with its interval."
    )


class LedgerView(Piece):
    """What a ledger holds of one case, and the scores."""

    path: str
    exists: bool
    case_name: str
    runs: list[LoggedRun] = Field(description="The last ones, newest first.")
    runs_in_all: int
    tracks: list[Track] = Field(description="By due date; nodes without a date come last.")
    is_for_all: bool = Field(
        description="Whether the scores are those of every case in the ledger."
    )
    hindcasts: bool = Field(
        description="Whether forecasts that were logged after the outcome count."
    )
    scores: list[ScoreRow] = Field(
        description="All forecasts first, then by case and by horizon; empty where nothing can be scored."
    )
    calibration: list[CalibrationRow]
    comparisons: list[ViewComparisonView] = Field(
        description="Views of base rates, the forecast with that over rivals, and all four; empty where no forecast "
        "holds them."
    )
    weight: str = Field(
        description="Which weight of the case against base rates the scored forecasts support, and how a case takes "
        "it; empty where none of them held a base rate."
    )
    not_counted: list[str] = Field(description="What the scores leave out, and why.")
    caption: str = Field(description="What the scores mean; empty where there are none.")
