"""The option of commands that review a case beside everything else, once outcomes are in a ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from backchannel.console.say import say

if TYPE_CHECKING:
    from backchannel.study import Study


def outcomes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names a ledger with outcomes."""
    return click.option(
        "--ledger", "book", type=click.Path(dir_okay=False), metavar="FILE",
        help="Also review the case by the outcomes that were entered in this ledger.",
    )(command)  # fmt: skip


def take_outcomes(study: Study, book: str | None) -> None:
    """Take the outcomes from a ledger, and say so if there are none.

    Raises:
        CommandError: There is no such ledger.
    """
    if book is not None and not study.read_outcomes(book):
        say(
            f"{book} holds no outcome of {study.name} after {study.case.as_of}, so nothing is reviewed.",
            err=True,
        )
