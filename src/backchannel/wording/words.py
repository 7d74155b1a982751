"""The words of answers: titles, labels, percentages, and words of estimative probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backchannel.case.lower.belief_entries import belief_behind
from backchannel.case.lower.number_of_good import number_of_good
from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import Viewpoint
from backchannel.language.levels import Mixture, PoissonLevel, type_name
from backchannel.language.names import (
    ICD_203,
    NOT_APPLICABLE,
    NodeName,
    ParameterName,
    PlayerName,
    Value,
)
from backchannel.wording.nouns import possessive
from backchannel.wording.pieces import Bounds


class _OfValue(Protocol):
    """Something about one value of a node."""

    value: Value


ValueT = TypeVar("ValueT", bound=_OfValue)

HARDLY = 0.02
"""A change of a probability or a share smaller than this is described as 'hardly changes'."""
VISIBLE = 0.005
"""A probability or a change smaller than this rounds to 0 points, and tables leave it out."""
_COVARIATES = {
    "actions": "the number of actions",
    "contexts": "the number of contexts",
    "range": "the payoff range",
}
"""Covariates of complexity, in words."""
DOES_NOT_ARISE = "does not arise"
"""What the value is called that a node has where it does not exist."""


def estimative_word(probability: float) -> str:
    """The ICD 203 word for a probability.

    >>> estimative_word(0.42), estimative_word(0.97)
    ('unlikely', 'almost certain')
    """
    for word, (_, high) in ICD_203.items():
        if probability < high:
            return word
    return "almost certain"


def percent(probability: float) -> str:
    """A probability in whole percent; a small or large one is never rounded to 0% or 100%.

    >>> percent(0.417), percent(0.002), percent(0.999)
    ('42%', '<1%', '>99%')
    """
    if 0 < probability < VISIBLE:
        return "<1%"
    if 1 - VISIBLE < probability < 1:
        return ">99%"
    return f"{100 * probability:.0f}%"


def told_apart(first: float, second: float, *, digits: int = 3) -> tuple[str, str]:
    """Two numbers that are set against each other, with as many digits as tell them apart.

    >>> told_apart(1.4512, 1.4468), told_apart(0.5, 0.91), told_apart(2.0, 2.0)
    (('1.451', '1.447'), ('0.5', '0.91'), ('2', '2'))
    """
    for shown in range(digits, 8):
        texts = f"{first:.{shown}g}", f"{second:.{shown}g}"
        if texts[0] != texts[1]:
            return texts
    return f"{first:.{digits}g}", f"{second:.{digits}g}"


def percents_apart(first: float, second: float) -> tuple[str, str]:
    """Two probabilities that are set against each other, in percent, with as many digits as tell them apart.

    >>> percents_apart(0.42, 0.5), percents_apart(0.4212, 0.4188), percents_apart(0.9991, 0.9995)
    (('42%', '50%'), ('42.1%', '41.9%'), ('99.91%', '99.95%'))
    """
    if percent(first) != percent(second):
        return percent(first), percent(second)
    for places in range(1, 4):
        texts = f"{100 * first:.{places}f}%", f"{100 * second:.{places}f}%"
        is_rounded_away = any(float(text.rstrip("%")) in (0.0, 100.0) for text in texts)
        if texts[0] != texts[1] and not is_rounded_away:
            return texts
    return percent(first), percent(second)


def points(difference: float) -> str:
    """A change of a probability in percentage points.

    >>> points(-0.084), points(0.001)
    ('−8', '0')
    """
    rounded = round(100 * difference)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


BOUNDS_SHOWN = 0.01
"""Bounds for left-out draws are shown if they are wider than this."""
LEFT_OUT_LOUDLY = 0.01
"""A larger share of left-out draws than this makes every answer begin with a warning."""

IN_BRACKETS = "In brackets: bounds that count the left-out draws."
"""The note below a table with bounds in short cells."""


def percent_span(
    low: float, high: float, bounds: Bounds | None, note: str = "", *, short: bool = False
) -> str:
    """A range over draws, with the bounds of the mean that count the left-out draws.

    >>> percent_span(0.2, 0.4, (0.3, 0.3)), percent_span(0.78, 0.78, (0.48, 0.87))
    ('20–40%', '78%, or 48–87% counting the left-out draws')
    """
    return f"{percent_range(low, high)}{note}{_with_left_out(bounds, percent_range, short)}"


def percent_range(low: float, high: float) -> str:
    """Two probabilities as a range; a single number where both ends read the same.

    >>> percent_range(0.2, 0.75), percent_range(0.85, 0.999), percent_range(0.421, 0.424)
    ('20–75%', '85% to over 99%', '42%')
    """
    ends = said(low), said(high)
    if ends[0] == ends[1]:
        return ends[0]
    if all(end[0].isdigit() for end in ends):
        return f"{ends[0][:-1]}–{ends[1]}"
    return " to ".join(ends)


def said_apart(first: float, second: float) -> tuple[str, str]:
    """Two probabilities that a sentence sets against each other, with as many digits as tell them apart.

    >>> said_apart(0.42, 0.002), said_apart(0.4212, 0.4188)
    (('42%', 'under 1%'), ('42.1%', '41.9%'))
    """
    if percent(first) != percent(second):
        return said(first), said(second)
    return percents_apart(first, second)


def span_text(
    probability: float, ends: tuple[float, float], bounds: Bounds | None, note: str = ""
) -> str:
    """The range of a probability as a sentence says it; empty where it tells no more than the number.

    >>> span_text(0.4, (0.2, 0.6), None, " over draws"), span_text(0.4, (0.4, 0.4), None, " over draws")
    ('20–60% over draws', '')
    """
    span = percent_span(*ends, bounds)
    return "" if span == said(probability) else percent_span(*ends, bounds, note)


def said(probability: float) -> str:
    """A probability in whole percent as a sentence says it.

    >>> said(0.417), said(0.002), said(0.999)
    ('42%', 'under 1%', 'over 99%')
    """
    return percent(probability).replace("<", "under ").replace(">", "over ")


def point_span(
    low: float, high: float, bounds: Bounds | None, note: str = "", *, short: bool = False
) -> str:
    """The range over draws of a change, in percentage points, with its bounds.

    >>> point_span(-0.1, 0.2, (-0.3, 0.4))
    '−10 to +20, or −30 to +40 counting the left-out draws'
    """
    return f"{point_range(low, high)}{note}{_with_left_out(bounds, point_range, short)}"


def point_range(low: float, high: float) -> str:
    """Two changes in percentage points as a range.

    >>> point_range(-0.1, 0.2), point_range(0.021, 0.019)
    ('−10 to +20', '+2')
    """
    ends = points(low), points(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def is_bounded(bounds: Bounds | None) -> bool:
    """Whether the bounds for left-out draws are wide enough to be shown."""
    return bounds is not None and bounds[1] - bounds[0] > BOUNDS_SHOWN


def with_bounds(probability: float, bounds: Bounds | None, *, short: bool = False) -> str:
    """A probability, with the bounds that count the left-out draws.

    >>> with_bounds(0.78, (0.48, 0.87)), with_bounds(0.78, (0.78, 0.78))
    ('78% (48–87% counting the left-out draws)', '78%')
    """
    if short:
        return f"{percent(probability)}{_with_left_out(bounds, percent_range, short)}"
    text = bounds_text(bounds)
    return f"{percent(probability)} ({text})" if text else percent(probability)


def bounds_text(bounds: Bounds | None) -> str:
    """The bounds of a probability that count the left-out draws; empty if they are narrow."""
    return left_out_text(bounds, percent_range) if bounds and is_bounded(bounds) else ""


def left_out_text(bounds: Bounds, shown: Callable[[float, float], str]) -> str:
    """Bounds for left-out draws, in words.

    >>> left_out_text((0.3, 0.5), percent_range)
    '30–50% counting the left-out draws'
    """
    return f"{shown(*bounds)} counting the left-out draws"


def _with_left_out(bounds: Bounds | None, shown: Callable[[float, float], str], short: bool) -> str:
    if bounds is None or not is_bounded(bounds):
        return ""
    if short:
        return f" ({shown(*bounds)})"
    return f", or {left_out_text(bounds, shown)}"


def verdict_text(verdict: str, verdicts: Sequence[str]) -> str:
    """A verdict, with the other verdicts that are possible if left-out draws are counted.

    >>> verdict_text("open", ["open", "leans towards it"])
    'open (or leans towards it, counting the left-out draws)'
    """
    others = " or ".join(other for other in verdicts if other != verdict)
    return f"{verdict} (or {others}, counting the left-out draws)" if others else verdict


def left_out_warning(share: float) -> str:
    """The warning of an answer for which many draws are left out; empty if few are.

    >>> left_out_warning(0.01)
    ''
    """
    if share <= LEFT_OUT_LOUDLY:
        return ""
    return (
        f"WARNING: {percent(share)} of the draws did not converge (in the case or in some changed "
        "world) and are left out. The bounds count them as 0 and as 1."
    )


def counted(draws: int, effective: float, left_out: float = 0.0) -> str:
    """The number of draws that an answer rests on.

    >>> counted(1024, 312.4)
    '1,024 draws (effective sample size 312)'
    >>> counted(128, 78.0, 0.39)
    '128 draws (effective sample size 78; 39% did not converge and are left out)'
    >>> counted(1, 1.0)
    'one draw'
    """
    rest = f"; {percent(left_out)} did not converge and are left out" if left_out > 0 else ""
    if draws == 1:
        return "one draw" + (" (it did not converge and is left out)" if rest else "")
    return f"{draws:,} draws (effective sample size {effective:,.0f}{rest})"


def and_list(parts: Sequence[str]) -> str:
    """Join texts as in a sentence.

    >>> and_list(["a"]), and_list(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def most_changed(values: Sequence[ValueT], change: Callable[[ValueT], float]) -> ValueT:
    """The value of a node that a sentence about a change names: the one whose probability changes most.

    That something does not arise is named only where the node has no other value: it says least of the node, and
    every value that arises less often makes it more likely.

    Args:
        values: The node's values, each with its `value`.
        change: By how much the probability of one changes.
    """
    arising = [value for value in values if value.value != NOT_APPLICABLE]
    return max(arising or values, key=lambda value: abs(change(value)))


def plain_name(name: str) -> str:
    """A name of the case file without underscores, for a reader of prose.

    >>> plain_name("fights_on")
    'fights on'
    """
    return name.replace("_", " ")


@dataclass(frozen=True)
class Wording:
    """The words that a case has for its nodes, values, players, numbers and interventions."""

    lowered: Lowered

    def node(self, name: NodeName) -> str:
        """A node's title."""
        entry = self.lowered.case.nodes[name]
        return entry.title or plain_name(name)

    def repeated(self, name: str) -> str:
        """The title of a node of `rounds`, without its round."""
        rounds = self.lowered.case.rounds
        assert rounds is not None
        return rounds.nodes[name].title or plain_name(name)

    def value(self, node: NodeName, value: Value) -> str:
        """What the case calls a value."""
        if value == NOT_APPLICABLE:
            return DOES_NOT_ARISE
        label = self.lowered.case.nodes[node].values.get(value)
        whole = isinstance(value, float) and value.is_integer()
        return label or plain_name(str(int(value) if whole else value))

    def event(self, node: NodeName, value: Value) -> str:
        """That a node has a value, as a heading or a quotation names it: “The reply: frees”."""
        return f"“{self.node(node)}: {self.value(node, value)}”"

    def player(self, name: PlayerName) -> str:
        """A player's name."""
        return self.lowered.case.players[name].name

    def reasoning(self, name: PlayerName) -> str:
        """How a player reasons, as the rest of a sentence after its name; empty at equilibrium."""
        priors, known = self.lowered.priors, self.lowered.diagram.thinking.of_player
        if name not in known:
            return ""
        prior = priors[known[name].level]
        if isinstance(prior, PoissonLevel):
            mean = prior.mean
            low, high = mean.at(0.05), mean.at(0.95)
            size = f"{low:.2g}" if mean.is_fixed else f"between {low:.2g} and {high:.2g}"
            return f"reasons in a hierarchy with mean level {size}, up to level {prior.most}"
        if isinstance(prior, Mixture):
            shares = zip(prior.types, prior.shares, strict=True)
            return f"is at {and_list([f'{type_name(t)} ({percent(s)})' for t, s in shares])}"
        return f"reasons at {type_name(prior.at(0.5))}"

    def view(self, view: Viewpoint) -> str:
        """The holder of a belief as the subject of a sentence: Minsk, or Minsk thinks Washington."""
        return " thinks ".join(self.player(name) for name in view)

    def parameter(self, name: ParameterName) -> str:
        """A number in a few words: its own, or those of what it stands in for."""
        case = self.lowered.case
        if name in case.parameters:
            return case.parameters[name].about or plain_name(name)
        of_trade = number_of_good(case, name)
        if of_trade is not None:
            return of_trade.label
        owner, _, rest = name.partition(".")
        if owner in case.players and rest == "precision":
            return f"{possessive(case.players[owner].name)} precision"
        if owner in case.players and rest == "discount":
            return f"{possessive(case.players[owner].name)} discount of the next round"
        if owner in case.players and rest == "level":
            return f"{possessive(case.players[owner].name)} level of reasoning"
        if owner in case.players and rest == "hierarchy":
            return f"{possessive(case.players[owner].name)} mean level"
        if owner in case.players and rest.startswith("precision_by_"):
            covariate = _COVARIATES[rest.removeprefix("precision_by_")]
            return f"how {possessive(case.players[owner].name)} precision depends on {covariate}"
        behind = belief_behind(case, name)
        if behind is not None:
            view, _, rest = behind
            return f"what {self.view(view)} believes: {self.parameter(rest)}"
        if owner in case.nodes:
            return f"{self.node(owner)}: {plain_name(rest)}"
        if owner in case.interests or (case.rounds is not None and owner in case.rounds.interests):
            step = int(rest.removeprefix("step "))
            return f"{self.interest(owner)}: step from rank {step} to rank {step + 1}"
        if case.rounds is not None and owner in case.rounds.nodes:
            return f"{case.rounds.nodes[owner].title or plain_name(owner)}: {plain_name(rest)}"
        return plain_name(name)

    def interest(self, name: str) -> str:
        """What an interest is about; one of `rounds` may be named without its round."""
        case = self.lowered.case
        entry = case.interests.get(name)
        if entry is None and case.rounds is not None:
            entry = case.rounds.interests[name]
        return (entry and entry.about) or plain_name(name)
