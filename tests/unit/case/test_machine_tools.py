"""The catalog's case of sanctions on machine tools: what it rests on, and its flows against a solver of our own."""

from __future__ import annotations

from itertools import product
from math import exp

import numpy as np
import pytest
from scipy.optimize import brentq

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.language.coded_words import node_axes
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree
from backchannel.tensors.compile_game import compile_game
from tests.helpers import TOL
from tests.oracles.trade import best_flows

COUNTRIES = {
    "tur": ("turkey_autumn", "on_turkey"),
    "kaz": ("kazakhstan_autumn", "on_kazakhstan"),
    "uae": ("emirates_autumn", "on_emirates"),
}


@pytest.fixture(scope="module")
def lowered():
    return lower(*read_case(find_case("machine-tools-2022")))


@pytest.fixture(scope="module")
def medians(lowered):
    return {name: prior.at(0.5) for name, prior in lowered.priors.items()}


def test_nothing_in_the_case_is_later_than_its_day(lowered):
    """What came after 5 May 2023 would score the forecast; it may not shape it."""
    day = lowered.case.as_of
    assert str(day) == "2023-05-05"
    assert all(entry.date <= day for entry in lowered.record)
    for name, source in lowered.case.sources.items():
        assert source.date is None or source.date <= day, name


def test_every_number_has_a_reason_and_every_open_node_a_public_test(lowered):
    """No number without a why; no later event without a way to tell how it came out."""
    case = lowered.case
    for name, entry in (*case.parameters.items(), *case.players.items()):
        assert entry.why, name
    for node in lowered.diagram.nodes:
        if node.name != "resolve" and node.date > case.as_of:
            assert case.nodes[node.name].resolves, node.name


def routes_of(numbers, now) -> dict[str, tuple[float, float]]:
    """Cost and capacity of each route, by the reasons that the case gives."""
    grey = numbers["unlisted_cost"] * (now["parallel"] == "forbids")
    struck = {key: now[on] == "sanctions" for key, (_, on) in COUNTRIES.items()}
    routes = {"direct": (numbers["ban_cost"] * (now["embargo"] == "bans"), np.inf)}
    most = numbers["china_most"]
    if now["chinese_supply"] == "stalls":
        most *= numbers["china_short"]
    routes["chinese"] = (numbers["trade.machines.chinese.cost"], most)
    for key, (stance, _) in COUNTRIES.items():
        most = numbers[f"most_{key}"]
        if now[stance] == "stops":
            most *= numbers["leak"]
        if struck[key]:
            most *= 1 - numbers["cut"]
        most *= 1 - numbers["chill"] * (sum(struck.values()) - struck[key])
        routes[f"via_{key}"] = (numbers["detour"] + grey, most)
    return routes


def arrived(numbers, now) -> float:
    """What reaches Russia, by one equation in the price: routes fill, and demand equals what they carry."""
    routes = routes_of(numbers, now).values()
    theta, answer = (
        numbers["trade.machines.sensitivity"],
        numbers["trade.machines.plants.elasticity"],
    )

    def carried(price: float) -> float:
        return sum(
            min(most, 100 * exp((theta - answer) * price - theta * cost)) for cost, most in routes
        )

    price = brentq(lambda p: carried(p) - 100 * exp(-answer * p), -5, 10, xtol=1e-14)
    return carried(price)


def test_the_chance_of_a_shortage_in_every_situation_follows_from_one_equation(lowered, medians):
    """All combinations of ban, parallel imports, supply, secondary sanctions and halts, at the medians."""
    table = compile_game(lowered.diagram, medians).factors["shortage"][0]
    parents = lowered.diagram.parents("shortage")
    assert table.size == 2 ** len(parents) * 2 == 2**10
    for place in np.ndindex(table.shape[:-1]):
        now = {
            name: lowered.diagram.node[name].domain[at]
            for name, at in zip(parents, place, strict=True)
        }
        gap = (medians["plant_need"] - arrived(medians, now)) / medians["margin"]
        np.testing.assert_allclose(table[place], [1 / (1 + exp(-gap)), 1 / (1 + exp(gap))], **TOL)


def settled(lowered, numbers, function, subject):
    """An outcome of the case's market in every situation: the nodes that it depends on, and a table over them."""
    market = lowered.markets["machines"]
    place = market.value.outcome(function, subject)
    expression = Expression(Tree("outcome", (market,), place))
    scope = lowered.diagram.in_time(expression.names)
    drawn = {name: np.array([value]) for name, value in numbers.items()}
    axes = node_axes(lowered.diagram.domains, scope)
    return scope, evaluate(expression, {**axes, **drawn})[..., 0]


@pytest.mark.parametrize("supply", ["grows", "stalls"])
def test_the_flows_of_every_coalition_are_those_of_a_solver_of_concave_programs(
    lowered, medians, supply
):
    """None, each, each pair and all three of the countries stop the transit: five routes, and what arrives."""
    names = list(lowered.case.trade["machines"].routes)
    found = {name: settled(lowered, medians, "flow", name) for name in names}
    scope, delivered = settled(lowered, medians, "delivered", "plants")
    usual = {"embargo": "bans", "parallel": "allows", "chinese_supply": supply}
    for coalition in product(["stops", "tolerates"], repeat=3):
        now = dict(usual)
        for (stance, on), choice in zip(COUNTRIES.values(), coalition, strict=True):
            now |= {stance: choice, on: "spares"}
        routes = routes_of(medians, now)
        # In units of the demand at price 0, which is 100.
        expected = 100 * best_flows(
            supplier=[0] * 5,
            demander=[0] * 5,
            cost=np.array([routes[name][0] for name in names]),
            capacity=np.array([routes[name][1] for name in names]) / 100,
            supply={},
            size=np.ones(1),
            elasticity=np.array([medians["trade.machines.plants.elasticity"]]),
            sensitivity=medians["trade.machines.sensitivity"],
        )
        at = tuple(lowered.diagram.domains[name].index(now[name]) for name in scope)
        for name, flow in zip(names, expected, strict=True):
            assert found[name][0] == scope
            assert found[name][1][at] == pytest.approx(flow, abs=1e-4), (coalition, name)
        assert delivered[at] == pytest.approx(expected.sum(), abs=1e-4), coalition
