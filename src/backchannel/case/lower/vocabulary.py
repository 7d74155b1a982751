"""The vocabulary of a case: its names, against which expressions are checked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from backchannel.case.lower.check_words import check_words
from backchannel.case.lower.limits import LimitedNumber
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rounds import RoundsBlock
from backchannel.case.lower.trade_calls import with_markets
from backchannel.case.lower.unusual_names import UnusualNames
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.trade import TradeEntry
from backchannel.language.coded_words import along_axis
from backchannel.language.errors import CaseError, ExpressionError
from backchannel.language.evaluation import evaluate_words
from backchannel.language.expressions import Expression, Tree, check_written_size, parse, substitute
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value, name_hint, round_number
from backchannel.language.slips import SlipError
from backchannel.language.values import explain_no_value

MAX_OPERATIONS = 200_000
"""Most operations of all expressions together; each takes about 30 µs before solving starts."""


@dataclass
class CaseVocabulary:
    """Every name that an expression may use, and what it means."""

    report: CaseReport
    domains: Mapping[NodeName, tuple[Value, ...]]
    """Values of each node, including n/a if it is possible."""
    parameters: set[str]
    quantities: dict[str, Expression] = field(default_factory=dict)
    """Each with other quantities expanded."""
    broken: set[NodeName] = field(default_factory=set)
    """Nodes with a problem; nodes that depend on them are not reported as well."""
    rounds: RoundsBlock = field(default_factory=lambda: RoundsBlock(None, date.min))
    """What repeats, so that names in `rounds` can be resolved."""
    unusual: UnusualNames = field(default_factory=UnusualNames)
    """Names of a form that no expression can use, so that the rest of an expression can be checked."""
    unsure_record: set[NodeName] = field(default_factory=set)
    """Nodes about which some entry of the record is wrong."""
    used: set[str] = field(default_factory=set)
    """Names that some checked expression uses, before quantities are expanded."""
    uses_of: dict[str, frozenset[str]] = field(default_factory=dict)
    """By quantity, the names in its own expression."""
    goods: Mapping[str, TradeEntry] = field(default_factory=dict)
    """The goods of `trade`."""
    markets: dict[str, Tree] = field(default_factory=dict)
    """By good, the operation that settles its market, with quantities expanded."""
    limited: list[LimitedNumber] = field(default_factory=list)
    """Numbers that may not be below a limit; they are checked when all priors are known."""
    traded: set[str] = field(default_factory=set)
    """Goods that some expression names."""
    operations: int = 0
    """Operations of all expressions that were read so far."""
    _values: dict[NodeName, frozenset[Value]] = field(default_factory=dict)

    def expression(
        self, path: KeyPath, text: Any, *, only: Iterable[str] | None = None, why_only: str = ""
    ) -> Expression | None:
        """Read an expression and check every name and value in it.

        Args:
            path: The path of the expression.
            text: Its text.
            only: The names that it may use; all, if left out.
            why_only: Tells the user why other names are not allowed.

        Returns:
            The expression with quantities expanded, or `None` after reporting what is wrong.
        """
        parsed = self.parsed(path, text)
        if parsed is None:
            return None
        return self.checked(path, parsed, only=only, why_only=why_only)

    def parsed(self, path: KeyPath, text: Any) -> Expression | None:
        """Read the syntax of an expression; `None` after reporting what is wrong."""
        readable = self.unusual.readable(text)
        try:
            return self.unusual.renamed_back(parse(readable))
        except SlipError as error:
            for column, message in error.notes:
                self.report.error(path, message, column=column)
            # What was meant is checked in the same run.
            return self.parsed(path, error.mended) if error.mended != readable else None
        except ExpressionError as error:
            follows = self.unusual.is_in(text)
            self.report.error(path, error.message, column=error.column, is_consequence=follows)
            return None

    def checked(
        self,
        path: KeyPath,
        parsed: Expression,
        *,
        only: Iterable[str] | None = None,
        why_only: str = "",
    ) -> Expression | None:
        """Check an expression that was parsed already."""
        before = len(self.report.problems)
        self.used |= parsed.names
        check_words(self, path, parsed)
        if len(self.report.problems) > before:
            return None
        number = self.rounds.of(path)
        written = with_markets(substitute(parsed, self.quantities), self.markets)
        expanded = self.rounds.expression_in_round(written, number)
        for name in sorted(name for name in expanded.names if not self.is_known(name)):
            # The name comes from a quantity, which names nodes that repeat.
            self.report.error(path, self.rounds.explain_missing(name, number, list(self.domains)))
            return None
        allowed = None if only is None else set(only)
        foreign = sorted(expanded.names - allowed) if allowed is not None else []
        if foreign:
            remedy = f"Add {foreign[0]} to `sees`."
            reason = why_only.replace("{remedy}", remedy if foreign[0] in self.domains else "")
            self.report.error(path, f"it depends on '{foreign[0]}', but {reason.strip()}")
            return None
        return expanded if self._has_meaning(path, expanded) else None

    def number_of_trade(self, path: KeyPath, text: Any) -> Expression | None:
        """Read a number of a good; it may name nodes, quantities and parameters, but no flows."""
        parsed = self.parsed(path, text)
        if parsed is None:
            return None
        before = len(self.report.problems)
        self.used |= parsed.names
        check_words(self, path, parsed)
        expanded = substitute(parsed, self.quantities)
        if any(tree.op == "trade" for tree in expanded.operations):
            self.report.error(
                path,
                "numbers of a good cannot depend on flows or prices, which follow from them. Use nodes "
                "and parameters.",
            )
            return None
        # Nodes that repeat have no value by themselves; all rounds mean the same.
        in_last_round = self.rounds.expression_in_round(expanded, self.rounds.n or None)
        if len(self.report.problems) > before or not self._has_meaning(path, in_last_round):
            return None
        return expanded

    def _has_meaning(self, path: KeyPath, expanded: Expression) -> bool:
        """Report an expression that is too large, or mixes words with numbers."""
        try:
            check_written_size(expanded.tree)
            self._count(expanded)
            evaluate_words(expanded, self._samples(expanded))
        except ExpressionError as error:
            follows = any(map(self.report.doubts_values, expanded.names & self.domains.keys()))
            self.report.error(path, error.message, column=error.column, is_consequence=follows)
            return False
        return True

    def _count(self, expanded: Expression) -> None:
        before, self.operations = self.operations, self.operations + len(expanded.operations)
        if before <= MAX_OPERATIONS < self.operations:
            raise ExpressionError(
                f"up to here, the case's expressions have more than {MAX_OPERATIONS:,} operations, with "
                "quantities and rounds expanded. Replace quantities that many expressions use "
                "with derived nodes, or use fewer rounds."
            )
        if before > MAX_OPERATIONS:
            raise CaseError(self.report.shown)

    def node(self, path: KeyPath, name: str) -> bool:
        """Check that a node of this name exists."""
        if name in self.domains:
            return True
        number = self.rounds.of(path)
        repeated = self.rounds.explain_missing(str(name), number, list(self.domains))
        if repeated:
            self.report.error(path, repeated)
            return False
        plain = [known for known in self.domains if round_number(known) is None]
        hint = name_hint(str(name), [*plain, *sorted(self.rounds.names)])
        self.report.error(path, f"no node is called '{name}'.{hint}")
        return False

    def meant(self, path: KeyPath, name: str) -> str:
        """Return the full name of a node that is named at a path, which may be inside a round."""
        return self.rounds.meant(str(name), self.rounds.of(path))

    def value(self, path: KeyPath, node: NodeName, value: Any) -> bool:
        """Check that a node can have a value; n/a can neither be set nor seen."""
        if self.can_be(node, value) and value != NOT_APPLICABLE and not isinstance(value, bool):
            return True
        domain = [v for v in self.domains[node] if v != NOT_APPLICABLE]
        self.report.error(
            path,
            f"{node} cannot be '{value}'.{explain_no_value(value, domain)}",
            is_consequence=self.report.doubts_values(node),
        )
        return False

    def unused(self, names: Iterable[str], *, also_used: Iterable[str] = ()) -> list[str]:
        """List those of the names that no expression uses, directly or through a quantity."""
        used: set[str] = set()
        waiting = [*self.used, *also_used]
        while waiting:
            name = waiting.pop()
            if name not in used:
                used.add(name)
                waiting += self.uses_of.get(name, ())
        return [name for name in names if name not in used]

    def can_be(self, node: NodeName, value: Any) -> bool:
        """Whether a value is one of a node's."""
        if node not in self._values:
            self._values[node] = frozenset(self.domains[node])
        return isinstance(value, Hashable) and value in self._values[node]

    def is_known(self, name: str) -> bool:
        """Whether a node, quantity or parameter has this name."""
        return name in self.domains or name in self.quantities or name in self.parameters

    def _samples(self, expression: Expression) -> dict[str, Any]:
        """Return one value of each name, which is enough to detect words that are used as numbers."""
        return {
            name: along_axis(self.domains[name][:1], axis=0, axes=1)
            if name in self.domains
            else np.ones(1)
            for name in expression.names
        }
