"""Quantities of claims in words: the probability of “The reply: frees” if the offer had been full."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.diagram.claim_tests import Quantity
from backchannel.language.trees import Tree
from backchannel.wording.event_words import NoWordsError, event_words, number_words
from backchannel.wording.interventions import if_clause, settings
from backchannel.wording.nouns import and_list
from backchannel.wording.words import Wording

_FUNCTIONS = {"min": "the smallest of", "max": "the largest of", "abs": "the size of"}
_SIGNS = {"+": "the sum of", "*": "the product of"}


@dataclass(frozen=True)
class QuantityWords:
    """Names the quantities of one test."""

    wording: Wording
    quantities: tuple[Quantity, ...]

    def amount(self, tree: Tree) -> str:
        """A number, as a noun."""
        quantity = self.find(tree)
        if quantity is not None:
            return self._noun(quantity)
        if (number := constant_of(tree)) is not None:
            return number_words(number)
        parts = [self.amount(part) for part in tree.parts]
        if tree.op in _SIGNS:
            return f"{_SIGNS[tree.op]} {and_list(parts)}"
        if tree.op == "-":
            return f"{parts[0]} less {parts[1]}"
        if tree.op == "/":
            return f"{parts[0]} divided by {parts[1]}"
        if tree.op == "call" and tree.value in _FUNCTIONS:
            return f"{_FUNCTIONS[str(tree.value)]} {and_list(parts)}"
        raise NoWordsError

    def _noun(self, quantity: Quantity) -> str:
        change = self.change(quantity)
        change = change and f" {change}"
        if quantity.kind == "P":
            return f"the probability of {self.event(quantity)}{change}"
        if quantity.kind == "best":
            return self.choice(quantity)
        if quantity.subject in self.wording.lowered.case.players:
            return f"what {self.wording.player(quantity.subject)} can expect{self.given(quantity)}{change}"
        return f"{self.worth(quantity)}{self.given(quantity)}{change}"

    def worth(self, quantity: Quantity) -> str:
        """What an interest is expected to be worth."""
        return f"the expected worth of “{self.wording.interest(quantity.subject)}”"

    def choice(self, quantity: Quantity) -> str:
        """The best choice at a decision."""
        text = f"the best choice at “{self.wording.node(quantity.subject)}”"
        change = self.change(quantity)
        return f"{text}{self.given(quantity)}{change and f', {change},'}"

    def event(self, quantity: Quantity) -> str:
        """The event of a probability, with what is given."""
        assert quantity.event is not None
        return f"{event_words(self.wording, quantity.event.tree)}{self.given(quantity)}"

    def given(self, quantity: Quantity) -> str:
        """What is given, in brackets; or nothing."""
        if quantity.given is None:
            return ""
        return f" (given {event_words(self.wording, quantity.given.tree)})"

    def change(self, quantity: Quantity) -> str:
        """The change behind a quantity: if the offer had been full, with “The reply: frees”; or nothing."""
        interventions = self.wording.lowered.interventions
        clauses = [
            if_clause(self.wording, name, interventions[name]) for name in quantity.interventions
        ]
        parts = [f"if {' and '.join(clauses)}"] if clauses else []
        if quantity.do:
            parts.append(f"with {and_list(settings(self.wording, quantity.do))}")
        return " and ".join(parts)

    def find(self, tree: Tree) -> Quantity | None:
        """The quantity that a part of a test stands for; None for any other part."""
        if tree.op == "name" and str(tree.value).startswith("@"):
            return self.quantities[int(str(tree.value)[1:])]
        return None


def constant_of(tree: Tree) -> float | None:
    """The number that a part of a test is; None where it is none."""
    if tree.op == "number":
        return float(tree.value)  # pyright: ignore[reportArgumentType]
    if tree.op == "negate" and tree.parts[0].op == "number":
        return -float(tree.parts[0].value)  # pyright: ignore[reportArgumentType]
    return None
