"""No estimate ends with 3; a proven separation is an answer, in words, and ends with 0."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import backchannel.estimation.compare as comparing
import backchannel.estimation.estimate as estimating
from backchannel import Study
from backchannel.estimation.maximum import SearchEnd
from backchannel.language.errors import ConvergenceError
from tests.commands import run

CASE = """
case: One choice
utility_unit: points
as_of: 2030-01-01
players:
  p: {name: P, precision: {between: [0.2, 5]}}
nodes:
  act: {player: p, domain: ["no", "yes"], at: 2030-02-01, sees: []}
interests:
  w: {player: p, worth: "act == 'yes'", why: {judgement: x}}
"""


@pytest.fixture
def files(tmp_path):
    """The case, and 7 of 10 plays that are right."""
    case, plays = tmp_path / "c.yaml", tmp_path / "plays.csv"
    case.write_text(CASE)
    plays.write_text("act\n" + "yes\n" * 7 + "no\n" * 3)
    return case, plays


def test_a_proven_separation_is_an_answer(files):
    """All plays are right: the best precision is infinite, and the table says so."""
    case, plays = files
    plays.write_text("act\n" + "yes\n" * 10)
    assert "runs to infinity" in " ".join(run("fit", case, plays, check=0).stdout.split())


@pytest.mark.parametrize(
    "more", [(), ("--compare",), ("--posterior", "x.nc"), ("--effects", "act")]
)
def test_what_could_not_be_maximised_ends_with_3(files, more, monkeypatch, tmp_path):
    """A search that nowhere counts as level, whatever else is asked; nothing is written."""
    monkeypatch.setattr(estimating, "LEVEL", 0.0)
    case, plays = files
    told = run("fit", case, plays, "--json", "x.json", *more, cwd=tmp_path, check=3).stderr
    assert "The likelihood could not be maximised" in told
    assert not list(tmp_path.glob("x.*"))
    with pytest.raises(ConvergenceError, match="could not be maximised") as error:
        Study.load(case).fit(plays)
    assert error.value.exit_code == 3


def test_a_part_of_a_comparison_without_an_estimate_ends_with_3(files, monkeypatch):
    """The fit to all plays is found, that to four of five parts is not."""

    def refuse(*_: object, **__: object) -> None:
        raise ConvergenceError("The likelihood could not be maximised.")

    monkeypatch.setattr(comparing, "estimate", refuse)
    assert "could not be maximised" in run("fit", *files, "--compare", check=3).stderr


def test_no_finite_start_ends_with_3(files, monkeypatch):
    """Play is found nowhere."""
    monkeypatch.setattr(
        estimating,
        "_search",
        lambda objective, begin: SimpleNamespace(x=begin, fun=np.inf, jac=np.zeros_like(begin)),
    )
    assert "found no coefficients at which" in run("fit", *files, check=3).stderr


class _Falling:
    """exp(−x), found up to a place only; of one coefficient."""

    total = 1.0
    problem = SimpleNamespace(design=SimpleNamespace(coefficients=("pull",)))

    def __init__(self, until: float) -> None:
        self.until = until

    def __call__(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        height = np.exp(-x[0])
        return (height, -np.exp(-x)) if x[0] <= self.until else (np.inf, np.zeros(1))

    def outside(self, x: np.ndarray) -> np.ndarray:
        return x


def test_a_rise_that_cannot_be_followed_is_not_proven():
    """Beyond 5 no play is found: from 5 nothing is shown, from 3 the first step out is."""
    way = np.ones(1)
    found = estimating._confirmed(_Falling(5.0), SearchEnd(np.array([3.0]), way))  # type: ignore[arg-type]
    assert found.endless is not None
    with pytest.raises(ConvergenceError, match=r"still rises with pull at pull = 5, and no play"):
        estimating._confirmed(_Falling(5.0), SearchEnd(np.array([5.0]), way))  # type: ignore[arg-type]
