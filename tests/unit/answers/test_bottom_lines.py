"""Bottom lines: one sentence for each question, with number, range, confidence and reason."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from backchannel.answers.bottom_lines import AT_WORST, unanswered_line
from backchannel.case.lowered import CaseQuestion
from backchannel.study import Study
from backchannel.wording.prose import MOST_WORDS
from tests.helpers import CANAL, quick_but

CASES = CANAL.parent
STARTER = files("backchannel.case") / "starter.yaml"
ORDER = ["forecast", "what_if", "why", "deal"]
LEADS_UNLIKELY = re.compile(r"leads with [^.]*unlikely|likeliest", re.IGNORECASE)


def solved(case, draws=64):
    return Study.load(case, draws=draws)


@pytest.fixture(scope="module")
def told():
    """A run of the canal case: the lines as they were told, and the document."""
    lines = []
    return lines, solved(CANAL).answers(tell=lines.append)


@pytest.mark.parametrize(
    "case",
    quick_but(
        ["ransom"], ["canal", "ransom", "quarry", "walkout", "visit", "two_rounds", "starter"]
    ),
)
def test_every_question_has_one_short_sentence_with_its_number_and_confidence(case):
    """In the order in which a run asks."""
    text = STARTER if case == "starter" else CASES / f"{case}.yaml"
    study = solved(text.read_text("utf-8"))
    answers = study.answers()
    assert len(answers.bottom_lines) == max(1, len(study.lowered.questions))
    kinds = [line.kind for line in answers.bottom_lines]
    assert kinds == sorted(kinds, key=ORDER.index)
    for line in answers.bottom_lines:
        text = f"{line.sentence} {line.because}"
        assert max(len(part.split()) for part in (line.sentence, line.because)) <= MOST_WORDS
        assert len(text.split()) <= AT_WORST, text
        if line.kind == "what_if":
            changed = next(part for part in answers.what_ifs if part.name == line.what_if)
            assert f"if {changed.title}, " in line.sentence.replace("If ", "if "), text
        assert line.title
        assert line.confidence in ("low", "moderate", "high")
        assert line.because.startswith(f"Confidence: {line.confidence}, because ")
        assert line.number is not None
        assert re.search(r"\d", line.sentence), text
        assert not LEADS_UNLIKELY.search(text)
        assert not re.search(r"\.\.|  | ,|%–>|\(\)", text), text


def test_lines_are_told_as_the_document_has_them(told):
    """A stream that differs from the document would be a second answer."""
    lines, answers = told
    assert lines == answers.bottom_lines
    assert [line.name for line in lines] == ["next", "if_cheap", "blame"]


def test_the_number_in_a_forecasts_line_is_that_of_the_forecast(told):
    line = told[1].bottom_lines[0]
    forecast = next(f for f in told[1].forecasts if f.node == line.node)
    value = next(v for v in forecast.values if v.value == line.value)
    assert line.number == value.probability == max(v.probability for v in forecast.values)
    assert f"{100 * value.probability:.0f}%" in line.sentence
    assert line.hinges_on == forecast.assumptions


def test_forecasts_are_told_before_changed_worlds_are_solved():
    """The first answer does not wait for the what-ifs."""
    study, order = solved(CANAL, draws=16), []
    prepare = study.prepare
    study.prepare = lambda worlds: order.append("worlds") or prepare(worlds)  # pyright: ignore
    study.answers(tell=lambda line: order.append(line.kind))
    assert order[:2] == ["forecast", "worlds"]


def test_a_case_without_questions_gets_the_forecast_of_its_last_node():
    """Under a question that is made of its title."""
    text = CANAL.read_text("utf-8")
    bare = re.sub(r"^questions:.*?(?=^\S)", "", text, flags=re.DOTALL | re.MULTILINE)
    assert "questions:" not in bare
    answers = Study.load(bare, draws=16).answers()
    [line] = answers.bottom_lines
    assert (line.name, line.kind) == ("", "forecast")
    assert line.title.startswith("What next: ")
    assert answers.answers == []


def test_a_question_without_an_answer_says_why_in_one_sentence():
    """And has neither number nor confidence."""
    asked = CaseQuestion("swap", "", "deal", (), deal="swap")
    line = unanswered_line(asked, "Would it hold?", "It has 62,208 packages. Drop some terms.")
    assert line.sentence == "No answer: It has 62,208 packages."
    assert (line.number, line.confidence, line.because) == (None, None, "")


def test_hinges_name_only_what_stands_out_and_refer_to_their_lines(told):
    """From the one ranking; the strongest first."""
    answers = solved(CANAL, draws=256).answers()
    assert answers.hinges
    for hinge in answers.hinges:
        for move in hinge.moves:
            named = answers.bottom_lines[move.line - 1].hinges_on
            assert (hinge.parameter, move.share) in [(n.parameter, n.share) for n in named]
    sums = [sum(move.share for move in hinge.moves) for hinge in answers.hinges]
    assert sums == sorted(sums, reverse=True)
    weak = {"judgement alone", "no source"}
    assert all((h.rests_on in weak) == (h.support == "weakly") for h in answers.hinges)


def test_a_why_hinges_on_assumptions_by_its_own_spread():
    """Not by that of the first forecast."""
    study = solved(CANAL, draws=256)
    explanation = study.why("blame")
    used = explanation.weights > 0
    total = (
        explanation.weights[used] @ explanation.total_by_draw[used]
    ) / explanation.weights.sum()
    assert total == pytest.approx(explanation.total.shared.mean, abs=1e-9)
