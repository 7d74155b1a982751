"""Serve the workbench: take a port, print the address, and end quietly."""

from __future__ import annotations

import errno
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from backchannel.interface import MISSING, bundle
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.web.bounded_connections import BoundedHttp, BoundedSocket
from backchannel.web.case_file import CaseFile
from backchannel.web.security import AllowedHosts, is_local, keys_for
from backchannel.web.site import Site
from backchannel.web.start.recent import RecentCases
from backchannel.web.workbench import Workbench
from backchannel.workers.connection import check_cluster

LONGEST_HOST = 100
"""Characters of an address that a message repeats."""
LARGEST_FRAME = 16_000_000
"""Bytes of one message; a larger one ends the connection that sent it. Smaller ones that are still
too large are answered (`messages.MOST_CHARACTERS`)."""


def serve_workbench(
    case: str | None,
    *,
    host: str,
    port: int,
    draws: int,
    seed: int,
    ledger: Path | None = None,
    cluster: str | None = None,
    say: Callable[[str], None],
    warn: Callable[[str], None],
    end_by: Callable[[Callable[[], None]], None],
    open_browser: bool = False,
) -> None:
    """Serve the workbench until Ctrl-C, or until the system ends it.

    Args:
        case: A file, or the name of a case that comes with the package; None: the start page, where the user
            chooses.
        host: The address to listen on.
        port: The port; 0 finds a free one.
        draws: How often the uncertain numbers are drawn.
        seed: Seed of the draws.
        ledger: The file of the ledger; by default that of the working directory.
        cluster: The address of a cluster on which full answers are solved; None: on this computer.
        say: Shows the user the address.
        warn: Shows the user a warning.
        open_browser: Whether to open the address in the browser.
        end_by: Gets a function that ends the server, and calls it at Ctrl-C, from another thread.

    Raises:
        CommandError: The pages are not built, there is no such case or cluster, the port is taken, or other machines
            could open any case of the user.
        CaseError: The case is wrong; every problem is listed.
    """
    built = bundle()
    if built is None:
        raise CommandError(MISSING)
    is_private = is_local(host)
    if case is None and not is_private:
        raise CommandError(
            f"--host {in_one_line(host)[:LONGEST_HOST]} needs a case, as in `backchannel serve talks.yaml --host "
            "ADDRESS`: other machines could open every case on this one from the start page."
        )
    if cluster is not None:
        check_cluster(cluster)
        warn(f"Full answers are solved on the cluster {cluster}.")
    first = (
        None
        if case is None
        else Workbench(CaseFile.find(case), draws=draws, seed=seed, ledger=ledger, cluster=cluster)
    )
    with bind(host, port) as listening:
        port = listening.getsockname()[1]
        # Only a page that is this machine's alone may come back to other cases than the one it was opened for.
        opens = "" if first is None or is_private else first.open_file.file.identity
        keys = keys_for(opens, port)
        site = Site(
            first,
            built,
            keys=keys,
            allowed=AllowedHosts(host),
            recent=RecentCases(),
            folder=_working_folder() if is_private else None,
            draws=draws,
            seed=seed,
            ledger=ledger,
            cluster=cluster,
        )
        if not is_private:
            warn(
                f"Warning: {host} lets other machines connect, and nothing is encrypted: whoever sees "
                "the link can change the case."
            )
        address = f"http://{_reachable(host)}:{port}/?token={keys.token}"
        title = "Backchannel" if first is None else first.about.title
        say(f"{title}: {address}  (Ctrl-C ends)")
        if open_browser:
            webbrowser.open(address)
        config = uvicorn.Config(
            site.app,
            log_level="critical",
            access_log=False,
            http=BoundedHttp,
            ws=BoundedSocket,
            ws_max_size=LARGEST_FRAME,
            # Compressed, a few bytes could stand for a message of the largest size.
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            server_header=False,
            date_header=False,
        )
        server = _Server(config)

        def end() -> None:
            server.should_exit = True

        end_by(end)
        server.run(sockets=[listening])
    if not site.kill():
        # A compiled program cannot be interrupted, and its result is not needed.
        sys.stdout.flush()
        os._exit(0)


class _Server(uvicorn.Server):
    """A server that leaves signals to the command line."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Change no handler of a signal."""
        yield


def bind(host: str, port: int) -> socket.socket:
    """Take a port.

    Raises:
        CommandError: It is taken, or there is no such host.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CommandError(f"--host {host}: {error.strerror or error}.") from None
    except ValueError:  # A label that is empty or too long, or a zero character.
        raise CommandError(
            f"--host {in_one_line(host)[:LONGEST_HOST]}: this is no name of a machine."
        ) from None
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use, perhaps by another workbench. Choose another with --port N, "
                "or let one be found: --port 0."
            ) from None
        raise CommandError(f"Port {port} on {host}: {error.strerror or error}.") from None
    return listening


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise CommandError(
            "The working directory is not there any more. Change to a folder that exists."
        ) from None


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
