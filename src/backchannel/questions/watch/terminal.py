"""Print in a terminal what to watch."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.watch.document import IfSeen, Watch
from backchannel.wording.words import percent

MOST_EVENTS = 12


def show_watch(watch: Watch, out: Console, *, everything: bool = False) -> None:
    """Print the indicators: their dates, probabilities, and the forecast after each.

    The forecast is shown for the outcome that the indicators change most.
    """
    out.print(Text(f"What to watch on “{watch.title}”", style="bold"))
    if not watch.indicators:
        out.print("  No open event can be seen before it.")
        return
    k = _most_changed(watch)
    out.print(
        f"Current forecast of {watch.labels[k]}: {percent(watch.forecast[k])}. After each event:"
    )
    out.print()
    numbers = ("probability", "if it happens", "if not", "information")
    table = plain_table("due", "event", *numbers, right=numbers, whole={"due", *numbers})
    shown = watch.indicators if everything else watch.indicators[:MOST_EVENTS]
    for indicator in shown:
        due, teaches = str(indicator.due), f"{indicator.teaches:.3f} bits"
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


def _most_changed(watch: Watch) -> int:
    """The position of the outcome that the indicators change most."""

    def change(value: IfSeen) -> np.ndarray:
        if value.if_seen is None or value.if_not is None:
            return np.zeros(len(watch.forecast))
        return np.abs(np.array(value.if_seen) - np.array(value.if_not)) * value.probability

    total = sum(
        (change(v) for indicator in watch.indicators for v in indicator.values), np.zeros(1)
    )
    return int(np.argmax(total))


def _at(row: list[float] | None, k: int) -> str:
    return "impossible" if row is None else percent(row[k])
