"""Play while a deal is in force: compiled once for a deal, run for every package and every view.

Packages differ only in numbers: which action is promised, and what keeping or breaking costs. The
promised decisions have no axis in the tables, so each table of a package is a slice of the case's
table, and slices are shared between the packages that promise the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from backchannel.equilibrium.future import Future, View
from backchannel.equilibrium.keeping_plan import BrokenPlan, KeepingPlan, broken_plan, keeping_plan
from backchannel.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR
from backchannel.tensors.plan import Scope, run

SETTLED = 1e-11
"""Largest change of a probability in the next update at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next update's change is judged from the last two, with a
margin of one over this."""
SETTLED_ON_RUNG = 1e-2
"""The same on the rungs of a ladder below the last."""
BRISK = {"rungs": 1, "damping": 1.0, "most": 30, "afresh": False}
LADDER = {"rungs": 32, "damping": 0.7, "most": 800, "afresh": True}
SLICE_BYTES = 200_000_000
"""Slices of tables are kept up to this size in each thread, the longest unused dropped first."""

Key = tuple[Any, ...]
Row = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Terms:
    """One package in numbers, for some draws."""

    promised: Mapping[NodeName, int]
    """For each promised decision the position of the promised action."""
    due: Mapping[str, Mapping[tuple[NodeName, PlayerName], tuple[Row, Row]]]
    """By view: what keeping a promise, and breaking it, adds to a player's worth."""
    forced: bool
    """Keep every promise that can be kept, whatever it is worth: the deal on paper."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one package in one view; axis 0 is the draw."""

    worth: Mapping[PlayerName, Row]
    """Expected worth of what lies ahead, given the record."""
    kept: Mapping[NodeName, Row]
    """P(this and every earlier promise is kept | record)."""
    able: Mapping[NodeName, Row]
    """P(earlier promises are kept and this one can be | record)."""
    best: Mapping[NodeName, Row]
    """P(earlier promises are kept and keeping this one is a best reply | record)."""
    change: Row
    """Largest change of any rule in the last update."""


class Keeper:
    """Solves the packages of one deal in all views of some draws.

    Args:
        future: What lies ahead.
        views: The models of the case, each after those whose rules it takes.
        takes: For each view, decisions whose rules another view has planned.
        concerned: Players whom keeping or breaking costs or pays something.
    """

    def __init__(
        self,
        future: Future,
        views: Mapping[str, View],
        takes: Mapping[str, Mapping[NodeName, str]],
        concerned: tuple[PlayerName, ...],
    ) -> None:
        self.future = future
        self.views = views
        self.takes = takes
        self.concerned = concerned
        self.program = _program(future, concerned)
        self.broken = {name: _broken_worths(self.program.broken, v) for name, v in views.items()}
        self.tables = {name: self._tables(name) for name in views}
        self.varies = {
            key: any(len(self.tables[name][key][0]) > 1 for name in views)
            for key in next(iter(self.tables.values()))
        }
        self._slices: OrderedDict[Key, Any] = OrderedDict()
        self._bytes = 0

    def disagreement(self, view: str) -> dict[PlayerName, Row]:
        """Expected worth of what lies ahead without a deal, given the record."""
        start = self.broken[view][1]
        return {player: start[player] for player in self.future.owners}

    def solve(self, terms: Terms, **how: Any) -> dict[str, Outcome]:
        """Solve one package in every view, in the views' order."""
        rules: dict[str, dict[NodeName, Any]] = {}
        found = {}
        with jax.enable_x64(True):
            for name in self.views:
                inputs = self._inputs(name, terms, rules)
                played, report = self.program.solve(inputs, **how)
                rules[name] = played
                found[name] = Outcome(*jax.tree.map(np.asarray, report))
        return found

    def _inputs(
        self, name: str, terms: Terms, rules: Mapping[str, Mapping[NodeName, Any]]
    ) -> dict[str, Any]:
        view, takes = self.views[name], self.takes[name]
        tables = {key: self._slice(name, key, terms) for key in self.tables[name]}
        held, given = {}, {}
        for decision in self.future.decisions:
            d = decision.name
            held[d] = np.asarray(d in takes or d in view.fixed)
            given[d] = rules[takes[d]][d] if d in takes else tables["start", d]
        due = terms.due[name]
        return {
            "tables": {key: table for key, table in tables.items() if key[0] not in _LAID_APART},
            "start": {key[1]: table for key, table in tables.items() if key[0] == "start"},
            "menu": {key[1]: table for key, table in tables.items() if key[0] == "menu"},
            "conceivable": {k[1]: table for k, table in tables.items() if k[0] == "conceivable"},
            "held": held,
            "given": given,
            "precision": {key[1]: table for key, table in tables.items() if key[0] == "precision"},
            "promise": {
                d: np.eye(len(self.future.diagram.domains[d]))[None, position]
                for d, position in terms.promised.items()
            },
            "due": {f"{d}:{p}": due[d, p] for d in self.future.promised for p in self.concerned},
            "forced": np.asarray(terms.forced),
        }

    def _tables(self, name: str) -> dict[Key, tuple[np.ndarray, Scope, NodeName | None]]:
        """Every table of a view with its full scope, and the promised decision it is about."""
        view, future = self.views[name], self.future
        game = view.game
        found: dict[Key, tuple[np.ndarray, Scope, NodeName | None]] = {}
        for key in self.program.keeping.plan.inputs:
            assert isinstance(key, tuple)
            kind = key[0]
            if kind in ("prior", "posterior"):
                found[key] = (getattr(view, kind), future.interface, None)
            elif kind in ("factor", "belief"):
                table = (game.factors if kind == "factor" else game.beliefs)[key[1]]
                found[key] = (table, future.scope(key[1]), None)
            elif kind == "term":
                found[key] = (game.terms[key[1]].worth, future.terms[key[1]][1], None)
            elif kind == "broken":
                _, d, player, j = key
                table = self.program.broken.at[d][player][j]
                scope = self.program.broken.plan.scopes[table]
                found[key] = (self.broken[name][0][d, player, j], scope, d)
        for decision in future.decisions:
            d = decision.name
            found["start", d] = (view.rules[d], future.scope(d), d)
            found["menu", d] = (game.menus[d] * 1.0, future.scope(d), d)
            found["conceivable", d] = (game.conceivable[d] * 1.0, future.scope(d), d)
            found["precision", d] = (game.precision_at(d), (), None)
        return found

    def _slice(self, name: str, key: Key, terms: Terms) -> Any:
        table, scope, own = self.tables[name][key]
        fixed = [(n, terms.promised[n]) for n in scope if n in terms.promised and n != own]
        cached = (name, *key, *fixed)
        if cached in self._slices:
            self._slices.move_to_end(cached)
            return self._slices[cached]
        at = dict(fixed)
        index = (slice(None), *(at.get(n, slice(None)) for n in scope))
        n_draws = next(iter(self.views.values())).game.n_draws
        rows = n_draws if self.varies[key] else 1
        cut = table[index]
        made = jnp.asarray(np.broadcast_to(cut, (rows, *cut.shape[1:])))
        self._slices[cached] = made
        self._bytes += made.nbytes
        while self._bytes > SLICE_BYTES and len(self._slices) > 1:
            _, dropped = self._slices.popitem(last=False)
            self._bytes -= dropped.nbytes
        return made


_LAID_APART = ("start", "menu", "conceivable", "precision")


class _Program:
    """The compiled update of one deal's structure."""

    def __init__(self, future: Future, concerned: tuple[PlayerName, ...]) -> None:
        self.future = future
        self.concerned = concerned
        self.broken: BrokenPlan = broken_plan(future)
        self.keeping: KeepingPlan = keeping_plan(future, self.broken, concerned)
        self.names = tuple(d.name for d in future.decisions)
        self._solve: Any = jax.jit(self._traced)
        self._compiling = Lock()
        self._compiled = False

    def solve(
        self, inputs: dict[str, Any], *, rungs: int, damping: float, most: int, afresh: bool
    ) -> tuple[Any, Any]:
        """Update until every draw has settled, and report.

        Args:
            inputs: As the keeper lays them out.
            rungs: Steps of the ladder of precisions.
            damping: Share of each update that is taken over.
            most: Updates at most.
            afresh: Start from uniform play instead of the play without a deal.
        """
        how = (jnp.asarray(int(rungs)), jnp.asarray(float(damping)), jnp.asarray(int(most)))
        if self._compiled:
            return self._solve(inputs, *how, jnp.asarray(afresh))
        with self._compiling:
            # Threads that come while one compiles wait, or each would compile.
            solved = self._solve(inputs, *how, jnp.asarray(afresh))
            self._compiled = True
            return solved

    def _traced(
        self, inputs: dict[str, Any], rungs: Any, damping: Any, most: Any, afresh: Any
    ) -> tuple[Any, Any]:
        plan = self.keeping.plan
        given = self._given(inputs)
        once = [s for s in self.keeping.updating if not plan.varies(s.out)]
        given = run(plan, once, given)
        rules = {name: self._first(inputs, name, afresh) for name in self.names}
        rules, change = self._climbed(inputs, given, rules, rungs, damping, most)
        final = {**given, **self._rules(rules)}
        for name in self.future.promised:
            able, best = self._judged(inputs, name, rules[name])
            final[plan.inputs["is able", name]] = able
            final[plan.inputs["is best", name]] = best
        reporting = [step for step in self.keeping.reporting if step.out not in final]
        made = run(plan, reporting, final, **self._hands(inputs, rules, 1.0, 1.0))
        worth = {
            player: sum((made[t] for t in tables), start=jnp.zeros_like(change))
            for player, tables in self.keeping.worth.items()
        }
        masses = [
            {name: jnp.broadcast_to(made[table], change.shape) for name, table in tables.items()}
            for tables in (self.keeping.kept, self.keeping.able, self.keeping.best)
        ]
        return rules, (worth, *masses, change)

    def _given(self, inputs: dict[str, Any]) -> dict[int, Any]:
        plan = self.keeping.plan
        given = {}
        for key, table in plan.inputs.items():
            assert isinstance(key, tuple)
            if key in inputs["tables"]:
                given[table] = inputs["tables"][key]
            elif key[0] == "promise":
                given[table] = inputs["promise"][key[1]]
            elif key[0] == "else":
                given[table] = 1.0 - inputs["promise"][key[1]]
            elif key[0] == "due":
                given[table] = self._due(inputs, key[1], key[2])
        return given

    def _due(self, inputs: dict[str, Any], name: NodeName, player: PlayerName) -> Any:
        """What keeping a promise adds, and breaking it where it could have been kept."""
        promise, possible = self._promise(inputs, name)
        kept, broken = (
            row.reshape(-1, *(1,) * (promise.ndim - 1)) for row in inputs["due"][f"{name}:{player}"]
        )
        return kept * promise + broken * (1.0 - promise) * possible[..., None]

    def _rules(self, rules: Mapping[NodeName, Any]) -> dict[int, Any]:
        return {self.keeping.plan.inputs["rule", name]: rule for name, rule in rules.items()}

    def _hands(
        self, inputs: dict[str, Any], rules: Mapping[NodeName, Any], scale: Any, damping: Any
    ) -> dict[str, Any]:
        """How a plan's action values become rules, and how zeros are lifted."""

        def respond(name: NodeName, values: list[Any]) -> Any:
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            precision = inputs["precision"][name] * scale
            response = _response(worth, precision, inputs["menu"][name])
            mixed = damping * response + (1 - damping) * rules[name]
            return self._bound(inputs, name, mixed)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * inputs["conceivable"][name]

        return {"respond": respond, "floor": floor}

    def _bound(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> Any:
        """A rule, unless it is planned elsewhere or the deal is kept by force."""
        rule = jnp.where(inputs["held"][name], inputs["given"][name], rule)
        if name in self.future.promised:
            promise, possible = self._promise(inputs, name)
            rule = jnp.where(inputs["forced"] & possible[..., None], promise, rule)
        return rule

    def _promise(self, inputs: dict[str, Any], name: NodeName) -> tuple[Any, Any]:
        """The promised action, laid out like a rule, and where it is on the menu."""
        menu = inputs["menu"][name]
        promise = inputs["promise"][name].reshape(1, *(1,) * (menu.ndim - 2), -1)
        return promise, _over_actions(jnp.add, menu * promise) > 0

    def _first(self, inputs: dict[str, Any], name: NodeName, afresh: Any) -> Any:
        menu = inputs["menu"][name]
        uniform = menu / menu.sum(axis=-1, keepdims=True)
        return self._bound(inputs, name, jnp.where(afresh, uniform, inputs["start"][name]))

    def _judged(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> tuple[Any, Any]:
        """Where the promised action is on the menu, and where besides no other is worth more.

        Logit play takes better actions more often, so the likeliest action is the best reply.
        """
        promise, possible = self._promise(inputs, name)
        own = _over_actions(jnp.add, rule * promise)
        best = possible & (own >= _over_actions(jnp.maximum, rule * (1.0 - promise)))
        return possible * 1.0, best * 1.0

    def _climbed(
        self,
        inputs: dict[str, Any],
        given: Mapping[int, Any],
        rules: dict[NodeName, Any],
        rungs: Any,
        damping: Any,
        most: Any,
    ) -> tuple[dict[NodeName, Any], Any]:
        plan = self.keeping.plan
        draws = max(rule.shape[0] for rule in rules.values())
        updating = [s for s in self.keeping.updating if plan.varies(s.out)]

        def settled(state: tuple) -> Any:
            _, rung, change, _, count = state
            return (count < most) & jnp.any((rung < rungs - 1) | (change > SETTLED))

        def step(state: tuple) -> tuple:
            old, rung, change, last, count = state
            hands = self._hands(inputs, old, (rung + 1) / rungs, damping)
            made = run(plan, updating, {**given, **self._rules(old)}, **hands)
            new = {name: made[table] for name, table in self.keeping.new.items()}
            moved = jnp.zeros(draws)
            for name, rule in new.items():
                gap = jnp.abs(rule - old[name])
                moved = jnp.maximum(moved, gap.reshape(draws, -1).max(axis=1))
            moved = moved / damping
            # Updates that contract fast need no repetition to see that the next would move little.
            rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
            coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
            done = (rung == rungs - 1) & (change <= SETTLED)
            up = (rung < rungs - 1) & (moved < SETTLED_ON_RUNG)
            kept = {
                name: jnp.where(done.reshape(-1, *(1,) * (rule.ndim - 1)), old[name], rule)
                for name, rule in new.items()
            }
            return (
                kept,
                jnp.where(up, rung + 1, rung),
                jnp.where(done, change, coming),
                jnp.where(up, jnp.inf, moved),
                count + 1,
            )

        unsettled = jnp.full(draws, jnp.inf)
        start = (rules, jnp.zeros(draws, dtype=int), unsettled, unsettled, 0)
        rules, rung, change, _, _ = lax.while_loop(settled, step, start)
        return rules, jnp.where(rung == rungs - 1, change, jnp.inf)


def _response(values: Any, precision: Any, menu: Any) -> Any:
    """Logit response: P(action | context) ∝ exp(λ Q), over the actions on the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    scaled = values * precision.reshape(-1, *(1,) * (values.ndim - 1))
    scaled = jnp.where(menu > 0, scaled, -jnp.inf)
    # Few actions, many contexts: slices are much faster here than reductions.
    weights = jnp.exp(scaled - _over_actions(jnp.maximum, scaled)[..., None])
    return weights / _over_actions(jnp.add, weights)[..., None]


def _over_actions(operation: Any, table: Any) -> Any:
    return reduce(operation, [table[..., i] for i in range(table.shape[-1])])


def _broken_worths(
    broken: BrokenPlan, view: View
) -> tuple[dict[tuple[NodeName, PlayerName, int], np.ndarray], dict[PlayerName, Row]]:
    """Work out what a broken deal is worth to everyone, and what no deal is."""
    plan, game = broken.plan, view.game
    given: dict[int, np.ndarray] = {}
    for key, table in plan.inputs.items():
        assert isinstance(key, tuple)
        kind, name = key
        if kind == "term":
            given[table] = game.terms[name].worth
        else:
            given[table] = game.factors[name] if kind == "factor" else view.rules[name]
    made = run(plan, plan.steps, given)
    at = {
        (name, player, j): made[table]
        for name, tables_of in broken.at.items()
        for player, tables in tables_of.items()
        for j, table in enumerate(tables)
    }
    start = {}
    for player, tables in broken.start.items():
        total = np.zeros(game.n_draws)
        for table in tables:
            scope = plan.scopes[table]
            axes = [i + 1 for i, n in enumerate(view.future.interface) if n not in scope]
            about = view.posterior.sum(axis=tuple(axes), keepdims=True)
            lengths = dict(zip(scope, made[table].shape[1:], strict=True))
            shape = [lengths.get(n, 1) for n in view.future.interface]
            laid = made[table].reshape(len(made[table]), *shape)
            total = total + (about * laid).reshape(len(about), -1).sum(axis=1)
        start[player] = total
    return at, start


_programs: dict[Key, _Program] = {}


def _program(future: Future, concerned: Sequence[PlayerName]) -> _Program:
    """Fetch the compiled program of a deal's structure, or make it."""
    diagram = future.diagram
    key = (
        tuple(
            (n, len(diagram.domains[n]), diagram.parents(n), getattr(diagram.node[n], "player", ""))
            for n in diagram.order
        ),
        future.nodes,
        future.promised,
        future.terms,
        tuple(concerned),
    )
    if key not in _programs:
        _programs[key] = _Program(future, tuple(concerned))
    return _programs[key]
