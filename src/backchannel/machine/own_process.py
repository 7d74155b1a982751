"""Start a module of Backchannel in a process of its own, without a shell."""

from __future__ import annotations

import os
import subprocess
import sys


def start_process(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a module of Backchannel as a process, connected by its standard streams.

    It finds modules where this process does, and never in the current folder, which may hold anything.
    It has a session (on Windows a group) of its own, so that Ctrl-C in the terminal reaches only this process.

    Args:
        module: The module, which stands in Backchannel itself.
        arguments: What it is told on its command line.
    """
    is_windows = os.name == "nt"
    where = os.pathsep.join(folder for folder in sys.path if folder)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": where},
        start_new_session=not is_windows,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
