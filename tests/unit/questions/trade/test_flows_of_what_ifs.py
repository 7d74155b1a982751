"""Flows without and with an intervention, against the formulas of logit shares and elastic demand."""

from __future__ import annotations

from math import exp, log

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.questions.trade.terminal import show

THETA, EPSILON, SIZE, DETOUR, TOLL = 4.0, 0.5, 100.0, 0.3, 0.9
P_SHUT = 0.25
WHY = {"judgement": "test"}
CASE = {
    "case": "Pipes",
    "utility_unit": "all at stake",
    "as_of": "2031-01-15",
    "sources": {"desk": {"title": "Desk notes", "grade": "B2"}},
    "players": {"aria": {"name": "Aria", "precision": 1, "why": WHY}},
    "parameters": {"toll": {"prior": TOLL, "unit": "mark-up", "why": WHY}},
    "trade": {
        "gas": {
            "unit": "barrels",
            "demand": {"city": {"size": SIZE, "elasticity": EPSILON, "why": WHY}},
            "supply": {"well": {}},
            "routes": {
                "north": {
                    "from": "well",
                    "to": "city",
                    "cost": "toll * (gate == 'shut') + toll * (lock == 'shut')",
                    "why": WHY,
                },
                "south": {
                    "from": "well",
                    "to": "city",
                    "through": "Borland",
                    "cost": DETOUR,
                    "why": WHY,
                },
            },
            "sensitivity": THETA,
            "why": WHY,
        }
    },
    "nodes": {
        "lock": {
            "chance": True,
            "domain": ["shut", "open"],
            "probability": {"shut": 0.5, "open": "rest"},
            "at": "2031-01-01",
        },
        "gate": {
            "chance": True,
            "domain": ["shut", "open"],
            "probability": {"shut": P_SHUT, "open": "rest"},
            "at": "2031-02-01",
        },
        "act": {"player": "aria", "domain": ["buys", "waits"], "at": "2031-03-01"},
    },
    "interests": {
        "gas": {
            "player": "aria",
            "worth": "delivered('gas', 'city') / 100 * (act == 'buys')",
            "why": WHY,
        }
    },
    "record": [{"node": "lock", "value": "open", "date": "2031-01-01", "source": "desk"}],
    "questions": {
        "shut": {
            "asks": "What if the gate shut?",
            "what_if": {"title": "the gate shut", "do": {"gate": "shut"}},
            "outcome": ["act"],
        },
        "locked": {
            "asks": "What if the lock had been shut?",
            "what_if": {"title": "the lock had been shut", "do": {"lock": "shut"}},
            "outcome": ["act"],
        },
        "dearer": {
            "asks": "What if the toll were twice as high?",
            "what_if": {
                "title": "the toll were twice as high",
                "parameters": {"toll": 2 * TOLL},
                "announced": False,
            },
            "outcome": ["act"],
        },
    },
}


def amounts(north: float) -> tuple[float, ...]:
    """What north and south carry and the city gets, by the formulas of docs/trade.md."""
    weights = exp(-THETA * north), exp(-THETA * DETOUR)
    price = -log(sum(weights)) / THETA
    total = SIZE * exp(-EPSILON * price)
    return (*(total * weight / sum(weights) for weight in weights), total)


def between(shut: tuple[float, ...], opened: tuple[float, ...]) -> list[float]:
    return [P_SHUT * a + (1 - P_SHUT) * b for a, b in zip(shut, opened, strict=True)]


@pytest.fixture(scope="module")
def answers():
    return Study.load(CASE, draws=4).answers()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, list(amounts(TOLL))),
        (1, between(amounts(2 * TOLL), amounts(TOLL))),
        (2, between(amounts(2 * TOLL), amounts(0.0))),
    ],
)
def test_flows_follow_the_formulas_without_and_with_each_intervention(answers, at, expected):
    """A gate ahead is shut, a lock of the past had been shut, and a number is another."""
    view = answers.flows[at]
    (good,) = view.goods
    found = [*good.routes, *good.delivered]
    assert [one.name for one in found] == ["north", "south", "city"]
    before = between(amounts(TOLL), amounts(0.0))
    assert [one.before for one in found] == pytest.approx(before, abs=1e-4)
    assert [one.after for one in found] == pytest.approx(expected, abs=1e-4)
    gaps = [b - a for a, b in zip(before, expected, strict=True)]
    assert [one.difference for one in found] == pytest.approx(gaps, abs=1e-4)
    assert [one.low for one in found] == pytest.approx(gaps, abs=1e-4)


def test_prices_follow_the_formula_without_and_with_an_intervention(answers):
    """The expected mark-up is that of an open and of a shut gate, by their chances."""
    (price,) = answers.flows[0].goods[0].prices
    prices = [-log(exp(-THETA * toll) + exp(-THETA * DETOUR)) / THETA for toll in (TOLL, 0.0)]
    assert price.name == "city"
    assert price.before == pytest.approx(P_SHUT * prices[0] + (1 - P_SHUT) * prices[1], abs=1e-4)
    assert price.after == pytest.approx(prices[0], abs=1e-4)


def test_goods_say_what_they_do_as_it_is(answers):
    """Places and routes for a picture, and the amounts before any change."""
    (good,) = answers.goods
    assert [(one.supplier, one.demander, one.through) for one in good.routes] == [
        ("well", "city", ""),
        ("well", "city", "Borland"),
    ]
    (now,) = good.times
    expected = between(amounts(TOLL), amounts(0.0))
    assert [one.expected for one in (*now.routes, *now.delivered)] == pytest.approx(
        expected, abs=1e-4
    )


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


def test_in_the_diagram_a_good_stands_between_what_moves_it_and_what_it_moves(answers):
    """Arrows that lead through the flows run through the good; what a node uses itself keeps its arrow."""
    (good,) = answers.diagram_goods
    assert (good.parents, good.feeds) == (["lock", "gate"], ["gas"])
    edges = {(edge.source, edge.target) for edge in answers.layout.edges}
    assert {("lock", good.name), ("gate", good.name), (good.name, "gas"), ("act", "gas")} <= edges
    assert not {("lock", "gas"), ("gate", "gas")} & edges
    (box,) = [box for box in answers.layout.nodes if box.name == good.name]
    assert box.shape == "good"


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


def test_a_run_prints_a_table_of_each_good(answers):
    """Routes through a third country by its name, deliveries, and all with the same decimals."""
    out = Console(record=True, width=120)
    show(answers, out)
    text = out.export_text()
    assert "Flows of gas (barrels)" in text
    before = between(amounts(TOLL), amounts(0.0))
    for name, amount in zip(("north", "through Borland", "arrives: city"), before, strict=True):
        (line, *_) = [line for line in text.splitlines() if name in line]
        assert f" {amount:.1f} " in line


def test_a_case_without_trade_has_no_flows():
    """The part is empty, and the table is left out."""
    answers = Study.load("sanctions-threat", draws=4).answers()
    out = Console(record=True)
    show(answers, out)
    assert (answers.goods, answers.flows, answers.diagram_goods) == ([], [], [])
    assert out.export_text() == ""
