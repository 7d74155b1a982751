"""Show a ledger and its scores in a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.calibration_plot import show_calibration_plot
from backchannel.console.plain_table import plain_table
from backchannel.language.days import day
from backchannel.ledger.ledger import Forecasted, Ledger
from backchannel.ledger.score_report import ScoreReport
from backchannel.ledger.sentences import not_counted, score_caption
from backchannel.ledger.views_terminal import show_views
from backchannel.wording.percents import percent, percent_range


def show_ledger(ledger: Ledger, out: Console) -> None:
    """Print the runs and the outcomes."""
    runs = ledger.runs()
    if not runs:
        out.print("The ledger is empty. `backchannel log CASE` enters forecasts.")
        return
    table = _table(
        "Logged", "run", "case", "version", "as of", "logged (UTC)", "forecasts", "draws", "seed",
        "by", "",
    )  # fmt: skip
    for run in runs:
        table.add_row(
            str(run["id"]),
            run["case_name"],
            run["case_hash"][:8],
            run["as_of"],
            run["logged_at"][:16].replace("T", " "),
            str(run["forecasts"]),
            f"{run['draws']:,}",
            str(run["seed"]),
            run["by"],
            f"withdrawn: {run['withdrawn']}" if run["withdrawn"] else "",
        )
    out.print(table)
    outcomes = ledger.outcomes()
    if outcomes:
        out.print()
        table = _table("Resolved", "case", "node", "was", "on", "source", "")
        for outcome in outcomes:
            corrected = f"corrected: {outcome.why}" if outcome.corrects else ""
            table.add_row(
                outcome.case_name,
                outcome.node,
                str(outcome.value),
                day(outcome.date),
                outcome.source,
                corrected,
            )
        out.print(table)


def show_open(case: str, nodes: Sequence[Forecasted], out: Console) -> None:
    """Print the forecasts of a case that are not resolved yet, with the tests that resolve them."""
    left = [node for node in nodes if node.outcome is None]
    if not left:
        out.print(f"All forecasts of {case} are resolved.")
        return
    table = _table(f"Not resolved yet: {case}", "due", "node", "can be", "how it will be known")
    for node in left:
        values = ", ".join(map(str, node.values))
        table.add_row(
            day(node.due) if node.due else "",
            node.node,
            values,
            node.resolves or "no test is stated",
        )
    out.print(table)
    out.print()
    out.print(
        Text(f"Enter an outcome: backchannel resolve {case} NODE=VALUE --on DATE --source TEXT")
    )


def show_scores(report: ScoreReport, out: Console) -> None:
    """Print scores by case and horizon, the calibration table, and what was not counted."""
    if report.total is None:
        out.print("There is no resolved forecast yet that was made before its outcome.")
        _show_uncounted(report, out)
        return
    groups = (report.total, *report.by_case, *report.by_horizon)
    table = _table(
        "How good the forecasts were (lower is better)",
        "group", "forecasts", "nodes", "Brier", "Brier: uniform", "Brier: base rate", "log (bits)",
        "log: uniform (bits)", "log: base rate (bits)",
    )  # fmt: skip
    for score in groups:
        brier = (score.brier, score.brier_uniform, score.brier_base)
        log = (score.log, score.log_uniform, score.log_base)
        numbers = [*map(_number, brier), *map(_number, log)]
        table.add_row(score.group, f"{score.forecasts:,}", f"{score.nodes:,}", *numbers)
    out.print(table)
    out.print()
    table = _table(
        "Brier skill and its 90% interval",
        "group",
        "against the base rate",
        "against uniform chances",
    )
    for score in groups:
        table.add_row(
            score.group,
            _skill(score.skill_base, score.interval_base),
            _skill(score.skill_uniform, score.interval_uniform),
        )
    out.print(table)
    out.print()
    table = _table(
        "Calibration",
        "given a chance of",
        "chances",
        "mean forecast",
        "came about",
        "90% interval of came about",
    )
    for row in report.calibration:
        table.add_row(
            f"{percent_range(row.low, row.high)} ({row.word})",
            f"{row.events:,}",
            percent(row.mean_forecast),
            percent(row.came_about),
            percent_range(*row.interval),
        )
    out.print(table)
    out.print()
    show_calibration_plot(
        [(percent_range(r.low, r.high), r.mean_forecast, r.came_about, r.interval)
         for r in report.calibration], out,
    )  # fmt: skip
    for compared in report.comparisons:
        show_views(compared, out)
    _show_uncounted(report, out)
    out.print(Text(score_caption(report.total), style="dim"))


def _show_uncounted(report: ScoreReport, out: Console) -> None:
    if parts := not_counted(report, hindcasts="--hindcasts"):
        out.print(f"Not counted: {'; '.join(parts)}.")


def _number(value: float) -> str:
    return "infinite" if math.isinf(value) else f"{value:.3f}"


def _skill(skill: float, interval: tuple[float, float]) -> str:
    if math.isnan(skill):
        return "–"
    text = f"{skill:+.2f}".replace("-", "−")
    if math.isnan(interval[0]):
        return text
    low, high = (f"{end:+.2f}".replace("-", "−") for end in interval)
    return f"{text} ({low} to {high})"


def _table(title: str, *columns: str) -> Table:
    right = {
        "forecasts", "nodes", "Brier", "uniform", "base rate", "log (bits)", "events", "draws", "seed",
        "mean forecast", "came about",
    }  # fmt: skip
    return plain_table(*columns, title=title, right=right, whole=columns[:1])
