"""Sliders: move them, and solve again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import to_json
from backchannel.web.messages import DoneMessage
from backchannel.web.requests import Refresh, Shift, Solve

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

MOST_COMPARED = 2_000
"""Names among which the nearest spelling is searched."""


async def _shift(bench: Workbench, window: Window, request: Shift) -> None:
    _check(bench, request.changes)
    if request.changes:
        names = tuple(sorted(request.changes))
        with bench.history.step(_label(request.changes), group=("shift", names)):
            bench.shared.move(request.changes)
        bench.broadcasts.history()
    bench.broadcasts.shared(window, request.id)
    if request.solve:
        bench.schedule.solve_quickly()
    bench.schedule.solve_later_if_back()


async def _solve(bench: Workbench, window: Window, request: Solve) -> None:
    bench.schedule.solve_quickly()
    window.send(to_json(DoneMessage(id=request.id)))


async def _refresh(bench: Workbench, window: Window, request: Refresh) -> None:
    bench.schedule.solve()
    window.send(to_json(DoneMessage(id=request.id)))


def _check(bench: Workbench, changes: Mapping[str, float | None]) -> None:
    uncertain = bench.facts.uncertain
    known = set(uncertain)
    for name, score in changes.items():
        if score is not None and name not in known:
            hint = did_you_mean(name, uncertain if len(known) <= MOST_COMPARED else [])
            raise CommandError(f"No uncertain assumption is called '{name}'.{hint}")


def _label(changes: Mapping[str, float | None]) -> str:
    names = list(changes)
    sliders = f"the slider of {names[0]}" if len(names) == 1 else f"{len(names)} sliders"
    is_back = all(score is None for score in changes.values())
    return f"Put {sliders} back" if is_back else f"Move {sliders}"


HANDLERS = (
    RequestHandler(Shift, _shift),
    RequestHandler(Solve, _solve),
    RequestHandler(Refresh, _refresh),
)
