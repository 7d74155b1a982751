"""Unpacking: what is packed in a file, and never more of it than was asked for."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from pathlib import Path
from typing import Any

from backchannel.language.errors import CommandError

MEMORY = 128 << 20
"""Bytes that unpacking .xz may take; its highest usual level takes 65 MB."""

MOST_PIECES = 20_000
"""Packed pieces that follow each other in one file; programs that pack block by block make so many."""
PIECE = 1 << 20

_NOT_ZERO = re.compile(rb"[^\0]")

PACKED = {
    ".gz": lambda: zlib.decompressobj(wbits=31),
    ".bz2": bz2.BZ2Decompressor,
    ".xz": lambda: lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MEMORY),
}
"""How each ending is unpacked."""
UNREAD = (".zip", ".zst", ".tar", ".tgz", ".7z")
"""Endings of packed files that are not read."""


def unpack(data: bytes, packing: str, *, limit: int, path: Path, what: str) -> bytes:
    """Unpack bytes, and stop where they become more than `limit`.

    Args:
        data: What is packed; several pieces may follow each other.
        packing: The ending, one of `PACKED`.
        limit: The most bytes that may come out.
        path: The file, for messages.
        what: What it is, for messages: "a table".

    Raises:
        CommandError: It is not packed so, is cut off or damaged, or holds more.
    """
    out = bytearray()
    at = pieces = 0
    try:
        while at < len(data):
            one, pieces = PACKED[packing](), pieces + 1
            if pieces > MOST_PIECES:
                raise ValueError
            while not one.eof:
                taken = _next(one, data, at)
                at += len(taken) if taken is not None else 0
                rest = getattr(one, "unconsumed_tail", b"") if taken is None else taken
                out += one.decompress(rest, limit + 1 - len(out))
                if len(out) > limit:
                    raise CommandError(
                        f"{path} holds more than {limit:,} bytes when it is unpacked; {what} may have "
                        "at most so many."
                    )
            at -= len(one.unused_data)
            # Some programs fill the end with zeros.
            more = _NOT_ZERO.search(data, at)
            at = more.start() if more else len(data)
    except EOFError:
        raise CommandError(f"{path} cannot be unpacked as {packing}: it is cut off.") from None
    except (zlib.error, OSError, lzma.LZMAError, ValueError):
        raise CommandError(f"{path} cannot be unpacked as {packing}: it is damaged.") from None
    return bytes(out)


def _next(one: Any, data: bytes, at: int) -> bytes | None:
    """What is to be taken in next; None while there is something in hand."""
    # zlib hands back what it could not take in, the others keep it.
    if getattr(one, "unconsumed_tail", b"") or not getattr(one, "needs_input", True):
        return None
    taken = data[at : at + PIECE]
    if not taken:
        raise EOFError
    return taken
