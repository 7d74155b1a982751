"""An order of outcomes as a worth, and swing weights between orders."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.diagram.tables import worth_terms
from backchannel.ensemble.draws import draw_numbers
from backchannel.language.errors import CaseError

CASE = """\
case: Order
utility_unit: swing
as_of: 2030-01-01
players:
  a: {name: Ada, precision: 4%s}
nodes:
  release: {player: a, domain: [none, some, all], at: 2030-02-01}
  relief: {chance: true, domain: [none, full], odds: {none: 1, full: 1}}
interests:
%s
"""


def _lowered(interests: str, player: str = ""):
    text = CASE % (player, "\n".join(f"  {line}" for line in interests.splitlines()))
    return lower(*read_case_text(text))


def _worths(lowered, interest: str, n: int = 1, seed: int = 1) -> np.ndarray:
    """The worth of an interest over draws, by its nodes in the order of their names."""
    diagram = lowered.diagram
    numbers = draw_numbers(lowered.priors, n, seed=seed)
    whole = next(i for i in diagram.interests if i.name == interest)
    names = tuple(sorted(whole.worth.names & diagram.node.keys()))
    total = np.zeros((n, *(len(diagram.domains[name]) for name in names)))
    for scope, table in worth_terms(diagram, whole, numbers):
        at = [slice(None) if name in scope else None for name in names]
        # Tables of terms have the draw as the last axis.
        order = (len(scope), *(scope.index(name) for name in names if name in scope))
        total = total + np.transpose(table, order)[(slice(None), *at)]
    return total


def test_even_steps_run_from_one_to_zero():
    """Three ranks of one node: 1, a half, 0."""
    lowered = _lowered("w: {player: a, worth: {of: release, ranks: [all, some, none]}}")
    np.testing.assert_allclose(_worths(lowered, "w"), [[0.0, 0.5, 1.0]])


def test_outcomes_joined_by_an_equal_sign_are_equally_good_and_else_holds_the_rest():
    """Of two nodes; the cells are release by relief."""
    order = "[[none, full], 'some, full = none, none', else]"
    lowered = _lowered(
        f"w: {{player: a, worth: {{of: [release, relief], ranks: {order}, scale: 2}}}}"
    )
    expected = [[1.0, 2.0], [0.0, 1.0], [0.0, 0.0]]
    np.testing.assert_allclose(_worths(lowered, "w")[0], expected)


def test_uncertain_steps_are_uniform_order_statistics():
    """With four ranks, the two worths in the middle are the order statistics of two uniform numbers.

    Their means are 2/3 and 1/3, their variances 1/18, and their correlation is a half (David & Nagaraja,
    2003, Order Statistics, 2.1).
    """
    order = "[[all, full], [some, full], [none, full], else]"
    lowered = _lowered(
        f"w: {{player: a, worth: {{of: [release, relief], ranks: {order}, spacing: uncertain}}}}"
    )
    assert set(lowered.priors) >= {"w.step 1", "w.step 2", "w.step 3"}
    worths = _worths(lowered, "w", n=8192)[:, :, 1]
    upper, lower_ = worths[:, 1], worths[:, 0]
    np.testing.assert_allclose(worths[:, 2], 1.0)
    assert (upper >= lower_).all()
    np.testing.assert_allclose([upper.mean(), lower_.mean()], [2 / 3, 1 / 3], atol=2e-3)
    np.testing.assert_allclose([upper.var(), lower_.var()], [1 / 18, 1 / 18], atol=2e-3)
    np.testing.assert_allclose(np.corrcoef(upper, lower_)[0, 1], 0.5, atol=0.02)


def test_swing_weights_divide_the_unit_between_the_ranked_interests():
    """A swing of 3 against a swing of 1: three quarters and a quarter."""
    lowered = _lowered(
        "w: {player: a, worth: {of: release, ranks: [all, some, none]}}\n"
        "v: {player: a, worth: {of: relief, ranks: [full, none]}}",
        ", weights: {w: 3, v: 1}",
    )
    np.testing.assert_allclose(_worths(lowered, "w"), [[0.0, 0.375, 0.75]])
    np.testing.assert_allclose(_worths(lowered, "v"), [[0.0, 0.25]])


@pytest.mark.parametrize(
    ("worth", "told"),
    [
        ("{ranks: [all, some, none]}", "needs the nodes that it ranks"),
        ("{of: release, ranks: [all, some]}", "'none' has no rank"),
        ("{of: release, ranks: [all, some, none, all]}", "'all' is ranked twice"),
        ("{of: release, ranks: [all, some, none, else]}", "no outcome is left for `else`"),
        ("{of: release, ranks: [all, sume, none]}", "'sume' is not an outcome of release"),
        ("{of: relese, ranks: [all, else]}", "no node is called 'relese'"),
        ("{of: release, ranks: [all]}", "at least two outcomes"),
        ("{of: release, ranks: [all, else], spacing: odd}", "should be even or uncertain"),
        ("{of: release, ranks: [all, else], space: even}", "'space' is not a key of an order"),
        ("{of: release, ranks: [all, else], scale: relief}", "the scale of an order is a number"),
    ],
)
def test_an_order_that_cannot_be_read_is_told_with_its_remedy(worth, told):
    """In the words of the file."""
    with pytest.raises(CaseError, match=told):
        _lowered(f"w: {{player: a, worth: {worth}}}")


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ("{x: 1}", "a has no interest called 'x'"),
        ("{w: 0}", "at least one weight must be above 0"),
        ("{w: -1}", "a weight cannot be below 0"),
        ("{w: 1, u: 2}", "u is not ranked"),
        ("{u: 2}", "the ranked interest w has no weight"),
        ("{w: release}", "a weight is a number"),
    ],
)
def test_weights_that_cannot_be_read_are_told(weights, told):
    """In the words of the file."""
    with pytest.raises(CaseError, match=told):
        _lowered(
            "w: {player: a, worth: {of: release, ranks: [all, some, none]}}\n"
            "u: {player: a, worth: \"relief == 'full'\"}",
            f", weights: {weights}",
        )
