"""The posterior by sampling, against closed forms and integrals, and back into a case."""

from __future__ import annotations

import jax
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.special import expit
from scipy.stats import beta, halfnorm, lognorm, norm, spearmanr

from backchannel import Study
from backchannel.cli import main
from backchannel.estimation.density import WEAK, Density
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.priors import Z_90

COIN = """\
case: Coin and choice
utility_unit: one coin
as_of: 2020-01-02
players: {ann: {name: Ann, precision: {between: [0.3, 3]}}}
parameters:
  luck: {prior: {beta: [2, 2]}, unit: probability, why: {judgement: as the example has it}}
nodes:
  coin: {chance: true, domain: [head, tail], probability: {head: luck, tail: rest}}
  act: {player: ann, domain: [take, leave], sees: [], at: 2020-01-01}
interests:
  gain: {player: ann, worth: "act == 'take'"}
questions:
  next: {forecast: coin}
"""
pytestmark = pytest.mark.usefixtures("mixed_dtypes")

HEADS, PLAYS, TAKEN = 30, 40, 28


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the case, plays of it, and the posterior that the command writes."""
    folder = tmp_path_factory.mktemp("posterior")
    (folder / "coin.yaml").write_text(COIN)
    pd.DataFrame(
        {
            "coin": np.repeat(["head", "tail"], [HEADS, PLAYS - HEADS]),
            "act": np.repeat(["take", "leave"], [TAKEN, PLAYS - TAKEN]),
        }
    ).to_csv(folder / "plays.csv", index=False)
    done = CliRunner().invoke(
        main,
        ["fit", str(folder / "coin.yaml"), str(folder / "plays.csv"), "--seed", "3",
         "--posterior", str(folder / "fit.nc"), "--json", str(folder / "fit.json")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "R-hat" in done.output
    assert "priors: {from: " in done.output
    return folder


def samples(folder):
    """The samples in the file, by number, as ArviZ's layout has them."""
    xr = pytest.importorskip("xarray")
    with xr.open_dataset(folder / "fit.nc", group="posterior", engine="h5netcdf") as data:
        return {str(name): data[name].values.copy() for name in data.data_vars}


@pytest.mark.slow
def test_a_share_has_the_posterior_that_can_be_written_down(folder):
    """Beta prior and a coin: the posterior is a beta again (Bayes 1763)."""
    found = samples(folder)["luck"]
    assert found.shape == (4, 1000)
    truth = beta(2 + HEADS, 2 + PLAYS - HEADS)
    assert found.mean() == pytest.approx(truth.mean(), abs=0.006)
    assert found.std() == pytest.approx(truth.std(), rel=0.08)
    np.testing.assert_allclose(
        np.quantile(found, [0.05, 0.95]), truth.ppf([0.05, 0.95]), atol=0.012
    )


def test_a_precision_has_the_posterior_that_an_integral_gives(folder):
    """One number, so its posterior can be added up on a grid."""
    found = samples(folder)["ann.precision"]
    grid = np.linspace(1e-3, 6, 20_001)
    prior = lognorm(s=np.log(10) / (2 * Z_90), scale=np.sqrt(0.3 * 3)).pdf(grid)
    chance = 1 / (1 + np.exp(-grid))
    density = prior * chance**TAKEN * (1 - chance) ** (PLAYS - TAKEN)
    density /= density.sum()
    mean = grid @ density
    assert found.mean() == pytest.approx(mean, abs=0.03)
    assert found.std() == pytest.approx(np.sqrt((grid - mean) ** 2 @ density), rel=0.1)


@pytest.fixture(scope="module")
def joint():
    """A fit of a case in which two decisions need each other."""
    study = Study.load(
        COIN.replace(
            "interests:\n",
            "  reply: {player: bob, domain: [yes, no], sees: [], at: 2020-01-01}\n"
            "interests:\n  echo: {player: bob, worth: \"(reply == 'yes') == (act == 'take')\"}\n"
            "  wish: {player: ann, worth: \"-0.7 * ((reply == 'yes') == (act == 'take'))\"}\n",
        )
        .replace("domain: [yes, no]", "domain: ['yes', 'no']")
        .replace("precision: {between: [0.3, 3]}}", "precision: {between: [0.3, 3]}}, bob: {name: Bob, precision: 2}")
    )  # fmt: skip
    plays = pd.DataFrame({"act": ["take"] * 9 + ["leave"] * 4, "reply": ["yes"] * 8 + ["no"] * 5})
    return study.fit(plays, fixed={"luck": 0.5}, starts=1)


@pytest.fixture(scope="module")
def short(joint):
    """Its posterior in a few samples."""
    return joint.posterior(chains=2, samples=100, seed=1)


@pytest.mark.slow
def test_the_density_of_play_that_needs_each_other_is_the_likelihood_and_the_prior(joint, short):
    """Its slope passes through the equilibrium: equal to finite differences."""
    problem = joint.problem
    assert problem.likelihood.joint
    density = Density(problem)
    with jax.enable_x64(True):
        for x in (np.array([-0.8]), np.array([0.4])):
            numbers = problem.design.rows(np.asarray(density.coefficients(x)))
            problem.likelihood.on_principal_branch(numbers)
            plain = problem.likelihood(numbers).log.sum() - 0.5 * x[0] ** 2
            assert float(density.log(x)) == pytest.approx(plain, abs=1e-9)
            slope = float(jax.grad(density.log)(x)[0])
            ends = [float(density.log(x + step)) for step in (1e-3, -1e-3)]
            assert slope == pytest.approx((ends[0] - ends[1]) / 2e-3, abs=2e-3)
            assert abs(slope) > 0.05
    # Whether samples lie on the principal branch is looked at after sampling, in 64 bits too.
    assert short.samples.shape == (2, 100, 1)


def test_a_covariate_has_a_weak_prior_and_its_units():
    """A coefficient is sampled in effects of about 1, so units of a covariate do not matter."""
    study = Study.load(
        COIN.replace(
            "prior: {beta: [2, 2]}, unit: probability", 'linear: "0 + rain", unit: one coin'
        )
        .replace("head: luck, tail: rest", "head: 0.5, tail: 0.5")
        .replace("worth: \"act == 'take'\"", "worth: \"luck * (act == 'take')\"")
        .replace("precision: {between: [0.3, 3]}", "precision: 1")
    )
    rain = np.resize([200.0, -200.0], 20)
    plays = pd.DataFrame({"act": np.where(np.arange(20) % 5, "take", "leave"), "rain": rain})
    density = Density(study.fit(plays, starts=1).problem)
    beta_ = np.array([0.0125])
    np.testing.assert_allclose(density.coordinates(beta_), [2.5])
    np.testing.assert_allclose(
        density.log_prior(density.coordinates(beta_)), -0.5 * (2.5 / WEAK) ** 2
    )


def test_a_fit_serves_as_the_priors_of_a_case(folder):
    """Found beside the case, whatever the current folder; and the forecast rests on it."""
    found = samples(folder)
    with_fit = COIN.replace("questions:", "priors: {from: fit.nc}\nquestions:")
    (folder / "after.yaml").write_text(with_fit)
    study = Study.load(folder / "after.yaml", draws=512)
    forecast = study.forecast("coin")
    assert forecast.mean[0] == pytest.approx(found["luck"].mean(), abs=0.003)
    drawn = study.ensemble.numbers
    truth = spearmanr(found["luck"].ravel(), found["ann.precision"].ravel()).statistic
    assert spearmanr(drawn["luck"], drawn["ann.precision"]).statistic == pytest.approx(
        truth, abs=0.05
    )
    assumption = next(a for a in study.answers().assumptions if a.parameter == "luck")
    assert assumption.prior == {"from": "fit.nc"}
    with_news = study.update({"node": "coin", "value": "head", "date": "2020-01-02", "source": "x"},
                             sources={"x": {"title": "X"}})  # fmt: skip
    assert with_news.study.lowered.sampled == {"luck", "ann.precision"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("priors: {from: gone.nc}", "There is no file"),
        ("priors: {from: plays.csv}", "holds no posterior"),
        ("priors: {from: fit.nc, numbers: [luk]}", "Did you mean 'luck'?"),
        ("priors: {from: fit.nc}\ncorrelations: [{between: [luck, ann.precision], rank: 0.2}]", "comes from the fit"),
        ("priors: {form: fit.nc}", "Did you mean 'from'?"),
    ],
)  # fmt: skip
def test_a_fit_that_cannot_be_used_is_told_at_its_place(folder, line, says):
    """In the user's words, with the remedy."""
    (folder / "wrong.yaml").write_text(COIN.replace("questions:", f"{line}\nquestions:"))
    with pytest.raises(CaseError) as caught:
        Study.load(folder / "wrong.yaml")
    assert says in str(caught.value)
    assert "wrong.yaml:" in str(caught.value)


def test_a_fit_of_another_game_names_what_it_knows(folder):
    """None of its numbers is one of the case's."""
    other = COIN.replace("luck", "fate").replace("ann", "eve")
    (folder / "other.yaml").write_text(
        other.replace("questions:", "priors: {from: fit.nc}\nquestions:")
    )
    with pytest.raises(CaseError, match="Its numbers are: ann\\.precision, luck"):
        Study.load(folder / "other.yaml")


@pytest.mark.slow
def test_few_samples_are_said_to_be_few(joint, short):
    """Numbers that cannot be relied on say so, in words."""
    assert any("effective samples" in line for line in short.trouble)
    with pytest.raises(CommandError, match="from 2 to 64, not 1"):
        joint.posterior(chains=1)


def test_samples_go_to_a_file_that_is_called_so(tmp_path):
    """Refused before anything is fitted."""
    done = CliRunner().invoke(
        main, ["fit", "nothing.yaml", "no.csv", "--posterior", str(tmp_path / "fit.csv")]
    )
    assert done.exit_code != 0
    assert "ends in .nc" in done.output


@pytest.mark.slow
def test_group_effects_and_their_deviation_are_sampled_together():
    """Effects are normal with a deviation that has a half-normal prior, as densities of both say."""
    study = Study.load(
        COIN.replace(
            "prior: {beta: [2, 2]}, unit: probability", 'linear: "1 + (1 | town)", unit: one coin'
        )
        .replace("head: luck, tail: rest", "head: 0.5, tail: 0.5")
        .replace("worth: \"act == 'take'\"", "worth: \"luck * (act == 'take')\"")
        .replace("precision: {between: [0.3, 3]}", "precision: 1")
    )
    town = np.resize([0, 1, 2, 3], 40)
    taken = np.arange(40) % 5 < 1 + town
    plays = pd.DataFrame({"act": np.where(taken, "take", "leave"), "town": town})
    problem = study.fit(plays, starts=1).problem
    density = Density(problem)
    values = np.array([0.2, -0.9, -0.1, 0.3, 0.7])
    x = density.coordinates(values)
    assert x.shape == (6,)
    with jax.enable_x64(True):
        np.testing.assert_allclose(np.asarray(density.coefficients(x)), values, atol=1e-9)

        def natural(x):
            """The log density of the coefficients and the deviation in their own units, with the Jacobian."""
            beta_ = np.asarray(density.coefficients(x))
            eta = beta_[0] + beta_[1:][town]
            step = np.eye(6)[5] * 1e-6
            wide, narrow = (
                float(halfnorm.ppf(norm.cdf((x + s)[5]), scale=WEAK)) for s in (step, -step)
            )
            deviation = (wide + narrow) / 2
            np.testing.assert_allclose(beta_[1:], x[1:5] * deviation, rtol=1e-6)
            return (
                np.log(np.where(taken, expit(eta), expit(-eta))).sum()
                + norm.logpdf(beta_[1:], scale=deviation).sum() + 4 * np.log(deviation)
                + halfnorm.logpdf(deviation, scale=WEAK) + np.log((wide - narrow) / 2e-6)
                + norm.logpdf(x[0], scale=WEAK)
            )  # fmt: skip

        others = [x, x + 0.3, x * 0.5, x + np.array([0, 1, -1, 0.5, 0, -0.7])]
        ours = np.array([float(density.log(other)) for other in others])
        expected = np.array([natural(other) for other in others])
        np.testing.assert_allclose(ours - ours[0], expected - expected[0], atol=1e-6)
