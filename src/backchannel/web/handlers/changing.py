"""Changes of the case by operations: made in the shared text, or only shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from backchannel.case.edit.operation_models import MOST_OPERATIONS, Operation
from backchannel.language.errors import CommandError
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import Reply, to_json
from backchannel.web.message_parts import Key, TextProblem
from backchannel.web.requests import Numbered

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

Operations = Annotated[list[Operation], Field(min_length=1, max_length=MOST_OPERATIONS)]
MOST_TRIES = 3
"""How often a change is made again because somebody typed meanwhile."""


class ChangeCase(Numbered):
    """Change the case: all of it is done, or nothing."""

    type: Literal["change"]
    operations: Operations
    what: Key
    """What is done, as an order, for the history: `Add the decision reply`."""


class Preview(Numbered):
    """Show what a change would do; nothing is changed."""

    type: Literal["preview"]
    operations: Operations


class ChangedMessage(Reply):
    """The case was changed; `text` and `history` have gone to every window."""

    type: Literal["changed"] = "changed"
    difference: str
    """How the text changed, as a unified diff; empty where it said so already."""


class PreviewedMessage(Reply):
    """What a change would do."""

    type: Literal["previewed"] = "previewed"
    difference: str
    consequences: list[str]
    """What else would go or change, in sentences."""
    problems: list[TextProblem]
    """What a check of the changed text would say."""


async def _change(bench: Workbench, window: Window, request: ChangeCase) -> None:
    for _ in range(MOST_TRIES):
        text = bench.shared.text
        _, (changed, difference, sketch) = await bench.side_checker.run(
            _task(bench, "change", request), text
        )
        if bench.shared.text == text:
            break
    else:
        raise CommandError("Somebody is typing in the text. Wait a moment, then do it again.")
    with bench.history.step(request.what, difference=difference):
        bench.shared.edit(changed)
    bench.broadcasts.text()
    bench.checks.draw(sketch)
    bench.broadcasts.history()
    bench.checks.check()
    window.send(to_json(ChangedMessage(id=request.id, difference=difference)))


async def _preview(bench: Workbench, window: Window, request: Preview) -> None:
    head, (difference,) = await bench.side_checker.run(
        _task(bench, "preview", request), bench.shared.text
    )
    message = PreviewedMessage(
        id=request.id,
        difference=difference,
        consequences=head["consequences"],
        problems=[TextProblem.model_validate(problem) for problem in head["problems"]],
    )
    window.send(to_json(message))


def _task(bench: Workbench, do: str, request: ChangeCase | Preview) -> dict[str, Any]:
    operations = [operation.model_dump() for operation in request.operations]
    return {
        "do": do,
        "file": str(bench.open_file.file.path),
        "operations": operations,
        "revision": bench.shared.text_revision + 1,
    }


HANDLERS = (
    RequestHandler(ChangeCase, _change, (ChangedMessage,)),
    RequestHandler(Preview, _preview, (PreviewedMessage,)),
)
