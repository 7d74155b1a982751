"""What `Study.update` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.edit.extend import extended
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.update.compare import Update, compare_states
from backchannel.questions.update.compose import compose_update
from backchannel.wording.result import with_words


def update(
    case: SolvedCase,
    *entries: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> Update:
    """The case with more entries in its record, and what moved."""
    later = type(case).load(
        extended(case.case, entries, sources or {}), draws=case.draws, seed=case.seed
    )
    later.name = case.name
    return diff(later, case, news=[dict(entry) for entry in entries])


def diff(
    case: SolvedCase, earlier: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()
) -> Update:
    """What moved between an earlier state of the case and this one."""
    return with_words(compare_states(earlier, case, news=news), compose_update)
