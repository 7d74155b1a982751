"""What `Study.merge` does."""

from __future__ import annotations

from backchannel.case.versions import compare_versions
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.questions.merge.ask import MERGE_DRAWS, Merge, switch_effects
from backchannel.questions.merge.compose import compose_merge
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording


def merge(
    case: SolvedCase,
    other: SolvedCase,
    *,
    base: SolvedCase | None = None,
    outcome: NodeName | None = None,
) -> Merge:
    """Compare this version of a case with another analyst's."""
    versions = compare_versions(case.case, other.case, base.case if base else None)
    node = outcome or case.lowered.first_question
    case.check_node(node)
    effects, why_not = None, ""
    domains = [one.lowered.diagram.domains.get(node) for one in (case, other)]
    if domains[0] != domains[1]:
        why_not = (
            f"{node} is not in both versions with the same values, so its answers cannot be compared. Choose "
            "another outcome (--outcome)."
        )
    else:
        effects = switch_effects(
            versions,
            case.lowered,
            other.lowered,
            node,
            draws=min(case.draws, MERGE_DRAWS),
            seed=case.seed,
            progress=case.progress,
        )
    names = (case.name, other.name) if case.name != other.name else ("first", "second")
    merged = Merge(versions, names, base is not None, effects, why_not)
    return with_words(merged, lambda it: compose_merge(Wording(case.lowered), it))
