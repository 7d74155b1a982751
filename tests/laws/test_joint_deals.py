"""What must hold where promises are kept at the same time: an oracle that lists all courses of play, and laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from backchannel.diagram.deals import Amount, Commitment, Deal, Together
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest, Node
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.language.expressions import constant, parse, table
from backchannel.questions.deals.ask import solve_deal
from tests.helpers import TOL, day
from tests.oracles import joint_bargain as oracle

SIZES = (2, 3, 2, 2, 3)
"""Values of: what Ann knows, what Ann gives, what Bob gives, an event, the end."""
NAMES = ("secret", "gives", "returns", "event", "end")
SEES = ((), (0,), (), (1,), (0, 2))
LISTED = (0, 1, 3, 2, 4)
"""The case lists the event between the two gifts, on the same day."""
PRECISION = {"ann": 1.7, "bob": 1.1}
PENALTY = {"ann": 0.3, "bob": 0.5}
REWARD = {"bob": 0.2}


def words(i: int) -> tuple[str, ...]:
    """The values of a node."""
    return tuple(f"v{k}" for k in range(SIZES[i]))


def cells(i: int, rows: np.ndarray) -> dict[str, object]:
    """The odds of a chance node, by what it depends on."""
    scope = tuple(NAMES[s] for s in SEES[i])
    weights = {}
    for k, word in enumerate(words(i)):
        entries = {
            tuple(words(s)[v] for s, v in zip(SEES[i], seen, strict=True)): parse(
                float(rows[(*seen, k)])
            )
            for seen in np.ndindex(*rows.shape[:-1])
        }
        weights[word] = table(scope, entries) if scope else parse(float(rows[k]))
    return weights


def random_game(seed: int) -> tuple[Ensemble, tuple[oracle.Turn, ...], dict[str, np.ndarray]]:
    """Ann knows a secret; she and Bob give at the same time; Ann, who sees Bob's gift, has the last move."""
    rng = np.random.default_rng(seed)
    owners = (None, "ann", "bob", None, "ann")
    nodes: dict[int, Node] = {}
    turns = []
    for i, owner in enumerate(owners):
        when = day((1, 2, 2, 2, 3)[i])
        rows = rng.dirichlet(np.ones(SIZES[i]), size=tuple(SIZES[s] for s in SEES[i]))
        if owner is None:
            nodes[i] = Chance(NAMES[i], words(i), cells(i, rows), True, date=when)
            odds = {seen: rows[seen] for seen in np.ndindex(*rows.shape[:-1])}
            turns.append(oracle.Turn(SIZES[i], SEES[i], None, odds))
        else:
            seen = tuple(NAMES[s] for s in SEES[i])
            nodes[i] = Decision(NAMES[i], words(i), owner, when, seen)
            turns.append(oracle.Turn(SIZES[i], SEES[i], owner))
    worth = {player: rng.normal(size=SIZES) for player in PRECISION}
    interests = []
    for player, numbers in worth.items():
        entries = {
            tuple(words(i)[v] for i, v in enumerate(history)): parse(float(numbers[history]))
            for history in np.ndindex(*SIZES)
        }
        interests.append(Interest(f"w_{player}", player, table(NAMES, entries)))
    diagram = Diagram(("ann", "bob"), tuple(nodes[i] for i in LISTED), tuple(interests))
    numbers = {f"{player}.precision": np.array([value]) for player, value in PRECISION.items()}
    return build_ensemble(diagram, (), numbers), tuple(turns), worth


def both_give(together: Together, *, then: bool = False) -> tuple[Deal, tuple[oracle.Step, ...]]:
    """Both give at the same time; perhaps Ann promises the end as well."""
    commitments = [Commitment("gives", "ann", ("v1",), 0), Commitment("returns", "bob", ("v0",), 0)]
    steps = [oracle.Step({1: 1, 2: 0}, together)]
    if then:
        commitments.append(Commitment("end", "ann", ("v2",), 1))
        steps.append(oracle.Step({4: 2}))
    penalties = (
        Amount(f"penalty on {p}", (constant(x),), {p: -1.0}, None, (p,)) for p, x in PENALTY.items()
    )
    paid = (
        Amount(f"payment to {p}", (constant(x),), {p: 1.0}, len(steps) - 1)
        for p, x in REWARD.items()
    )
    amounts = (*penalties, *paid)
    deal = Deal("swap", ("ann", "bob"), tuple(commitments), amounts, day(0), together={0: together})
    return deal, tuple(steps)


@pytest.mark.slow
@pytest.mark.parametrize("then", [False, True])
@pytest.mark.parametrize("together", ["unseen", "escrow"])
@pytest.mark.parametrize("seed", range(2))
def test_promises_kept_together_agree_with_a_list_of_all_courses(seed, together, then):
    """Gains on paper and as kept, and every promise's chance, where Ann knows more than Bob."""
    ensemble, turns, worth = random_game(seed)
    deal, steps = both_give(together, then=then)
    found = solve_deal(ensemble, deal)
    game = oracle.Bargain(turns, worth, PRECISION, steps, PENALTY, REWARD)
    for on_paper in (True, False):
        courses, without = oracle.solve(game, on_paper=on_paper)
        for player in PRECISION:
            gain = oracle.expected(courses, player) - oracle.expected(without, player)
            assert found.gain(0, player, kept=not on_paper).mean == pytest.approx(gain, abs=1e-9)
    for k in range(2):
        chance = sum(course.chance for course in courses if course.kept[k])
        assert found.steps(0)[k].chance == pytest.approx(chance, abs=1e-9)
    both = sum(course.chance for course in courses if all(course.kept[:2]))
    assert found.steps(0)[0].step_chance == pytest.approx(both, abs=1e-9)
    all_kept = sum(c.chance for c in courses if len(c.kept) == 2 + then and all(c.kept))
    assert found.kept[0] == pytest.approx(all_kept, abs=1e-9)
    if then:
        assert found.steps(0)[2].chance == pytest.approx(all_kept / both, abs=1e-9)


def pledge(together: Together, precision: float = 3.0, n: int = 3) -> tuple[Ensemble, Deal]:
    """Everybody may give at a cost of 0.2, and everybody gets 0.3 for each gift of the others."""
    players = ("ann", "bob", "cid")[:n]
    nodes = tuple(Decision(f"by_{p}", ("yes", "no", "more"), p, day(1)) for p in players)
    interests = tuple(
        Interest(
            f"of_{p}",
            p,
            parse(
                " + ".join(f"0.3 * (by_{q} == 'yes')" for q in players if q != p)
                + f" - 0.2 * (by_{p} == 'yes')"
            ),
        )
        for p in players
    )
    numbers = {f"{p}.precision": np.array([precision]) for p in players}
    ensemble = build_ensemble(Diagram(players, nodes, interests), (), numbers)
    commitments = tuple(Commitment(f"by_{p}", p, ("yes",), 0) for p in players)
    amounts = tuple(
        Amount(f"penalty on {p}", (constant(0.1),), {p: -1.0}, None, (p,)) for p in players
    )
    return ensemble, Deal("pledge", players, commitments, amounts, day(0), together={0: together})


def test_three_players_in_escrow_are_what_one_equation_says():
    """p = σ(λ(p² · gain + penalty)): whoever agrees gains only if both others do, and not to agree is one choice."""
    found = solve_deal(*pledge("escrow"))
    alone = np.exp(3 * -0.2) / (np.exp(3 * -0.2) + 2)
    gain = (2 * 0.3 - 0.2) - (2 * 0.3 - 0.2) * alone
    p = 0.5
    for _ in range(500):
        p = 1 / (1 + np.exp(-3 * (p * p * gain + 0.1)))
    np.testing.assert_allclose([s.chance for s in found.steps(0)], [p] * 3, **TOL)
    assert found.kept[0] == pytest.approx(p**3, abs=1e-9)


def test_three_players_who_do_not_see_each_other_are_what_one_equation_says():
    """What others do adds up here, so only the cost and the penalty count; the two other actions stay two."""
    found = solve_deal(*pledge("unseen"))
    p = np.exp(3 * (-0.2 + 0.1)) / (np.exp(3 * (-0.2 + 0.1)) + 2)
    np.testing.assert_allclose([s.chance for s in found.steps(0)], [p] * 3, **TOL)


def test_on_paper_it_does_not_matter_how_promises_are_kept():
    """If all are kept, the same is done in escrow, unseen, or one after the other."""
    gains = []
    for together in ("escrow", "unseen", None):
        ensemble, deal = pledge("escrow")
        deal = replace(deal, together={0: together} if together else {})
        gains.append(solve_deal(ensemble, deal).gains)
    np.testing.assert_allclose(gains[1], gains[0], **TOL)
    np.testing.assert_allclose(gains[2], gains[0], **TOL)


def test_an_escrow_from_which_nobody_gains_is_agreed_to_by_chance():
    """At no stake and without a penalty, agreeing or not is the toss of a coin."""
    ensemble, deal = pledge("escrow", n=2)
    still = tuple(replace(i, worth=parse(0.0)) for i in ensemble.diagram.interests)
    diagram = replace(ensemble.diagram, interests=still)
    found = solve_deal(build_ensemble(diagram, (), ensemble.numbers), replace(deal, amounts=()))
    np.testing.assert_allclose([s.chance for s in found.steps(0)], [0.5, 0.5], **TOL)


@pytest.mark.slow
def test_the_order_in_which_an_escrow_lists_its_promises_changes_nothing():
    """They are kept at the same time."""
    ensemble, deal = pledge("escrow", n=3)
    costs = (0.0, 0.1, 0.4)
    unequal = replace(
        deal,
        amounts=tuple(
            replace(a, alternatives=(constant(x),))
            for a, x in zip(deal.amounts, costs, strict=True)
        ),
    )
    one = solve_deal(ensemble, unequal)
    backwards = Diagram(
        ensemble.diagram.players, ensemble.diagram.nodes[::-1], ensemble.diagram.interests
    )
    other_deal = replace(unequal, commitments=deal.commitments[::-1])
    other = solve_deal(build_ensemble(backwards, (), ensemble.numbers), other_deal)
    chances = {s.node: s.chance for s in one.steps(0)}
    for step in other.steps(0):
        assert step.chance == pytest.approx(chances[step.node], abs=1e-9)
    assert len(set(chances.values())) == 3


def test_what_cannot_be_done_is_not_agreed_to_and_costs_nothing():
    """Bob's menu lacks what he promised: the deal lapses, nobody acts, and Ann pays only if she refuses."""
    ensemble, deal = pledge("escrow", n=2)
    ann, bob = ensemble.diagram.nodes
    bound = replace(bob, allowed={"yes": parse("0 == 1")})
    diagram = replace(ensemble.diagram, nodes=(ann, bound))
    found = solve_deal(build_ensemble(diagram, (), ensemble.numbers), deal)
    p = 1 / (1 + np.exp(-3 * 0.1))
    first, second = found.steps(0)
    assert (second.able, found.kept[0], found.possible(0)) == (0.0, 0.0, 0.0)
    assert first.chance == pytest.approx(p, abs=1e-9)
    assert found.gain(0, "bob", kept=True).mean == pytest.approx(0.0, abs=1e-9)
    assert found.gain(0, "ann", kept=True).mean == pytest.approx(-0.1 * (1 - p), abs=1e-9)


@pytest.mark.slow
def test_the_oracle_lists_every_course_once():
    """Chances of all courses add up to one, with a deal and without."""
    _, turns, worth = random_game(1)
    for together, then in product(("unseen", "escrow"), (False, True)):
        _, steps = both_give(together, then=then)
        game = oracle.Bargain(turns, worth, PRECISION, steps, PENALTY, REWARD)
        for courses in oracle.solve(game):
            assert sum(course.chance for course in courses) == pytest.approx(1.0)
