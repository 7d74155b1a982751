"""Texts of sources: shown to pages of this workbench, and never part of an answer or a report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictStr

from backchannel.case.edit.operation_models import Operation
from backchannel.language.errors import CommandError
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import Reply, to_json
from backchannel.web.message_parts import Key, ServerPart
from backchannel.web.requests import Numbered
from backchannel.web.text_files import bring_text

if TYPE_CHECKING:
    from backchannel.web.frames import FrameHead
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


class AskSource(Numbered):
    """Show the text of a source."""

    type: Literal["source"]
    name: Key


class AskCandidates(Numbered):
    """Mark who may be a player, what may be a decision and what may be a claim in the text of a source."""

    type: Literal["candidates"]
    name: Key


class BringText(Numbered):
    """Bring a text into the folder of the case, so that a source can name it."""

    type: Literal["bring_text"]
    path: Annotated[StrictStr, Field(min_length=1, max_length=4000)]
    """As the user typed it."""


class TextBroughtMessage(Reply):
    """A text lies in the folder of the case."""

    type: Literal["text_brought"] = "text_brought"
    file: str
    """As a source names it."""
    note: str
    """What was done, if it was copied."""


class SourceMessage(Reply):
    """The text of a source."""

    type: Literal["source"] = "source"
    name: str
    paragraphs: list[list[str]]
    """The sentences of each paragraph; empty where there is no text."""
    problem: str
    """Why the text cannot be shown; empty where it can, or where the source has no file."""


class SourceCandidate(ServerPart):
    """Something that rules have marked in a text."""

    kind: Literal["player", "decision", "claim"]
    title: str
    paragraphs: list[int]
    is_likely: bool
    is_there: bool
    """Whether the case has it already."""
    operations: list[Operation]
    """What adds it to the case; empty where it is there, where its player is missing, and for claims."""
    needs: str
    """The player that has to be added first."""
    sentence: str


class CandidatesMessage(Reply):
    """The candidates of a text."""

    type: Literal["candidates"] = "candidates"
    name: str
    candidates: list[SourceCandidate]


async def _show(bench: Workbench, window: Window, request: AskSource) -> None:
    head, (paragraphs,) = await bench.side_checker.run(
        _task(bench, "source", request.name), bench.shared.text
    )
    message = SourceMessage(
        id=request.id,
        name=request.name,
        paragraphs=json.loads(paragraphs),
        problem=head["problem"],
    )
    window.send(to_json(message))


async def _mark(bench: Workbench, window: Window, request: AskCandidates) -> None:
    _, (listed,) = await bench.side_checker.run(
        _task(bench, "candidates", request.name), bench.shared.text
    )
    candidates = [SourceCandidate.model_validate(entry) for entry in json.loads(listed)]
    message = CandidatesMessage(id=request.id, name=request.name, candidates=candidates)
    window.send(to_json(message))


async def _bring(bench: Workbench, window: Window, request: BringText) -> None:
    if not bench.open_file.is_editable:
        raise CommandError(
            "This case comes with Backchannel, so nothing is written beside it. Save it as a file of your own first."
        )
    folder = bench.open_file.file.path.parent
    brought = await bring_text(
        request.path, folder, bench.side_checker, from_elsewhere=bench.reads_elsewhere
    )
    note = f"Copied to {brought.copy}." if brought.copy is not None else ""
    window.send(to_json(TextBroughtMessage(id=request.id, file=brought.file, note=note)))


def _task(bench: Workbench, do: str, name: str) -> FrameHead:
    return {"do": do, "file": str(bench.open_file.file.path), "name": name}


HANDLERS = (
    RequestHandler(AskSource, _show, (SourceMessage,)),
    RequestHandler(BringText, _bring, (TextBroughtMessage,)),
    RequestHandler(AskCandidates, _mark, (CandidatesMessage,)),
)
