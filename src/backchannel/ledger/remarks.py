"""What somebody should know who enters an outcome."""

from __future__ import annotations

from datetime import date

from backchannel.language.days import day
from backchannel.ledger.ledger import Ledger


def outcome_remarks(ledger: Ledger, case_name: str, on: date) -> list[str]:
    """Remark on the day of an outcome: in the future, or before the first forecast.

    Args:
        ledger: The ledger, which has runs of the case.
        case_name: The case.
        on: The day of the outcome.
    """
    remarks = []
    if on > date.today():
        remarks.append(f"Note: {day(on)} is in the future.")
    first = min(run["as_of"] for run in ledger.runs() if run["case_name"] == case_name)
    if on.isoformat() <= first:
        known = day(date.fromisoformat(first))
        remarks.append(
            f"Note: the first forecast of {case_name} used what was known up to {known}, so no forecast counts in "
            "the scores."
        )
    return remarks
