"""Read the samples of a posterior, as `backchannel fit --posterior` writes them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from backchannel.files.inputs import read_bytes
from backchannel.language.correlations import Correlation, correlation_matrix, is_possible
from backchannel.language.distributions import Quantiles
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior

SHARES = tuple(np.linspace(0.01, 0.99, 99).round(2).tolist())
"""Quantiles that describe the distribution of a sampled number."""
SHRUNK = 0.99
"""Factor by which correlations shrink until a joint distribution with all of them exists."""
FEWEST = 100
"""Fewest samples of a number."""
MOST_BYTES = 500_000_000
"""Largest file, and largest content."""
_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    OverflowError,
    MemoryError,
)
"""What the libraries raise on a file that is damaged or in another format."""
NEEDS = f"reading a fit needs more packages: {how_to_install('posterior')}."


@dataclass(frozen=True)
class PosteriorSamples:
    """The posterior of some numbers: the distribution of each, and their correlations."""

    samples: Mapping[ParameterName, np.ndarray]

    def prior(self, name: ParameterName, *, probability: bool) -> Prior:
        """Return one number's distribution, by its quantiles.
        Raises:
            ValueError: The samples cannot be used; the message says why.
        """
        numbers = self.samples[name]
        if len(numbers) < FEWEST or not np.isfinite(numbers).all():
            raise ValueError(f"the fit holds fewer than {FEWEST} samples of {name}.")
        quantiles = np.quantile(numbers, SHARES)
        if not (np.diff(quantiles) > 0).all():
            raise ValueError(f"the fit's samples of {name} do not vary.")
        if probability and not (quantiles[0] > 0 and quantiles[-1] < 1):
            raise ValueError(f"the fit's samples of {name} are not probabilities.")
        points = tuple(zip(SHARES, quantiles.tolist(), strict=True))
        low = 0.0 if probability or numbers.min() > 0 else -math.inf
        return Quantiles(points, low, 1.0 if probability else math.inf)

    def correlations(self, names: list[ParameterName]) -> list[Correlation]:
        """Return rank correlations of some numbers for which a joint distribution exists."""
        if len(names) < 2:
            return []
        ranks = np.array([_ranks(self.samples[name]) for name in names])
        matrix = np.corrcoef(ranks)
        pairs = list(itertools.combinations(range(len(names)), 2))
        while True:
            correlations = [Correlation(names[i], names[j], float(matrix[i, j])) for i, j in pairs]
            if is_possible(correlation_matrix(names, correlations)):
                return correlations
            matrix = matrix * SHRUNK


def read_posterior(path: Path) -> PosteriorSamples:
    """Read the group `posterior` of a netCDF file in ArviZ's layout.

    Raises:
        CommandError: It cannot be read, is too large, or holds no samples.
    """
    data = read_bytes(path, limit=MOST_BYTES, what="a fit")
    try:
        import xarray as xr

        from backchannel.case.lower.posterior_file import GROUP, unwanted

        with xr.open_dataset(
            BytesIO(data),
            group=GROUP,
            engine="h5netcdf",
            drop_variables=unwanted(data, file=path.name, limit=MOST_BYTES),
        ) as dataset:
            samples = {
                str(name): _flat(variable)
                for name, variable in dataset.data_vars.items()
                if _is_one(variable)
            }
    except ImportError:
        raise CommandError(NEEDS) from None
    except _DAMAGED as error:
        if "h5netcdf" in str(error) and "engine" in str(error):
            raise CommandError(NEEDS) from None
        raise CommandError(
            f"{path.name} holds no posterior. `backchannel fit CASE DATA --posterior FILE` writes one."
        ) from None
    return PosteriorSamples(samples)


def _is_one(variable: Any) -> bool:
    return set(variable.dims) == {"chain", "draw"}


def _flat(variable: Any) -> np.ndarray:
    return np.asarray(variable.values, float).ravel()


def _ranks(numbers: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
