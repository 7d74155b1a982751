"""Flows without and with an intervention, against the formulas of logit shares and elastic demand."""

from __future__ import annotations

from math import exp, log

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.questions.trade.terminal import show
from tests.unit.questions.trade.gas import CASE, DETOUR, P_SHUT, THETA, TOLL, amounts, between


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


def test_in_the_diagram_a_good_stands_between_what_moves_it_and_what_it_moves(answers):
    """Arrows that lead through the flows run through the good; what a node uses itself keeps its arrow."""
    (good,) = answers.diagram_goods
    assert (good.parents, good.feeds) == (["lock", "gate"], ["gas"])
    edges = {(edge.source, edge.target) for edge in answers.layout.edges}
    assert {("lock", good.name), ("gate", good.name), (good.name, "gas"), ("act", "gas")} <= edges
    assert not {("lock", "gas"), ("gate", "gas")} & edges
    (box,) = [box for box in answers.layout.nodes if box.name == good.name]
    assert box.shape == "good"


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
