"""Beliefs that an intervention corrects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import ACTUAL, TRUE_CASE
from backchannel.case.schema.case import Case
from backchannel.case.schema.interventions import InterventionEntry
from backchannel.diagram.beliefs import Correction, Viewpoint
from backchannel.language.names import PlayerName, did_you_mean


def read_corrections(
    case: Case, report: CaseReport, path: KeyPath, entry: InterventionEntry
) -> tuple[tuple[PlayerName, ...], dict[Viewpoint, Correction]]:
    """Whose beliefs are corrected wholly, and what others are said to believe from then on."""
    corrected: list[PlayerName] = []
    about: dict[Viewpoint, Correction] = {}
    for player, what in entry.beliefs.items():
        here = (*path, "beliefs", player)
        if player not in case.beliefs:
            hint = did_you_mean(player, list(case.beliefs))
            report.error(here, f"'{player}' has no wrong belief that could be corrected.{hint}")
        if isinstance(what, dict):
            _corrected_about(case, report, here, (player,), what, about)
        elif what == TRUE_CASE:
            corrected.append(player)
        else:
            report.error(here, f"'{what}' is not known here. Write `{TRUE_CASE}`.")
    return tuple(corrected), about


def _corrected_about(
    case: Case,
    report: CaseReport,
    path: KeyPath,
    view: Viewpoint,
    what: Mapping[Any, Any],
    about: dict[Viewpoint, Correction],
) -> None:
    for player, inner in what.items():
        here = (*path, player)
        if player not in case.players:
            hint = did_you_mean(str(player), list(case.players))
            report.error(here, f"no player is called '{player}'.{hint}")
        elif player == view[-1]:
            report.error(
                here,
                f"this corrects what {player} believes about itself. Write what stands here one level up.",
            )
        elif isinstance(inner, dict) and inner:
            _corrected_about(case, report, here, (*view, player), inner, about)
        elif inner in (TRUE_CASE, ACTUAL):
            about[(*view, player)] = inner
        else:
            report.error(here, f"'{inner}' is not known here. Write `{TRUE_CASE}` or `{ACTUAL}`.")
