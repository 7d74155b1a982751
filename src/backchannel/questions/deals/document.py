"""Deals in the answers document: the frontier, the packages, and what would make one hold."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import ChanceLevel, Day, Influence, Piece


class DealSpread(Piece):
    """A gain over disagreement, in the case's utility unit."""

    mean: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    gains_in: float = Field(description="Share of the weighted draws in which it is above 0.")


class DealGain(Piece):
    """What one player gets from a package."""

    player: str
    title: str
    is_party: bool
    on_paper: DealSpread = Field(description="If every promise that can be kept is kept.")
    as_kept: DealSpread = Field(
        description="With every promise kept as often as its maker would keep it."
    )
    expects: DealSpread | None = Field(
        description="What a party with wrong beliefs expects on paper."
    )


class DealStep(Piece):
    """One promise of a package, and whether it would be kept."""

    step: int = Field(description="Step of the deal, from 1.")
    node: str
    title: str
    player: str
    player_title: str
    value: str | int | float
    label: str
    date: Day
    able: float | None = Field(description="P(it can be kept | earlier promises kept, record).")
    chance: float | None = Field(description="P(kept | it can be, earlier promises kept, record).")
    low: float | None
    high: float | None
    bounds: tuple[float, float] | None = Field(
        default=None, description="The chance with left-out draws counted as 0 and as 1."
    )
    best_reply: float | None = Field(
        description="P(keeping is a best reply | it can be kept, earlier promises kept, record)."
    )
    together: str = Field(
        default="",
        description="How it is kept at the same time as others of its step, in words; empty if it is not. "
        "Only promises of earlier steps are earlier ones then.",
    )
    step_chance: float | None = Field(
        default=None,
        description="P(all promises of its step are kept | earlier steps kept, record), if together.",
    )


class DealPackage(Piece):
    """One package: a point of the frontier and a row of the table."""

    number: int
    label: str
    choices: list[str] = Field(description="Its choice in each of the deal's `alternatives`.")
    terms: dict[str, str | int | float] = Field(
        description="The promised actions; those of steps that are left out are missing."
    )
    amounts: dict[str, str] = Field(
        description="The amounts by label; those of steps that are left out are missing."
    )
    gains: list[DealGain]
    steps: list[DealStep]
    kept: float = Field(description="P(every promise is kept | record).")
    kept_low: float
    kept_high: float
    kept_bounds: tuple[float, float] | None = Field(
        default=None, description="With left-out draws counted as 0 and as 1."
    )
    possible: float = Field(description="P(every promise can be kept).")
    in_range: bool = Field(description="All parties' expected gains are above 0.")
    marks: list[str] = Field(
        default=[],
        description="What is special about it: in range, Pareto, Nash, Kalai–Smorodinsky, chosen.",
    )
    blocked_by: list[str] = Field(description="Parties whose expected gain is not above 0.")
    pareto: bool
    nash: bool
    kalai_smorodinsky: bool
    range_in: float = Field(description="Share of the draws in which all parties gain.")
    nash_in: float = Field(description="Share of the draws whose Nash package it is.")
    kalai_smorodinsky_in: float


class DealEnforcement(Piece):
    """A penalty or payment, and the size that makes the chosen package hold."""

    kind: str
    players: list[str]
    label: str
    size: float | None = Field(
        description="In addition to what the package has already; null: nothing up to `most` is enough."
    )
    already: list[float] = Field(
        default=[],
        description="How much of it the package contains already, for each of the players.",
    )
    most: float
    chances: list[float] = Field(
        description="The standard's probability for each promise, at that size or at the largest."
    )


class DealHinge(Piece):
    """The assumptions that move one number of the chosen package most."""

    of: str
    assumptions: list[Influence] = Field(description="Those that stand out from chance.")
    chance_level: ChanceLevel = None


class DealCaption(Piece):
    """The caption of a picture of the deal."""

    shows: str
    draws: int
    effective_draws: float
    left_out: float = Field(description="Share of draws in which some package did not converge.")
    would_change: list[DealHinge] = Field(description="The assumptions that move it most.")


class DealView(Piece):
    """A deal: the family, the frontier, the chosen package, and what would make it hold."""

    name: str
    title: str
    about: str
    parties: dict[str, str] = Field(description="Each party's name and title.")
    date: Day
    unit: str
    alternatives: list[str] = Field(
        description="The terms and amounts in which the packages differ."
    )
    packages: list[DealPackage]
    range: list[int] = Field(description="Numbers of the packages that all parties prefer.")
    pareto: list[int]
    nash: int | None
    kalai_smorodinsky: int | None
    closest: int = Field(description="The package with the largest gain of its worst-off party.")
    chosen: int = Field(description="The package that the steps and the enforcement are about.")
    chosen_because: str
    empty_in: float = Field(
        description="Share of the draws in which no package benefits all parties."
    )
    threshold: float = Field(description="The probability that every promise must reach.")
    standard: str = Field(
        description="Which probability: the `chance` that it is kept, or that keeping it is a "
        "`best reply`."
    )
    enforcement: list[DealEnforcement]
    base_rates: str = Field(
        default="",
        description="Which base rates enter, as a clause; empty where none of the case has a say.",
    )
    sentences: list[str]
    caption: DealCaption


class DealsPart(Piece):
    """Deals."""

    deals: list[DealView]
