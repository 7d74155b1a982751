"""Flows that are those of the forecast: with base rates, and in repeated rounds."""

from __future__ import annotations

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.questions.trade.terminal import show
from tests.unit.questions.trade.gas import CASE, P_SHUT, TOLL, WHY, amounts

RATED = 0.8


@pytest.fixture(scope="module")
def rated():
    """The same pipes, where the gate has a base rate that has all the say."""
    rate = {
        "node": "gate",
        "counts": {"shut": 8_000_000, "open": 2_000_000},
        "of": "gates",
        "weight": 0,
        "why": {"source": "desk"},
    }
    buys = {
        "asks": "What if Aria bought?",
        "what_if": {"title": "Aria bought", "do": {"act": "buys"}},
        "outcome": ["act"],
    }
    case = {**CASE, "base_rates": [rate], "questions": {**CASE["questions"], "buys": buys}}
    return Study.load(case, draws=4).answers()


def test_flows_as_they_are_follow_the_base_rates(rated):
    """As every other forecast does."""
    (now,) = rated.goods[0].times
    shut, opened = amounts(TOLL), amounts(0.0)
    expected = [RATED * a + (1 - RATED) * b for a, b in zip(shut, opened, strict=True)]
    found = [one.expected for one in (*now.routes, *now.delivered)]
    assert found == pytest.approx(expected, abs=0.05)


def test_only_flows_that_are_those_of_the_forecast_are_called_as_it_is(rated):
    """A base rate of what comes after the change enters neither side, and the label says so."""
    (now,) = rated.goods[0].times
    labels = {}
    for view, what_if in zip(rated.flows, rated.what_ifs, strict=True):
        assert view.before_label == what_if.before_label
        before = [one.before for one in view.goods[0].routes]
        is_forecast = before == pytest.approx([one.expected for one in now.routes], abs=1e-6)
        assert is_forecast == (view.before_label == "as it is")
        labels[view.title] = view.before_label
    assert labels == {
        "the gate shut": "without base rates",
        "the lock had been shut": "without base rates",
        "the toll were twice as high": "without base rates",
        "Aria bought": "as it is",
    }
    console = Console(record=True, width=160)
    show(rated, console)
    told = console.export_text()
    assert "as it is" not in told.split("unchanged")[0]
    assert "the gate shut (without base rates)" in " ".join(told.split())


@pytest.fixture(scope="module")
def repeated():
    """The same pipes, with a gate that is shut in some rounds: ever more often."""
    case = {**CASE, "nodes": {name: CASE["nodes"][name] for name in ("lock", "act")}}
    case["rounds"] = {
        "n": 2,
        "every": "1 month",
        "nodes": {
            "gate": {
                "chance": True,
                "domain": ["shut", "open"],
                "probability": {"shut": f"{P_SHUT} * round", "open": "rest"},
            }
        },
        "interests": {
            "gas": {
                "player": "aria",
                "worth": "delivered('gas', 'city') / 100 * (act == 'buys')",
                "why": WHY,
            }
        },
    }
    case["interests"] = {}
    case["questions"] = {
        "shut": {
            "asks": "What if the gate shut in the second round?",
            "what_if": {"title": "the gate shut", "do": {"gate@2": "shut"}},
            "outcome": ["act"],
        }
    }
    return Study.load(case, draws=4).answers()


def test_a_good_that_follows_the_rounds_is_settled_in_each(repeated):
    """A change of the second round leaves the first one as it is."""
    (good,) = repeated.goods
    assert [time.round for time in good.times] == [1, 2]
    for number, time in enumerate(good.times, start=1):
        shut, opened = amounts(TOLL)[2], amounts(0.0)[2]
        expected = P_SHUT * number * shut + (1 - P_SHUT * number) * opened
        assert time.delivered[0].expected == pytest.approx(expected, abs=1e-4)
    first, second = repeated.flows[0].goods
    assert first.delivered[0].difference == pytest.approx(0, abs=1e-9)
    assert second.delivered[0].after == pytest.approx(amounts(TOLL)[2], abs=1e-4)
    out = Console(record=True, width=140)
    show(repeated, out)
    told = out.export_text()
    assert "Flows of gas (barrels), as it is" in told
    # A change of the second round, which is the last one here.
    assert f"the gate shut, {second.label}" in " ".join(told.split())


def test_a_table_of_a_change_shows_the_round_that_it_moves_most(repeated):
    """A change of one round moves nothing in the next."""
    first, second = repeated.flows[0].goods
    swapped = [
        second.model_copy(update={"round": 1, "label": first.label}),
        first.model_copy(update={"round": 2, "label": second.label}),
    ]
    view = repeated.flows[0].model_copy(update={"goods": swapped})
    out = Console(record=True, width=140)
    show(repeated.model_copy(update={"flows": [view]}), out)
    assert f"the gate shut, {first.label}" in " ".join(out.export_text().split())
