"""Causal games of political bargaining: what next, what if, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backchannel.ledger.ledger import Ledger
    from backchannel.study import Study

    __version__: str

__all__ = ["Ledger", "Study", "__version__"]


def __getattr__(name: str) -> Any:
    # Commands that do not solve must not pay for the solver, nor for reading the metadata.
    if name == "Study":
        from backchannel.study import Study

        return Study
    if name == "Ledger":
        from backchannel.ledger.ledger import Ledger

        return Ledger
    if name == "__version__":
        from importlib.metadata import version

        return version("backchannel")
    raise AttributeError(f"module 'backchannel' has no attribute '{name}'")
