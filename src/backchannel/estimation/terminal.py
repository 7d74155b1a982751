"""Show a fit in a terminal, as a regression table."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.estimation.compose import KINDS
from backchannel.estimation.design import RIDGE
from backchannel.estimation.document import FitView, LowerStart, PosteriorView
from backchannel.estimation.gaps import say_dropped
from backchannel.estimation.predict import Prediction
from backchannel.language.formulas import describe_bases

MOST_PREDICTED = 10
"""Predictions that are shown; a file has all."""
MOST_STARTS_NAMED = 5
"""Most starts that are named because they ended lower."""


def show_fit(view: FitView, out: Console) -> None:
    """Print the regression table, what it rests on, and what else was asked."""
    out.print(Text(f"{view.title}, fitted to {view.data}", style="bold"))
    out.print()
    table = _table("", "estimate", "error", "z", "p", "95% interval")
    shown = ""
    for row in view.coefficients:
        if row.covariate and row.number != shown:
            label = f" ({row.label})" if row.label != row.number else ""
            table.add_row(Text(f"{row.number}{label}", style="bold"))
        shown = row.number
        alone = f"{row.number} ({row.label})" if row.label != row.number else row.number
        table.add_row(
            f"  {row.covariate}".replace("  1", "  intercept") if row.covariate else alone,
            "none" if row.estimate is None else format_number(row.estimate),
            format_number(row.error),
            "—" if row.z is None else f"{row.z:.2f}".replace("-", "−"),
            "—" if row.p is None else ("< 0.001" if row.p < 0.001 else f"{row.p:.3f}"),
            format_interval(row.low, row.high),
        )
    out.print(table)
    out.print()
    for line in _below(view):
        out.print(Text(textwrap.fill(line, out.width)))
    for line in view.trouble:
        out.print(
            Text(textwrap.fill(f"The maximum is not reliable: {line}.", out.width), style="bold")
        )
    _show_averages(view, out)
    _show_ways(view, out)
    if view.posterior:
        _show_posterior(view.posterior, out)


def show_prediction(prediction: Prediction, out: Console) -> None:
    """Print the first predictions, their means, and which rows have none."""
    out.print()
    table, rows = _table(*map(str, prediction.table.columns)), prediction.table
    out.print(Text(f"Predictions of {len(rows):,} new rows", style="bold"))
    for row in rows.head(MOST_PREDICTED).itertuples(index=False):
        table.add_row(f"{row[0]:,}", *("—" if p != p else f"{p:.3f}" for p in row[1:]))
    means = rows.iloc[:, 1:].mean()
    table.add_row("mean", *(f"{p:.3f}" for p in means))
    out.print(table)
    for line in prediction.remarks:
        out.print(Text(textwrap.fill(line, out.width)))


def format_number(value: float | None) -> str:
    """Four digits after the point, fewer of large numbers, with a real minus sign."""
    if value is None:
        return "—"
    shown = f"{value:.4f}" if abs(value) < 1000 else f"{value:,.1f}"
    return shown.replace("-", "−")


def _minus(value: float) -> str:
    return f"{value:,.4f}".replace("-", "−")


def format_interval(low: float | None, high: float | None) -> str:
    """The ends of an interval."""
    return "—" if low is None or high is None else f"{format_number(low)} to {format_number(high)}"


def _below(view: FitView) -> list[str]:
    lines = [
        f"Log likelihood {_minus(view.log_likelihood)}, AIC {format_number(view.aic)}, "
        f"BIC {format_number(view.bic)}; {view.plays:,.10g} plays"
        + (f" in {view.rows:,} rows." if view.plays != view.rows else ".")
    ]
    if view.dropped:
        lines.append(say_dropped(view.dropped, view.lacking))
    if view.bases:
        lines.append(f"Base levels: {describe_bases(view.bases)}.")
    clusters = f" by {view.clusters} clusters" if view.clusters else ""
    if view.converged:
        lines.append(f"Standard errors {KINDS[view.errors]}{clusters}.")
    if view.fixed:
        values = ", ".join(f"{name} = {value:g}" for name, value in view.fixed.items())
        lines.append(f"Fixed: {values}.")
    lines += [f"Kept equal: {', '.join(group)}." for group in view.same]
    for name, deviation in view.spreads.items():
        what = "Effects of covariates (ridge)" if name == RIDGE else f"Effects of groups, {name},"
        lines.append(f"{what} are shrunk towards 0, with deviation {deviation:.3g}.")
    if view.used_priors:
        lines.append("The mode of the posterior: priors were used.")
    same = len(view.starts) - len(view.lower)
    if all(row.estimate is not None for row in view.coefficients):
        lines.append(f"{same} of {len(view.starts)} starts of the search ended at this maximum.")
        lines += [_ended_lower(lower) for lower in view.lower[:MOST_STARTS_NAMED]]
        if len(view.lower) > MOST_STARTS_NAMED:
            lines.append(f"{len(view.lower) - MOST_STARTS_NAMED} more starts ended lower.")
    else:
        lines.append(
            "There is no maximum: the likelihood keeps rising as the numbers without an estimate "
            "grow. Fix them, narrow them by priors (--map), or leave a covariate out."
        )
    for test in view.tests:
        p = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
        lines.append(
            f"Against {test.against}: likelihood ratio {test.statistic:.3f} with {test.freedom} "
            f"degree{'s' if test.freedom > 1 else ''} of freedom, {p}."
        )
    return lines


def _ended_lower(lower: LowerStart) -> str:
    if lower.below is None:
        return f"Start {lower.start} found no play that allows the table."
    place = ", ".join(f"{name} = {number:.4g}" for name, number in lower.values.items())
    kind = "at another maximum" if lower.is_maximum else "where its search stopped short"
    return f"Start {lower.start} ended {lower.below:.2g} lower, {kind}: {place}."


def _show_averages(view: FitView, out: Console) -> None:
    if not view.averages:
        return
    out.print()
    out.print(Text("Mean over the plays", style="bold"))
    table = _table("", "", "chance or effect", "error", "95% interval")
    for average in view.averages:
        table.add_row(
            Text(average.outcome),
            Text(average.covariate or "chance"),
            format_number(average.value),
            format_number(average.error),
            format_interval(average.low, average.high),
        )
    out.print(table)


def _show_ways(view: FitView, out: Console) -> None:
    if not view.ways:
        return
    out.print()
    title = "Ways to play, by the mean log likelihood of held-out plays (higher is better)"
    out.print(Text(title, style="bold"))
    table = _table(
        "", "score", "to quantal response", "error",
    )  # fmt: skip
    for way in view.ways:
        table.add_row(
            way.name,
            format_number(way.score),
            format_number(way.difference),
            format_number(way.error),
        )
    out.print(table)


def _show_posterior(posterior: PosteriorView, out: Console) -> None:
    out.print()
    out.print(Text("Posterior, given the priors and the plays", style="bold"))
    table = _table("", "mean", "deviation", "90% interval", "R-hat", "effective samples")
    for row in posterior.coefficients:
        worth = min(filter(None, (row.effective, row.effective_tails)), default=None)
        table.add_row(
            Text(row.name),
            format_number(row.mean),
            format_number(row.deviation),
            format_interval(row.low, row.high),
            "—" if row.r_hat is None else f"{row.r_hat:.3f}",
            "—" if worth is None else f"{worth:,.0f}",
        )
    out.print(table)
    kept = f"{posterior.chains} chains of {posterior.samples:,} samples"
    out.print(Text(f"{kept}; {posterior.divergent:,} divergences."))
    for line in posterior.trouble:
        out.print(Text(textwrap.fill(f"Not reliable: {line}.", out.width), style="bold"))


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if not column or i == 0 else "right", style="")
    return table
