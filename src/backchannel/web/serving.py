"""Serve the workbench: take a port, print the address, and end quietly."""

from __future__ import annotations

import errno
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from backchannel.interface import MISSING, bundle
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.ledger.ledger import Ledger
from backchannel.web.app import build_app
from backchannel.web.bounded_connections import BoundedHttp, BoundedSocket
from backchannel.web.case_file import CaseFile
from backchannel.web.security import AllowedHosts, is_local, keys_for
from backchannel.web.workbench import Workbench

LONGEST_HOST = 100
"""Characters of an address that a message repeats."""
LARGEST_FRAME = 16_000_000
"""Bytes of one message; a larger one ends the connection that sent it. Smaller ones that are still
too large are answered (`messages.MOST_CHARACTERS`)."""


def serve_case(
    case: str,
    *,
    host: str,
    port: int,
    draws: int,
    seed: int,
    ledger: str | None = None,
    say: Callable[[str], None],
    warn: Callable[[str], None],
    end_by: Callable[[Callable[[], None]], None],
    open_browser: bool = False,
) -> None:
    """Open a case in the workbench and serve it until Ctrl-C, or until the system ends it.

    Args:
        case: A file, or the name of a case that comes with the package.
        host: The address to listen on.
        port: The port; 0 finds a free one.
        draws: How often the uncertain numbers are drawn.
        seed: Seed of the draws.
        ledger: A ledger whose outcomes are reviewed with every full answer.
        say: Shows the user the address.
        warn: Shows the user a warning.
        open_browser: Whether to open the address in the browser.
        end_by: Gets a function that ends the server, and calls it at Ctrl-C, from another thread.

    Raises:
        CommandError: The pages are not built, there is no such case or ledger, or the port is taken.
        CaseError: The case is wrong; every problem is listed.
    """
    built = bundle()
    if built is None:
        raise CommandError(MISSING)
    file = CaseFile.find(case)
    if ledger is not None:
        ledger = str(Ledger.existing(ledger).path.resolve())
    workbench = Workbench(file, draws=draws, seed=seed, ledger=ledger)
    with bind(host, port) as listening:
        port = listening.getsockname()[1]
        keys = keys_for(str(file.path.resolve()), port)
        app = build_app(workbench, built, keys=keys, allowed=AllowedHosts(host))
        if not is_local(host):
            warn(
                f"Warning: {host} lets other machines connect, and nothing is encrypted: whoever sees "
                "the link can change the case."
            )
        address = f"http://{_reachable(host)}:{port}/?token={keys.token}"
        say(f"{workbench.about.title}: {address}  (Ctrl-C ends)")
        if open_browser:
            webbrowser.open(address)
        config = uvicorn.Config(
            app,
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
    if not workbench.close():
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


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
