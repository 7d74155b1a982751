"""The ledger: read it, show what would be entered, and enter what was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.ledger_desk import LedgerRequest
from backchannel.web.ledger_messages import (
    AskLedger,
    EnterInLedger,
    LedgerEnteredMessage,
    LedgerMessage,
    LedgerPreviewMessage,
    LogForecasts,
    ResolveForecasts,
    WithdrawRun,
)

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


async def _carry_out(bench: Workbench, window: Window, request: LedgerRequest) -> None:
    await bench.ledger.carry_out(bench, window, request)


HANDLERS = (
    RequestHandler(AskLedger, _carry_out, (LedgerMessage,)),
    RequestHandler(LogForecasts, _carry_out, (LedgerPreviewMessage,)),
    RequestHandler(ResolveForecasts, _carry_out),
    RequestHandler(WithdrawRun, _carry_out),
    RequestHandler(EnterInLedger, _carry_out, (LedgerEnteredMessage,)),
)
