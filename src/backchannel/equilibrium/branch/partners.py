"""Partners: other equilibria on the branches through those that are known.

The branches of logit equilibria are curves in play and precision. Below full precision a curve has
only two ways to end: at precision 0, where the principal branch begins, or at full precision. So the
curve through any other equilibrium, followed down, turns round at a fold and comes back to full
precision in another equilibrium, its *partner*. An equilibrium from which sweeps diverge is found in this way, if its
partner is found. (Equilibria that are not on the principal branch come in pairs, and their total
is odd, unless the game is degenerate.)

Source: Govindan & Wilson (2003) for equilibria of opposite index joined by a path; McKelvey & Palfrey
(1995) for the odd number of the logit correspondence.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.lane import Stage
from backchannel.equilibrium.branch.newton import Roots
from backchannel.equilibrium.branch.run import Beginning, BranchJob, follow_job

CARES = (1, 2)
"""With how much care lanes are followed, one attempt after the other."""


def find_partners(
    roots: Roots,
) -> tuple[Float[np.ndarray, "unknown lane"], Bool[np.ndarray, " lane"]]:
    """Follow the branch down from each of some equilibria to where it is back at full precision.

    Args:
        roots: The equilibria; none of them is on the principal branch.

    Returns:
        Log-odds where they arrived, and which did.
    """
    n = roots.job.part.n_unknowns
    dx, dtau, side = _tangents(roots)
    good = roots.close & np.isfinite(dx).all(axis=0) & (side != 0)
    lanes = np.flatnonzero(good)
    arrived, x = np.zeros(len(good), bool), np.zeros((n, len(good)))
    if not len(lanes):
        return x, arrived
    beginning = Beginning(
        x=roots.x[:, lanes],
        dx=-dx[:, lanes],
        dtau=-dtau[lanes],
        # The last row of the bordered matrix is the tangent: turned round, it changes the sign.
        side=-side[lanes],
    )
    for care in CARES:
        job = _some(roots.job, lanes, beginning, care)
        ends = follow_job(job)
        # A lane that began again with more care left from precision 0 instead.
        stayed = ends.care == care
        x[:, lanes] = ends.x
        arrived[lanes] = stayed & (ends.stage == Stage.LANDED)
        lanes, beginning = lanes[~stayed], beginning.of(~stayed)
        if not len(lanes):
            break
    return x, arrived


def _tangents(roots: Roots) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit tangents on which τ rises, and the sign of the determinant of F's slopes."""
    matrices = np.moveaxis(roots.by_x, -1, 0)
    n = matrices.shape[-1]
    dx = np.full(roots.by_tau.shape, np.nan)
    finite = np.isfinite(matrices).all(axis=(1, 2)) & roots.close
    side = np.zeros(len(finite))
    side[finite] = np.linalg.slogdet(matrices[finite])[0]
    regular = np.flatnonzero(side != 0)
    if len(regular):
        right = -roots.by_tau[:, regular].T[..., None]
        dx[:, regular] = np.linalg.solve(matrices[regular], right)[..., 0].T
    size = np.sqrt((dx**2).sum(axis=0) / n + 1.0)
    return dx / size, 1.0 / size, side


def _some(
    job: BranchJob, lanes: Int[np.ndarray, " some"], beginning: Beginning, care: int
) -> BranchJob:
    return replace(
        job,
        draws=job.draws[lanes],
        slices=job.slices[:, lanes],
        length=job.length[lanes],
        ratio={name: values[lanes] for name, values in job.ratio.items()},
        care=care,
        beginning=beginning,
    )
