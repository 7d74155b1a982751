"""Explain: answer `why` for a solved case, by hand or as part of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backchannel.ensemble.pooling import carried_nodes, change_begins, pooled_before
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.questions.statistics.shapley import shapley_design
from backchannel.questions.unanswered import Unanswered, answer_each
from backchannel.questions.why.ask import explain_outcome
from backchannel.questions.why.decomposition import Decomposition, decompose
from backchannel.questions.why.results import Explanation
from backchannel.questions.why.why_question import (
    RUN_DRAWS,
    RUN_WORLDS,
    WORLDS,
    WhyQuestion,
    question_by_hand,
    question_of_case,
)


@dataclass(frozen=True)
class WhyAnswer:
    """A question of why with its explanation and the decompositions of some causes."""

    question: WhyQuestion
    explanation: Explanation
    decompositions: Sequence[Decomposition]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> list[WhyAnswer | Unanswered]:
    """Answer all `why` questions of the case, with fewer draws and worlds than the command."""
    del earlier
    names = [question.name for question in case.lowered.questions if question.kind == "why"]
    return answer_each(
        "why",
        ((name, name) for name in names),
        lambda name: explain(case, read_question(case, name), worlds=RUN_WORLDS, draws=RUN_DRAWS),
    )


def read_question(
    case: SolvedCase,
    question: str | Mapping[NodeName, Value] = "",
    causes: Sequence[str] | Mapping[str, Any] = (),
) -> WhyQuestion:
    """Read a question without answering it, so that a wrong one is refused before anything is solved.

    Args:
        case: The case.
        question: The name of a `why` question of the case (its first, if left out), or what happened.
        causes: With an outcome: names of causes of the case; or new names, each with a mapping in the
            form of the file.

    Raises:
        CommandError: The question has no answer; every reason is listed.
    """
    if isinstance(question, Mapping):
        return question_by_hand(case.lowered, question, causes, case.intervention)
    if causes:
        raise CommandError("A question of the case names its own causes. Leave out the causes.")
    return question_of_case(case.lowered, question)


def explain(case: SolvedCase, question: WhyQuestion, *, worlds: int, draws: int) -> WhyAnswer:
    """Explain an outcome, and decompose the effect of the cause with the largest share."""
    explanation = explanation_of(case, question, worlds=worlds, draws=draws)
    return decomposed_answer(case, question, explanation, worlds=worlds, draws=draws)


def explanation_of(
    case: SolvedCase, question: WhyQuestion, *, worlds: int = WORLDS, draws: int | None = None
) -> Explanation:
    """Find each cause's necessity, sufficiency and share."""
    causes = list(question.causes.values())
    ensemble = pooled_before(case.ensemble, causes)
    n_draws = min(draws or ensemble.n_draws, ensemble.n_draws)
    sets = len(shapley_design(list(question.causes)).sets)
    case.progress.stage("why", sets * (1 + len(ensemble.beliefs)) * n_draws)
    explanation = explain_outcome(
        ensemble,
        question.outcome,
        question.causes,
        n_worlds=worlds,
        n_draws=draws,
        seed=case.seed,
        progress=case.progress.advance,
    )
    since = change_begins(ensemble.diagram, causes)
    return replace(explanation, carried=carried_nodes(case.ensemble, before=since))


def decomposed_answer(
    case: SolvedCase,
    question: WhyQuestion,
    explanation: Explanation,
    decomposed: Sequence[str] | None = None,
    *,
    worlds: int,
    draws: int | None,
) -> WhyAnswer:
    """Add to an explanation the decomposed effects of some causes.

    Args:
        case: The case.
        question: The question.
        explanation: Its answer.
        decomposed: Causes to decompose; if left out, the one with the largest share.
        worlds: Worlds drawn from what the record leaves open, in each draw.
        draws: How many draws to use, the first ones; all, if left out.
    """
    if decomposed is None:
        decomposed = [max(explanation.causes, key=lambda finding: finding.share.mean).name]
    parts = [decomposition_of(case, question, c, worlds=worlds, draws=draws) for c in decomposed]
    return WhyAnswer(question, explanation, parts)


def decomposition_of(
    case: SolvedCase,
    question: WhyQuestion,
    cause: str,
    *,
    worlds: int = WORLDS,
    draws: int | None = None,
) -> Decomposition:
    """Decompose one cause's effect: through whose responses it reached the outcome."""
    return decompose(
        pooled_before(case.ensemble, [question.causes[cause]]),
        question.outcome,
        cause,
        question.causes[cause],
        n_worlds=worlds,
        n_draws=draws,
        seed=case.seed,
    )


def check_causes(question: WhyQuestion, causes: Sequence[str]) -> None:
    """Check that causes are among those asked about.

    Raises:
        CommandError: Some are not; each is listed.
    """
    problems = [
        f"'{cause}' is not among the causes asked about.{did_you_mean(cause, list(question.causes))} "
        f"There are: {', '.join(question.causes)}."
        for cause in causes
        if cause not in question.causes
    ]
    if problems:
        raise CommandError("\n".join(problems))
