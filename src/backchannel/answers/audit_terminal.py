"""Show in a terminal what every number of a case rests on."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.answers.audit import Audit, Audited, Basis
from backchannel.console.plain_table import plain_table


def show_audit(audit: Audit, out: Console, *, weak_only: bool = False) -> None:
    """Print each number with its sources, grades and ages, then how many are weakly supported."""
    out.print(Text(f"{audit.case}: what its numbers rest on", style="bold"))
    table = plain_table("number", "rests on", "grade", "days old", "weakness", right={"days old"})
    for number in audit.weak if weak_only else audit.numbers:
        _add(table, number)
    out.print(table)
    out.print()
    counts = Counter(number.weakness for number in audit.weak)
    total = len(audit.numbers)
    if counts:
        parts = ", ".join(f"{count} on {why}" for why, count in counts.items())
        out.print(f"{sum(counts.values())} of {total} numbers are weakly supported: {parts}.")
    else:
        out.print(f"All {total} numbers cite a graded source.")


def _add(table: Table, number: Audited) -> None:
    label, weakness = number.label, number.weakness
    for basis in number.rests_on or [None]:
        table.add_row(
            label,
            _rests_on(basis) if basis else "",
            basis.grade if basis else "",
            "" if basis is None or basis.age_days is None else str(basis.age_days),
            weakness,
        )
        label = weakness = ""


def _rests_on(basis: Basis) -> str:
    if not basis.source:
        return f"judgement: {basis.judgement}"
    text = f"{basis.source} {basis.at}".strip()
    return f"{text} (copies {basis.copy_of})" if basis.copy_of else text
