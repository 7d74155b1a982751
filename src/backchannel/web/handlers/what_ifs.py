"""What-ifs that users compose: ask one, and drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.web.answer_messages import WhatIfMessage
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_parts import CustomWhatIf
from backchannel.web.requests import AskWhatIf, Drop

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


async def _ask(bench: Workbench, window: Window, request: AskWhatIf) -> None:
    asked = request.asked

    def on_refusal() -> None:
        if bench.shared.what_ifs.get(asked.key) is asked:
            bench.shared.drop(asked.key)
            bench.history.forget_what_if(asked.key)
            bench.broadcasts.shared()
            bench.broadcasts.history()

    bench.answering.what_ifs.ask(asked, bench.schedule.request, window, request.id, on_refusal)
    bench.answering.restore_draws()
    with bench.history.step(f"Ask {_title(asked)}"):
        bench.shared.add(asked)
    bench.broadcasts.shared()
    bench.broadcasts.history()


async def _drop(bench: Workbench, window: Window, request: Drop) -> None:
    asked = bench.shared.what_ifs.get(request.key)
    with bench.history.step(f"Drop {_title(asked) if asked else 'a what-if'}"):
        bench.shared.drop(request.key)
    bench.answering.what_ifs.forget(request.key)
    bench.broadcasts.shared(window, request.id)
    bench.broadcasts.history()


def _title(asked: CustomWhatIf) -> str:
    changed = asked.cause or ", ".join(
        f"{node} = {value}" for node, value in (asked.do or {}).items()
    )
    return f"what if {changed}" if len(changed) <= 60 else f"what if {changed[:60]}…"


HANDLERS = (
    RequestHandler(AskWhatIf, _ask, (WhatIfMessage,)),
    RequestHandler(Drop, _drop),
)
