"""Every sentence that the program writes keeps the rules of grammar that a program can check.

Texts are collected from the documents of all questions of the registry, so a new question is covered as it is.
"""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from backchannel.answers.terminal import show
from backchannel.case.catalog import catalog
from backchannel.case.starter import starter
from backchannel.diagram.nodes import actual_values
from backchannel.language.errors import CommandError
from backchannel.questions.registry import questions
from backchannel.study import Study
from tests.grammar import faults, faults_on_page, faults_printed, texts_of
from tests.random_cases import random_case

AS_PHRASES = {
    "Answers.warnings": "begins with a place in the file, and names its keys as they stand there",
}
"""Fields whose texts are held to the rules of phrases alone, each with the reason; no field is left out."""
WIDE = 5000
"""Characters to a line of the terminal: each sentence stands on one."""
RANDOM = range(6)
DRAWS = 48
FEWEST = 2


def _first_node(study: Study) -> str:
    return study.lowered.diagram.order[-1]


def _what_if(study: Study):
    decision = study.lowered.diagram.decisions[-1]
    return study.what_if(do={decision.name: decision.domain[0]}, outcome=_first_node(study))


def _inverse(study: Study):
    node = _first_node(study)
    return study.inverse(node, study.lowered.diagram.domains[node][0])


def _update(study: Study):
    entry = next(entry for entry in study.case.record)
    return study.update({"node": entry.node, "value": entry.value, "date": study.case.as_of,
                         "source": entry.source, "reliability": 0.7})  # fmt: skip


def _review(study: Study):
    """What happened in the end: the first value of what is last in time and not on record."""
    seen = {entry.node for entry in study.case.record}
    ahead = [n for n in study.lowered.diagram.decisions if n.name not in seen]
    return study.review({ahead[-1].name: actual_values(ahead[-1])[0]})


CALLS = {
    "forecast": lambda study: study.forecast(_first_node(study)),
    "what_if": _what_if,
    "inverse": _inverse,
    "branch": lambda study: study.branch(),
    "equilibria": lambda study: study.equilibria(all=True, draws=4),
    "surprise": lambda study: study.surprise(),
    "sensitivity": lambda study: study.sensitivity(),
    "watch": lambda study: study.watch(),
    "claims": lambda study: study.claims(),
    "deals": lambda study: study.deals(),
    "rounds": lambda study: study.rounds(),
    "why": lambda study: study.why("blame"),
    "rivals": lambda study: study.rivals(most=3),
    "review": _review,
    "reasoning": lambda study: study.reasoning(),
    "update": _update,
    "scenarios": lambda study: study.scenarios(),
    "merge": lambda study: study.merge(Study.load(random_case(0), draws=DRAWS, seed=1)),
    "diff": lambda study: study.diff(Study.load(random_case(0), draws=DRAWS, seed=1)),
}
"""How each method of `Study` is called on a random case."""
NEED_ROUNDS = {"rounds"}


def test_every_method_of_every_question_is_called():
    """A method that a new question brings is asked for its sentences too."""
    methods = {name for question in questions() for name in question.methods}
    assert methods == set(CALLS)


QUICK = ("selten-1975-horse", "starter")
"""Cases whose whole run is written within seconds; the others are left to the slow tests."""


def run_of(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of a case: the largest one is left to the long run; the flagship speaks for it."""
    if name == "belarus-2025-rounds":
        return (pytest.mark.long,)
    return () if name in QUICK else (pytest.mark.slow,)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=run_of(name)) for name in (*catalog(), "starter")],
)
def test_what_a_run_says_of_a_case_is_written_well(name, tmp_path):
    """Every text of the document, what the terminal prints, and the page without scripts."""
    study = Study.load(starter() if name == "starter" else name, draws=DRAWS)
    _check_run(study, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", RANDOM)
def test_what_a_run_says_of_a_random_case_is_written_well(seed, tmp_path):
    """Labels or none, months or days, one cause or several, n/a, and as few as two draws."""
    study = Study.load(random_case(seed), draws=FEWEST if seed == 0 else DRAWS)
    _check_run(study, tmp_path)
    for name, call in CALLS.items():
        if name in NEED_ROUNDS:
            continue
        try:
            answer = call(study)
        except CommandError as error:
            # What cannot be said of some random cases is said in a sentence too.
            assert not faults(str(error), is_sentence=False)
            continue
        _check_document(answer.document())


def _check_run(study: Study, tmp_path) -> None:
    answers = study.answers()
    _check_document(answers)
    for text in [study.brief().to_frame()["text"], [study.brief().caption]]:
        wrong = [(found, t) for t in text if (found := faults(t, is_sentence=True))]
        assert not wrong, wrong
    out = Console(file=io.StringIO(), width=WIDE, color_system=None)
    show(answers, out)
    printed = out.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    page = study.report(tmp_path / "report.html").read_text()
    wrong = faults_printed(printed) + faults_on_page(page, phrases=answers.warnings)
    assert not wrong, "\n".join(wrong)


def _check_document(document: object) -> None:
    wrong = [
        f"{where}: {', '.join(found)}: {text}"
        for where, text, is_sentence in texts_of(document, as_phrases=AS_PHRASES)
        if (found := faults(text, is_sentence=is_sentence))
    ]
    assert not wrong, "\n" + "\n".join(wrong)
