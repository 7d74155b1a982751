"""The command `rivals`."""

from __future__ import annotations

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.number_ranges import RIVAL_COUNT


@click.command(
    epilog=example(
        "backchannel rivals sanctions-threat",
        "backchannel rivals belarus-2025 --node later_release --most 20",
    )
)
@solver_options
@cluster_option
@click.option(
    "--node", metavar="NODE", help="The outcome; default: that of the case's first question."
)
@click.option("--most", type=WholeOption(RIVAL_COUNT), default=60, show_default=True,
              help="Solve at most this many rivals.")  # fmt: skip
@click.option("--written", is_flag=True, help="Only the rivals of the case file.")
@json_option("the result")
@force_option
def rivals(
    case: str,
    draws: int,
    seed: int,
    node: str | None,
    most: int,
    written: bool,
    json_file: str | None,
    force: bool,
) -> None:
    """Weigh other structures of the case by the record: could the case be wrong?

    Rivals are solved in the first 256 draws, or in fewer with --draws. Each is reported on the error stream as soon
    as it is solved; the table follows at the end.
    """
    files = plan_files(
        ("--json", json_file, document("questions.rivals.document", "RivalsView")),
        force=force,
        reads={"the case": case},
    )
    opened = studying(case, draws, seed, files)

    def tell(line: str) -> None:
        """Show what a rival has shown; the bar comes back with the next one."""
        opened.bar.close()
        say(line, err=True)

    with opened as study:
        view = study.rivals(
            node, draws=min(draws, 256), most=most, written=written, tell=tell
        ).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.rivals.terminal import show_rivals

    show_rivals(view, console())
    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    if json_file:
        say(f"Wrote {json_file}.", err=True)
