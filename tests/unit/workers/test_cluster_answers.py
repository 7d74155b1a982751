"""Every command says the same on a cluster, to the last bit; and its pieces are really carried out there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backchannel import Study
from backchannel.estimation.fit_options import FitOptions
from backchannel.workers.cluster import Cluster
from tests.compiling import compile_quickly, compiles_quickly
from tests.helpers import CANAL
from tests.unit.estimation.test_penalties import CHOICE, plays

RANSOM = CANAL.with_name("ransom.yaml")


class Counting(Cluster):
    """A cluster that counts the things whose pieces it has carried out."""

    done = 0

    def carry_out(self, job: Any, things: Any, **how: Any) -> Iterator[Any]:
        """As always, and count."""
        for thing in super().carry_out(job, things, **how):
            self.done += 1
            yield thing


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[Counting]:
    """Two worker processes, which compile as the tests do."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
        ) as local,
        distributed.Client(local) as client,
    ):
        client.run(compile_quickly, compiles_quickly(request.config))
        yield Counting(client)


def _same(ask: Callable[[Study], Any], cluster: Counting, case: Any = CANAL, draws: int = 300):
    """Ask here and on the cluster; compare every number of the document."""
    here = ask(Study.load(case, draws=draws, seed=1))
    before = cluster.done
    there = ask(Study.load(case, draws=draws, seed=1, cluster=cluster))
    assert cluster.done > before
    assert _numbers(there) == _numbers(here)


def _numbers(found: Any) -> str:
    """Every number to its last digit, without how long it took and the sentences that say so."""
    if isinstance(found, pd.DataFrame):
        return repr(found.to_dict())
    document = found.model_dump()
    document.get("run", {}).pop("seconds", None)
    for timed in ("line", "short"):
        document.get("certificate", {}).pop(timed, None)
    return repr(document)


@pytest.mark.slow
def test_a_forecast_and_a_what_if_are_the_same_to_the_last_bit(cluster):
    """Sweeps and climbs in chunks of draws, in the case and in a changed world."""
    here, there = Study.load(CANAL, draws=300), Study.load(CANAL, draws=300, cluster=cluster)
    before = cluster.done
    for ask in (
        lambda study: study.forecast("parley").per_draw,
        lambda study: study.what_if({"do": {"demand": 10}}, outcome="reply").after.per_draw,
    ):
        assert np.array_equal(ask(there), ask(here))
    assert cluster.done > before


@pytest.mark.slow
def test_draws_that_are_followed_along_the_branch_are_the_same(cluster):
    """A twentieth of these draws are in doubt after their sweeps."""
    _same(lambda study: study.forecast("comply").document(), cluster, "sanctions-threat", 2048)


@pytest.mark.slow
def test_a_run_is_the_same(cluster):
    """All questions, some of them side by side."""
    _same(lambda study: study.answers(), cluster)


@pytest.mark.slow
def test_why_is_the_same(cluster):
    """Sets of causes, undone in parts of the draws; and the decomposition."""
    _same(lambda study: study.why().document(), cluster, draws=600)


@pytest.mark.slow
def test_a_deal_is_the_same(cluster):
    """Its packages in parts of the draws."""
    _same(lambda study: study.deals("exchange").document(), cluster, RANSOM, 128)


@pytest.mark.slow
def test_sensitivity_is_the_same(cluster):
    """With the case solved along every assumption."""
    _same(lambda study: study.sensitivity("parley", solve=True).document(), cluster)


@pytest.mark.slow
def test_rivals_are_the_same(cluster):
    """Also in their order."""
    _same(lambda study: study.rivals(most=8).document(), cluster)


@pytest.mark.slow
def test_an_evaluation_is_the_same(cluster):
    """Its folds, with the baselines."""
    pytest.importorskip("sklearn")
    table = plays(60)
    _same(
        lambda study: study.evaluate(table, by="group", folds=2, fit=FitOptions(ridge=1.0)).rows,
        cluster,
        CHOICE.format("1 + x"),
    )


@pytest.mark.slow
def test_a_fit_is_the_same(cluster):
    """Its search from every start."""
    _same(
        lambda study: study.fit(plays(200), ridge=1.0).to_frame(),
        cluster,
        CHOICE.format("1 + x + word"),
    )
