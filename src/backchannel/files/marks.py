"""Marks: how a file that Backchannel wrote is known again, format by format, by what stands in it.

A file without its mark belongs to somebody else, and is not replaced unasked. Text that people edit by
hand (Markdown, LaTeX) is marked with a hash, and a Word document with who saved it last, so that
edited ones are theirs as well. A table of plays has no mark: it looks like one that was observed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

Mark: TypeAlias = Callable[[bytes], bool]
"""Says of the bytes of a file whether Backchannel wrote them."""

NAME = "Backchannel"
MADE_BY = "made_by"
"""Key of the mark in files that keep notes under keys: netCDF, Parquet."""
MOST_XML = 100_000
"""Bytes of a Word document's notes that are looked at; more are none of ours."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HASH_LETTERS = 16
_FIRST_KEYS = 3


def no_mark(data: bytes) -> bool:
    """The mark of formats that have none: a file that is there is never known to be ours."""
    return False


def is_page(data: bytes) -> bool:
    """Is it an HTML page of ours, by its `generator`?"""
    return b'<meta name="generator" content="Backchannel' in data[:4096]


def is_tree(data: bytes) -> bool:
    """Is it a Gambit tree of ours, by its comment?"""
    return data.startswith(b"EFG 2 R") and b'\n"Exported by Backchannel' in data[:10_000]


def is_document(data: bytes, keys: Sequence[str]) -> bool:
    """Is it a JSON document with these keys, laid out as we do?

    Minor versions add keys, so an older document has fewer; but it begins with the same.
    """
    if not data.startswith(b'{\n "'):
        return False
    found = [key.decode("utf-8", "replace") for key in re.findall(rb'^ "([^"\n]+)":', data, re.M)]
    few = min(_FIRST_KEYS, len(keys))
    return found[:few] == list(keys)[:few] and set(found) <= set(keys)


def is_table(data: bytes, columns: Sequence[str]) -> bool:
    """Is it a CSV table with exactly these columns?"""
    return csv_header(data) == list(columns)


def is_branch_table(data: bytes) -> bool:
    """Is it the CSV table of a branch: t, and λ of every player?"""
    found = csv_header(data)
    return len(found) > 2 and found[0] == "t" and found[1].startswith("λ ")


def csv_header(data: bytes) -> list[str]:
    """The first line of a CSV table; empty where there is none."""
    line = data[: data.find(b"\n") + 1][:1_000_000]
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig"))), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def is_lines(data: bytes, columns: Sequence[str]) -> bool:
    """Is it a file of JSON lines with these keys?"""
    first = data[: data.find(b"\n") + 1].decode("utf-8", "replace")
    return first.startswith("{") and [*re.findall(r'[{,]"([a-z_]+)":', first)] == list(columns)


def is_parquet(data: bytes) -> bool:
    """Is it a Parquet table of ours, by the notes in its foot?"""
    return data.startswith(b"PAR1") and f'"{MADE_BY}": "{NAME}"'.encode() in data[-1_000_000:]


def is_samples(data: bytes) -> bool:
    """Is it a netCDF file that `fit` wrote?"""
    head = data[:65_536]
    return head.startswith(b"\x89HDF") and MADE_BY.encode() in head and b"backchannel fit" in head


def is_picture(data: bytes) -> bool:
    """Is it a PNG picture of ours?"""
    return data.startswith(_PNG) and b"Software\0" + NAME.encode() in data[:4096]


def is_word(data: bytes) -> bool:
    """Is it a Word document of ours that nobody has saved since?"""
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
    """Add a last line, a comment between `left` and `right`, that marks a text as it is.

    >>> is_signed(sign_text("A page.", "<!--", "-->").encode(), "<!--", "-->")
    True
    >>> is_signed(sign_text("A page.", "<!--", "-->").replace("A", "My").encode(), "<!--", "-->")
    False
    """
    text = text if text.endswith("\n") else text + "\n"
    return text + f"{_signature(text, left, right)}\n"


def is_signed(data: bytes, left: str, right: str = "") -> bool:
    """Is it a text of ours, and as we wrote it?"""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    body, _, last = text.rstrip("\n").rpartition("\n")
    return last == _signature(body + "\n", left, right)


def _signature(text: str, left: str, right: str) -> str:
    mark = sha256(text.encode()).hexdigest()[:_HASH_LETTERS]
    return f"{left} Made by {NAME}; as it was made: {mark} {right}".rstrip()
