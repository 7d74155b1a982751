"""Shards: the same draws in parts, kept, resumed, and merged into the same answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from backchannel import CommandError, Study
from backchannel.cli import main
from backchannel.scale.columns import DRAW
from backchannel.scale.document import ShardedAnswers
from backchannel.scale.manifest import MANIFEST
from backchannel.scale.plan import ShardPlan, plan_shards
from backchannel.scale.sharded import ShardedDraws
from backchannel.scale.solve import shard_piece
from backchannel.scale.solve_sharded import solve_sharded
from backchannel.scale.store import ShardStore
from backchannel.workers.workers import Threads, working_on
from tests.helpers import CANAL

DRAWS, SIZE, SEED = 64, 24, 3


class Counting(Threads):
    """Counts the shards that it solves, and stops after some of them as a killed process would."""

    def __init__(self, stop_after: int = 100) -> None:
        super().__init__()
        self.solved: list[range] = []
        self.stop_after = stop_after

    def carry_out(self, job, things, **how):
        for thing in super().carry_out(job, things, **how):
            if job.work is shard_piece:
                self.solved.append(thing)
                if len(self.solved) == self.stop_after:
                    raise KeyboardInterrupt
            yield thing


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(CANAL, draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def sharded(study, tmp_path_factory) -> ShardedDraws:
    folder = tmp_path_factory.mktemp("shards") / "canal"
    return solve_sharded(study.lowered, folder, draws=DRAWS, seed=SEED, size=SIZE)


def test_shards_hold_the_draws_of_one_run(study, sharded):
    """The number of shards changes no number that is drawn."""
    assert study.ensemble.n_draws == DRAWS
    for name in study.lowered.priors:
        np.testing.assert_allclose(
            sharded.number(name), np.broadcast_to(study.ensemble.numbers[name], DRAWS)
        )


def test_a_merged_forecast_is_that_of_one_run(study, sharded):
    """Mean, range and effective sample size."""
    for node in study.lowered.diagram.order:
        whole, merged = study.forecast(node), sharded.forecast(node)
        assert merged.domain == whole.domain
        np.testing.assert_allclose(merged.mean, whole.mean, atol=1e-9)
        np.testing.assert_allclose(merged.low, whole.low, atol=1e-9)
        np.testing.assert_allclose(merged.high, whole.high, atol=1e-9)
    assert sharded.effective_draws == pytest.approx(study.ensemble.effective_draws)


def test_a_merged_what_if_is_that_of_one_run(study, sharded):
    """Paired draw by draw; a counterfactual has its other extreme."""
    assert sharded.what_ifs()
    for name, outcome in sharded.what_ifs():
        question = next(q for q in study.lowered.questions if q.what_if == name)
        whole = study.what_if(question.intervention, outcome=outcome, view=question.view)
        merged = sharded.what_if(name, outcome)
        # A counterfactual is simulated; its control variate has a coefficient of its own in every shard.
        close = 1e-9 if whole.independent is None else 1e-3
        for column in ("changed", "independent", "difference", "low", "high"):
            np.testing.assert_allclose(
                merged.to_frame()[column], whole.to_frame()[column], atol=close
            )
        assert merged.cut == whole.cut
        assert (merged.independent is None) == (whole.independent is None)


def test_the_document_has_the_words_and_numbers_of_one_run(study, sharded):
    """As the answers document has them, where both say the same."""
    document, answers = sharded.document(), study.answers()
    assert document.effective_draws == pytest.approx(study.ensemble.effective_draws)
    known = {view.node: view for view in answers.forecasts}
    assert [view.node for view in document.forecasts] == study.lowered.ahead
    for view in document.forecasts:
        whole = known[view.node]
        assert (view.title, view.date) == (whole.title, whole.date)
        for value, other in zip(view.values, whole.values, strict=True):
            assert (value.label, value.word) == (other.label, other.word)
            assert value.quantiles == pytest.approx(other.quantiles, abs=1e-9)
            assert value.histogram == pytest.approx(other.histogram, abs=1e-9)
    changed = {what_if.name: what_if for what_if in answers.what_ifs}
    assert document.what_ifs
    for view in document.what_ifs:
        whole = changed[view.name]
        assert (view.title, view.who_knows) == (whole.title, whole.who_knows)
        assert view.before_label == whole.before_label
        assert view.outcome.node in {outcome.node for outcome in whole.outcomes}


def test_a_result_shows_itself_in_a_notebook(sharded):
    """As every result of a study does."""
    node = sharded.lowered.ahead[0]
    assert node in sharded._repr_html_()
    assert sharded.forecast(node).document().node == node


def test_a_run_that_was_stopped_goes_on_where_it_stood(study, sharded, tmp_path):
    """Finished shards are not solved again, and none is counted twice."""
    first = Counting(stop_after=1)
    with working_on(first), pytest.raises(KeyboardInterrupt):
        solve_sharded(study.lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
    second = Counting()
    with working_on(second):
        merged = solve_sharded(study.lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
    assert (
        first.solved + second.solved
        == plan_shards(study.lowered, draws=DRAWS, seed=SEED, size=SIZE).shards
    )
    node = study.lowered.ahead[0]
    assert np.array_equal(merged.forecast(node).per_draw, sharded.forecast(node).per_draw)


def test_a_study_has_its_own_workers_solve_its_shards(sharded, tmp_path):
    """It is not asked for a cluster twice."""
    own = Counting()
    study = Study.load(CANAL, draws=DRAWS, seed=SEED, cluster=own)
    merged = study.sharded(tmp_path / "s", size=SIZE)
    assert own.solved == plan_shards(study.lowered, draws=DRAWS, seed=SEED, size=SIZE).shards
    node = study.lowered.ahead[0]
    assert np.array_equal(merged.forecast(node).per_draw, sharded.forecast(node).per_draw)


def test_half_a_file_is_no_shard(study, sharded, tmp_path):
    """A file that another program cut is solved again."""
    plan = plan_shards(study.lowered, draws=DRAWS, seed=SEED, size=SIZE)
    store = ShardStore(tmp_path / "s", plan)
    assert store.missing == plan.shards
    file = min(sharded.store.folder.glob("draws-*.parquet"))
    whole = file.read_bytes()
    (tmp_path / "s" / file.name).write_bytes(whole[: len(whole) // 2])
    assert store.missing == plan.shards
    store.write(plan.shards[0], whole)
    assert store.missing == plan.shards[1:]
    with pytest.raises(CommandError, match="lacks 2 of 3 shards"):
        store.read([DRAW])


def test_what_is_not_the_shard_that_was_asked_for_is_not_kept(study, sharded, tmp_path):
    """A worker of the same version can have other code, while somebody works on the program."""
    plan = plan_shards(study.lowered, draws=DRAWS, seed=SEED, size=SIZE)
    store = ShardStore(tmp_path / "s", plan)
    first = min(sharded.store.folder.glob("draws-*.parquet")).read_bytes()
    with pytest.raises(CommandError, match=r"is not draws 25 to 48 of this case.+are kept"):
        store.write(plan.shards[1], first)
    assert store.missing == plan.shards


def test_shards_of_something_else_are_refused_by_name(study, sharded):
    """The user hears what is different."""
    folder = sharded.store.folder
    with pytest.raises(CommandError, match="the seed \\(3 there, 4 now\\)"):
        solve_sharded(study.lowered, folder, draws=DRAWS, seed=4, size=SIZE)
    other = Study.load(CANAL.read_text().replace("between: [", "uniform: [", 1)).lowered
    with pytest.raises(CommandError, match="different are the case"):
        solve_sharded(other, folder, draws=DRAWS, seed=SEED, size=SIZE)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ('{"format": 99}', "newer version"),
        ("{", "damaged"),
        ("[]", "not a manifest"),
        ('{"format": 1}', "damaged"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_told(study, tmp_path, manifest, told):
    """And nothing in the folder is touched."""
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(CommandError, match=told):
        ShardStore(tmp_path, plan_shards(study.lowered, draws=DRAWS, seed=SEED))
    assert (tmp_path / MANIFEST).read_text() == manifest


def test_a_folder_with_other_files_is_left_alone(study, tmp_path):
    """Shards do not go between somebody's files."""
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(CommandError, match="not a folder of shards"):
        ShardStore(tmp_path, plan_shards(study.lowered, draws=DRAWS, seed=SEED))


def test_the_command_prints_forecasts_and_keeps_the_shards(tmp_path):
    """A second run solves nothing; another seed is refused."""
    command = [
        "shards",
        str(CANAL),
        "--draws",
        "64",
        "--shard-size",
        "32",
        "--out",
        str(tmp_path / "s"),
    ]
    csv, document = tmp_path / "all.csv", tmp_path / "all.json"
    first = CliRunner().invoke(main, [*command, "--csv", str(csv), "--json", str(document)])
    assert first.exit_code == 0, first.output
    assert "64 draws (effective sample size" in first.output
    assert "64 draws are kept in" in first.stderr
    assert {"node", "value", "probability", "what if"} <= set(pd.read_csv(csv).columns)
    assert ShardedAnswers.model_validate_json(document.read_text()).draws == 64
    second = CliRunner().invoke(main, [*command, "--json", str(document)])
    assert second.stdout == first.stdout
    other = CliRunner().invoke(main, [*command, "--seed", "1"])
    assert other.exit_code == 2
    assert "the seed (0 there, 1 now)" in other.output


def test_a_plan_covers_every_draw_once():
    """Also where the last shard is smaller."""
    plan = ShardPlan("a case", "", "", 0, draws=100, size=30)
    assert [draw for shard in plan.shards for draw in shard] == list(range(100))
