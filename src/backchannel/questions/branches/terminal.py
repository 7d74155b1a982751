"""Print a branch, and the equilibria of a case, in a terminal."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.table import Table

from backchannel.questions.branches.document import BranchLine, BranchView, EquilibriaView
from backchannel.questions.branches.results import Branch, Equilibria, contexts_of
from backchannel.wording.percents import percent
from backchannel.wording.words import Wording

MOST_POINTS = 12
"""Points of a branch that are shown: both ends, folds, and some in between."""
MOST_RULES = 40
"""Rules that are shown; files contain the others too."""
DRAWS_IN_FULL = 3
"""Draws whose equilibria are shown in full."""


def show_branch(branch: Branch, view: BranchView, out: Console) -> None:
    """Print a branch, one row for each probability, points across."""
    shown = _points(branch)
    out.print(view.caption)
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("")
    for point in shown:
        turn = "↩" if point in view.folds else ""
        table.add_column(f"{view.t[point]:.3g}{turn}", justify="right", no_wrap=True)
    for player, values in view.precision.items():
        table.add_row(f"λ {player}", *(f"{values[p]:.3g}" for p in shown), style="dim")
    lines = view.lines[:MOST_RULES]
    for line in lines:
        table.add_row(_name(line), *(f"{line.values[p]:.3f}" for p in shown))
    out.print(table)
    notes = ["Columns: multiples of every player's own precision."]
    if view.folds:
        notes.append("↩: here the branch has a fold, and precision decreases after it.")
    if len(view.lines) > len(lines):
        rest = len(view.lines) - len(lines)
        notes.append(
            f"{rest} more probabilities: --node NODE shows those of one decision, --csv FILE all."
        )
    out.print(" ".join(notes))
    if view.status != "converged":
        out.print(f"The branch was not followed to its end: {view.status.replace('_', ' ')}.")


def show_equilibria(
    equilibria: Equilibria, view: EquilibriaView, wording: Wording, out: Console
) -> None:
    """Print how many equilibria there are, and those of the first draws that have several."""
    out.print(view.caption)
    methods = ", ".join(f"{n:,} by {name}" for name, n in view.methods.items())
    folds = (
        f"; of the branches followed, {view.folds:,} have a fold"
        if "homotopy" in view.methods
        else ""
    )
    out.print(f"How the principal equilibria were found: {methods}{folds}.")
    if not view.starts:
        out.print("--all searches for others.")
        return
    table = Table("equilibria", "draws", box=None, pad_edge=False, header_style="bold")
    for count, draws in view.counts.items():
        table.add_row(str(count), f"{draws:,}")
    out.print(table)
    chosen = [i for i, n in enumerate(equilibria.counts.tolist()) if n > 1][:DRAWS_IN_FULL]
    for row in chosen:
        plays = equilibria.search.plays[row]
        draw = int(equilibria.draws[row])
        heads = ["principal", *(f"no. {k}" for k in range(2, len(plays) + 1))]
        table = Table(f"draw {draw}", *heads, box=None, pad_edge=False, header_style="bold")
        shown = 0
        for name in plays[0]:
            for context, cell in contexts_of(equilibria.diagram, name):
                rules = [play[name][cell] for play in plays]
                if max(np.ptp([rule[0] for rule in rules]), np.ptp(rules, axis=0).max()) < 0.01:
                    continue
                shown += 1
                if shown > MOST_RULES:
                    continue
                # Rounded, so that equals are chosen alike in every draw.
                action = int(np.argmax(np.round(np.ptp(rules, axis=0), 6)))
                where = ", ".join(wording.value(n, v) for n, v in context)
                action_label = wording.value(name, equilibria.diagram.domains[name][action])
                label = f"{wording.node(name)}: {action_label}"
                label += f" ({where})" if where else ""
                table.add_row(label, *(percent(float(rule[action])) for rule in rules))
        out.print()
        out.print(table)
        if shown > MOST_RULES:
            out.print(f"{shown - MOST_RULES} more rules differ; --csv FILE writes all.")
    if chosen:
        out.print(
            "Shown: the action that differs most, where equilibria differ by one point or more."
        )


def _points(branch: Branch) -> list[int]:
    last = len(branch.t) - 1
    even = np.linspace(0, last, MOST_POINTS - min(len(branch.folds), 6)).astype(int)
    return sorted({0, last, *even.tolist(), *branch.folds[:6]})


def _name(line: BranchLine) -> str:
    return f"{line.title}: {line.label}" + (f" ({line.where})" if line.where else "")
