"""Tasks of the solving process that need no solving, or little: each is a function, found by its name.

A task gets what the server sent and the solution that it is about, and returns the texts of its result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress
from backchannel.web.frames import FrameHead

if TYPE_CHECKING:
    from backchannel.web.live import LiveCase

GONE = "These answers are no longer available. Ask again."


@dataclass(frozen=True)
class TaskInput:
    """What a task works with."""

    head: FrameHead
    texts: list[str]
    kept: LiveCase | None
    """The solution under the number `compared_with`; `None` where it was dropped, or none was named."""
    read_case: Callable[[], Lowered]
    """The case in the text that was sent last."""
    progress: Progress
    tell: Callable[[str], None]
    """Sends the server a part of the result that is known already."""

    @property
    def solved(self) -> LiveCase:
        """The solution that the task is about.

        Raises:
            CommandError: It is no longer there.
        """
        if self.kept is None:
            raise CommandError(GONE)
        return self.kept


SolvingTask = Callable[[TaskInput], list[str]]


def tasks() -> Mapping[str, SolvingTask]:
    """Every task, by the name under which the server asks for it."""
    from backchannel.web import brief_task, ledger_tasks, news_task, rivals_task, scenario_task

    return {
        "report": _report,
        "brief": brief_task.write_in_memory,
        "news": news_task.report_news,
        "rivals": rivals_task.answer_rivals,
        "name_scenario": scenario_task.name_scenario,
        "ledger": ledger_tasks.read_ledger,
        "ledger_log": ledger_tasks.log_forecasts,
        "ledger_resolve": ledger_tasks.resolve_forecasts,
        "ledger_withdraw": ledger_tasks.withdraw_run,
    }


def _report(task: TaskInput) -> list[str]:
    """The report of an answers document; a second text holds rivals that were solved later."""
    from backchannel.answers.document import Answers
    from backchannel.answers.page.report import compose_report

    answers = Answers.model_validate_json(task.texts[0])
    if len(task.texts) > 1:
        from backchannel.questions.rivals.document import RivalsView

        view = RivalsView.model_validate_json(task.texts[1])
        answers = answers.model_copy(update={"rivals": view})
    return [compose_report(answers)]
