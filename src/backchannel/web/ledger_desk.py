"""The ledger in the workbench: what a window asks of it, and the tickets for what was shown.

The file is read and written in the process that solves: a damaged or large one never holds up the server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.language.errors import CommandError
from backchannel.web.handlers.current_answers import NOT_YET, current_answers
from backchannel.web.ledger_messages import (
    AskLedger,
    EnterInLedger,
    LogForecasts,
    ResolveForecasts,
    WithdrawRun,
)
from backchannel.web.message_json import with_id

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

MOST_TICKETS = 20
LedgerRequest = AskLedger | LogForecasts | ResolveForecasts | WithdrawRun | EnterInLedger


@dataclass(frozen=True)
class Shown:
    """What was shown, and can be entered."""

    do: str
    head: Mapping[str, Any]


class LedgerDesk:
    """The ledger of a workbench."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tickets: dict[str, Shown] = {}

    async def carry_out(self, bench: Workbench, window: Window, request: LedgerRequest) -> None:
        """Carry out a request, and answer it.

        Raises:
            CommandError: It is not possible; the text says why.
        """
        match request:
            case AskLedger():
                head = {"for_all": request.for_all, "hindcasts": request.hindcasts}
                text = await self._run(bench, "ledger", head)
            case LogForecasts():
                text = await self._show(bench, "ledger_log", _of_current_answers(bench, request.by))
            case ResolveForecasts():
                head = request.model_dump(include={"values", "on", "source", "correct", "why"})
                text = await self._show(bench, "ledger_resolve", head)
            case WithdrawRun():
                head = {"run": request.run, "why": request.why}
                text = await self._show(bench, "ledger_withdraw", head)
            case EnterInLedger():
                await self._enter(bench, window, request)
                return
        window.send(with_id(text, request.id))

    async def _show(self, bench: Workbench, do: str, head: Mapping[str, Any]) -> str:
        ticket = secrets.token_urlsafe(16)
        text = await self._run(bench, do, {**head, "ticket": ticket})
        self._tickets[ticket] = Shown(do, head)
        while len(self._tickets) > MOST_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return text

    async def _enter(self, bench: Workbench, window: Window, request: EnterInLedger) -> None:
        # A ticket is used up at once, so that two clicks cannot enter something twice.
        shown = self._tickets.pop(request.ticket, None)
        if shown is None:
            raise CommandError("Look at the entry again: it was shown too long ago, or is entered.")
        text = await self._run(bench, shown.do, {**shown.head, "ticket": ""})
        window.send(with_id(text, request.id))
        bench.windows.broadcast_except(text, {window})

    async def _run(self, bench: Workbench, do: str, head: Mapping[str, Any]) -> str:
        own = {"path": str(self.path), "case": bench.open_file.file.name}
        return (await bench.answering.tasks.run(do, {**own, **head}))[0]


def _of_current_answers(bench: Workbench, by: str) -> dict[str, Any]:
    """Name the answers whose forecasts are logged: those of the case file as it is on disk.

    Raises:
        CommandError: There are none; the text says what to do first.
    """
    if bench.shared.is_unsaved:
        raise CommandError(
            "Save the case text first: the ledger refers to the case as it is on disk."
        )
    if bench.shared.shifts:
        raise CommandError(
            "Reset the sliders first, or save them as priors: the ledger holds the forecasts of the case as "
            "it is written."
        )
    answers = current_answers(bench)
    full = bench.answering.full
    if full is None or full.request.shifts:
        raise CommandError(NOT_YET)
    return {**answers, "by": by}
