"""Calibration: of the events that were given a chance in one range, how many came about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ICD_203


@dataclass(frozen=True)
class Calibration:
    """Events that were given chances in one range, and how many of them came about."""

    word: str
    low: float
    high: float
    events: int
    mean_forecast: float
    came_about: float
    interval: tuple[float, float]
    """90% Wilson interval of the share, as if events were independent."""


def calibrate(
    chance: Float[np.ndarray, " event"], came: Float[np.ndarray, " event"]
) -> tuple[Calibration, ...]:
    """Group chances by the ICD 203 word they fall under, and count what came about."""
    edges = [0.0, *(high for _, high in list(ICD_203.values())[:-1]), 1.0 + 1e-12]
    rows = []
    for word, low, high in zip(ICD_203, edges[:-1], edges[1:], strict=True):
        inside = (chance >= low) & (chance < high)
        count = int(inside.sum())
        if count:
            share = float(came[inside].mean())
            rows.append(
                Calibration(
                    word, low, min(high, 1.0), count, float(chance[inside].mean()), share,
                    _wilson(share, count),
                )
            )  # fmt: skip
    return tuple(rows)


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 90% interval of a share. Source: Wilson (1927)."""
    z = 1.6448536269514722
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))
