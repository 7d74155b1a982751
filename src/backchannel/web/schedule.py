"""When the case is solved: at once for a slider that was moved, and after a pause for a text that is typed."""

from __future__ import annotations

import asyncio

from backchannel.language.errors import CommandError
from backchannel.web.answering import Answering
from backchannel.web.shared_state import SharedState
from backchannel.web.solve_request import CaseText, SolveRequest
from backchannel.web.text_checks import TextChecks

PAUSE = 0.6
"""Seconds without typing before a valid text is solved."""


class SolveSchedule:
    """Asks for answers to the newest text and sliders, and for none that are there or on their way."""

    def __init__(self, shared: SharedState, checks: TextChecks, answering: Answering) -> None:
        self.shared, self.checks, self.answering = shared, checks, answering
        self._solved_for = ""
        """The case for which full answers were last requested."""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def request(self) -> SolveRequest:
        """What would be solved now.

        Raises:
            CommandError: There has been no text without problems yet.
        """
        if not self.checks.valid_text:
            raise CommandError("The text has problems. Correct them first: nothing was solved yet.")
        case = CaseText(self.checks.valid_text, str(self.checks.open_file.file.path))
        shifts = dict(self.shared.shifts)
        return SolveRequest(case, self.checks.facts, shifts, self.shared.text_revision)

    def solve(self) -> None:
        """Solve everything; where another case is on the page, its forecasts first."""
        if not self.checks.valid_text:
            return
        full, facts = self.answering.full, self.checks.facts
        if full is not None and full.request.facts.case != facts.case:
            if full.request.facts.shape == facts.shape:
                self.solve_quickly()
            else:
                self.answering.cancel_quick()
        self._solved_for = facts.case
        self.answering.answer_fully(self.request)

    def solve_quickly(self) -> None:
        """Solve the forecasts for the sliders as they are."""
        if self.checks.valid_text:
            self.answering.answer_quickly(self.request)

    def solve_later(self) -> None:
        """Solve once nobody has typed for a moment."""
        self.close()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(PAUSE, self._solve_if_new)

    def solve_later_if_back(self) -> None:
        """Once all sliders are back, give the case its own answers again where others were solved since."""
        if self._is_back:
            self.solve_later()

    def close(self) -> None:
        """Solve nothing later."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def _is_back(self) -> bool:
        full = self.answering.full
        is_back = full is not None and bool(full.request.shifts) and not self.shared.shifts
        return is_back and not self.answering.is_solving_fully(self.request)

    def _solve_if_new(self) -> None:
        if self.checks.facts.case != self._solved_for or self._is_back:
            self.solve()
