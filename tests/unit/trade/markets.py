"""Random markets for tests."""

from __future__ import annotations

import numpy as np

from backchannel.trade.market import Market, MarketNumbers, RoutePlace


def random_market(rng: np.random.Generator) -> tuple[Market, MarketNumbers]:
    suppliers, demanders = rng.integers(1, 4, size=2)
    n = int(rng.integers(demanders, 9))
    places = tuple(
        RoutePlace(
            int(rng.integers(suppliers)),
            d if d < demanders else int(rng.integers(demanders)),
            bool(rng.integers(2)),
        )
        for d in range(n)
    )
    limited = tuple(s for s in range(suppliers) if rng.random() < 0.6)
    market = Market(
        tuple(f"s{i}" for i in range(suppliers)),
        tuple(f"d{i}" for i in range(demanders)),
        tuple(f"r{i}" for i in range(n)),
        places,
        limited,
    )
    numbers = MarketNumbers(
        cost=rng.uniform(0, 2, (1, n)),
        capacity=np.where(rng.random((1, n)) < 0.5, rng.uniform(0.05, 2, (1, n)), np.inf),
        supply=rng.uniform(0.1, 3, (1, len(limited))),
        size=rng.uniform(0.5, 5, (1, demanders)),
        elasticity=rng.uniform(0.2, 3, (1, demanders)),
        sensitivity=rng.uniform(1, 6, 1),
    )
    return market, numbers


def many(n: int, routes: int, rng: np.random.Generator) -> tuple[Market, MarketNumbers]:
    market = Market(
        ("s",),
        ("d",),
        tuple(f"r{i}" for i in range(routes)),
        tuple(RoutePlace(0, 0, i > 0) for i in range(routes)),
    )
    numbers = MarketNumbers(
        cost=rng.uniform(0, 2, (n, routes)),
        capacity=np.where(rng.random((n, routes)) < 0.7, rng.uniform(0.05, 1, (n, routes)), np.inf),
        supply=np.zeros((n, 0)),
        size=rng.uniform(0.5, 5, (n, 1)),
        elasticity=rng.uniform(0.2, 1, (n, 1)),
        sensitivity=rng.uniform(1, 6, n),
    )
    return market, numbers


def stiff(numbers: MarketNumbers, rng: np.random.Generator) -> MarketNumbers:
    """The same market, where shares answer 100 to 10,000 times as strongly to cost as demand does to the price."""
    times = 10 ** rng.uniform(2, 4, len(numbers.sensitivity))
    return numbers._replace(sensitivity=times * numbers.elasticity.max(axis=-1))


def scarce(n: int, rng: np.random.Generator) -> tuple[Market, MarketNumbers]:
    """Two suppliers with a capacity and two demanders, ten routes."""
    market = Market(
        ("s", "t"),
        ("c", "d"),
        tuple(f"r{i}" for i in range(10)),
        tuple(RoutePlace(i % 2, i // 2 % 2, i > 3) for i in range(10)),
        (0, 1),
    )
    numbers = MarketNumbers(
        cost=rng.uniform(0, 2, (n, 10)),
        capacity=np.where(rng.random((n, 10)) < 0.7, rng.uniform(0.05, 1, (n, 10)), np.inf),
        supply=rng.uniform(0.1, 3, (n, 2)),
        size=rng.uniform(0.5, 5, (n, 2)),
        elasticity=rng.uniform(0.2, 1, (n, 2)),
        sensitivity=rng.uniform(1, 6, n),
    )
    return market, numbers
