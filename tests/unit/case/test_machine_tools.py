"""The catalog's case of sanctions on machine tools: what it rests on, and its flows against a solver of our own."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from scipy.optimize import brentq

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.tensors.game import compile_game
from tests.helpers import TOL

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


def arrived(numbers, now) -> float:
    """What reaches Russia, by one equation in the price: routes fill, and demand equals what they carry."""
    theta, answer = (
        numbers["trade.machines.sensitivity"],
        numbers["trade.machines.plants.elasticity"],
    )
    grey = numbers["unlisted_cost"] * (now["parallel"] == "forbids")
    struck = {key: now[on] == "sanctions" for key, (_, on) in COUNTRIES.items()}
    routes = [(numbers["ban_cost"] * (now["embargo"] == "bans"), np.inf)]
    most = numbers["china_most"]
    if now["chinese_supply"] == "stalls":
        most *= numbers["china_short"]
    routes.append((numbers["trade.machines.chinese.cost"], most))
    for key, (stance, _) in COUNTRIES.items():
        most = numbers[f"most_{key}"]
        if now[stance] == "stops":
            most *= numbers["leak"]
        if struck[key]:
            most *= 1 - numbers["cut"]
        most *= 1 - numbers["chill"] * (sum(struck.values()) - struck[key])
        routes.append((numbers["detour"] + grey, most))

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
