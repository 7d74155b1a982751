"""The posterior by sampling: what the numbers may be, given the plays and their priors.

Source: Hoffman & Gelman (2014), the No-U-Turn sampler; Vehtari, Gelman, Simpson, Carpenter & Bürkner
(2021) for R-hat and effective samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from backchannel.estimation.density import Density
from backchannel.estimation.fitted import FittedCoefficients
from backchannel.estimation.posterior_checks import diagnosed, off_branch, trouble_of
from backchannel.files.marks import MADE_BY, is_samples
from backchannel.files.outputs import single_output
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.language.number_ranges import CHAIN_COUNT, SAMPLE_COUNT, SEED_RANGE
from backchannel.machine.memory import NUMBER, claim
from backchannel.machine.reports import Progress, Silence

CHAINS = 4
SAMPLES = 1000
"""Kept of each chain, after as many in which it warms up."""
COPIES = 4
"""Tables of all samples that are there at the same time when they are put together."""
CHUNK = 100
"""Samples between two reports of progress."""
SPREAD = 0.5
"""Deviation of the chains' starts around the mode, in normal scores."""
INNER = 3.0
"""Normal scores beyond which no chain starts."""
NEEDS = f"Sampling needs more packages: {how_to_install('posterior')}."


@dataclass(frozen=True)
class Posterior:
    """Samples of the coefficients, and how far they can be trusted."""

    names: tuple[str, ...]
    samples: Float[np.ndarray, "chain sample coefficient"] = field(repr=False)
    log_density: Float[np.ndarray, "chain sample"] = field(repr=False)
    """Of the coordinates, up to a constant."""
    divergent: Bool[np.ndarray, "chain sample"] = field(repr=False)
    """Steps on which the sampler lost its way; any at all make the tails doubtful."""
    r_hat: Float[np.ndarray, " coefficient"]
    effective: Float[np.ndarray, " coefficient"]
    """Effective sample size of the mean (bulk)."""
    effective_tails: Float[np.ndarray, " coefficient"]
    """Effective sample size of the 5% and 95% quantiles."""
    trouble: tuple[str, ...]
    """Problems with the samples, in words; empty if there are none."""

    def to_frame(self) -> pd.DataFrame:
        """One row a coefficient: mean, deviation, 90% interval, R-hat, effective samples."""
        flat = self.samples.reshape(-1, len(self.names))
        low, middle, high = np.quantile(flat, [0.05, 0.5, 0.95], axis=0)
        return pd.DataFrame(
            {
                "coefficient": self.names,
                "mean": flat.mean(axis=0),
                "deviation": flat.std(axis=0, ddof=1),
                "low": low,
                "median": middle,
                "high": high,
                "r_hat": self.r_hat,
                "effective": self.effective,
                "effective_tails": self.effective_tails,
            }
        )

    def to_tree(self) -> Any:
        """An xarray `DataTree` in the layout of ArviZ: groups `posterior` and `sample_stats`."""
        import xarray as xr

        def laid(array: np.ndarray) -> tuple[tuple[str, str], np.ndarray]:
            return ("chain", "draw"), array

        chains, samples = self.samples.shape[:2]
        places = {"chain": np.arange(chains), "draw": np.arange(samples)}
        numbers = {name: laid(self.samples[..., i]) for i, name in enumerate(self.names)}
        stats = {"lp": laid(self.log_density), "diverging": laid(self.divergent)}
        return xr.DataTree.from_dict(
            {
                "/": xr.Dataset(attrs={MADE_BY: "backchannel fit"}),
                "/posterior": xr.Dataset(numbers, coords=places),
                "/sample_stats": xr.Dataset(stats, coords=places),
            }
        )

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the samples as netCDF, which ArviZ reads, and a case as `priors: {from: FILE}`.

        A file that Backchannel did not write is replaced with `force` only.

        Raises:
            CommandError: The file cannot or may not be written.
        """
        outputs = single_output(Path(path), is_samples, force=force)
        outputs.write(Path(path), self.to_bytes())

    def to_bytes(self) -> bytes:
        """The samples as the bytes of a netCDF file."""
        with TemporaryDirectory() as folder:
            unfinished = Path(folder) / "posterior.nc"
            self.to_tree().to_netcdf(unfinished, engine="h5netcdf")
            return unfinished.read_bytes()

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.4f}".format)


def sample(
    estimates: FittedCoefficients,
    *,
    chains: int = CHAINS,
    samples: int = SAMPLES,
    seed: int = 0,
    progress: Progress | None = None,
) -> Posterior:
    """Sample the posterior, from around its mode.

    Args:
        estimates: An estimate; chains start around it, also where it is in trouble, since priors give a
            posterior where the likelihood has no maximum.
        chains: How many chains; at least two, so that they can be compared.
        samples: Kept of each chain, after as many of warming up.
        seed: The same seed gives the same samples.
        progress: Told how far it is.

    Raises:
        CommandError: A package that this needs is not installed, or a count is out of range.
    """
    check_installed()
    chains = CHAIN_COUNT.read_whole(chains, "chains")
    samples = SAMPLE_COUNT.read_whole(samples, "samples")
    seed = SEED_RANGE.read_whole(seed, "seed")
    claim(
        NUMBER * COPIES * chains * samples * (len(estimates.names) + 2),
        f"{samples:,} samples of {chains} chains",
        "Take fewer samples (--samples).",
    )
    import jax

    problem = estimates.problem
    problem.likelihood.on_principal_branch(problem.design.rows(estimates.values))
    density = Density(problem)
    chance = np.random.default_rng(seed)
    mode = np.clip(density.coordinates(estimates.values), -INNER, INNER)
    starts = mode + chance.normal(scale=SPREAD, size=(chains, len(mode)))
    with jax.enable_x64(True):
        places, log, divergent = _run(density, starts, samples, seed, progress or Silence())
        made = np.asarray(jax.vmap(jax.vmap(density.coefficients))(places))
    r_hat, bulk, tails = diagnosed(made)
    return Posterior(
        names=estimates.names,
        samples=made,
        log_density=log,
        divergent=divergent,
        r_hat=r_hat,
        effective=bulk,
        effective_tails=tails,
        trouble=tuple(
            trouble_of(estimates.names, r_hat, np.minimum(bulk, tails), divergent)
            + off_branch(estimates, density, places, chance)
        ),
    )


def check_installed() -> None:
    """Check that sampling is possible, before any long computation.

    Raises:
        CommandError: A package is missing.
    """
    from importlib.util import find_spec

    if any(find_spec(package) is None for package in ("arviz", "blackjax", "h5netcdf")):
        raise CommandError(NEEDS)


def _run(
    density: Density, starts: np.ndarray, samples: int, seed: int, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    import blackjax
    import jax

    chains = len(starts)
    warm_key, key = jax.random.split(jax.random.key(seed))
    nuts: Any = blackjax.nuts
    adaptation: Any = blackjax.window_adaptation(nuts, density.log, is_mass_matrix_diagonal=False)

    def warmed(key: Any, start: Any) -> Any:
        return adaptation.run(key, start, samples)[0]

    progress.stage("warming up", 0)
    state, tuned = jax.jit(jax.vmap(warmed))(jax.random.split(warm_key, chains), starts)

    def step(key: Any, state: Any, tuned: Any) -> Any:
        return nuts(density.log, **tuned).step(key, state)

    @jax.jit
    def chunk(key: Any, state: Any) -> Any:
        def one(state: Any, key: Any) -> Any:
            state, info = jax.vmap(step)(jax.random.split(key, chains), state, tuned)
            return state, (state.position, state.logdensity, info.is_divergent)

        return jax.lax.scan(one, state, jax.random.split(key, CHUNK))

    progress.stage("sampling", samples)
    kept: list[Any] = []
    for part in jax.random.split(key, -(-samples // CHUNK)):
        state, samples_of_chunk = chunk(part, state)
        kept.append([np.asarray(one) for one in samples_of_chunk])
        progress.advance(CHUNK)
    places, log, divergent = (
        np.moveaxis(np.concatenate(one)[:samples], 0, 1) for one in zip(*kept, strict=True)
    )
    return places, log, divergent
