"""Flows from the conditions of optimality of a market, to the last digits, and how they answer to every number.

Which routes are full and which suppliers are scarce is read off SciPy's solution of the concave program. Given that,
the conditions are equations, and Newton's method solves them. Their signs then prove that the solution is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.oracles.trade import best_flows

NEAR = 1e-4
"""How close to its limit SciPy's flow must be to count as at the limit."""
NUMBERS = ("cost", "capacity", "supply", "size", "elasticity", "sensitivity")


@dataclass(frozen=True)
class Network:
    """One market; each number may have more axes before its last one, for networks that are alike."""

    supplier: tuple[int, ...]
    demander: tuple[int, ...]
    limited: tuple[int, ...]
    """Suppliers with a capacity, in the order of `supply`."""
    cost: np.ndarray
    capacity: np.ndarray
    supply: np.ndarray
    size: np.ndarray
    elasticity: np.ndarray
    sensitivity: np.ndarray
    """With a last axis of one number."""

    @property
    def to(self) -> np.ndarray:
        """1 where a route (row) leads to a demander (column)."""
        return np.array(self.demander)[:, None] == np.arange(self.size.shape[-1])

    @property
    def of(self) -> np.ndarray:
        """1 where a route (row) begins at a supplier with a capacity (column)."""
        return np.array(self.supplier)[:, None] == np.array(self.limited, int)


@dataclass(frozen=True)
class Regime:
    """Which routes carry all that they can, and which suppliers give all that they have."""

    full: tuple[bool, ...]
    scarce: tuple[bool, ...]


@dataclass(frozen=True)
class Settled:
    """What a market settles at, and how far each condition is from turning over."""

    outcome: np.ndarray
    """Flows by route, then prices, then deliveries by demander."""
    margin: np.ndarray
    """The smallest multiplier or slack; below 0 if the regime is not that of the solution."""


def regime_of(network: Network) -> Regime:
    """Read off SciPy's solution which limits bind."""
    flow = best_flows(
        supplier=network.supplier,
        demander=network.demander,
        cost=network.cost,
        capacity=network.capacity,
        supply=dict(zip(network.limited, network.supply, strict=True)),
        size=network.size,
        elasticity=network.elasticity,
        sensitivity=float(network.sensitivity[0]),
    )
    return Regime(
        tuple((flow > (1 - NEAR) * network.capacity).tolist()),
        tuple((flow @ network.of > (1 - NEAR) * network.supply).tolist()),
    )


def settle(network: Network, regime: Regime) -> Settled:
    """Solve the conditions in one regime, for all networks along the first axes."""
    full, scarce = np.array(regime.full, bool), np.array(regime.scarce, bool)
    to, of = network.to.astype(float), network.of[:, scarce].astype(float)
    theta, most = network.sensitivity, network.supply[..., scarce]
    leading = np.broadcast_shapes(*(getattr(network, name).shape[:-1] for name in NUMBERS))
    routes, places = to.shape
    free = np.flatnonzero(~full)
    logs = np.zeros((*leading, routes)) - np.log(routes)
    price, shadow = np.zeros((*leading, places)), np.zeros((*leading, of.shape[1]))
    wrong = np.full((*leading, 1), np.inf)
    for _ in range(200):
        flow = np.where(full, network.capacity, np.exp(logs))
        total = flow @ to
        share = np.log(flow / (total @ to.T))
        at_route = share + theta * (network.cost + shadow @ of.T - price @ to.T)
        at_place = np.log(total / network.size) + network.elasticity * price
        at_supplier = flow @ of / most - 1
        wrong = np.concatenate([at_route[..., free], at_place, at_supplier], axis=-1)
        part = (flow / (total @ to.T))[..., None, :] * (to @ to.T)
        rows = [
            np.concatenate(
                [
                    (np.eye(routes) - part)[..., free, :][..., free],
                    np.broadcast_to(-theta[..., None] * to[free], (*leading, len(free), places)),
                    np.broadcast_to(
                        theta[..., None] * of[free], (*leading, len(free), of.shape[1])
                    ),
                ],
                axis=-1,
            ),
            np.concatenate(
                [
                    (to.T * (flow[..., None, :] / total[..., :, None]))[..., free],
                    network.elasticity[..., None] * np.eye(places) + np.zeros((*leading, 1, 1)),
                    np.zeros((*leading, places, of.shape[1])),
                ],
                axis=-1,
            ),
            np.concatenate(
                [
                    (of.T * (flow[..., None, :] / most[..., :, None]))[..., free],
                    np.zeros((*leading, of.shape[1], places + of.shape[1])),
                ],
                axis=-1,
            ),
        ]
        step = np.linalg.solve(np.concatenate(rows, axis=-2), -wrong[..., None])[..., 0]
        # Far from the solution, a whole step would leave the range of the exponential.
        step *= np.minimum(1.0, 1.0 / np.maximum(abs(step).max(axis=-1, keepdims=True), 1e-300))
        logs[..., free] += step[..., : len(free)]
        price += step[..., len(free) : len(free) + places]
        shadow += step[..., len(free) + places :]
        if abs(step).max() < 1e-14:
            break
    flow = np.where(full, network.capacity, np.exp(logs))
    total = flow @ to
    left = network.supply[..., ~scarce] - flow @ network.of[:, ~scarce]
    at_full = price @ to.T - network.cost - shadow @ of.T - np.log(flow / (total @ to.T)) / theta
    room = (network.capacity - flow)[..., free]
    conditions = np.concatenate([at_full[..., full], room, left, shadow], axis=-1)
    margin = conditions.min(axis=-1, initial=np.inf)
    # Newton's method has arrived only if its equations hold.
    margin = np.where(abs(wrong).max(axis=-1) < 1e-11, margin, -np.inf)
    return Settled(np.concatenate([flow, price, total], axis=-1), margin)


def slopes(network: Network, regime: Regime, *, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Central differences of all outcomes in every number, in the order of `NUMBERS`, and their smallest margin.

    Returns:
        By number and outcome: the slope. By number: the smaller margin of its two ends.
    """
    columns, margins = [], []
    for name in NUMBERS:
        number = getattr(network, name)
        for place in range(number.shape[-1]):
            ends = number + step * np.array([[1.0], [-1.0]]) * (np.arange(number.size) == place)
            moved = replace(network, **{name: ends})
            settled = settle(moved, regime)
            columns.append((settled.outcome[0] - settled.outcome[1]) / (2 * step))
            margins.append(settled.margin.min())
    return np.array(columns), np.array(margins)
