"""Keyed random numbers: each is a function of its key, so that all worlds share the same numbers.

A counterfactual compares worlds that differ in one thing only. So no number here depends on what was
drawn before it: each is computed from the seed, its purpose, the draw, the world, and further keys (a
context, a value).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class KeyedRandom:
    """A source of random numbers for some draws, with several worlds in each."""

    seed: int
    draws: Int[np.ndarray, " draw"]
    """Number of each draw in the whole ensemble, so that any subset in any order gets the same numbers."""
    n_worlds: int

    def uniform(
        self, purpose: str, *keys: Int[np.ndarray, "draw world ..."] | int
    ) -> Float[np.ndarray, "draw world ..."]:
        """Draw uniform numbers between 0 and 1, both excluded.

        Args:
            purpose: What they are for; another purpose gets independent numbers.
            keys: Further parts of each number's key, broadcast against draws and worlds.

        Source: Steele, Lea & Flood (2014), the SplitMix64 finaliser, used as a counter-based
        generator (Salmon et al. 2011).

        >>> some = KeyedRandom(0, np.arange(3), 2)
        >>> part = KeyedRandom(0, np.array([2]), 2)
        >>> bool((some.uniform("reply")[2] == part.uniform("reply")[0]).all())
        True
        """
        start = np.uint64(zlib.crc32(purpose.encode()) | (self.seed & 0x7FFFFFFF) << 32)
        with np.errstate(over="ignore"):
            mixed = _mix(np.asarray(start + _STEP))
            mixed = _mix(mixed + self.draws.astype(np.uint64)[:, None] * _STEP + _STEP)
            mixed = _mix(mixed + np.arange(self.n_worlds, dtype=np.uint64) * _STEP + _STEP)
            for key in keys:
                more = np.asarray(key).astype(np.uint64)
                mixed = mixed.reshape(*mixed.shape, *(1,) * (more.ndim - mixed.ndim))
                mixed = _mix(mixed + more * _STEP + _STEP)
        return ((mixed >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53

    def exponential(
        self, purpose: str, *keys: Int[np.ndarray, "draw world ..."] | int
    ) -> Float[np.ndarray, "draw world ..."]:
        """Draw exponential numbers of mean 1."""
        return -np.log(self.uniform(purpose, *keys))


def _mix(bits: np.ndarray) -> np.ndarray:
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))
