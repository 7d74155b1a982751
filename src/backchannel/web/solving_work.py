"""What the solving process does for each kind of job, with the text that it has and the solutions that it keeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from backchannel.answers.document import Answers
from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.questions.what_if.document import WhatIf
from backchannel.web.answer_messages import (
    AnswersMessage,
    PartialMessage,
    QuickMessage,
    WhatIfMessage,
)
from backchannel.web.checking import runnable
from backchannel.web.frames import FrameHead
from backchannel.web.job_queue import Job
from backchannel.web.live import LiveCase, check_custom, solve_full_answers, solve_live
from backchannel.web.message_json import to_json
from backchannel.web.message_parts import CustomWhatIf
from backchannel.web.solving_cluster import SolvingCluster
from backchannel.web.tasks import GONE, SolvingTask, TaskInput, tasks

TaskResult = tuple["LiveCase | None", list[str]]
"""A solution to keep, if any, and the texts of the result."""
PAUSE = 0.7
"""Seconds between two documents of what is answered so far."""


class TextToSolve:
    """A case text without problems, and the case in it, built when it is first needed."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._lock = threading.Lock()

    @property
    def lowered(self) -> Lowered:
        """The case."""
        with self._lock:  # Two queues may ask at once, and their answers need the same case object.
            return self._lowered

    @cached_property
    def _lowered(self) -> Lowered:
        return runnable(self._text, file=self._file)


class SolvingWork:
    """Finds the work of each job."""

    def __init__(self) -> None:
        self.text: TextToSolve | None = None
        """The text that was sent last."""
        self.kept: dict[int, LiveCase] = {}
        """Solutions by the number of their job."""
        self._cluster = SolvingCluster()

    def of(self, head: FrameHead, texts: list[str]) -> Callable[[Job], object]:
        """The function that does the work of a job, in the thread of its queue.

        Args:
            head: What to do, and what it needs to know.
            texts: Its input.
        """
        match head["do"]:
            case "full":
                return self._full(head)
            case "quick":
                return self._quick(head)
            case "warm_up":
                return self._warm_up(head)
            case "custom_what_if":
                return self._custom_what_if(head)
            case "check_custom_what_if":
                return self._check_custom(head)
            case do:
                return self._task(tasks()[do], head, texts)

    def _full(self, head: FrameHead) -> Callable[[Job], object]:
        case, shifts = self._case, head["shifts"]

        def message(answers: Answers, form: type[AnswersMessage | PartialMessage]) -> str:
            parts = {"text_revision": head["text_revision"], "case_digest": head["case_digest"]}
            return to_json(form(answers=answers, shifts=shifts, **parts))

        def work(job: Job) -> object:
            told_at = -PAUSE

            def tell(compose: Callable[[], Answers]) -> None:
                nonlocal told_at
                if time.perf_counter() - told_at >= PAUSE:
                    job.deliver_part((None, [message(compose(), PartialMessage)]))
                    told_at = time.perf_counter()

            def solve() -> tuple[Answers, LiveCase]:
                return solve_full_answers(
                    case.lowered, shifts, name=head["case"], draws=head["draws"],
                    seed=head["seed"], ledger=Path(head["ledger"]) if head["ledger"] else None,
                    progress=job, tell=tell,
                )  # fmt: skip

            answers, solved = self._cluster.run(head["cluster"], solve, job)
            return solved, [
                message(answers, AnswersMessage),
                answers.model_dump_json(indent=1),
            ]

        return work

    def _quick(self, head: FrameHead) -> Callable[[Job], object]:
        case, shifts = self._case, head["shifts"]

        def work(job: Job) -> object:
            lowered = case.lowered
            solved = solve_live(
                lowered, shifts, draws=head["draws"], seed=head["seed"], progress=job
            )
            first = solved, [_quick_message(solved, head, {}, job)]
            if not any(question.kind == "what_if" for question in lowered.questions):
                return first
            job.deliver_part(first)
            what_ifs = solved.compare_asked(job)
            return solved, [_quick_message(solved, head, what_ifs, job)]

        return work

    def _warm_up(self, head: FrameHead) -> Callable[[Job], object]:
        """Compile the programs of quick answers before a user waits for the first one."""
        case = self._case

        def work(job: Job) -> object:
            solve_live(case.lowered, {}, draws=head["draws"], seed=head["seed"], progress=job)
            return None, []

        return work

    def _custom_what_if(self, head: FrameHead) -> Callable[[Job], object]:
        solved, asked = (
            self.kept.get(head["compared_with"]),
            CustomWhatIf.model_validate(head["asked"]),
        )

        def work(job: Job) -> object:
            if solved is None:
                raise CommandError(GONE)
            what_if, columns = solved.custom_what_if(asked, job)
            message = WhatIfMessage(
                asked=asked,
                what_if=what_if,
                columns=columns,
                shifts=dict(solved.shifts),
                case_digest=head["case_digest"],
            )
            return None, [to_json(message)]

        return work

    def _check_custom(self, head: FrameHead) -> Callable[[Job], object]:
        case, asked = self._case, CustomWhatIf.model_validate(head["asked"])

        def work(job: Job) -> object:
            check_custom(case.lowered, asked)
            return None, []

        return work

    def _task(self, run: SolvingTask, head: FrameHead, texts: list[str]) -> Callable[[Job], object]:
        kept, case = self.kept.get(head.get("compared_with", 0)), self.text

        def read_case() -> Lowered:
            assert case is not None, "the text is sent before the tasks that need it"
            return case.lowered

        def work(job: Job) -> object:
            def tell(text: str) -> None:
                job.deliver_part((None, [text]))

            return None, run(TaskInput(head, texts, kept, read_case, job, tell))

        return work

    @property
    def _case(self) -> TextToSolve:
        assert self.text is not None, "the text is sent before the tasks that need it"
        return self.text


def _quick_message(
    solved: LiveCase, head: FrameHead, what_ifs: Mapping[str, WhatIf], job: Job
) -> str:
    message = QuickMessage(
        shifts=dict(solved.shifts),
        text_revision=head["text_revision"],
        case_digest=head["case_digest"],
        forecasts=solved.shown,
        draws=solved.draws(),
        answers=solved.answers(what_ifs),
        bottom_lines=solved.bottom_lines(what_ifs),
        what_ifs=list(what_ifs.values()),
        certificate=solved.certificate,
        seconds=round(time.perf_counter() - job.requested_at, 3),
        complete=bool(what_ifs) or not any(q.kind == "what_if" for q in solved.lowered.questions),
    )
    return to_json(message)
