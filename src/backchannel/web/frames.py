"""Frames: what the workbench and its child processes exchange over a pair of pipes.

A frame is a small JSON object and any number of texts. Only JSON and text are exchanged, so a frame is never more
than data, and a text of megabytes is copied without being parsed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import IO, Any, TypeAlias

FrameHead: TypeAlias = dict[str, Any]
_SIZE = struct.Struct(">Q")


def write_frame(stream: IO[bytes], head: FrameHead, texts: Sequence[str] = ()) -> None:
    """Send a frame.

    Raises:
        OSError: The other side has ended.
    """
    parts = [json.dumps(head).encode(), *(text.encode("utf-8", "surrogatepass") for text in texts)]
    sizes = [len(parts), *(len(part) for part in parts)]
    stream.write(b"".join([*map(_SIZE.pack, sizes), *parts]))
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[FrameHead, list[str]] | None:
    """Receive a frame; None: the other side has ended.

    >>> import io
    >>> pipe = io.BytesIO()
    >>> write_frame(pipe, {"do": "check"}, ["a text"])
    >>> _ = pipe.seek(0)
    >>> read_frame(pipe)
    ({'do': 'check'}, ['a text'])
    >>> read_frame(pipe)
    """
    count = _number(stream)
    if count is None:
        return None
    sizes = [_number(stream) for _ in range(count)]
    parts = [stream.read(size or 0) for size in sizes]
    if any(len(part) != size for part, size in zip(parts, sizes, strict=True)):
        return None
    return json.loads(parts[0]), [part.decode("utf-8", "surrogatepass") for part in parts[1:]]


def _number(stream: IO[bytes]) -> int | None:
    data = stream.read(_SIZE.size)
    return int(_SIZE.unpack(data)[0]) if len(data) == _SIZE.size else None
