"""The second signal of a kind ends the process, even where Python cannot run a single instruction.

Code of a library can hold Python's lock for long; no thread of Python, and so no handler, runs until it
returns. The system itself can end the process: it resets the signal to its default after the first one
(`SA_RESETHAND`). Python offers no function for this, so it is set by the C library, where the layout of
its record is known.
"""

from __future__ import annotations

import os
import sys

_MACHINES = ("x86_64", "aarch64", "arm64", "riscv64")
"""Processors on which the record has the layout below."""
_RESET = {"linux": 0x8000_0000, "darwin": 0x4}
"""SA_RESETHAND."""
_MASK_BYTES = {"linux": 128, "darwin": 4}
"""Size of the set of signals in the record."""


def end_at_second(number: int) -> bool:
    """Let the system end the process at the second signal; the first still goes to its handler.

    Args:
        number: The signal; it has a handler.

    Returns:
        Whether the system can. Otherwise the second signal waits for Python, as the first does.
    """
    if sys.platform not in _RESET or os.uname().machine not in _MACHINES:
        return False
    import ctypes

    class Action(ctypes.Structure):
        """The record `sigaction` of the C library, with room behind it."""

        _fields_ = (
            ("handler", ctypes.c_void_p),
            ("mask", ctypes.c_char * _MASK_BYTES[sys.platform]),
            ("flags", ctypes.c_uint),
            ("rest", ctypes.c_char * 64),
        )

    action = Action()
    try:
        sigaction = ctypes.CDLL(None).sigaction
    except (OSError, AttributeError):
        return False
    # 0 and 1 are no handlers: the signal has its default, or is ignored.
    if sigaction(number, None, ctypes.byref(action)) or (action.handler or 0) <= 1:
        return False
    action.flags |= _RESET[sys.platform]
    return not sigaction(number, ctypes.byref(action), None)
