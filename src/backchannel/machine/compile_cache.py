"""Compiled programs, stored on disk and used again by the next run."""

from __future__ import annotations

import os
from pathlib import Path

from backchannel.machine.folders import cache_folder


def keep_compiled() -> None:
    """Store compiled programs in the user's cache folder; only for processes that Backchannel starts.

    `BACKCHANNEL_CACHE` names another folder; if it is empty, nothing is stored.
    """
    folder = os.environ.get("BACKCHANNEL_CACHE", str(cache_folder() or ""))
    if not folder:
        return
    import jax

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
