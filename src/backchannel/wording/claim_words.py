"""Tests of claims in words: “The reply: frees” is less likely if the offer had been full.

What has no words is a test with a function other than min, max and abs, with a power, or with if and else;
and an event with arithmetic. Such a test is shown as the case writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from backchannel.diagram.claim_tests import Claim, Quantity
from backchannel.language.trees import Tree
from backchannel.wording.event_words import SWAPPED, NoWordsError, event_words, number_words
from backchannel.wording.interventions import settings
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import said
from backchannel.wording.prose import MOST_WORDS, in_points, sentence_case
from backchannel.wording.quantity_words import QuantityWords, constant_of
from backchannel.wording.words import Wording

_LIMITS = {
    "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "not exactly",
}  # fmt: skip
_LIKELY = {
    "<": "less likely", "<=": "at most as likely", ">": "more likely", ">=": "at least as likely",
    "==": "exactly as likely", "!=": "not exactly as likely",
}  # fmt: skip
_LARGE = {
    "<": "smaller", "<=": "at most as large", ">": "larger", ">=": "at least as large", "==": "exactly as large",
    "!=": "not exactly as large",
}  # fmt: skip
_MUCH = {
    "<": "less", "<=": "at most as much", ">": "more", ">=": "at least as much", "==": "exactly as much",
    "!=": "not exactly as much",
}  # fmt: skip
_EVEN = {"<": "less likely than not", ">": "more likely than not"}


def claim_words(wording: Wording, claim: Claim) -> str:
    """Put the test of a claim into a sentence; empty where it has no words."""
    try:
        words = QuantityWords(wording, claim.test.quantities)
        text = _Writer(wording, words).test(claim.test.expression.tree)
    except NoWordsError:
        return ""
    before = ", all as it looked before the change" if claim.view == "before" else ""
    return f"{sentence_case(text)}{before}."


@dataclass(frozen=True)
class _Margined:
    """A side of a comparison: what it is about, and a number that is added to it."""

    tree: Tree
    more: float


@dataclass(frozen=True)
class _Writer:
    """Writes one test."""

    wording: Wording
    words: QuantityWords

    def test(self, tree: Tree) -> str:
        """A test that is true or false, as a clause."""
        if tree.op in ("and", "or"):
            parts = _with_once([self.test(part) for part in tree.parts], tree.op)
            if sum(len(part.split()) for part in parts) + len(parts) <= MOST_WORDS:
                return f"{'either ' if tree.op == 'or' else ''}{f', {tree.op} '.join(parts)}"
            lead = "all of this holds" if tree.op == "and" else "at least one of these holds"
            return ". ".join([lead, *map(sentence_case, parts)])
        if tree.op == "not":
            return f"it is false that {self.test(tree.parts[0])}"
        if tree.op in _LIMITS:
            left, right = tree.parts
            return self._comparison(left, right, tree.op)
        raise NoWordsError

    def _comparison(self, left: Tree, right: Tree, sign: str) -> str:
        if left.op in ("number", "text") and right.op not in ("number", "text"):
            left, right, sign = right, left, SWAPPED[sign]
        mine = self.words.find(left)
        if mine and mine.kind == "best":
            return self._best(mine, right, sign)
        number = constant_of(right)
        if number is not None:
            return self._limit(left, mine, number, sign)
        ours, theirs = _with_margin(left), _with_margin(right)
        first, second = self.words.find(ours.tree), self.words.find(theirs.tree)
        margin = theirs.more - ours.more
        first, second, lead = self._shared_change(first, second)
        if first and second and first.kind == second.kind == "P":
            size = in_points(margin)
            text = self._likelier(first, second, sign)
        elif (
            first and second and first.kind == second.kind == "E" and self._is_alike(first, second)
        ):
            size = number_words(abs(margin))
            text = self._expects_more(first, second, sign)
        else:
            size = number_words(abs(margin))
            text = f"{self.words.amount(ours.tree)} is {_LARGE[sign]} {_than(sign)} {self.words.amount(theirs.tree)}"
        text, by = f"{lead}{text}", _by(sign, margin, size)
        if len(f"{text}{by}".split()) <= MOST_WORDS:
            return text + by
        second_again = "" if sign in "<>" else " as the second"
        return (
            f"two numbers are compared. The first is {self.words.amount(ours.tree)}. The second is "
            f"{self.words.amount(theirs.tree)}. The first is {_LARGE[sign]}{second_again}{by}"
        )

    def _shared_change(
        self, first: Quantity | None, second: Quantity | None
    ) -> tuple[Quantity | None, Quantity | None, str]:
        """Both sides without what is set by hand in both, and that as a lead: it is said once, for both."""
        if first is None or second is None or first.interventions or second.interventions:
            return first, second, ""
        shared = {name: value for name, value in first.do.items() if second.do.get(name) == value}
        mine, others = (
            {name: value for name, value in side.do.items() if name not in shared}
            for side in (first, second)
        )
        # A side with nothing of its own left would read as the world without any change.
        if not shared or not mine or not others:
            return first, second, ""
        lead = f"with {and_list(settings(self.wording, shared))}, "
        return replace(first, do=mine), replace(second, do=others), lead

    def _limit(self, left: Tree, mine: Quantity | None, number: float, sign: str) -> str:
        if mine and mine.kind == "P":
            change = self.words.change(mine)
            is_so = "would be" if change else "is"
            if number == 0.5 and sign in _EVEN:
                return f"{self.words.event(mine)} {is_so} {_EVEN[sign]}{change and f' {change}'}"
            percent = said(number) if 0 <= number <= 1 else number_words(number)
            event = f"{self.words.event(mine)}{change and f', {change},'}"
            return f"the probability of {event} {is_so} {_LIMITS[sign]} {percent}"
        return f"{self.words.amount(left)} is {_LIMITS[sign]} {number_words(number)}"

    def _likelier(self, first: Quantity, second: Quantity, sign: str) -> str:
        ours, theirs = self.words.change(first), self.words.change(second)
        likely = f"{'would be' if ours else 'is'} {_LIKELY[sign]}"
        if self.words.event(first) == self.words.event(second):
            return f"{self.words.event(first)} {likely}{_two_worlds(ours, theirs, sign)}"
        assert first.event is not None
        assert second.event is not None
        if (
            first.event.tree == second.event.tree
            and first.given
            and second.given
            and not (ours or theirs)
        ):
            event = event_words(self.wording, first.event.tree)
            given = [event_words(self.wording, given.tree) for given in (first.given, second.given)]
            return f"{event} {likely} given {given[0]} {_than(sign)} given {given[1]}"
        return (
            f"{self.words.event(first)} {likely}{ours and f' {ours}'} {_than(sign)} {self.words.event(second)}"
            f"{theirs and f' {theirs}'}"
        )

    @staticmethod
    def _is_alike(first: Quantity, second: Quantity) -> bool:
        return (first.subject, first.given) == (second.subject, second.given)

    def _expects_more(self, first: Quantity, second: Quantity, sign: str) -> str:
        ours, theirs = self.words.change(first), self.words.change(second)
        if first.subject in self.wording.lowered.case.players:
            can = "could" if ours else "can"
            what = f"{self.wording.player(first.subject)} {can} expect {_MUCH[sign]}"
            otherwise = "it could"
        else:
            what = f"{self.words.worth(first)} {'would be' if ours else 'is'} {_LARGE[sign]}"
            otherwise = "it would be"
        return f"{what}{self.words.given(first)}{_two_worlds(ours, theirs, sign, otherwise)}"

    def _best(self, mine: Quantity, right: Tree, sign: str) -> str:
        is_so = {"==": "is", "!=": "is not"}.get(sign)
        if is_so is None:
            raise NoWordsError
        if right.op in ("text", "number"):
            value = self.wording.value(mine.subject, right.value)  # pyright: ignore[reportArgumentType]
            return f"{self.words.choice(mine)} {is_so} “{value}”"
        other = self.words.find(right)
        if other is None:
            raise NoWordsError
        return f"{self.words.choice(mine)} {is_so} the same as {self.words.choice(other)}"


def _with_once(parts: list[str], op: str) -> list[str]:
    """Clauses that must all hold and end with the same change: the change leads, and is said once.

    >>> _with_once(["A could gain with “X: y”", "B could gain with “X: y”"], "and")
    ['with “X: y”, A could gain', 'B could gain']
    """
    heads, changes = zip(*(part.rpartition(" with “")[::2] for part in parts), strict=True)
    if op != "and" or len(set(changes)) > 1 or any(" than " in part for part in parts):
        return parts
    if not all(heads) or not changes[0].endswith("”") or changes[0].count("”") > 1:
        return parts
    return [f"with “{changes[0]}, {heads[0]}", *heads[1:]]


def _by(sign: str, margin: float, size: str) -> str:
    """By how much one side must exceed the other."""
    if not margin:
        return ""
    if sign in ("==", "!="):
        raise NoWordsError
    if (margin > 0) == (sign in (">", ">=")):
        return f", by {'more than' if sign in '<>' else 'at least'} {size}"
    return f", or differs the other way by {'less than' if sign in '<>' else 'at most'} {size}"


def _two_worlds(ours: str, theirs: str, sign: str, otherwise: str = "it would be") -> str:
    """Where the same thing is compared in two worlds: if X, or if X than if Y, or than it would be if Y."""
    if not theirs:
        return f" {ours}" if ours else f" {_than(sign)} it is"
    return f" {ours} {_than(sign)} {theirs}" if ours else f" {_than(sign)} {otherwise} {theirs}"


def _than(sign: str) -> str:
    return "than" if sign in "<>" else "as"


def _with_margin(tree: Tree) -> _Margined:
    """Take a number apart that is added to a side, or taken from it."""
    if tree.op in ("+", "-"):
        left, right = tree.parts
        number = constant_of(right)
        if number is not None:
            return _Margined(left, number if tree.op == "+" else -number)
        number = constant_of(left)
        if number is not None and tree.op == "+":
            return _Margined(right, number)
    return _Margined(tree, 0.0)
