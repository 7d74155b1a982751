"""The stamp of a shard: what its draws are draws of, written into its file by whoever solved it.

A shard that was solved by a worker with another version, or a file that was copied from another folder, has another
stamp than the run expects, so it is never counted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from backchannel.answers.ledger_entries import case_hash
from backchannel.case.lowered import Lowered

STAMP = "shard"
"""Key of the stamp in the notes of a shard's file."""
NOTES = b"PANDAS_ATTRS"
"""Key under which pandas keeps the notes of a table in a Parquet file."""
WORDS = {
    "case_hash": "the case",
    "backchannel": "the version of Backchannel",
    "seed": "the seed",
    "first": "the first draw",
    "last": "the last draw",
}
"""What can differ between two stamps, in words."""


@dataclass(frozen=True)
class Stamp:
    """What the draws of a shard are draws of. Two shards with equal stamps have equal draws."""

    case_hash: str
    """Hash of what the case says, and of its priors."""
    backchannel: str
    """Version of the program that solved it."""
    seed: int
    first: int
    """Its first draw, counted from 1."""
    last: int


def hash_of(lowered: Lowered) -> str:
    """Hash of everything that draws depend on.

    Priors are not in the case's text alone: a scenario moves them, and a fit that the case names has its own file.
    """
    priors = [*sorted(lowered.priors.items()), *lowered.correlations]
    return hashlib.sha256(f"{case_hash(lowered.case)} {priors!r}".encode()).hexdigest()


def stamp_of(lowered: Lowered, draws: range, seed: int) -> Stamp:
    """The stamp of draws that this process solves.

    Args:
        lowered: The case.
        draws: The draws, counted from 0.
        seed: The seed of the whole run.
    """
    return Stamp(
        case_hash=hash_of(lowered),
        backchannel=version("backchannel"),
        seed=seed,
        first=draws.start + 1,
        last=draws.stop,
    )


def stamp_notes(stamp: Stamp) -> dict[str, Any]:
    """A stamp as it stands among the notes of a table."""
    return {STAMP: asdict(stamp)}


def read_stamp(shard: Path | bytes) -> Stamp | None:
    """Read the stamp of a shard, from its file or from what a file will hold; `None` if it is no whole shard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.read_metadata(BytesIO(shard) if isinstance(shard, bytes) else shard)
        notes = json.loads((about.metadata or {}).get(NOTES, b"{}"))
        given = notes.get(STAMP, {})
    except (pa.ArrowException, OSError, ValueError, AttributeError, RecursionError):
        return None
    if not isinstance(given, dict) or set(given) != {field.name for field in fields(Stamp)}:
        return None
    stamp = Stamp(**given)
    return stamp if about.num_rows == stamp.last - stamp.first + 1 else None


def stamp_difference(there: Stamp, expected: Stamp) -> str:
    """Say what differs between two stamps.

    >>> stamp_difference(Stamp("a", "1", 0, 1, 16), Stamp("a", "1", 3, 1, 16))
    'the seed (0 there, 3 expected)'
    """
    return ", ".join(
        f"{words} ({short(getattr(there, key))} there, {short(getattr(expected, key))} expected)"
        for key, words in WORDS.items()
        if getattr(there, key) != getattr(expected, key)
    )


def short(value: Any) -> str:
    """A number with separators, or the beginning of a hash or version."""
    return f"{value:,}" if isinstance(value, int) else str(value)[:12]
