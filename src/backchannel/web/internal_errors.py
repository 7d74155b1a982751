"""Report an error of Backchannel itself in the terminal of the workbench."""

from __future__ import annotations

import sys

from backchannel.language.visible import in_one_line


def log_internal_error(error: Exception) -> None:
    """Write the kind and the text of an error to the error stream, on one line."""
    print(f"backchannel: {in_one_line(f'{type(error).__name__}: {error}')}", file=sys.stderr)
