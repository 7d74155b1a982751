"""Numbers and lists as sentences say them: an adverb for a chance, a move in points, a list that does not run on."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.wording.left_out import is_bounded
from backchannel.wording.nouns import several
from backchannel.wording.percents import estimative_word, said
from backchannel.wording.pieces import Bounds

MOST_WORDS = 40
"""Words of a sentence, at most."""
UNMOVED = "the same"
"""A change of which both ends round to nothing."""
ADVERBS = {
    "likely": "probably",
    "very likely": "very probably",
    "almost certain": "almost certainly",
}
"""By word of ICD 203, the adverb of a chance above even."""


def adverb(probability: float) -> str:
    """The adverb of a chance above even; empty for one that is about even or below.

    >>> adverb(0.72), adverb(0.96), adverb(0.5)
    ('probably', 'almost certainly', '')
    """
    return ADVERBS.get(estimative_word(probability), "")


def whole_points(difference: float) -> int:
    """The size of a change in whole percentage points.

    >>> whole_points(-0.084)
    8
    """
    return abs(round(100 * difference))


def in_points(difference: float) -> str:
    """The size of a change, in words.

    >>> in_points(-0.084), in_points(0.011)
    ('8 points', '1 point')
    """
    return several(whole_points(difference), "point")


def moves(low: float, high: float, bounds: Bounds | None = None) -> str:
    """The range of a change of a probability, in words that need no sign.

    >>> moves(-0.41, -0.11), moves(0.02, 0.07), moves(-0.07, 0.03)
    ('11 to 41 points lower', '2 to 7 points higher', '7 points lower to 3 points higher')
    >>> moves(0.0, 0.001), moves(-0.02, -0.02), moves(0.0, 0.03)
    ('the same', '2 points lower', '0 to 3 points higher')
    >>> moves(0.1, 0.2, (-0.1, 0.4))
    '10 to 20 points higher; counting the left-out draws, 10 points lower to 40 points higher'
    """
    text = _moves(low, high)
    if bounds is None or not is_bounded(bounds):
        return text
    return f"{text}; counting the left-out draws, {_moves(*bounds)}"


def _moves(low: float, high: float) -> str:
    ends = round(100 * low), round(100 * high)
    if ends == (0, 0):
        return UNMOVED
    side = "lower" if ends[1] <= 0 else "higher"
    if ends[0] < 0 < ends[1]:
        return f"{in_points(low)} lower to {in_points(high)} higher"
    small, large = sorted(map(abs, ends))
    if small == large:
        return f"{in_points(small / 100)} {side}"
    return f"{small} to {in_points(large / 100)} {side}"


def sentence_case(text: str) -> str:
    """Begin a sentence with a capital.

    >>> sentence_case("the EU")
    'The EU'
    """
    return text[:1].upper() + text[1:]


def listed(lead: str, items: Sequence[str], more: str = "Further") -> list[str]:
    """List items after a lead, in as many sentences as it takes to keep each short.

    Args:
        lead: What stands before the first colon.
        items: Phrases without a full stop.
        more: What stands before the colon of each further sentence.

    >>> listed("Others", ["none 22%", "all 10%"])
    ['Others: none 22%; all 10%.']
    """
    sentences: list[str] = []
    held: list[str] = []

    def close() -> None:
        if held:
            sentences.append(f"{more if sentences else lead}: {'; '.join(held)}.")
            held.clear()

    for item in items:
        if held and len(f"{lead} {' '.join(held)} {item}".split()) > MOST_WORDS:
            close()
        held.append(item)
    close()
    return sentences


def in_cases(probability: float) -> str:
    """How often something would be so.

    >>> in_cases(0.25), in_cases(0.0), in_cases(1.0)
    ('in 25% of cases', 'in no case', 'in every case')
    """
    if probability <= 0:
        return "in no case"
    if probability >= 1:
        return "in every case"
    return f"in {said(probability)} of cases"
