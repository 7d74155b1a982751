"""Tipping points, over draws and solved, against crossings that are known."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.questions.sensitivity.responses import responses_of
from backchannel.questions.sensitivity.tipping import tipping_points
from tests.samples import sample_from

CHOOSER = """
case: A choice
question: Will she go?
utility_unit: one
as_of: 2030-01-01
sources: {}
players: {ann: {name: Ann, precision: 4}}
parameters:
  gain: {prior: {normal: [1, 0.5]}, unit: one, why: {judgement: made up}}
  cost: {prior: {normal: [0.4, 0.3]}, unit: one, why: {judgement: made up}}
nodes:
  trip: {player: ann, domain: [goes, stays], at: 2030-01-02}
interests:
  worth: {player: ann, worth: "(gain - cost) * (trip == 'goes')"}
"""


@pytest.fixture(scope="module")
def chooser():
    """One player who goes when the gain is above the cost: P(goes) is logistic in their gap."""
    return Study.load(CHOOSER, draws=256, seed=1)


def test_a_crossing_is_found_where_it_is_within_its_interval():
    """P(yes) falls through one half at 0.7, as the second assumption pulls either way alike; by
    itself the second is too weak to lift the mean across one half."""
    rng = np.random.default_rng(3)
    x = rng.random((2048, 2))
    chance = 1 / (1 + np.exp(4 * (x[:, 0] - 0.7) + 0.5 * (x[:, 1] - 0.5)))
    sample = sample_from(x, chance)
    points = {p.parameter: p for p in tipping_points(responses_of(sample), sample.domain)}
    point = points["x1"]
    low, high = point.interval
    # A local line over 15% of the draws to each side bends a logistic curve very little.
    assert abs(point.at - 0.7) < max(0.02, 1.5 * (high - low))
    assert (point.above, point.before, point.after) == (True, "yes", "no")
    assert point.found_in == 1.0
    assert "x2" not in points


def test_of_three_values_the_likeliest_beyond_the_crossing_is_named():
    """`yes` leads in the middle, `other` above 0.8: the leader beyond is not the runner-up here."""
    x = np.random.default_rng(1).random((4096, 1))
    other = np.where(x[:, 0] > 0.8, 0.8, 0.05)
    no = np.where(x[:, 0] > 0.8, 0.1, 0.35)
    sample = sample_from(x, np.column_stack([1 - other - no, no, other]))
    (point,) = tipping_points(responses_of(sample), sample.domain)
    assert (point.after, point.above) == ("other", True)
    assert point.at == pytest.approx(0.8, abs=0.06)


def test_noise_around_a_clear_lead_tips_nothing():
    """No assumption matters, and `yes` leads by far."""
    rng = np.random.default_rng(5)
    sample = sample_from(rng.random((512, 10)), 0.6 + 0.2 * rng.random(512))
    assert tipping_points(responses_of(sample), sample.domain) == ()


def test_solved_tipping_points_are_where_the_payoffs_cross(chooser):
    """Logit play is even where gain = cost: gain tips at the median cost and the reverse."""
    found = chooser.sensitivity("trip", "goes", solve=True)
    points = {point.parameter: point for point in found.solved_tipping}
    assert points["gain"].at == pytest.approx(0.4, abs=0.005)
    assert not points["gain"].above
    assert points["cost"].at == pytest.approx(1.0, abs=0.005)
    assert points["cost"].above
    # Over draws, the mean of logistic curves of a symmetric gap crosses one half there as well.
    over_draws = {point.parameter: point for point in found.tipping}
    assert over_draws["gain"].at == pytest.approx(0.4, abs=0.05)
