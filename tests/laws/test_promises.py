"""What makes a promise kept: what its maker knows, whom it takes for what, and the penalty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backchannel.diagram.beliefs import Belief, Unaware
from backchannel.diagram.deals import Commitment, Deal
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.ensemble.quantities import expected_worth
from backchannel.language.expressions import parse
from backchannel.questions.deals.ask import solve_deal
from backchannel.questions.deals.enforcing import enforce
from backchannel.questions.forecast.ask import forecast
from backchannel.study import Study
from tests.helpers import CANAL, TOL, day, numbers, pursuit
from tests.laws.swap import logistic, payment, penalty, promise, swap


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
