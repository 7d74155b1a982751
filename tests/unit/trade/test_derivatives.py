"""Derivatives of flows, prices and deliveries in compiled code, against differences of an independent solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from backchannel.trade.market import Market, MarketNumbers, RoutePlace
from backchannel.trade.settle import settle_market
from tests.oracles.trade_conditions import NUMBERS, Network, Regime, regime_of, settle, slopes

STEP = 1e-5
SHAPES = {
    "one supplier, one demander": ((0, 0, 0, 1), (0, 0, 0, 0), (0,)),
    "all routes from one scarce supplier": ((0, 0, 0), (0, 0, 0), (0,)),
    "two scarce suppliers, two demanders": ((0, 1, 0, 1, 0, 1), (0, 0, 1, 1, 0, 1), (0, 1)),
    "one of three is free": ((0, 1, 2, 0, 1, 2, 0), (0, 0, 0, 1, 1, 1, 0), (0, 2)),
    "three scarce suppliers, three demanders": (
        (0, 1, 2, 0, 1, 2, 0, 1),
        (0, 0, 0, 1, 1, 2, 2, 2),
        (0, 1, 2),
    ),
}
"""By structure: the supplier and the demander of each route, and the suppliers with a capacity."""
Limit = tuple[str, int]
"""`full` and a route, or `scarce` and the place of a supplier with a capacity."""
EACH = 50
"""Networks of each structure."""


def random_networks(shape: str, n: int, rng: np.random.Generator) -> list[Network]:
    """Networks in which routes are often full, and suppliers often scarce."""
    supplier, demander, limited = SHAPES[shape]
    routes, places = len(supplier), max(demander) + 1
    return [
        Network(
            supplier,
            demander,
            limited,
            cost=rng.uniform(0, 2, routes),
            capacity=np.where(rng.random(routes) < 0.5, rng.uniform(0.05, 1, routes), np.inf),
            supply=rng.uniform(0.1, 2, len(limited)),
            size=rng.uniform(0.5, 3, places),
            elasticity=rng.uniform(0.2, 3, places),
            sensitivity=rng.uniform(1, 6, 1),
        )
        for _ in range(n)
    ]


def market_of(network: Network) -> Market:
    places = zip(network.supplier, network.demander, strict=True)
    return Market(
        tuple(f"s{i}" for i in range(max(network.supplier) + 1)),
        tuple(f"d{i}" for i in range(max(network.demander) + 1)),
        tuple(f"r{i}" for i in range(len(network.supplier))),
        tuple(RoutePlace(s, d, False) for s, d in places),
        network.limited,
    )


def outcomes(market: Market, numbers: MarketNumbers) -> jax.Array:
    """By network: flows, prices, deliveries."""
    return jnp.concatenate(settle_market(market, numbers, jnp), axis=-1)


def numbers_of(networks: list[Network]) -> MarketNumbers:
    parts = [jnp.asarray(np.array([getattr(one, name) for one in networks])) for name in NUMBERS]
    return MarketNumbers(*parts[:-1], sensitivity=parts[-1][:, 0])


@cache
def compiled(market: Market) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Slopes of all outcomes in one direction, pushed forward; and slopes of their sum, pulled back."""

    def push(numbers: MarketNumbers, direction: MarketNumbers) -> jax.Array:
        return jax.jvp(lambda given: outcomes(market, given), (numbers,), (direction,))[1]

    def pull(numbers: MarketNumbers) -> MarketNumbers:
        return jax.grad(lambda given: outcomes(market, given).sum())(numbers)

    return jax.jit(push), jax.jit(pull)


def compiled_slopes(networks: list[Network]) -> tuple[np.ndarray, np.ndarray]:
    """By network, number and outcome: slopes pushed forward; and by network and number: of the sum, pulled back."""
    push, pull = compiled(market_of(networks[0]))
    with jax.enable_x64(True):
        numbers = numbers_of(networks)
        pushed = []
        for at, part in enumerate(numbers):
            for place in np.ndindex(part.shape[1:]):
                direction = [np.zeros(one.shape) for one in numbers]
                direction[at][(slice(None), *place)] = 1.0
                pushed.append(
                    np.asarray(push(numbers, MarketNumbers(*map(jnp.asarray, direction))))
                )
        pulled = [np.asarray(part).reshape(len(networks), -1) for part in pull(numbers)]
    return np.stack(pushed, axis=1), np.concatenate(pulled, axis=1)


QUICK = list(SHAPES)[2:4]
"""Structures with all that is difficult; each takes 20 s to compile, so the others are left to the slow run."""
ALL = [*QUICK, *(pytest.param(one, marks=pytest.mark.slow) for one in SHAPES if one not in QUICK)]


@pytest.mark.slow
@pytest.mark.parametrize("shape", ALL)
def test_derivatives_are_differences_of_an_independent_solver(shape):
    """In every number, pushed forward (fits of plays) and pulled back, where suppliers are scarce or have enough."""
    networks = random_networks(shape, EACH, np.random.default_rng(list(SHAPES).index(shape)))
    pushed, pulled = compiled_slopes(networks)
    compared, scarce = 0, 0
    for network, forward, backward in zip(networks, pushed, pulled, strict=True):
        regime = regime_of(network)
        expected, margins = slopes(network, regime, step=STEP)
        # Closer to a kink, differences would compare both sides of it.
        if margins.min() <= 0:
            continue
        compared += 1
        scarce += any(regime.scarce)
        np.testing.assert_allclose(forward, expected, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(backward, expected.sum(axis=1), rtol=1e-6, atol=1e-6)
    assert compared >= 0.95 * EACH
    assert scarce > EACH / 4


def at_a_kink(
    network: Network, rng: np.random.Generator, count: int
) -> tuple[Network, list[Limit]]:
    """Put limits just where they begin to bind: capacities at the flow of a route, supplies at what is taken.

    Returns:
        The network, and the limits that may turn over.
    """
    regime = regime_of(network)
    settled = settle(network, regime)
    flow = settled.outcome[: len(network.cost)]
    capacity, supply = network.capacity.copy(), network.supply.copy()
    taken = flow @ network.of
    # Of next to nothing, differences would reach beyond 0.
    free = [("full", r) for r, full in enumerate(regime.full) if not full and flow[r] > 0.01]
    free += [
        ("scarce", s) for s, scarce in enumerate(regime.scarce) if not scarce and taken[s] > 0.01
    ]
    chosen = [free[i] for i in rng.permutation(len(free))[:count]]
    for kind, place in chosen:
        if kind == "full":
            capacity[place] = flow[place]
        else:
            supply[place] = taken[place]
    return replace(network, capacity=capacity, supply=supply), chosen


def sides(network: Network, regime: Regime, turning: list[Limit]) -> list[Regime]:
    """All regimes that meet at a kink."""
    found = []
    for choice in product([False, True], repeat=len(turning)):
        full, scarce = list(regime.full), list(regime.scarce)
        for (kind, place), binds in zip(turning, choice, strict=True):
            (full if kind == "full" else scarce)[place] = binds
        # Where all routes of a supplier are full, they and not the supplier set what flows.
        has_room = ~np.array(full) @ network.of
        found.append(Regime(tuple(full), tuple((np.array(scarce, bool) & has_room).tolist())))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("shape", QUICK)
def test_at_a_kink_all_derivatives_are_those_of_one_side(shape, count):
    """Where a route or supplier just begins to be full, both sides have slopes; none is mixed from the two."""
    rng = np.random.default_rng(20 + count)
    found = [
        at_a_kink(one, rng, count)
        for one in random_networks(shape, 2 * EACH, rng)
        # Of next to nothing, differences would reach beyond 0.
        if settle(one, regime_of(one)).outcome[: len(one.cost)].min() > 0.001
    ][:EACH]
    assert len(found) == EACH
    pushed, pulled = compiled_slopes([network for network, _ in found])
    told = 0
    for (network, turning), forward, backward in zip(found, pushed, pulled, strict=True):
        regime = regime_of(network)
        candidates = [
            slopes(network, side, step=STEP)[0] for side in sides(network, regime, turning)
        ]
        gaps = [(abs(forward - one) / (1 + abs(one))).max() for one in candidates]
        best = int(np.argmin(gaps))
        assert gaps[best] < 1e-5, (turning, gaps)
        np.testing.assert_allclose(backward, candidates[best].sum(axis=1), rtol=1e-5, atol=1e-5)
        told += max(gaps) > 1e-3
    # The sides differ, so that a mixture would have been seen.
    assert told > EACH / 2
