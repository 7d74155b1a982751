"""The rows of an older record's CSV: each with its line, and its cells read as days and chances."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean
from backchannel.language.values import number_in
from backchannel.language.visible import in_one_line

NEEDED = ("case", "node", "value", "probability", "as_of")
OPTIONAL = ("logged", "inside", "outside", "outcome", "outcome_date", "source")
LONGEST_CELL = 500
"""Most characters of a cell."""
LONGEST_SHOWN = 60
"""Most characters of a wrong cell in a message."""


@dataclass(frozen=True)
class RecordRow:
    """One row; a cell that cannot be read is told, and read as `None`."""

    line: int
    """Line of the file on which it begins; the first is 1."""
    cells: Mapping[str, str]
    """By column, without spaces around them."""
    problems: list[tuple[int, str]]
    """Where problems are told: lines and what is wrong."""

    def tell(self, problem: str) -> None:
        """Tell what is wrong with this row."""
        self.problems.append((self.line, problem))

    def is_filled(self, column: str) -> bool:
        """Whether a cell says something."""
        return bool(self.cells.get(column))

    def text(self, column: str) -> str:
        """A text; a needed column must not be empty."""
        text = self.cells.get(column, "")
        if column in NEEDED and not text:
            self.tell(f"`{column}` is empty.")
        if len(text) > LONGEST_CELL:
            self.tell(
                f"`{column}` has {len(text):,} characters; at most {LONGEST_CELL} are allowed. Shorten it."
            )
        return text

    def day(self, column: str, *, needed: bool = True) -> date | None:
        """A day."""
        text = self.cells.get(column, "")
        if not text and not needed:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.tell(f"`{column}` should be a day, YYYY-MM-DD, not '{_shown(text)}'.")
            return None

    def chance(self, column: str, *, needed: bool = True) -> float | None:
        """A probability."""
        text = self.cells.get(column, "")
        if not text and not needed:
            return None
        chance = number_in(text)
        if chance is None or not 0 <= chance <= 1:
            self.tell(f"`{column}` should be a probability from 0 to 1, not '{_shown(text)}'.")
            return None
        return chance


def read_rows(text: str, path: Path, problems: list[tuple[int, str]]) -> Iterator[RecordRow]:
    """Yield the rows below the first line; empty lines are passed over.

    Args:
        text: The content of the file.
        path: The file, for messages.
        problems: Where problems of rows are told.

    Raises:
        CommandError: The first line does not name the columns, or the text is no CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] | None = None
    line = 1
    try:
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                break
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if columns is None:
                columns = cells
                _check_columns(path, columns)
            elif len(cells) != len(columns):
                problems.append(
                    (
                        line,
                        f"it has {len(cells)} cells, and the first line names {len(columns)} columns. Put a text "
                        "with a comma in quotes.",
                    )
                )
            else:
                yield RecordRow(line, dict(zip(columns, cells, strict=True)), problems)
    except csv.Error as error:
        raise CommandError(
            f"line {line}: from here on the file is no CSV: {error}. Close every quotation mark, and double one "
            "that belongs to a text.\nNothing was written."
        ) from None
    if columns is None:
        raise CommandError(
            f"{path} is empty. Its first line names the columns: {', '.join(NEEDED)}; and, where known, "
            f"{', '.join(OPTIONAL)}. Nothing was written."
        )


def _check_columns(path: Path, columns: list[str]) -> None:
    known = [*NEEDED, *OPTIONAL]
    said = [f"the column '{name}' is missing." for name in NEEDED if name not in columns]
    foreign = [name for name in dict.fromkeys(columns) if name not in known]
    if len(columns) == 1 and any(sign in columns[0] for sign in ";\t"):
        said, foreign = ["its columns are not separated by commas. Save it as CSV with commas."], []
    said += [
        f"no column is called '{_shown(name)}'.{did_you_mean(name, known)}" for name in foreign
    ]
    said += [
        f"{columns.count(name)} columns are called '{name}'. Remove all but one."
        for name in known
        if columns.count(name) > 1
    ]
    if said:
        raise CommandError(
            "\n".join([*(f"{path}: {text}" for text in said), "Nothing was written."])
        )


def _shown(text: str) -> str:
    return in_one_line(text[:LONGEST_SHOWN] + ("…" if len(text) > LONGEST_SHOWN else ""))
