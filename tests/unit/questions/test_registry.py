"""One record makes a question part of everything that lists questions."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import backchannel.questions
from backchannel import Study
from backchannel.answers.document import Answers, answers_model
from backchannel.answers.page.report import compose_report
from backchannel.asking import Asking
from backchannel.cli import main
from backchannel.estimating import Estimating
from backchannel.publishing import Publishing
from backchannel.questions.registry import ROOMS, questions, register, registered
from tests.helpers import CANAL
from tests.unit.questions.regret import QUESTION as REGRET

FOLDER = Path(backchannel.questions.__file__).parent
DOCS = Path(__file__).parent.parent.parent.parent / "docs"
SHARED = {"counterfactuals", "statistics"}
KINDS = (Study, Publishing, Estimating, Asking)
"""The parts of a study."""
OF_THE_CASE = {
    "load", "from_gambit", "export_gambit", "fit", "fit_flows", "simulate", "answers", "sources", "brief", "log",
    "report", "widget", "evaluate", "predict", "under", "draw_table", "sharded", "read_outcomes",
}  # fmt: skip
"""Methods of `Study` that ask no single question."""


def test_every_room_is_listed():
    """A folder that nobody lists is a question that nobody can ask."""
    rooms = {file.parent.name for file in FOLDER.glob("*/__init__.py")} - SHARED
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_a_room_has_what_its_record_names(question):
    """References are imported on use; a wrong one would be found by a user."""
    assert (DOCS / question.docs).exists()
    references = [question.worlds, question.ask, question.document, question.compose]
    references += [question.answer, question.terminal, *question.commands]
    references += question.methods.values()
    assert all(callable(question.part(one)) for one in references if one)
    if question.section:
        assert "{%" in question.section_text()
    if question.document:
        assert issubclass(Answers, question.part(question.document))


def test_the_methods_of_a_study_and_the_registry_agree():
    """`Study` is explicit, for readers and for type checkers; it may not fall behind."""
    own = {name for kind in KINDS for name in vars(kind) if not name.startswith("_")}
    listed = {name for question in questions() for name in question.methods}
    assert own == listed | OF_THE_CASE
    for name in listed - {"why"}:
        asked = next(q for q in questions() if name in q.methods)
        does = inspect.signature(asked.part(asked.methods[name])).parameters
        for parameter, kind in inspect.signature(getattr(Study, name)).parameters.items():
            if parameter != "self" and kind.kind is not inspect.Parameter.VAR_KEYWORD:
                assert parameter in does, f"Study.{name} takes {parameter}"


def test_listing_questions_waits_for_no_solver():
    """`--help` answers at once."""
    listing = "import sys; from backchannel.questions.registry import questions; questions();"
    check = "print([m for m in ('jax', 'pandas', 'numpy', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listing + check], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_two_questions_of_one_name_are_refused():
    """The second would hide the first."""
    with registered(REGRET), pytest.raises(ValueError, match="called 'regret' already"):
        register(REGRET)


def test_a_question_is_added_by_one_record(tmp_path):
    """It is in the run's text, in its document, and on the page; and gone with its record."""
    target, page = tmp_path / "answers.json", tmp_path / "page.html"
    with registered(REGRET):
        run = ["run", str(CANAL), "--draws", "32", "--full"]
        run += ["--json", str(target), "--report", str(page)]
        done = CliRunner().invoke(main, run)
        assert done.exit_code == 0, done.output
        document = json.loads(target.read_text())
        own = CliRunner().invoke(main, ["regret", str(CANAL), "--draws", "32"])
        assert own.exit_code == 0, own.output
        assert "demand" in own.output
        assert "regret" in CliRunner().invoke(main, ["--help"]).output
        assert "regrets" in answers_model().model_json_schema()["properties"]
    found = {view["decision"]: view["regret"] for view in document["regrets"]}
    study = Study.load(CANAL, draws=32)
    assert set(found) == {decision.name for decision in study.ensemble.diagram.decisions}
    assert np.isfinite(list(found.values())).all()
    assert max(found.values()) > 0
    assert f"Regret of Aria at {_title(document, 'demand')}: {found['demand']:.4f}" in done.output
    assert '<section id="regret"' in page.read_text()
    assert f"gives up {found['demand']:.2f}" in page.read_text()
    assert "regrets" not in answers_model().model_fields
    assert "Regret" not in compose_report(study.answers())


def _title(document: dict, node: str) -> str:
    return next(one["title"] for one in document["nodes"] if one["name"] == node)


@pytest.mark.parametrize("name", sorted(backchannel.__all__))
def test_every_public_name_is_there_and_documented(name):
    """What is exported is promised."""
    if name == "ReportWidget":
        pytest.importorskip("anywidget")
    assert getattr(backchannel, name)
    if name != "__version__":
        assert f"`{name}" in (DOCS / "python.md").read_text()


def test_every_answer_has_a_table_words_and_a_display(canal):
    """One vocabulary for every question."""
    answers = [
        canal.forecast("reply"), canal.what_if("greed", outcome="reply"), canal.why("blame"),
        canal.why.decompose("greed", "blame"), canal.claims(), canal.surprise(),
        canal.sensitivity(), canal.inverse("reply", "pay"), canal.watch(), canal.branch(),
        canal.equilibria(), canal.answers(), canal.sources(),
    ]  # fmt: skip
    for answer in answers:
        assert list(answer.to_frame().columns) or not len(answer.to_frame())
        assert "<table" in answer._repr_html_()
        assert answer is answers[-2] or answer.document() is not None
    assert canal.forecast("reply").document().title == "reply"


@pytest.mark.slow
def test_a_run_imports_no_pandas():
    """It takes half a second, and only tables for notebooks need it."""
    code = (
        "import sys, backchannel.study, backchannel.questions.run, backchannel.answers.compose\n"
        "from backchannel.questions.registry import questions\n"
        "for q in questions():\n"
        "    [q.part(part) for part in (q.ask, q.compose, q.document, q.terminal) if part]\n"
        "assert 'jax' in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
