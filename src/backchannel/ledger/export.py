"""Export a ledger: one row per chance, with its run and its outcome."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd

from backchannel.files import marks
from backchannel.files.outputs import Output, Outputs
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.ledger.checked import read_value
from backchannel.ledger.ledger import Ledger

KINDS = (".csv", ".parquet", ".jsonl")

_COLUMNS = {
    "run": "r.id",
    **{
        name: f"r.{name}"
        for name in (
            "logged_at", "case_name", "case_title", "case_hash", "as_of", "draws",
            "effective_draws", "seed", "version", "by",
        )
    },
    "forecast": "f.id",
    **{name: f"f.{name}" for name in ("node", "title", "due", "resolves")},
    **{name: f"c.{name}" for name in ("place", "value", "probability", "low", "high")},
    "withdrawn": "w.why",
}  # fmt: skip
"""Columns of the export, and the columns of the ledger that they come from."""


def to_frame(ledger: Ledger) -> pd.DataFrame:
    """Return every chance that was ever logged, oldest first."""
    rows = ledger.rows(
        f"SELECT {', '.join(f'{where} AS {name}' for name, where in _COLUMNS.items())} "
        "FROM chances c JOIN forecasts f ON f.id = c.forecast JOIN runs r ON r.id = f.run "
        "LEFT JOIN withdrawals w ON w.run = r.id ORDER BY f.id, c.place"
    )
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    outcomes = {(o.case_name, o.node): o for o in ledger.outcomes()}
    outcome_of_row = [
        outcomes.get(key) for key in zip(table["case_name"], table["node"], strict=True)
    ]
    table["outcome"] = [str(o.value) if o else None for o in outcome_of_row]
    table["outcome_date"] = [o.date.isoformat() if o else None for o in outcome_of_row]
    table["outcome_source"] = [o.source if o else None for o in outcome_of_row]
    table["value"] = [str(read_value(value)) for value in table["value"]]
    return table


def export_output(path: Path) -> Output:
    """Describe the file of an export, so that it can be checked before it is written.

    Raises:
        CommandError: The file has another ending.
    """
    columns = [*_COLUMNS, "outcome", "outcome_date", "outcome_source"]
    kinds: dict[str, marks.Mark] = {
        ".csv": lambda data: marks.is_table(data, columns),
        ".parquet": marks.is_parquet,
        ".jsonl": lambda data: marks.is_lines(data, columns),
    }
    if path.suffix not in kinds:
        raise CommandError(f"{path} has the wrong ending. The file must end in {', '.join(KINDS)}.")
    return Output(path, "--export", kinds[path.suffix])


def export_ledger(ledger: Ledger, path: str | Path, *, outputs: Outputs | None = None) -> int:
    """Export a ledger to a file that ends in `.csv`, `.parquet` or `.jsonl`.

    Args:
        ledger: The ledger.
        path: The file.
        outputs: The file, if it was checked already.

    Returns:
        The number of rows.

    Raises:
        CommandError: The file has another ending, Parquet is not installed, or the file cannot or may
            not be written.
    """
    target = Path(path)
    outputs = outputs or Outputs([export_output(target)], reads={"the ledger": ledger.path})
    table = to_frame(ledger)
    if target.suffix == ".csv":
        content: str | bytes = guarded_csv(table)
    elif target.suffix == ".jsonl":
        content = str(
            table.to_json(orient="records", lines=True, force_ascii=False, double_precision=15)
        )
    else:
        buffer = BytesIO()
        table.attrs[marks.MADE_BY] = marks.NAME
        try:
            table.to_parquet(buffer, index=False)
        except ImportError:
            raise CommandError(
                f"Parquet files need one more package: {how_to_install('parquet')}. Or write "
                "a .csv."
            ) from None
        content = buffer.getvalue()
    outputs.write(target, content)
    return len(table)
