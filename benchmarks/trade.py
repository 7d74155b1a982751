"""Flows over routes: many networks at once, with suppliers that have enough and with scarce ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.registry import Figure

if TYPE_CHECKING:
    from backchannel.trade.market import Market, MarketNumbers

ABOUT = "10⁵ networks of ten routes, with 0 to 3 suppliers that have a capacity"
NETWORKS = 100_000
ROUTES = 10
SUPPLIERS = 3
DEMANDERS = 2


def measure(networks: int = NETWORKS) -> Iterator[Figure]:
    """Settle the same networks with ever more limited suppliers, in processor time."""
    from backchannel.trade.settle import settle_market

    for limited in range(SUPPLIERS + 1):
        market, numbers = random_networks(networks, limited)
        began = time.process_time()
        settled = settle_market(market, numbers)
        took = time.process_time() - began
        lost = int(networks - np.isfinite(settled.flow).all(axis=-1).sum())
        yield Figure(
            f"{networks:,} networks, limited suppliers: {limited}",
            took,
            "s of processor time",
            target="at most 2",
            note=f"{lost} without a solution" if lost else "",
        )


def random_networks(networks: int, limited: int) -> tuple[Market, MarketNumbers]:
    """Networks with three suppliers and two demanders; the first `limited` suppliers are often scarce."""
    from backchannel.trade.market import Market, MarketNumbers, RoutePlace

    random = np.random.default_rng(0)
    market = Market(
        tuple(f"supplier {s}" for s in range(SUPPLIERS)),
        tuple(f"demander {d}" for d in range(DEMANDERS)),
        tuple(f"route {r}" for r in range(ROUTES)),
        tuple(
            RoutePlace(r % SUPPLIERS, r // SUPPLIERS % DEMANDERS, r >= SUPPLIERS)
            for r in range(ROUTES)
        ),
        tuple(range(limited)),
    )
    is_narrow = random.random((networks, ROUTES)) < 0.7
    numbers = MarketNumbers(
        cost=random.uniform(0, 2, (networks, ROUTES)),
        capacity=np.where(is_narrow, random.uniform(0.05, 1, (networks, ROUTES)), np.inf),
        supply=random.uniform(0.1, 3, (networks, SUPPLIERS))[:, :limited],
        size=random.uniform(0.5, 5, (networks, DEMANDERS)),
        elasticity=random.uniform(0.2, 1, (networks, DEMANDERS)),
        sensitivity=random.uniform(1, 6, networks),
    )
    return market, numbers
