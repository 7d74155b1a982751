"""Composing never solves: with what the questions found, the whole document is written, and nothing is worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backchannel import Study
from backchannel.answers.compose import Composer, compose_answers
from backchannel.answers.draw_table import draw_table
from backchannel.answers.ledger_entries import compose_log
from backchannel.answers.so_far import AnswersSoFar
from backchannel.case.catalog import find_case
from backchannel.case.read.case_file import read_case
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.equilibrium.branch import follow
from backchannel.equilibrium.deals.program import DealProgram
from backchannel.equilibrium.sweep.sweeper import Sweeper
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.registry import questions
from backchannel.questions.run import Findings, ask_all
from backchannel.questions.unanswered import Unanswered
from backchannel.tensors import interpreter, logs, marginals

REASON = "It would take more memory than is allowed."


class SolvedWhileComposing(Exception):
    """Something was solved, or worked out of the tables of a game, while answers were put into words."""


@pytest.fixture(scope="module")
def solved() -> tuple[Study, Findings]:
    """A case of the catalog with deals, what-ifs, claims and a record, and what every question found."""
    study = Study.load("sanctions-threat", draws=64)
    return study, ask_all(study)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Replaces all that solves a case, or sums over its tables, by something that raises."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise SolvedWhileComposing

    def seal() -> None:
        monkeypatch.setattr(SolvedCase, "ensemble", property(refuse))
        monkeypatch.setattr(Sweeper, "_run", refuse)
        monkeypatch.setattr(DealProgram, "solve", refuse)
        monkeypatch.setattr(follow, "follow", refuse)
        # Every sum over tables is a plan that is carried out, or a walk along the nodes of a long case.
        monkeypatch.setattr(interpreter, "in_order", refuse)
        monkeypatch.setattr(logs, "in_order", refuse)
        monkeypatch.setattr(marginals, "along", refuse)

    return seal


def composed(findings: Findings) -> Any:
    """The answers document of some findings; also the document after each question."""
    composer = Composer(findings.case.lowered, findings.ensemble)
    so_far = AnswersSoFar(findings.case, composer)
    for i, question in enumerate([q for q in questions() if q.ask], start=1):
        results = dict(list(findings.by_question.items())[:i])
        composer.add(question, results)
        so_far.compose(results)
    return compose_answers(findings, composer)


def test_what_was_found_is_put_into_words_without_solving(solved, sealed):
    """The document is the one that a run makes."""
    study, findings = solved
    expected = study.answers()
    sealed()
    document = composed(findings)
    assert document.forecasts == expected.forecasts
    assert document.watch == expected.watch
    assert document.bottom_lines == expected.bottom_lines
    assert document.answers == expected.answers


def test_what_was_not_found_is_said_without_solving(solved, sealed):
    """Every question but the forecasts failed: its place tells the reason, with the forecasts that were found."""
    study, findings = solved
    missing = {
        name: found if name == "forecast" else Unanswered(name, "", REASON)
        for name, found in findings.by_question.items()
    }
    expected = study.watch().document()
    sealed()
    document = composed(replace(findings, by_question=missing))
    assert REASON in document.watch.caption
    assert document.watch.indicators == []
    for field in (
        "about",
        "title",
        "outcomes",
        "labels",
        "forecast",
        "left_out",
        "forecast_bounds",
    ):
        assert getattr(document.watch, field) == getattr(expected, field)
    assert len(document.unanswered) == len(missing) - 1


def test_draws_and_entries_of_a_ledger_are_written_without_solving(solved, sealed):
    """They are handed the forecasts."""
    study, findings = solved
    forecasts = {node: forecast(findings.ensemble, node) for node in study.lowered.ahead}
    sealed()
    table = draw_table(study.lowered, findings.ensemble, forecasts)
    assert table.document().draws == findings.ensemble.n_draws
    _, entries = compose_log(study, findings.ensemble, forecasts, by="")
    assert [entry.node for entry in entries] == study.lowered.ahead


def test_questions_keep_their_places_while_the_rest_is_being_solved():
    """Their numbers are those of the whole document, in whatever order the file has them."""
    case = dict(read_case(find_case("sanctions-threat"))[1].data)
    case["questions"] = dict(reversed(case["questions"].items()))
    study = Study.load(case, draws=16)
    composer = Composer(study.lowered, study.ensemble)
    found = {"forecast": ask_all(study).by_question["forecast"]}
    composer.add(next(q for q in questions() if q.name == "forecast"), found)
    waiting = AnswersSoFar(study, composer).compose(found).bottom_lines
    assert [line.name for line in waiting] != list(case["questions"])
    assert [line.name for line in waiting] == [line.name for line in study.answers().bottom_lines]
