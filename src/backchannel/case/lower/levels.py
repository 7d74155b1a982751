"""Read the numbers of a way of reasoning: a level, the highest level, the shares of a mixture, a mean level."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.prior_text import prior_from
from backchannel.case.schema.reasoning import AT_EQUILIBRIUM, ReasoningEntry
from backchannel.language.levels import EQUILIBRIUM, MOST_LEVELS, USUAL_MOST, type_name
from backchannel.language.names import did_you_mean
from backchannel.language.numbers_as_text import explain_number
from backchannel.language.priors import Fixed, Prior
from backchannel.language.shapes import not_this

NEAR_ONE = 1e-6
"""How far from 1 the shares of a mixture may sum."""
_LEVEL = re.compile(r"level\s+(\S+)")


def whole_level(raw: Any) -> int | None:
    """A level as a whole number of at least 0; None if it is none."""
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not is_number or not math.isfinite(raw) or raw != round(raw) or raw < 0:
        return None
    return round(raw)


def read_highest(report: CaseReport, path: KeyPath, entry: ReasoningEntry) -> int:
    """Read the highest level that somebody may think; the usual one after a reported problem."""
    if entry.max_level is None:
        return USUAL_MOST
    most = whole_level(entry.max_level)
    if most is None or not 1 <= most <= MOST_LEVELS:
        report.error(
            (*path, "max_level"),
            f"should be a whole number from 1 to {MOST_LEVELS}{not_this(entry.max_level)}",
        )
        return USUAL_MOST
    return most


def read_level(report: CaseReport, path: KeyPath, raw: Any, most: int) -> int | None:
    """Read a level; one above the highest is reported, and what is no level is reported and None."""
    level = whole_level(raw)
    if level is None:
        report.error(path, f"should be a whole number of at least 0, such as 1{not_this(raw)}")
    elif level > most:
        remedy = (
            f"Write `max_level: {level}` beside it."
            if level <= MOST_LEVELS
            else f"No level can be above {MOST_LEVELS}."
        )
        report.error(path, f"level {level} is above the highest level, {most}. {remedy}")
    return level


def read_mixture(
    report: CaseReport, path: KeyPath, raw: Mapping[Any, Any], most: int
) -> dict[float, float]:
    """Read by type its share, in rising order; types of share 0 are left out."""
    shares: dict[float, float] = {}
    before = len(report.problems)
    for key, share in raw.items():
        here = (*path, key)
        kind = _type(report, here, key, most)
        if kind is None:
            continue
        if (
            not isinstance(share, int | float)
            or isinstance(share, bool)
            or not math.isfinite(share)
        ):
            hint = explain_number(share) if isinstance(share, str) else ""
            report.error(
                here,
                f"the share of a type should be a number, such as 0.5{not_this(share)}{hint}",
            )
        elif share < 0:
            report.error(here, f"the share of a type cannot be below 0, but is {share:g}.")
        elif kind in shares:
            report.error(here, f"{type_name(kind)} is listed twice.")
        else:
            shares[kind] = float(share)
    total = sum(shares.values())
    if len(report.problems) == before and abs(total - 1) > NEAR_ONE:
        report.error(path, f"the shares must sum to 1, but sum to {total:.6g}.")
        return {}
    return {kind: share / total for kind, share in sorted(shares.items()) if share > 0}


def _type(report: CaseReport, path: KeyPath, key: Any, most: int) -> float | None:
    text = " ".join(str(key).split())
    if text == AT_EQUILIBRIUM:
        return EQUILIBRIUM
    match = _LEVEL.fullmatch(text)
    if match is None:
        known = [AT_EQUILIBRIUM, *(f"level {k}" for k in range(most + 1))]
        hint = f" Write level {text}." if text.isdecimal() else did_you_mean(text, known)
        report.error(
            path,
            f"'{text}' is no type.{hint} Types are equilibrium, level 0, level 1 and so on.",
        )
        return None
    try:
        number = float(match[1])
    except ValueError:
        number = math.nan
    return read_level(report, path, number if math.isfinite(number) else match[1], most)


def read_mean(report: CaseReport, path: KeyPath, raw: Any) -> Prior:
    """Read the prior of a mean level; 1 after reporting that it is none."""
    try:
        mean = prior_from(raw)
    except ValueError as error:
        report.error(path, str(error))
        return Fixed(1.0)
    if mean.at(1e-6) <= 0:
        report.error(path, "a mean level must be above 0, but its prior reaches 0 or below.")
    return mean
