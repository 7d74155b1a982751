r"""A market: demanders who take a good over several routes, each with a cost and a capacity.

Flows split over the routes of a demander by a logit in cost. Demand falls with the price that results. The flows
are the unique solution of a concave program:

$$\max_f \sum_d U_d(Q_d) - \sum_r c_r f_r - \frac1\theta \sum_r f_r \ln\frac{f_r}{Q_{d(r)}}, \qquad
0 \le f_r \le k_r, \quad \sum_{r \in s} f_r \le K_s, \quad Q_d = \sum_{r \in d} f_r$$

with $U_d'(Q) = -\ln(Q / A_d) / \varepsilon_d$. Its conditions of optimality are

$$f_r = Q_d\, e^{-\theta (c_r + \mu_r + \nu_s - p_d)}, \qquad
p_d = -\frac1\theta \ln \sum_r e^{-\theta (c_r + \mu_r + \nu_s)}, \qquad Q_d = A_d\, e^{-\varepsilon_d p_d}$$

where $\mu_r$ is above 0 only at a full route and $\nu_s$ only at a supplier that gives all it has. Costs and
prices are mark-ups in logarithms: a cost of 0.1 makes the good about 10% dearer, one of 0.69 twice as dear.

Source: ours, from the logit assignment of Fisk (1980) and the duality of Rockafellar (1970); decision record 0042.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""An array of NumPy or of JAX."""


class RoutePlace(NamedTuple):
    """Where a route begins and ends, as positions in the market's lists."""

    supplier: int
    demander: int
    is_detour: bool
    """Whether the route leads through a third country."""


@dataclass(frozen=True)
class Market:
    """Who supplies, who demands, and the routes between them; the numbers come later.

    Raises:
        ValueError: A route begins or ends nowhere, or a demander has no route.
    """

    suppliers: tuple[str, ...]
    demanders: tuple[str, ...]
    route_names: tuple[str, ...]
    routes: tuple[RoutePlace, ...]
    """By route, in the order of `route_names`."""
    limited: tuple[int, ...] = ()
    """Positions of the suppliers that have a capacity."""

    def __post_init__(self) -> None:
        if len(self.routes) != len(self.route_names):
            raise ValueError("every route needs one name and one place.")
        for route in self.routes:
            if not 0 <= route.supplier < len(self.suppliers):
                raise ValueError("a route begins at no supplier.")
            if not 0 <= route.demander < len(self.demanders):
                raise ValueError("a route ends at no demander.")
        if {route.demander for route in self.routes} != set(range(len(self.demanders))):
            raise ValueError("a demander has no route.")

    @cached_property
    def routes_to(self) -> tuple[tuple[int, ...], ...]:
        """By demander, the positions of its routes."""
        return tuple(
            tuple(i for i, route in enumerate(self.routes) if route.demander == d)
            for d in range(len(self.demanders))
        )

    @cached_property
    def from_limited(self) -> np.ndarray:
        """1 where a route (row) begins at a supplier with a capacity (column)."""
        return np.array(
            [[float(route.supplier == s) for s in self.limited] for route in self.routes]
        ).reshape(len(self.routes), len(self.limited))


class MarketNumbers(NamedTuple):
    """The numbers of a market; axis 0 is the network (a draw in one context)."""

    cost: Array
    """By network and route: mark-up in logarithms."""
    capacity: Array
    """By network and route, in the market's unit; `inf` where nothing limits it."""
    supply: Array
    """By network and supplier with a capacity, in the order of `Market.limited`."""
    size: Array
    """By network and demander: demand at price 0, in the market's unit."""
    elasticity: Array
    """By network and demander: by how many percent demand falls if the good becomes 1% dearer; above 0."""
    sensitivity: Array
    """By network: θ, of shares to cost; above 0."""


class Flows(NamedTuple):
    """What a market settles at; axis 0 is the network."""

    flow: Array
    """By network and route, in the market's unit."""
    price: Array
    """By network and demander: the mark-up in logarithms at which it gets the good; `inf` if nothing reaches it."""
    delivered: Array
    """By network and demander, in the market's unit."""


def rerouted(market: Market, flow: Array) -> Array:
    """Add up the flows that lead through a third country, by network."""
    detours = [i for i, route in enumerate(market.routes) if route.is_detour]
    return sum((flow[..., i] for i in detours), flow[..., 0] * 0.0)


def stack(columns: Sequence[Array], xp: ModuleType) -> Array:
    """Put columns beside each other; no columns make an array of no columns."""
    return xp.stack(list(columns), axis=-1)
