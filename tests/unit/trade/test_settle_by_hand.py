"""Flows over routes by hand, and the laws that hold for all markets."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.trade.market import Market, rerouted
from backchannel.trade.settle import settle_market
from tests.unit.trade.markets import many, random_market, stiff


def test_two_routes_by_hand():
    """At θ = 1 and costs 0 and ln 2, shares are 2/3 and 1/3, and the price is -ln 1.5."""
    market, numbers = many(1, 2, np.random.default_rng(0))
    numbers = numbers._replace(
        cost=np.array([[0.0, np.log(2)]]),
        capacity=np.full((1, 2), np.inf),
        size=np.array([[3.0]]),
        elasticity=np.array([[1.0]]),
        sensitivity=np.ones(1),
    )
    settled = settle_market(market, numbers)
    np.testing.assert_allclose(settled.price, [[-np.log(1.5)]], atol=1e-12)
    np.testing.assert_allclose(settled.flow, [[3.0, 1.5]], atol=1e-12)
    # The first route takes 1 only: the other one carries 3 e^-p - 1, and e^(p - ln 2) of the total.
    limited = settle_market(market, numbers._replace(capacity=np.array([[1.0, np.inf]])))
    price = limited.price[0, 0]
    np.testing.assert_allclose(limited.flow, [[1.0, 1.5]], atol=1e-12)
    np.testing.assert_allclose(3 * np.exp(-price), 2.5, atol=1e-12)
    np.testing.assert_allclose(rerouted(market, limited.flow), [1.5], atol=1e-12)


@pytest.mark.parametrize("is_stiff", [False, True])
def test_flows_keep_to_capacities_and_add_up(is_stiff: bool):
    """No flow is above its route's capacity, no supplier gives more than it has, and what is delivered flowed."""
    rng = np.random.default_rng(int(is_stiff))
    for _ in range(100):
        market, numbers = random_market(rng)
        numbers = stiff(numbers, rng) if is_stiff else numbers
        settled = settle_market(market, numbers)
        assert (settled.flow <= numbers.capacity + 1e-9).all()
        assert (settled.flow @ market.from_limited <= numbers.supply + 1e-9).all()
        for d, routes in enumerate(market.routes_to):
            total = settled.flow[0, list(routes)].sum()
            np.testing.assert_allclose(total, settled.delivered[0, d], rtol=1e-9)
            wanted = numbers.size[0, d] * np.exp(-numbers.elasticity[0, d] * settled.price[0, d])
            np.testing.assert_allclose(total, wanted, rtol=1e-9)


def test_a_dearer_route_never_carries_more():
    """Of two routes to one demander with room left, the cheaper one carries at least as much."""
    market, numbers = many(2000, 6, np.random.default_rng(1))
    flow = settle_market(market, numbers).flow
    order = np.argsort(numbers.cost, axis=1)
    sorted_flow = np.take_along_axis(flow, order, axis=1)
    has_room = np.take_along_axis(flow < numbers.capacity - 1e-9, order, axis=1)
    for i in range(6):
        for j in range(i + 1, 6):
            # A cheaper route that is full has no room to carry more.
            assert (sorted_flow[has_room[:, i], i] >= sorted_flow[has_room[:, i], j] - 1e-9).all()


def test_of_two_routes_of_one_supplier_the_dearer_one_carries_less():
    """A shadow price raises the cost of all routes of a supplier alike, so their order stays."""
    rng = np.random.default_rng(7)
    for _ in range(100):
        market, numbers = random_market(rng)
        flow = settle_market(market, stiff(numbers, rng)).flow[0]
        for i, j in np.ndindex(len(flow), len(flow)):
            alike = market.routes[i][:2] == market.routes[j][:2]
            has_room = flow[i] < numbers.capacity[0, i] - 1e-9
            if alike and has_room and numbers.cost[0, i] <= numbers.cost[0, j]:
                assert flow[i] >= flow[j] - 1e-9


def test_a_scarce_supplier_serves_the_cheapest_routes_first():
    """θ → ∞ is least cost with a limited supplier too: the price is where demand meets what it has."""
    market, numbers = many(200, 4, np.random.default_rng(8))
    limited = Market(market.suppliers, market.demanders, market.route_names, market.routes, (0,))
    numbers = numbers._replace(
        supply=np.random.default_rng(9).uniform(0.05, 1, (200, 1)), sensitivity=np.full(200, 1e5)
    )
    settled = settle_market(limited, numbers)
    for n in range(200):
        carried, expected = 0.0, np.zeros(4)
        for i in np.argsort(numbers.cost[n]):
            wanted = numbers.size[n, 0] * np.exp(-numbers.elasticity[n, 0] * numbers.cost[n, i])
            most = min(wanted, numbers.supply[n, 0])
            expected[i] = min(max(most - carried, 0.0), numbers.capacity[n, i])
            carried += expected[i]
        np.testing.assert_allclose(settled.flow[n], expected, atol=2e-4)


def test_without_limit_on_sensitivity_the_cheapest_route_is_taken_first():
    """θ → ∞ is least cost: routes fill in order of cost until demand at the last one's cost is met."""
    market, numbers = many(300, 5, np.random.default_rng(2))
    settled = settle_market(market, numbers._replace(sensitivity=np.full(300, 1e5)))
    for n in range(300):
        left, size, elasticity = [], numbers.size[n, 0], numbers.elasticity[n, 0]
        carried = 0.0
        for i in np.argsort(numbers.cost[n]):
            wanted = size * np.exp(-elasticity * numbers.cost[n, i])
            part = min(max(wanted - carried, 0.0), numbers.capacity[n, i])
            left.append((i, part))
            carried += part
        for i, part in left:
            assert abs(settled.flow[n, i] - part) < 2e-4


@pytest.mark.parametrize("times", [2.0, 1e-9, 1e9])
def test_other_units_change_nothing(times: float):
    """Units are the analyst's choice: twice the demand and capacities give twice the flows at the same price."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        market, numbers = random_market(rng)
        one = settle_market(market, numbers)
        two = settle_market(
            market,
            numbers._replace(
                capacity=times * numbers.capacity,
                supply=times * numbers.supply,
                size=times * numbers.size,
            ),
        )
        np.testing.assert_allclose(two.flow / times, one.flow, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(two.price, one.price, rtol=1e-7, atol=1e-9)


def test_a_demander_whom_nothing_reaches_gets_nothing():
    """Closed routes carry nothing, and the price is infinite; a supplier with nothing closes its routes."""
    market, numbers = many(1, 2, np.random.default_rng(4))
    closed = settle_market(market, numbers._replace(capacity=np.zeros((1, 2))))
    assert closed.flow.tolist() == [[0, 0]]
    assert closed.delivered.tolist() == [[0]]
    assert np.isposinf(closed.price).all()
    limited = Market(market.suppliers, market.demanders, market.route_names, market.routes, (0,))
    empty = settle_market(limited, numbers._replace(supply=np.zeros((1, 1))))
    assert empty.flow.tolist() == [[0, 0]]


@pytest.mark.parametrize("part", ["capacity", "elasticity", "sensitivity", "size"])
def test_impossible_numbers_give_no_answer(part: str):
    """A negative capacity is no market; other networks of the batch are unharmed."""
    market, numbers = many(2, 3, np.random.default_rng(5))
    wrong = getattr(numbers, part).copy()
    wrong[0] = -1.0
    settled = settle_market(market, numbers._replace(**{part: wrong}))
    assert np.isnan(settled.flow[0]).all()
    np.testing.assert_allclose(settled.flow[1], settle_market(market, numbers).flow[1], rtol=1e-12)
