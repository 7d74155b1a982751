"""In a run, a question without an answer costs its own answer only, and says why in its place."""

from __future__ import annotations

from typing import Any

import pytest

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.ensemble import change
from backchannel.language.errors import CommandError, TooLargeError
from backchannel.questions.registry import questions
from backchannel.questions.run import answers_as_ready, ask_all
from backchannel.questions.unanswered import Unanswered

REASON = "It would take more memory than is allowed."
CASE = "sanctions-threat"


def study() -> Study:
    return Study.load(CASE, draws=64)


def test_a_world_that_cannot_be_solved_costs_what_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {claim.claim.name: claim.support for claim in study().claims()}
    plan = change._plan

    def failing(ensemble: Any, intervention: Any) -> Any:
        if intervention.do.get("threat") == "threatens":
            raise TooLargeError(REASON)
        return plan(ensemble, intervention)

    monkeypatch.setattr(change, "_plan", failing)
    answers = study().answers()
    missing = {(m.kind, m.name): m for m in answers.unanswered}
    assert set(missing) == {("what_if", "threatened"), ("claim", "threats_work")}
    assert {m.reason for m in missing.values()} == {REASON}
    assert missing["claim", "threats_work"].title == "Threats make the target yield"
    assert [c.id for c in answers.claims] == ["audience_makes_credible", "most_succeed_early"]
    by_name = {answer.name: answer for answer in answers.answers}
    assert by_name["threatened"].sentences == [f"This question could not be answered. {REASON}"]
    assert by_name["next"].sentences[0] == answers.answers[0].sentences[0]
    assert "could not" not in by_name["next"].sentences[0]
    assert answers.what_ifs == []
    assert compose_report(answers).count(REASON) >= 2
    assert [told[c.id] for c in answers.claims] == [
        pytest.approx(c.support, abs=1e-4) for c in answers.claims
    ]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("sensitivity", "sensitivity.ask.what_decides"),
        ("watch", "watch.ask.rank_indicators"),
        ("claims", "claims.ask.answer_each"),
        ("what_if", "what_if.ask.answer_each"),
        ("rounds", "rounds.ask.over_rounds"),
        ("surprise", "surprise.ask.ask"),
        ("why", "why.explain.answer_each"),
        ("deals", "deals.examine.answer_each"),
    ],
)
def test_any_question_of_the_registry_can_fail_alone(
    monkeypatch: pytest.MonkeyPatch, name: str, function: str
) -> None:
    def failing(*args: Any, **kwargs: Any) -> Any:
        raise TooLargeError(REASON)

    monkeypatch.setattr(f"backchannel.questions.{function}", failing)
    answers = study().answers()
    title = next(question.title for question in questions() if question.name == name)
    assert [(m.kind, m.title, m.reason) for m in answers.unanswered] == [(name, title, REASON)]
    assert REASON in compose_report(answers)
    assert len(answers.forecasts) == len(answers.nodes) == 4
    if name == "sensitivity":
        assert answers.sensitivity.sentences == [f"This question could not be answered. {REASON}"]
    if name == "watch":
        assert REASON in answers.watch.caption
        assert answers.watch.indicators == []


def test_what_it_would_take_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: Any, **kwargs: Any) -> Any:
        raise CommandError(REASON)

    monkeypatch.setattr("backchannel.questions.sensitivity.ask.what_would_it_take", failing)
    answers = study().answers()
    assert answers.sensitivity.effects
    assert answers.what_it_would_take is None
    assert [(m.kind, m.name, m.reason) for m in answers.unanswered] == [
        ("sensitivity", "what it would take", REASON)
    ]


def test_a_case_without_forecasts_has_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: Any, **kwargs: Any) -> Any:
        raise TooLargeError(REASON)

    monkeypatch.setattr("backchannel.questions.forecast.ask.forecast_all", failing)
    with pytest.raises(TooLargeError, match=REASON):
        study().answers()


def test_forecasts_come_before_any_world_is_changed() -> None:
    case = study()
    ready = answers_as_ready(case)
    question, forecasts = next(ready)
    assert question.name == "forecast"
    assert set(forecasts) == set(case.lowered.diagram.order)
    assert case.ensemble.cache == {}
    names = [question.name for question, _ in ready]
    main = [
        "rounds",
        "what_if",
        "scenarios",
        "trade",
        "review",
        "rivals",
        "surprise",
        "reasoning",
        "watch",
    ]
    assert names == [*main, "why", "deals", "sensitivity", "claims"]


@pytest.mark.parametrize("room", [True, False])
def test_answers_do_not_depend_on_what_is_asked_beside_the_others(
    monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    monkeypatch.setattr("backchannel.questions.run._has_room", lambda case: room)
    told: list[str] = []
    case = Study.load("tests/cases/visit.yaml", draws=16)
    findings = ask_all(case, tell=lambda question, results: told.append(question.name))
    assert list(findings.by_question) == [q.name for q in questions() if q.ask]
    assert (told[-1] == "claims") is room
    assert sorted(told) == sorted(findings.by_question)
    explanation = findings.by_question["why"][0].explanation
    # By hand: the envoy stays in a clear sky with 0.39, after staying in a storm with 13/18.
    necessity = explanation.of("storm").necessity
    assert necessity.independent.mean == pytest.approx(0.61, abs=0.06)
    assert not isinstance(findings.by_question["why"][0], Unanswered)
