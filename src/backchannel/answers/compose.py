"""Compose the whole answers document: each question composes its own part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from backchannel.answers import background
from backchannel.answers.certificate import compose_certificate
from backchannel.answers.document import (
    Answer,
    Answers,
    CaseHead,
    Run,
    UnansweredQuestion,
    answers_model,
)
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.moved_sliders import moved_sentence, moved_sliders
from backchannel.answers.vocabulary_compose import compose_vocabulary
from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing
from backchannel.questions.registry import questions
from backchannel.questions.run import Findings
from backchannel.questions.unanswered import Unanswered
from backchannel.questions.what_if.ask import those_answered
from backchannel.wording.words import Wording


def compose_answers(findings: Findings) -> Answers:
    """Put everything that a run found into words."""
    case, ensemble = findings.case, findings.case.ensemble
    lowered = case.lowered
    composing = Composing(Wording(lowered), ensemble)
    parts = compose_parts(composing, findings)
    wording = composing.wording
    unanswered = [compose_unanswered(wording, missing) for missing in findings.unanswered]
    sliders = moved_sliders(lowered, wording)
    nodes = background.nodes(lowered, wording)
    interests = background.interests(lowered, findings.worths)
    return answers_model()(
        case=CaseHead(
            name=case.name,
            title=case.case.case,
            question=case.case.question,
            about=case.case.about,
            utility_unit=case.case.utility_unit,
            as_of=case.case.as_of,
        ),
        run=Run(
            draws=ensemble.n_draws,
            draws_asked=case.draws,
            seed=case.seed,
            seconds=round(time.perf_counter() - case.began, 3),
            versions={package: _version(package) for package in ("backchannel", "jax", "numpy")},
            sliders=sliders,
            moved=moved_sentence(sliders),
        ),
        certificate=compose_certificate(findings),
        answers=[compose_answer(composing, asked, unanswered) for asked in lowered.questions],
        unanswered=unanswered,
        assumptions=background.assumptions(lowered, ensemble, wording),
        players=background.players(lowered, ensemble, wording),
        nodes=nodes,
        interests=interests,
        rules=background.rules(ensemble),
        timeline=background.timeline(lowered, wording),
        sources=background.source_views(lowered),
        warnings=case.warnings,
        draws=compose_draws(
            lowered,
            ensemble,
            those_answered(findings.by_question["what_if"]),
            findings.by_question["forecast"],
        ),
        vocabulary=compose_vocabulary(),
        layout=compose_layout(nodes, interests),
        **parts,
    )


def compose_parts(composing: Composing, findings: Findings) -> dict[str, Any]:
    """Let every question compose its part; return the fields of all parts together."""
    fields: dict[str, Any] = {}
    for question in questions():
        if question.name not in findings.by_question or question.compose is None:
            continue
        part = question.composed(composing, findings.by_question[question.name])
        composing.parts[question.name] = part
        fields |= {name: getattr(part, name) for name in type(part).model_fields}
    return fields


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
        case "what_if" if name:
            changed = name.removesuffix(":before")
            return wording.intervention(changed, lowered.interventions[changed])
        case "why" if name:
            return next(asked.asks for asked in lowered.questions if asked.name == name)
    # A question of the registry that has no answer at all.
    return next(question.title for question in questions() if question.name == missing.kind)


def _reason_of(asked: CaseQuestion, unanswered: Sequence[UnansweredQuestion]) -> str | None:
    """Why a question of the case has no answer; `None` where it has one."""
    about = {"deal": asked.deal, "what_if": asked.what_if}.get(asked.kind, asked.name)
    kinds = {asked.kind, "deals"} if asked.kind == "deal" else {asked.kind}
    return next((m.reason for m in unanswered if m.kind in kinds and m.name in (about, "")), None)


def compose_answer(
    composing: Composing, asked: CaseQuestion, unanswered: Sequence[UnansweredQuestion] = ()
) -> Answer:
    """Answer one of the case's own questions in sentences, or say why it has no answer."""
    missing = _reason_of(asked, unanswered)
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
