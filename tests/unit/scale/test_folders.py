"""Folders of shards that cannot be used: each is told in one line that names the file and the remedy."""

from __future__ import annotations

import errno
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backchannel import CommandError, Study
from backchannel.case.lower.shifted import shifted
from backchannel.cli import main
from backchannel.files import durable
from backchannel.scale.columns import DRAW
from backchannel.scale.manifest import MANIFEST
from backchannel.scale.plan import plan_shards
from backchannel.scale.sharded import ShardedDraws
from backchannel.scale.solve_sharded import solve_sharded
from backchannel.scale.store import ShardStore
from tests.helpers import CANAL

DRAWS, SIZE, SEED = 48, 16, 3


@pytest.fixture(scope="module")
def lowered():
    return Study.load(CANAL).lowered


@pytest.fixture(scope="module")
def solved(lowered, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("solved") / "shards"
    solve_sharded(lowered, folder, draws=DRAWS, seed=SEED, size=SIZE)
    return folder


@pytest.fixture
def folder(solved, tmp_path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(solved, tmp_path / "shards"))


def again(lowered, folder: Path, seed: int = SEED) -> ShardedDraws:
    """The same run once more."""
    return solve_sharded(lowered, folder, draws=DRAWS, seed=seed, size=SIZE)


def shard_files(folder: Path) -> list[Path]:
    """The files of the shards, in order."""
    return sorted(folder.glob("draws-*.parquet"))


def test_a_shard_of_another_run_is_refused_by_name(lowered, folder, tmp_path):
    """A file that somebody copied into the folder is not counted."""
    again(lowered, tmp_path / "other", seed=4)
    file = shard_files(folder)[1]
    shutil.copy(shard_files(tmp_path / "other")[1], file)
    told = re.escape(
        f"{file} does not belong to this run: different are the seed (4 there, 3 expected)."
    )
    with pytest.raises(CommandError, match=told):
        again(lowered, folder)


def test_a_shard_under_the_name_of_another_is_refused(lowered, folder):
    """Its draws would be counted twice."""
    first, second, _ = shard_files(folder)
    shutil.copy(first, second)
    with pytest.raises(CommandError, match=r"the first draw \(1 there, 17 expected\)"):
        again(lowered, folder)


def test_a_case_whose_slider_was_moved_is_another_case(lowered, folder):
    """Its text is the same; its priors are not."""
    name = next(name for name, prior in lowered.priors.items() if not prior.is_fixed)
    with pytest.raises(CommandError, match="different are the case"):
        again(shifted(lowered, {name: 1.0}), folder)


def test_a_damaged_file_is_named_and_solved_again_when_it_is_deleted(lowered, folder):
    """Damage in the middle of a file, which its end does not show."""
    file = shard_files(folder)[1]
    content = bytearray(file.read_bytes())
    footer = int.from_bytes(content[-8:-4], "little") + 8
    for i in range(4, len(content) - footer):
        content[i] ^= 0xFF
    file.write_bytes(content)
    damaged = again(lowered, folder)
    with pytest.raises(CommandError, match=f"{re.escape(str(file))} is damaged: .+ Delete this"):
        damaged.to_frame()
    file.unlink()
    assert again(lowered, folder).to_frame().notna().any(axis=None)


def test_a_full_disk_ends_the_run_with_one_line_and_keeps_what_was_there(
    lowered, tmp_path, monkeypatch
):
    """With room on the disk, the run goes on where it stood."""
    synchronise, written = durable.os.fsync, []

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) > 4:  # The manifest and its folder, then the first shard and its folder.
            raise OSError(errno.ENOSPC, "No space left on device")
        synchronise(handle)

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(CommandError, match=r"No space left on device\. Finished shards are kept"):
        again(lowered, tmp_path / "s")
    monkeypatch.undo()
    assert [file.name for file in (tmp_path / "s").iterdir() if file.name != MANIFEST] == [
        "draws-000000001-000000016.parquet"
    ]
    draws = again(lowered, tmp_path / "s")
    assert np.array_equal(draws.store.read([DRAW])[DRAW], np.arange(1, DRAWS + 1))


def test_a_process_that_was_killed_before_the_manifest_leaves_a_folder_that_can_be_used(
    lowered, tmp_path
):
    """Its temporary file is nobody's."""
    (tmp_path / ".manifest.json.4711.0123abcd.part").write_text("{")
    store = ShardStore(tmp_path, plan_shards(lowered, draws=DRAWS, seed=SEED))
    assert len(store.missing) == 1


def test_a_file_is_no_folder(lowered, tmp_path):
    """Also where Python names it."""
    (tmp_path / "s").write_text("dear")
    with pytest.raises(CommandError, match="s cannot be"):
        again(lowered, tmp_path / "s")
    done = CliRunner().invoke(main, ["shards", str(CANAL), "--out", str(tmp_path / "s")])
    assert done.exit_code == 2
    assert (tmp_path / "s").read_text() == "dear"


def test_a_manifest_that_is_nested_without_end_is_damaged(lowered, tmp_path):
    """It is read from a folder that anybody may have made."""
    (tmp_path / MANIFEST).write_text("[" * 90_000)
    with pytest.raises(CommandError, match="damaged"):
        again(lowered, tmp_path)


def test_without_parquet_the_user_hears_how_to_install_it(lowered, tmp_path, monkeypatch):
    """Also from Python, and before anything is solved."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CommandError, match=r"pip install 'backchannel\[parquet\]'"):
        again(lowered, tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_number_may_be_called_like_a_column(tmp_path):
    """What says whether play converged is never a number of the case."""
    text = CANAL.read_text().replace("war_cost", "converged")
    named = Study.load(text)
    draws = solve_sharded(named.lowered, tmp_path / "s", draws=16, seed=0, size=16)
    assert draws.converged.dtype == bool
    assert not np.array_equal(draws.number("converged"), draws.converged)
