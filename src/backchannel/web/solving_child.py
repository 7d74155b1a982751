"""The process that solves: it holds what was solved, and works in lanes while the server stays free.

Run as `python -m backchannel.web.solving_child` by the workbench. Its main thread takes frames and gives
them; every job runs in the thread of its lane. Whatever is kept here has the number of the job that
found it, and is dropped when the server says so.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import IO, Any

from backchannel.answers.document import Answers, WhatIf
from backchannel.answers.page.report import compose_report
from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.machine.compile_cache import keep_compiled
from backchannel.machine.memory import carried, limited
from backchannel.web.checking import runnable
from backchannel.web.child import end_now, go_first, listen, take_streams
from backchannel.web.frames import Head, write_frame
from backchannel.web.live import Solved, check_asked, solve_all, solve_live
from backchannel.web.messages import Asked, Status, written
from backchannel.web.solving import Job, Lane

LANES = ("whole", "live", "short")
"""Whole answers; what somebody waits for; what takes no solving."""


class Text:
    """A case text that the server has found to be right, and the case in it once it is needed."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._one = threading.Lock()

    @property
    def lowered(self) -> Lowered:
        """The case."""
        with self._one:  # Two lanes may ask at once, and answers stand on one and the same case.
            return self._lowered

    @cached_property
    def _lowered(self) -> Lowered:
        return runnable(self._text, file=self._file)


class Solver:
    """What has been solved, and what is asked for."""

    def __init__(self, say: Callable[..., None]) -> None:
        """Begin.

        Args:
            say: Gives the server a frame.
        """
        self._say = say
        self.posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        """What is to happen in the main thread."""
        self._lanes = {name: Lane(name, self.posted.put) for name in LANES}
        self._kept: dict[int, Solved] = {}
        self._text: Text | None = None
        self._memory: int | None = None
        """Bytes that solving may take."""

    def hear(self, head: Head, texts: list[str]) -> None:
        """Take a frame of the server."""
        match head["do"]:
            case "allow":
                self._memory = head["bytes"]
            case "text":
                self._text = Text(texts[0], head["file"])
            case "cancel":
                self._lanes[head["lane"]].cancel(head["prefix"])
            case "drop":
                self._kept.pop(head["number"], None)
            case _:
                self._put(head, texts)

    def _put(self, head: Head, texts: list[str]) -> None:
        number = head["number"]
        with limited(self._memory):
            work = carried(self._work(head, texts))

        def say(kind: str, *texts: str, **parts: Any) -> None:
            self._say({"of": number, "lane": head["lane"], "is": kind, **parts}, *texts)

        def found(kind: str) -> Callable[[Any], None]:
            def give(found: tuple[Solved | None, list[str]]) -> None:
                solved, texts = found
                if solved is not None:
                    self._kept[number] = solved
                say(kind, *texts, holds=solved is not None)

            return give

        def tell(kind: str) -> None:
            self.posted.put(lambda: say(kind))

        def timed(job: Job) -> object:
            tell("begun")
            try:
                return work(job)
            finally:
                tell("over")

        def report(status: Status) -> None:
            self.posted.put(lambda: say("status", status=status.model_dump()))

        job = Job(
            head["key"],
            timed,
            found("done"),
            lambda why: say("failed", why=why),
            report,
            name=head.get("name", "full"),
            urgent=head.get("urgent", False),
            partly=found("part"),
        )
        self._lanes[head["lane"]].put(job)

    def _work(self, head: Head, texts: list[str]) -> Callable[[Job], object]:
        match head["do"]:
            case "whole":
                return self._whole(head)
            case "quick":
                return self._quick(head)
            case "warm":
                return self._warm(head)
            case "set_by_hand":
                return self._set_by_hand(head)
            case "check_asked":
                return self._check_asked(head)
            case _:
                return lambda job: (None, [compose_report(Answers.model_validate_json(texts[0]))])

    def _whole(self, head: Head) -> Callable[[Job], object]:
        case, shifts = self._case, head["shifts"]

        def work(job: Job) -> object:
            answers, solved = solve_all(
                case.lowered, shifts, name=head["case"], draws=head["draws"], seed=head["seed"],
                progress=job,
            )  # fmt: skip
            revision = head["text_revision"]
            message = written("answers", answers=answers, shifts=shifts, text_revision=revision)
            return solved, [message, answers.model_dump_json(indent=1)]

        return work

    def _quick(self, head: Head) -> Callable[[Job], object]:
        case, shifts, revision = self._case, head["shifts"], head["text_revision"]

        def work(job: Job) -> object:
            lowered = case.lowered
            solved = solve_live(
                lowered, shifts, draws=head["draws"], seed=head["seed"], progress=job
            )
            first = solved, [_quick_message(solved, revision, {}, job)]
            if not any(question.kind == "what_if" for question in lowered.questions):
                return first
            job.give(first)
            what_ifs = solved.compare_asked(job)
            return solved, [_quick_message(solved, revision, what_ifs, job)]

        return work

    def _warm(self, head: Head) -> Callable[[Job], object]:
        """Compile what solves while somebody waits, before the first one does."""
        case = self._case

        def work(job: Job) -> object:
            solve_live(case.lowered, {}, draws=head["draws"], seed=head["seed"], progress=job)
            return None, []

        return work

    def _set_by_hand(self, head: Head) -> Callable[[Job], object]:
        solved, asked = self._kept.get(head["standing"]), Asked.model_validate(head["asked"])

        def work(job: Job) -> object:
            if solved is None:
                raise CommandError("These answers are no longer available. Ask again.")
            what_if, columns = solved.set_by_hand(asked, job)
            message = written(
                "what_if",
                asked=asked.model_dump(exclude_none=True),
                what_if=what_if,
                columns=columns,
                shifts=dict(solved.shifts),
            )
            return None, [message]

        return work

    def _check_asked(self, head: Head) -> Callable[[Job], object]:
        case, asked = self._case, Asked.model_validate(head["asked"])

        def work(job: Job) -> object:
            check_asked(case.lowered, asked)
            return None, []

        return work

    @property
    def _case(self) -> Text:
        assert self._text is not None, "the text comes before what is asked of it"
        return self._text


def _quick_message(
    solved: Solved, text_revision: int, what_ifs: Mapping[str, WhatIf], job: Job
) -> str:
    import time

    return written(
        "quick",
        shifts=dict(solved.shifts),
        text_revision=text_revision,
        forecasts=list(solved.shown.values()),
        draws=solved.draws(),
        answers=solved.answers(what_ifs),
        what_ifs=list(what_ifs.values()),
        certificate=solved.certificate,
        seconds=round(time.perf_counter() - job.began, 3),
        complete=bool(what_ifs) or not any(q.kind == "what_if" for q in solved.lowered.questions),
    )


def run(reading: IO[bytes], writing: IO[bytes], *, end: Callable[[], None]) -> None:
    """Solve what is asked for, until the server is gone.

    Args:
        reading: Frames of the server.
        writing: Frames for it.
        end: Called, in a thread, once the server is gone.
    """
    solver = Solver(lambda head, *texts: write_frame(writing, head, texts))
    listen(reading, lambda frame: solver.posted.put(lambda: solver.hear(*frame)), end)
    with suppress(BrokenPipeError):  # The server is gone, and `end` is about to be called.
        while True:
            solver.posted.get()()


if __name__ == "__main__":
    streams = take_streams()
    go_first()
    keep_compiled()
    run(*streams, end=end_now)
