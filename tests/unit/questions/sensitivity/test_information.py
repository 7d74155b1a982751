"""Value of information, against entropies in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backchannel import Study
from backchannel.questions.sensitivity.information import information_of
from backchannel.questions.sensitivity.sample import sample_of
from backchannel.questions.sensitivity.slices import slice_draws

FORECASTER = """
case: Rain
question: Will it rain?
utility_unit: none
as_of: 2030-01-01
sources: {}
players: {ann: {name: Ann, precision: 1}}
parameters:
  p: {prior: {uniform: [0, 1]}, unit: probability, why: {judgement: nobody knows}}
  q: {prior: {uniform: [0, 1]}, unit: probability, why: {judgement: matters for nothing}}
nodes:
  report: {chance: true, domain: [wet, fine], odds: {wet: 1, fine: 1}, at: 2030-01-02}
  rain: {chance: true, domain: [yes, no], at: 2030-01-03,
         odds: {"yes": "p * 0.5 + 0.5 * p * (report == 'wet')", "no": "1 - (p * 0.5 + 0.5 * p * (report == 'wet'))"}}
  umbrella: {player: ann, sees: [report], domain: [takes, leaves], at: 2030-01-02}
  other: {chance: true, domain: [a, b], odds: {a: q, b: 1 - q}, at: 2030-01-02}
interests:
  burden: {player: ann, worth: "-0.1 * (umbrella == 'takes')"}
"""


def binary(p: np.ndarray | float) -> np.ndarray:
    """Entropy of a coin, in bits."""
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))


@pytest.fixture(scope="module")
def found():
    """Information about rain in a case that is nothing but chance."""
    study = Study.load(FORECASTER, draws=2048, seed=2)
    sample = sample_of(study.ensemble, "rain", "yes")
    return information_of(study.ensemble, slice_draws(sample)), sample


def test_what_an_assumption_tells_matches_the_integral(found):
    """P(rain | p) = 3p/4 with p uniform: I = H(3/8) − ∫ H(3p/4) dp, by plain quadrature.

    Slices of p lose a little; noise has a standard error that the interval shows.
    """
    information, _ = found
    p = (np.arange(100_000) + 0.5) / 100_000
    exact = binary(0.375) - binary(0.75 * p).mean()
    learned = next(one for one in information.learning if one.unknown == "p")
    error = (learned.bits_range[1] - learned.bits_range[0]) / 3.29
    assert abs(learned.bits - exact) < 3 * error
    assert information.entropy == pytest.approx(binary(0.375), abs=1e-4)
    assert information.entropy_left == pytest.approx(binary(0.75 * p).mean(), abs=1e-3)
    assert information.brier == pytest.approx(2 * 0.375 * 0.625, abs=1e-4)
    exact_score = 2 * np.var(0.75 * p)
    assert learned.score == pytest.approx(exact_score, rel=0.03)


def test_what_a_node_tells_is_exact(found):
    """P(rain | wet) = E p = 1/2, P(rain | fine) = E p / 2 = 1/4, each report as likely."""
    information, _ = found
    exact = binary(0.375) - (binary(0.5) + binary(0.25)) / 2
    learned = next(one for one in information.learning if one.unknown == "report")
    assert learned.is_node
    assert learned.bits == pytest.approx(exact, abs=1e-4)
    assert learned.score == pytest.approx(2 * 0.125**2, abs=1e-4)


def test_what_tells_nothing_is_within_the_noise(found):
    """An assumption and a node that rain does not depend on."""
    information, _ = found
    by_name = {one.unknown: one.bits for one in information.learning}
    assert by_name["q"] < information.noise
    assert by_name["other"] == pytest.approx(0.0, abs=1e-3)


def test_what_noise_adds_is_taken_off():
    """Outcomes that are 0 or 1 and thirty assumptions that do nothing: in K slices of n draws they
    would seem to give (K − 1) / (2 n ln 2) bits each (Miller 1955); less than half of it is left."""
    rng = np.random.default_rng(3)
    study = Study.load(FORECASTER, draws=256, seed=2)
    sample = sample_of(study.ensemble, "rain", "yes")
    coin = (rng.random(256) < 0.4) * 1.0
    noise = replace(
        sample,
        names=tuple(f"noise{i}" for i in range(30)),
        numbers=rng.random((256, 30)),
        chances=np.column_stack([coin, 1 - coin]),
    )
    sliced = slice_draws(noise)
    learning = information_of(study.ensemble, sliced).learning
    bits = [one.bits for one in learning if not one.is_node]
    assert np.mean(bits) < 0.5 * (sliced.n_slices - 1) / (2 * 256 * np.log(2))
