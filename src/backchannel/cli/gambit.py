"""Commands that exchange games with Gambit: `export` and `import`."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.console.command import example
from backchannel.console.number_options import RealOption, WholeOption
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files
from backchannel.files.marks import is_tree, no_mark
from backchannel.language.number_ranges import (
    DEFAULT_DRAWS,
    DRAW_COUNT,
    NUMBER_FROM_1,
    SEED_RANGE,
    TREE_PRECISION,
)


@main.command(epilog=example("backchannel export sanctions-threat --gambit threat.efg"))
@click.argument("case")
@click.option("--gambit", "efg_file", required=True, type=click.Path(dir_okay=False),
              metavar="FILE.efg", help="The file to write.")  # fmt: skip
@click.option("--draw", type=WholeOption(NUMBER_FROM_1), metavar="K",
              help="Number of the draw, counted from 1; default: the medians of the priors.")  # fmt: skip
@click.option("--draws", type=WholeOption(DRAW_COUNT), default=DEFAULT_DRAWS, show_default=True,
              help="Number of draws.")  # fmt: skip
@click.option("--seed", type=WholeOption(SEED_RANGE), default=0, show_default=True,
              help="Seed of the draws; the same seed gives the same draws.")  # fmt: skip
@force_option
def export(case: str, efg_file: str, draw: int | None, draws: int, seed: int, force: bool) -> None:
    """Write one draw of a case as a Gambit game tree of at most 200,000 leaves."""
    files = plan_files(("--gambit", efg_file, is_tree), force=force, reads={"the case": case})
    from backchannel.interop.efg_write import write_efg
    from backchannel.interop.gambit import tree_of
    from backchannel.study import Study

    study = Study.load(case, draws=draws, seed=seed)
    files.protect(study.reads)
    tree = tree_of(study.lowered, draw=draw, draws=draws, seed=seed)
    files.write(efg_file, lambda: write_efg(tree))
    say(tree.comment)
    say(f"Wrote {efg_file}: {tree.n_leaves:,} leaves, {len(tree.players)} players.")


@main.command("import", epilog=example("backchannel import game.efg --out game.yaml"))
@click.argument("efg_file", metavar="FILE.efg", type=click.Path())
@click.option("--out", type=click.Path(dir_okay=False), metavar="CASE.yaml",
              help="The case file to write; default: FILE.yaml.")  # fmt: skip
@click.option("--precision", type=RealOption(TREE_PRECISION), metavar="λ",
              help="Logit precision of every player; default: as noted in the file, or 1.")  # fmt: skip
@force_option
def import_(efg_file: str, out: str | None, precision: float | None, force: bool) -> None:
    """Write a Gambit game tree as a case file."""
    path = Path(out or Path(efg_file).with_suffix(".yaml").name)
    # The user may have edited an imported case, so a second import does not replace it without asking.
    files = plan_files(("--out", str(path), no_mark), force=force, reads={"the tree": efg_file})
    from backchannel.interop.gambit import case_from_efg, checked_text

    case = case_from_efg(Path(efg_file), precision=precision)
    text = checked_text(case, file=Path(efg_file).name)
    files.write(str(path), lambda: text)
    moves = sum(node.player is not None for node in case.nodes.values())
    say(
        f"Wrote {path}: {len(case.players)} players, {moves} decisions. Try: backchannel run {path}"
    )
