"""Answer the what-ifs that users compose, and answer them again when there are new draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backchannel.web.message_json import to_json, with_id
from backchannel.web.message_parts import CustomWhatIf
from backchannel.web.messages import DoneMessage, ErrorMessage
from backchannel.web.solve_request import SolvedAnswers, SolveRequest
from backchannel.web.solve_status import SolveStatus
from backchannel.web.solver import SolverTask
from backchannel.web.windows import Window, Windows


class CustomWhatIfs:
    """The answers to custom what-ifs, and the windows that wait for one."""

    def __init__(
        self, windows: Windows, status: SolveStatus, *, newest: Callable[[], SolvedAnswers | None]
    ) -> None:
        """Begin without any.

        Args:
            windows: Who is told.
            status: Takes the tasks.
            newest: The answers whose draws pages have; None: there are none yet.
        """
        self.windows, self.status = windows, status
        self.answered: dict[str, str] = {}
        """The message that answers each of them, by key."""
        self._newest = newest
        self._waiting: dict[str, list[tuple[Window, int]]] = {}

    @property
    def can_compare(self) -> bool:
        """Whether the solver still has the draws that pages have."""
        newest = self._newest()
        return newest is not None and newest.number in self.status.solver.kept

    def ask(
        self,
        asked: CustomWhatIf,
        request: SolveRequest,
        window: Window,
        id: int,
        on_refusal: Callable[[], None],
    ) -> None:
        """Answer a custom what-if for a window.

        Args:
            asked: The what-if.
            request: The case that it is about.
            window: Who asked.
            id: Of the window's request.
            on_refusal: Called where it has no meaning in this case; the window is told why.
        """
        self._waiting.setdefault(asked.key, []).append((window, id))

        def failed(why: str) -> None:
            self._fail(asked.key, why)
            self.forget(asked.key)
            on_refusal()

        head = {"do": "check_custom_what_if", "asked": asked.model_dump()}
        self.status.put(
            SolverTask("short", f"what_if {asked.key}", head, request.case, _ignore, failed)
        )
        self._solve(asked)

    def ask_again(self, what_ifs: Mapping[str, CustomWhatIf]) -> None:
        """Answer all of them for the draws that pages have now."""
        for asked in what_ifs.values():
            self._solve(asked)

    def forget(self, key: str) -> None:
        """Drop one; windows that wait for it get a `done`, as no answer will come."""
        for queue in ("live", "short"):
            self.status.solver.cancel(queue, f"what_if {key}")
        self.answered.pop(key, None)
        for window, id in self._waiting.pop(key, []):
            window.send(to_json(DoneMessage(id=id)))

    def fail_waiting(self, why: str) -> None:
        """Tell all windows that wait for one why it cannot be answered."""
        for key in list(self._waiting):
            self._fail(key, why)

    def _solve(self, asked: CustomWhatIf) -> None:
        newest = self._newest()
        if newest is None or not self.can_compare:
            return  # It is asked again once there are answers.

        def done(task: SolverTask, texts: list[str]) -> None:
            message = self.answered[asked.key] = texts[0]
            waiting = self._waiting.pop(asked.key, [])
            for window, id in waiting:
                window.send(with_id(message, id))
            self.windows.broadcast_except(message, {window for window, _ in waiting})
            self.status.broadcast()

        def failed(why: str) -> None:
            self._fail(asked.key, why)
            self.status.broadcast()

        head = {"do": "custom_what_if", "name": "what_if", "compared_with": newest.number}
        head["asked"] = asked.model_dump()
        head["case_digest"] = newest.request.facts.case
        self.status.put(
            SolverTask("live", f"what_if {asked.key}", head, None, done, failed,
                 report=self.status.reporter("live"))
        )  # fmt: skip

    def _fail(self, key: str, why: str) -> None:
        for window, id in self._waiting.pop(key, []):
            window.send(to_json(ErrorMessage(id=id, message=why)))


def _ignore(task: SolverTask, texts: list[str]) -> None:
    pass
