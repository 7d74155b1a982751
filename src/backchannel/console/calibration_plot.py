"""A calibration plot in a terminal: for each range of chances, what was forecast and what came about."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

WIDTH = 51
"""Characters from 0% to 100%: one for every two points."""
FORECAST, CAME, BOTH = "|", "●", "◆"

PlottedRow = tuple[str, float, float, tuple[float, float] | None]
"""The range in words, the mean forecast, the share that came about, and the interval of that share."""


def show_calibration_plot(rows: Sequence[PlottedRow], out: Console) -> None:
    """Print one line for each range: the forecast as a bar, what came about as a dot, its interval as a line."""
    if not rows:
        return
    wide = max(len(name) for name, *_ in rows)
    out.print(
        Text(
            f"{'':>{wide}}  0%{'50%':>{WIDTH // 2}}{'100%':>{WIDTH - WIDTH // 2 - 2}}", style="dim"
        )
    )
    for name, forecast, came, interval in rows:
        out.print(Text(f"{name:>{wide}}  {calibration_line(forecast, came, interval)}"))
    key = f"{FORECAST} mean forecast, {CAME} came about, {BOTH} both"
    has_interval = any(interval for *_, interval in rows)
    out.print(Text(f"{'':>{wide}}  {key}{', ─ 90% interval' if has_interval else ''}", style="dim"))
    out.print()


def calibration_line(forecast: float, came: float, interval: tuple[float, float] | None) -> str:
    """Draw one line, from 0% to 100%.

    >>> calibration_line(0.5, 0.5, (0.4, 0.6)).strip("·")
    '─────◆─────'
    """
    line = ["·"] * WIDTH
    if interval is not None:
        for place in range(_place(interval[0]), _place(interval[1]) + 1):
            line[place] = "─"
    line[_place(came)] = CAME
    line[_place(forecast)] = BOTH if _place(forecast) == _place(came) else FORECAST
    return "".join(line)


def _place(chance: float) -> int:
    return round(min(max(chance, 0.0), 1.0) * (WIDTH - 1))
