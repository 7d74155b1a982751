"""Whether samples of a posterior can be trusted: do chains agree, are samples enough, do they follow the branch?"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from backchannel.estimation.density import Density
from backchannel.estimation.fitted import FittedCoefficients

MIXED = 1.01
"""R-hat up to which chains agree."""
ENOUGH = 400
"""Effective samples that a mean and its tails need."""
CHECKED = 16
"""Samples at which play is looked for again, on the principal branch."""
SAME = 1e-6
"""Gap per play between two log likelihoods of one branch."""


def diagnosed(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """R-hat, and the effective samples of the mean and of the tails, of each coefficient.

    Args:
        samples: By chain, sample and coefficient.
    """
    with warnings.catch_warnings():
        # ArviZ says on import that it will change; what is used here is in both of its versions.
        warnings.simplefilter("ignore", FutureWarning)
        import arviz

    columns = np.moveaxis(samples, 2, 0)
    return (
        np.array([float(arviz.rhat(column)) for column in columns]),
        np.array([float(arviz.ess(column, method="bulk")) for column in columns]),
        np.array([float(arviz.ess(column, method="tail")) for column in columns]),
    )


def trouble_of(
    names: Sequence[str], r_hat: np.ndarray, effective: np.ndarray, divergent: np.ndarray
) -> list[str]:
    """What is wrong with samples, in words: chains that do not agree, too few samples, divergences."""
    problems = []
    disagreeing = [f"{n} ({r:.2f})" for n, r in zip(names, r_hat, strict=True) if not r <= MIXED]
    if disagreeing:
        problems.append(
            f"the chains do not agree (R-hat above {MIXED}) on {', '.join(disagreeing)}"
        )
    few = [f"{n} ({e:.0f})" for n, e in zip(names, effective, strict=True) if not e >= ENOUGH]
    if few:
        problems.append(f"fewer than {ENOUGH} effective samples of {', '.join(few)}; take more")
    if divergent.any():
        problems.append(
            f"on {int(divergent.sum()):,} of {divergent.size:,} steps the sampler lost its way "
            "(divergences), so the tails are doubtful"
        )
    return problems


def off_branch(
    estimates: FittedCoefficients, density: Density, places: np.ndarray, chance: np.random.Generator
) -> list[str]:
    """Samples whose play was followed to another branch than the principal one."""
    import jax

    problem = estimates.problem
    if not problem.likelihood.joint:
        return []
    flat = places.reshape(-1, places.shape[-1])
    wrong = 0
    for x in flat[chance.choice(len(flat), CHECKED, replace=False)]:
        with jax.enable_x64(True):
            rows = problem.design.rows(np.asarray(density.coefficients(x)))
            off = float(density.log(x)) - float(density.log_prior(x))
        on = problem.likelihood.on_principal_branch(rows).log @ problem.weights
        wrong += not abs(on - off) <= SAME * problem.weights.sum()
    if not wrong:
        return []
    return [f"{wrong} of {CHECKED} samples looked at lie off the principal branch"]
