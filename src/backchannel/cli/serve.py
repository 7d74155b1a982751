"""The command `serve`: the workbench in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.console.command import draw_options, example, ledger_option
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.language.number_ranges import PORT_RANGE
from backchannel.machine.interrupt import interrupt


@main.command(
    epilog=example(
        "backchannel serve",
        "backchannel serve talks.yaml",
        "backchannel serve belarus-2025 --port 0",
        "backchannel serve belarus-2025 --cluster tcp://10.0.0.5:8786",
    )
)
@click.argument("case", required=False)
@draw_options
@click.option("--port", type=WholeOption(PORT_RANGE), default=8765, show_default=True,
              help="Port on this machine; 0 chooses a free port.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Address to listen on; any other address lets other machines connect.")  # fmt: skip
@ledger_option
@click.option("--cluster", metavar="ADDRESS",
              help="Solve full answers on a Dask cluster: local:N processes here, or tcp://HOST:PORT.")  # fmt: skip
@click.option("--open/--no-open", "is_to_open", default=True, help="Whether to open the browser.")
def serve(
    case: str | None,
    draws: int,
    seed: int,
    port: int,
    host: str,
    book: str,
    cluster: str | None,
    is_to_open: bool,
) -> None:
    """Open the workbench in the browser: pictures, sliders, what-ifs, and the case file.

    Without CASE it opens a start page with recent cases, the catalog and new cases. No data leaves this machine,
    unless you name a cluster elsewhere. While sliders move, at most 512 draws are solved.
    """
    from backchannel.web.serving import serve_workbench

    serve_workbench(
        case,
        host=host,
        port=port,
        draws=draws,
        seed=seed,
        ledger=Path(book),
        cluster=cluster,
        say=say,
        warn=lambda text: say(text, err=True),
        open_browser=is_to_open,
        end_by=interrupt.end_by,
    )
