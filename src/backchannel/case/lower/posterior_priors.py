"""Take priors from a fit: `priors: {from: fit.nc}`."""

from __future__ import annotations

from pathlib import Path

from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.posterior import PosteriorSamples, read_posterior
from backchannel.case.lower.report import CaseReport
from backchannel.case.schema.case import Case
from backchannel.files.inputs import is_remote
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName, did_you_mean, is_precision


def lower_posterior(
    case: Case, report: CaseReport, numbers: CaseNumbers
) -> frozenset[ParameterName]:
    """Replace the priors of some numbers with the posterior of a fit.

    Returns:
        The numbers whose priors were replaced.
    """
    if case.priors is None:
        return frozenset()
    if is_remote(case.priors.from_):
        message = "this must be a file on this machine. Download it, and give the name of the file."
        report.error(("priors", "from"), message)
        return frozenset()
    try:
        sampled = read_posterior(Path(case.priors.from_))
    except CommandError as error:
        report.error(("priors", "from"), str(error))
        return frozenset()
    taken = _chosen(case, report, numbers, sampled)
    for name in taken:
        entry = case.parameters.get(name)
        is_share = entry is not None and entry.unit == "probability"
        try:
            prior = sampled.prior(name, probability=is_share or name.endswith(".discount"))
        except ValueError as error:
            report.error(("priors", "from"), str(error))
            continue
        if is_precision(name) and prior.at(1e-6) < 0:
            report.error(("priors", "from"), f"the fit's samples of {name} reach below 0.")
            continue
        numbers.priors[name] = prior
    for pair in numbers.correlations:
        if pair.one in taken and pair.other in taken:
            report.error(
                ("correlations",),
                f"the correlation of {pair.one} and {pair.other} comes from the fit. Remove this one.",
            )
    if not report.problems:
        numbers.correlations += sampled.correlations(taken)
    return frozenset(taken)


def _chosen(
    case: Case, report: CaseReport, numbers: CaseNumbers, sampled: PosteriorSamples
) -> list[ParameterName]:
    assert case.priors is not None
    asked, in_fit = case.priors.numbers, list(sampled.samples)
    for name in asked:
        if name not in sampled.samples:
            hint = did_you_mean(name, in_fit)
            report.error(("priors", "numbers"), f"the fit has no number '{name}'.{hint}")
        elif name not in numbers.priors:
            hint = did_you_mean(name, list(numbers.priors))
            report.error(("priors", "numbers"), f"the case has no number '{name}'.{hint}")
    known = [name for name in in_fit if name in numbers.priors]
    if asked:
        return [name for name in known if name in asked]
    if not known:
        report.error(
            ("priors", "from"),
            f"the fit has no number of this case. Its numbers are: {', '.join(in_fit) or 'none'}.",
        )
    unused = [name for name in in_fit if name not in numbers.priors]
    if known and unused:
        report.warn(
            ("priors", "from"),
            f"the fit also has {', '.join(unused)}, which this case does not have.",
        )
    return known
