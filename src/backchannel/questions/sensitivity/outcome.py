"""Outcomes in questions of sensitivity: check the node, the value, and how likely it is to be."""

from __future__ import annotations

from backchannel.diagram.diagram import Diagram
from backchannel.language.errors import CommandError
from backchannel.language.names import (
    ICD_203,
    ICD_203_SYNONYMS,
    NodeName,
    Value,
    did_you_mean,
    probability_range,
)


def check_outcome(
    diagram: Diagram,
    node: NodeName,
    value: Value | None,
    likely: str | float | None = None,
) -> Value | None:
    """Check an outcome before anything is solved for it.

    Returns:
        The value in the spelling of the domain.

    Raises:
        CommandError: There is no such node, value or word; all problems are listed.
    """
    problems = []
    known = list(diagram.domains)
    words = [str(known_value) for known_value in diagram.domains.get(node, ())]
    if node not in known:
        problems.append(
            f"No node is called '{node}'.{did_you_mean(str(node), known)} "
            f"There are: {', '.join(known)}."
        )
    elif value is not None and str(value) not in words:
        problems.append(
            f"{node} is never '{value}'.{did_you_mean(str(value), words)} It is one of: "
            f"{', '.join(words)}."
        )
    try:
        read_chance(likely)
    except CommandError as error:
        problems.append(str(error))
    if problems:
        raise CommandError("\n".join(problems))
    return None if value is None else diagram.domains[node][words.index(str(value))]


def read_chance(likely: str | float | None) -> tuple[float, bool]:
    """Read how likely an outcome should be: the chance, and whether it is the least or the most.

    >>> read_chance("likely"), read_chance("unlikely"), read_chance(None)
    ((0.55, True), (0.45, False), (0.5, True))

    Raises:
        CommandError: It is neither an ICD 203 word nor a number between 0 and 1.
    """
    if likely is None:
        return 0.5, True
    text = str(likely).strip()
    word_range = probability_range(text)
    if word_range is not None:
        low, high = word_range
        return (low, True) if high > 0.5 else (high, False)
    try:
        chance = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        chance = -1.0
    if 0 < chance < 1:
        return chance, True
    words = [*ICD_203, *ICD_203_SYNONYMS]
    raise CommandError(
        f"'{text}' is not a probability.{did_you_mean(text, words)} Give a number between "
        f"0 and 1 or one of: {', '.join(ICD_203)}."
    )
