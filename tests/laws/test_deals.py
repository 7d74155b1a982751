"""What must hold for every deal: an oracle, closed forms, and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backchannel.diagram.beliefs import Belief, Unaware
from backchannel.diagram.deals import Amount, Commitment, Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.quantities import expected_worth
from backchannel.equilibrium.deals.program import QUICK
from backchannel.language.expressions import constant, parse, table
from backchannel.questions.deals.ask import solve_deal
from backchannel.questions.deals.enforcing import enforce
from backchannel.questions.deals.results import Deals
from backchannel.questions.forecast.ask import forecast
from backchannel.study import Study
from tests.helpers import CANAL, TOL, day, numbers, pursuit
from tests.oracles import bargain

LEVELS = ("low", "high")


def swap(n: int = 1, *, precision: float = 3.0, cost: float = 0.2, gain: float = 0.5) -> Ensemble:
    """Ann gives or not, Bob sees it and gives or not; giving costs less than getting is worth."""
    diagram = Diagram(
        players=("ann", "bob"),
        nodes=(
            Decision("gives", ("yes", "no"), "ann", day(1)),
            Decision("returns", ("yes", "no"), "bob", day(2), sees=("gives",)),
        ),
        interests=(
            Interest("a", "ann", parse("gain * (returns == 'yes') - cost * (gives == 'yes')")),
            Interest("b", "bob", parse("gain * (gives == 'yes') - cost * (returns == 'yes')")),
        ),
    )
    given = {"gain": gain, "cost": cost, "ann.precision": precision, "bob.precision": precision}
    return build_ensemble(diagram, (), {k: np.full(n, float(v)) for k, v in given.items()})


def promise(*amounts: Amount, parties: tuple[str, ...] = ("ann", "bob")) -> Deal:
    """Both give."""
    commitments = (
        Commitment("gives", "ann", ("yes",), 0),
        Commitment("returns", "bob", ("yes",), 1),
    )
    return Deal("swap", parties, commitments, amounts, day(0))


def penalty(player: str, *sizes: float) -> Amount:
    """What a player loses that breaks the deal."""
    return Amount(
        f"penalty on {player}", tuple(map(constant, sizes)), {player: -1.0}, None, (player,)
    )


def payment(player: str, *sizes: float) -> Amount:
    """What a player gets when all is kept."""
    return Amount(f"payment to {player}", tuple(map(constant, sizes)), {player: 1.0}, 1)


def logistic(x: float) -> float:
    return 1.0 / (1.0 + np.exp(-x))


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


@pytest.mark.parametrize("seed", range(6))
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


def test_a_promise_shows_what_its_maker_knows():
    """The runner knows the state; who sees the promise kept learns of it, and the runner knows."""
    ensemble = build_ensemble(pursuit(), (), numbers())
    commitments = (Commitment("move", "runner", ("left",), 0),)
    deal = Deal("still", ("runner", "chaser"), commitments, (penalty("runner", 0.4),), day(1))
    found = solve_deal(ensemble, deal)
    p, a, b, c, d = 0.4, 0.7, 0.5, 1.0, 0.2
    rule = ensemble.play.policies["guess"][0]
    del d
    keeps = np.array([0.5, 0.5])
    for _ in range(500):
        mass = np.array([p, 1 - p]) * keeps
        high = mass[0] / mass.sum()
        guess_high = logistic(2.0 * c * (high - (1 - high)))
        wrong = np.array([1 - guess_high, guess_high])
        keeping = np.array([a, 0.0]) + b * wrong
        breaking = b * np.array([rule[1, 1], rule[1, 0]]) - 0.4
        keeps = 1 / (1 + np.exp(-3.0 * (keeping - breaking)))
    assert found.kept[0] == pytest.approx(float(np.array([p, 1 - p]) @ keeps), abs=1e-9)


def test_a_last_promise_with_a_penalty_is_an_interest_like_any_other():
    """Nothing follows a breach then, so the usual solver can play the deal: it costs to guess low."""
    deal = Deal(
        "guess",
        ("runner", "chaser"),
        (Commitment("guess", "chaser", ("high",), 0),),
        (penalty("chaser", 0.8),),
        day(0),
    )
    plain = build_ensemble(pursuit(), (), numbers(3, p=np.array([0.2, 0.5, 0.8])))
    found = solve_deal(plain, deal)
    costly = Interest("costly", "chaser", parse("-0.8 * (guess == 'low')"))
    diagram = replace(plain.diagram, interests=(*plain.diagram.interests, costly))
    as_interest = build_ensemble(diagram, (), plain.numbers)
    for draw in range(3):
        high = forecast(as_interest, "guess").per_draw[draw, 0]
        assert found.solved.kept[0, 0, draw] == pytest.approx(high, abs=1e-9)
    games = [e.play.models.truth.game for e in (plain, as_interest)]
    for j, player in enumerate(("runner", "chaser")):
        gain = expected_worth(as_interest.world, games[1], player, {})
        gain = gain - expected_worth(plain.world, games[0], player, {})
        np.testing.assert_allclose(found.solved.as_kept[0, :, j], gain, **TOL)


def test_a_maker_who_takes_another_for_chance_keeps_its_promise_by_those_odds():
    """Ann thinks that Bob tosses a coin whatever she does, so only the penalty moves her."""
    base = swap()
    coin = Chance("returns", ("yes", "no"), {"yes": parse(0.5), "no": parse(0.5)})
    ensemble = build_ensemble(base.diagram, (Belief("ann", nodes={"returns": coin}),), base.numbers)
    found = solve_deal(ensemble, promise(penalty("ann", 0.3), penalty("bob", 0.9)))
    chances = [step.chance for step in found.steps(0)]
    np.testing.assert_allclose(chances, [logistic(3 * 0.1), logistic(3 * 0.7)], **TOL)


def test_a_maker_keeps_its_promise_by_what_it_thinks_that_others_think():
    """Ann knows the cost, and thinks that Bob takes it for twice as much."""
    base = swap()
    thinks = Belief("ann", about=(Belief("bob", parameters={"cost": "ann.bob.cost"}),))
    wrong = {**base.numbers, "ann.bob.cost": np.array([0.4])}
    ensemble = build_ensemble(base.diagram, (thinks,), wrong)
    found = solve_deal(ensemble, promise(penalty("ann", 0.1), penalty("bob", 0.5)))
    keeping = 0.5 * logistic(3 * (0.5 - 0.4)) - 0.2
    breaking = 0.5 * logistic(3 * -0.4) - 0.1
    gives, returns = logistic(3 * (keeping - breaking)), logistic(3 * (0.5 - 0.2))
    chances = [step.chance for step in found.steps(0)]
    np.testing.assert_allclose(chances, [gives, returns], **TOL)


def test_nobody_keeps_a_promise_that_it_cannot_think_of():
    """Then the promises after it are never reached, and have no chance at all."""
    base = swap()
    blind = Belief("ann", unaware=Unaware(actions={"gives": ("yes",)}))
    ensemble = build_ensemble(base.diagram, (blind,), base.numbers)
    found = solve_deal(ensemble, promise(penalty("ann", 0.9)))
    first, second = found.steps(0)
    assert (first.chance, found.kept[0]) == (0.0, 0.0)
    assert np.isnan(second.chance)


def test_without_penalties_a_promise_binds_nobody():
    """What is promised is kept just as often as it would have been done anyway."""
    ensemble = swap()
    found = solve_deal(ensemble, promise())
    anyway = forecast(ensemble, "gives").probability("yes")
    assert found.steps(0)[0].chance == pytest.approx(anyway, abs=1e-9)
    assert found.gain(0, "ann", kept=True).mean == pytest.approx(0.0, abs=1e-9)


def test_no_steps_are_no_deal():
    """A deal without promises changes nothing for anyone."""
    empty = Deal("nothing", ("ann", "bob"), (), (), day(0))
    found = solve_deal(swap(), empty)
    np.testing.assert_allclose(found.gains, 0.0, **TOL)
    np.testing.assert_allclose(found.kept, 1.0, **TOL)


def test_a_larger_penalty_never_makes_the_last_promise_less_sure():
    """The last to keep compares its own two worlds, and one of them has become worse."""
    found = solve_deal(swap(), promise(penalty("bob", 0.0, 0.1, 0.3, 0.9)))
    chances = [found.steps(i)[1].chance for i in range(4)]
    assert np.all(np.diff(chances) > 0)


def test_a_payment_for_keeping_shifts_the_gain_on_paper_one_for_one():
    """On paper all is kept, so what is paid for that is simply had."""
    found = solve_deal(swap(), promise(payment("bob", 0.0, 0.25)))
    np.testing.assert_allclose(found.gains[1] - found.gains[0], [0.0, 0.25], **TOL)


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


def test_a_maker_who_errs_keeps_its_promise_by_its_own_model():
    """Aria takes Borland for soft, so it keeps the low toll as if Borland were."""
    study = Study.load(CANAL, draws=64)
    errs = study.ensemble
    believed = {**errs.numbers, "p_high": errs.numbers["aria.p_high"]}
    right = build_ensemble(errs.diagram, (), believed)
    commitments = (
        Commitment("demand", "aria", (10,), 0),
        Commitment("reply", "borland", ("pay",), 1),
    )
    amounts = (penalty("aria", 0.1), penalty("borland", 0.2))
    deal = Deal("toll", ("aria", "borland"), commitments, amounts, date(2031, 3, 1))
    found, as_believed = solve_deal(errs, deal), solve_deal(right, deal)
    kept = found.solved.kept[0]
    np.testing.assert_allclose(kept[0], as_believed.solved.kept[0, 0], **TOL)
    assert np.abs(kept[1] - as_believed.solved.kept[0, 1]).max() > 0.01
    own = found.solved.expected["aria"][0]
    np.testing.assert_allclose(own, as_believed.solved.on_paper[0, :, 0], **TOL)


def test_draws_that_do_not_settle_briskly_climb_the_ladder(monkeypatch):
    """One update is never enough to settle; the ladder comes to the same play."""
    deal = promise(penalty("bob", 0.4), penalty("ann", 0.1))
    brisk = solve_deal(swap(3), deal)
    monkeypatch.setattr("backchannel.questions.deals.package_plan.QUICK", {**QUICK, "most": 1})
    slow = solve_deal(swap(3), deal)
    np.testing.assert_allclose(slow.solved.kept, brisk.solved.kept, rtol=0, atol=1e-8)
    assert slow.left_out == 0


def test_the_smallest_penalty_is_just_enough():
    """At its size every promise is kept with the threshold, and with 5% less it is not."""
    ensemble = swap(8)
    found = solve_deal(ensemble, promise())
    instruments = enforce(ensemble, found, 0, threshold=0.8)
    both = next(e for e in instruments if e.kind == "penalty" and len(e.players) == 2)
    assert both.size is not None
    for share, enough in ((1.0, True), (0.95, False)):
        x = both.size * share
        tried = solve_deal(ensemble, promise(penalty("ann", x), penalty("bob", x)))
        assert (min(s.chance for s in tried.steps(0)) >= 0.8 - 1e-9) == enough
    alone = next(e for e in instruments if e.kind == "penalty" and e.players == ("ann",))
    assert alone.size is None
    assert min(alone.chances) < 0.8


def test_a_penalty_of_the_cost_makes_keeping_a_best_reply():
    """Bob's giving costs 0.2, whatever Ann did; nothing less makes it worth its while."""
    ensemble = swap()
    found = solve_deal(ensemble, promise())
    instruments = enforce(ensemble, found, 0, standard="best reply")
    both = next(e for e in instruments if e.kind == "penalty" and len(e.players) == 2)
    assert both.size == pytest.approx(0.2, rel=0.02)


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


def test_a_promise_that_cannot_be_kept_lapses_without_a_penalty():
    """Bob can return only what Ann gave; the deal asks only for Bob's part."""
    base = swap()
    gives, returns = base.diagram.nodes
    assert isinstance(returns, Decision)
    bound = replace(returns, allowed={"yes": parse("gives == 'yes'")})
    diagram = replace(base.diagram, nodes=(gives, bound))
    ensemble = build_ensemble(diagram, (), base.numbers)
    commitments = (Commitment("returns", "bob", ("yes",), 0),)
    deal = Deal("half", ("ann", "bob"), commitments, (penalty("bob", 5.0),), day(0))
    found = solve_deal(ensemble, deal)
    keeps = logistic(3 * (5.0 - 0.2))
    gives_then = logistic(3 * (0.5 * keeps - 0.2))
    assert found.kept[0] == pytest.approx(gives_then * keeps, abs=1e-9)
    kept_worth = gives_then * (0.5 + keeps * -0.2 + (1 - keeps) * -5.0)
    before = logistic(3 * (0.5 * logistic(3 * -0.2) - 0.2))
    before *= 0.5 - 0.2 * logistic(3 * -0.2)
    gain = found.gain(0, "bob", kept=True).mean
    assert gain == pytest.approx(kept_worth - before, abs=1e-9)
    forced = logistic(3 * (0.5 - 0.2))
    assert found.possible(0) == pytest.approx(forced, abs=1e-9)


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
