"""What to watch: the indicators, as a part of a document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class IfSeen(Piece):
    """One value of an indicator, and what the question's forecast would become."""

    value: str | int | float
    label: str
    probability: float
    word: str = Field(description="ICD 203.")
    bounds: tuple[float, float] | None = Field(
        default=None, description="The probability with left-out draws counted as 0 and as 1."
    )
    if_seen: list[float] | None = Field(
        description="Chance of each value of the question's node if this is seen; null if it cannot be."
    )
    if_not: list[float] | None = Field(description="The same if it is not seen.")


class IndicatorView(Piece):
    """An event that can still be seen."""

    node: str
    title: str
    due: Day
    resolves: str | dict[str, str] | None
    teaches: float = Field(description="Expected information about the question, in bits.")
    share: float = Field(description="The same as a share of all that is not known about it.")
    values: list[IfSeen]


class Watch(Piece):
    """The indicators of one question, those that would teach most first."""

    document: Literal["backchannel-watch"] = "backchannel-watch"
    case: str
    about: str
    title: str
    outcomes: list[str | int | float] = Field(description="Values of the question's node.")
    labels: list[str]
    forecast: list[float] = Field(description="Their chances as it stands.")
    left_out: float = Field(default=0.0, description="Share of draws that did not settle.")
    forecast_bounds: list[tuple[float, float]] = Field(
        default=[], description="The forecast with left-out draws counted as 0 and as 1."
    )
    indicators: list[IndicatorView]
    caption: str


class WatchPart(Piece):
    """What to watch."""

    watch: Watch = Field(description="What can still be seen, and what it would teach.")
