"""The process that reads cases, patterns and game trees for the start page, apart from the server.

Run as `python -m backchannel.web.start.start_child` by the workbench.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from backchannel.web.checking_child import handle_task, run_tasks
from backchannel.web.frames import FrameHead
from backchannel.web.start.library import compose_patterns, list_library


def handle_start_task(head: FrameHead, texts: list[str]) -> tuple[FrameHead, list[str]]:
    """Run one task.

    Raises:
        BackchannelError: It is not possible; the text says why.
    """
    match head["do"]:
        case "library":
            return {}, [list_library().model_dump_json()]
        case "compose":
            composed = compose_patterns(head["title"], head["patterns"], head["roles"])
            return {}, [composed.model_dump_json()]
        case "tree":
            from backchannel.interop.gambit import case_from_efg, checked_text

            tree = Path(head["tree"])
            return {}, [checked_text(case_from_efg(tree), file=tree.name)]
    return handle_task(head, texts)


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # The server is gone.
        run_tasks(handle_start_task)
