"""Packages of a deal, counted and listed by hand: alternatives, optional steps, amounts that go with them."""

from __future__ import annotations

from datetime import date

from backchannel.diagram.deals import Amount, Commitment, Deal
from backchannel.language.expressions import parse

FREE = Commitment("free", "minsk", ("all", "half"), step=0)
LIFT = Commitment("lift", "brussels", ("lifts",), step=1)
AID = Amount("aid", (parse("1"), parse("2"), parse("3")), {"minsk": 1.0, "bank": -1.0}, step=1)
FINE = Amount("fine", (parse("0.1"), parse("0.2")), {"brussels": -1.0}, None, ("brussels",))


def deal(*amounts: Amount, **parts) -> Deal:
    return Deal("swap", ("minsk", "brussels"), (FREE, LIFT), amounts, date(2030, 1, 1), **parts)


def test_every_combination_of_alternatives_is_a_package_and_the_last_varies_fastest():
    """Two ways to free, one to lift, three sizes of aid: 2 · 1 · 3 = 6."""
    swap = deal(AID)
    assert swap.n_packages == 6
    assert [package.number for package in swap.packages] == [1, 2, 3, 4, 5, 6]
    assert [package.terms["free"] for package in swap.packages] == ["all"] * 3 + ["half"] * 3
    first, second = swap.packages[:2]
    assert (first.amounts[0], second.amounts[0]) == AID.alternatives[:2]


def test_a_step_that_may_be_left_out_takes_its_amounts_with_it():
    """With lifting 2 · 3 · 2 = 12 packages; without it, aid and fine are gone, and 2 are left."""
    swap = deal(AID, FINE, optional=frozenset({1}))
    assert [variant.nodes for variant in swap.variants] == [("free", "lift"), ("free",)]
    assert [swap.count(variant) for variant in swap.variants] == [12, 2]
    assert swap.n_packages == len(swap.packages) == 14
    left_out = [package for package in swap.packages if "lift" not in package.terms]
    assert [package.terms for package in left_out] == [{"free": "all"}, {"free": "half"}]
    assert all(package.amounts == (None, None) for package in left_out)
    assert swap.variant(left_out[0]).nodes == ("free",)


def test_an_amount_that_is_due_after_all_steps_stays_when_the_last_is_left_out():
    """Aid after the whole deal: 2 · 3 with lifting, and 2 · 3 without."""
    late = Amount("aid", AID.alternatives, AID.effect, step=1, after_all=True)
    swap = deal(late, optional=frozenset({1}))
    assert [swap.count(variant) for variant in swap.variants] == [6, 6]


def test_a_deal_of_optional_steps_alone_has_no_package_without_promises():
    """Both, the first, the second: 2 + 2 + 1; none of the two is no deal."""
    swap = deal(optional=frozenset({0, 1}))
    assert [variant.nodes for variant in swap.variants] == [("free", "lift"), ("free",), ("lift",)]
    assert swap.n_packages == len(swap.packages) == 5


def test_who_promises_who_is_concerned_and_what_is_kept_together():
    """A bank that pays promises nothing, and is concerned all the same."""
    swap = deal(AID, together={0: "unseen", 1: "escrow"})
    assert swap.makers == ("minsk", "brussels")
    assert swap.concerned == ("minsk", "brussels", "bank")
    assert [(joint.nodes, joint.in_escrow) for joint in swap.joint] == [
        (("free",), False),
        (("lift",), True),
    ]
