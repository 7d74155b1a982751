"""Corners of the priors: the medians and the ends of priors, where the tables of a case are most likely to break."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior

CORNER = 0.001
"""Quantile that counts as the end of a prior."""
TOGETHER = 1_000_000
"""Most numbers of one table, over all corners, that are evaluated at once."""
MIXED_CORNERS = 24
"""Number of corners at which every number is at a random end of its prior."""


def corners(priors: Mapping[ParameterName, Prior]) -> Mapping[ParameterName, np.ndarray]:
    """List corners: the medians; each number at both ends, the others at their medians; random ends."""
    return _Corners(priors)


class _Corners(Mapping[ParameterName, np.ndarray]):
    """The value of every number at every corner, computed on demand: all at once would take too much memory."""

    def __init__(self, priors: Mapping[ParameterName, Prior]) -> None:
        self._priors = priors
        generator = np.random.default_rng(0)
        low = [generator.random(len(priors)) < 0.5 for _ in range(MIXED_CORNERS)]
        self._mixed = dict(zip(priors, np.where(low, 0, 2).T, strict=True))
        uncertain = [name for name, prior in priors.items() if not prior.is_fixed]
        self._first = {name: 1 + 2 * i for i, name in enumerate(uncertain)}
        self._count = 1 + 2 * len(uncertain) + MIXED_CORNERS

    def __getitem__(self, name: ParameterName) -> np.ndarray:
        mixed = self._mixed[name]
        levels = np.full(self._count, 1)
        if name in self._first:
            levels[self._first[name] : self._first[name] + 2] = 0, 2
        levels[-MIXED_CORNERS:] = mixed
        return self._priors[name].quantile(np.array([CORNER, 0.5, 1 - CORNER]))[levels]

    def __iter__(self) -> Iterator[ParameterName]:
        return iter(self._priors)

    def __len__(self) -> int:
        return len(self._priors)


def pieces(
    numbers: Mapping[ParameterName, np.ndarray], names: Collection[str], cells: int
) -> Iterator[Mapping[ParameterName, np.ndarray]]:
    """Yield the corners at which some numbers differ from their medians, in pieces of limited size.

    Args:
        numbers: The result of `corners`; the medians come first.
        names: The names that a table depends on.
        cells: The number of its cells, at one corner.
    """
    own = {name: numbers[name] for name in names if name in numbers}
    if not own:
        yield {}
        return
    differ = np.any([row != row[0] for row in own.values()], axis=0)
    differ[0] = True
    which = np.flatnonzero(differ)
    together = max(1, TOGETHER // max(cells, 1))
    for start in range(0, len(which), together):
        chosen = which[start : start + together]
        yield {name: row[chosen] for name, row in own.items()}
