"""The page of the Python API: every name that `backchannel` exports, from its docstring."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from generated import write_page

INTRODUCTION = """# Python API

Import these names from `backchannel` itself. [From Python](../python.md) shows how they belong together, and
[what stays stable](../stability.md) what you can build on.

"""
FIRST = ("Study", "Case", "Ledger")
"""What a reader starts with; the rest follows in alphabetical order."""


def api_page() -> str:
    """Write the page."""
    import backchannel

    names = [name for name in backchannel.__all__ if name != "__version__"]
    errors = [name for name in names if _is_error(getattr(backchannel, name))]
    results = sorted(set(names) - set(FIRST) - set(errors))
    parts = [INTRODUCTION]
    for title, group in (("Start here", FIRST), ("Results", results), ("Errors", errors)):
        parts.append(f"## {title}\n\n")
        parts += [_entry(getattr(backchannel, name), name) for name in group]
    return "".join(parts)


def _is_error(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, Exception)


def _entry(value: Any, name: str) -> str:
    kind = "autoclass" if inspect.isclass(value) else "autofunction"
    if _is_error(value):
        kind = "autoexception"
    # The methods of a study stand in its bases, by what they do.
    inherited = "\n   :inherited-members: SolvedCase" if name == "Study" else ""
    return f"### `{name}`\n\n```{{eval-rst}}\n.. {kind}:: backchannel.{name}{inherited}\n```\n\n"


def _write(app: Any) -> None:
    write_page(Path(app.srcdir) / "reference" / "api.md", api_page())


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
