"""The bottom line of a number that repeats: what is expected of its last round."""

from __future__ import annotations

from backchannel.questions.composing import Influences
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.rounds.sentences import number_text
from backchannel.questions.statement import Statement, cut, shorter_and_shorter


def number_statement(fan: RoundsFan, effective_draws: float, left_out: float) -> Statement:
    """State the expected number of the last round with its range over draws, and that of the first round.

    Args:
        fan: The number over the rounds.
        effective_draws: Effective sample size.
        left_out: Share of draws that did not converge.
    """
    first, last = fan.points[0], fan.points[-1]
    expected, start = last.expected or 0.0, first.expected or 0.0
    low, high = last.expected_low or 0.0, last.expected_high or 0.0
    end, span = number_text(expected), f"{number_text(low)}–{number_text(high)}"

    def sentence(most: int) -> str:
        text = f"{cut(fan.title, most)}: {end} are expected in {last.label} ({span})"
        if end == number_text(start) or first.round == last.round:
            return f"{text}."
        way = "down" if expected < start else "up"
        return f"{text}, {way} from {number_text(start)} in {first.label}."

    return Statement(
        texts=shorter_and_shorter(sentence),
        of=f"{fan.title}, {last.label}",
        number=expected,
        low=low,
        high=high,
        influences=Influences(fan.assumptions, fan.chance_level),
        effective_draws=effective_draws,
        left_out=left_out,
        unit="number",
        scale=abs(expected),
    )
