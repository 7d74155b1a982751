"""Beliefs about beliefs from the file to the terminal and the document."""

from __future__ import annotations

import pytest

from backchannel import Study
from backchannel.language.errors import CommandError
from backchannel.questions.surprise.document import SurpriseView
from backchannel.web.live import solve_live
from tests.commands import QUICK, run
from tests.helpers import CANAL

NESTED = """\
beliefs:
  aria:
    parameters: {p_high: unlikely}
    about:
      borland: {parameters: {p_high: true_case, war_cost: 0.6}, nodes: {parley: {odds: {talk: 1, wait: 1}}}}
    in_words: takes Borland for weak, and for mistaken about the cost of war
    unaware: {actions: {demand: [10]}}
"""


@pytest.fixture(scope="module")
def nested() -> str:
    """The canal case with two levels."""
    text = CANAL.read_text().replace("beliefs:\n  aria: {parameters: {p_high: unlikely}}\n", NESTED)
    cause = "  set_right: {beliefs: {aria: {borland: true_case}}}\n"
    return text.replace("  greed: {do: {demand: 10}}\n", cause + "  greed: {do: {demand: 10}}\n")


def test_two_levels_run_from_the_file_to_the_document(nested):
    """Numbers are named by the chain of believers, and labelled in words."""
    study = Study.load(nested, draws=32)
    answers = study.answers()
    labels = {one.parameter: one.label for one in answers.assumptions}
    assert labels["aria.borland.war_cost"] == "what Aria thinks Borland believes: war cost"
    (belief,) = study.lowered.beliefs
    assert dict(belief.about[0].parameters) == {"war_cost": "aria.borland.war_cost"}
    assert belief.about[0].unaware.actions == {"demand": (10,)}
    assert (study.ensemble.play.policies["demand"][..., 0] == 0).all()
    player = next(one for one in answers.players if one.name == "aria")
    assert player.misbelieves.startswith("takes Borland for weak")
    assert answers.surprise is not None
    assert [v.title for v in answers.surprise.viewers] == ["Aria", "Aria thinks Borland"]
    assert answers.certificate.worst_residual < 1e-9
    corrected = study.what_if("set_right", outcome="demand", view="before")
    assert corrected.to_frame()["difference"].abs().max() > 1e-3
    again = Study.load(study.case, draws=32)
    assert again.lowered.beliefs == study.lowered.beliefs


def test_the_workbench_shows_progress_up_to_the_last_level(nested):
    """A bar that runs over its end tells nobody how long to wait."""

    class Bar:
        total = done = 0

        def stage(self, name, total):
            self.total = total

        def advance(self, steps):
            self.done += steps

    bar = Bar()
    solve_live(Study.load(nested).lowered, {}, draws=16, seed=0, progress=bar)
    assert bar.done == bar.total == 16 * len(("the case", "Aria's", "what Aria thinks Borland's"))


def test_a_player_that_holds_the_truth_has_no_level_to_correct(canal):
    """In the user's words."""
    with pytest.raises(CommandError, match="'borland' has no wrong belief that could be corrected"):
        canal.what_if(beliefs={"borland": {"aria": "true_case"}}, outcome="reply")
    with pytest.raises(CommandError, match="should be `true_case`, or a mapping of players"):
        canal.what_if(beliefs={"aria": 3}, outcome="reply")


def test_surprise_prints_its_tables_and_writes_its_document(nested, tmp_path):
    """What is written is what is shown."""
    path, target = tmp_path / "canal.yaml", tmp_path / "surprise.json"
    path.write_text(nested)
    done = run("surprise", path, *QUICK, "--all", "--json", target)
    for piece in (
        "What each player expects",
        "Aria thinks Borland",
        "How surprising the record was",
    ):
        assert piece in done.stdout
    view = SurpriseView.model_validate_json(target.read_text())
    beside = {tuple(viewer.view): viewer.beside for viewer in view.viewers}
    assert beside == {
        ("aria",): "what the forecast says",
        ("aria", "borland"): "what Borland really expects",
    }
    assert "Example" in run("surprise", "--help").stdout
