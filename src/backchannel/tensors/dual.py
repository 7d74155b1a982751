"""Dual numbers in lanes: a table and its slopes by every unknown, worked out side by side.

The slopes of a cell lie next to each other and next to the lanes, so that one elementwise loop
runs over all of them; differentiating the compiled plan instead took three times as long to
compile and twice as long to run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp

Array = Any


@dataclass(frozen=True, eq=False)
class Dual:
    """A table and its slopes; adds, multiplies, divides, sums and is indexed as a table would be."""

    value: Array
    """Axes: those of the table, the lane."""
    slope: Array
    """Axes: those of the table, the unknown, the lane."""

    __array_ufunc__ = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the table."""
        return self.value.shape

    def reshape(self, *shape: int) -> Dual:
        """Give the table another shape; the lanes stay."""
        return Dual(
            self.value.reshape(shape),
            self.slope.reshape(*shape[:-1], *self.slope.shape[-2:]),
        )

    def sum(self, axis: int) -> Dual:
        """Sum along an axis of the table, counted from the front."""
        return Dual(self.value.sum(axis=axis), self.slope.sum(axis=axis))

    def __getitem__(self, index: Any) -> Dual:
        return Dual(self.value[index], self.slope[index])

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        value = self.value + other
        shape = (*value.shape[:-1], *self.slope.shape[-2:])
        return Dual(value, jnp.broadcast_to(self.slope, shape))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.slope - other.slope)
        return self + -other

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            slope = self.slope * _wide(other.value) + _wide(self.value) * other.slope
            return Dual(self.value * other.value, slope)
        return Dual(self.value * other, self.slope * _wide(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.value / other, self.slope / _wide(other))
        value = self.value / other.value
        return Dual(value, (self.slope - _wide(value) * other.slope) / _wide(other.value))

    def __rtruediv__(self, other: Any) -> Dual:
        value = other / self.value
        return Dual(value, -_wide(value / self.value) * self.slope)

    def __eq__(self, other: object) -> Array:  # type: ignore[override]
        return self.value == other


def softmax_with_slope(logits: Dual, probabilities: Callable[[Array], Array]) -> Dual:
    """Probabilities from log-odds along the last axis but one of the table."""
    rule = probabilities(logits.value)
    # An action off the menu has log-odds of -inf, which nothing changes.
    weighted = _wide(rule) * logits.slope
    return Dual(rule, weighted - _wide(rule) * weighted.sum(axis=-3, keepdims=True))


def concatenate(parts: list[Dual]) -> Dual:
    """Put tables one behind the other along their first axis."""
    return Dual(
        jnp.concatenate([part.value for part in parts]),
        jnp.concatenate([part.slope for part in parts]),
    )


def where(condition: Array, yes: Dual, no: float) -> Dual:
    """The table where a condition holds, a number elsewhere."""
    return Dual(jnp.where(condition, yes.value, no), jnp.where(_wide(condition), yes.slope, 0.0))


def _wide(table: Array) -> Array:
    return table[..., None, :]
