"""What the solving process does with news: the changed text, and what it changes in the answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from backchannel.case.edit.news import news_operations
from backchannel.case.edit.operations import apply_operations
from backchannel.case.lower.asked import value_from_user
from backchannel.case.lower.shifted import shifted
from backchannel.language.errors import CommandError
from backchannel.questions.update.compare import compare_states
from backchannel.questions.update.compose import compose_update
from backchannel.questions.update.news import ReportedNews, remarks
from backchannel.study import Study
from backchannel.web.checking import runnable
from backchannel.web.difference import BEFORE_AND_AFTER, difference
from backchannel.web.handlers.news import NewsMessage
from backchannel.web.message_json import to_json
from backchannel.web.tasks import TaskInput

if TYPE_CHECKING:
    from backchannel.web.frames import FrameHead


def report_news(task: TaskInput) -> list[str]:
    """Say what news would change, as `backchannel update` does.

    Raises:
        BackchannelError: It has no meaning in this case; the text says why.
    """
    head, solved, text = task.head, task.solved, task.texts[0]
    lowered = solved.lowered
    given, options = (
        head["news"],
        {"name": head["case"], "draws": head["draws"], "seed": head["seed"]},
    )
    value = value_from_user(lowered, given["node"], given["value"])
    news = _news(head, {given["node"]: value})
    news.check_source(lowered.case.sources)
    operations = news_operations(lowered, news.entries, sources=news.sources)
    edited = apply_operations(text, operations)
    earlier = Study(shifted(lowered, solved.shifts), **options)
    earlier.adopt(solved.ensemble)
    later = Study(shifted(runnable(edited, file=head["file"]), solved.shifts), **options)
    later.progress = task.progress
    message = NewsMessage(
        difference=difference(text, edited, head["file"], states=BEFORE_AND_AFTER),
        remarks=remarks(lowered, news.entries),
        operations=operations,
        what=f"Enter {news.label}",
        report=compose_update(compare_states(earlier, later, news=news.entries)),
    )
    return [to_json(message)]


def _news(head: FrameHead, settings: dict[str, object]) -> ReportedNews:
    given = head["news"]
    try:
        day = date.fromisoformat(given["day"])
    except ValueError:
        raise CommandError("Say on which day it happened (YYYY-MM-DD).") from None
    return ReportedNews(
        settings,  # type: ignore[arg-type]
        day,
        given["source"],
        float(given["reliability"]),
        given["place"],
        given["new_source"],
        given["grade"],
    )
