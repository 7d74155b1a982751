"""The words that a case has for what it names: titles, labels, players, numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backchannel.case.lower.belief_entries import belief_behind
from backchannel.case.lower.number_of_good import number_of_good
from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import Viewpoint
from backchannel.language.levels import Mixture, PoissonLevel, type_name
from backchannel.language.names import NOT_APPLICABLE, NodeName, ParameterName, PlayerName, Value
from backchannel.wording.nouns import and_list, possessive
from backchannel.wording.percents import percent


class _OfValue(Protocol):
    """Something about one value of a node."""

    value: Value


ValueT = TypeVar("ValueT", bound=_OfValue)
_COVARIATES = {
    "actions": "the number of actions",
    "contexts": "the number of contexts",
    "range": "the payoff range",
}
"""Covariates of complexity, in words."""
DOES_NOT_ARISE = "does not arise"
"""What the value is called that a node has where it does not exist."""


def most_changed(values: Sequence[ValueT], change: Callable[[ValueT], float]) -> ValueT:
    """The value of a node that a sentence about a change names: the one whose probability changes most.

    That something does not arise is named only where the node has no other value: it says least of the node, and
    every value that arises less often makes it more likely.

    Args:
        values: The node's values, each with its `value`.
        change: By how much the probability of one changes.
    """
    arising = [value for value in values if value.value != NOT_APPLICABLE]
    return max(arising or values, key=lambda value: abs(change(value)))


def plain_name(name: str) -> str:
    """A name of the case file without underscores, for a reader of prose.

    >>> plain_name("fights_on")
    'fights on'
    """
    return name.replace("_", " ")


@dataclass(frozen=True)
class Wording:
    """The words that a case has for its nodes, values, players, numbers and interventions."""

    lowered: Lowered

    def node(self, name: NodeName) -> str:
        """A node's title."""
        entry = self.lowered.case.nodes[name]
        return entry.title or plain_name(name)

    def repeated(self, name: str) -> str:
        """The title of a node of `rounds`, without its round."""
        rounds = self.lowered.case.rounds
        assert rounds is not None
        return rounds.nodes[name].title or plain_name(name)

    def value(self, node: NodeName, value: Value) -> str:
        """What the case calls a value."""
        if value == NOT_APPLICABLE:
            return DOES_NOT_ARISE
        label = self.lowered.case.nodes[node].values.get(value)
        whole = isinstance(value, float) and value.is_integer()
        return label or plain_name(str(int(value) if whole else value))

    def event(self, node: NodeName, value: Value) -> str:
        """That a node has a value, as a heading or a quotation names it: “The reply: frees”."""
        return f"“{self.node(node)}: {self.value(node, value)}”"

    def player(self, name: PlayerName) -> str:
        """A player's name."""
        return self.lowered.case.players[name].name

    def reasoning(self, name: PlayerName) -> str:
        """How a player reasons, as the rest of a sentence after its name; empty at equilibrium."""
        priors, known = self.lowered.priors, self.lowered.diagram.thinking.of_player
        if name not in known:
            return ""
        prior = priors[known[name].level]
        if isinstance(prior, PoissonLevel):
            mean = prior.mean
            low, high = mean.at(0.05), mean.at(0.95)
            size = f"{low:.2g}" if mean.is_fixed else f"between {low:.2g} and {high:.2g}"
            return f"reasons in a hierarchy with mean level {size}, up to level {prior.most}"
        if isinstance(prior, Mixture):
            shares = zip(prior.types, prior.shares, strict=True)
            return f"is at {and_list([f'{type_name(t)} ({percent(s)})' for t, s in shares])}"
        return f"reasons at {type_name(prior.at(0.5))}"

    def view(self, view: Viewpoint) -> str:
        """The holder of a belief as the subject of a sentence: Minsk, or Minsk thinks Washington."""
        return " thinks ".join(self.player(name) for name in view)

    def parameter(self, name: ParameterName) -> str:
        """A number in a few words: its own, or those of what it stands in for."""
        case = self.lowered.case
        if name in case.parameters:
            return case.parameters[name].about or plain_name(name)
        of_trade = number_of_good(case, name)
        if of_trade is not None:
            return of_trade.label
        owner, _, rest = name.partition(".")
        if owner in case.players and rest == "precision":
            return f"{possessive(case.players[owner].name)} precision"
        if owner in case.players and rest == "discount":
            return f"{possessive(case.players[owner].name)} discount of the next round"
        if owner in case.players and rest == "level":
            return f"{possessive(case.players[owner].name)} level of reasoning"
        if owner in case.players and rest == "hierarchy":
            return f"{possessive(case.players[owner].name)} mean level"
        if owner in case.players and rest.startswith("precision_by_"):
            covariate = _COVARIATES[rest.removeprefix("precision_by_")]
            return f"how {possessive(case.players[owner].name)} precision depends on {covariate}"
        behind = belief_behind(case, name)
        if behind is not None:
            view, _, rest = behind
            return f"what {self.view(view)} believes: {self.parameter(rest)}"
        if owner in case.nodes:
            return f"{self.node(owner)}: {plain_name(rest)}"
        if owner in case.interests or (case.rounds is not None and owner in case.rounds.interests):
            step = int(rest.removeprefix("step "))
            return f"{self.interest(owner)}: step from rank {step} to rank {step + 1}"
        if case.rounds is not None and owner in case.rounds.nodes:
            return f"{case.rounds.nodes[owner].title or plain_name(owner)}: {plain_name(rest)}"
        return plain_name(name)

    def interest(self, name: str) -> str:
        """What an interest is about; one of `rounds` may be named without its round."""
        case = self.lowered.case
        entry = case.interests.get(name)
        if entry is None and case.rounds is not None:
            entry = case.rounds.interests[name]
        return (entry and entry.about) or plain_name(name)
