"""Priors taken from a fit: the samples of a posterior, as `backchannel fit --posterior` writes them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from backchannel.files.inputs import read_bytes
from backchannel.language.correlations import Correlation, correlation_matrix, is_possible
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior, Quantiles

SHARES = tuple(np.linspace(0.01, 0.99, 99).round(2).tolist())
"""Quantiles that a sampled number is kept by."""
SHRUNK = 0.99
"""Correlations are shrunk by so much at a time until numbers can have all of them at once."""
FEWEST = 100
"""Samples below which there is no distribution to speak of."""
MOST_BYTES = 500_000_000
"""Of the file, and of the samples in it."""
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
"""What the libraries raise on a file that is damaged, or of another kind."""
NEEDS = "reading a fit needs more packages: pip install 'backchannel[posterior]'."


@dataclass(frozen=True)
class Sampled:
    """What a posterior says about some numbers: each one's distribution, and how they move together."""

    samples: Mapping[ParameterName, np.ndarray]

    def prior(self, name: ParameterName, *, probability: bool) -> Prior:
        """One number's distribution, by its quantiles.

        Raises:
            ValueError: The samples are not of such a number; the text says why.
        """
        numbers = self.samples[name]
        if len(numbers) < FEWEST or not np.isfinite(numbers).all():
            raise ValueError(f"the fit holds fewer than {FEWEST} samples of {name}.")
        found = np.quantile(numbers, SHARES)
        if not (np.diff(found) > 0).all():
            raise ValueError(f"the fit's samples of {name} do not vary.")
        if probability and not (found[0] > 0 and found[-1] < 1):
            raise ValueError(f"the fit's samples of {name} are no probabilities.")
        scale = "logit" if probability else "log" if numbers.min() > 0 else "plain"
        return Quantiles(tuple(zip(SHARES, found.tolist(), strict=True)), scale)

    def correlations(self, names: list[ParameterName]) -> list[Correlation]:
        """Rank correlations of some numbers; together they are possible."""
        if len(names) < 2:
            return []
        ranks = np.array([_ranks(self.samples[name]) for name in names])
        matrix = np.corrcoef(ranks)
        pairs = list(itertools.combinations(range(len(names)), 2))
        while True:
            found = [Correlation(names[i], names[j], float(matrix[i, j])) for i, j in pairs]
            if is_possible(correlation_matrix(names, found)):
                return found
            matrix = matrix * SHRUNK


def read_posterior(path: Path) -> Sampled:
    """Read the group `posterior` of a netCDF file, of ours or of another program in ArviZ's layout.

    Raises:
        CommandError: It cannot be read, claims more than is read, or holds no samples.
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
        ) as found:
            samples = {
                str(name): _flat(one) for name, one in found.data_vars.items() if _is_one(one)
            }
    except ImportError:
        raise CommandError(NEEDS) from None
    except _DAMAGED as error:
        if "h5netcdf" in str(error) and "engine" in str(error):
            raise CommandError(NEEDS) from None
        raise CommandError(
            f"{path.name} holds no posterior; `backchannel fit CASE DATA --posterior FILE` writes one."
        ) from None
    return Sampled(samples)


def _is_one(variable: Any) -> bool:
    return set(variable.dims) == {"chain", "draw"}


def _flat(variable: Any) -> np.ndarray:
    return np.asarray(variable.values, float).ravel()


def _ranks(numbers: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
