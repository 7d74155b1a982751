"""The words of answers: titles, labels, percentages, and words of estimative probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from backchannel.case.lower.beliefs import belief_behind
from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import Viewpoint
from backchannel.diagram.surgery import Intervention
from backchannel.language.names import (
    ICD_203,
    NOT_APPLICABLE,
    NodeName,
    ParameterName,
    PlayerName,
    Value,
    round_number,
    split_round,
)
from backchannel.wording.pieces import Bounds


class _OfValue(Protocol):
    """Something about one value of a node."""

    value: Value


ValueT = TypeVar("ValueT", bound=_OfValue)

HARDLY = 0.02
"""A change of a probability or a share smaller than this is described as 'hardly changes'."""
VISIBLE = 0.005
"""A probability or a change smaller than this rounds to 0 points, and tables leave it out."""


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
    ('20%–40%', '78%–78%, or 48%–87% counting the left-out draws')
    """
    return f"{percent(low)}–{percent(high)}{note}{_with_left_out(bounds, percent, '–', short)}"


def point_span(
    low: float, high: float, bounds: Bounds | None, note: str = "", *, short: bool = False
) -> str:
    """The range over draws of a change, in percentage points, with its bounds.

    >>> point_span(-0.1, 0.2, (-0.3, 0.4))
    '−10 to +20, or −30 to +40 counting the left-out draws'
    """
    return f"{points(low)} to {points(high)}{note}{_with_left_out(bounds, points, ' to ', short)}"


def is_bounded(bounds: Bounds | None) -> bool:
    """Whether the bounds for left-out draws are wide enough to be shown."""
    return bounds is not None and bounds[1] - bounds[0] > BOUNDS_SHOWN


def with_bounds(probability: float, bounds: Bounds | None, *, short: bool = False) -> str:
    """A probability, with the bounds that count the left-out draws.

    >>> with_bounds(0.78, (0.48, 0.87)), with_bounds(0.78, (0.78, 0.78))
    ('78% (48%–87% counting the left-out draws)', '78%')
    """
    if short:
        return f"{percent(probability)}{_with_left_out(bounds, percent, '–', short)}"
    text = bounds_text(bounds)
    return f"{percent(probability)} ({text})" if text else percent(probability)


def bounds_text(bounds: Bounds | None) -> str:
    """The bounds of a probability that count the left-out draws; empty if they are narrow."""
    return left_out_text(bounds, percent, "–") if bounds and is_bounded(bounds) else ""


def left_out_text(bounds: Bounds, shown: Callable[[float], str], to: str) -> str:
    """Bounds for left-out draws, in words.

    >>> left_out_text((0.3, 0.5), percent, "–")
    '30%–50% counting the left-out draws'
    """
    return f"{shown(bounds[0])}{to}{shown(bounds[1])} counting the left-out draws"


def _with_left_out(
    bounds: Bounds | None, shown: Callable[[float], str], to: str, short: bool = False
) -> str:
    if bounds is None or not is_bounded(bounds):
        return ""
    if short:
        return f" ({shown(bounds[0])}{to}{shown(bounds[1])})"
    return f", or {left_out_text(bounds, shown, to)}"


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
    """
    rest = f"; {percent(left_out)} did not converge and are left out" if left_out > 0 else ""
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


def day(when: date) -> str:
    """A day in words.

    >>> day(date(2025, 7, 15))
    '15 July 2025'
    """
    return f"{when.day} {when:%B %Y}"


@dataclass(frozen=True)
class Wording:
    """The words that a case has for its nodes, values, players, numbers and interventions."""

    lowered: Lowered

    def node(self, name: NodeName) -> str:
        """A node's title."""
        entry = self.lowered.case.nodes[name]
        return entry.title or name.replace("_", " ")

    def value(self, node: NodeName, value: Value) -> str:
        """A value, with its meaning if the case gives one."""
        if value == NOT_APPLICABLE:
            return "does not arise"
        meaning = self.lowered.case.nodes[node].values.get(value)
        return f"{value} ({meaning})" if meaning else str(value)

    def player(self, name: PlayerName) -> str:
        """A player's name."""
        return self.lowered.case.players[name].name

    def view(self, view: Viewpoint) -> str:
        """The holder of a belief as the subject of a sentence: Minsk, or Minsk thinks Washington."""
        return " thinks ".join(self.player(name) for name in view)

    def parameter(self, name: ParameterName) -> str:
        """A number in a few words: its own, or those of what it stands in for."""
        case = self.lowered.case
        if name in case.parameters:
            return case.parameters[name].about or name
        owner, _, rest = name.partition(".")
        if owner in case.players and rest == "precision":
            return f"{case.players[owner].name}'s precision"
        if owner in case.players and rest == "discount":
            return f"{case.players[owner].name}'s discount of the next round"
        behind = belief_behind(case, name)
        if behind is not None:
            view, _, rest = behind
            return f"what {self.view(view)} believes: {self.parameter(rest)}"
        if owner in case.nodes:
            return f"{self.node(owner)}: {rest}"
        if owner in case.interests or (case.rounds is not None and owner in case.rounds.interests):
            step = int(rest.removeprefix("step "))
            return f"{owner.replace('_', ' ')}: step from rank {step} to rank {step + 1}"
        if case.rounds is not None and owner in case.rounds.nodes:
            return f"{case.rounds.nodes[owner].title or owner.replace('_', ' ')}: {rest}"
        return name

    def intervention(self, name: str, made: Intervention) -> str:
        """An intervention as a clause that follows "if"."""
        case = self.lowered.case
        entry = case.causes.get(name)
        if entry is None and name in case.questions:
            asked = case.questions[name].what_if
            entry = None if isinstance(asked, str) else asked
        if entry is not None and entry.title:
            return entry.title
        return describe(made)


def describe(made: Intervention) -> str:
    """Describe an intervention by what it changes.

    >>> describe(Intervention(do={"demand": 10}))
    'demand is 10'
    >>> describe(Intervention(do={"rent@1": "high", "rent@2": "high"}))
    'rent is high in rounds 1 to 2'
    """
    parts = _settings(made.do)
    parts += [f"{name} is {value}" for name, value in made.parameters.items()]
    parts += [f"{node} comes about by another mechanism" for node in made.mechanisms]
    parts += [f"{node} cannot be {' or '.join(map(str, a))}" for node, a in made.remove.items()]
    parts += [f"{node} sees {', '.join(new)} too" for node, new in made.sees_added.items()]
    parts += [f"{node} does not see {', '.join(old)}" for node, old in made.sees_removed.items()]
    parts += [f"{player} has true beliefs" for player in made.corrects]
    believed = {"true_case": "the true case", "actual": "what that player actually believes"}
    parts += [
        f"{' thinks '.join(view)} believes {believed[how]}"
        for view, how in made.corrects_about.items()
    ]
    return " and ".join(parts)


def _settings(do: Mapping[NodeName, Value]) -> list[str]:
    """What is set; consecutive rounds with the same value are described together."""
    runs: list[tuple[str, Value, list[int]]] = []
    parts = []
    for node, value in do.items():
        base, number = split_round(node)[0], round_number(node)
        if number is None:
            parts.append(f"{node} is {value}")
        elif runs and runs[-1][:2] == (base, value) and runs[-1][2][-1] == number - 1:
            runs[-1][2].append(number)
        else:
            runs.append((base, value, [number]))
    for base, value, rounds in runs:
        when = f"round {rounds[0]}" if len(rounds) == 1 else f"rounds {rounds[0]} to {rounds[-1]}"
        parts.append(f"{base} is {value} in {when}")
    return parts


def who_knows(made: Intervention, wording: Wording) -> str:
    """Say who learns of an intervention, and when."""
    if made.announced == "never":
        return "nobody is told, so everyone plays as if nothing had changed"
    known_to = "everyone" if made.told is None else ", ".join(map(wording.player, made.told))
    if made.announced == "start":
        return f"known to {known_to} from the start"
    if isinstance(made.announced, date):
        return f"announced to {known_to} on {day(made.announced)}"
    return f"known to {known_to} when it happens"
