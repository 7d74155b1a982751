"""Show in a terminal what to watch."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.watch.document import IfSeen, Watch
from backchannel.wording.words import percent

SHOWN = 12


def show_watch(watch: Watch, out: Console, *, everything: bool = False) -> None:
    """Print the indicators: when each is due, its chances, and what the forecast would become.

    The forecast is shown for the value of the question that the indicators move most.
    """
    out.print(Text(f"What to watch on “{watch.title}”", style="bold"))
    if not watch.indicators:
        out.print("  Nothing is left that can still be seen before it.")
        return
    k = _telling(watch)
    out.print(
        f"As it stands, {watch.labels[k]}: {percent(watch.forecast[k])}. What it would become:"
    )
    out.print()
    numbers = ("chance", "if it happens", "if not", "teaches")
    table = plain_table("due", "event", *numbers, right=numbers, whole={"due", *numbers})
    shown = watch.indicators if everything else watch.indicators[:SHOWN]
    for one in shown:
        due, teaches = str(one.due), f"{one.teaches:.3f} bits"
        values = [value for value in one.values if value.probability > 0]
        # Of two that mirror each other one is enough.
        for value in values[:1] if len(values) == 2 else values:
            table.add_row(
                due,
                f"{one.title}: {value.label}",
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
        out.print(Text(f"  and {left} that would teach less (--all shows them).", style="dim"))
    out.print()
    out.print(Text(watch.caption, style="dim"))


def _telling(watch: Watch) -> int:
    """The value of the question that what can be seen moves most."""

    def reach(value: IfSeen) -> np.ndarray:
        if value.if_seen is None or value.if_not is None:
            return np.zeros(len(watch.forecast))
        return np.abs(np.array(value.if_seen) - np.array(value.if_not)) * value.probability

    total = sum((reach(v) for one in watch.indicators for v in one.values), np.zeros(1))
    return int(np.argmax(total))


def _at(row: list[float] | None, k: int) -> str:
    return "cannot be" if row is None else percent(row[k])
