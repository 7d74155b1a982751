"""Show an evaluation in a terminal."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.calibration_plot import show_calibration_plot
from backchannel.estimation.evaluate.document import EvaluationView, PartView

MOST_PARTS = 12
"""Parts whose choices are shown; the JSON document has all."""


def show_evaluation(view: EvaluationView, out: Console) -> None:
    """Print the scores, how far they can be trusted, and what was chosen where."""
    out.print(Text(f"{view.title}, evaluated on {view.data or 'a table'}", style="bold"))
    out.print(f"Held out: {view.split}. {view.scored:,} rows were scored.")
    out.print("Outcomes: " + "; ".join(f"{o.outcome} ({o.count:,})" for o in view.outcomes) + ".")
    out.print()
    table = _grid(
        "model", "log score", "Brier", "PRL", "95% interval", "to the case", "95% interval"
    )
    for model in view.models:
        table.add_row(
            Text(model.name),
            _number(model.log_score, 4),
            _number(model.brier, 4),
            _number(model.prl, 3),
            _interval(model.low, model.high),
            "" if model.name == view.models[0].name else _number(model.difference, 3, sign=True),
            ""
            if model.name == view.models[0].name
            else _interval(model.difference_low, model.difference_high),
        )
    out.print(table)
    out.print()
    lines = [
        "PRL is the share of the base rate's loss that a model saves, by the log score: 0 is as good as the base "
        f"rate, and below 0 is worse. Intervals draw {view.groups:,} groups again, the same for all models.",
        *view.remarks,
    ]
    for line in lines:
        out.print(Text(textwrap.fill(line, out.width)))
    _show_calibration(view, out)
    _show_parts(view.parts, out)


def _show_calibration(view: EvaluationView, out: Console) -> None:
    case = view.models[0].name
    out.print()
    out.print(Text("Calibration of the case: all predicted chances, in bins", style="bold"))
    table = _grid("predicted", "happened", "chances")
    rows = [row for row in view.calibration if row.model == case]
    for row in rows:
        table.add_row(f"{row.predicted:.0%}", f"{row.happened:.0%}", f"{row.count:,}")
    out.print(table)
    out.print()
    show_calibration_plot(
        [(f"{row.predicted:.0%}", row.predicted, row.happened, None) for row in rows], out
    )


def _show_parts(parts: list[PartView], out: Console) -> None:
    out.print()
    out.print(Text("Chosen in each part, from what it was trained on", style="bold"))
    table = _grid("part", "trained on", "predicted", "chosen")
    for part in parts[:MOST_PARTS]:
        names = [f"{key} {value}" if key != "chosen" else value for key, value in part.chosen.items()
                 if key in ("case", "chosen")]  # fmt: skip
        table.add_row(part.name, f"{part.train:,}", f"{part.test:,}", Text("; ".join(names) or "—"))
    out.print(table)
    if len(parts) > MOST_PARTS:
        out.print(f"{len(parts) - MOST_PARTS} more parts are in the JSON document.")


def _grid(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="left" if name == "chosen" else "right", overflow="fold")
    return table


def _number(value: float | None, digits: int, *, sign: bool = False) -> str:
    if value is None:
        return "—"
    return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−")


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None or high is None else f"{_number(low, 3)} to {_number(high, 3)}"
