"""The folder of compiled programs: whose it is, what goes into it, and how much."""

from __future__ import annotations

import os
from pathlib import Path

import jax
import pytest

from backchannel.machine import compile_cache
from backchannel.machine.compile_cache import keep_compiled


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that JAX is told to use."""
    told: list[str] = []

    def update(name: str, value: object) -> None:
        if name == "jax_compilation_cache_dir":
            told.append(str(value))

    monkeypatch.setattr(jax.config, "update", update)
    return told


def stored(folder: Path, name: str, *, size: int, age: float) -> Path:
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


def test_programs_go_where_the_user_says(tmp_path, monkeypatch, chosen) -> None:
    monkeypatch.setenv("BACKCHANNEL_CACHE", str(tmp_path / "deep" / "cache"))
    keep_compiled()
    assert chosen == [str(tmp_path / "deep" / "cache")]
    assert (tmp_path / "deep" / "cache").stat().st_mode & 0o077 == 0


def test_an_empty_name_turns_it_off(monkeypatch, chosen) -> None:
    monkeypatch.setenv("BACKCHANNEL_CACHE", "")
    keep_compiled()
    assert chosen == []


@pytest.mark.skipif(os.name != "posix", reason="Other systems have other rights.")
@pytest.mark.parametrize("rights", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_is_not_used(tmp_path, monkeypatch, chosen, rights) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(rights)
    monkeypatch.setenv("BACKCHANNEL_CACHE", str(folder))
    keep_compiled()
    assert chosen == []


def test_a_folder_that_cannot_be_made_is_not_used(tmp_path, monkeypatch, chosen) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BACKCHANNEL_CACHE", str(tmp_path / "file" / "cache"))
    keep_compiled()
    assert chosen == []


def test_the_oldest_programs_go_and_nothing_else_does(tmp_path, monkeypatch, chosen) -> None:
    monkeypatch.setenv("BACKCHANNEL_CACHE", str(tmp_path))
    monkeypatch.setattr(compile_cache, "MOST_STORED", 250)
    tmp_path.chmod(0o700)
    old = stored(tmp_path, "jit_a-1-cache", size=100, age=30)
    middle = stored(tmp_path, "jit_b-2-cache", size=100, age=20)
    new = stored(tmp_path, "jit_c-3-cache", size=100, age=10)
    other = stored(tmp_path, "notes.txt", size=1000, age=40)
    keep_compiled()
    assert [path.exists() for path in (old, middle, new, other)] == [False, True, True, True]
