"""Confidence: how well the basis of an answer supports it, by one rule (decision 35).

Confidence is separate from probability: it follows from what an answer rests on, not from how probable
the answer is. It starts high; each criterion may lower it, and the worst counts.

Source: Intelligence Community Directive 203 (2015), Analytic Standards, for the three levels and for
their being separate from probability; the criteria and their limits are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from backchannel.language.support import Backing, Support
from backchannel.wording.percents import percent

Level = Literal["low", "moderate", "high"]
LEVELS: tuple[Level, ...] = ("low", "moderate", "high")
"""From the lowest."""

FEW_DRAWS, MANY_DRAWS = 100, 400
"""Effective draws below which confidence is low, and below which it is moderate."""
MUCH_LEFT_OUT, SOME_LEFT_OUT = 0.10, 0.01
"""Shares of left-out draws above which confidence is low, and above which it is moderate."""
VERY_WIDE, WIDE = 0.50, 0.25
"""Widths of the range over draws above which confidence is low, and above which it is moderate."""
NOTABLE_SHARE = 0.10
"""Share of the spread that numbers with little support may explain."""
MOSTLY, PARTLY = 0.50, 0.20
"""Shares of all numbers that may be weakly supported, where none stands out."""
SAME_IN_ALL = 0.01
"""A range narrower than this counts as the same answer in all draws."""


@dataclass(frozen=True)
class Leading:
    """An assumption on which an answer hinges."""

    label: str
    share: float
    """Of the answer's spread over draws."""
    backing: Backing


@dataclass(frozen=True)
class Grounds:
    """What an answer rests on."""

    leading: Sequence[Leading]
    """The assumptions that stand out from chance, strongest first."""
    weak: int
    """Weakly supported numbers of the case."""
    numbers: int
    """All uncertain numbers of the case."""
    effective_draws: float
    left_out: float
    """Share of draws that did not converge."""
    low: float
    """Lower end of the range over draws, as a share of 1; of a number, as a share of that number."""
    high: float
    other_extreme: float | None = None
    """Of a counterfactual: the number at the other extreme of what no record can show, on the same scale."""
    other_extreme_text: str = ""
    """The same in words."""

    @property
    def width(self) -> float:
        """Width of the range over draws."""
        return self.high - self.low

    @property
    def full_width(self) -> float:
        """Width of the range that includes the other extreme."""
        extremes = [] if self.other_extreme is None else [self.other_extreme]
        return max([self.high, *extremes]) - min([self.low, *extremes])


@dataclass(frozen=True)
class ConfidenceLimit:
    """What a criterion found: the level that it allows, and why, as a clause that follows "because"."""

    criterion: str
    level: Level
    text: str
    short: str = ""
    """The same in fewer words, if there is a way."""


@dataclass(frozen=True)
class Confidence:
    """The level of confidence in an answer, and what keeps it from being higher."""

    level: Level
    reasons: tuple[ConfidenceLimit, ...]
    """Every criterion that lowers it, those that decide first."""


def confidence_in(grounds: Grounds) -> Confidence:
    """Judge the confidence in an answer from what it rests on.

    >>> grounds = Grounds((), weak=0, numbers=4, effective_draws=900, left_out=0, low=0.4, high=0.5)
    >>> confidence_in(grounds).level
    'high'
    """
    reasons = [reason for criterion in CRITERIA if (reason := criterion(grounds)) is not None]
    reasons.sort(key=lambda reason: LEVELS.index(reason.level))
    return Confidence(reasons[0].level if reasons else "high", tuple(reasons))


def _sources(grounds: Grounds) -> ConfidenceLimit | None:
    if grounds.width < SAME_IN_ALL:
        return None
    if not grounds.leading:
        return _sources_of_all(grounds)
    supports: tuple[tuple[Level, set[Support]], ...] = (
        ("low", {Support.WEAKLY}),
        ("moderate", {Support.WEAKLY, Support.FAIRLY}),
    )
    for level, too_little in supports:
        unsure = [one for one in grounds.leading if one.backing.support in too_little]
        if sum(one.share for one in unsure) >= NOTABLE_SHARE:
            first = unsure[0]
            rests = f"rests on {first.backing.rests_on}"
            text = f"it hinges on “{first.label}”, which {rests}"
            return ConfidenceLimit("sources", level, text, f"“{first.label}” {rests}")
    return None


def _sources_of_all(grounds: Grounds) -> ConfidenceLimit | None:
    """Judge by all numbers of the case, where no assumption stands out."""
    share = grounds.weak / grounds.numbers if grounds.numbers else 0.0
    if share <= PARTLY:
        return None
    text = f"{grounds.weak} of the case's {grounds.numbers} numbers are weakly supported"
    return ConfidenceLimit("sources", "low" if share > MOSTLY else "moderate", text)


def _extremes(grounds: Grounds) -> ConfidenceLimit | None:
    """The range with the other extreme of what no record can show, where that makes the difference."""
    level = _above(grounds.full_width, VERY_WIDE, WIDE)
    if level is None or level == _above(grounds.width, VERY_WIDE, WIDE):
        return None
    text = (
        f"it assumes what no data can test; at the other extreme it is {grounds.other_extreme_text}"
    )
    return ConfidenceLimit("range", level, text)


def _range(grounds: Grounds) -> ConfidenceLimit | None:
    level = _above(grounds.width, VERY_WIDE, WIDE)
    return None if level is None else ConfidenceLimit("range", level, "the range is wide")


def _draws(grounds: Grounds) -> ConfidenceLimit | None:
    if grounds.width < SAME_IN_ALL or grounds.effective_draws >= MANY_DRAWS:
        return None
    level = "low" if grounds.effective_draws < FEW_DRAWS else "moderate"
    return ConfidenceLimit(
        "draws", level, f"the effective sample size is only {grounds.effective_draws:,.0f}"
    )


def _left_out(grounds: Grounds) -> ConfidenceLimit | None:
    level = _above(grounds.left_out, MUCH_LEFT_OUT, SOME_LEFT_OUT)
    text = f"{percent(grounds.left_out)} of the draws could not be solved and are left out"
    return None if level is None else ConfidenceLimit("draws left out", level, text)


def _above(number: float, low: float, moderate: float) -> Level | None:
    """The level that a number allows: none is lost up to a limit."""
    return "low" if number > low else "moderate" if number > moderate else None


CRITERIA: tuple[Callable[[Grounds], ConfidenceLimit | None], ...] = (
    _extremes,
    _sources,
    _range,
    _left_out,
    _draws,
)
"""The criteria of the rule, those that tell a reader most first."""

RULE = (
    "Confidence is separate from probability: it says how well the basis of an answer supports it.",
    "It is high, unless one of these criteria lowers it; the criterion that lowers it most decides.",
    f"Sources: low if at least {percent(NOTABLE_SHARE)} of the answer's spread comes from weakly supported "
    f"numbers, moderate if at least {percent(NOTABLE_SHARE)} comes from numbers that are weakly or fairly supported.",
    "Only numbers that stand out from chance count.",
    "If none stands out, all numbers of the case count equally: low if more than "
    f"{percent(MOSTLY)} are weakly supported, moderate if more than {percent(PARTLY)}.",
    "A number is well supported by a source graded A or B and 1 or 2, or by an estimate from data.",
    "It is fairly supported by a source graded C or 3, or by two independent ungraded sources.",
    "It is weakly supported by judgement alone, by one ungraded source, by a doubtful source, or by nothing.",
    "Copies of one report count once.",
    f"Range over draws: low if wider than {100 * VERY_WIDE:.0f} points, moderate if wider than "
    f"{100 * WIDE:.0f}; for a number of the case, in percent of that number.",
    "The range of a counterfactual includes the other extreme of what no record can show.",
    f"Draws left out because they could not be solved: low above {percent(MUCH_LEFT_OUT)}, moderate above "
    f"{percent(SOME_LEFT_OUT)}.",
    f"Effective sample size: low below {FEW_DRAWS}, moderate below {MANY_DRAWS}.",
    "An answer that is the same in all draws hinges on no number, and is not judged by its sample size.",
)
"""The rule in sentences, as it is printed."""
