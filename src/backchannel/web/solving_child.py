"""The process that solves: it keeps the solutions, and works in queues while the server stays free.

Run as `python -m backchannel.web.solving_child` by the workbench. Its main thread reads and writes
frames; every job runs in the thread of its queue. Solutions are kept under the number of their job until the server
says that they can be dropped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from backchannel.answers.document import Answers
from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.machine.compile_cache import keep_compiled
from backchannel.machine.memory import carried, limited
from backchannel.questions.what_if.document import WhatIf
from backchannel.web.checking import runnable
from backchannel.web.child import end_now, give_way, listen, offer_to_oom_killer, take_streams
from backchannel.web.frames import FrameHead, write_frame
from backchannel.web.job_queue import Job, JobQueue
from backchannel.web.live import LiveCase, check_custom, solve_full_answers, solve_live
from backchannel.web.message_parts import CustomWhatIf, SolvingStatus
from backchannel.web.messages import (
    AnswersMessage,
    PartialMessage,
    QuickMessage,
    WhatIfMessage,
    to_json,
)
from backchannel.web.solving_cluster import SolvingCluster
from backchannel.web.tasks import GONE, SolvingTask, TaskInput, tasks

TaskResult = tuple["LiveCase | None", list[str]]
QUEUES = ("full", "live", "short", "rivals")
"""Full answers; what a user waits for; what needs no solving; rivals, which take minutes and hold up nothing."""
PAUSE = 0.7
"""Seconds between two documents of what is answered so far."""


class Text:
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


class SolveService:
    """Runs the server's tasks, and keeps the solutions."""

    def __init__(self, send: Callable[..., None]) -> None:
        """Start the queues.

        Args:
            send: Sends the server a frame.
        """
        self._send = send
        self.posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        """Functions to call in the main thread."""
        self._queues = {name: JobQueue(name, self.posted.put) for name in QUEUES}
        self._kept: dict[int, LiveCase] = {}
        self._text: Text | None = None
        self._cluster = SolvingCluster()
        self._memory: int | None = None
        """Bytes that solving may use."""

    def receive(self, head: FrameHead, texts: list[str]) -> None:
        """Act on a frame of the server."""
        match head["do"]:
            case "allow":
                self._memory = head["bytes"]
            case "text":
                self._text = Text(texts[0], head["file"])
            case "cancel":
                self._queues[head["queue"]].cancel(head["prefix"])
            case "drop":
                self._kept.pop(head["number"], None)
            case _:
                self._put(head, texts)

    def _put(self, head: FrameHead, texts: list[str]) -> None:
        number = head["number"]
        with limited(self._memory):
            work = carried(self._work(head, texts))

        def send(kind: str, *texts: str, **parts: Any) -> None:
            self._send({"of": number, "queue": head["queue"], "is": kind, **parts}, *texts)

        def sender(kind: str) -> Callable[[Any], None]:
            def send_result(result: TaskResult) -> None:
                solved, texts = result
                if solved is not None:
                    self._kept[number] = solved
                send(kind, *texts, kept=solved is not None)

            return send_result

        def announced(job: Job) -> object:
            self.posted.put(lambda: send("started"))
            try:
                return work(job)
            finally:
                self.posted.put(lambda: send("ended"))

        def report(status: SolvingStatus) -> None:
            self.posted.put(lambda: send("status", status=status.model_dump()))

        job = Job(
            head["key"],
            announced,
            sender("done"),
            lambda why: send("failed", why=why),
            report,
            name=head.get("name", "full"),
            urgent=head.get("urgent", False),
            on_part=sender("part"),
        )
        self._queues[head["queue"]].put(job)

    def _work(self, head: FrameHead, texts: list[str]) -> Callable[[Job], object]:
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
            self._kept.get(head["compared_with"]),
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
        kept, case = self._kept.get(head.get("compared_with", 0)), self._text

        def read_case() -> Lowered:
            assert case is not None, "the text is sent before the tasks that need it"
            return case.lowered

        def work(job: Job) -> object:
            def tell(text: str) -> None:
                job.deliver_part((None, [text]))

            return None, run(TaskInput(head, texts, kept, read_case, job, tell))

        return work

    @property
    def _case(self) -> Text:
        assert self._text is not None, "the text is sent before the tasks that need it"
        return self._text


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


def run_service(reading: IO[bytes], writing: IO[bytes], *, end: Callable[[], None]) -> None:
    """Run the server's tasks until it is gone.

    Args:
        reading: Frames of the server.
        writing: Frames for it.
        end: Called, in a thread, once the server is gone.
    """
    service = SolveService(lambda head, *texts: write_frame(writing, head, texts))
    listen(reading, lambda frame: service.posted.put(lambda: service.receive(*frame)), end)
    with suppress(BrokenPipeError):  # The server is gone, and `end` is about to be called.
        while True:
            service.posted.get()()


if __name__ == "__main__":
    streams = take_streams()
    offer_to_oom_killer()
    give_way()
    keep_compiled()
    run_service(*streams, end=end_now)
