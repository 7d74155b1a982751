"""Print in a terminal what to watch."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.ensemble.weighted import most_likely
from backchannel.language.days import day
from backchannel.questions.watch.document import Watch
from backchannel.wording.percents import percent, said

MOST_EVENTS = 12


def show_watch(watch: Watch, out: Console, *, everything: bool = False) -> None:
    """Print the indicators: their dates, probabilities, and the forecast after each.

    The forecast is shown for the most likely outcome, which a run's answers are about.
    """
    out.print(Text(f"What to watch on “{watch.title}”", style="bold"))
    if not watch.indicators:
        out.print("  No open event can be seen before it.")
        return
    k = most_likely(watch.forecast)
    out.print(
        f"The probability of “{watch.labels[k]}” is {said(watch.forecast[k])} now. After each event it is:"
    )
    out.print()
    numbers = ("probability", "if it happens", "if not", "information")
    table = plain_table("due", "event", *numbers, right=numbers, whole={"due", *numbers})
    shown = watch.indicators if everything else watch.indicators[:MOST_EVENTS]
    for indicator in shown:
        due, teaches = day(indicator.due), f"{indicator.teaches:.3f} bits"
        values = [value for value in indicator.values if value.probability > 0]
        # Of two values, one row tells all.
        for value in values[:1] if len(values) == 2 else values:
            table.add_row(
                due,
                f"{indicator.title}: {value.label}",
                percent(value.probability),
                _at(value.if_seen, k),
                _at(value.if_not, k),
                teaches,
            )
            due = teaches = ""
        table.add_section()
    out.print(table)
    left = len(watch.indicators) - len(shown)
    if left:
        out.print(Text(f"  and {left} less informative events (--all shows them).", style="dim"))
    out.print()
    out.print(Text(watch.caption, style="dim"))


def _at(row: list[float] | None, k: int) -> str:
    return "impossible" if row is None else percent(row[k])
