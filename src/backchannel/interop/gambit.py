"""Gambit: export a case as a game tree, and load a game tree as a case."""

from __future__ import annotations

from pathlib import Path

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import read_case_text
from backchannel.case.read.document import MAX_BYTES as MAX_CASE_BYTES
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.case.write import rough_size, write_case
from backchannel.ensemble.draws import draw_numbers
from backchannel.files.outputs import Outputs
from backchannel.interop.efg_read import read_efg_file
from backchannel.interop.efg_write import write_efg
from backchannel.interop.game_tree import EfgError, GameTree
from backchannel.interop.tree_to_case import case_from_tree
from backchannel.interop.unroll import unroll
from backchannel.language.errors import CaseError, CommandError, Place, Problem
from backchannel.language.number_ranges import NUMBER_FROM_1, TREE_PRECISION
from backchannel.wording.words import and_list


def tree_of(lowered: Lowered, *, draw: int | None, draws: int, seed: int) -> GameTree:
    """Unroll a case in one draw.

    Args:
        lowered: The case; its beliefs are left out, because a tree holds the true case only.
        draw: The draw, counted from 1; without it, the medians of the priors.
        draws: The number of draws.
        seed: The seed of the draws.

    Raises:
        CommandError: There is no such draw, or the tree is too large.
    """
    draw = None if draw is None else NUMBER_FROM_1.read_whole(draw, "draw")
    if draw is None:
        numbers = {name: prior.at(0.5) for name, prior in lowered.priors.items()}
        which = "the medians of its priors"
    elif draw > draws:
        raise CommandError(f"There is no draw {draw}; the draws are 1 to {draws}.")
    else:
        drawn = draw_numbers(lowered.priors, draws, seed=seed, correlations=lowered.correlations)
        numbers = {name: float(values[draw - 1]) for name, values in drawn.items()}
        which = f"draw {draw} of {draws} with seed {seed}"
    case = lowered.case
    labels = {name: entry.name for name, entry in case.players.items()}
    if len(set(labels.values())) < len(labels):
        labels = {name: name for name in labels}
    comment = f"Exported by Backchannel with {which}."
    if lowered.beliefs:
        who = and_list([labels[belief.player] for belief in lowered.beliefs])
        comment += f" The wrong beliefs of {who} are left out, because a tree cannot hold them."
    thinking = lowered.diagram.thinking
    if thinking.of_player:
        thinkers = [labels[player] for player in thinking.of_player]
        who = f"{and_list(thinkers)} {'reasons' if len(thinkers) == 1 else 'reason'}"
        comment += f" How {who} is left out, because a tree cannot say it."
    if thinking.complexity:
        who = and_list([labels[player] for player in thinking.complexity])
        comment += f" The precision of {who} depends on the choice; the file has its base."
    return unroll(lowered.diagram, numbers, title=case.case, comment=comment, names=labels)


def export_tree(
    lowered: Lowered, path: Path, outputs: Outputs, *, draw: int | None, draws: int, seed: int
) -> GameTree:
    """Unroll a case in one draw and write the file."""
    tree = tree_of(lowered, draw=draw, draws=draws, seed=seed)
    outputs.write(path, write_efg(tree))
    return tree


def case_from_efg(path: Path, *, precision: float | None = None) -> Case:
    """Read a Gambit file as a case.

    Args:
        path: The file.
        precision: λ of every player; by default the one noted in the file, or 1.

    Raises:
        CommandError: There is no such file.
        EfgError: It is not a game, or a case cannot hold it; every problem is listed.
    """
    if precision is not None:
        precision = TREE_PRECISION.read(precision, "precision")
    case = case_from_tree(read_efg_file(path), file=path.name, precision=precision)
    size = rough_size(case)
    if size > MAX_CASE_BYTES:
        message = f"As a case the game takes about {size:,} bytes, more than {MAX_CASE_BYTES:,}."
        raise EfgError([Problem(Place(path.name, 1, 1), message)])
    return case


def checked_text(case: Case, *, file: str) -> str:
    """The text of a case made from a tree, after the check that every case has to pass.

    Raises:
        EfgError: The case would be refused; every reason is listed.
    """
    text = write_case(case)
    try:
        lower(*read_case_text(text))
    except CaseError as error:
        raise EfgError(
            [
                Problem(Place(file, 1, 1), f"As a case, this game would be refused: {said.message}")
                for said in error.problems
            ]
        ) from None
    return text


def case_and_document(path: Path) -> tuple[Case, Document]:
    """Read a Gambit file as a case with a document in which every place is the file.

    Raises:
        CommandError: There is no such file.
        EfgError: It is not a game, or a case cannot hold it; every problem is listed.
    """
    case = case_from_efg(path)
    return case, Document(path.name, case.model_dump(by_alias=True), {}, {})
