"""Prediction under the clock: folds of war1800 with baselines, and a pool of one-shot games."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from backchannel.case.lowered import Lowered
from benchmarks.registry import Figure, PeerAbsent, timed

ABOUT = "evaluate: war1800 in ten folds, sanction threats, and one-shot games as a pool"
HERE = Path(__file__).parent
DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def measure() -> Iterator[Figure]:
    """Seconds, and what was predicted how well; nothing is chosen by what is measured here."""
    from backchannel import Study
    from backchannel.estimation.evaluate.baselines import is_installed
    from backchannel.estimation.pool.ask import fit_pool
    from backchannel.estimation.recipes.recipe import plays_from

    if not DATA.exists():
        raise PeerAbsent("the folder of data")
    if not is_installed():
        raise PeerAbsent("scikit-learn")
    war = plays_from("war1800", str(DATA / "war1800.csv"))
    from backchannel.estimation.evaluate.ask import EvaluateOptions, evaluate_case
    from backchannel.estimation.fit import FitOptions

    def lowered(name: str) -> Lowered:
        return Study.load(name if "/" not in name else HERE / name.removeprefix("./")).lowered

    found = []
    study = Study.load("war1800")
    seconds = timed(lambda: found.append(study.evaluate(war, by="dyad", leave_out=("midnum",))))
    yield Figure("war1800, ten folds by dyad with baselines", seconds, "s", "at most 30")
    marginal = FitOptions(ridge="marginal")
    richer = {n: lowered(f"./war1800_{n}.yaml") for n in ("years", "disputes")}
    options = EvaluateOptions(by="dyad", fit=marginal, candidates=richer, with_baselines=False)
    nested = evaluate_case(study.lowered, war, options)
    yield Figure("war1800, PRL of the case that is chosen inside", nested.prl(), "", "at least .08")
    threats = plays_from("sanction-threats", str(DATA / "sanction_threats.csv"))
    plain = lowered("sanction-threats")
    richer = {"years": lowered("./sanction_threats_years.yaml")}
    options = EvaluateOptions(by="target_code", fit=marginal, candidates=richer)
    by_target = evaluate_case(plain, threats, options)
    yield Figure("sanction threats by target, PRL", by_target.prl(), "", "at least .15")
    options = EvaluateOptions(forward="startyear", begin=1989, candidates=richer)
    forward = evaluate_case(plain, threats, options)
    yield Figure("sanction threats from 1989, PRL", forward.prl(), "", "above 0")
    with tempfile.TemporaryDirectory() as folder:
        for size in ("2x2", "3x3"):
            games = plays_from(f"one-shot-{size}", str(DATA / "one_shot_games.csv"))
            games.to_csv(Path(folder) / f"one-shot-{size}.csv", index=False)
        pools = []
        seconds = timed(lambda: pools.append(fit_pool(folder, by="paper", weights="count")))
    yield Figure("one-shot games, seven ways to reason, nested", seconds, "s", "four in at most 60")
    for one in pools[-1].reasonings:
        yield Figure(f"one-shot games, share explained: {one.name}", one.share, "")
