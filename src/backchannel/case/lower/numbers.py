"""Lower the numbers of a case: precisions, discounts, parameters, and their correlations."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.prior_text import (
    DEFAULT_PRECISION,
    is_never_negative,
    precision_from,
    prior_from,
)
from backchannel.case.schema.reasoning import (
    ComplexityEntry,
    LinearPrecisionEntry,
    base_precision,
)
from backchannel.diagram.reasoning import COVARIATES, Covariate
from backchannel.language.correlations import Correlation, correlation_matrix, is_possible
from backchannel.language.formulas import FormulaError, parse_for_fit
from backchannel.language.names import (
    ParameterName,
    PlayerName,
    complexity_of,
    did_you_mean,
    discount_of,
    precision_of,
)
from backchannel.language.priors import Fixed, Prior

LEAST_SHARE = 1e-6
"""Quantile that counts as the end of a discount's prior."""
OUTSIDE = "a discount must be above 0 and at most 1, but its prior reaches outside."
SMALLEST_WEIGHT = 1e-200
"""Smallest discount of the last round; below it, numbers would run out of digits."""


@dataclass
class CaseNumbers:
    """The priors of a case, and the correlations between them."""

    priors: dict[ParameterName, Prior] = field(default_factory=dict)
    correlations: list[Correlation] = field(default_factory=list)
    named: dict[ParameterName, tuple[ParameterName, KeyPath]] = field(default_factory=dict)
    """Believed numbers that refer to another number, with that number and the path."""
    broken: set[ParameterName] = field(default_factory=set)
    """Numbers whose prior is wrong; a fixed number stands in for each."""
    linear: dict[ParameterName, str] = field(default_factory=dict)
    """Numbers that a fit makes from covariates, with their formulas."""
    complexity: dict[PlayerName, dict[Covariate, ParameterName]] = field(default_factory=dict)
    """By player, the numbers by which the complexity of a choice changes its precision."""

    def break_off(self, name: ParameterName, stand_in: float) -> None:
        """Note that the prior of a number is wrong, so that the rest can be checked without it."""
        self.priors[name] = Fixed(stand_in)
        self.broken.add(name)


def lower_numbers(case: Case, report: CaseReport) -> CaseNumbers:
    """Make the priors of precisions, discounts and parameters."""
    numbers = CaseNumbers()
    for name, player in case.players.items():
        path: KeyPath = ("players", name, "precision")
        if isinstance(player.precision, LinearPrecisionEntry):
            path = (*path, "linear", "base")
            _lower_complexity(report, numbers, name, player.precision.linear)
        try:
            prior = precision_from(base_precision(player.precision))
            if not is_never_negative(prior):
                report.error(path, "a precision cannot be below 0, but its prior reaches below 0.")
            numbers.priors[precision_of(name)] = prior
        except ValueError as error:
            report.error(path, str(error))
            numbers.break_off(precision_of(name), 1.0)
        if player.has_default_precision:
            low, high = DEFAULT_PRECISION["between"]
            report.warn(
                ("players", name),
                f"it has no `precision`, so {low:g} to {high:g} per utility unit is assumed. To confirm this, "
                f"write precision: {{between: [{low:g}, {high:g}]}}.",
            )
        _lower_discount(case, report, numbers, name)
    for name, parameter in case.parameters.items():
        if parameter.linear is not None:
            numbers.linear[name] = parameter.linear
            try:
                parse_for_fit(parameter.linear)
            except FormulaError as error:
                for column, message in error.problems:
                    path = ("parameters", name, "linear")
                    report.error(path, f"in the formula, {message}", column=column)
        if parameter.prior is None:
            # The case cannot be run; this number is only used to check the rest of it.
            numbers.priors[name] = Fixed(0.5 if parameter.unit == "probability" else 0.0)
            continue
        try:
            is_share = parameter.unit == "probability"
            numbers.priors[name] = prior_from(parameter.prior, probability=is_share)
        except ValueError as error:
            report.error(("parameters", name, "prior"), str(error))
            numbers.break_off(name, 0.5)
    return numbers


def _lower_complexity(
    report: CaseReport, numbers: CaseNumbers, player: PlayerName, entry: ComplexityEntry
) -> None:
    """Make the priors of the powers by which complexity changes a precision."""
    powers = {}
    for covariate in COVARIATES:
        raw = getattr(entry, covariate)
        if raw is None:
            continue
        powers[covariate] = name = complexity_of(player, covariate)
        try:
            numbers.priors[name] = prior_from(raw)
        except ValueError as error:
            report.error(("players", player, "precision", "linear", covariate), str(error))
            numbers.break_off(name, 0.0)
    numbers.complexity[player] = powers


def _lower_discount(case: Case, report: CaseReport, numbers: CaseNumbers, player: str) -> None:
    raw = case.players[player].discount
    path = ("players", player, "discount")
    if raw is None:
        return
    if case.rounds is None:
        report.error(path, "a discount needs `rounds`, which the case does not have.")
    try:
        prior = prior_from(raw, probability=True)
    except ValueError as error:
        outside = "probability" in str(error)
        report.error(path, OUTSIDE if outside else str(error))
        numbers.break_off(discount_of(player), 1.0)
        return
    low, high = prior.at(LEAST_SHARE), prior.at(1 - LEAST_SHARE)
    if low <= 0 or high > 1:
        report.error(path, OUTSIDE)
    elif case.rounds is not None and low**case.rounds.n < SMALLEST_WEIGHT:
        report.error(
            path,
            f"its prior reaches down to {low:.2g}; after {case.rounds.n} rounds, worths would be too small "
            "to compute with. Narrow it, or use fewer rounds.",
        )
    numbers.priors[discount_of(player)] = prior


def lower_correlations(case: Case, report: CaseReport, numbers: CaseNumbers) -> None:
    """Read the rank correlations; a joint distribution with all of them must exist."""
    for i, entry in enumerate(case.correlations):
        path = ("correlations", i)
        for name in entry.between:
            if name not in numbers.priors:
                hint = did_you_mean(name, list(numbers.priors))
                report.error((*path, "between"), f"no parameter is called '{name}'.{hint}")
        if not -1 < entry.rank < 1:
            report.error(
                (*path, "rank"), "a rank correlation must lie between -1 and 1, ends excluded."
            )
        one, other = entry.between
        if not {one, other} <= numbers.priors.keys():
            continue
        numbers.correlations.append(Correlation(one, other, entry.rank))
    names = [name for name, prior in numbers.priors.items() if not prior.is_fixed]
    if not numbers.correlations or report.problems:
        return
    if not is_possible(correlation_matrix(names, numbers.correlations)):
        report.error(("correlations",), "no joint distribution has all of these correlations.")
