"""The command `data`: turn a public table that you have downloaded into plays of a catalog case."""

from __future__ import annotations

import click

from backchannel.cli.group import main
from backchannel.console.command import example
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files
from backchannel.files.marks import no_mark
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.errors import CommandError

_FILE = click.Path(dir_okay=False)


@main.command(
    epilog=example(
        "backchannel data --list", "backchannel data war1800 war1800.csv --out plays.csv"
    )
)
@click.argument("name", required=False)
@click.argument("table", type=_FILE, required=False)
@click.option(
    "--list", "lists", is_flag=True, help="List the tables, their origins and their cases."
)
@click.option("--out", "target", type=_FILE, metavar="FILE", help="The CSV file to write.")
@force_option
def data(name: str | None, table: str | None, lists: bool, target: str | None, force: bool) -> None:
    """Turn a public table, as its authors publish it, into plays of a catalog case."""
    from backchannel.estimation.recipes.recipe import RECIPES, plays_from

    if lists or name is None:
        for recipe in RECIPES.values():
            say(f"{recipe.name}: {recipe.about}.")
            say(f"  Plays of the case {recipe.case}. Origin: {recipe.origin}.")
            say(f"  Then: {recipe.advice}")
        return
    if table is None or target is None:
        raise CommandError(
            f"Give the table as you downloaded it, and a file to write: backchannel data {name} TABLE "
            "--out plays.csv"
        )
    files = plan_files(("--out", target, no_mark), force=force, reads={"the table": table})
    plays = plays_from(name, table)
    files.write(target, lambda: guarded_csv(plays))
    left_out = plays.attrs.get("left_out", 0)
    say(
        f"Wrote {len(plays):,} plays of the case {RECIPES[name].case} to {target}"
        + (
            f"; {left_out:,} rows of the table are of another kind and are left out."
            if left_out
            else "."
        )
    )
    say(f"Then: {RECIPES[name].advice}")
