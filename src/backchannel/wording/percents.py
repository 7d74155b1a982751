"""Probabilities and their changes as a reader sees them: in percent, in points, as a range, as a word of ICD 203."""

from __future__ import annotations

from backchannel.language.names import ICD_203

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


def said(probability: float) -> str:
    """A probability in whole percent as a sentence says it.

    >>> said(0.417), said(0.002), said(0.999)
    ('42%', 'under 1%', 'over 99%')
    """
    return percent(probability).replace("<", "under ").replace(">", "over ")


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


def points(difference: float) -> str:
    """A change of a probability in percentage points.

    >>> points(-0.084), points(0.001)
    ('−8', '0')
    """
    rounded = round(100 * difference)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def point_range(low: float, high: float) -> str:
    """Two changes in percentage points as a range.

    >>> point_range(-0.1, 0.2), point_range(0.021, 0.019)
    ('−10 to +20', '+2')
    """
    ends = points(low), points(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def shown_change(before: float, after: float) -> float:
    """The change from one probability to another as both are shown, in whole percent.

    Where a change stands beside both, a reader takes one from the other. Only what is shown as `<1%` or `>99%` has
    no such difference; there the change itself stands.

    >>> shown_change(0.3060, 0.7340), shown_change(0.001, 0.034)
    (0.42, 0.033)
    """
    if any(sign in percent(before) + percent(after) for sign in "<>"):
        return round(after - before, 12)
    return (round(100 * after) - round(100 * before)) / 100


def change_in_points(before: float, after: float) -> str:
    """The change from one probability to another in percentage points, beside both: the difference of what is shown.

    >>> percent(0.306), percent(0.734), change_in_points(0.306, 0.734)
    ('31%', '73%', '+42')
    """
    return points(shown_change(before, after))


def shown_ends(before: float, after: float, low: float, high: float) -> tuple[float, float]:
    """The ends of the range of a change, beside it: an end that rounds as the change does is shown as the change is.

    >>> shown_ends(0.306, 0.734, 0.2, 0.428)
    (0.2, 0.42)
    """
    change, shown = points(after - before), shown_change(before, after)
    ends = [shown if points(end) == change else end for end in (low, high)]
    return ends[0], ends[1]


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


def said_apart(first: float, second: float) -> tuple[str, str]:
    """Two probabilities that a sentence sets against each other, with as many digits as tell them apart.

    >>> said_apart(0.42, 0.002), said_apart(0.4212, 0.4188)
    (('42%', 'under 1%'), ('42.1%', '41.9%'))
    """
    if percent(first) != percent(second):
        return said(first), said(second)
    return percents_apart(first, second)
