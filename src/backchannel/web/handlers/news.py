"""Something happened: what it would change in the file and in the answers, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from backchannel.case.edit.operation_models import Operation
from backchannel.language.errors import CommandError
from backchannel.questions.update.document import UpdateReport
from backchannel.web.handlers.current_answers import current_answers
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import Reply, with_id
from backchannel.web.message_parts import Key, Setting
from backchannel.web.requests import Numbered

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


class AskNews(Numbered):
    """Show what news would change: answered by `news`; nothing is written."""

    type: Literal["news"]
    node: Key
    value: Setting
    day: StrictStr = Field(max_length=20)
    source: Key
    reliability: Annotated[StrictFloat | StrictInt, Field(gt=0, le=1)] = 1.0
    place: StrictStr = Field("", max_length=1000)
    """Where in the source."""
    new_source: StrictStr = Field("", max_length=1000)
    """The title of the source, where it is new to the case."""
    grade: StrictStr = Field("", max_length=10)


class NewsMessage(Reply):
    """What news would change."""

    type: Literal["news"] = "news"
    difference: str
    """How the file would change, as a unified diff."""
    remarks: list[str]
    operations: list[Operation]
    """The same as changes of the case, which `change` makes."""
    what: str
    """What they do, as an order, for the history."""
    report: UpdateReport


async def _news(bench: Workbench, window: Window, request: AskNews) -> None:
    if bench.checks.checked.problems:
        raise CommandError("The text has problems. Correct them first, then enter what happened.")
    answers = current_answers(bench)
    news: dict[str, Any] = request.model_dump(exclude={"id", "type"})
    head = {
        **answers,
        "news": news,
        "case": bench.open_file.file.name,
        "file": bench.open_file.file.path.name,
    }
    (text,) = await bench.answering.tasks.run("news", head, bench.shared.text, queue="live")
    window.send(with_id(text, request.id))


HANDLERS = (RequestHandler(AskNews, _news, (NewsMessage,)),)
