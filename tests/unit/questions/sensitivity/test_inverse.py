"""The inverse question, against the nearest point of a plane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from backchannel import Study
from backchannel.language.errors import CommandError
from backchannel.questions.sensitivity.inverse import find_inverse
from backchannel.questions.sensitivity.outcome import read_chance
from tests.samples import logistic
from tests.unit.questions.sensitivity.test_tipping import CHOOSER


def log_odds(p: float) -> float:
    """What the plane is a plane in."""
    return float(np.log(p / (1 - p)))


def test_the_smallest_change_is_the_nearest_point_of_the_plane():
    """log-odds = −1 + 0.8 z1 + 0.6 z2: the level 0 is 1/|b| = 1 away; by z1 alone 1/0.8."""
    sample = logistic([0.8, 0.6], -1, 4096, seed=1)
    found = find_inverse(sample, 0.5, stands_out=["x1", "x2"])
    one, both = found.shifts
    assert one.surprise == pytest.approx(1 / 0.8, abs=0.01)
    assert both.surprise == pytest.approx(1.0, abs=0.01)
    assert [shift.to for shift in both.shifts] == pytest.approx([0.8, 0.6], abs=0.02)
    assert both.unlikely == pytest.approx(0.1587, abs=0.003)
    assert found.fit > 0.999
    assert found.at_medians == pytest.approx(1 / (1 + np.e), abs=0.002)


def test_asking_for_at_most_a_chance_goes_the_other_way():
    """log-odds = 1 + z1: to be at most 45% they must fall by 1 + log(0.55/0.45)."""
    sample = logistic([1.0], 1, 4096, seed=2)
    found = find_inverse(sample, 0.45, at_least=False, stands_out=["x1"])
    assert not found.holds_already
    (one,) = found.shifts
    assert one.shifts[0].to == pytest.approx(log_odds(0.45) - 1, abs=0.02)
    assert one.chance == pytest.approx(0.45, abs=0.002)
    assert found.box is not None
    assert found.box.box.restrictions[0].high < 0


def test_a_player_s_type_takes_no_part_in_a_small_change():
    """A type is one of a few, so that it cannot change a little; the other assumption does it alone."""
    sample = logistic([0.8, 0.6], -1, 4096, seed=1)
    level = np.where(sample.numbers[:, 1] > 0, 2.0, np.where(sample.numbers[:, 1] > -1, 1.0, -1.0))
    numbers = np.column_stack([sample.numbers[:, 0], level])
    found = find_inverse(replace(sample, numbers=numbers), 0.5, stands_out=["x1", "x2"])
    moved = [[shift.parameter for shift in change.shifts] for change in found.shifts]
    assert moved == [["x1"]]


def test_what_no_draw_reaches_is_said_with_the_nearest():
    """The highest chance in any draw is far below what is asked for."""
    sample = logistic([0.2], -4, 256, seed=3)
    found = find_inverse(sample, 0.8, stands_out=["x1"])
    assert found.share == 0.0
    assert found.nearest == pytest.approx(sample.answer.max())
    assert found.box is None
    assert not found.shifts[0].reached


def test_solved_changes_are_the_nearest_point_of_the_payoffs():
    """P(goes) = logistic(4 (gain − cost)), gain ~ N(1, 0.5), cost ~ N(0.4, 0.3): to stay with 80%,
    gain − cost must fall by 0.6 + log(4)/4, which is that over √(0.25 + 0.09) deviations away."""
    study = Study.load(CHOOSER, draws=1024, seed=2)
    found = study.inverse("trip", "stays", 0.8, solve=True)
    fall = 0.6 + log_odds(0.8) / 4
    by_count = {len(one.shifts): one for one in found.shifts}
    assert all(one.solved and one.reached for one in found.shifts)
    assert by_count[1].surprise == pytest.approx(fall / 0.5, abs=0.03)
    assert by_count[2].surprise == pytest.approx(fall / np.hypot(0.5, 0.3), abs=0.03)
    assert by_count[2].chance == pytest.approx(0.8, abs=0.003)
    assert found.to_frame()["reached"].all()


def test_solved_changes_follow_a_bent_boundary():
    """Ann's cost counts the more the higher it is: 2 + gain − cost − 3 cost². The nearest point with
    98% for staying, by a general optimiser on the payoffs; straight ahead of the medians
    the boundary is 1.84 away, at its nearest 1.77."""
    text = CHOOSER.replace("(gain - cost)", "(2 + gain - cost - 3 * cost * cost)")
    study = Study.load(text.replace("[1, 0.5]", "[1, 1]"), draws=1024, seed=2)
    found = study.inverse("trip", "stays", 0.98, solve=True)

    def margin(z: np.ndarray) -> float:
        gain, cost = 1 + z[0], 0.4 + 0.3 * z[1]
        return -4 * (2 + gain - cost - 3 * cost**2) - log_odds(0.98)

    best = minimize(
        lambda z: z @ z, [-1.0, 1.0], constraints={"type": "ineq", "fun": margin}, method="SLSQP"
    )
    assert best.success
    by_count = {len(one.shifts): one for one in found.shifts}
    assert by_count[2].surprise == pytest.approx(np.sqrt(best.fun), abs=0.02)
    gain = next(one for one in by_count[2].shifts if one.parameter == "gain")
    assert gain.to == pytest.approx(1 + best.x[0], abs=0.15)


def test_how_likely_is_a_word_a_number_or_more_likely_than_not():
    """Words for less than an even chance ask for at most it; nonsense is answered with a list."""
    assert read_chance("very likely") == (0.8, True)
    assert read_chance("very unlikely") == (0.2, False)
    assert read_chance("roughly even chance") == (0.45, True)
    assert read_chance("60%") == (0.6, True)
    assert read_chance(0.3) == (0.3, True)
    assert read_chance(None) == (0.5, True)
    for wrong in ("likly", "1.5", "0", "nan"):
        with pytest.raises(CommandError, match="almost certain"):
            read_chance(wrong)
    with pytest.raises(CommandError, match="Did you mean 'likely'"):
        read_chance("likly")


def test_what_is_so_already_needs_no_change():
    """More likely than not as things are."""
    study = Study.load(CHOOSER, draws=256, seed=2)
    assert study.inverse("trip", "goes").holds_already
