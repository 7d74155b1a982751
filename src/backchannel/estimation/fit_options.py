"""How a case is fitted: the options, checked against the case, and which numbers are fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import walk_beliefs
from backchannel.estimation.coefficient_names import coefficient_hint
from backchannel.estimation.given_numbers import read_numbers
from backchannel.estimation.spreads import RidgeChoice, read_ridge
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName
from backchannel.language.number_ranges import START_COUNT


@dataclass(frozen=True)
class FitOptions:
    """How a case is fitted."""

    fixed: Mapping[ParameterName, float] = field(default_factory=dict)
    """Numbers and coefficients that are fixed, with their values."""
    only: tuple[ParameterName, ...] = ()
    """The only numbers that are estimated; the others stay at their medians. All, if empty."""
    same: tuple[tuple[ParameterName, ...], ...] = ()
    """Numbers that are kept equal."""
    weights: str | None = None
    clusters: str | None = None
    use_priors: bool = False
    """Seek the mode of the posterior, given the priors of shared numbers."""
    ridge: RidgeChoice | None = None
    """Draw the coefficients of covariates towards 0: the strength, or how it is chosen."""
    starts: int = 4
    summed: tuple[ParameterName, ...] = ()
    """Types of players that are summed out, row by row; `prepare_options` fills it in."""


def prepare_options(lowered: Lowered, options: FitOptions) -> FitOptions:
    """Check the options of a fit against its case, and fix what is not to be estimated.

    Raises:
        CommandError: A name is unknown, a number is out of range, or fitting does not support the case.
    """
    check_fittable(lowered)
    options = _narrowed(lowered, _checked_options(lowered, options))
    # Types are summed out; nobody seeks them.
    types = {name: lowered.priors[name].at(0.5) for name in _open_types(lowered, options.fixed)}
    return replace(options, fixed={**types, **options.fixed}, summed=(*options.summed, *types))


def _open_types(lowered: Lowered, fixed: Mapping[str, float]) -> list[ParameterName]:
    """The numbers that are a player's type, and that are not known."""
    names = [own.level for own in lowered.diagram.thinking.of_player.values()]
    return [name for name in names if name not in fixed and not lowered.priors[name].is_fixed]


def check_fittable(lowered: Lowered) -> None:
    """Check that fitting supports a case.

    Raises:
        CommandError: Discounts are uncertain.
    """
    scales = {n for d in lowered.diagram.decisions if d.scale for n in d.scale.names}
    wrong = [belief.parameters for _, belief in walk_beliefs(lowered.beliefs)]
    scales |= {own[name] for own in wrong for name in scales & own.keys()}
    problems = [
        f"{name} is uncertain, but fitting supports only fixed discounts. Give it a number as its prior."
        for name in sorted(scales)
        if not lowered.priors[name].is_fixed
    ]
    thinking = lowered.diagram.thinking
    if thinking.of_player and lowered.beliefs:
        problems.append(
            "fitting supports `reasoning` only where no player errs. Leave `reasoning` or `beliefs` out."
        )
    elif any(b.reasoning for _, b in walk_beliefs(lowered.beliefs)):
        problems.append(
            "fitting supports no beliefs about how others reason. Leave `reasoning` out of them."
        )
    of_level_0 = {name for node in thinking.level_0.values() for name in node.names}
    problems += [
        f"`level_0` uses {name}, which is uncertain, but fitting supports only fixed numbers there. Give it a number "
        "as its prior."
        for name in sorted(of_level_0 & lowered.priors.keys())
        if not lowered.priors[name].is_fixed
    ]
    if problems:
        raise CommandError("\n".join(problems))


def _checked_options(lowered: Lowered, options: FitOptions) -> FitOptions:
    return replace(
        options,
        fixed=read_numbers(lowered, options.fixed),
        ridge=read_ridge(options.ridge),
        starts=START_COUNT.read_whole(options.starts, "starts"),
    )


def _narrowed(lowered: Lowered, options: FitOptions) -> FitOptions:
    """Fix all numbers that are not among the chosen ones."""
    if not options.only:
        return options
    _check_names(lowered, options.only)
    types = _open_types(lowered, {})
    rest = {
        name: prior.at(0.5)
        for name, prior in lowered.priors.items()
        if not (prior.is_fixed or name in options.only or name in lowered.linear or name in types)
    }
    return replace(options, only=(), fixed={**rest, **options.fixed})


def _check_names(lowered: Lowered, names: Sequence[str]) -> None:
    known = list(lowered.priors)
    problems = [
        f"There is no number '{name}'.{coefficient_hint(name, known)}"
        for name in names
        if name not in known
    ]
    if problems:
        raise CommandError("\n".join(problems))
