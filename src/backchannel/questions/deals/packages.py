"""Packages: every member of a deal's family solved, on paper and as it would be kept.

On paper every promise is kept that can be; everything else is planned anew from the deal's day.
As kept, the promises are free again: whoever is to keep one weighs what the rest of the deal,
kept with its own probability, is worth against doing something else, after which everyone plays
as if there were no deal, and the declared penalties are due.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.beliefs import views as views_of_beliefs
from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.ensemble.ensemble import Ensemble, entries_before, evidence_of
from backchannel.equilibrium.future import Future, View
from backchannel.equilibrium.keeping import Keeper, Outcome, Terms
from backchannel.equilibrium.keeping_program import BRISK, LADDER, SETTLED, program_of
from backchannel.equilibrium.models import Numbers, believed_numbers
from backchannel.language.errors import CommandError
from backchannel.language.evaluation import evaluate
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import carried
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.inference import World, chances_given, joint

TRUTH = ""
"""Name of the view that is the case as it is; the others are called by their player, or, where one
is what a player thinks of another, by both with a dot between them."""
CHUNK = 64
"""Draws that go through the compiled program at once."""
MOST_CELLS = 50_000
"""Cells that the table of what the past still means may have."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Packages:
    """What becomes of every package in every draw; gains are over disagreement."""

    deal: Deal
    packages: tuple[Package, ...]
    players: tuple[PlayerName, ...]
    """The parties first, then whoever else the deal concerns: the order of the last axes below."""
    weights: Float[np.ndarray, " draw"]
    """Each draw's weight given the record; 0 where the play without a deal did not settle."""
    on_paper: Float[np.ndarray, "package draw player"]
    """Gain if every promise is kept that can be, in the case's utility unit."""
    as_kept: Float[np.ndarray, "package draw player"]
    """Gain with every promise kept only as far as its maker would keep it."""
    possible: Float[np.ndarray, "package draw"]
    """P(every promise can be kept at all | the earlier ones are)."""
    kept: Float[np.ndarray, "package step draw"]
    """P(this and every earlier promise is kept | record); a step is one promised decision."""
    able: Float[np.ndarray, "package step draw"]
    """P(earlier promises are kept and this one can be | record)."""
    best: Float[np.ndarray, "package step draw"]
    """P(earlier promises are kept and keeping this one is a best reply | record)."""
    expected: Mapping[PlayerName, Float[np.ndarray, "package draw"]]
    """For each party that errs about the case, the gain on paper that it expects itself."""
    converged: Bool[np.ndarray, "package draw"]
    """Draws whose play may be used."""


@dataclass(frozen=True)
class Views:
    """What lies ahead of a deal, as every model of the case sees it."""

    future: Future
    views: Mapping[str, View]
    takes: Mapping[str, Mapping[NodeName, str]]
    """For each view, decisions whose rules another view has planned."""
    numbers: Mapping[str, Numbers]
    """Every parameter as each view takes it to be."""


def solve_packages(
    ensemble: Ensemble,
    deal: Deal,
    packages: Sequence[Package],
    *,
    extra: Sequence[Amount] = (),
    sizes: Float[np.ndarray, "package extra"] | None = None,
    draws: Int[np.ndarray, " some"] | None = None,
    progress: Progress | None = None,
) -> Packages:
    """Solve some packages of a deal in every draw.

    Args:
        ensemble: The solved case.
        deal: The family that the packages belong to.
        packages: Which of them.
        extra: Amounts beside the deal's own (their alternatives are not looked at).
        sizes: How large each of those is in each package.
        draws: Which draws to look at; all, if left out.
        progress: Called with the number of draws done.

    Raises:
        CommandError: Too much of the past matters for what lies ahead.
    """
    chosen = np.arange(ensemble.n_draws) if draws is None else draws
    views = views_of(ensemble, deal)
    players = tuple(
        dict.fromkeys([*deal.concerned, *(p for amount in extra for p in amount.effect)])
    )
    plan = _Plan(deal, packages, (*deal.amounts, *extra), sizes, views, players)
    # Draws of like precision take like numbers of updates, and a chunk waits for its slowest.
    precision = sum(np.asarray(row) for row in views.views[TRUTH].game.precision.values())
    order = np.argsort(np.asarray(precision)[chosen], kind="stable")
    found = _empty(ensemble, deal, tuple(packages), players, chosen, views)
    size = program_of(views.future, players).draws_at_once(min(CHUNK, len(chosen)))
    parts = [order[start : start + size] for start in range(0, len(order), size)]

    stopped, counting = Event(), Lock()

    def work(part: np.ndarray) -> None:
        rows = np.concatenate([part, np.full(size - len(part), part[-1])])
        for i, outcome in plan.solved(chosen[rows]):
            _store(found, i, part, outcome)
            if stopped.is_set():
                return
            if progress:
                with counting:
                    progress(len(part))

    with ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as pool:
        try:
            list(pool.map(carried(work), parts))
        except BaseException:
            # An interrupt, or trouble in one part: the others need not finish.
            stopped.set()
            raise
    return found


def views_of(ensemble: Ensemble, deal: Deal) -> Views:
    """Cut what lies ahead of a deal out of every model of the case."""
    models, play = ensemble.play.models, ensemble.play
    truth = models.truth.game
    terms = tuple((term.player, term.scope) for term in truth.terms)
    future = Future(ensemble.diagram, deal.date, deal.nodes, terms)
    cells = int(np.prod([len(ensemble.diagram.domains[name]) for name in future.interface]))
    if cells > MOST_CELLS:
        raise CommandError(
            f"The deal {deal.name} starts on {deal.date}, and {len(future.interface)} earlier nodes "
            f"matter after that day ({', '.join(future.interface)}): {cells:,} combinations, more "
            f"than {MOST_CELLS:,}. Replace them by a derived node that summarises the past."
        )
    last = ensemble.record[-1].date if ensemble.record else None
    cut = deal.date if last is not None and deal.date <= last else None
    evidence = evidence_of(ensemble.diagram, entries_before(ensemble.record, cut))
    views, numbers = {}, {}
    takes: dict[str, dict[NodeName, str]] = {}
    played = play.views
    # What a player thinks that another plans comes before what it plans itself.
    for view, belief in sorted(views_of_beliefs(ensemble.beliefs), key=lambda pair: -len(pair[0])):
        name, model = ".".join(view), models.views[view]
        fixed = frozenset(model.fixed)
        views[name] = _view(future, model.game, played[view].policies, fixed, evidence)
        numbers[name] = believed_numbers(belief, ensemble.numbers)
        takes[name] = {
            d.name: f"{name}.{d.player}"
            for d in future.decisions
            if d.player in model.about and d.name not in fixed
        }
    takes[TRUTH] = {d.name: d.player for d in future.decisions if d.player in models.believed}
    views[TRUTH] = _view(future, truth, play.policies, frozenset(), evidence)
    numbers[TRUTH] = ensemble.numbers
    return Views(future, views, takes, numbers)


def _view(
    future: Future, game: Game, rules: Mapping[NodeName, np.ndarray], fixed: frozenset, evidence
) -> View:
    diagram = game.diagram
    floored = {name: np.maximum(rules[name], FLOOR) * game.conceivable[name] for name in rules}
    lifted = World(diagram, game.n_draws, {**game.beliefs, **floored})
    actual = World(diagram, game.n_draws, {**game.factors, **rules})
    known = chances_given(actual, keep=future.interface, evidence=evidence)
    impossible = (known == 0).all(axis=tuple(range(1, known.ndim)), keepdims=True)
    return View(
        future=future,
        game=game,
        rules=rules,
        fixed=frozenset(fixed & {d.name for d in future.decisions}),
        prior=joint(lifted, keep=future.interface),
        posterior=np.where(impossible, np.nan, known),
    )


@dataclass(frozen=True)
class _Plan:
    """What to solve: packages with their amounts, in some draws at a time."""

    deal: Deal
    packages: Sequence[Package]
    amounts: tuple[Amount, ...]
    sizes: np.ndarray | None
    views: Views
    players: tuple[PlayerName, ...]

    def solved(self, draws: np.ndarray) -> Iterator[tuple[int, _Result]]:
        """Solve every package in some draws, one after the other."""
        views = {name: view.of(draws) for name, view in self.views.views.items()}
        keeper = Keeper(self.views.future, views, self.views.takes, self.players)
        numbers = {
            name: {n: row if len(row) == 1 else row[draws] for n, row in own.items()}
            for name, own in self.views.numbers.items()
        }
        nothing = {name: keeper.disagreement(name) for name in views}
        worked_out: dict[tuple, np.ndarray] = {}
        on_paper: dict[tuple, tuple[dict[str, Outcome], np.ndarray]] = {}
        for i, package in enumerate(self.packages):
            due = {
                name: self._due(package, i, own, len(draws), worked_out, name)
                for name, own in numbers.items()
            }
            promised = {
                node: self.views.future.diagram.domains[node].index(value)
                for node, value in package.terms.items()
            }
            zero = (np.zeros(len(draws)), np.zeros(len(draws)))
            free = {name: dict.fromkeys(own, zero) for name, own in due.items()}
            terms = tuple(promised.values())
            if terms not in on_paper:
                forced = Terms(promised, free, forced=True)
                on_paper[terms] = _settled(keeper, forced)
            paper, fine = on_paper[terms]
            kept, also = _settled(keeper, Terms(promised, due, forced=False))
            yield i, _Result(self, nothing, due, paper, kept, fine & also)

    def _due(
        self,
        package: Package,
        i: int,
        numbers: Numbers,
        n: int,
        worked_out: dict[tuple, np.ndarray],
        view: str,
    ) -> dict[tuple[NodeName, PlayerName], tuple[np.ndarray, np.ndarray]]:
        """By promise and player, what keeping and what breaking it adds in every draw."""
        found = {
            (c.node, p): (np.zeros(n), np.zeros(n))
            for c in self.deal.commitments
            for p in self.players
        }
        last = {c.step: c.node for c in self.deal.commitments}
        own = len(self.deal.amounts)
        for j, amount in enumerate(self.amounts):
            if j >= own:
                assert self.sizes is not None
                size = np.full(n, self.sizes[i, j - own])
            else:
                key = (view, repr(package.amounts[j]))
                if key not in worked_out:
                    values = {name: numbers[name] for name in package.amounts[j].names}
                    worked_out[key] = np.broadcast_to(evaluate(package.amounts[j], values), (n,))
                size = worked_out[key]
            for c in self.deal.commitments:
                keeps = amount.step is not None and last.get(amount.step) == c.node
                breaks = amount.step is None and c.player in amount.breakers
                for player, share in amount.effect.items():
                    if keeps:
                        found[c.node, player][0][:] += share * size
                    if breaks:
                        found[c.node, player][1][:] += share * size
        return found


@dataclass(frozen=True)
class _Result:
    """One package in the draws of one chunk."""

    plan: _Plan
    nothing: Mapping[str, Mapping[PlayerName, np.ndarray]]
    due: Mapping[str, Mapping[tuple[NodeName, PlayerName], tuple[np.ndarray, np.ndarray]]]
    paper: Mapping[str, Outcome]
    kept: Mapping[str, Outcome]
    converged: np.ndarray

    def paper_gain(self, view: str, player: PlayerName) -> np.ndarray:
        """Gain on paper; what falls due is added as far as the promises before it can be kept."""
        outcome = self.paper[view]
        paid = sum(self.due[view][node, player][0] * outcome.kept[node] for node in outcome.kept)
        return self._gain(outcome, view, player) + paid

    def kept_gain(self, view: str, player: PlayerName) -> np.ndarray:
        """Gain as it would be kept."""
        return self._gain(self.kept[view], view, player)

    def _gain(self, outcome: Outcome, view: str, player: PlayerName) -> np.ndarray:
        before = self.nothing[view].get(player, 0.0)
        return outcome.worth[player] - before


def _settled(keeper: Keeper, terms: Terms) -> tuple[dict[str, Outcome], np.ndarray]:
    """Solve briskly; where some draw does not settle, climb the ladder and take it from there."""
    found = keeper.solve(terms, **BRISK)
    fine = _all_settled(found)
    if fine.all():
        return found, fine
    slow = keeper.solve(terms, **LADDER)
    better = _all_settled(slow)

    def either(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.where(fine, one, other)

    mixed = {
        name: Outcome(
            worth={p: either(row, slow[name].worth[p]) for p, row in outcome.worth.items()},
            kept={n: either(row, slow[name].kept[n]) for n, row in outcome.kept.items()},
            able={n: either(row, slow[name].able[n]) for n, row in outcome.able.items()},
            best={n: either(row, slow[name].best[n]) for n, row in outcome.best.items()},
            change=either(outcome.change, slow[name].change),
        )
        for name, outcome in found.items()
    }
    return mixed, fine | better


def _all_settled(found: Mapping[str, Outcome]) -> np.ndarray:
    worst = np.max([outcome.change for outcome in found.values()], axis=0)
    return np.asarray(worst <= SETTLED)


def _empty(
    ensemble: Ensemble,
    deal: Deal,
    packages: tuple[Package, ...],
    players: tuple[PlayerName, ...],
    draws: np.ndarray,
    views: Views,
) -> Packages:
    shape = (len(packages), len(draws))
    steps = (len(packages), len(deal.commitments), len(draws))
    return Packages(
        deal=deal,
        packages=packages,
        players=players,
        weights=ensemble.weights[draws],
        on_paper=np.zeros((*shape, len(players))),
        as_kept=np.zeros((*shape, len(players))),
        possible=np.zeros(shape),
        kept=np.zeros(steps),
        able=np.zeros(steps),
        best=np.zeros(steps),
        expected={p: np.zeros(shape) for p in deal.parties if p in views.views},
        # A draw that did not settle in the case itself is left out here too.
        converged=np.tile(ensemble.converged[draws], (len(packages), 1)),
    )


def _store(found: Packages, i: int, part: np.ndarray, result: _Result) -> None:
    rows = slice(0, len(part))
    for j, player in enumerate(found.players):
        found.on_paper[i, part, j] = result.paper_gain(TRUTH, player)[rows]
        found.as_kept[i, part, j] = result.kept_gain(TRUTH, player)[rows]
    for player, gains in found.expected.items():
        gains[i, part] = result.paper_gain(player, player)[rows]
    for k, commitment in enumerate(found.deal.commitments):
        found.kept[i, k, part] = result.kept[TRUTH].kept[commitment.node][rows]
        found.able[i, k, part] = result.kept[TRUTH].able[commitment.node][rows]
        found.best[i, k, part] = result.kept[TRUTH].best[commitment.node][rows]
    last = found.deal.commitments[-1].node if found.deal.commitments else None
    found.possible[i, part] = result.paper[TRUTH].kept[last][rows] if last else 1.0
    found.converged[i, part] &= result.converged[rows]
