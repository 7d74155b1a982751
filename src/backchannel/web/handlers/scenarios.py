"""Scenarios: put the sliders and what-ifs of the workbench under a name in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, StrictBool, StrictStr

from backchannel.case.edit.operation_models import Operation
from backchannel.language.errors import CommandError
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import Reply, with_id
from backchannel.web.message_parts import Key
from backchannel.web.requests import Numbered

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


class NameScenario(Numbered):
    """Show how sliders and what-ifs would stand in the case as a scenario: answered by `named_scenario`."""

    type: Literal["name_scenario"]
    name: Key
    title: StrictStr = Field("", max_length=1000)
    about: StrictStr = Field("", max_length=5000)
    sliders: StrictBool = True
    """Whether the sliders as they stand belong to it."""
    what_ifs: list[Key] = Field([], max_length=50)
    """Keys of the custom what-ifs that belong to it."""


class NamedScenarioMessage(Reply):
    """How a scenario would stand in the case; nothing is changed."""

    type: Literal["named_scenario"] = "named_scenario"
    difference: str
    operations: list[Operation]
    """The same as changes of the case, which `change` makes."""
    what: str
    """What they do, as an order, for the history."""


async def _name(bench: Workbench, window: Window, request: NameScenario) -> None:
    if bench.checks.checked.problems:
        raise CommandError("The text has problems. Correct them first, then name a scenario.")
    shared = bench.shared
    missing = [key for key in request.what_ifs if key not in shared.what_ifs]
    if missing:
        raise CommandError("A what-if that belongs to it was dropped meanwhile. Choose again.")
    head = {
        "name_of": request.name,
        "title": request.title.strip(),
        "about": request.about.strip(),
        "sliders": dict(shared.shifts) if request.sliders else {},
        "what_ifs": [shared.what_ifs[key].model_dump(mode="json") for key in request.what_ifs],
        "file": bench.open_file.file.path.name,
    }
    (text,) = await bench.answering.tasks.run("name_scenario", head, shared.text)
    window.send(with_id(text, request.id))


HANDLERS = (RequestHandler(NameScenario, _name, (NamedScenarioMessage,)),)
