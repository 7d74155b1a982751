"""Print rounds in a terminal: numbers by round, probabilities as lines of bars, changes in three rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.rounds.beside import show_beside
from backchannel.questions.rounds.document import ChangedFan, ChangedPoint, RoundPoint, RoundsFan
from backchannel.questions.rounds.sentences import number_text, signed_text
from backchannel.wording.left_out import percent_span
from backchannel.wording.percents import (
    VISIBLE,
    change_in_points,
    percent,
    points,
    shown_ends,
)

MOST_ROUNDS = 7
"""Rounds of a number that are printed; the document contains all of them."""
INTERVAL_WIDTH = 24
BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.-=+*#@"
PointT = TypeVar("PointT", RoundPoint, ChangedPoint)


def show(answers: Any, out: Console) -> None:
    """Print all repeated nodes."""
    show_rounds(answers.rounds, out)


def show_rounds(fans: Sequence[RoundsFan], out: Console) -> None:
    """Print repeated nodes: numbers by round, the probabilities of other values over the rounds, and base rates."""
    for fan in fans:
        if fan.kind == "number":
            _show_number(fan, out)
    words = [fan for fan in fans if fan.kind == "words"]
    if words:
        _show_words(words, out)
    show_beside(fans, out)


def changed_rows(fans: Sequence[ChangedFan]) -> list[list[str]]:
    """Rows of a what-if table (outcome, before, after, change, range), of at most three rounds each."""
    rows = []
    for fan in fans:
        for point in _evenly(fan.points, 3):
            if fan.value is None:
                title = f"{fan.title}, {point.label}: expected"
                shown = [number_text(point.before), number_text(point.after)]
                change = [signed_text(x) for x in (point.difference, point.low, point.high)]
            else:
                title = f"{fan.title}, {point.label}: {fan.label}"
                shown = [percent(point.before), percent(point.after)]
                ends = shown_ends(point.before, point.after, point.low, point.high)
                change = [change_in_points(point.before, point.after), *map(points, ends)]
            if point.after_independent is not None:
                other = point.after_independent
                shown[1] += f" / {number_text(other) if fan.value is None else percent(other)}"
            rows.append([title, *shown, change[0], f"{change[1]} to {change[2]}"])
    return rows


def _show_number(fan: RoundsFan, out: Console) -> None:
    numbers = [v for v in fan.values if not isinstance(v, str)]
    low, high = float(min(numbers)), float(max(numbers))
    table = _table(fan.title, "round", "expected", "50% interval", "90% interval", "")
    for point in _evenly(fan.points, MOST_ROUNDS):
        q = point.quantiles
        table.add_row(
            point.label,
            number_text(point.expected or 0.0),
            f"{number_text(q[1])}–{number_text(q[3])}",
            f"{number_text(q[0])}–{number_text(q[4])}",
            _spread(point, low, high, out),
        )
    out.print(table)
    out.print(Text(f"Scale: {number_text(low)} to {number_text(high)}. Light: 90% interval; dark: 50% "
                   "interval; |: expected number.", style="dim"))  # fmt: skip
    out.print()


def _show_words(fans: Sequence[RoundsFan], out: Console) -> None:
    first, last = fans[0].points[0].label, fans[0].points[-1].label
    table = _table(
        f"{first} to {last}", "outcome", "value", "probability by round", "first", "last", "5–95%"
    )
    for fan in fans:
        for i, label in enumerate(fan.labels):
            chances = [point.probabilities[i] for point in fan.points]
            if max(chances) < VISIBLE:
                continue
            end = fan.points[-1]
            table.add_row(
                fan.title if i == 0 else "",
                label,
                _line(chances, out),
                percent(chances[0]),
                percent(chances[-1]),
                percent_span(
                    end.low[i], end.high[i], end.bounds[i] if end.bounds else None, short=True
                ),
            )
        table.add_section()
    out.print(table)
    out.print()


def _evenly(rounds: Sequence[PointT], most: int) -> list[PointT]:
    """At most `most` of the rounds, evenly spaced, including the last."""
    n = len(rounds)
    if n <= most:
        return list(rounds)
    if most <= 3:
        return [rounds[round(n * (k + 1) / most) - 1] for k in range(most)]
    return [rounds[round(k * (n - 1) / (most - 1))] for k in range(most)]


def _spread(point: RoundPoint, low: float, high: float, out: Console) -> str:
    blank, light, dark, mark = (" ", "░", "▓", "┃") if _unicode(out) else (" ", "-", "=", "|")
    cells = [blank] * INTERVAL_WIDTH

    def at(number: float) -> int:
        return min(int((number - low) / (high - low) * INTERVAL_WIDTH), INTERVAL_WIDTH - 1)

    q = point.quantiles
    for begin, end, sign in ((q[0], q[4], light), (q[1], q[3], dark)):
        for i in range(at(begin), at(end) + 1):
            cells[i] = sign
    cells[at(point.expected or low)] = mark
    return "".join(cells)


def _line(chances: Sequence[float], out: Console) -> str:
    bars = BARS if _unicode(out) else PLAIN_BARS
    return "".join(bars[min(int(chance * len(bars)), len(bars) - 1)] for chance in chances)


def _unicode(out: Console) -> bool:
    return out.encoding.lower().startswith("utf")


def _table(title: str, *columns: str) -> Table:
    right = {"expected", "50% interval", "90% interval", "first", "last", "5–95%"}
    whole = {*columns} - {"outcome", "value"}
    return plain_table(*columns, title=title, right=right, whole=whole)
