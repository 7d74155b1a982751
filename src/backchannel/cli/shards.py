"""The command `shards`: more draws than one sitting or one machine holds."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.console.command import example, solver_options, studying
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.number_ranges import SHARD_DRAWS, SHARD_SIZE


@main.command(
    epilog=example(
        "backchannel shards belarus-2025 --out shards --draws 65536",
        "backchannel shards belarus-2025 --out shards --draws 65536 --cluster local:2",
        "backchannel shards talks.yaml --out shards --draws 1000000 --cluster tcp://10.0.0.5:8786",
    )
)
@solver_options
@click.option("--out", "folder", required=True, metavar="FOLDER",
              type=click.Path(file_okay=False),
              help="Keep finished shards here; run the same command again to continue.")  # fmt: skip
@click.option("--shard-size", "size", type=WholeOption(SHARD_DRAWS), default=SHARD_SIZE, show_default=True,
              help="Draws in a shard.")  # fmt: skip
@click.option("--cluster", metavar="ADDRESS",
              help="Solve on a Dask cluster: local:N worker processes here, or tcp://HOST:PORT.")  # fmt: skip
@json_option("the forecasts and comparisons in words, with their histograms,")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Also write the forecasts and comparisons to a CSV file.")  # fmt: skip
@force_option
def shards(
    case: str,
    draws: int,
    seed: int,
    folder: str,
    size: int,
    cluster: str | None,
    json_file: str | None,
    csv_file: str | None,
    force: bool,
) -> None:
    """Forecast a case and its what-ifs in very many draws, in shards that are kept in a folder."""
    from backchannel.files.marks import no_mark
    from backchannel.files.spreadsheet import guarded_csv

    files = plan_files(
        ("--json", json_file, document("scale.document", "ShardedAnswers")),
        ("--csv", csv_file, no_mark),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        result = study.sharded(folder, size=size, cluster=cluster)
        from backchannel.console.safe_console import console
        from backchannel.scale.terminal import show_sharded

        show_sharded(result, console())
        files.write(json_file, lambda: result.document().model_dump_json(indent=1) + "\n")
        files.write(csv_file, lambda: guarded_csv(result.to_frame()))
    say(f"{result.n_draws:,} draws are kept in {Path(folder)}.", err=True)
