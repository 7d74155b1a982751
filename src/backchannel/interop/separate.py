"""Find the parents that a node needs: the stages that distinguish its contexts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int


def fewest_that_separate(
    value: Int[np.ndarray, "path stage"],
    classes: Int[np.ndarray, " path"],
    candidates: Sequence[int],
) -> list[int] | None:
    """Find few stages whose values distinguish the classes of the paths.

    Args:
        value: What happened at each stage on each path.
        classes: The class of each path.
        candidates: Stages that may be used, in order of time; the earliest are dropped first.

    Returns:
        The stages, or `None` if all of them together do not distinguish the classes.

    >>> value = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> fewest_that_separate(value, np.array([0, 1, 0, 1]), [0, 1])
    [1]
    """
    # Sums of random 64-bit numbers represent rows of values; two rows share a sum with a
    # probability of about 1 in 10^9 for the largest trees.
    rng = np.random.default_rng(0)
    highest = int(value.max(initial=0)) + 2
    marks = rng.integers(0, 2**63, size=(value.shape[1], highest), dtype=np.uint64)
    own = {stage: marks[stage, value[:, stage] + 1] for stage in candidates}
    total = np.zeros(len(value), dtype=np.uint64)
    for mark in own.values():
        total = total + mark
    if not _separates(total, classes):
        return None
    kept: list[int] = []
    at, together = 0, 1
    # Stages that separate the classes also do so with more stages: so if several can be dropped at
    # once, each could have been dropped alone.
    while at < len(candidates):
        tried = candidates[at : at + together]
        without = total
        for stage in tried:
            without = without - own[stage]
        if _separates(without, classes):
            total = without
            at += len(tried)
            together *= 2
        elif together > 1:
            together //= 2
        else:
            kept.append(candidates[at])
            at += 1
    return kept


def _separates(rows: np.ndarray, classes: np.ndarray) -> bool:
    order = np.lexsort((classes, rows))
    same_row = rows[order][1:] == rows[order][:-1]
    return bool((classes[order][1:] == classes[order][:-1])[same_row].all())
