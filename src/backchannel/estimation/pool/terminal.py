"""Show a pool in a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.estimation.pool.document import PoolView


def show_pool(view: PoolView, out: Console) -> None:
    """Print how well each way to reason predicts what was held out, and its numbers."""
    out.print(
        Text(
            f"{view.games:,} games, {view.plays:,.10g} plays, {len(view.groups)} groups",
            style="bold",
        )
    )
    out.print()
    table = Table(box=None, pad_edge=False)
    for name, side in (
        ("reasoning", "left"),
        ("held out", "right"),
        ("share", "right"),
        ("numbers", "left"),
    ):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    for one in view.reasonings:
        numbers = ", ".join(f"{name} {value:.3g}" for name, value in one.numbers.items())
        chosen = ", ".join(f"{name} ({n})" for name, n in Counter(one.chosen.values()).items())
        shown = (numbers or chosen).replace("-", "−")
        table.add_row(
            Text(one.name), f"{one.held_out:.4f}".replace("-", "−"), f"{one.share:.1%}", Text(shown)
        )
    out.print(table)
    out.print()
    lines = [
        "Each group is predicted from the others, with one set of numbers for all games. The score is the mean "
        f"log likelihood of a play; uniform play has {view.uniform:.4f}, and the frequencies that were seen "
        f"{view.seen:.4f}. The share is 0% at the first and 100% at the second.".replace(
            " -", " −"
        ),
        "“chosen inside” takes for each group what predicts best among the other groups, each left out in turn.",
        *view.remarks,
    ]
    for line in lines:
        out.print(Text(textwrap.fill(line, out.width)))
