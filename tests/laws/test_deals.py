"""What must hold for every deal: an oracle, closed forms, and laws."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from backchannel.diagram.deals import Commitment, Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.quantities import expected_worth
from backchannel.equilibrium.deals.program import QUICK
from backchannel.language.expressions import parse, table
from backchannel.questions.deals.ask import solve_deal
from backchannel.questions.deals.results import Deals
from backchannel.study import Study
from tests.helpers import CANAL, TOL, day, quick_but
from tests.laws.swap import logistic, payment, penalty, promise, swap
from tests.oracles import bargain


def test_a_swap_is_what_two_lines_of_algebra_say():
    """P(returns) = σ(λ(pen − cost)); P(gives) compares what is then expected with being alone."""
    found = solve_deal(swap(), promise(penalty("bob", 0.4), penalty("ann", 0.1)))
    alone = logistic(3 * -0.2)
    returns = logistic(3 * (0.4 - 0.2))
    keeping = 0.5 * returns - 0.2
    breaking = 0.5 * alone - 0.1
    gives = logistic(3 * (keeping - breaking))
    np.testing.assert_allclose([s.chance for s in found.steps(0)], [gives, returns], **TOL)
    before = 0.5 * alone - 0.2 * alone
    np.testing.assert_allclose(found.gains[0], [0.5 - 0.2 - before] * 2, **TOL)
    assert found.kept[0] == pytest.approx(gives * returns, abs=1e-9)
    ann = gives * keeping + (1 - gives) * breaking - before
    assert found.gain(0, "ann", kept=True).mean == pytest.approx(ann, abs=1e-9)


def _random(seed: int) -> tuple[Ensemble, Deal, bargain.Bargain]:
    """Four nodes, everyone sees everything; two of three decisions are promised."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 4, size=4).tolist()
    owners: list[str | None] = ["ann", None, "bob", "ann" if seed % 2 else "bob"]
    if seed % 3 == 0:
        owners = ["bob", "ann", None, "bob"]
    names = [f"n{i}" for i in range(4)]
    domains = [tuple(f"v{k}" for k in range(size)) for size in sizes]
    nodes, turns = [], []
    for i, owner in enumerate(owners):
        seen = tuple(names[:i])
        turns.append(bargain.Turn(sizes[i], owner))
        if owner is not None:
            nodes.append(Decision(names[i], domains[i], owner, day(i + 1), seen))
            continue
        odds = rng.dirichlet(np.ones(sizes[i]), size=tuple(sizes[:i]))
        cells = {history: odds[history] for history in np.ndindex(*sizes[:i])}
        turns[i].odds = cells
        weights = {}
        for k, word in enumerate(domains[i]):
            entries = {
                tuple(domains[j][h] for j, h in enumerate(history)): parse(float(row[k]))
                for history, row in cells.items()
            }
            weights[word] = table(seen, entries)
        nodes.append(Chance(names[i], domains[i], weights, True, date=day(i + 1)))
    worth = {player: rng.normal(size=tuple(sizes)) for player in ("ann", "bob")}
    interests = []
    for player, cells in worth.items():
        entries = {
            tuple(domains[j][h] for j, h in enumerate(history)): parse(float(cells[history]))
            for history in np.ndindex(*sizes)
        }
        interests.append(Interest(f"w_{player}", player, table(tuple(names), entries)))
    diagram = Diagram(("ann", "bob"), tuple(nodes), tuple(interests))
    ensemble = build_ensemble(
        diagram, (), {"ann.precision": np.array([1.7]), "bob.precision": np.array([0.9])}
    )
    decisions = [i for i, owner in enumerate(owners) if owner is not None]
    promised = {i: int(rng.integers(sizes[i])) for i in sorted(rng.permutation(decisions)[:2])}
    commitments = tuple(
        Commitment(names[i], str(owners[i]), (domains[i][a],), s)
        for s, (i, a) in enumerate(promised.items())
    )
    amounts = (penalty("ann", 0.3), penalty("bob", 0.6), payment("bob", 0.2))
    deal = Deal("random", ("ann", "bob"), commitments, amounts, day(0))
    plain = bargain.Bargain(
        turns, worth, {"ann": 1.7, "bob": 0.9}, promised, {"ann": 0.3, "bob": 0.6}, {"bob": 0.2}
    )
    return ensemble, deal, plain


@pytest.mark.parametrize("seed", quick_but(range(2, 6), range(6)))
def test_random_games_agree_with_the_oracle(seed):
    """Gains on paper and as kept, and every promise's chance, by walking the whole tree."""
    ensemble, deal, plain = _random(seed)
    found = solve_deal(ensemble, deal)
    nothing = bargain.value(plain, (), "broken")
    for regime, is_kept in (("on paper", False), ("in force", True)):
        with_deal = bargain.value(plain, (), regime)
        for player in ("ann", "bob"):
            gain = found.gain(0, player, kept=is_kept).mean
            assert gain == pytest.approx(with_deal[player] - nothing[player], abs=1e-9), regime
    np.testing.assert_allclose(found.solved.kept[0, :, 0], bargain.kept(plain), **TOL)


def _family(parties: tuple[str, ...]) -> Deals:
    commitments = (
        Commitment("gives", "ann", ("yes", "no"), 0),
        Commitment("returns", "bob", ("yes", "no"), 1),
    )
    return solve_deal(swap(), Deal("family", parties, commitments, (), day(0)))


def test_naming_the_parties_in_another_order_changes_the_order_only():
    """Nobody is first."""
    one, other = _family(("ann", "bob")), _family(("bob", "ann"))
    np.testing.assert_allclose(one.gains, other.gains[:, ::-1], **TOL)
    assert (one.nash, one.kalai_smorodinsky) == (other.nash, other.kalai_smorodinsky)
    assert one.pareto.tolist() == other.pareto.tolist()


def test_the_nash_package_is_in_the_range_and_none_betters_it():
    """Otherwise the product of gains could be raised."""
    found = _family(("ann", "bob"))
    assert found.nash == 0
    assert found.in_range[found.nash]
    assert found.pareto[found.nash]
    assert found.to_frame()["Nash"].tolist() == [True, False, False, False]


def test_on_paper_a_deal_is_an_announced_what_if():
    """In the canal, with Aria in error about Borland, and after part of the record."""
    study = Study.load(CANAL, draws=64)
    ensemble = study.ensemble
    terms = {"demand": 10, "reply": "pay"}
    commitments = (
        Commitment("demand", "aria", (10,), 0),
        Commitment("reply", "borland", ("pay",), 1),
    )
    deal = Deal("toll", ("aria", "borland"), commitments, (), date(2031, 3, 1))
    found = solve_deal(ensemble, deal)
    changed = change(ensemble, Intervention(do=terms, announced=deal.date))
    evidence = evidence_of(ensemble.diagram, changed.record)
    truth = ensemble.play.models.truth.game
    used = found.weights > 0
    for j, player in enumerate(found.parties):
        gain = expected_worth(changed.world, changed.game, player, evidence)
        gain = gain - expected_worth(ensemble.world, truth, player, evidence)
        np.testing.assert_allclose(found.solved.on_paper[0, used, j], gain[used], **TOL)


def test_draws_that_do_not_settle_briskly_climb_the_ladder(monkeypatch):
    """One update is never enough to settle; the ladder comes to the same play."""
    deal = promise(penalty("bob", 0.4), penalty("ann", 0.1))
    brisk = solve_deal(swap(3), deal)
    monkeypatch.setattr("backchannel.questions.deals.package_plan.QUICK", {**QUICK, "most": 1})
    slow = solve_deal(swap(3), deal)
    np.testing.assert_allclose(slow.solved.kept, brisk.solved.kept, rtol=0, atol=1e-8)
    assert slow.left_out == 0


def test_chunks_and_padding_change_nothing():
    """A draw's answer does not depend on the draws beside it."""
    costs = np.linspace(0.05, 0.45, 300)
    many = swap(300)
    ensemble = build_ensemble(many.diagram, (), {**many.numbers, "cost": costs})
    found = solve_deal(ensemble, promise(penalty("bob", 0.3)))
    for draw in (0, 127, 128, 299):
        one = solve_deal(swap(cost=float(costs[draw])), promise(penalty("bob", 0.3)))
        np.testing.assert_allclose(found.solved.kept[0, :, draw], one.solved.kept[0, :, 0], **TOL)
        np.testing.assert_allclose(found.solved.on_paper[0, draw], one.solved.on_paper[0, 0], **TOL)


@pytest.mark.slow
def test_on_the_flagship_too_a_promise_on_paper_is_a_what_if():
    """Three models of one case, hidden types and reports that may be wrong."""
    ensemble = Study.load("belarus-2025", draws=32).ensemble
    when = date(2025, 7, 15)
    commitments = (
        Commitment("us_return", "usa", ("reengages",), 0),
        Commitment("arrests", "blr", ("refrains",), 1),
    )
    found = solve_deal(ensemble, Deal("return", ("usa", "blr"), commitments, (), when))
    terms = {c.node: c.values[0] for c in commitments}
    changed = change(ensemble, Intervention(do=terms, announced=when))
    evidence = evidence_of(ensemble.diagram, changed.record)
    truth = ensemble.play.models.truth.game
    used = found.weights > 0
    for j, player in enumerate(found.parties):
        gain = expected_worth(changed.world, changed.game, player, evidence)
        gain = gain - expected_worth(ensemble.world, truth, player, evidence)
        np.testing.assert_allclose(found.solved.on_paper[0, used, j], gain[used], **TOL)
