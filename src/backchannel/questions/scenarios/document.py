"""Scenarios in the answers document: every outcome in each scenario, and the differences."""

from __future__ import annotations

from pydantic import Field

from backchannel.questions.what_if.document import AS_IT_IS
from backchannel.wording.pieces import Day, Facts, Piece


class ScenarioSlider(Piece):
    """A slider of a scenario."""

    parameter: str
    label: str
    unit: str
    score: float = Field(description="Where it stands: a normal score of the prior as written.")
    median: float = Field(description="Of the moved prior.")
    low: float = Field(description="5th percentile of the moved prior.")
    high: float = Field(description="95th percentile of the moved prior.")
    median_as_written: float


class ScenarioValue(Piece):
    """One value of an outcome in a scenario."""

    value: str | int | float
    label: str
    before: float = Field(description="In the case as it is.")
    probability: float
    probability_independent: float | None = Field(
        default=None,
        description="Of a counterfactual: with independent random shocks in every situation, the other extreme of "
        "what no record can show.",
    )
    word: str = Field(description="The ICD 203 word of the probability.")
    difference: float = Field(description="The scenario less the case as it is.")
    low: float = Field(description="5% of the draws differ by less.")
    high: float = Field(description="5% of the draws differ by more.")


class ScenarioOutcome(Piece):
    """One outcome in a scenario."""

    node: str
    title: str
    date: Day | None
    distance: float = Field(
        description="Total variation distance: the largest change in the probability of any event about it."
    )
    values: list[ScenarioValue]


class CaseScenarioView(Piece):
    """One scenario."""

    name: str
    title: str
    about: str
    sliders: list[ScenarioSlider]
    changes: str = Field(
        description="What is changed, as a clause after “if”; empty if nothing is."
    )
    who_knows: str = Field(description="Who learns of the changes; empty without changes.")
    record: str = Field(
        description="Which part of the record both sides use; empty without changes."
    )
    before_label: str = Field(
        default=AS_IT_IS,
        description="What `before` of its values is called: “as it is” is the forecast, with all base rates.",
    )
    says: list[str] = Field(description="What changes most, in sentences.")
    most_changed: list[str] = Field(description="Nodes, those that change most first.")
    outcomes: list[ScenarioOutcome]
    effective_draws: float
    left_out: float = Field(description="Share of draws that did not converge.")


class PairGap(Piece):
    """By how much a value is more likely in one scenario than in another."""

    value: str | int | float
    difference: float
    low: float
    high: float


class PairOutcome(Piece):
    """One outcome in two scenarios."""

    node: str
    values: list[PairGap]


class ScenarioPair(Piece):
    """Two scenarios compared with each other, on the same draws."""

    scenario: str
    than: str = Field(description="The scenario that is subtracted.")
    outcomes: list[PairOutcome]


class ScenariosView(Piece):
    """The scenarios of a case, over the same outcomes."""

    scenarios: list[CaseScenarioView]
    pairs: list[ScenarioPair] = Field(
        description="Every two scenarios, where there are not too many."
    )
    facts: Facts


class ScenariosPart(Piece):
    """The part of the question `scenarios`."""

    scenarios: ScenariosView | None = Field(
        default=None, description="Null where the case has no scenarios, or none could be solved."
    )
