"""The folder of shards: a manifest that says what they are, and a Parquet file for each finished one.

A file is written whole or not at all. So a run that was killed can be continued, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from backchannel.files.durable import write_whole
from backchannel.files.leftovers import is_temporary
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.scale.manifest import MANIFEST, check_plan, manifest_text, read_manifest
from backchannel.scale.plan import ShardPlan
from backchannel.scale.stamp import read_stamp, stamp_difference

KEPT = "Finished shards are kept: run the same command again."
"""What every message about a run that had to stop ends with."""
WITHOUT_PARQUET = f"Shards need one more package: {how_to_install('parquet')}."


def name_of_shard(shard: range) -> str:
    """Name a shard by its draws, counted from 1.

    >>> name_of_shard(range(1024, 2048))
    'draws 1,025 to 2,048'
    """
    return f"draws {shard.start + 1:,} to {shard.stop:,}"


class ShardStore:
    """The shards of one plan in a folder."""

    def __init__(self, folder: Path, plan: ShardPlan) -> None:
        """Open a folder, or make it.

        Raises:
            CommandError: The folder holds the shards of something else, cannot be read, or cannot be written; or
                pyarrow is not installed.
        """
        try:
            import pyarrow  # noqa: F401 (asked before anything is solved)
        except ImportError:
            raise CommandError(WITHOUT_PARQUET) from None
        self.folder, self.plan = folder, plan
        kept = read_manifest(folder)
        if kept is None:
            self._make()
        else:
            check_plan(folder, kept, plan)

    @property
    def missing(self) -> list[range]:
        """The shards that are not finished.

        Raises:
            CommandError: A file holds draws of something else.
        """
        return [shard for shard in self.plan.shards if not self._is_finished(shard)]

    def write(self, shard: range, content: bytes) -> None:
        """Keep a finished shard.

        Raises:
            CommandError: It is another shard, or cannot be written; what was kept before is still there.
        """
        # Worker processes of one version can still differ, as while somebody works on the program.
        if read_stamp(content) != self.plan.stamp(shard):
            raise CommandError(
                f"What was solved is not {name_of_shard(shard)} of this case: a worker may have another version of "
                f"Backchannel. {KEPT}"
            )
        try:
            write_whole(self._path(shard), content)
        except CommandError as error:
            raise CommandError(f"{error} {KEPT}") from None

    def read(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Read some columns of all shards, in the order of the draws.

        Args:
            names: The columns; only these are held in memory.

        Returns:
            Each column, with a number for each draw.

        Raises:
            CommandError: Some shard is not finished or is damaged.
        """
        columns: dict[str, np.ndarray] = {}
        for shard in self.plan.shards:
            for name, part in self._read_part(shard, names).items():
                if name not in columns:
                    columns[name] = np.empty(self.plan.draws, part.dtype)
                columns[name][shard.start : shard.stop] = part
        return columns

    def _read_part(self, shard: range, names: Sequence[str]) -> dict[str, np.ndarray]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._path(shard)
        try:
            table = pq.read_table(path, columns=list(names), page_checksum_verification=True)
            if table.num_rows != len(shard):
                raise ValueError(f"it has {table.num_rows:,} draws, not {len(shard):,}")
            return {name: table.column(name).to_numpy() for name in names}
        except FileNotFoundError:
            raise CommandError(
                f"{self.folder} lacks {len(self.missing)} of {len(self.plan.shards)} shards. Run the same command "
                "again: it solves those that are missing."
            ) from None
        except (pa.ArrowException, OSError, KeyError, ValueError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
            raise CommandError(
                f"{path} is damaged: {reason}. Delete this file, and run the same command again: it solves these "
                "draws once more."
            ) from None

    def _make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A process that was killed before it had written the manifest may have left a temporary file.
            if any(not is_temporary(entry.name) for entry in self.folder.iterdir()):
                raise CommandError(
                    f"{self.folder} has files and no {MANIFEST}, so it is not a folder of shards. Name a new folder."
                )
        except OSError as error:
            raise CommandError(
                f"{self.folder} cannot be made: {error.strerror or error}."
            ) from None
        write_whole(self.folder / MANIFEST, manifest_text(self.plan))

    def _path(self, shard: range) -> Path:
        return self.folder / f"draws-{shard.start + 1:09d}-{shard.stop:09d}.parquet"

    def _is_finished(self, shard: range) -> bool:
        path = self._path(shard)
        if not path.is_file():
            return False
        stamp, expected = read_stamp(path), self.plan.stamp(shard)
        if stamp is not None and stamp != expected:
            raise CommandError(
                f"{path} does not belong to this run: different are {stamp_difference(stamp, expected)}. Delete this "
                "file, or name a new folder."
            )
        return stamp is not None
