"""The process that checks case texts: one task at a time, with a memory limit, apart from the solver.

Run as `python -m backchannel.web.checking_child` by the workbench.
"""

from __future__ import annotations

import faulthandler
import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from pydantic import TypeAdapter

from backchannel.case.edit.operation_models import Operation
from backchannel.case.edit.operations import carried_out, consequences
from backchannel.case.edit.priors import write_priors
from backchannel.case.edit.text_places import TextPlaces
from backchannel.language.errors import BackchannelError, CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.checking import check_text, checked_case, facts_of, runnable
from backchannel.web.child import bound_memory, frames, offer_to_oom_killer, take_streams
from backchannel.web.difference import BEFORE_AND_AFTER, difference
from backchannel.web.frames import FrameHead, write_frame
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.outline import outline_messages, sketch_message
from backchannel.web.source_task import candidates_of, read_text_file, source_of

MOST_MEMORY = 2_000_000_000
"""Bytes."""
GRACE_SECONDS = 5.0
"""Seconds after a task's time limit: a server that has not ended this process by then is gone."""

_OPERATIONS: TypeAdapter[list[Operation]] = TypeAdapter(list[Operation])

_read: deque[TextPlaces] = deque(maxlen=1)
"""The text that the last change led to."""

TaskHandler = Callable[[FrameHead, list[str]], tuple[FrameHead, list[str]]]


def handle_task(head: FrameHead, texts: list[str]) -> tuple[FrameHead, list[str]]:
    """Run one task.

    Raises:
        BackchannelError: It is not possible; the text says why.
    """
    match head["do"]:
        case "check":
            return _check(head, texts[0])
        case "change":
            return _change(head, texts[0])
        case "preview":
            return _preview(head, texts[0])
        case "text":
            return read_text_file(head)
        case "source":
            return source_of(head, texts[0])
        case "candidates":
            return candidates_of(head, texts[0])
        case _:
            return _show_changes(head, *texts)


def _check(head: FrameHead, text: str) -> tuple[FrameHead, list[str]]:
    found = checked_case(text, file=head["file"], revision=head["revision"])
    facts = found.lowered and facts_of(found.lowered)
    reply = {"checked": found.checked.model_dump(), "facts": facts and facts.model_dump()}
    if found.document is None:
        return reply, []
    return reply, outline_messages(
        found.document.data,
        found.lowered,
        facts,
        name=head["name"],
        revision=head["revision"],
        is_sketched=head["is_sketched"],
    )


def _change(head: FrameHead, text: str) -> tuple[FrameHead, list[str]]:
    operations = _OPERATIONS.validate_python(head["operations"])
    changed = carried_out(_read_before(text), operations)
    _read.append(changed)
    shown = difference(text, changed.text, head["file"], states=BEFORE_AND_AFTER)
    return {}, [changed.text, shown, sketch_message(changed.data, revision=head["revision"])]


def _preview(head: FrameHead, text: str) -> tuple[FrameHead, list[str]]:
    operations = _OPERATIONS.validate_python(head["operations"])
    told = consequences(text, operations)
    changed = carried_out(_read_before(text), operations).text
    checked, _ = check_text(changed, file=head["file"], revision=0)
    problems = [problem.model_dump() for problem in checked.problems]
    shown = difference(text, changed, head["file"], states=BEFORE_AND_AFTER)
    return {"consequences": told, "problems": problems}, [shown]


def _read_before(text: str) -> TextPlaces:
    """A text with its places; that of the last change is known already."""
    return _read[-1] if _read and _read[-1].text == text else TextPlaces(text)


def _show_changes(head: FrameHead, base: str, text: str) -> tuple[FrameHead, list[str]]:
    left_out: dict[str, str] = {}
    facts: CaseFacts | None = None
    if head["shifts"]:
        rewritten = write_priors(
            text, runnable(text, file=head["file"]), head["shifts"], head["reasons"]
        )
        text, left_out = rewritten.text, rewritten.left_out
        facts = check_text(text, file=head["file"], revision=0)[1]
        if facts is None:
            raise CommandError(
                "With these priors the case cannot be run: a prior includes values that its number cannot "
                "take. Move the sliders less far."
            )
    elif head["is_new"] and check_text(text, file=head["file"], revision=0)[1] is None:
        raise CommandError(
            "A new file is written only with a case that can be read, and this text has problems. Correct "
            "them first; your text is kept."
        )
    return {"left_out": left_out, "facts": facts and facts.model_dump()}, [
        text,
        difference(base, text, head["file"]),
    ]


def run_tasks(handle: TaskHandler) -> None:
    """Run tasks as they come, until the server is gone."""
    reading, writing = take_streams()
    offer_to_oom_killer()
    bound_memory(MOST_MEMORY)
    waiting = frames(reading)
    nowhere = open(os.devnull, "w")  # noqa: SIM115
    write_frame(writing, {"is": "ready"})
    while True:
        head, texts = waiting.get()
        # This ends the process even where Python itself cannot be interrupted.
        faulthandler.dump_traceback_later(head["seconds"] + GRACE_SECONDS, exit=True, file=nowhere)
        reply: tuple[FrameHead, list[str]]
        try:
            reply = handle(head, texts)
        except MemoryError:
            reply = {"is": "out of memory"}, []
        except BackchannelError as error:
            reply = {"is": "refused", "why": str(error)}, []
        except Exception as error:
            log_internal_error(error)
            reply = {"is": "internal error", "why": type(error).__name__}, []
        faulthandler.cancel_dump_traceback_later()
        write_frame(writing, reply[0], reply[1])


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # The server is gone.
        run_tasks(handle_task)
