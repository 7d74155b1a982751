"""Bars of a terminal, counted by hand: twenty characters, a solid part and a shaded one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from backchannel.console.bars import BAR_WIDTH, bar


def terminal(encoding: str) -> Console:
    """A terminal that can print what an encoding has."""
    return Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding))


@pytest.mark.parametrize(
    ("mean", "high", "drawn"),
    [
        (0.5, 0.75, "█" * 10 + "░" * 5 + " " * 5),
        (0.0, 0.0, " " * 20),
        (1.0, 1.0, "█" * 20),
        # The range of a mean beyond it ends at the mean.
        (0.6, 0.2, "█" * 12 + " " * 8),
        # 20 · 0.02 = 0.4 rounds to nothing, 20 · 0.04 = 0.8 to one.
        (0.02, 0.04, "░" + " " * 19),
    ],
)
def test_a_bar_is_solid_to_the_mean_and_shaded_to_the_upper_end(mean, high, drawn):
    """And always as wide as all other bars."""
    assert bar(mean, high, terminal("utf-8")) == drawn
    assert len(drawn) == BAR_WIDTH


def test_a_terminal_without_blocks_gets_signs_that_it_has():
    """20 · 0.25 = 5 solid, up to 20 · 0.3 = 6."""
    assert bar(0.25, 0.3, terminal("latin-1")) == "#####-" + " " * 14
