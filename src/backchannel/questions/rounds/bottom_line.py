"""The bottom line of a number that repeats: what is expected of its last round."""

from __future__ import annotations

from backchannel.questions.composing import Influences
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.rounds.sentences import number_text
from backchannel.questions.statement import Statement, cut, shorter_and_shorter


def number_statement(fan: RoundsFan, effective_draws: float, left_out: float) -> Statement:
    """State the expected number of the last round, its range over draws, and where it comes from."""
    first, last = fan.points[0], fan.points[-1]
    expected = last.expected or 0.0
    low, high = last.expected_low or 0.0, last.expected_high or 0.0
    start = first.expected or 0.0
    ways = f"down from {number_text(start)}" if expected < start else f"up from {number_text(start)}"
    if number_text(expected) == number_text(start):
        ways = "the same as"
    return Statement(
        texts=shorter_and_shorter(
            lambda most: (
                f"{cut(fan.title, most)}: {number_text(expected)} are expected for {last.label} "
                f"({number_text(low)}–{number_text(high)}), {ways} in {first.label}."
            )
        ),
        of=f"{fan.title}, {last.label}",
        number=expected,
        low=low,
        high=high,
        influences=Influences(fan.assumptions, fan.chance_level),
        effective_draws=effective_draws,
        left_out=left_out,
        unit="number",
    )
