"""Prediction under the clock: folds of war1800 with baselines, a pool of one-shot games; then held-out scores."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.registry import Figure, PeerAbsent, timed

ABOUT = "evaluate: the time of folds and of a pool, then what is predicted how well"
HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared" / "data"
DISPUTES = ("years", "states", "splines")
"""Cases of war1800, beside the catalog's: a trend; effects of both states; smooth functions of what is continuous."""
THREATS = ("years", "campaigns")
"""Cases of threats by target: a trend; senders, years, and a sender's threats of one year."""
AHEAD = ("years", "lean", "campaigns")
"""The same forward in time, with a case of few covariates."""


def measure() -> Iterator[Figure]:
    """Times first; then scores, of which nothing is chosen by what is measured here."""
    from backchannel.estimation.evaluate.baselines import is_installed

    if not DATA.exists():
        raise PeerAbsent("the folder of data")
    if not is_installed():
        raise PeerAbsent("scikit-learn")
    yield from _times()
    yield from _scores()


def _times() -> Iterator[Figure]:
    from backchannel import Study
    from backchannel.estimation.pool.ask import fit_pool
    from backchannel.estimation.pool.reasonings import REASONINGS

    study, war = Study.load("war1800"), _plays("war1800", "war1800.csv")
    seconds = timed(lambda: study.evaluate(war, by="dyad", leave_out=("midnum",)))
    yield Figure("war1800, ten folds by dyad with baselines", seconds, "s", "at most 30")
    with tempfile.TemporaryDirectory() as folder:
        for size in ("2x2", "3x3"):
            games = _plays(f"one-shot-{size}", "one_shot_games.csv")
            games.to_csv(Path(folder) / f"one-shot-{size}.csv", index=False)
        pool = partial(fit_pool, folder, by="paper", weights="count")
        # Equilibrium is the fourth.
        seconds = timed(lambda: pool(reasonings=REASONINGS[:3]))
        yield Figure(
            "one-shot games, four ways to reason, each paper left out", seconds, "s", "at most 60"
        )
        pooled = pool()
    for one in pooled.reasonings:
        target = {"hierarchy": "at least .58", "chosen inside": "at least .65"}.get(one.name, "")
        yield Figure(f"one-shot games, share explained: {one.name}", one.share, "", target)


def _scores() -> Iterator[Figure]:
    from backchannel.estimation.fit_options import FitOptions

    marginal = FitOptions(ridge="marginal")
    war = {"by": "dyad", "fit": marginal}
    yield _score("war1800", DISPUTES, "at least .08", **war)
    yield _score("war1800", ("disputes",), "", "; a dispute's other dyads help", **war)
    yield _score("sanction-threats", AHEAD, "above 0", forward="startyear", begin=1989)
    yield _score("sanction-threats", THREATS, "at least .15", by="target_code", fit=marginal)


def _score(case: str, richer: tuple[str, ...], target: str, note: str = "", **how: Any) -> Figure:
    """PRL of the case that is chosen inside each part, among the catalog's and richer ones."""
    from backchannel import Study
    from backchannel.estimation.evaluate.ask import evaluate_case
    from backchannel.estimation.evaluate.evaluation import EvaluateOptions

    data = {"war1800": "war1800.csv", "sanction-threats": "sanction_threats.csv"}[case]
    stem = case.replace("-", "_")
    candidates = {name: Study.load(HERE / f"{stem}_{name}.yaml").lowered for name in richer}
    options = EvaluateOptions(candidates=candidates, with_baselines=False, **how)
    found = evaluate_case(Study.load(case).lowered, _plays(case, data), options)
    chosen = ", ".join(f"{n}: {k}" for n, k in found.chosen["case"].value_counts().items())
    split = how.get("by") or f"{how['forward']} from {how['begin']}"
    name = f"{case}, PRL by {split}, case chosen inside among {1 + len(richer)}{note}"
    return Figure(name, found.prl(), "", target, chosen)


def _plays(recipe: str, file: str) -> Any:
    from backchannel.estimation.recipes.recipe import plays_from

    return plays_from(recipe, str(DATA / file))
