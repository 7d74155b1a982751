"""Print an update report in a terminal: what changed between two states of a case."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.update.document import NodeUpdate, UpdateReport
from backchannel.wording.left_out import left_out_warning, with_bounds
from backchannel.wording.percents import VISIBLE, change_in_points, percent, told_apart

MOST_CHANGES = 8
"""Nodes and assumptions that are shown; the document contains all."""


def show_update(report: UpdateReport, out: Console) -> None:
    """Print the headline, then forecasts, assumptions, claims and surprises that report."""
    out.print(Text(report.case, style="bold"))
    for sentence in report.headline:
        for line in textwrap.wrap(sentence, max(40, out.width - 2)):
            out.print(Text(f"  {line}"))
    out.print()
    _show_differences(report, out)
    _show_forecasts([n for n in report.forecasts if n.distance >= VISIBLE][:MOST_CHANGES], out)
    _show_assumptions(report, out)
    _show_claims(report, out)
    _show_surprises(report, out)
    if warning := left_out_warning(max(report.left_out_before, report.left_out)):
        out.print(Text(warning, style="bold"))
    out.print(Text(report.caption, style="dim"))


def _show_differences(report: UpdateReport, out: Console) -> None:
    if not report.differences or report.news:
        return
    table = _table("Differences between the case files", "kind", "where", "before", "after")
    for difference in report.differences:
        table.add_row(
            difference.kind,
            difference.where,
            _short(difference.before),
            _short(difference.after),
        )
    out.print(table)
    out.print()


def _show_forecasts(nodes: list[NodeUpdate], out: Console) -> None:
    if not nodes:
        return
    table = _table("What changed (in points)", "outcome", "value", "before", "now", "change")
    for node in nodes:
        title = node.title
        for value in node.values:
            table.add_row(
                title,
                value.label,
                with_bounds(value.before, value.bounds_before, short=True),
                with_bounds(value.after, value.bounds, short=True),
                change_in_points(value.before, value.after),
            )
            title = ""
        table.add_section()
    out.print(table)
    out.print()


def _show_assumptions(report: UpdateReport, out: Console) -> None:
    if not report.assumptions:
        return
    table = _table(
        "Why: assumptions that changed", "assumption", "before", "now", "5–95%", "in sds"
    )
    for shift in report.assumptions[:MOST_CHANGES]:
        before, after = told_apart(shift.before, shift.after)
        table.add_row(
            shift.label,
            before,
            after,
            f"{shift.low:.3g}–{shift.high:.3g}",
            f"{shift.in_sds:+.2f}".replace("-", "−"),
        )
    out.print(table)
    if len(report.assumptions) > MOST_CHANGES:
        out.print(
            Text(f"  and {len(report.assumptions) - MOST_CHANGES} that changed less.", style="dim")
        )
    out.print()


def _show_claims(report: UpdateReport, out: Console) -> None:
    if not report.claims:
        return
    table = _table("Claims whose verdict changed", "claim", "before", "now")
    for claim in report.claims:
        table.add_row(claim.says, claim.before, claim.after)
    out.print(table)
    out.print()


def _show_surprises(report: UpdateReport, out: Console) -> None:
    if not report.surprises:
        return
    table = _table("How likely the news was", "to", "probability", "surprise in bits")
    # Players with true beliefs all have the same probability.
    alike: dict[tuple[float, float | None], list[str]] = {}
    for surprise in report.surprises:
        key = (surprise.probability, surprise.bits)
        alike.setdefault(key, []).append(surprise.title)
    for (probability, bits), titles in alike.items():
        shown = "impossible" if bits is None else f"{bits:.1f}"
        who = titles[0] + (f": {', '.join(titles[1:])}" if len(titles) > 1 else "")
        table.add_row(who, percent(probability), shown)
    out.print(table)
    out.print()


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = ", ".join(f"{k}: {v}" for k, v in value.items() if k not in ("why", "about"))
    return textwrap.shorten(str(value), 60, placeholder=" …")


def _table(title: str, *columns: str) -> Table:
    right = {"before", "now", "change", "in sds", "probability", "surprise in bits", "5–95%"}
    numbers = right if columns[0] in ("outcome", "assumption", "to") else ()
    return plain_table(*columns, title=title, right=numbers, whole=numbers)
