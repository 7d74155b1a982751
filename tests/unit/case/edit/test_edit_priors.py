"""Sliders: what a moved prior is, and how it is written into the file."""

from __future__ import annotations

import difflib

import numpy as np
import pytest

from backchannel.case.catalog import find_case
from backchannel.case.edit.priors import write_priors
from backchannel.case.lower.lower import lower
from backchannel.case.lower.shifted import Shifted, shifted, shifted_text
from backchannel.case.read.case_file import read_case_text
from backchannel.case.schema.prior_text import prior_from
from backchannel.ensemble.draws import draw_numbers
from backchannel.language.distributions import (
    Beta,
    LogitNormal,
    Normal,
    Triangular,
    Uniform,
    between,
)
from backchannel.language.errors import CommandError
from backchannel.language.priors import normal_score
from tests.unit.case.edit.slider_file import FILE, read

SHARES = np.linspace(0.01, 0.99, 99)


@pytest.mark.parametrize(
    ("prior", "probability"),
    [
        (between(2, 8), False),
        (between(-1, 3), False),
        (between(1000, 1010), False),
        (LogitNormal(0.95, 0.99), True),
        (Uniform(0, 0.25), False),
        (Beta(2, 8), True),
        (Normal(0, 1), False),
        (Uniform(-2, 3), False),
        (Uniform(5, 6), False),
        (Triangular(0, 1, 10), False),
        (Beta(2, 8), False),
        (Uniform(0.1, 0.4), True),
    ],
)
@pytest.mark.parametrize("score", [-3.0, -2.0, 0.0, 0.7, 3.0])
def test_what_is_written_is_what_the_slider_means(prior, probability, score):
    """N(score, 1/2²) in normal scores of the prior, within two percent of its width; and no number that the
    prior excludes."""
    text = shifted_text(prior, score, probability=probability)
    said = prior_from(text, probability=probability)
    means = prior.quantile(_normal_share(score + 0.5 * normal_score(SHARES)))
    width = means[94] - means[4]
    np.testing.assert_allclose(said.quantile(SHARES), means, atol=0.02 * width)
    ends = np.array([1e-9, 1e-4, 1 - 1e-4, 1 - 1e-9])
    lowest, highest = prior.quantile(np.array([0.0, 1.0]))
    assert (said.quantile(ends) >= lowest - 1e-9).all()
    assert (said.quantile(ends) <= highest + 1e-9).all()


def _normal_share(score: np.ndarray) -> np.ndarray:
    from statistics import NormalDist

    return np.array([NormalDist().cdf(one) for one in score])


def test_ranges_stay_ranges_with_numbers_that_a_reader_would_write():
    """And nothing is longer than it must be."""
    assert shifted_text(between(2, 8), 0.0, probability=False) == {"between": [2.83, 5.66]}
    assert list(shifted_text(LogitNormal(0.95, 0.99), 1.0, probability=True)) == ["between"]
    assert shifted_text(Normal(0, 1), 1.0, probability=False) == {"normal": [1.0, 0.5]}
    assert list(shifted_text(Uniform(0, 1), 1.0, probability=False)) == ["quantiles"]


def test_a_moved_prior_undoes_itself():
    """The share below a number is what its quantile says."""
    moved = Shifted(Uniform(0, 2), 0.5)
    np.testing.assert_allclose(moved.share(moved.quantile(SHARES)), SHARES, atol=1e-9)


def test_only_the_numbers_and_their_reasons_change():
    """Comments, order, quotes and the rest of each line stand."""
    lowered = read(FILE)
    made = write_priors(
        FILE, lowered, {"aria.precision": 1.0, "gain": 1.0, "p_open": -1.0, "aria.p_open": 0.5}
    )
    assert not made.left_out
    changed = [
        line for line in difflib.ndiff(FILE.splitlines(), made.text.splitlines())
        if line.startswith(("+ ", "- "))
    ]  # fmt: skip
    assert len(changed) == 12
    for old, new in (
        ("      between: [2, 8]   # per unit", "      between: ["),
        ("  gain: {prior: {uniform: [0, 1]}", "  gain: {prior: {quantiles: {0.05:"),
        ("    prior: likely   # a word", "    prior: {between: ["),
        ("{p_open: {between: [0.2, 0.6]}}   # too", "{p_open: {between: ["),
    ):
        assert any(line.startswith("- ") and old in line for line in changed)
        assert any(line.startswith("+ ") and new in line for line in changed)
    for comment in (
        "# per unit, as ever",
        "# argued about for weeks",
        "# a word, for now",
        "# too gloomy",
    ):
        assert comment in made.text


def test_the_file_that_is_written_gives_the_case_that_was_solved():
    """Every number of the flagship and of the tutorial at once."""
    for name in ("belarus-2025", "sanctions-threat"):
        text = find_case(name).read_text()
        lowered = lower(*read_case_text(text))
        shifts = {n: 0.7 for n, prior in lowered.priors.items() if not prior.is_fixed}
        made = write_priors(text, lowered, shifts)
        assert all("mechanism" in why for why in made.left_out.values())
        again = read(made.text)
        solved = shifted(lowered, shifts)
        for number in set(shifts) - set(made.left_out):
            ours, theirs = again.priors[number].at(0.5), solved.priors[number].at(0.5)
            assert ours == pytest.approx(theirs, rel=0.02), number


def test_what_has_no_prior_of_its_own_is_named():
    """A word inside a mechanism: the rest is written all the same."""
    made = write_priors(FILE, read(FILE), {"mood.good": 1.0, "gain": 0.0})
    assert list(made.left_out) == ["mood.good"]
    assert "give it a name" in made.left_out["mood.good"]
    assert "quantiles" in made.text


def test_a_prior_with_comments_inside_is_left_to_its_author():
    """They would be lost."""
    text = FILE.replace("prior: {uniform: [0, 1]},", "prior: {uniform: [0, # none\n      1]},")
    made = write_priors(text, read(text), {"gain": 1.0})
    assert made.text == text
    assert "comments" in made.left_out["gain"]


def test_an_alias_is_not_torn_apart():
    """Two numbers share one prior by an anchor; changing one would change both."""
    text = FILE.replace("between: [2, 8]   #", "between: &range [2, 8]   #").replace(
        "{uniform: [0, 1]}", "{between: *range}"
    )
    with pytest.raises(CommandError, match="edited safely"):
        write_priors(text, read(text), {"aria.precision": 1.0})


def test_a_slider_of_no_assumption_is_refused():
    """With the nearest name."""
    with pytest.raises(CommandError, match="Did you mean 'gain'"):
        shifted(read(FILE), {"gian": 1.0})


REASONING = FILE.replace(
    """    precision:
      between: [2, 8]   # per unit, as ever
""",
    """    precision: {linear: {base: {between: [2, 8]}, actions: {between: [-0.5, -0.1]}}}
    reasoning: {hierarchy: {between: [0.8, 2.5]}, max_level: 3}
""",
)


def test_numbers_of_reasoning_are_written_where_they_stand():
    """A mean level, and a precision by complexity, of which only the base or one power moves; a type cannot."""
    lowered = read(REASONING)
    names = ("aria.hierarchy", "aria.precision", "aria.precision_by_actions")
    moved = write_priors(REASONING, lowered, {**dict.fromkeys(names, 1.0), "aria.level": 1.0})
    assert moved.left_out.keys() == {"aria.level"}
    assert "it is a type" in moved.left_out["aria.level"]
    again = read(moved.text)
    for name in names:
        expected = Shifted(lowered.priors[name], 1.0)
        np.testing.assert_allclose(again.priors[name].at(0.5), expected.at(0.5), rtol=0.02)
    judgements = [reason.judgement for reason in again.case.players["aria"].why]
    assert judgements[0] == "desk"
    told = [judgement.split(" set with")[0] for judgement in judgements[1:]]
    assert told == ["mean level", "precision", "precision by actions"]


def test_a_moved_level_follows_the_mean_of_its_draw():
    """The slider moves a level within the Poisson shares of the mean that the draw has."""
    lowered = shifted(read(REASONING), {"aria.level": 1.5})
    drawn = draw_numbers(lowered.priors, 4096, seed=1)
    mean, level = drawn["aria.hierarchy"], drawn["aria.level"]
    low, high = mean < np.quantile(mean, 0.2), mean > np.quantile(mean, 0.8)
    assert level[high].mean() > level[low].mean() + 0.3
