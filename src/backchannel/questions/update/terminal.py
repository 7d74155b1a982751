"""Show in a terminal what moved between two states of a case."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.update.document import NodeMoved, UpdateReport
from backchannel.wording.words import VISIBLE, left_out_warning, percent, points, with_bounds

SHOWN = 8
"""Nodes and assumptions shown; the document has all."""


def show_update(report: UpdateReport, out: Console) -> None:
    """Print the headline, then forecasts, assumptions, claims and surprises that report."""
    out.print(Text(report.case, style="bold"))
    for sentence in report.headline:
        for line in textwrap.wrap(sentence, max(40, out.width - 2)):
            out.print(Text(f"  {line}"))
    out.print()
    _show_differences(report, out)
    _show_forecasts([n for n in report.forecasts if n.distance >= VISIBLE][:SHOWN], out)
    _show_assumptions(report, out)
    _show_claims(report, out)
    _show_surprises(report, out)
    if warning := left_out_warning(max(report.left_out_before, report.left_out)):
        out.print(Text(warning, style="bold"))
    out.print(Text(report.caption, style="dim"))


def _show_differences(report: UpdateReport, out: Console) -> None:
    if not report.differences or report.news:
        return
    table = _table("What is different in the case", "", "where", "before", "after")
    for one in report.differences:
        table.add_row(one.kind, one.where, _short(one.before), _short(one.after))
    out.print(table)
    out.print()


def _show_forecasts(nodes: list[NodeMoved], out: Console) -> None:
    if not nodes:
        return
    table = _table("What moved (change in points)", "outcome", "value", "before", "now", "change")
    for node in nodes:
        title = node.title
        for value in node.values:
            table.add_row(
                title,
                value.label,
                with_bounds(value.before, value.bounds_before, short=True),
                with_bounds(value.after, value.bounds, short=True),
                points(value.after - value.before),
            )
            title = ""
        table.add_section()
    out.print(table)
    out.print()


def _show_assumptions(report: UpdateReport, out: Console) -> None:
    if not report.assumptions:
        return
    table = _table(
        "Why: assumptions that look different now", "assumption", "before", "now", "5–95%", "in sds"
    )
    for one in report.assumptions[:SHOWN]:
        table.add_row(
            one.label,
            f"{one.before:.3g}",
            f"{one.after:.3g}",
            f"{one.low:.3g}–{one.high:.3g}",
            f"{one.in_sds:+.2f}".replace("-", "−"),
        )
    out.print(table)
    if len(report.assumptions) > SHOWN:
        out.print(Text(f"  and {len(report.assumptions) - SHOWN} that moved less.", style="dim"))
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
    table = _table("How likely the news was", "to", "chance", "surprise in bits")
    # Players who do not err all find the same.
    alike: dict[tuple[float, float | None], list[str]] = {}
    for one in report.surprises:
        alike.setdefault((one.probability, one.bits), []).append(one.title)
    for (probability, bits), titles in alike.items():
        shown = "ruled out" if bits is None else f"{bits:.1f}"
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
    right = {"before", "now", "change", "in sds", "chance", "surprise in bits", "5–95%"}
    numbers = right if columns[0] in ("outcome", "assumption", "to") else ()
    return plain_table(*columns, title=title, right=numbers, whole=numbers)
