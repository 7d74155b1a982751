"""What `Study.update` and `Study.diff` do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.edit.extend import extended
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.plain_values import plain
from backchannel.questions.update.compare import Update, compare_states
from backchannel.questions.update.compose import compose_update
from backchannel.wording.result import with_words


def update(
    case: Any,
    *entries: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> Update:
    """Add entries to the record of the case, and compare with the case before."""
    entries = tuple(plain(entries))
    later = type(case).load(
        extended(case.lowered, entries, sources or {}), draws=case.draws, seed=case.seed
    )
    later.name = case.name
    return diff(later, case, news=entries)


def diff(
    case: SolvedCase, earlier: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()
) -> Update:
    """Compare an earlier state of the case with this one."""
    return with_words(compare_states(earlier, case, news=news), compose_update)
