"""Which priors sliders had moved when the case was solved: answers carry it wherever they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from backchannel.case.lower.origin import origin_of
from backchannel.case.lower.shifted import Shifted, moved_scores
from backchannel.case.lowered import CaseScenario, Lowered
from backchannel.wording.percents import told_apart
from backchannel.wording.pieces import Piece
from backchannel.wording.words import Wording

MOST_NAMED = 5
SAME = 1e-6
"""Normal scores that differ by less are the same position of a slider."""


class MovedSlider(Piece):
    """A prior that a slider had moved when the case was solved."""

    parameter: str
    label: str
    unit: str
    score: float = Field(
        description="Where the slider stood: a normal score of the prior as written."
    )
    median: float = Field(description="Of the moved prior.")
    low: float = Field(description="5th percentile of the moved prior.")
    high: float = Field(description="95th percentile of the moved prior.")
    median_as_written: float = Field(description="Of the prior in the case file.")


def moved_sliders(lowered: Lowered, wording: Wording) -> list[MovedSlider]:
    """The sliders with which a case was lowered; none where its priors are those of the file."""
    return [
        MovedSlider(
            parameter=name,
            label=wording.parameter(name),
            unit=origin_of(lowered, name)[1],
            score=prior.score,
            median=prior.at(0.5),
            low=prior.at(0.05),
            high=prior.at(0.95),
            median_as_written=prior.prior.at(0.5),
        )
        for name, prior in lowered.priors.items()
        if isinstance(prior, Shifted)
    ]


def moved_scenario(lowered: Lowered) -> CaseScenario | None:
    """The scenario of the case whose sliders these are; `None` where none has just these, or it has changes too."""
    moved = moved_scores(lowered)
    for scenario in lowered.scenarios.values():
        if scenario.intervention is None and _are_same(moved, scenario.sliders):
            return scenario
    return None


def _are_same(moved: Mapping[str, float], sliders: Mapping[str, float]) -> bool:
    if not moved or moved.keys() != sliders.keys():
        return False
    return all(abs(moved[name] - sliders[name]) < SAME for name in moved)


def moved_sentence(moved: Sequence[MovedSlider], scenario: str = "") -> str:
    """The sliders in a sentence; empty where none was moved.

    Args:
        moved: The sliders.
        scenario: The title of the scenario that they belong to.

    >>> pain = MovedSlider(
    ...     parameter="pain", label="pain of sanctions", unit="worth", score=2.0, median=0.91, low=0.7,
    ...     high=0.98, median_as_written=0.5,
    ... )
    >>> moved_sentence([pain])
    'Solved with 1 slider moved, not as the case is written: pain of sanctions 0.91 (0.7 to 0.98) instead of 0.5.'
    """
    if not moved:
        return ""
    named = []
    for slider in moved[:MOST_NAMED]:
        now, written = told_apart(slider.median, slider.median_as_written)
        named.append(
            f"{slider.label} {now} ({slider.low:.3g} to {slider.high:.3g}) instead of {written}"
        )
    if len(moved) > MOST_NAMED:
        named.append(f"and {len(moved) - MOST_NAMED} more")
    sliders = "1 slider" if len(moved) == 1 else f"{len(moved)} sliders"
    named_as = f"Scenario “{scenario}”: solved" if scenario else "Solved"
    return f"{named_as} with {sliders} moved, not as the case is written: {'; '.join(named)}."
