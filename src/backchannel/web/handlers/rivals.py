"""Rivals beyond those of the file, solved when a user asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from backchannel.questions.rivals.document import RivalsView
from backchannel.web.handlers.current_answers import current_answers
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import News, Reply, with_id
from backchannel.web.message_parts import Shifts
from backchannel.web.requests import Numbered
from backchannel.web.solve_request import SolvedRivals

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


MOST_ASKED = 200
"""Rivals that one request may ask for: more of them is work for the command."""


class AskRivals(Numbered):
    """Solve rivals, those of the file first: each is told by `rival_told`, and all are answered by `rivals`."""

    type: Literal["rivals"]
    most: Annotated[StrictInt, Field(ge=1, le=MOST_ASKED)]
    """How many at most."""
    node: StrictStr = Field("", max_length=200)
    """The outcome; that of the first question, if empty."""


class RivalToldMessage(News):
    """What one rival has shown, as soon as it is solved."""

    type: Literal["rival_told"] = "rival_told"
    line: str
    number: int
    """Counts the rivals of one request, from 1."""


class RivalsMessage(Reply):
    """The case among its rivals; every window gets it."""

    type: Literal["rivals"] = "rivals"
    rivals: RivalsView
    shifts: Shifts
    case_digest: str


async def _rivals(bench: Workbench, window: Window, request: AskRivals) -> None:
    answers = current_answers(bench)
    head = {
        **answers,
        "most": request.most,
        "node": request.node,
        "case": bench.open_file.file.name,
        "case_digest": bench.facts.case,
    }
    text, view = await bench.answering.tasks.run("rivals", head, queue="rivals", part=window.send)
    bench.answering.rivals = SolvedRivals(answers["compared_with"], text, view)
    window.send(with_id(text, request.id))
    bench.windows.broadcast_except(text, {window})


HANDLERS = (RequestHandler(AskRivals, _rivals, (RivalsMessage, RivalToldMessage)),)
