"""The command `serve`: the workbench in a browser."""

from __future__ import annotations

import click

from backchannel.cli.group import main
from backchannel.cli.outcomes import outcomes_option
from backchannel.console.command import example, solver_options
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.language.number_ranges import PORT_RANGE
from backchannel.machine.interrupt import interrupt


@main.command(
    epilog=example("backchannel serve talks.yaml", "backchannel serve belarus-2025 --port 0")
)
@solver_options
@click.option("--port", type=WholeOption(PORT_RANGE), default=8765, show_default=True,
              help="Port on this machine; 0 chooses a free port.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Address to listen on; any other address lets other machines connect.")  # fmt: skip
@outcomes_option
@click.option("--open/--no-open", "is_to_open", default=True, help="Whether to open the browser.")
def serve(
    case: str,
    draws: int,
    seed: int,
    port: int,
    host: str,
    book: str | None,
    is_to_open: bool,
) -> None:
    """Open a case in the workbench, in the browser: pictures, sliders, what-ifs, and the case file.

    No data leaves this machine. While sliders move, at most 512 draws are solved.
    """
    from backchannel.web.serving import serve_case

    serve_case(
        case,
        host=host,
        port=port,
        draws=draws,
        seed=seed,
        ledger=book,
        say=say,
        warn=lambda text: say(text, err=True),
        open_browser=is_to_open,
        end_by=interrupt.end_by,
    )
