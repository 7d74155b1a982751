"""A checker like ours, but for texts that ask for trouble by name. Run as a module by tests."""

from __future__ import annotations

import os
import re
import signal

from backchannel.web import checking_child

SPIN, HOLD, CRASH, EAT = "# spin\n", "# hold\n", "# crash\n", "# eat\n"


def answer(head: dict, texts: list[str]) -> tuple[dict, list[str]]:
    """Get into trouble, or check the text."""
    if head["do"] != "check":
        return checking_child.handle_task(head, texts)
    text = texts[0]
    if SPIN in text:
        while True:
            pass
    if HOLD in text:  # For ever, and no other thread of the process gets a turn.
        re.match(r"(a+)+$", "a" * 60 + "b")
    if CRASH in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if EAT in text:
        return {"held": len(b"x" * 3_000_000_000)}, []
    return checking_child.handle_task(head, texts)


if __name__ == "__main__":
    checking_child.AFTER = 1.0
    checking_child.run_tasks(answer)
