"""Write a table of draws to a file, CSV or Parquet, and recognise such a file."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from backchannel.files import marks
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install

KINDS = (".csv", ".parquet")
FIRST_COLUMNS = ("draw", "weight", "converged")
"""The first columns of every table of draws."""


def table_mark(name: str | None) -> marks.Mark:
    """How a table of draws that Backchannel wrote is recognised, by the ending of its name.

    Raises:
        CommandError: The name has another ending, or Parquet is not installed.
    """
    if name is None:
        return marks.no_mark
    ending = Path(name).suffix
    if ending not in KINDS:
        raise CommandError(f"{name} has the wrong ending. The file must end in {', '.join(KINDS)}.")
    if ending == ".csv":
        return lambda data: tuple(marks.csv_header(data)[: len(FIRST_COLUMNS)]) == FIRST_COLUMNS
    try:
        import pyarrow  # noqa: F401 (asked before anything is solved)
    except ImportError:
        raise CommandError(
            f"Parquet files need one more package: {how_to_install('parquet')}. Or write a .csv."
        ) from None
    return marks.is_parquet


def table_content(table: Any, path: Path, notes: Mapping[str, Any]) -> str | bytes:
    """What a file holds.

    Args:
        table: A DataFrame.
        path: The file; its ending says the format.
        notes: What a Parquet file says of the table in its metadata.
    """
    if path.suffix == ".csv":
        from backchannel.files.spreadsheet import guarded_csv

        return guarded_csv(table)
    table.attrs |= {marks.MADE_BY: marks.NAME, **notes}
    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
