"""What must hold for deals with steps that a package may leave out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backchannel.diagram.deals import Amount, Commitment, Deal
from backchannel.language.expressions import constant
from backchannel.questions.deals.ask import solve_deal
from backchannel.questions.deals.enforcing import enforce
from tests.helpers import TOL, day
from tests.laws.swap import penalty, swap

GIVES = Commitment("gives", "ann", ("yes", "no"), 0)
RETURNS = Commitment("returns", "bob", ("yes",), 1)
AFTER_1 = Amount("payment to ann", (constant(0.05), constant(0.1)), {"ann": 1.0}, 0)
AFTER_ALL = Amount("payment to bob", (constant(0.3),), {"bob": 1.0}, 1, after_all=True)
AMOUNTS = (penalty("ann", 0.1), penalty("bob", 0.4, 0.6), AFTER_1, AFTER_ALL)
DEAL = Deal("swap", ("ann", "bob"), (GIVES, RETURNS), AMOUNTS, day(0))


def test_packages_with_and_without_a_step_are_those_of_the_two_deals():
    """To leave a step out is to write the deal without it; the day of the deal stays."""
    found = solve_deal(swap(), replace(DEAL, optional=frozenset({1})))
    whole = solve_deal(swap(), DEAL)
    last = replace(AFTER_ALL, step=0, after_all=False)
    short = solve_deal(
        swap(), replace(DEAL, commitments=(GIVES,), amounts=(penalty("ann", 0.1), AFTER_1, last))
    )
    has_both = np.array(["returns" in package.terms for package in found.packages])
    assert (has_both.sum(), (~has_both).sum()) == (8, 4)
    for some, other in ((has_both, whole), (~has_both, short)):
        np.testing.assert_allclose(found.gains[some], other.gains, **TOL)
        np.testing.assert_allclose(found.kept[some], other.kept, **TOL)
        for i, j in zip(np.flatnonzero(some), range(len(other.packages)), strict=True):
            expected = [(s.node, pytest.approx(s.chance, abs=1e-9)) for s in other.steps(j)]
            assert [(s.node, s.chance) for s in found.steps(int(i))] == expected
            gains = [other.gain(j, p, kept=True).mean for p in ("ann", "bob")]
            mine = [found.gain(int(i), p, kept=True).mean for p in ("ann", "bob")]
            np.testing.assert_allclose(mine, gains, **TOL)


def test_amounts_that_go_with_a_step_left_out_make_no_further_packages():
    """Bob's penalty has no alternatives where Bob promises nothing, nor has what is paid after its step."""
    deal = replace(DEAL, optional=frozenset({0, 1}))
    rows = [(dict(p.terms), tuple(a and str(a.text) for a in p.amounts)) for p in deal.packages]
    assert rows[:2] == [
        ({"gives": "yes", "returns": "yes"}, ("0.1", "0.4", "0.05", "0.3")),
        ({"gives": "yes", "returns": "yes"}, ("0.1", "0.4", "0.1", "0.3")),
    ]
    assert rows[4:6] == [
        ({"gives": "yes"}, ("0.1", None, "0.05", "0.3")),
        ({"gives": "yes"}, ("0.1", None, "0.1", "0.3")),
    ]
    assert rows[-2:] == [
        ({"returns": "yes"}, (None, "0.4", None, "0.3")),
        ({"returns": "yes"}, (None, "0.6", None, "0.3")),
    ]
    assert [p.number for p in deal.packages] == list(range(1, 15))
    assert deal.n_packages == 14


def test_a_package_without_steps_is_no_package():
    """It would be disagreement itself."""
    deal = replace(DEAL, optional=frozenset({0, 1}), amounts=())
    assert all(package.terms for package in deal.packages)
    assert len(deal.packages) == deal.n_packages == 5


def test_a_step_left_out_of_the_examined_package_is_not_enforced():
    """Who promises nothing in a package cannot make it hold by a penalty of its own."""
    ensemble = swap()
    found = solve_deal(ensemble, replace(DEAL, optional=frozenset({0}), amounts=(AFTER_ALL,)))
    alone = next(i for i, p in enumerate(found.packages) if tuple(p.terms) == ("returns",))
    instruments = enforce(ensemble, found, alone, threshold=0.8)
    assert {e.players for e in instruments} == {("bob",)}
    fined = next(e for e in instruments if e.kind == "penalty")
    # P(returns) = σ(3 (penalty + 0.3 − 0.2)), whatever Ann does.
    assert fined.size == pytest.approx(np.log(4) / 3 - 0.1, rel=0.02)
    assert len(fined.chances) == 1


def test_the_table_has_a_row_for_every_package_and_gaps_where_a_step_is_left_out():
    """So that packages with and without a step can be compared."""
    frame = solve_deal(swap(), replace(DEAL, optional=frozenset({1}))).to_frame()
    short = frame[frame["returns"].isna()]
    assert len(short) == 4
    assert short["P(returns kept)"].isna().all()
    assert short["penalty on bob"].isna().all()
    assert frame["P(kept)"].notna().all()
