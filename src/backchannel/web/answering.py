"""Answering: which answers stand, which are being solved, and what windows are told of them.

Two lanes: whole answers take their time in one, and what somebody waits for is solved beside them in
the other. Both are in the solver's process; everything here happens in the thread of the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backchannel.language.errors import CommandError
from backchannel.web.frames import Head
from backchannel.web.messages import Asked, Facts, Kind, Status, with_id, written
from backchannel.web.solver import CaseText, Solver, Task
from backchannel.web.windows import Window, Windows
from backchannel.web.worker import Post, Worker

Shifts = Mapping[str, float]


@dataclass(frozen=True)
class Wanted:
    """What is to be solved: a case, and where its sliders stand."""

    case: CaseText
    facts: Facts
    shifts: Shifts
    text_revision: int

    def is_like(self, other: Wanted) -> bool:
        """Are the answers the same?"""
        return self.facts.case == other.facts.case and dict(self.shifts) == dict(other.shifts)


@dataclass(frozen=True)
class Standing:
    """Answers that stand: what was solved, and what windows are told of it."""

    of: Wanted
    number: int
    """By which the solver knows them."""
    message: str
    document: str = ""
    """The answers document; of whole answers only."""


class Answering:
    """Has solved what is asked for, and tells every window."""

    def __init__(
        self,
        windows: Windows,
        post: Post,
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
        self.solver = Solver(post, lost=self._solve_lost)
        self._settled = settled
        self._wanted: Wanted | None = None
        """What whole answers were asked for last."""
        self._reports = 0
        self._statuses: dict[str, Status] = {}
        self._failure = ""
        self._waiting: dict[str, list[tuple[Window, int]]] = {}

    @property
    def status(self) -> Status:
        """What is being solved; what somebody waits for goes first."""
        for lane in ("live", "whole"):
            if self.solver.is_busy(lane):
                return self._statuses.get(lane, Status(state="solving"))
        return Status(state="failed", note=self._failure) if self._failure else Status()

    @property
    def newest(self) -> Standing | None:
        """The answers whose draws pages have."""
        return self.quick or self.whole

    def tell_all(self, window: Window) -> None:
        """Tell a new window what stands."""
        for standing in (self.whole, self.quick):
            if standing is not None:
                window.say(standing.message, is_greeting=True)
        for message in self.by_hand.values():
            window.say(message, is_greeting=True)

    def answer_all(self, wanted: Wanted) -> None:
        """Solve everything anew."""
        self._wanted = wanted

        def done(task: Task, texts: list[str]) -> None:
            self._whole_done(Standing(wanted, task.number, *texts))

        self._put(Task("whole", "whole", self._head("whole", "full", wanted), wanted.case,
                       done, self._failed, report=self._reporter("whole")))  # fmt: skip

    def answer_quickly(self, wanted: Wanted) -> None:
        """Solve again with other numbers: forecasts at once, what-ifs after them."""
        whole = self.whole
        if whole is not None and whole.of.is_like(wanted):
            # The whole answers are for where the sliders have come back to.
            self.cancel_quick()
            self.windows.tell(whole.message)
            self._tell_status()
            return

        def ready(task: Task, texts: list[str]) -> None:
            self._let_go(self.quick, task.number)
            self.quick = Standing(wanted, task.number, *texts)
            self._failure = ""
            self.windows.tell(self.quick.message)

        def done(task: Task, texts: list[str]) -> None:
            ready(task, texts)
            self._tell_status()
            self._settled()

        self._put(Task("live", "quick", self._head("quick", "quick", wanted, urgent=True),
                       wanted.case, done, self._failed, part=ready,
                       report=self._reporter("live")))  # fmt: skip

    def ask(
        self, asked: Asked, wanted: Wanted, window: Window, id: int, refused: Callable[[], None]
    ) -> None:
        """Answer a what-if that was set by hand.

        Args:
            asked: What is asked.
            wanted: Of which case.
            window: Who asked.
            id: Of the request.
            refused: Called where it has no meaning; who asked is told why.
        """
        self._waiting.setdefault(asked.key, []).append((window, id))

        def failed(why: str) -> None:
            self._fail(asked.key, why)
            self.forget(asked.key)
            refused()

        head = {"do": "check_asked", "asked": asked.model_dump(exclude_none=True)}
        self._put(Task("short", f"what_if {asked.key}", head, wanted.case, _nothing, failed))
        self._ask(asked)
        if self.newest is not None and self.newest.number not in self.solver.holds:
            self._solve_lost()

    def ask_again(self, desk: Mapping[str, Asked]) -> None:
        """Answer what lies on the desk for the draws that pages have now."""
        for asked in desk.values():
            self._ask(asked)

    def forget(self, key: str) -> None:
        """Take a what-if away; whoever waits for it is told that there is nothing to come."""
        for lane in ("live", "short"):
            self.solver.cancel(lane, f"what_if {key}")
        self.by_hand.pop(key, None)
        for window, id in self._waiting.pop(key, []):
            window.say(written("done", id))

    def cancel_quick(self) -> None:
        """Give up what is solved for another text."""
        self.solver.cancel("live", "quick")
        self._let_go(self.quick)
        self.quick = None

    async def report(self, document: str) -> str:
        """The report of an answers document.

        Raises:
            CommandError: It cannot be made; the text says why.
        """
        made: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def done(task: Task, texts: list[str]) -> None:
            if not made.done():
                made.set_result(texts[0])

        def failed(why: str) -> None:
            if not made.done():
                made.set_exception(CommandError(why))

        self._reports += 1
        self._put(Task("short", f"report {self._reports}", {"do": "report"}, None,
                       done, failed, texts=[document]))  # fmt: skip
        return await made

    def close(self) -> Worker | None:
        """End all work."""
        return self.solver.close()

    def _head(self, do: str, kind: Kind, wanted: Wanted, *, urgent: bool = False) -> Head:
        return {
            "do": do,
            "name": kind,
            "urgent": urgent,
            "case": self.name,
            "shifts": dict(wanted.shifts),
            "text_revision": wanted.text_revision,
            "draws": self.draws,
            "seed": self.seed,
        }

    def _ask(self, asked: Asked) -> None:
        standing = self.newest
        if standing is None or standing.number not in self.solver.holds:
            return  # Asked again once there are answers.

        def done(task: Task, texts: list[str]) -> None:
            message = self.by_hand[asked.key] = texts[0]
            waiting = self._waiting.pop(asked.key, [])
            answered = {window for window, _ in waiting}
            for window, id in waiting:
                window.say(with_id(message, id))
            self.windows.tell_but(message, answered)
            self._tell_status()

        def failed(why: str) -> None:
            self._fail(asked.key, why)
            self._tell_status()

        head = {"do": "set_by_hand", "name": "what_if", "standing": standing.number}
        head["asked"] = asked.model_dump(exclude_none=True)
        self._put(Task("live", f"what_if {asked.key}", head, None, done, failed,
                       report=self._reporter("live")))  # fmt: skip

    def _solve_lost(self) -> None:
        """Solve again what a process has taken with it."""
        quick = self.quick
        if self._wanted is not None and not self.solver.is_busy("whole"):
            self.answer_all(self._wanted)
        if quick is not None and not self.solver.is_busy("live"):
            self.answer_quickly(quick.of)

    def _put(self, task: Task) -> None:
        if task.lane != "short" and not self.solver.is_busy(task.lane):
            self._statuses[task.lane] = Status(state="solving", job=task.head["name"])
        self.solver.put(task)
        self._tell_status()

    def _whole_done(self, standing: Standing) -> None:
        self._let_go(self.whole, standing.number)
        self.whole = standing
        self._failure = ""
        self.windows.tell(standing.message)
        quick = self.quick
        if quick is not None and (
            dict(quick.of.shifts) == dict(standing.of.shifts)
            or quick.of.facts.case != standing.of.facts.case
        ):
            self._let_go(quick)
            self.quick = None
        elif quick is not None:
            self.windows.tell(quick.message)
        self._tell_status()
        self._settled()
        if self.quick is None:
            self._warm(standing.of)

    def _warm(self, wanted: Wanted) -> None:
        """Compile what solves while somebody waits, before the first one does."""

        def ended(*_: object) -> None:
            self._tell_status()

        self._put(Task("live", "quick", self._head("warm", "quick", wanted), wanted.case,
                       ended, ended, report=self._reporter("live")))  # fmt: skip

    def _let_go(self, standing: Standing | None, unless: int = 0) -> None:
        if standing is not None and standing.number != unless:
            self.solver.drop(standing.number)

    def _failed(self, why: str) -> None:
        self._failure = why
        if self.newest is None or self.newest.number not in self.solver.holds:
            for key in list(self._waiting):
                self._fail(key, why)
        self._tell_status()

    def _fail(self, key: str, why: str) -> None:
        for window, id in self._waiting.pop(key, []):
            window.say(written("error", id, message=why))

    def _reporter(self, lane: str) -> Callable[[Status], None]:
        def report(status: Status) -> None:
            self._statuses[lane] = status
            self._tell_status()

        return report

    def _tell_status(self) -> None:
        self.windows.tell(written("status", status=self.status))


def _nothing(task: Task, texts: list[str]) -> None:
    pass
