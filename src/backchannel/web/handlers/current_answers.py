"""The full answers to the case as it is now, which some requests build on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backchannel.language.errors import CommandError

if TYPE_CHECKING:
    from backchannel.web.workbench import Workbench

NOT_YET = "The case is still being solved. Try again when the answers are there."


def current_answers(bench: Workbench) -> dict[str, Any]:
    """Name the solution of the case as it is, for a task of the solving process.

    Raises:
        CommandError: The case is still being solved.
    """
    full = bench.answering.full
    if full is None or full.request.facts.case != bench.facts.case:
        raise CommandError(NOT_YET)
    return {"compared_with": full.number, "draws": bench.draws, "seed": bench.seed}
