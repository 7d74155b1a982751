"""Components for Moscow in the flagship: flows against a solver of concave programs, and their limit."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.language.coded_words import node_axes
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree
from tests.oracles.trade import best_flows

SENSITIVITY = "trade.components.sensitivity"
ELASTICITY = "trade.components.moscow.elasticity"
COST = "trade.components.through_minsk.cost"


@pytest.fixture(scope="module")
def lowered():
    return lower(*read_case(find_case("belarus-2025")))


@pytest.fixture(scope="module")
def medians(lowered):
    return {name: float(prior.at(0.5)) for name, prior in lowered.priors.items()}


def carried(lowered, numbers, route):
    """What a route carries, by how far sanctions are eased."""
    market = lowered.markets["components"]
    expression = Expression(Tree("outcome", (market,), market.value.outcome("flow", route)))
    drawn = {name: np.array([value]) for name, value in numbers.items()}
    domains = lowered.diagram.domains
    table = evaluate(expression, {**node_axes(domains, ["relief_so_far"]), **drawn})
    return dict(zip(domains["relief_so_far"], table[:, 0], strict=True))


def relief(numbers) -> dict[str, float]:
    """How much of full relief each stage is."""
    return {"none": 0.0, "partial": numbers["partial_share"], "full": 1.0}


def test_the_flows_at_every_stage_of_relief_are_those_of_a_solver_of_concave_programs(
    lowered, medians
):
    """Belarus's plant gives at most what it makes, and Minsk passes on at most what relief lets through."""
    plant, through = (carried(lowered, medians, name) for name in ("own_plant", "through_minsk"))
    assert plant.keys() == relief(medians).keys()
    for stage, eased in relief(medians).items():
        if eased == 0:
            # The program of one route: demand at cost 0 is `need`, and the plant makes less.
            assert plant[stage] == pytest.approx(min(medians["need"], medians["plant"]), abs=1e-9)
            assert through[stage] == pytest.approx(0, abs=1e-9)
            continue
        expected = best_flows(
            supplier=[1, 0],
            demander=[0, 0],
            cost=np.array([0.0, medians[COST]]),
            capacity=np.array([np.inf, medians["route"] * eased]),
            supply={1: medians["plant"]},
            size=np.array([medians["need"]]),
            elasticity=np.array([medians[ELASTICITY]]),
            sensitivity=medians[SENSITIVITY],
        )
        assert plant[stage] == pytest.approx(expected[0], abs=1e-6), stage
        assert through[stage] == pytest.approx(expected[1], abs=1e-6), stage


@pytest.mark.parametrize(
    ("need", "plant", "route"),
    [(0.9, 0.2, 0.3), (0.9, 0.2, 0.9), (0.5, 0.45, 0.8), (0.3, 0.6, 0.5), (0.7, 0.1, 1.0)],
)
def test_with_rigid_demand_and_sharp_shares_minsk_passes_on_what_the_plant_cannot_make(
    lowered, medians, need, plant, route
):
    """The expression that the block replaced is its limit (θ → ∞, ε → 0); decision record 53."""
    numbers = medians | {"need": need, "plant": plant, "route": route}
    gaps = []
    for sharp in (1e3, 1e5):
        limit = numbers | {SENSITIVITY: sharp, ELASTICITY: 1 / sharp}
        through = carried(lowered, limit, "through_minsk")
        gaps.append(
            max(
                abs(through[stage] - min(max(need - plant, 0), route * eased))
                for stage, eased in relief(numbers).items()
            )
        )
    assert gaps[0] < 1e-3
    assert gaps[1] < 1e-5
