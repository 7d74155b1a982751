"""AssumptionEffects: shares and deltas against closed forms and SALib, noise, shapes."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.questions.sensitivity.effects import effects_of
from backchannel.questions.sensitivity.shapes import Shape, SliceMean, shape_of
from backchannel.questions.sensitivity.slices import outcome_scores, slice_draws
from tests.samples import (
    delta_of_linear,
    ishigami,
    linear,
    normals,
    sample_from,
)


def measured(sample):
    """Effects by the name of the assumption, and the effects with their noise levels."""
    found = effects_of(slice_draws(sample))
    return {effect.parameter: effect for effect in found.effects}, found


def test_shares_of_a_linear_outcome_are_the_squares_of_its_slopes():
    """Var E[y | x_i] is b_i² for independent standard normal inputs.

    The tolerance is three standard errors, read from the 90% interval (3.29 of them wide).
    """
    sample = linear([2, 1, 0.5, 0], 4096, seed=1)
    found, _ = measured(sample)
    for name, slope in zip(("x1", "x2", "x3", "x4"), (2, 1, 0.5, 0), strict=True):
        effect = found[name]
        error = (effect.share_range[1] - effect.share_range[0]) / 3.29
        assert abs(effect.share - slope**2 / 5.25) < 3 * max(error, 0.002), effect


def test_shares_of_ishigami_are_the_published_ones():
    """S = 0.3139, 0.4424, 0 (Ishigami & Homma 1990; Saltelli et al. 2008, section 4.6)."""
    found, _ = measured(ishigami(8192))
    for name, share in (("x1", 0.3139), ("x2", 0.4424), ("x3", 0.0)):
        low, high = found[name].share_range
        assert abs(found[name].share - share) < 3 * max((high - low) / 3.29, 0.002)


def test_an_assumption_that_moves_the_spread_but_not_the_mean_is_marked_as_such():
    """Ishigami's third input has a share of 0, and matters together with the first."""
    found, _ = measured(ishigami(8192))
    assert {name for name, effect in found.items() if effect.stands_out} == {"x1", "x2"}
    assert {name for name, effect in found.items() if effect.moves_spread} == {"x1", "x3"}
    assert found["x3"].shape is Shape.FLAT
    assert found["x3"].delta > 0.1


@pytest.mark.parametrize("share", [0.8, 0.3])
def test_delta_of_a_linear_outcome_matches_quadrature(share):
    """Borgonovo's delta by plain integration; smoothing and slices keep it from above, within 0.05.

    With K slices the conditional normal is blurred by what a slice keeps of x, and by the bandwidth.
    """
    sample = linear([np.sqrt(share), np.sqrt(1 - share)], 8192, seed=4)
    found, _ = measured(sample)
    exact = delta_of_linear(share)
    assert exact - 0.05 < found["x1"].delta < exact + 0.01


def test_slices_at_equal_weights_give_salib_s_first_order_effect():
    """With equal weights and as many classes the raw correlation ratio is SALib's, to rounding."""
    salib = pytest.importorskip("SALib.analyze.delta")
    sample = linear([2, 1, 0.5], 1000, seed=2)
    sliced = slice_draws(sample, replicas=2)
    assert sliced.n_slices == 10
    bounds = np.linspace(0, 1000, 11)
    means = sliced.observed.chances[..., 0]
    raw = (
        (sliced.observed.mass * (means - 0) ** 2).sum(axis=1) - sample.forecast[0] ** 2
    ) / sample.spread**2
    for i in range(3):
        theirs = salib.sobol_first(sample.answer, sample.numbers[:, i], bounds)
        assert abs(raw[i] - theirs) < 1e-9


def test_delta_at_equal_weights_is_near_salib_s():
    """SALib smooths each slice with a bandwidth of its own, we with one for both sides.

    On the same normal scores, with as many classes, the two estimates differ by less than two of
    SALib's own 90% half-widths.
    """
    salib = pytest.importorskip("SALib.analyze.delta")
    sample = linear([2, 1, 0.5], 1000, seed=2)
    found, _ = measured(sample)
    scores = outcome_scores(sample)
    grid = np.linspace(scores.min(), scores.max(), 100)
    rng = np.random.default_rng(0)
    for i in range(3):
        x, bounds = sample.numbers[:, i], np.linspace(0, 1000, 11)
        raw = salib.calc_delta(scores, grid, x, bounds)
        picks = rng.integers(0, 1000, (20, 1000))
        again = np.array([salib.calc_delta(scores[p], grid, x[p], bounds) for p in picks])
        theirs = 2 * raw - again.mean()
        assert abs(found[f"x{i + 1}"].delta - theirs) < 2 * 1.645 * again.std() + 0.01


def test_weights_answer_for_the_distribution_that_they_stand_for():
    """Draws from one normal, weighted to another, give the other's shares.

    Under the target x1 has standard deviation 0.6 and x2 stays at 1, so x1's share of the variance
    of x1 + x2 is 0.36 / 1.36 instead of a half.
    """

    def weigh(x):
        return np.exp(-(x[:, 0] ** 2) / (2 * 0.36) + x[:, 0] ** 2 / 2)

    sample = linear([1, 1], 8192, seed=3, weigh=weigh)
    found, _ = measured(sample)
    error = (found["x1"].share_range[1] - found["x1"].share_range[0]) / 3.29
    assert abs(found["x1"].share - 0.36 / 1.36) < 3 * error


def test_draws_of_weight_near_nothing_change_nothing():
    """A sample with strangers of weight 1e-12 is the sample without them."""
    sample = linear([2, 1, 0], 512, seed=5)
    strangers = normals(512, 3, seed=6)
    mixed = sample_from(
        np.vstack([sample.numbers, strangers]),
        np.concatenate([sample.answer, np.full(512, 0.9)]),
        np.concatenate([np.ones(512), np.full(512, 1e-12)]),
    )
    alone, _ = measured(sample)
    together, _ = measured(mixed)
    for name, effect in alone.items():
        # The level of chance comes from other random slicings, hence the second digit.
        assert abs(together[name].share - effect.share) < 0.01


@pytest.mark.slow
def test_noise_seldom_stands_out_however_many_assumptions_there_are():
    """In 40 samples of 25 assumptions without effect, weighted unevenly, few have any that stands
    out: 5% of 40 is 2, and more than 7 would happen once in a thousand times (binomial)."""
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(40):
        weights = rng.gamma(1.0, size=256)
        sample = sample_from(rng.random((256, 25)), rng.random(256), weights)
        effects = effects_of(slice_draws(sample, replicas=4)).effects
        hits += any(effect.stands_out for effect in effects)
    assert hits <= 7


def test_intervals_hold_the_share_about_as_often_as_they_say():
    """90% intervals of a share of one half, in 30 samples: at least 21 of them hold it.

    (Fewer would happen once in a thousand times if 90% did.)
    """
    held = 0
    for seed in range(30):
        sliced = slice_draws(linear([1, 1], 400, seed=100 + seed))
        first = next(e for e in effects_of(sliced).effects if e.parameter == "x1")
        low, high = first.share_range
        held += low <= 0.5 <= high
    assert held >= 21


def test_shapes_are_told_apart():
    """Rising, falling, one turn each way, waves, and nothing."""
    x = np.linspace(0, 1, 9)
    curves = {
        Shape.INCREASING: x**2,
        Shape.DECREASING: -x,
        Shape.PEAKED: -((x - 0.5) ** 2),
        Shape.U_SHAPED: (x - 0.4) ** 2,
        Shape.WAVY: np.sin(12 * x),
        Shape.FLAT: 0.001 * x,
    }
    for shape, curve in curves.items():
        steps = tuple(SliceMean(a, a + 0.1, float(m), 0.005) for a, m in zip(x, curve, strict=True))
        assert shape_of(steps) is shape
