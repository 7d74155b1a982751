"""The grammar of formulas: small, our own, with bounds; a formula becomes a frozen tree.

    sum       product (("+" | "-") product)*
    product   crossing ("*" crossing)*
    crossing  power (":" power)*
    power     atom (("^" | "**") whole number)*
    atom      "1" | column | function "(" argument ("," option)* ")" | "(" sum ")"
              | "(" sum "|" column (":" column)* ")"

`0` stands for `-1`, and takes the intercept away that a formula has unless told otherwise.
"""

from __future__ import annotations

from itertools import product

from backchannel.language.formulas.arguments import read_call
from backchannel.language.formulas.stream import Stream
from backchannel.language.formulas.tokens import FormulaError, ReadingStopped
from backchannel.language.formulas.tree import ColumnRef, Factor, Formula, GroupEffect, Product

MAX_TERMS = 100
MAX_FACTORS = 6
MAX_POWER = 4

_Terms = dict[frozenset[Factor], Product]
"""Terms by the factors that they multiply, in the order in which they were written."""
_ONE: _Terms = {frozenset(): ()}


class FormulaReader(Stream):
    """Reads one formula from its beginning to its end."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._groups: list[GroupEffect] = []

    def formula(self) -> Formula:
        """The whole formula."""
        try:
            terms = self._sum(dict(_ONE))
            if self.next.kind != "end":
                raise self.unexpected("a sign such as + between two parts")
        except ReadingStopped:
            raise FormulaError(self.text, self.problems) from None
        if self.problems:
            raise FormulaError(self.text, self.problems)
        # As in R: the intercept, single factors, products of two, and so on.
        ordered = sorted(terms.values(), key=len)
        return Formula(tuple(ordered), tuple(self._groups))

    def _sum(self, terms: _Terms) -> _Terms:
        """Read a sum whose terms are added to those given."""
        with self.nested():
            top = self.depth == 1
            begun = False
            while not begun or (self.next.kind == "sign" and self.next.text in "+-"):
                added = self._sign(needed=begun)
                begun = True
                if self.next.text == "0" and self.next.kind == "number":
                    self.advance()
                    own, added = dict(_ONE), not added
                else:
                    own = self._product(top=top and added)
                for key, term in own.items():
                    if not added:
                        terms.pop(key, None)
                    else:
                        terms.setdefault(key, term)
                self._bound(len(terms))
        return terms

    def _sign(self, *, needed: bool) -> bool:
        """Read the signs before a term; whether it is added."""
        added = True
        while self.next.kind == "sign" and self.next.text in "+-":
            added ^= self.advance().text == "-"
            needed = False
        assert not needed
        return added

    def _product(self, *, top: bool) -> _Terms:
        before, begin = len(self._groups), self.next
        terms = self._crossing()
        alone = self.next.text != "*"
        while self.take("*"):
            right = self._crossing()
            crossed = self._crossed(terms, right)
            terms = {**terms, **{k: t for k, t in right.items() if k not in terms}}
            terms |= {k: t for k, t in crossed.items() if k not in terms}
            self._bound(len(terms))
        # A group effect that was read leaves no terms, so that it cannot be multiplied.
        if len(self._groups) > before and not (top and alone and not terms):
            raise self.stop(
                begin.column, "a group effect is added to the formula, as in + (1 | g)."
            )
        return terms

    def _crossing(self) -> _Terms:
        terms = self._power()
        while self.take(":"):
            begin, groups = self.next, len(self._groups)
            terms = self._crossed(terms, self._power())
            if len(self._groups) > groups or not terms:
                raise self.stop(begin.column, "there is nothing that ':' could multiply.")
        return terms

    def _power(self) -> _Terms:
        terms = self._atom()
        while self.next.text in ("^", "**") and self.next.kind == "sign":
            self.advance()
            token = self.next
            if token.kind != "number" or not token.text.isdecimal():
                raise self.unexpected(f"a whole number from 1 to {MAX_POWER} after the power sign")
            self.advance()
            if not 1 <= int(token.text[:4]) <= MAX_POWER:
                raise self.stop(
                    token.column, f"a power is a whole number from 1 to {MAX_POWER} here."
                )
            base = terms
            for _ in range(int(token.text) - 1):
                terms = self._crossed(terms, base)
        return terms

    def _atom(self) -> _Terms:
        token = self.next
        if token.kind == "quoted" or (token.kind == "name" and self.after.text != "("):
            self.advance()
            return _alone(ColumnRef(token.text))
        if token.kind == "name":
            call = read_call(self, outside=True)
            return _alone(call) if call else {}
        if token.kind == "number":
            if token.text != "1":
                raise self.stop(
                    token.column,
                    f"{token.text} cannot stand here: the only numbers in a formula are 1 (the "
                    "intercept) and 0 (none).",
                )
            self.advance()
            return dict(_ONE)
        if self.take("("):
            inside = self._sum({})
            if self.take("|"):
                self._groups.append(GroupEffect(tuple(inside.values()), self._group()))
                inside = {}
            self.expect(")")
            return inside
        raise self.unexpected("a column or a function")

    def _group(self) -> tuple[ColumnRef, ...]:
        columns = []
        while not columns or self.take(":"):
            if self.next.kind not in ("name", "quoted"):
                raise self.unexpected("the column that says which group a row belongs to")
            columns.append(ColumnRef(self.advance().text))
        return tuple(columns)

    def _crossed(self, left: _Terms, right: _Terms) -> _Terms:
        """Every product of a term on the left and one on the right."""
        made: _Terms = {}
        for one, two in product(left.values(), right.values()):
            term = tuple(dict.fromkeys((*one, *two)))
            if len(term) > MAX_FACTORS:
                raise self.stop(self.next.column, f"a product has more than {MAX_FACTORS} factors.")
            made.setdefault(frozenset(term), term)
            self._bound(len(made))
        return made

    def _bound(self, n_terms: int) -> None:
        if n_terms > MAX_TERMS:
            raise self.stop(
                self.next.column,
                f"written out, the formula has more than {MAX_TERMS} terms; name those you need.",
            )


def _alone(factor: Factor) -> _Terms:
    return {frozenset((factor,)): (factor,)}
