"""The folder of shards: a manifest that says what they are, and a Parquet file for each finished one.

A file is there whole or not at all. So a run that was killed goes on where it stood, and nothing is counted twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from backchannel.files.durable import write_whole
from backchannel.files.inputs import MissingFile, read_text
from backchannel.language.errors import CommandError
from backchannel.scale.columns import DRAW
from backchannel.scale.plan import FORMAT, ShardPlan

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 100_000
NAMES = {
    "case_hash": "the case",
    "backchannel": "the version of Backchannel",
    "seed": "the seed",
    "draws": "the number of draws",
    "size": "the size of a shard",
}
"""What can differ between the plan of a folder and that of a run, in words."""


class ShardStore:
    """The shards of one plan in a folder."""

    def __init__(self, folder: Path, plan: ShardPlan) -> None:
        """Open a folder, or make it.

        Raises:
            CommandError: The folder holds the shards of something else, cannot be read, or cannot be written.
        """
        self.folder, self.plan = folder, plan
        kept = read_manifest(folder)
        if kept is None:
            self._make()
        elif kept != plan:
            raise CommandError(_difference(folder, kept, plan))

    @property
    def missing(self) -> list[range]:
        """The shards that are not finished."""
        return [shard for shard in self.plan.shards if not self._is_finished(shard)]

    def write(self, shard: range, content: bytes) -> None:
        """Keep a finished shard.

        Raises:
            CommandError: It cannot be written; what was kept before is still there.
        """
        write_whole(self._path(shard), content)

    def read(self, names: list[str]) -> Any:
        """Read some columns of all shards, in the order of the draws.

        Args:
            names: The columns; only these are held in memory.

        Returns:
            A DataFrame with a row for each draw.

        Raises:
            CommandError: Some shard is not finished, or a column is missing.
        """
        import pandas as pd
        import pyarrow as pa

        if missing := self.missing:
            raise CommandError(
                f"{self.folder} lacks {len(missing)} of {len(self.plan.shards)} shards. Run the same command again: "
                "it solves those that are missing."
            )
        try:
            parts = [
                pd.read_parquet(self._path(shard), columns=names, engine="pyarrow")
                for shard in self.plan.shards
            ]
        except (pa.ArrowException, OSError, KeyError, ValueError) as error:
            raise CommandError(
                f"{self.folder} cannot be read: {str(error).splitlines()[0]}. Delete the file that is named, and "
                "run the same command again."
            ) from None
        return pd.concat(parts, ignore_index=True)

    def _make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(self.folder.iterdir()):
                raise CommandError(
                    f"{self.folder} has files and no {MANIFEST}, so it is not a folder of shards. Name a new folder."
                )
        except OSError as error:
            raise CommandError(
                f"{self.folder} cannot be made: {error.strerror or error}."
            ) from None
        write_whole(self.folder / MANIFEST, json.dumps(asdict(self.plan), indent=1) + "\n")

    def _path(self, shard: range) -> Path:
        return self.folder / f"draws-{shard.start + 1:09d}-{shard.stop:09d}.parquet"

    def _is_finished(self, shard: range) -> bool:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._path(shard)
        if not path.is_file():
            return False
        try:
            metadata = pq.read_metadata(path)
            return metadata.num_rows == len(shard) and DRAW in metadata.schema.names
        except (pa.ArrowException, OSError):
            return False


def read_manifest(folder: Path) -> ShardPlan | None:
    """Read what the shards of a folder are; `None` if it has no manifest.

    Raises:
        CommandError: The manifest is damaged, or of a newer version.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(read_text(path, limit=LARGEST_MANIFEST, what="a manifest"))
    except MissingFile:
        return None
    except ValueError:
        raise CommandError(f"{path} is damaged. Name a new folder.") from None
    made = content.get("format") if isinstance(content, dict) else None
    if not isinstance(made, int):
        raise CommandError(f"{path} is not a manifest of shards. Name a new folder.")
    if made > FORMAT:
        raise CommandError(
            f"{path} was written by a newer version of Backchannel (format {made}; this one knows {FORMAT}). "
            "Update Backchannel, or name a new folder."
        )
    known = {field.name: field.type for field in fields(ShardPlan)}
    if set(content) != set(known):
        raise CommandError(f"{path} is damaged. Name a new folder.")
    return ShardPlan(**content)


def _difference(folder: Path, kept: ShardPlan, plan: ShardPlan) -> str:
    wrong = [
        f"{words} ({_short(getattr(kept, key))} there, {_short(getattr(plan, key))} now)"
        for key, words in NAMES.items()
        if getattr(kept, key) != getattr(plan, key)
    ]
    return (
        f"{folder} holds shards of “{kept.case}” that do not fit this run: different are {', '.join(wrong)}. "
        "Name a new folder, or run what the folder was made for."
    )


def _short(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)[:12]
