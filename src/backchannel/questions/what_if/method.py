"""What `Study.what_if` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, RecordView
from backchannel.questions.composing import composing
from backchannel.questions.what_if.ask import what_if as compare
from backchannel.questions.what_if.compose import compose_what_if
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.result import with_words


def what_if(
    case: SolvedCase,
    intervention: str | Mapping[str, Any] | None = None,
    /,
    *,
    outcome: NodeName,
    view: RecordView = "record",
    **changes: Any,
) -> Comparison:
    """Compare an outcome with and without an intervention."""
    case.check_node(outcome)
    made = case.intervention(intervention, **changes)
    name = intervention if isinstance(intervention, str) else ""
    if view not in get_args(RecordView):
        raise CommandError("`view` is 'record' (given the whole record) or 'before' (the change).")
    comparison = compare(case.ensemble, made, outcome, view=view)
    return with_words(comparison, lambda it: compose_what_if(composing(case), name, [it]))
