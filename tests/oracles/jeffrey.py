"""An oracle: chances of nodes imposed on a joint distribution that is written out in full.

It imports nothing of the package. A joint distribution is a table with one axis for each node.

    Jeffrey's rule, one node:   P'(x) = P(x) · wanted(x_node) / P(x_node)
    several nodes: the distribution with the wanted chances that is nearest to P in relative entropy, found here
    by Newton's method on the dual (not by taking turns):  P'(x) ∝ P(x) exp Σ θ_node(x_node)
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize


def marginal(joint: np.ndarray, axis: int) -> np.ndarray:
    """The chances of one node."""
    return joint.sum(axis=tuple(i for i in range(joint.ndim) if i != axis))


def along(row: np.ndarray, axis: int, ndim: int) -> np.ndarray:
    """One node's numbers, laid along its axis."""
    shape = [1] * ndim
    shape[axis] = len(row)
    return row.reshape(shape)


def jeffrey(joint: np.ndarray, axis: int, wanted: np.ndarray) -> np.ndarray:
    """Jeffrey's rule for one node."""
    present = marginal(joint, axis)
    ratio = np.divide(wanted, present, out=np.zeros_like(wanted), where=present > 0)
    return joint * along(ratio, axis, joint.ndim)


def nearest(joint: np.ndarray, wanted: dict[int, np.ndarray]) -> np.ndarray:
    """The nearest distribution with the wanted chances of several nodes."""
    sizes = {axis: len(row) for axis, row in wanted.items()}

    def unpack(theta: np.ndarray) -> np.ndarray:
        tilt, start = np.zeros([1] * joint.ndim), 0
        for axis, size in sizes.items():
            tilt = tilt + along(theta[start : start + size], axis, joint.ndim)
            start += size
        return joint * np.exp(tilt)

    def dual(theta: np.ndarray) -> tuple[float, np.ndarray]:
        tilted = unpack(theta)
        total = tilted.sum()
        target = np.concatenate([wanted[axis] for axis in sizes])
        present = np.concatenate([marginal(tilted, axis) / total for axis in sizes])
        return float(np.log(total) - theta @ target), present - target

    start = np.zeros(sum(sizes.values()))
    found = minimize(dual, start, jac=True, method="BFGS", options={"gtol": 1e-13, "maxiter": 5000})
    theta = found.x
    for _ in range(20):  # Newton steps: BFGS alone stops short of 1e-9
        _, gap = dual(theta)
        tilted = unpack(theta)
        tilted = tilted / tilted.sum()
        theta = theta - np.linalg.pinv(_curvature(tilted, sizes), rcond=1e-12) @ gap
    tilted = unpack(theta)
    return tilted / tilted.sum()


def _curvature(joint: np.ndarray, sizes: dict[int, int]) -> np.ndarray:
    blocks = []
    for one in sizes:
        row = []
        for other in sizes:
            if one == other:
                both = np.diag(marginal(joint, one))
            else:
                rest = tuple(i for i in range(joint.ndim) if i not in (one, other))
                both = joint.sum(axis=rest)
                both = both if one < other else both.T
            row.append(both - np.outer(marginal(joint, one), marginal(joint, other)))
        blocks.append(row)
    return np.block(blocks)
