"""What carries out each kind of request that has a module of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from backchannel.web.ledger_messages import (
    AskLedger,
    EnterInLedger,
    LogForecasts,
    ResolveForecasts,
    WithdrawRun,
)

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

Handler = Callable[["Workbench", "Window", Any], Awaitable[None]]


async def _ledger(bench: Workbench, window: Window, request: Any) -> None:
    await bench.ledger.carry_out(bench, window, request)


HANDLERS: Mapping[type, Handler] = {
    **dict.fromkeys(
        (AskLedger, LogForecasts, ResolveForecasts, WithdrawRun, EnterInLedger), _ledger
    ),
}
"""By the class of the request; it answers the request itself."""
