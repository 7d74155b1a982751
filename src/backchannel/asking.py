"""The methods of a study that ask questions: one for each question of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, RecordView, Value
from backchannel.machine.memory import within_memory
from backchannel.questions.registry import method
from backchannel.workers.workers import on_own_workers

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
        LearnedTypes,
        Merge,
        Review,
        Rivals,
        Rounds,
        Scenarios,
        Sensitivity,
        Surprise,
        Update,
    )  # fmt: skip


@within_memory
@on_own_workers
class Asking(SolvedCase):
    """A case with a method for each question.

    Every result has `to_frame()` (a table), `document()` (the result in the words of the case, as
    commands write it to JSON) and a display in a notebook.
    """

    def forecast(self, node: NodeName) -> Forecast:
        """What next: P(node | record)."""
        return method("forecast")(self, node)

    def rounds(self, nodes: Sequence[str] = ()) -> Rounds:
        """Rounds: the forecasts of repeated nodes in every round; without names, of all repeated nodes."""
        return method("rounds")(self, nodes)

    def what_if(
        self,
        intervention: str | Mapping[str, Any] | None = None,
        /,
        *,
        outcome: NodeName,
        view: RecordView = "record",
        **changes: Any,
    ) -> Comparison:
        """What if: an outcome with and without an intervention, on the same draws.

        Args:
            intervention: The name of a cause or question of the case, or a mapping with the keys of the
                file. Or leave it out and give the keys as arguments: `what_if(do={"demand": 10},
                outcome="reply")`.
            outcome: The node to compare.
            view: `record`: given the whole record; a change in the past is then a counterfactual. `before`:
                as it looked before the change.
            changes: Keys of an intervention: `do`, `parameters`, `remove`, `announced`, `told` ...
        """
        return method("what_if")(self, intervention, outcome=outcome, view=view, **changes)

    def scenarios(self, *names: str, outcomes: Sequence[NodeName] = ()) -> Scenarios:
        """Scenarios: sliders and changes under one name, compared over all outcomes on the same draws.

        Args:
            names: Scenarios of the case; all of them, without names.
            outcomes: The nodes to compare; default: all that are still open.
        """
        return method("scenarios")(self, *names, outcomes=outcomes)

    @property
    def why(self) -> Explainer:
        """Why: `study.why("blame")`; `study.why.decompose("greed")` decomposes one cause."""
        return method("why")(self)

    def claims(self) -> Claims:
        """Claims: the verdict on each of the case's claims."""
        return method("claims")(self)

    def deals(self, name: str | None = None, /, **options: Any) -> Deals:
        """Deals: every package of a deal, on paper and as it would be kept.

        Args:
            name: A deal of the case; may be left out if the case has only one.
            options: `package` (its number), `threshold` that every promise should reach, `standard`
                of reaching it ("chance" or "best reply"), and the number of `draws` to use.
        """
        return method("deals")(self, name, **options)

    def rivals(self, node: NodeName | None = None, **options: Any) -> Rivals:
        """Rivals: the case among other structures, each weighed by how well it expected the record.

        Args:
            node: The outcome; default: that of the case's first question.
            options: `draws` to use, the first ones (256); the `most` rivals to solve (60); `written`, for
                the rivals of the case file alone; `tell`, called with a line about each rival as soon as it
                is solved.
        """
        return method("rivals")(self, node, **options)

    def surprise(self) -> Surprise:
        """Surprise: what each player expects, compared with the true case."""
        return method("surprise")(self)

    def reasoning(self) -> LearnedTypes:
        """Reasoning: what the record says about how far ahead each player thinks."""
        return method("reasoning")(self)

    def sensitivity(
        self, node: NodeName | None = None, value: Value | None = None, *, solve: bool = False
    ) -> Sensitivity:
        """What decides it: how an outcome depends on every assumption.

        Args:
            node: The node of the outcome; default: that of the case's first question.
            value: One of its values; default: the most likely.
            solve: Whether to solve along every assumption too, with the others at their medians.
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
            node: The node of the outcome.
            value: One of its values.
            likely: An ICD 203 word or a probability; default: more likely than not.
            solve: Whether to solve the case at the changes that are found.
        """
        return method("inverse")(self, node, value, likely, solve=solve)

    def watch(self, about: NodeName | None = None) -> Indicators:
        """What to watch: the open events, ranked by their expected information about a node."""
        return method("watch")(self, about)

    def branch(
        self, *, draw: int = 0, until: float = 1.0, nodes: Sequence[NodeName] = ()
    ) -> Branch:
        """The principal branch of one draw, up to `until` times every precision (docs/branches.md)."""
        return method("branch")(self, draw=draw, until=until, nodes=nodes)

    def equilibria(self, *, all: bool = False, **options: Any) -> Equilibria:
        """The principal equilibrium of each draw; with `all`, also others from a search (`starts`, `draws`)."""
        return method("equilibria")(self, all=all, **options)

    def update(
        self, *entries: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Update:
        """What news changes: compare the case with more entries in its record to the case as it is.

        Args:
            entries: New entries of the record, with the keys of the file.
            sources: New sources, by name.

        Raises:
            CaseError: An entry is wrong, or contradicts a certain entry.
            RecordError: An entry cannot happen in this case.
        """
        return method("update")(self, *entries, sources=sources)

    def review(
        self,
        outcomes: Mapping[NodeName, Value | tuple[Value, Any, str]] | None = None,
        *,
        rivals: int | None = None,
    ) -> Review:
        """Review: what was right and wrong, once outcomes are known.

        Args:
            outcomes: By node what came about; or that, with the day and the source. If left out, those that
                `read_outcomes` took from a ledger.
            rivals: How many rivals are weighed by the outcomes; those of the case file, if left out.

        Raises:
            CommandError: No outcome is known, or a node cannot have it.
        """
        return method("review")(self, outcomes, rivals=rivals)

    def merge(
        self, other: SolvedCase, *, base: SolvedCase | None = None, outcome: NodeName | None = None
    ) -> Merge:
        """Merge: another analyst's version of this case: where they differ, and what moves the answer.

        Args:
            other: The other version.
            base: The version from which both began; it tells who changed what.
            outcome: The node of the answer; default: that of this version's first question.

        Raises:
            CommandError: They are not versions of one case.
        """
        return method("merge")(self, other, base=base, outcome=outcome)

    def diff(self, earlier: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()) -> Update:
        """What changed between an earlier state of the case and this one."""
        return method("diff")(self, earlier, news=news)
