"""Linear algebra on one thread: questions are answered side by side, and small matrices gain nothing from more."""

from __future__ import annotations

import os

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Variables that tell the libraries behind NumPy and SciPy how many threads to use; read when they are loaded."""


def use_one_thread() -> None:
    """Let linear algebra use one thread, unless the user has chosen; only for processes that Backchannel starts.

    Threads that wait for each other keep processors busy that other questions need. It must be called before
    NumPy is imported.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
