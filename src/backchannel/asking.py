"""Asking: a method for each question of the registry, with its arguments and what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, Value
from backchannel.machine.memory import within_memory
from backchannel.questions.registry import method

if TYPE_CHECKING:
    from backchannel import (
        Branch,
        Claims,
        Comparison,
        Deals,
        Equilibria,
        Explainer,
        Forecast,
        Indicators,
        Inverse,
        Rounds,
        Sensitivity,
        Surprise,
        Update,
    )  # fmt: skip


@within_memory
class Asking(SolvedCase):
    """A case with a method for each question.

    Every answer has `to_frame()` (a table), `document()` (the same in the words of the case, as commands
    write it to JSON) and a display in a notebook.
    """

    def forecast(self, node: NodeName) -> Forecast:
        """What next: P(node | record)."""
        return method("forecast")(self, node)

    def rounds(self, nodes: Sequence[str] = ()) -> Rounds:
        """How nodes that repeat fare over all rounds; without names, all of them."""
        return method("rounds")(self, nodes)

    def what_if(
        self,
        intervention: str | Mapping[str, Any] | None = None,
        /,
        *,
        outcome: NodeName,
        **changes: Any,
    ) -> Comparison:
        """What if: an outcome with and without an intervention, on the same draws.

        Args:
            intervention: The name of a cause or question of the case, or a mapping in the form of
                the file; or leave it out and give its keys: `what_if(do={"demand": 10},
                outcome="reply")`.
            outcome: The node to look at.
            changes: Keys of an intervention: `do`, `parameters`, `remove`, `announced`, `told` ...
        """
        return method("what_if")(self, intervention, outcome=outcome, **changes)

    @property
    def why(self) -> Explainer:
        """Why: `study.why("blame")`; `study.why.decompose("greed")` takes one cause apart."""
        return method("why")(self)

    def claims(self) -> Claims:
        """Which of the case's claims stand up."""
        return method("claims")(self)

    def deals(self, name: str | None = None, /, **options: Any) -> Deals:
        """What would hold: every package of a deal, on paper and as it would be kept.

        Args:
            name: A deal of the case; may be left out where there is one only.
            options: Of the document: `package` (its number), `threshold` that every promise is to
                reach, and the `standard` ("chance", "best reply") by which; `draws` to look at.
        """
        return method("deals")(self, name, **options)

    def surprise(self) -> Surprise:
        """What each player expects to happen, beside what will."""
        return method("surprise")(self)

    def sensitivity(
        self, node: NodeName | None = None, value: Value | None = None, *, solve: bool = False
    ) -> Sensitivity:
        """What decides it: how an outcome depends on every assumption.

        Args:
            node: What the outcome is about; the case's first question, if left out.
            value: One of its values; the likeliest, if left out.
            solve: Solve along every assumption too, the others at their medians.
        """
        return method("sensitivity")(self, node, value, solve=solve)

    def inverse(
        self,
        node: NodeName,
        value: Value,
        likely: str | float | None = None,
        *,
        solve: bool = False,
    ) -> Inverse:
        """What would have to be true for an outcome to be likely.

        Args:
            node: The node that the outcome is about.
            value: One of its values.
            likely: An ICD 203 word or a chance; more likely than not, if left out.
            solve: Solve the case at the changes that are found.
        """
        return method("inverse")(self, node, value, likely, solve=solve)

    def watch(self, about: NodeName | None = None) -> Indicators:
        """What to watch: the events that can still be seen, by what each would teach about a node."""
        return method("watch")(self, about)

    def branch(
        self, *, draw: int = 0, until: float = 1.0, nodes: Sequence[NodeName] = ()
    ) -> Branch:
        """One draw's principal branch, until `until` times every precision (docs/branches.md)."""
        return method("branch")(self, draw=draw, until=until, nodes=nodes)

    def equilibria(self, *, all: bool = False, **options: Any) -> Equilibria:
        """Each draw's principal equilibrium; with `all`, others that a search finds (`starts`, `draws`)."""
        return method("equilibria")(self, all=all, **options)

    def update(
        self, *entries: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Update:
        """What news changes: the case with more entries in its record, and what moved.

        Args:
            entries: Entries of the record, with the keys of the file.
            sources: Sources that the case does not have yet, by name.

        Raises:
            CaseError: An entry is wrong, or contradicts one that is certain.
            RecordError: An entry cannot happen in this case.
        """
        return method("update")(self, *entries, sources=sources)

    def diff(self, earlier: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()) -> Update:
        """What moved between an earlier state of the case and this one."""
        return method("diff")(self, earlier, news=news)
