"""Requests and messages about the ledger. Nothing is entered that was not shown before, under a ticket."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from backchannel.ledger.document import LedgerView
from backchannel.web.message_json import Reply
from backchannel.web.message_parts import Key, ServerPart, Setting
from backchannel.web.requests import Numbered
from backchannel.wording.pieces import Day

MOST_WORDS = 2000
"""Characters of a source or a reason."""


class AskLedger(Numbered):
    """Read the ledger: answered by `ledger`."""

    type: Literal["ledger"]
    for_all: StrictBool = False
    """Score every case of the ledger."""
    hindcasts: StrictBool = False


class LogForecasts(Numbered):
    """Show the forecasts that would be logged: answered by `ledger_preview`."""

    type: Literal["ledger_log"]
    by: StrictStr = Field("", max_length=200)


class ResolveForecasts(Numbered):
    """Show the outcomes that would be entered: answered by `ledger_preview`."""

    type: Literal["ledger_resolve"]
    values: dict[Key, Setting] = Field(min_length=1, max_length=100)
    on: StrictStr = Field(max_length=20)
    source: StrictStr = Field(max_length=MOST_WORDS)
    correct: StrictBool = False
    why: StrictStr = Field("", max_length=MOST_WORDS)


class WithdrawRun(Numbered):
    """Show the run that would be withdrawn: answered by `ledger_preview`."""

    type: Literal["ledger_withdraw"]
    run: StrictInt = Field(ge=1, lt=2**53)
    why: StrictStr = Field(max_length=MOST_WORDS)


class EnterInLedger(Numbered):
    """Enter what was shown under a ticket: answered by `ledger_entered`, which every window gets."""

    type: Literal["ledger_enter"]
    ticket: Key


class LedgerMessage(Reply):
    """What the ledger holds of the case."""

    type: Literal["ledger"] = "ledger"
    ledger: LedgerView


class PreviewRow(ServerPart):
    """One forecast or outcome that would be entered."""

    title: str
    due: Day | None
    """When the forecast is due, or when the outcome came about."""
    says: str
    """The most likely value, or the outcome."""
    probability: float | None
    test: str
    """How it is known."""


class LedgerPreviewMessage(Reply):
    """What would be entered."""

    type: Literal["ledger_preview"] = "ledger_preview"
    title: str
    sentences: list[str]
    rows: list[PreviewRow]
    path: str
    ticket: str


class LedgerEnteredMessage(Reply):
    """Something was entered in the ledger."""

    type: Literal["ledger_entered"] = "ledger_entered"
    note: str
