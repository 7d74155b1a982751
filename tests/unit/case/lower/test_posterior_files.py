"""What a netCDF file claims is looked at first: few bytes can claim many, and name other files."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from backchannel.case.lower import posterior
from backchannel.case.lower.posterior import read_posterior
from backchannel.estimation.posterior import Posterior
from backchannel.files.marks import is_samples
from backchannel.language.errors import CommandError

h5py = pytest.importorskip("h5py")
pytest.importorskip("h5netcdf")
xr = pytest.importorskip("xarray")

BIG = 4_000_000_000


def write(path, change):
    """A fit of one number, and something done to the file by hand."""
    places = {"chain": np.arange(2), "draw": np.arange(100)}
    numbers = {"a": (("chain", "draw"), np.random.default_rng(0).normal(size=(2, 100)))}
    made = xr.Dataset(numbers, coords=places)
    made.to_netcdf(path, group="posterior", engine="h5netcdf")
    with h5py.File(path, "a") as content:
        change(content["posterior"])
    return path


def scale(group, name, size):
    """A dimension of so many places, none of which was ever written."""
    made = group.create_dataset(name, shape=(size,), dtype="f8", chunks=(1000,), compression="gzip")
    made.make_scale(name)
    return made


def claimed(group):
    """A number with 30 GB of samples; the file has some kilobytes."""
    del group["a"], group["draw"]
    draw = scale(group, "draw", BIG)
    made = group.create_dataset(
        "a", shape=(2, BIG), dtype="f8", chunks=(1, 1000), compression="gzip"
    )
    made.dims[0].attach_scale(group["chain"])
    made.dims[1].attach_scale(draw)


def long_index(group):
    """A list of places that is read along with every variable on it."""
    del group["a"], group["draw"]
    scale(group, "draw", BIG)


def wide_piece(group):
    """Few numbers, in one packed piece of which most is never looked at."""
    del group["a"]
    made = group.create_dataset(
        "a", shape=(2, 100), maxshape=(None, None), dtype="f8", chunks=(8_000, 8_000),
        compression="gzip",
    )  # fmt: skip
    made.dims[0].attach_scale(group["chain"])
    made.dims[1].attach_scale(group["draw"])


@pytest.mark.parametrize("change", [claimed, long_index, wide_piece])
def test_a_fit_that_claims_gigabytes_is_refused_at_once(tmp_path, change):
    """Reading it would lay them out."""
    path = write(tmp_path / "fit.nc", change)
    assert path.stat().st_size < 200_000
    began = time.process_time()
    with pytest.raises(CommandError, match="claims to hold more than 500,000,000 bytes"):
        read_posterior(path)
    assert time.process_time() - began < 5


def outside(group):
    """The bytes of another file as samples."""
    group.create_dataset("b", shape=(100,), dtype="f8", external=[("/dev/zero", 0, 800)])


def linked(group):
    """A group of another file, anywhere in this one."""
    group.file["elsewhere"] = h5py.ExternalLink("other.h5", "/")


def pieced(group):
    """A variable put together of other files'."""
    layout = h5py.VirtualLayout(shape=(100,), dtype="f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(100,))
    group.create_virtual_dataset("b", layout)


@pytest.mark.parametrize("change", [outside, linked, pieced])
def test_a_fit_that_takes_its_numbers_from_other_files_is_refused(tmp_path, change):
    """A device or a pipe could stand there, or what is no business of the case."""
    os.mkfifo(tmp_path / "other.h5")
    with pytest.raises(CommandError, match="refers to other files"):
        read_posterior(write(tmp_path / "fit.nc", change))


def test_what_else_is_in_the_file_is_left_alone(tmp_path):
    """ArviZ keeps large arrays beside the numbers; they are neither read nor counted."""

    def add(group):
        scale(group, "seen", BIG)
        made = group.create_dataset("y", shape=(2, 100, BIG), dtype="f8", chunks=(1, 1, 1000))
        for i, name in enumerate(("chain", "draw", "seen")):
            made.dims[i].attach_scale(group[name])

    found = read_posterior(write(tmp_path / "fit.nc", add))
    assert set(found.samples) == {"a"}
    np.testing.assert_array_equal(
        found.samples["a"], np.random.default_rng(0).normal(size=(2, 100)).ravel()
    )


def test_the_limit_counts_the_samples(tmp_path, monkeypatch):
    """Two chains of a hundred, each of eight bytes, and their places."""
    path = write(tmp_path / "fit.nc", lambda group: None)
    monkeypatch.setattr(posterior, "MOST_BYTES", path.stat().st_size)
    assert set(read_posterior(path).samples) == {"a"}
    monkeypatch.setattr(posterior, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(CommandError, match="a fit may have at most"):
        read_posterior(path)


@pytest.mark.parametrize("data", [b"", b"\x89HDF\r\n\x1a\n" + b"\xff" * 5_000, b"case: x\n"])
def test_a_damaged_file_is_told(tmp_path, data):
    """In words, whatever the libraries say."""
    (tmp_path / "fit.nc").write_bytes(data)
    with pytest.raises(CommandError, match="holds no posterior"):
        read_posterior(tmp_path / "fit.nc")


def test_samples_replace_samples_and_nothing_else(tmp_path):
    """A cell of a notebook is run again and again; a table is not what it wrote."""
    ones = np.ones(1)
    samples = np.random.default_rng(1).normal(size=(2, 100, 1))
    made = Posterior(("a",), samples, samples[..., 0], samples[..., 0] > 9, ones, ones, ones, ())
    made.save(tmp_path / "fit.nc")
    made.save(tmp_path / "fit.nc")
    assert is_samples((tmp_path / "fit.nc").read_bytes())
    assert set(read_posterior(tmp_path / "fit.nc").samples) == {"a"}
    write(tmp_path / "theirs.nc", lambda group: None)
    before = (tmp_path / "theirs.nc").read_bytes()
    with pytest.raises(CommandError, match=r"did not write it.*pass force=True to replace it"):
        made.save(tmp_path / "theirs.nc")
    assert (tmp_path / "theirs.nc").read_bytes() == before
    made.save(tmp_path / "theirs.nc", force=True)
    assert is_samples((tmp_path / "theirs.nc").read_bytes())


@pytest.mark.parametrize("where", ["/posterior/a", "/nowhere", "/posterior/link"])
def test_a_link_inside_of_the_file_is_named(tmp_path, where):
    """It leads to other samples of the file, to nothing, or to itself; none of it is another file."""
    path = write(tmp_path / "x.nc", lambda group: group.__setitem__("link", h5py.SoftLink(where)))
    with pytest.raises(CommandError, match="holds a link, link, in place of samples"):
        read_posterior(path)
