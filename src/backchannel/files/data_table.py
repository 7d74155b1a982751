"""Read tables from files: CSV, compressed or not, and Parquet; their size is checked first.

A small file can hold a huge table: compressed rows, a header of a hundred thousand columns above empty
rows, a Parquet footer that claims any number of rows. So the size of a table is computed before it is
read. pandas receives bytes and never a file name, which it could take for a web address.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from backchannel.files.inputs import read_bytes
from backchannel.files.spreadsheet import unguarded
from backchannel.files.unpacking import PACKED, UNREAD, unpack
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.language.visible import in_one_line

DataFrame: TypeAlias = Any
"""A pandas DataFrame; the annotations of pandas are too wide to check against."""

MOST_BYTES = 500_000_000
"""Largest file, and largest content after decompression."""
MOST_COLUMNS = 10_000
LONGEST_HEADER = 4_000_000
"""Longest first line, in bytes."""
MOST_CELLS = 50_000_000
"""Most cells: rows times columns."""
LONGEST_COLUMN_NAME = 60
"""Longest name of a column in a message, in characters."""
WHAT = "a table"
NEEDS = f"Parquet files need one more package: {how_to_install('parquet')}."


def read_table_file(name: str | Path, *, words: Collection[str] = ()) -> Any:
    """Read a table from a file: Parquet if it ends in `.parquet`, otherwise CSV, which may be compressed.

    Args:
        name: The file.
        words: Columns of a CSV file whose cells stay as they are written: `2.10` is not 2.1, and `true` is
            a word.

    Returns:
        A DataFrame.

    Raises:
        CommandError: There is no such file, it is not a table, or it is too large.
    """
    path = Path(name)
    packing = path.suffix.lower()
    if packing in UNREAD or ".tar" in path.suffixes:
        raise CommandError(
            f"{path}: this kind of compressed file cannot be read. Decompress it, or use .gz."
        )
    data = read_bytes(name, limit=MOST_BYTES, what=WHAT)
    if packing in PACKED:
        data = unpack(data, packing, limit=MOST_BYTES, path=path, what=WHAT)
    try:
        return _parquet(path, data) if packing == ".parquet" else _csv(path, data, words)
    except ImportError:
        raise CommandError(NEEDS) from None
    except (OSError, ValueError, KeyError, csv.Error, MemoryError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise CommandError(f"{path} is not a table: {reason.rstrip('.')}.") from None


def _csv(path: Path, data: bytes, words: Collection[str]) -> Any:
    names = _header(data)
    rows = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") + 1
    _check_size(path, columns=len(names), rows=rows)
    check_names(path, names)
    with warnings.catch_warnings():
        # Without this, a row that is longer than the header would shift all columns.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            # Words like NA and None may be values of a node; only empty cells are missing.
            table = pd.read_csv(
                io.BytesIO(data),
                keep_default_na=False,
                na_values=[""],
                index_col=False,
                dtype=dict.fromkeys(words, str),
            )
        except pd.errors.ParserWarning:
            raise ValueError(
                "its rows have more cells than its first line has names; give every column a name"
            ) from None
    return unguarded(table)


def check_names(table: object, names: Iterable[str]) -> None:
    """Check that no two columns of a table have the same name; which one is meant cannot be known.

    Args:
        table: The table's name in the message.
        names: The names of its columns; those without a name are no problem.

    Raises:
        CommandError: Several columns have one name; every such name is listed.
    """
    counts = Counter(name.strip() for name in names)
    problems = [
        f"{table}: {n} columns are called '{in_one_line(name[:LONGEST_COLUMN_NAME])}'. Rename or remove all but one."
        for name, n in counts.items()
        if n > 1 and name
    ]
    if problems:
        raise CommandError("\n".join(problems))


def _header(data: bytes) -> list[str]:
    """The names of the columns."""
    head = io.BytesIO(data[:LONGEST_HEADER])
    text = io.TextIOWrapper(head, encoding="utf-8-sig", errors="replace", newline="")
    names = next((line for line in csv.reader(text) if line), [])
    if len(data) > LONGEST_HEADER and len(names) <= MOST_COLUMNS and not text.read(1):
        raise ValueError(f"its first line is longer than {LONGEST_HEADER:,} bytes")
    return names


def _parquet(path: Path, data: bytes) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            footer, schema = file.metadata, file.schema_arrow
            _check_size(path, columns=footer.num_columns, rows=footer.num_rows)
            check_names(path, schema.names)
            groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
            _check_bytes(path, sum(group.total_byte_size for group in groups))
            nested = [field.name for field in schema if pa.types.is_nested(field.type)]
            if nested:
                raise CommandError(
                    f"{path}: column {nested[0]} holds lists or records, not values."
                )
        _check_bytes(path, _expanded_size(data, schema))
        return pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None


def _expanded_size(data: bytes, schema: Any) -> int:
    """Count the bytes of all text; a text that is stored once and used often counts each time."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = 0
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if not (pa.types.is_string(kind) or pa.types.is_binary(kind) or _is_large(kind)):
            continue
        table = pq.read_table(
            pa.BufferReader(data), columns=[field.name], read_dictionary=[field.name]
        )
        for piece in table.column(field.name).chunks:
            if pa.types.is_dictionary(piece.type):
                lengths = pc.binary_length(piece.dictionary).take(piece.indices)  # pyright: ignore
            else:
                lengths = pc.binary_length(piece)  # pyright: ignore
            total += pc.sum(lengths.cast(pa.int64())).as_py() or 0  # pyright: ignore
    return total


def _is_large(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)


def _check_size(path: Path, *, columns: int, rows: int) -> None:
    if columns > MOST_COLUMNS:
        raise CommandError(
            f"{path} has {columns:,} columns; a table may have at most {MOST_COLUMNS:,}. Keep only "
            "the columns that the case uses."
        )
    if columns * rows > MOST_CELLS:
        raise CommandError(
            f"{path} has {columns:,} columns and {rows:,} rows; a table may have at most "
            f"{MOST_CELLS:,} cells. Keep only the columns that the case uses."
        )


def _check_bytes(path: Path, size: int) -> None:
    if size > MOST_BYTES:
        raise CommandError(
            f"{path} takes {size:,} bytes after decompression; a table may take at most "
            f"{MOST_BYTES:,}."
        )
