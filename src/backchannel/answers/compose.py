"""Compose the whole answers document: each question composes its own part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from backchannel.answers import background
from backchannel.answers.bottom_lines import kinds_ready, lines_of, reason_of
from backchannel.answers.bottom_lines_document import BottomLine
from backchannel.answers.certificate import compose_certificate
from backchannel.answers.document import (
    Answer,
    Answers,
    Run,
    UnansweredQuestion,
    answers_model,
)
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.goods import goods
from backchannel.answers.hinges import backings, compose_hinges
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.moved_sliders import moved_scenario, moved_sentence, moved_sliders
from backchannel.answers.outline import compose_head
from backchannel.answers.source_uses import source_uses
from backchannel.answers.vocabulary_compose import compose_vocabulary
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.composing import Composing
from backchannel.questions.question import Question
from backchannel.questions.registry import questions
from backchannel.questions.run import Findings
from backchannel.questions.unanswered import Unanswered, unanswered_in
from backchannel.questions.what_if.ask import those_answered
from backchannel.wording.interventions import if_clause
from backchannel.wording.words import Wording


class Composer:
    """Puts what questions find into words, one after another.

    Args:
        lowered: The case.
        ensemble: The case solved in every draw. Nothing is solved here.
        tell: Called with each bottom line as soon as it is known, in their order.
    """

    def __init__(
        self,
        lowered: Lowered,
        ensemble: Ensemble,
        tell: Callable[[BottomLine], None] | None = None,
    ) -> None:
        self.composing = Composing(Wording(lowered), ensemble)
        self.known = backings(lowered)
        self.fields: dict[str, Any] = {}
        """The fields of all parts together."""
        self.lines: list[BottomLine] = []
        self._tell = tell

    def add(self, question: Question, results: Mapping[str, Any]) -> None:
        """Compose the part of a question, and the bottom lines that are known with it.

        Args:
            question: The question that was asked last.
            results: All results so far, by question name.
        """
        if question.compose is not None:
            part = question.composed(self.composing, results[question.name])
            self.composing.parts[question.name] = part
            self.fields |= {name: getattr(part, name) for name in type(part).model_fields}
        unanswered = unanswered_in(results)
        for kind in kinds_ready(question.name):
            for line in lines_of(self.composing, kind, results[kind.name], self.known, unanswered):
                self.lines.append(line)
                if self._tell is not None:
                    self._tell(line)


def compose_answers(findings: Findings, composer: Composer) -> Answers:
    """Put everything that a run found into words.

    Args:
        findings: The results.
        composer: What composed the parts of all questions.
    """
    case, ensemble = findings.case, findings.ensemble
    lowered, composing = case.lowered, composer.composing
    wording = composing.wording
    unanswered = [compose_unanswered(wording, missing) for missing in findings.unanswered]
    sliders = moved_sliders(lowered, wording)
    under = moved_scenario(lowered)
    scenario = under.title if under else ""
    nodes = background.nodes(lowered, wording)
    interests = background.interests(lowered, findings.worths)
    drawn_goods = goods(lowered)
    return answers_model()(
        case=compose_head(lowered, name=case.name),
        run=Run(
            draws=ensemble.n_draws,
            draws_asked=case.draws,
            seed=case.seed,
            seconds=round(time.perf_counter() - case.began, 3),
            versions={package: _version(package) for package in ("backchannel", "jax", "numpy")},
            sliders=sliders,
            scenario=scenario,
            moved=moved_sentence(sliders, scenario),
        ),
        certificate=compose_certificate(findings),
        answers=[compose_answer(composing, asked, unanswered) for asked in lowered.questions],
        unanswered=unanswered,
        assumptions=background.assumptions(lowered, ensemble, wording),
        players=background.players(lowered, ensemble, wording),
        nodes=nodes,
        interests=interests,
        diagram_goods=[good.view for good in drawn_goods],
        rules=background.rules(ensemble),
        timeline=background.timeline(lowered, wording),
        sources=background.source_views(lowered),
        source_uses=source_uses(lowered, wording),
        warnings=case.warnings,
        draws=compose_draws(
            lowered,
            ensemble,
            those_answered(findings.by_question["what_if"]),
            findings.by_question["forecast"],
        ),
        vocabulary=compose_vocabulary(),
        layout=compose_layout(nodes, interests, drawn_goods),
        bottom_lines=composer.lines,
        hinges=compose_hinges(composer.lines, composer.known),
        **composer.fields,
    )


def compose_unanswered(wording: Wording, missing: Unanswered) -> UnansweredQuestion:
    """Name a question that could not be answered, with the reason."""
    return UnansweredQuestion(
        kind=missing.kind,
        name=missing.name,
        title=_title_of(wording, missing) or missing.name.replace("_", " "),
        reason=missing.reason,
    )


def _title_of(wording: Wording, missing: Unanswered) -> str | None:
    lowered, name = wording.lowered, missing.name
    match missing.kind:
        case "deal":
            return lowered.deals[name].title
        case "claim":
            return next(claim.says for claim in lowered.claims if claim.name == name)
        case "scenario":
            return lowered.scenarios[name].title
        case "what_if" if name:
            changed = name.removesuffix(":before")
            return if_clause(wording, changed, lowered.interventions[changed])
        case "why" if name:
            return next(asked.asks for asked in lowered.questions if asked.name == name)
    # A question of the registry that has no answer at all.
    return next(question.title for question in questions() if question.name == missing.kind)


def compose_answer(
    composing: Composing, asked: CaseQuestion, unanswered: Sequence[UnansweredQuestion] = ()
) -> Answer:
    """Answer one of the case's own questions in sentences, or say why it has no answer."""
    missing = reason_of(asked, unanswered)
    what_ifs: list[str] = []
    if missing:
        sentences = [f"This question could not be answered. {missing}"]
    else:
        question = next(question for question in questions() if question.kind == asked.kind)
        assert question.answer is not None
        sentences, what_ifs = question.part(question.answer)(composing, asked)
    return Answer(
        name=asked.name,
        asks=asked.asks or asked.name.replace("_", " "),
        kind=asked.kind,
        sentences=sentences,
        outcomes=[node for node, _ in asked.outcomes],
        what_ifs=what_ifs,
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
