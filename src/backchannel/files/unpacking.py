"""Decompress files, up to a size."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from pathlib import Path
from typing import Any

from backchannel.language.errors import CommandError

MEMORY = 128 << 20
"""Memory in bytes for decompressing .xz; its highest usual level needs 65 MB."""

MOST_PIECES = 20_000
"""Most compressed pieces in one file; some programs compress block by block and make many."""
PIECE = 1 << 20

_NOT_ZERO = re.compile(rb"[^\0]")

PACKED = {
    ".gz": lambda: zlib.decompressobj(wbits=31),
    ".bz2": bz2.BZ2Decompressor,
    ".xz": lambda: lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MEMORY),
}
"""The decompressor of each file ending."""
UNREAD = (".zip", ".zst", ".tar", ".tgz", ".7z")
"""Endings of compressed files that cannot be read."""


def unpack(data: bytes, packing: str, *, limit: int, path: Path, what: str) -> bytes:
    """Decompress bytes; stop if they become more than `limit`.

    Args:
        data: The compressed bytes, in one or several pieces.
        packing: The file ending, one of `PACKED`.
        limit: The most bytes after decompression.
        path: The file, for error messages.
        what: What the file is, for error messages: "a table".

    Raises:
        CommandError: The bytes are not in this format, are cut off or damaged, or hold more.
    """
    out = bytearray()
    at = pieces = 0
    try:
        while at < len(data):
            decompressor, pieces = PACKED[packing](), pieces + 1
            if pieces > MOST_PIECES:
                raise ValueError
            while not decompressor.eof:
                taken = _next(decompressor, data, at)
                at += len(taken) if taken is not None else 0
                rest = getattr(decompressor, "unconsumed_tail", b"") if taken is None else taken
                out += decompressor.decompress(rest, limit + 1 - len(out))
                if len(out) > limit:
                    raise CommandError(
                        f"{path} holds more than {limit:,} bytes after decompression, the most that "
                        f"{what} may have."
                    )
            at -= len(decompressor.unused_data)
            # Some programs pad the end with zeros.
            more = _NOT_ZERO.search(data, at)
            at = more.start() if more else len(data)
    except EOFError:
        raise CommandError(f"{path} cannot be decompressed as {packing}: it is cut off.") from None
    except (zlib.error, OSError, lzma.LZMAError, ValueError):
        raise CommandError(f"{path} cannot be decompressed as {packing}: it is damaged.") from None
    return bytes(out)


def _next(decompressor: Any, data: bytes, at: int) -> bytes | None:
    """Return the next input of a decompressor; None while it still has input."""
    # zlib returns the input that it could not use yet; the others keep it.
    if getattr(decompressor, "unconsumed_tail", b"") or not getattr(
        decompressor, "needs_input", True
    ):
        return None
    taken = data[at : at + PIECE]
    if not taken:
        raise EOFError
    return taken
