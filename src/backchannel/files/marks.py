"""Marks: recognise a file that Backchannel wrote, by its content, for each format.

A file without a mark belongs to somebody else and is not replaced without asking. Text that people edit
by hand (Markdown, LaTeX) is marked with a hash, and a Word document with the name of who saved it last;
so a file that somebody edited is theirs. A simulated table has no mark: it looks like observed data.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

Mark: TypeAlias = Callable[[bytes], bool]
"""A function that says whether Backchannel wrote the bytes of a file."""

NAME = "Backchannel"
MADE_BY = "made_by"
"""Key of the mark in the metadata of netCDF and Parquet files."""
MOST_XML = 100_000
"""Bytes of a Word document's properties that are read."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HASH_LETTERS = 16
_FIRST_KEYS = 3


def no_mark(data: bytes) -> bool:
    """Mark of formats without a mark: an existing file never counts as written by Backchannel."""
    return False


def is_page(data: bytes) -> bool:
    """Recognise an HTML page by its `generator`."""
    return b'<meta name="generator" content="Backchannel' in data[:4096]


def is_tree(data: bytes) -> bool:
    """Recognise a Gambit tree by its comment."""
    return data.startswith(b"EFG 2 R") and b'\n"Exported by Backchannel' in data[:10_000]


def is_document(data: bytes, keys: Sequence[str]) -> bool:
    """Recognise a JSON document by its keys and layout.

    Minor versions add keys, so an older document has fewer keys; but the first keys are the same.
    """
    if not data.startswith(b'{\n "'):
        return False
    keys_found = [
        key.decode("utf-8", "replace") for key in re.findall(rb'^ "([^"\n]+)":', data, re.M)
    ]
    few = min(_FIRST_KEYS, len(keys))
    return keys_found[:few] == list(keys)[:few] and set(keys_found) <= set(keys)


def is_table(data: bytes, columns: Sequence[str]) -> bool:
    """Recognise a CSV table by its columns."""
    return csv_header(data) == list(columns)


def is_branch_table(data: bytes) -> bool:
    """Recognise the CSV table of a branch by its columns: t, and λ of every player."""
    columns = csv_header(data)
    return len(columns) > 2 and columns[0] == "t" and columns[1].startswith("λ ")


def csv_header(data: bytes) -> list[str]:
    """Read the first line of a CSV table; empty if there is none."""
    line = data[: data.find(b"\n") + 1][:1_000_000]
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig"))), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def is_lines(data: bytes, columns: Sequence[str]) -> bool:
    """Recognise a file of JSON lines by its keys."""
    first = data[: data.find(b"\n") + 1].decode("utf-8", "replace")
    return first.startswith("{") and [*re.findall(r'[{,]"([a-z_]+)":', first)] == list(columns)


def is_parquet(data: bytes) -> bool:
    """Recognise a Parquet table by the metadata in its footer."""
    return data.startswith(b"PAR1") and f'"{MADE_BY}": "{NAME}"'.encode() in data[-1_000_000:]


def is_samples(data: bytes) -> bool:
    """Recognise a netCDF file that `fit` wrote."""
    head = data[:65_536]
    return head.startswith(b"\x89HDF") and MADE_BY.encode() in head and b"backchannel fit" in head


def is_picture(data: bytes) -> bool:
    """Recognise a PNG picture by its `Software` note."""
    return data.startswith(_PNG) and b"Software\0" + NAME.encode() in data[:4096]


def is_word(data: bytes) -> bool:
    """Recognise a Word document that nobody has saved since Backchannel wrote it."""
    if not data.startswith(b"PK"):
        return False
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts, parts.open("docProps/core.xml") as core:
            notes = core.read(MOST_XML)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError):
        return False
    return f"lastModifiedBy>{NAME}<".encode() in notes


def sign_text(text: str, left: str, right: str = "") -> str:
    """Append a comment, between `left` and `right`, with a hash of the text.

    >>> is_signed(sign_text("A page.", "<!--", "-->").encode(), "<!--", "-->")
    True
    >>> is_signed(sign_text("A page.", "<!--", "-->").replace("A", "My").encode(), "<!--", "-->")
    False
    """
    text = text if text.endswith("\n") else text + "\n"
    return text + f"{_signature(text, left, right)}\n"


def is_signed(data: bytes, left: str, right: str = "") -> bool:
    """Recognise a text that is unchanged since Backchannel wrote it."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    body, _, last = text.rstrip("\n").rpartition("\n")
    return last == _signature(body + "\n", left, right)


def _signature(text: str, left: str, right: str) -> str:
    mark = sha256(text.encode()).hexdigest()[:_HASH_LETTERS]
    return f"{left} Made by {NAME}; as it was made: {mark} {right}".rstrip()
