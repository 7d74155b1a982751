"""Read the file of a source: text, Markdown, HTML or PDF, from the folder of the case and nowhere else.

A case can come from a stranger, and its reader does not know what it names. So only files below the case's folder
are read, of a few kinds, none of them hidden, and never through a link that leads out of the folder.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from hashlib import sha256
from pathlib import Path, PurePosixPath

from backchannel.case.texts.read_apart import read_apart
from backchannel.case.texts.source_text import (
    MOST_CHARACTERS,
    MOST_PARAGRAPHS,
    SourceText,
    UnreadableSource,
    split_plain,
)
from backchannel.files.inputs import is_remote, read_bytes
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line

MOST_BYTES = 20_000_000
KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
READABLE = "text (.txt), Markdown (.md), HTML (.html) or PDF (.pdf)"
UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
MOST_KEPT = 32
"""Texts that are kept, so that a file which has not changed is not read again with every check."""

_texts: dict[tuple[str, str], SourceText] = {}
"""By kind and digest of the file."""


class ForbiddenFile(CommandError):
    """A file that no case may name."""


def read_source(name: str, *, folder: Path) -> SourceText:
    """Read the file of a source.

    Args:
        name: The file, relative to the folder of the case.
        folder: The folder of the case.

    Raises:
        ForbiddenFile: The name leads out of the folder, or to a file of another kind.
        UnreadableSource: The file is missing, too large, binary, damaged, or has no text.
    """
    path = checked_path(name, folder=folder)
    shown = in_one_line(name)
    try:
        data = read_bytes(path, limit=MOST_BYTES, what="the text of a source")
    except CommandError as error:
        raise UnreadableSource(str(error).replace(str(path), shown)) from None
    return _kept(data, KINDS[path.suffix.lower()], shown)


def checked_path(name: str, *, folder: Path) -> Path:
    """Find the file that a case names, and check that a case may name it.

    Raises:
        ForbiddenFile: It may not.
    """
    shown = in_one_line(name)
    plain = PurePosixPath(name.replace("\\", "/"))
    if is_remote(name):
        raise ForbiddenFile(
            f"{shown} is an address. A case names files beside it: download the text, and name the file."
        )
    if plain.is_absolute() or ".." in plain.parts or ":" in name or name.startswith("~"):
        raise ForbiddenFile(
            f"{shown} lies outside the folder of the case. Copy the text into that folder, and name it from there."
        )
    if any(part.startswith(".") for part in plain.parts):
        raise ForbiddenFile(f"{shown} is a hidden file, which no case may name. Rename it.")
    if plain.suffix.lower() not in KINDS:
        raise ForbiddenFile(f"{shown} is of no kind that can be read: {READABLE}.")
    try:
        path, home = (folder / plain).resolve(), folder.resolve()
    except (OSError, ValueError, RuntimeError):
        raise ForbiddenFile(f"{shown}: a file cannot have this name.") from None
    if not path.is_relative_to(home) or path.suffix.lower() not in KINDS:
        raise ForbiddenFile(
            f"{shown} is a link that leads out of the folder of the case. Put a copy of the text in its place."
        )
    return path


def _kept(data: bytes, kind: str, shown: str) -> SourceText:
    key = (kind, sha256(data).hexdigest())
    text = _texts.pop(key, None) or _parsed(data, kind, shown)
    _texts[key] = text  # The newest is the last.
    while len(_texts) > MOST_KEPT:
        del _texts[next(iter(_texts))]
    return text


def _parsed(data: bytes, kind: str, shown: str) -> SourceText:
    if kind == "text":
        return _bounded(split_plain(_decoded(data, shown)), shown)
    if kind == "pdf" and not data.lstrip().startswith(b"%PDF-"):
        raise UnreadableSource(f"{shown} is no PDF, whatever its name says.")
    if kind == "markdown":
        data = _decoded(data, shown).encode()
    if kind == "html" and b"\0" in data and data[:2] not in UTF_16:
        raise _binary(shown)
    return _bounded(read_apart(data, kind, shown), shown)


def _decoded(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-16" if data[:2] in UTF_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise _binary(shown) from None
    if "\0" in text:
        raise _binary(shown)
    return text


def _binary(shown: str) -> UnreadableSource:
    return UnreadableSource(
        f"{shown} is binary, or not UTF-8 text. Open it in the program that wrote it, and save it as text in UTF-8."
    )


def _bounded(text: SourceText, shown: str) -> SourceText:
    n_characters = sum(map(len, text.paragraphs))
    if n_characters > MOST_CHARACTERS or len(text) > MOST_PARAGRAPHS:
        raise UnreadableSource(
            f"{shown} is too large: it has {len(text):,} paragraphs of {n_characters:,} characters together. A "
            f"source has at most {MOST_PARAGRAPHS:,} paragraphs and {MOST_CHARACTERS:,} characters: keep the part "
            "that is cited."
        )
    if not text:
        raise UnreadableSource(f"{shown} has no text.")
    return text
