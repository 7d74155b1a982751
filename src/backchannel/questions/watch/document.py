"""What to watch: the indicators in the answers document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Bounds, Day, Piece


class IfSeen(Piece):
    """One value of an indicator, and the forecast of the outcome if it is seen, or not."""

    value: str | int | float
    label: str
    probability: float
    word: str = Field(description="The ICD 203 word of the probability.")
    bounds: Bounds | None = Field(
        default=None, description="The probability with left-out draws counted as 0 and as 1."
    )
    if_seen: list[float] | None = Field(
        description="Probability of each outcome if this value is seen; null if that is impossible."
    )
    if_not: list[float] | None = Field(description="The same if another value is seen.")


class IndicatorView(Piece):
    """An open event."""

    node: str
    title: str
    due: Day
    resolves: str | dict[str, str] | None
    teaches: float = Field(description="Expected information about the outcome, in bits.")
    share: float = Field(description="The same as a share of the outcome's entropy.")
    values: list[IfSeen]


class Watch(Piece):
    """The indicators of one outcome, the most informative first."""

    document: Literal["backchannel-watch"] = "backchannel-watch"
    case: str
    about: str
    title: str
    outcomes: list[str | int | float] = Field(description="Values of the outcome's node.")
    labels: list[str]
    forecast: list[float] = Field(description="Their current probabilities.")
    left_out: float = Field(default=0.0, description="Share of draws that did not converge.")
    forecast_bounds: list[Bounds] = Field(
        default=[], description="The forecast with left-out draws counted as 0 and as 1."
    )
    indicators: list[IndicatorView]
    caption: str


class WatchPart(Piece):
    """The part of the question `watch`."""

    watch: Watch = Field(description="Open events, and their information about the outcome.")
