"""How tests compile: quickly, where nothing runs for long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_is_quick = [False]
"""Whether programs are compiled with few optimizations; JAX has no way to ask for it."""


def compiles_quickly(config: pytest.Config) -> bool:
    """Whether a run compiles with few optimizations: all do but the long one, unless they are told otherwise."""
    return config.option.markexpr != "long" and os.environ.get("BACKCHANNEL_TESTS") != "optimized"


def compile_quickly(quick: bool) -> None:
    """Compile with few optimizations from now on, or as a user's process does."""
    import jax

    jax.config.update("jax_disable_most_optimizations", quick)
    _is_quick[0] = quick


@contextmanager
def compiled_fully() -> Iterator[None]:
    """Compile as a user's process does; a large game is then solved in half the time."""
    before = _is_quick[0]
    compile_quickly(False)
    try:
        yield
    finally:
        compile_quickly(before)
