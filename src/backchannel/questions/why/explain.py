"""Explain: answer `why` for a solved case, by hand or as part of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.questions.statistics.shapley import shapley_design
from backchannel.questions.why.ask import WORLDS, Explanation, why
from backchannel.questions.why.asked import Asked, asked_by_hand, asked_of_case
from backchannel.questions.why.decomposition import Decomposition, decompose

RUN_DRAWS = 256
"""Draws that a run looks at for each `why`; the command looks at all."""
RUN_WORLDS = 32
"""Worlds in each of them."""


@dataclass(frozen=True)
class Explained:
    """An explanation, what was asked, and the causes that were taken apart."""

    asked: Asked
    explanation: Explanation
    decompositions: Sequence[Decomposition]


def ask(case: SolvedCase, found: Mapping[str, Any]) -> list[Explained]:
    """What a run asks: all `why` questions of the case, on fewer draws and worlds than the command takes."""
    del found
    return [
        explain(case, read(case, question.name), worlds=RUN_WORLDS, draws=RUN_DRAWS)
        for question in case.lowered.questions
        if question.kind == "why"
    ]


def read(
    case: SolvedCase,
    question: str | Mapping[NodeName, Value] = "",
    causes: Sequence[str] | Mapping[str, Any] = (),
) -> Asked:
    """Read a question without answering it, so that one without an answer is refused before it is solved.

    Args:
        case: The case.
        question: The name of a `why` question of the case (its first, if left out), or what happened.
        causes: With an outcome: names of causes of the case, or by any names mappings in the form of
            the file.

    Raises:
        CommandError: The question has no answer; everything that keeps it from one is told.
    """
    if isinstance(question, Mapping):
        return asked_by_hand(case.lowered, question, causes, case.intervention)
    if causes:
        raise CommandError("A question of the case names its own causes; leave them out.")
    return asked_of_case(case.lowered, question)


def explain(
    case: SolvedCase,
    asked: Asked,
    *,
    decomposed: Sequence[str] | None = None,
    worlds: int = WORLDS,
    draws: int | None = None,
) -> Explained:
    """Explain an outcome, and take causes apart.

    Args:
        case: The case.
        asked: The question.
        decomposed: Causes to take apart; the one with the largest share, if left out.
        worlds: Worlds drawn from what the record leaves open, in each draw.
        draws: Use only the first so many draws.

    Raises:
        CommandError: A cause to take apart is not asked about.
    """
    check_causes(asked, decomposed or ())
    explanation = explanation_of(case, asked, worlds=worlds, draws=draws)
    if decomposed is None:
        decomposed = [max(explanation.causes, key=lambda finding: finding.share.mean).name]
    parts = [decomposition_of(case, asked, c, worlds=worlds, draws=draws) for c in decomposed]
    return Explained(asked, explanation, parts)


def explanation_of(
    case: SolvedCase, asked: Asked, *, worlds: int = WORLDS, draws: int | None = None
) -> Explanation:
    """Would it have happened otherwise, and what share has each cause?"""
    ensemble = case.ensemble
    n_draws = min(draws or ensemble.n_draws, ensemble.n_draws)
    sets = len(shapley_design(list(asked.causes)).sets)
    case.progress.stage("why", sets * (1 + len(ensemble.beliefs)) * n_draws)
    return why(
        ensemble,
        asked.outcome,
        asked.causes,
        n_worlds=worlds,
        n_draws=draws,
        seed=case.seed,
        progress=case.progress.advance,
    )


def decomposition_of(
    case: SolvedCase, asked: Asked, cause: str, *, worlds: int = WORLDS, draws: int | None = None
) -> Decomposition:
    """Take one cause apart: through whom it came to matter to the outcome."""
    return decompose(
        case.ensemble,
        asked.outcome,
        cause,
        asked.causes[cause],
        n_worlds=worlds,
        n_draws=draws,
        seed=case.seed,
    )


def check_causes(asked: Asked, causes: Sequence[str]) -> None:
    """See to it that causes are among those that are asked about.

    Raises:
        CommandError: Some are not; each is told.
    """
    wrong = [
        f"'{cause}' is not among the causes asked about.{did_you_mean(cause, list(asked.causes))} "
        f"There are: {', '.join(asked.causes)}."
        for cause in causes
        if cause not in asked.causes
    ]
    if wrong:
        raise CommandError("\n".join(wrong))
