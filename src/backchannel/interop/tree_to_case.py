"""Turn a game tree into a case: stages become nodes, with `when:` if not every path reaches them.

A decision sees the stages that are constant in each of its information sets and distinguish these sets;
if there are no such stages, it sees a derived node that names the information set. Payoffs are written
at the last stage before each outcome, as tables over the stages that they need.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from backchannel.case.schema.case import Case
from backchannel.interop.game_tree import CHANCE, EfgError, GameTree
from backchannel.interop.separate import fewest_that_separate
from backchannel.interop.stages import Paths, paths_of
from backchannel.interop.tree_conditions import ELSEWHERE, ConditionWriter
from backchannel.interop.tree_tables import TableWriter, case_number
from backchannel.interop.tree_to_case_names import Names
from backchannel.interop.unroll import PRECISION_NOTE
from backchannel.language.errors import Place, Problem

START = date(2000, 1, 1)
"""The first of the invented days of an imported tree."""


def case_from_tree(tree: GameTree, *, file: str = "", precision: float | None = None) -> Case:
    """Make a case from a game tree; its logit equilibria are those of the tree's agents.

    Args:
        tree: The game.
        file: The name of the file, for the text of the case.
        precision: λ of every player; by default the one noted in the file, or 1.

    Raises:
        EfgError: A case cannot hold the tree.
    """
    if not tree.players:
        raise EfgError([Problem(Place(file), "The game has no players.")])
    return Case.model_validate(_CaseBuilder(tree, file, precision).case())


class _CaseBuilder:
    def __init__(self, tree: GameTree, file: str, precision: float | None) -> None:
        self.tree, self.file = tree, file
        self.paths: Paths = paths_of(tree)
        self.value, self.context = self.paths.value, self.paths.context
        self.names = Names(tree.players, self.paths.stages)
        self.precisions = _precisions(tree, precision)
        self.tables = TableWriter(self.paths, self.names, file)
        self.conditions = ConditionWriter(self.paths, self.names, file)
        self.nodes: dict[str, Any] = {}

    def case(self) -> dict[str, Any]:
        """Return the case as a mapping in the form of a case file."""
        for stage in range(len(self.paths.stages)):
            is_chance = self.paths.stages[stage].player == CHANCE
            (self._chance if is_chance else self._decision)(stage)
        decisions = [name for name, node in self.nodes.items() if "player" in node]
        quantities = self.conditions.quantities
        about = re.sub(rf"{re.escape(PRECISION_NOTE)}.*", "", self.tree.comment).strip()
        origin = f"A game tree{f' read from {self.file}' if self.file else ''}"
        return {
            "case": " ".join(self.tree.title.split()) or "A game tree",
            "about": f"{' '.join(about.split())} {origin}; the days only keep its order.".strip(),
            "utility_unit": "payoff of the game tree",
            "as_of": START,
            "players": {
                self.names.player(i + 1): {"name": name, "precision": self.precisions[i]}
                for i, name in enumerate(self.tree.players)
            },
            **({"quantities": quantities} if quantities else {}),
            "nodes": self.nodes,
            "interests": self._interests(),
            "questions": {f"ask_{name}": {"forecast": name} for name in decisions},
        }

    def _decision(self, stage: int) -> None:
        decision = self.paths.stages[stage]
        inside = self.context[:, stage] >= 0
        visible = self._visible_stages(stage)
        sees = fewest_that_separate(self.value, self.context[:, stage], visible)
        node: dict[str, Any] = {"title": self.names.title(stage), **self._values(stage)}
        when = (
            self.conditions.condition(inside, sees, is_chance=False) if sees is not None else None
        )
        if sees is None or (when is None and not inside.all()):
            where = self._where(stage)
            seen, when = [where], None if inside.all() else f"{where} != '{ELSEWHERE}'"
        else:
            seen = [self.names.stage(k) for k in sees]
        node |= {"at": _day(stage), "player": self.names.player(decision.player), "sees": seen}
        if when is not None:
            node["when"] = when
        self.nodes[self.names.stage(stage)] = node

    def _visible_stages(self, stage: int) -> list[int]:
        """List the earlier stages that are constant in each information set."""
        here = self.context[:, stage]
        inside = np.flatnonzero(here >= 0)
        by_set = inside[np.argsort(here[inside], kind="stable")]
        first = np.flatnonzero(np.diff(here[by_set], prepend=-1))
        earlier = self.value[by_set, :stage]
        low, high = np.minimum.reduceat(earlier, first), np.maximum.reduceat(earlier, first)
        return np.flatnonzero((low == high).all(axis=0)).tolist()

    def _chance(self, stage: int) -> None:
        move = self.paths.stages[stage]
        here = self.context[:, stage]
        rows = {at.chances: i for i, at in enumerate(move.sets)}
        row_of = np.array([rows[at.chances] for at in move.sets] + [-1])
        inside, classes = here >= 0, row_of[here]
        earlier = list(range(stage))
        node: dict[str, Any] = {"title": self.names.title(stage), **self._values(stage)}
        node |= {"at": _day(stage), "chance": True}
        needed = fewest_that_separate(self.value[inside], classes[inside], earlier)
        assert needed is not None
        shares = {i: [case_number(c) for c in chances if c > 0] for chances, i in rows.items()}
        values = self.names.values(stage)
        named = {i: dict(zip(values, row, strict=True)) for i, row in shares.items()}
        cells = {key: named[c] for key, c in self.tables.cells(needed, classes, inside).items()}
        even = dict.fromkeys(values, case_number(Fraction(1, len(values))))
        node["probability"] = self.tables.table(needed, cells, missing=even)
        if not inside.all():
            node["when"] = self.conditions.condition(inside, earlier, is_chance=True)
        self.nodes[self.names.stage(stage)] = node

    def _values(self, stage: int) -> dict[str, Any]:
        said = self.paths.stages[stage].actions
        values = self.names.values(stage)
        other = {value: text for value, text in zip(values, said, strict=True) if value != text}
        return {"domain": list(values), **({"values": other} if other else {})}

    def _where(self, stage: int) -> str:
        """Add a derived node that names the information set of a stage on each path."""
        domain, text = self.conditions.place(stage)
        name = self.names.fresh(f"where_{self.names.stage(stage)}")
        self.nodes[name] = {
            "title": f"Where {self.names.title(stage)} stands",
            "domain": domain,
            "at": _day(stage),
            "derived": text,
        }
        return name

    def _interests(self) -> dict[str, Any]:
        interests: dict[str, Any] = {}
        players = range(len(self.tree.players))
        for stage in range(-1, len(self.paths.stages)):
            paid = self._paid_after(stage)
            for i in players:
                payoffs = [row[i] if row else Fraction(0) for row in paid]
                if any(payoffs):
                    name = f"{self.names.player(i + 1)}_{self.names.stage(stage)}"
                    worth = self._worth(payoffs, stage)
                    interests[name] = {"player": self.names.player(i + 1), "worth": worth}
        return interests

    def _paid_after(self, stage: int) -> list[tuple[Fraction, ...] | None]:
        """Return the payoffs of each path at outcomes right after a stage."""
        payoffs = []
        for outcomes in self.paths.outcomes:
            own = [
                node.outcome.payoffs for last, node in outcomes if last == stage and node.outcome
            ]
            payoffs.append(tuple(map(sum, zip(*own, strict=True))) if own else None)
        return payoffs

    def _worth(self, payoffs: list[Fraction], stage: int) -> Any:
        distinct = {payoff: i for i, payoff in enumerate(dict.fromkeys(payoffs))}
        classes = np.array([distinct[payoff] for payoff in payoffs])
        needed = fewest_that_separate(self.value, classes, list(range(stage + 1)))
        assert needed is not None
        numbers = list(distinct)
        inside = np.ones(len(classes), dtype=bool)
        cells = {
            key: case_number(numbers[c])
            for key, c in self.tables.cells(needed, classes, inside).items()
        }
        return self.tables.table(needed, cells, missing=0)


def _day(stage: int) -> date:
    return START + timedelta(days=stage + 1)


def _precisions(tree: GameTree, given: float | None) -> list[float]:
    n = len(tree.players)
    noted = re.search(rf"{re.escape(PRECISION_NOTE)}((?: (?:inf|[0-9.e+-]+))+)", tree.comment)
    if given is None and noted:
        try:
            precisions = [float(text) for text in noted.group(1).split()]
        except ValueError:
            precisions = []
        if len(precisions) == n and all(precision >= 0 for precision in precisions):
            return precisions
    return [1.0 if given is None else given] * n
