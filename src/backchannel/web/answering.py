"""Answering: which answers stand, which are being solved, and what windows are told of them.

Two lanes: whole answers take their time in one, and what somebody waits for is solved beside them in
the other. Everything here but the jobs' own work happens in the thread of the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backchannel.case.lower import Lowered
from backchannel.present.document import Answers, WhatIf
from backchannel.web.live import Shifts, Solved, check_asked, solve_all, solve_live
from backchannel.web.messages import Asked, Status, with_id, written
from backchannel.web.solving import Job, Lane
from backchannel.web.windows import Window, Windows


@dataclass(frozen=True)
class Standing:
    """Answers that stand: as they were solved, and as windows are told of them."""

    solved: Solved
    message: str
    text_revision: int
    answers: Answers | None = None
    """The whole document; of whole answers only."""


class Answering:
    """Solves what is asked for and tells every window."""

    def __init__(
        self,
        windows: Windows,
        post: Callable[[Callable[[], None]], None],
        *,
        name: str,
        draws: int,
        seed: int,
        settled: Callable[[], None],
    ) -> None:
        """Begin.

        Args:
            windows: Who is told.
            post: Runs something in the thread of the event loop.
            name: What the case is called.
            draws: Of whole answers.
            seed: Where they begin.
            settled: Called when pages have other draws than before.
        """
        self.windows, self.name, self.draws, self.seed = windows, name, draws, seed
        self.whole: Standing | None = None
        self.quick: Standing | None = None
        """Newer than the whole answers, solved with the sliders elsewhere."""
        self.by_hand: dict[str, str] = {}
        """What was answered to what-ifs that are on the desk."""
        self._post, self._settled = post, settled
        self._lanes = {"whole": Lane("whole answers", post), "live": Lane("live answers", post)}
        self._statuses: dict[str, Status] = {}
        self._failure = ""
        self._waiting: dict[str, list[tuple[Window, int]]] = {}

    @property
    def status(self) -> Status:
        """What is being solved; what somebody waits for goes first."""
        for name in ("live", "whole"):
            if self._lanes[name].is_busy:
                return self._statuses.get(name, Status(state="solving"))
        return Status(state="failed", note=self._failure) if self._failure else Status()

    @property
    def newest(self) -> Standing | None:
        """The answers whose draws pages have."""
        return self.quick or self.whole

    def tell_all(self, window: Window) -> None:
        """Tell a new window what stands."""
        for standing in (self.whole, self.quick):
            if standing is not None:
                window.say(standing.message)
        for message in self.by_hand.values():
            window.say(message)

    def answer_all(self, lowered: Lowered, shifts: Shifts, text_revision: int) -> None:
        """Solve everything anew."""
        shifts = dict(shifts)

        def work(job: Job) -> Standing:
            answers, solved = solve_all(
                lowered, shifts, name=self.name, draws=self.draws, seed=self.seed, progress=job
            )
            message = written(
                "answers", answers=answers, shifts=shifts, text_revision=text_revision
            )
            return Standing(solved, message, text_revision, answers)

        self._put("whole", Job("whole", work, self._whole_done, self._failed("whole"),
                               self._reporter("whole"), name="full"))  # fmt: skip

    def answer_quickly(self, lowered: Lowered, shifts: Shifts, text_revision: int) -> None:
        """Solve again with other numbers: forecasts at once, what-ifs after them."""
        if self._stands(lowered, shifts):
            # The whole answers are for where the sliders have come back to.
            self.cancel_quick()
            assert self.whole is not None
            self.windows.tell(self.whole.message)
            self._tell_status()
            return
        shifts = dict(shifts)

        def work(job: Job) -> Standing:
            solved = solve_live(lowered, shifts, draws=self.draws, seed=self.seed, progress=job)
            first = _quick(solved, text_revision, {}, job)
            job.give(first)
            if not any(q.kind == "what_if" for q in lowered.questions):
                return first
            what_ifs = solved.compare_asked(job)
            return _quick(solved, text_revision, what_ifs, job)

        job = Job("quick", work, self._quick_done, self._failed("live"), self._reporter("live"),
                  name="quick", urgent=True, partly=self._quick_ready)  # fmt: skip
        self._put("live", job)

    def ask(self, asked: Asked, lowered: Lowered, window: Window, id: int) -> None:
        """Answer a what-if that was set by hand.

        Raises:
            CommandError: It asks for something that has no meaning.
        """
        check_asked(lowered, asked)
        self._waiting.setdefault(asked.key, []).append((window, id))
        self._ask(asked)

    def ask_again(self, desk: Mapping[str, Asked]) -> None:
        """Answer what lies on the desk for the draws that pages have now."""
        for asked in desk.values():
            self._ask(asked)

    def forget(self, key: str) -> None:
        """Take a what-if away; whoever waits for it is told that there is nothing to come."""
        self._lanes["live"].cancel(f"what_if {key}")
        self.by_hand.pop(key, None)
        for window, id in self._waiting.pop(key, []):
            window.say(written("done", id))

    def cancel_quick(self) -> None:
        """Give up what is solved for another text."""
        self._lanes["live"].cancel("quick")
        self.quick = None

    def close(self) -> bool:
        """End all work; says whether the threads have ended."""
        ended = [lane.close() for lane in self._lanes.values()]
        return all(ended)

    def _ask(self, asked: Asked) -> None:
        standing = self.newest
        if standing is None:
            return  # Asked again once there are answers.

        def work(job: Job) -> str:
            what_if, columns = standing.solved.set_by_hand(asked, job)
            return written(
                "what_if",
                asked=asked.model_dump(exclude_none=True),
                what_if=what_if,
                columns=columns,
                shifts=dict(standing.solved.shifts),
            )

        def done(message: object) -> None:
            assert isinstance(message, str)
            self.by_hand[asked.key] = message
            waiting = self._waiting.pop(asked.key, [])
            answered = {window for window, _ in waiting}
            for window, id in waiting:
                window.say(with_id(message, id))
            self.windows.tell_but(message, answered)
            self._tell_status()

        def failed(why: str) -> None:
            for window, id in self._waiting.pop(asked.key, []):
                window.say(written("error", id, message=why))
            self._tell_status()

        self._put("live", Job(f"what_if {asked.key}", work, done, failed,
                              self._reporter("live"), name="what_if"))  # fmt: skip

    def _put(self, lane: str, job: Job) -> None:
        if not self._lanes[lane].is_busy:
            self._statuses[lane] = Status(state="solving", job=job.name)
        self._lanes[lane].put(job)
        self._tell_status()

    def _stands(self, lowered: Lowered, shifts: Shifts) -> bool:
        whole = self.whole
        return (
            whole is not None
            and whole.solved.lowered is lowered
            and dict(whole.solved.shifts) == dict(shifts)
        )

    def _whole_done(self, standing: object) -> None:
        assert isinstance(standing, Standing)
        self.whole = standing
        self._failure = ""
        self.windows.tell(standing.message)
        quick = self.quick
        if quick is not None and (
            quick.solved.shifts == standing.solved.shifts
            or quick.solved.lowered is not standing.solved.lowered
        ):
            self.quick = None
        elif quick is not None:
            self.windows.tell(quick.message)
        self._tell_status()
        self._settled()
        self._warm(standing)

    def _warm(self, standing: Standing) -> None:
        """Compile what solves while somebody waits, before the first one does."""
        if self.quick is not None:
            return
        solved = standing.solved

        def work(job: Job) -> None:
            solve_live(solved.lowered, {}, draws=self.draws, seed=self.seed, progress=job)

        def ended(found: object) -> None:
            self._tell_status()

        self._put("live", Job("quick", work, ended, ended, self._reporter("live"), name="quick"))

    def _quick_ready(self, standing: object) -> None:
        assert isinstance(standing, Standing)
        self.quick = standing
        self._failure = ""
        self.windows.tell(standing.message)

    def _quick_done(self, standing: object) -> None:
        if standing is not self.quick:
            self._quick_ready(standing)
        self._tell_status()
        self._settled()

    def _failed(self, lane: str) -> Callable[[str], None]:
        def failed(why: str) -> None:
            self._failure = why
            self._tell_status()

        return failed

    def _reporter(self, lane: str) -> Callable[[Status], None]:
        def report(status: Status) -> None:
            self._post(lambda: self._note(lane, status))

        return report

    def _note(self, lane: str, status: Status) -> None:
        if self._lanes[lane].is_busy:
            self._statuses[lane] = status
            self._tell_status()

    def _tell_status(self) -> None:
        self.windows.tell(written("status", status=self.status))


def _quick(
    solved: Solved, text_revision: int, what_ifs: Mapping[str, WhatIf], job: Job
) -> Standing:
    import time

    message = written(
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
    return Standing(solved, message, text_revision)
