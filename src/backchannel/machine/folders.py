"""The user's folders for what Backchannel keeps: compiled programs, keys of the workbench, logs of errors."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path | None:
    """The folder of what can be made again; None where the user has no home."""
    return _folder("XDG_CACHE_HOME", ".cache")


def state_folder() -> Path | None:
    """The folder of what should last; None where the user has no home."""
    return _folder("XDG_STATE_HOME", ".local/state")


def _folder(variable: str, default: str) -> Path | None:
    given = os.environ.get(variable)
    try:
        return Path(given or Path.home() / default) / "backchannel"
    except RuntimeError:  # No home is known.
        return None
