"""Long records: a product of many reports is a small number, and the answers stay right."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import betaln, expit

from backchannel import Study
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.estimation.likelihood import Likelihood
from backchannel.language.errors import RecordError
from backchannel.language.expressions import Expression, parse
from backchannel.language.names import Value
from backchannel.questions.update.ask import surprises, with_record
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.worlds import draw_worlds
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.inference import World, chances_given, joint, log_likelihood
from backchannel.tensors.marginals import chances_with, marginals
from tests.helpers import day

RARE = 1e-12


def _signals(n: int) -> tuple[Diagram, dict[str, np.ndarray]]:
    """A hidden state, and signals that are rare in both of its values, twice as rare in one."""
    often = f"{RARE} * (2 if state == 'good' else 1)"
    signals = [
        Chance(f"s{i}", ("yes", "no"), {"yes": parse(often), "no": parse(f"1 - {often}")})
        for i in range(n)
    ]
    state = Chance("state", ("good", "bad"), {"good": parse("p"), "bad": parse("1 - p")})
    return Diagram((), (state, *signals), ()), {"p": np.array([0.5, 2.0**-n])}


def _world(n: int) -> tuple[World, dict[str, np.ndarray]]:
    diagram, numbers = _signals(n)
    game = compile_game(diagram, numbers)
    seen = np.array([0.0, -np.inf])
    return World(diagram, 2, dict(game.factors)), {f"s{i}": seen for i in range(n)}


def _good(n: int) -> np.ndarray:
    """P(state is good | n signals) in both draws, by Bayes' rule on the odds, which 2ⁿ multiplies."""
    return expit(n * np.log(2) + np.array([0.0, -n * np.log(2) - np.log1p(-(2.0**-n))]))


@pytest.mark.parametrize("n", [10, 36, 60])
def test_bayes_rule_holds_however_unlikely_the_record_is(n):
    """Thirty-six signals have probability 10⁻⁴²⁰, which no number of the machine can be."""
    world, evidence = _world(n)
    np.testing.assert_allclose(
        chances_given(world, keep=("state",), evidence=evidence)[:, 0], _good(n), rtol=1e-11
    )
    np.testing.assert_allclose(marginals(world, evidence)["state"][:, 0], _good(n), rtol=1e-11)
    p = np.array([0.5, 2.0**-n])
    expected = n * np.log(RARE) + np.log(p * 2.0**n + 1 - p)
    np.testing.assert_allclose(log_likelihood(world, evidence), expected, rtol=1e-13)


def test_what_two_nodes_do_together_is_right_after_a_long_record():
    """The table of the state and the last, unseen signal, by hand."""
    world, evidence = _world(50)
    del evidence["s49"]
    good = _good(49)[0]
    table = chances_with(world, "s49", ["state"], evidence)["state"][0]
    np.testing.assert_allclose(table[:, 0], [2 * RARE * good, RARE * (1 - good)], rtol=1e-10)
    whole = chances_given(world, keep=("state", "s49"), evidence=evidence)[0]
    np.testing.assert_allclose(table, whole, atol=1e-12)


def test_a_short_record_is_worked_out_as_it_always_was():
    """To the last digit: nothing is scaled where nothing is small."""
    world, evidence = _world(2)
    found = joint(world, keep=("state",), evidence=evidence)[0]
    assert found.tolist() == pytest.approx([0.5 * 4 * RARE**2, 0.5 * RARE**2], rel=1e-14)


def test_worlds_after_a_long_record_are_drawn_as_likely_as_it_makes_them():
    """In the second draw the state is good with a chance of one half."""
    world, evidence = _world(36)
    drawn = draw_worlds(
        world, nodes=["state"], evidence=evidence, random=KeyedRandom(1, np.arange(2), 4000)
    )
    shares = (drawn["state"] == 0).mean(axis=1)
    assert shares[0] == 1.0
    assert shares[1] == pytest.approx(_good(36)[1], abs=4 * np.sqrt(0.25 / 4000))


def test_many_reports_of_one_node_that_contradict_each_other_are_weighed():
    """200 reports against 201, each of which is right with 0.9999: as one report by itself."""
    state = Chance("state", ("good", "bad"), {"good": parse("p"), "bad": parse("1 - p")})
    diagram = Diagram((), (state,), ())
    ensemble = build_ensemble(
        diagram,
        (),
        {"p": np.array([0.5, 0.2])},
        [
            Observation("state", "good" if i % 2 else "bad", day(i), reliability=0.9999)
            for i in range(401)
        ],
    )
    evidence = evidence_of(diagram, ensemble.record)
    found = chances_given(ensemble.world, keep=("state",), evidence=evidence)[:, 1]
    prior = np.array([0.5, 0.8])
    np.testing.assert_allclose(found, expit(np.log(9999) + np.log(prior / (1 - prior))), rtol=1e-9)


def _tosses(k: int, n: int, draws: int = 4000):
    """A coin that is seldom tossed, seen to be tossed n times: k heads."""
    toss = {"heads": "0.0001 * p", "tails": "0.0001 * (1 - p)", "none": "0.9999"}
    weights: dict[Value, Expression] = {value: parse(text) for value, text in toss.items()}
    names = [f"toss{i}" for i in range(n)]
    diagram = Diagram((), tuple(Chance(x, tuple(toss), weights) for x in names), ())
    record = [Observation(x, "heads" if i < k else "tails", day(i)) for i, x in enumerate(names)]
    numbers = {"p": (np.arange(draws) + 0.5) / draws}
    return build_ensemble(diagram, (), numbers, record)


def test_draws_are_weighed_as_the_beta_binomial_says():
    """The likelihood is about 10⁻⁶⁵⁰; the posterior of p is Beta(k + 1, n − k + 1)."""
    k, n = 60, 150
    ensemble = _tosses(k, n)
    p, weights = ensemble.numbers["p"], ensemble.weights / ensemble.weights.sum()
    mean = (k + 1) / (n + 2)
    assert weights @ p == pytest.approx(mean, abs=1e-9)
    assert weights @ (p - mean) ** 2 == pytest.approx(mean * (1 - mean) / (n + 3), rel=1e-6)
    size = 4000 * np.exp(2 * betaln(k + 1, n - k + 1) - betaln(2 * k + 1, 2 * (n - k) + 1))
    assert ensemble.effective_draws == pytest.approx(size, rel=1e-6)


def test_one_draw_that_fits_a_long_record_far_better_is_told_honestly():
    """Two coins, one of which fits 150 tosses better by a factor of 3¹⁵⁰."""
    ensemble = _tosses(150, 150, draws=2)
    np.testing.assert_allclose(ensemble.weights, [3.0**-150, 1.0], rtol=1e-9)
    assert ensemble.effective_draws == pytest.approx(1.0)


def test_news_after_a_long_record_is_as_surprising_as_it_is():
    """P(heads next) is 0.0001 times the posterior mean of p."""
    ensemble = _tosses(60, 151)
    before = with_record(ensemble, ensemble.record[:150])
    (news,) = surprises(before, [Observation("toss150", "heads", day(150))])[:1]
    assert news.probability == pytest.approx(1e-4 * 61 / 152, rel=1e-6)


ROUNDS = """\
case: long
utility_unit: u
as_of: 2030-06-01
sources: {{s: {{title: t}}}}
players:
  a: {{name: A, precision: 2, why: {{judgement: me}}}}
parameters:
  heat: {{prior: {{between: [1, 2]}}, unit: odds, why: {{judgement: me}}}}
rounds:
  n: 60
  every: week
  from: 2027-06-01
  nodes:
    u: {{chance: true, domain: [rare, never, usual], odds: {{rare: 1, never: 0, usual: 999999}}}}
nodes:
  d: {{player: a, domain: [x, y], at: 2030-07-01}}
interests:
  i: {{player: a, worth: "heat * (d == 'x')", why: {{judgement: me}}}}
record:
{record}
questions:
  q: {{asks: d, forecast: d}}
"""


def _rounds(last: str = "rare") -> str:
    days = [date(2027, 6, 1) + timedelta(weeks=i) for i in range(60)]
    values = ["rare"] * 59 + [last]
    lines = [
        f"  - {{node: u@{i + 1}, value: {value}, date: {when}, source: s}}"
        for i, (value, when) in enumerate(zip(values, days, strict=True))
    ]
    return ROUNDS.format(record="\n".join(lines))


def test_a_long_record_takes_no_more_draws_than_were_asked_for():
    """It says the same in every draw, so all of them count alike."""
    study = Study.load(_rounds(), draws=32)
    assert study.ensemble.n_draws == 32
    assert study.ensemble.effective_draws == pytest.approx(32)
    heat = study.ensemble.numbers["heat"]
    assert study.forecast("d").probability("x") == pytest.approx(expit(2 * heat).mean(), abs=1e-9)


def test_an_entry_that_cannot_be_is_named_at_the_end_of_a_long_record():
    """Fifty-nine entries that are all but impossible come before the one that is."""
    with pytest.raises(RecordError, match=r"u@60 = never .* cannot happen") as told:
        _ = Study.load(_rounds("never"), draws=32).ensemble
    assert told.value.entry == 59


def test_a_row_of_many_observed_nodes_has_a_likelihood_and_a_slope():
    """Forty signals seen in one row, the state unseen: a sum over both of its values by hand."""
    n = 40
    signals = _signals(n)[0]
    move = Decision("move", ("left", "right"), "one", day(1))
    diagram = Diagram(("one",), (*signals.nodes, move), (Interest("none", "one", parse("0")),))
    game = compile_game(diagram, {"p": np.array([0.5]), "one.precision": np.array([1.0])})
    seen = {f"s{i}": np.array([[1.0, 0.0]]) for i in range(n)}
    found = Likelihood(game, ["p"], seen)(np.array([[0.25]]))
    whole = 0.25 * 2.0**n + 0.75
    assert found.log[0] == pytest.approx(n * np.log(RARE) + np.log(whole), rel=1e-13)
    assert found.slope[0, 0] == pytest.approx((2.0**n - 1) / whole, rel=1e-10)
