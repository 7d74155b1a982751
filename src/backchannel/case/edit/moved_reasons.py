"""The reasons of a prior that a slider has moved: whose number it is now, and what it was before.

The earlier reasons were given for another number, so they are not given for this one; they are repeated in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from backchannel.case.edit.yaml_value import flow
from backchannel.case.lower.belief_entries import belief_behind
from backchannel.case.lower.origin import DEFAULT, origin_of
from backchannel.case.lowered import Lowered
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.reasoning import LinearPrecisionEntry
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.diagram.reasoning import COVARIATES
from backchannel.language.names import ParameterName

MOVED = "set with a slider of the workbench"
_NAMES = {"base": "precision", "hierarchy": "mean level"} | {
    covariate: f"precision by {covariate}" for covariate in COVARIATES
}
"""What a number is called, where its key alone would not say it."""

Given: TypeAlias = list[dict[str, str]]
"""Reasons as in the file."""


def reasons_of_moved(
    lowered: Lowered,
    name: ParameterName,
    path: KeyPath,
    rewritten: Mapping[KeyPath, Given],
    own: str,
) -> dict[KeyPath, Given]:
    """Where the file gives reasons for a number, and what stands there once a slider has moved it.

    Args:
        lowered: The case.
        name: The number.
        path: Where its prior stands.
        rewritten: What other moved numbers have changed already.
        own: The analyst's own reason for the new number; may be empty.

    Returns:
        Nothing where neither the file nor the analyst gives reasons.
    """
    _, _, prior, reasons = origin_of(lowered, name)
    reasons = [reason for reason in reasons if reason != DEFAULT]
    if not reasons and not own:
        return {}
    place: KeyPath = (*_with_reasons(path), "why")
    of = "" if path[0] == "parameters" else f"{_NAMES.get(str(path[-1]), path[-1])} "
    if _stands_alone(lowered, name):
        told = f" ({'; '.join(map(_in_words, reasons))})"
        return {
            place: [{"judgement": _judgement(of, prior, reasons, told if reasons else "", own)}]
        }
    # One `why` stands for all numbers of a player or of a belief: the others keep their reasons.
    now = rewritten.get(place) or [one.model_dump(exclude_defaults=True) for one in reasons]
    others = [reason for reason in now if not _is_of_moved(reason.get("judgement", ""), of)]
    return {place: [*others, {"judgement": _judgement(of, prior, reasons, "", own)}]}


def _with_reasons(path: KeyPath) -> KeyPath:
    """The entry that gives the reasons for a number: its own, that of its player, or that of the belief."""
    if path[0] == "players":
        return path[:2]
    if path[0] == "beliefs":
        return path[:-3] if path[-3] == "reasoning" else path[:-2]
    return path[:-1]


def _stands_alone(lowered: Lowered, name: ParameterName) -> bool:
    """Say whether the reasons are about this number alone, not about others of a player or belief."""
    case = lowered.case
    if name in case.parameters:
        return True
    owner, _, _ = name.partition(".")
    if (behind := belief_behind(case, name)) is not None:
        _, belief, _ = behind
        return len(belief.parameters) == 1 and not (belief.nodes or belief.unaware or belief.about)
    player = case.players.get(owner)
    return (
        player is not None
        and player.discount is None
        and isinstance(player.reasoning, str)
        and not isinstance(player.precision, LinearPrecisionEntry)
    )


def _is_of_moved(judgement: str, of: str) -> bool:
    """Whether a judgement is about a number that a slider has moved before."""
    return judgement.startswith(of) and MOVED in judgement


def _judgement(of: str, prior: Any, reasons: Sequence[ReasonEntry], told: str, own: str) -> str:
    lead = f"{of}{own.rstrip('. ')}; " if own else of
    for reason in reasons:
        if _is_of_moved(reason.judgement, of):
            # Moved again: it tells of the number before the first time.
            return lead + reason.judgement[reason.judgement.index(MOVED) :]
    before = prior if isinstance(prior, str) else flow(prior)
    return f"{lead}{MOVED}; before, it was {before}{told}"


def _in_words(reason: ReasonEntry) -> str:
    said = [f"{reason.source}, {reason.at}" if reason.at else reason.source, reason.says]
    return reason.judgement or ": ".join(part for part in said if part)
