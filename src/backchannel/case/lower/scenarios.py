"""Lower the scenarios: sliders as normal scores of their priors, and all changes as one intervention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from backchannel.case.lower.changes_together import check_together
from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.shifted import shifted, with_sliders_back
from backchannel.case.lowered import CaseScenario, Lowered
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.interventions import InterventionEntry, ScenarioEntry
from backchannel.diagram.combine import check_compatible, combine_interventions
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName, did_you_mean, name_hint
from backchannel.language.priors import Prior, normal_score

OWN_KEYS = frozenset(InterventionEntry.model_fields) - {"title", "about"}
"""Keys of a scenario that change the case, or say who learns of it."""
FARTHEST = 1e-7
"""A slider stands where the prior has at least this share on either side."""


def lower_scenarios(
    reader: InterventionReader,
    causes: Mapping[str, Intervention],
    priors: Mapping[ParameterName, Prior],
) -> dict[str, CaseScenario]:
    """Read the scenarios; each moves a slider or changes something, and its changes can hold together."""
    scenarios = {}
    for name, entry in reader.case.scenarios.items():
        path: KeyPath = ("scenarios", name)
        before = len(reader.words.report.problems)
        sliders = _sliders(reader, (*path, "sliders"), entry, priors)
        intervention = _intervention(reader, path, name, entry, causes)
        if len(reader.words.report.problems) == before:
            title = entry.title or name.replace("_", " ")
            scenarios[name] = CaseScenario(name, title, entry.about, sliders, intervention)
    return scenarios


def score_of(prior: Prior, number: float) -> float | None:
    """The normal score of a number in a prior; `None` where it lies outside of the prior or at its very end.

    >>> from backchannel.language.distributions import Normal
    >>> round(score_of(Normal(10.0, 2.0), 12.0), 9)
    1.0
    """
    share = float(np.asarray(prior.share(np.array([number])))[0])
    if not FARTHEST <= share <= 1 - FARTHEST:
        return None
    return float(normal_score(np.array([share]))[0])


def named_scenarios(lowered: Lowered, names: Sequence[str]) -> list[CaseScenario]:
    """The scenarios of these names; all of them, without names.

    Raises:
        CommandError: The case has none, or none of that name.
    """
    known = lowered.scenarios
    if not known:
        raise CommandError(
            "The case has no scenarios. Write some under `scenarios`, or save the sliders of the workbench as one."
        )
    for name in names:
        if name not in known:
            hint = did_you_mean(name, list(known))
            raise CommandError(
                f"No scenario is called '{name}'.{hint} The scenarios are: {', '.join(known)}."
            )
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def under(lowered: Lowered, name: str) -> Lowered:
    """The case with the sliders of a scenario, and with no others.

    Raises:
        CommandError: There is no such scenario, or it changes more than sliders.
    """
    (scenario,) = named_scenarios(lowered, [name])
    if scenario.intervention is not None:
        raise CommandError(
            f"The scenario '{name}' changes more than sliders, so that not every question can be answered "
            f"in it. `backchannel scenarios CASE {name}` compares all outcomes."
        )
    return shifted(with_sliders_back(lowered), scenario.sliders)


def _sliders(
    reader: InterventionReader,
    path: KeyPath,
    entry: ScenarioEntry,
    priors: Mapping[ParameterName, Prior],
) -> dict[ParameterName, float]:
    report, scores = reader.words.report, {}
    uncertain = [name for name, prior in priors.items() if not prior.is_fixed]
    for name, number in entry.sliders.items():
        here = (*path, name)
        if name not in priors:
            hint = name_hint(name, uncertain)
            report.error(here, f"no assumption is called '{name}'.{hint}")
        elif name not in uncertain:
            report.error(
                here,
                f"{name} is certain, so it has no slider. Write the change under `parameters` of the scenario.",
            )
        elif (score := score_of(priors[name], number)) is None:
            low, high = priors[name].at(FARTHEST), priors[name].at(1 - FARTHEST)
            report.error(
                here,
                f"{number:g} lies outside of the prior of {name}, which goes from {low:.4g} to {high:.4g}. Write "
                "a number between them, or widen the prior.",
            )
        else:
            scores[name] = score
    return scores


def _intervention(
    reader: InterventionReader,
    path: KeyPath,
    name: str,
    entry: ScenarioEntry,
    causes: Mapping[str, Intervention],
) -> Intervention | None:
    report = reader.words.report
    parts = []
    for i, cause in enumerate(entry.causes):
        if cause in causes:
            parts.append(causes[cause])
        elif cause not in reader.case.causes:  # One with problems is reported where it stands.
            hint = name_hint(cause, list(reader.case.causes))
            report.error((*path, "causes", i), f"no cause is called '{cause}'.{hint}")
    own = entry.model_fields_set & OWN_KEYS
    changing = own - {"announced", "told"}
    if changing:
        read = reader.read(path, name, entry)
        if read is None:
            return None
        parts.append(read)
    elif own:
        report.error(
            (*path, sorted(own)[0]),
            "it says who learns of a change, and the scenario has no change of its own. Leave it out: a cause "
            "says itself who learns of it.",
        )
    if not (parts or entry.causes or entry.sliders or own):
        report.error(
            path,
            "it changes nothing. Give it `sliders`, `causes`, or a change such as `do`, `sees` or `beliefs`.",
        )
    if not parts:
        return None
    try:
        check_compatible(parts)
    except CommandError as error:
        report.error(path, str(error))
        return None
    made = replace(reduce(combine_interventions, parts), name=name)
    if len(parts) > 1:
        check_together(report, reader.diagram, path, made)
        for node, removed in made.remove.items():
            if not set(reader.words.domains[node]) - set(removed):
                report.error(path, f"all actions of {node} are removed; at least one must remain.")
    return made
