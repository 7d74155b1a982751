"""A case that a command opens in order to fit or to play it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from backchannel.console.writing import Files

if TYPE_CHECKING:
    from backchannel.case.lowered import Lowered
    from backchannel.machine.reports import Progress


@contextmanager
def opened_case(case: str, stage: str, files: Files) -> Iterator[tuple[Lowered, Progress]]:
    """Open a case, with a progress bar and a cache of compiled programs during the block."""
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case, reads_of
    from backchannel.console.progress import Bar
    from backchannel.machine.compile_cache import keep_compiled

    lowered = lower(*read_case(find_case(case)))
    files.protect(reads_of(lowered.case))
    bar = Bar()
    bar.stage(stage, 0)
    keep_compiled()
    try:
        yield lowered, bar
    finally:
        bar.close()
