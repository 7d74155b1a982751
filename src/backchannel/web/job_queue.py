"""Job queues: each runs its jobs in one thread, and a job replaces an older one with the same key.

An older job that still waits never starts. One that is running is told to stop at the next step of its progress, and
its result is dropped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backchannel.language.errors import BackchannelError
from backchannel.machine.memory import carried
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.message_parts import JobKind, SolvingStatus
from backchannel.workers.workers import workers

REPORT_SECONDS = 0.1
"""Seconds between two reports of progress."""


class Superseded(Exception):
    """The job was replaced or cancelled."""


@dataclass
class Job:
    """One piece of work."""

    key: str
    """A job replaces an older one with the same key."""
    work: Callable[[Job], object]
    """Runs in the thread of the queue; `done` gets its result."""
    done: Callable[[object], None]
    failed: Callable[[str], None]
    report: Callable[[SolvingStatus], None]
    """Called with the progress."""
    name: JobKind = "full"
    """The kind of job that pages are shown."""
    urgent: bool = False
    """Runs before others that wait."""
    stopped: threading.Event = field(default_factory=threading.Event)
    requested_at: float = field(default_factory=time.perf_counter)
    """When it was requested."""
    on_part: Callable[[object], None] | None = None
    """Called with the part of the result that is ready first."""
    queue: JobQueue | None = None
    _status: SolvingStatus = field(default_factory=SolvingStatus)
    _reported_at: float = 0.0

    def deliver_part(self, part: object) -> None:
        """Hand over the part of the result that is ready."""
        self.check()
        if self.queue is not None and self.on_part is not None:
            self.queue.deliver(self, self.on_part, part, last=False)

    def stage(self, name: str, total: int) -> None:
        """Begin a stage with so many steps (part of `Progress`)."""
        self.check()
        self._status = SolvingStatus(
            state="solving",
            job=self.name,
            stage=name,
            total=total,
            place=workers().place,
            note=self._status.note,
        )
        self._report(at_once=True)

    def advance(self, steps: int) -> None:
        """Count some steps of the stage as done."""
        self.check()
        self._status = self._status.model_copy(update={"done": self._status.done + steps})
        self._report(at_once=False)

    def warn(self, note: str) -> None:
        """Say something of the job that holds until its end, and of its result."""
        self.check()
        self._status = self._status.model_copy(update={"note": note})
        self._report(at_once=True)

    def check(self) -> None:
        """Stop here if the job was replaced or cancelled."""
        if self.stopped.is_set():
            raise Superseded

    def _report(self, *, at_once: bool) -> None:
        now = time.perf_counter()
        if at_once or now - self._reported_at >= REPORT_SECONDS:
            self._reported_at = now
            self.report(self._status)


class JobQueue:
    """Runs jobs one after the other, in a thread of its own."""

    def __init__(self, name: str, post: Callable[[Callable[[], None]], None]) -> None:
        """Start the thread.

        Args:
            name: Of the thread.
            post: Runs something in the main thread.
        """
        self._post = post
        self._waiting: dict[str, Job] = {}
        self._newest: dict[str, Job] = {}
        """By key: the job that waits, runs, or is about to be handed over."""
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=carried(self._run), name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether any job has not been handed over."""
        with self._changed:
            return bool(self._newest)

    def put(self, job: Job) -> None:
        """Add a job, in place of an older one with its key."""
        with self._changed:
            self._stop(job.key)
            job.queue = self
            self._waiting[job.key] = self._newest[job.key] = job
            self._changed.notify()

    def cancel(self, prefix: str = "") -> None:
        """Cancel the jobs whose key starts with a prefix."""
        with self._changed:
            for key in list(self._newest):
                if key.startswith(prefix):
                    self._stop(key)

    def close(self, patience: float = 2.0) -> bool:
        """End the queue; says whether its thread has ended in time."""
        self.cancel()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def deliver(
        self, job: Job, to: Callable[[Any], None], result: object, *, last: bool = True
    ) -> None:
        """Call a function of the job in the main thread, unless the job was replaced by then."""

        def hand_over() -> None:
            # We look in the main thread, where newer jobs are put, so that none can come in between.
            if job.stopped.is_set():
                return
            if last:
                with self._changed:
                    self._newest.pop(job.key, None)
            to(result)

        self._post(hand_over)

    def _stop(self, key: str) -> None:
        self._waiting.pop(key, None)
        job = self._newest.pop(key, None)
        if job is not None:
            job.stopped.set()

    def _next(self) -> Job | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            urgent = [key for key, job in self._waiting.items() if job.urgent]
            key = (urgent or list(self._waiting))[0]
            return self._waiting.pop(key)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                result = job.work(job)
            except Superseded:
                continue
            except BackchannelError as error:
                self.deliver(job, job.failed, str(error))
            except Exception as error:
                log_internal_error(error)
                self.deliver(
                    job,
                    job.failed,
                    f"Something went wrong inside Backchannel ({type(error).__name__}). The last "
                    "answers remain.",
                )
            else:
                self.deliver(job, job.done, result)
