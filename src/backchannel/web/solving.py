"""Jobs: one thread a lane, and the newest request of each kind is the one that counts.

A request of the same kind that still waits never starts. One that is running is told to stop at the
next step of its progress, and whatever it brings after that is dropped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from backchannel.language.errors import BackchannelError
from backchannel.machine.memory import carried
from backchannel.web.messages import Kind, Status
from backchannel.web.mistakes import note_mistake

TOLD_EVERY = 0.1
"""Seconds between two reports of progress."""


class Superseded(Exception):
    """The job is not wanted any more."""


@dataclass
class Job:
    """One piece of work."""

    key: str
    """Jobs of one key supersede each other."""
    work: Callable[[Job], object]
    """Runs in the lane's thread; gives what `done` takes."""
    done: Callable[[object], None]
    failed: Callable[[str], None]
    report: Callable[[Status], None]
    """Told of progress."""
    name: Kind = "full"
    """What the page calls it."""
    urgent: bool = False
    """Goes before others that wait."""
    stopped: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.perf_counter)
    """When it was asked for."""
    partly: Callable[[object], None] | None = None
    """Takes what is known before the rest."""
    lane: Lane | None = None
    _status: Status = field(default_factory=Status)
    _told: float = 0.0

    def give(self, what: object) -> None:
        """Hand over what is known already."""
        self.check()
        if self.lane is not None and self.partly is not None:
            self.lane.deliver(self, self.partly, what, last=False)

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of so many steps (a `Progress`)."""
        self.check()
        self._status = Status(state="solving", job=self.name, stage=name, total=total)
        self._tell(at_once=True)

    def advance(self, steps: int) -> None:
        """Take some steps of the stage."""
        self.check()
        self._status = self._status.model_copy(update={"done": self._status.done + steps})
        self._tell(at_once=False)

    def check(self) -> None:
        """Stop here if the job is not wanted any more."""
        if self.stopped.is_set():
            raise Superseded

    def _tell(self, *, at_once: bool) -> None:
        now = time.perf_counter()
        if at_once or now - self._told >= TOLD_EVERY:
            self._told = now
            self.report(self._status)


class Lane:
    """Works off jobs one after the other, in a thread of its own."""

    def __init__(self, name: str, post: Callable[[Callable[[], None]], None]) -> None:
        """Begin.

        Args:
            name: Of the thread.
            post: Runs something in the thread that everything else happens in.
        """
        self._post = post
        self._waiting: dict[str, Job] = {}
        self._newest: dict[str, Job] = {}
        """Of each key: waiting, running, or about to be handed over."""
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=carried(self._run), name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Is there anything that has not been handed over yet?"""
        with self._changed:
            return bool(self._newest)

    def put(self, job: Job) -> None:
        """Ask for a job, in place of any other of its key."""
        with self._changed:
            self._stop(job.key)
            job.lane = self
            self._waiting[job.key] = self._newest[job.key] = job
            self._changed.notify()

    def cancel(self, prefix: str = "") -> None:
        """Give up jobs whose key begins so."""
        with self._changed:
            for key in list(self._newest):
                if key.startswith(prefix):
                    self._stop(key)

    def close(self, patience: float = 2.0) -> bool:
        """End the lane; says whether its thread has ended in time."""
        self.cancel()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def deliver(self, job: Job, to: Callable, what: object, *, last: bool = True) -> None:
        """Hand something over, unless the job is not wanted any more by then."""

        def hand_over() -> None:
            # Asked in the thread that supersedes, so nothing newer can come between.
            if job.stopped.is_set():
                return
            if last:
                with self._changed:
                    self._newest.pop(job.key, None)
            to(what)

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
                found = job.work(job)
            except Superseded:
                continue
            except BackchannelError as error:
                self.deliver(job, job.failed, str(error))
            except Exception as error:
                note_mistake(error)
                self.deliver(
                    job,
                    job.failed,
                    f"Something went wrong inside Backchannel ({type(error).__name__}). The last "
                    "answers stand.",
                )
            else:
                self.deliver(job, job.done, found)
