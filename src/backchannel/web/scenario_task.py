"""Write sliders and what-ifs of the workbench as a scenario of the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.edit.operation_models import Operation, SetValue
from backchannel.case.edit.operations import apply_operations
from backchannel.case.lower.shifted import Shifted, check_shifts
from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.web.checking import runnable
from backchannel.web.difference import BEFORE_AND_AFTER, difference
from backchannel.web.handlers.scenarios import NamedScenarioMessage
from backchannel.web.message_json import to_json
from backchannel.web.tasks import TaskInput

DIGITS = 6
"""Significant digits of a slider's number: the slider then stands where it stood, to less than can be seen."""


def name_scenario(task: TaskInput) -> list[str]:
    """Show how a scenario would stand in the case.

    Raises:
        BackchannelError: It has no meaning in this case; the text says why.
    """
    head, text = task.head, task.texts[0]
    lowered, called = runnable(text, file=head["file"]), head["name_of"]
    if called in lowered.case.scenarios:
        raise CommandError(f"The case has a scenario '{called}' already. Choose another name.")
    entry = scenario_entry(lowered, head["sliders"], head["what_ifs"])
    if not entry:
        raise CommandError(
            "Move a slider or choose a what-if first: this scenario changes nothing."
        )
    words = {key: head[key] for key in ("title", "about") if head[key]}
    operations: list[Operation] = [
        SetValue(kind="set", path=["scenarios", called], value={**words, **entry})
    ]
    edited = apply_operations(text, operations)
    runnable(edited, file=head["file"])
    message = NamedScenarioMessage(
        difference=difference(text, edited, head["file"], states=BEFORE_AND_AFTER),
        operations=operations,
        what=f"Name the scenario {called}",
    )
    return [to_json(message)]


def scenario_entry(
    lowered: Lowered, sliders: Mapping[str, float], what_ifs: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The keys of a scenario in the case file.

    Args:
        lowered: The case.
        sliders: By assumption, the score at which its slider stands.
        what_ifs: Custom what-ifs as JSON.

    Raises:
        CommandError: The what-ifs are not announced alike, or set a node to different values.
    """
    check_shifts(lowered, sliders)
    entry: dict[str, Any] = {}
    if sliders:
        entry["sliders"] = {
            name: float(f"{Shifted(lowered.priors[name], score).at(0.5):.{DIGITS}g}")
            for name, score in sliders.items()
        }
    # A what-if of the case is named by itself or by its question; only causes can be named in a scenario.
    causes = [asked["cause"] for asked in what_ifs if asked["cause"] is not None]
    if strange := [cause for cause in causes if cause not in lowered.causes]:
        raise CommandError(
            f"{strange[0]} is a what-if of a question, and a scenario names causes. Write its changes under "
            "`causes` first."
        )
    if causes:
        entry["causes"] = causes
    own = [asked for asked in what_ifs if asked["do"]]
    if own:
        entry |= _set_by_hand(own)
    return entry


def _set_by_hand(what_ifs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    first = what_ifs[0]
    for asked in what_ifs:
        if (asked["announced"], asked["told"]) != (first["announced"], first["told"]):
            raise CommandError(
                "These what-ifs are not made known alike. Changes that are made together need one announcement: "
                "ask them again with the same choice under “known to”."
            )
        for node, value in asked["do"].items():
            if settings.get(node, value) != value:
                raise CommandError(f"Two of these what-ifs set {node} to different values.")
            settings[node] = value
    known: dict[str, Any] = {}
    if first["announced"] not in (None, True):
        known["announced"] = first["announced"]
    if first["told"] is not None:
        known["told"] = first["told"]
    return {"do": settings, **known}
