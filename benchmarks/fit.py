"""Fitting under the clock: a classic data set, a large one, a million plays, a cold start, the flagship."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.registry import Figure, PeerAbsent, timed

ABOUT = "fit: war1800, 7,240 rows, 1,000,000 simulated plays, a cold start, the flagship"
ROOT = Path(__file__).parent.parent
WAR = ROOT.parent / "shared" / "data" / "war1800.csv"
CASES = ROOT / "tests" / "cases" / "fit"
LARGE = 7240
PLAYS = 1_000_000
SIX = """
case: Six moves
utility_unit: dollars
as_of: 2030-01-01
players:
  one: {name: The first, precision: {between: [0.2, 5]}}
  two: {name: The second, precision: {between: [0.2, 5]}}
nodes:
  luck: {chance: true, domain: [good, bad], probability: {good: 0.4, bad: rest}, at: 2029-01-01}
  n1: {player: one, sees: [luck], domain: [take, pass], at: 2029-01-02}
  n2: {player: two, sees: [n1], when: n1 == 'pass', domain: [take, pass], at: 2029-01-03}
  n3: {player: one, sees: [luck, n2], when: n2 == 'pass', domain: [take, pass], at: 2029-01-04}
  n4: {player: two, sees: [n3], when: n3 == 'pass', domain: [take, pass], at: 2029-01-05}
  n5: {player: one, sees: [luck, n4], when: n4 == 'pass', domain: [take, pass], at: 2029-01-06}
interests:
  first: {player: one, worth: "0.4 * (n1 == 'take') + 0.2 * (n2 == 'take') + 1.6 * (n3 == 'take')
    + 0.8 * (n4 == 'take') + (6.4 if luck == 'good' else 3.2) * (n5 == 'take')"}
  second: {player: two, worth: "0.1 * (n1 == 'take') + 0.8 * (n2 == 'take') + 0.4 * (n3 == 'take')
    + 3.2 * (n4 == 'take') + 1.6 * (n5 == 'take') + 6.4 * (n5 == 'pass')"}
"""


def measure() -> Iterator[Figure]:
    """Whole fits in a warm process, from four starts with errors; R's own times are as recorded."""
    from backchannel import Study
    from backchannel.estimation.estimate import estimate

    six = Study.load(SIX)
    seconds = timed(lambda: six.simulate(PLAYS, seed=1))
    yield Figure(f"simulate {PLAYS:,} plays of six nodes", seconds, "s", "at most 60")
    if not WAR.exists():
        raise PeerAbsent("war1800.csv")
    war = pd.read_csv(WAR)
    war["war"] = war["war"].where(war["esc"] == 1)
    study = Study.load(CASES / "egame12.yaml")
    problem = study.fit(war).problem
    alone = timed(lambda: estimate(problem, starts=1), repeat=5)
    yield Figure("war1800, one start as R has", alone, "s", "at most 0.021 (R, recorded)")
    yield Figure("war1800, four starts", timed(lambda: estimate(problem), repeat=3), "s")
    large = _simulated(study, war)
    problem = study.fit(large).problem
    seconds = timed(lambda: estimate(problem, starts=1), repeat=3)
    yield Figure(f"{LARGE:,} rows, one start", seconds, "s", "at most 0.265 (half of R, recorded)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "war.csv"
        war.to_csv(file, index=False)
        words = [sys.executable, "-m", "backchannel", "fit", str(CASES / "egame12.yaml"), str(file)]
        seconds = timed(lambda: subprocess.run(words, check=True, capture_output=True))
    yield Figure("backchannel fit on war1800, cold", seconds, "s", "at most 8")
    yield from _flagship()


def _flagship() -> Iterator[Figure]:
    """One evaluation of the likelihood and its slopes by seven precisions; two players err."""
    from backchannel import Study
    from backchannel.estimation.fit import problem_of
    from backchannel.estimation.fit_options import FitOptions
    from backchannel.estimation.plays import read_plays

    case = Study.load("belarus-2025").lowered
    sought = [f"{player}.precision" for player in case.diagram.players]
    fixed = {n: prior.at(0.5) for n, prior in case.priors.items() if n not in sought}
    table = Study.load("belarus-2025").simulate(3000, seed=1)
    problem = problem_of(
        case, read_plays(table, case.diagram, covariates=[]), FitOptions(fixed=fixed)
    )
    rows = problem.design.rows(problem.design.start())
    yield Figure(
        "flagship, first evaluation, compiled", timed(lambda: problem.likelihood(rows)), "s"
    )
    seconds = timed(lambda: problem.likelihood(rows), repeat=5)
    yield Figure("flagship, 3,000 plays, one evaluation with slopes", seconds, "s")


def _simulated(study: object, war: pd.DataFrame) -> pd.DataFrame:
    """Plays of as many rows, all with covariates of their own."""
    chance = np.random.default_rng(1)
    rows = war.dropna(subset=["s_wt_re1", "revis1", "balanc", "regime1", "regime2"])
    rows = rows.iloc[np.arange(LARGE) % len(rows)].reset_index(drop=True)
    for name in ("s_wt_re1", "balanc"):
        rows[name] = rows[name] + chance.normal(scale=0.05, size=LARGE)
    numbers = {"quiet[1]": -0.6, "war_2[1]": 0.5, "war_2[regime2=dem]": -1.8}
    return study.simulate(LARGE, seed=1, numbers=numbers, covariates=rows)  # type: ignore[attr-defined]
