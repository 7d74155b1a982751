"""Causal games of political bargaining: what next, what if, and why."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backchannel.study import Study

__all__ = ["Study", "__version__"]

try:
    __version__ = version("backchannel")
except PackageNotFoundError:
    __version__ = "0"


def __getattr__(name: str) -> Any:
    # Study brings the solver along; commands that do not solve must not pay for it.
    if name == "Study":
        from backchannel.study import Study

        return Study
    raise AttributeError(f"module 'backchannel' has no attribute '{name}'")
