"""The front door: load a case, ask it questions."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.answers.audit import Audit, audit
from backchannel.answers.brief import Brief, compose_brief
from backchannel.answers.compose import compose_answers
from backchannel.answers.document import Answers
from backchannel.answers.ledger_entries import compose_log
from backchannel.answers.living import Update, indicators, moved_between
from backchannel.case.edit.extend import extended
from backchannel.case.lower.asked import intervention_from_user, settings_from_user
from backchannel.case.lower.lower import lower
from backchannel.case.lower.named import check_node, repeated
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.case.read.case_file import reads_of
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import Changed
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import is_enough, solve_case, solve_worlds
from backchannel.files.marks import is_page, is_tree
from backchannel.files.outputs import single_output
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.ledger.ledger import Ledger
from backchannel.machine.memory import allowed, parse_size, within_memory
from backchannel.machine.reports import Progress, Silence
from backchannel.questions.branches.ask import (
    STARTS,
    Branch,
    Equilibria,
    find_equilibria,
    principal_branch,
)
from backchannel.questions.claims.ask import Claims, judge_claims, worlds_of
from backchannel.questions.deals.ask import Deals, deal_named, n_draws_for, solve_deal
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.enforcing import THRESHOLD, Standard
from backchannel.questions.deals.view import check_package, run_draws, view_deal
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.rounds.compose import fans
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.sensitivity.ask import Sensitivity, what_decides, what_would_it_take
from backchannel.questions.sensitivity.compose import compose_sensitivity
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.new_draws import new_draws_of
from backchannel.questions.surprise.ask import Surprise, surprise
from backchannel.questions.watch.document import Watch
from backchannel.questions.what_if.ask import Comparison, what_if
from backchannel.questions.why.explain import Explainer
from backchannel.wording.words import Wording

if TYPE_CHECKING:
    from backchannel.case.schema.case import Case
    from backchannel.estimation.fit import Fit
    from backchannel.interop.game_tree import GameTree
    from backchannel.notebook import ReportWidget

DRAWS = 1024
"""Draws taken unless the user says otherwise; a power of two."""


@within_memory
class Study:
    """One case, solved on first use and asked as often as wanted.

    >>> study = Study.load("sanctions-threat", draws=64)
    >>> study.forecast("comply").domain
    ('yields', 'defies')
    """

    def __init__(
        self,
        lowered: Lowered,
        *,
        name: str,
        draws: int = DRAWS,
        seed: int = 0,
        memory: str | int | None = None,
    ) -> None:
        if draws < 2:
            raise CommandError(f"{draws} draws are too few: take at least 2, better {DRAWS}.")
        self.lowered = lowered
        self.name = name
        self.draws = draws
        self.seed = seed
        self.reads: dict[str, Path] = {}
        self.memory = parse_size(memory) if isinstance(memory, str) else memory or allowed()
        self.progress: Progress = Silence()
        self.began = time.perf_counter()

    @classmethod
    def load(
        cls,
        case: str | Path | Mapping[str, Any] | Case,
        *,
        draws: int = DRAWS,
        seed: int = 0,
        memory: str | int | None = None,
    ) -> Study:
        """Load and check a case.

        Args:
            case: A name in the catalog, the path of a file, the text of one, a mapping in the
                form of one, or a `Case`.
            draws: How many times the uncertain numbers are drawn; a power of two is best.
            seed: The same seed gives the same numbers.
            memory: How much memory it may take, in bytes or as `"4GB"`; half of what is free, if
                left out.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        if str(case).endswith(".efg"):
            return cls.from_gambit(str(case), draws=draws, seed=seed, memory=memory)
        found, document, name = open_case(case)
        study = cls(lower(found, document), name=name, draws=draws, seed=seed, memory=memory)
        study.reads = reads_of(found, document)
        return study

    @classmethod
    def from_gambit(
        cls, path: str | Path, *, precision: float | None = None, **options: Any
    ) -> Study:
        """Load a Gambit tree, with λ of every player; that noted in the file (as `load` takes), or 1.

        `options` are those of `load`: `draws`, `seed`, `memory`.

        Raises:
            EfgError: It is no game, or one that a case cannot hold; every problem is listed.
        """
        from backchannel.interop.gambit import case_from_efg

        study = cls.load(case_from_efg(Path(path), precision=precision), **options)
        study.name, study.reads = Path(path).stem, {"the case": Path(path)}
        return study

    def export_gambit(
        self, path: str | Path, *, draw: int | None = None, force: bool = False
    ) -> GameTree:
        """Write the case as a Gambit tree, in one draw (counted from 1; the medians, if left out).

        A file that Backchannel did not write is replaced with `force` only.

        Raises:
            CommandError: The tree has too many leaves, or the file cannot or may not be written.
        """
        from backchannel.interop.gambit import export_tree

        target = Path(path)
        outputs = single_output(target, is_tree, reads=self.reads, force=force)
        return export_tree(
            self.lowered, target, outputs, draw=draw, draws=self.draws, seed=self.seed
        )

    @property
    def case(self) -> Case:
        """What the analyst wrote."""
        return self.lowered.case

    @property
    def warnings(self) -> list[str]:
        """What is odd about the case, though it runs."""
        return [str(warning) for warning in self.lowered.warnings]

    @cached_property
    def ensemble(self) -> Ensemble:
        """The case solved in every draw; more are drawn when the record leaves too few."""
        return solve_case(self.lowered, draws=self.draws, seed=self.seed, progress=self.progress)

    @property
    def is_solved(self) -> bool:
        """Whether the case has been solved already; `ensemble` would solve it."""
        return "ensemble" in self.__dict__

    def forecast(self, node: NodeName) -> Forecast:
        """What next: P(node | record).

        Raises:
            CommandError: There is no such node.
        """
        self._check_node(node)
        return forecast(self.ensemble, node)

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

        Raises:
            CommandError: The intervention or the outcome is unknown or has no meaning.
        """
        self._check_node(outcome)
        return what_if(self.ensemble, self.intervention(intervention, **changes), outcome)

    @property
    def why(self) -> Explainer:
        """Why: `study.why("blame")`; `study.why.apart("greed")` takes one cause apart."""
        return Explainer(
            self.lowered,
            lambda: self.ensemble,
            self.seed,
            self.progress,
            self.intervention,
            self.memory,
        )

    def sensitivity(
        self, node: NodeName | None = None, value: Value | None = None, *, solve: bool = False
    ) -> Sensitivity:
        """What decides it: how an outcome depends on every assumption; see `what_decides`.

        Args:
            node: What the outcome is about; the case's first question (in its last round), if left out.
            value: One of its values; the likeliest, if left out.
            solve: Solve along every assumption too, the others at their medians.
        """
        chosen = node or self.lowered.first_question
        self._check_node(chosen)
        if solve:
            self.progress.stage("assumptions", new_draws_of(self.ensemble))
        progress = self.progress.advance
        return what_decides(self.ensemble, chosen, value, solve=solve, progress=progress)

    def fit(self, data: Any, **options: Any) -> Fit:
        """Find the numbers that a table of plays makes likeliest.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row a play, a column a node.
            options: Fields of `fitting.fit.Options`: `fixed`, `same`, `weights`, `clusters` ...

        Raises:
            CommandError: The table does not fit the case, or plays cannot tell coefficients apart.
        """
        from backchannel.estimation.fit import FitOptions, fit

        return fit(self.lowered, data, FitOptions(**options))

    def simulate(self, n: int, *, seed: int = 0, **options: Any) -> Any:
        """Draw plays of the case, a DataFrame; options as of `fitting.simulate.simulate`."""
        from backchannel.estimation.simulate import simulate

        return simulate(self.lowered, n, seed=seed, **options)[0]

    def inverse(
        self,
        node: NodeName,
        value: Value,
        likely: str | float | None = None,
        *,
        solve: bool = False,
    ) -> Inverse:
        """What would have to be true for an outcome to be likely; see `what_would_it_take`.

        Args:
            node: The node that the outcome is about.
            value: One of its values.
            likely: An ICD 203 word or a chance; more likely than not, if left out.
            solve: Solve the case at the changes that are found.
        """
        self._check_node(node)
        return what_would_it_take(self.ensemble, node, value, likely, solve=solve)

    def intervention(
        self, intervention: str | Mapping[str, Any] | None = None, /, **changes: Any
    ) -> Intervention:
        """Read an intervention: a name in the case, or its keys."""
        return intervention_from_user(self.lowered, intervention, changes)

    def branch(
        self, *, draw: int = 0, until: float = 1.0, nodes: Sequence[NodeName] = ()
    ) -> Branch:
        """One draw's principal branch, until `until` times every precision (docs/branches.md)."""
        return principal_branch(self.ensemble, draw, until=until, nodes=nodes)

    def equilibria(
        self, *, all: bool = False, starts: int = STARTS, draws: int | None = None
    ) -> Equilibria:
        """Each draw's principal equilibrium; with `all`, others that a search finds, too."""
        return find_equilibria(
            self.ensemble, several=all, starts=starts, draws=draws, seed=self.seed
        )

    def claims(self) -> Claims:
        """Which of the case's claims stand up."""
        claims, named = self.lowered.claims, self.lowered.interventions
        self.prepare(worlds_of(claims, named))
        return Claims(judge_claims(self.ensemble, claims, named))

    def deals(self, name: str | None = None, /, *, draws: int | None = None) -> Deals:
        """What would hold: every package of a deal, on paper and as it would be kept.

        Args:
            name: A deal of the case; may be left out where there is one only.
            draws: Look at the first so many draws only.

        Raises:
            CommandError: There is no such deal.
        """
        deal = deal_named(self.lowered.deals, name)
        ensemble = self.ensemble
        lanes = deal.n_packages * n_draws_for(ensemble, deal, draws)
        self.progress.stage(f"packages of {deal.name}", lanes)
        return solve_deal(ensemble, deal, most_draws=draws, progress=self.progress.advance)

    def deal_view(
        self,
        name: str | None = None,
        /,
        *,
        package: int | None = None,
        threshold: float = THRESHOLD,
        standard: Standard = "chance",
        draws: int | None = None,
    ) -> DealView:
        """A deal in the document's words, with what would make one of its packages hold.

        Args:
            name: A deal of the case; may be left out where there is one only.
            package: Number of the package to look at, from 1.
            threshold: What every promise is to reach.
            standard: What is to reach it: the chance that it is kept, or that keeping it is a best
                reply.
            draws: Look at the first so many draws only.

        Raises:
            CommandError: There is no such deal or package.
        """
        check_package(deal_named(self.lowered.deals, name), package)
        found = self.deals(name, draws=draws)
        return view_deal(
            self.lowered,
            self.ensemble,
            found,
            package=package,
            threshold=threshold,
            standard=standard,
            progress=self.progress,
        )

    def update(
        self,
        *entries: Mapping[str, Any],
        sources: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Update:
        """What news changes: the case with more entries in its record, and what moved.

        Nothing is solved anew unless the longer record leaves too few draws.

        Args:
            entries: Entries of the record, with the keys of the file: `node`, `value`, `date`,
                `source`, and `reliability` and `at` where they are known.
            sources: Sources that the case does not have yet, by name.

        Raises:
            CaseError: An entry is wrong, or contradicts one that is certain.
            RecordError: An entry cannot happen in this case.
        """
        case = extended(self.case, entries, sources or {})
        later = Study.load(case, draws=self.draws, seed=self.seed)
        later.name = self.name
        return later.moved_from(self, news=[dict(entry) for entry in entries])

    def moved_from(self, earlier: Study, *, news: Sequence[Mapping[str, Any]] = ()) -> Update:
        """What moved between an earlier state of the case and this one."""
        return Update(self, moved_between(earlier, self, news=news))

    def adopt(self, ensemble: Ensemble) -> None:
        """Take solved draws over from a study that differs in the record alone, if they are enough."""
        if not self.is_solved and is_enough(ensemble, self.draws):
            self.__dict__["ensemble"] = ensemble

    def watch(self, about: NodeName | None = None) -> Watch:
        """What to watch: the events that can still be seen, by what each would teach.

        Args:
            about: The node that the question is about; that of the first forecast asked for, if
                left out.
        """
        if about is not None:
            self._check_node(about)
        return indicators(self, about)

    def log(self, ledger: Ledger | str | Path, *, by: str = "") -> int:
        """Enter the forecasts of all that lies ahead in a ledger.

        Returns:
            The number of the run in the ledger.
        """
        book = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
        return book.log(*compose_log(self.lowered, self.ensemble, self.name, self.seed, by=by))

    def brief(self, about: NodeName | None = None) -> Brief:
        """One page for a reader in a hurry; `present.brief_files.write_brief` writes it."""
        answers, watch = self.answers(), self.watch(about)
        decided = answers.sensitivity
        if decided.node != watch.about:
            decided = compose_sensitivity(Wording(self.lowered), self.sensitivity(watch.about))
        return compose_brief(answers, watch, decided, self.sources())

    def sources(self) -> Audit:
        """What every number rests on: sources, grades, age; and which stand on weak ground."""
        return audit(self.lowered)

    def surprise(self) -> Surprise:
        """What each player expects to happen, beside what will."""
        ensemble = self.ensemble
        self.progress.stage("expectations", len(ensemble.play.models.views))
        return surprise(ensemble, progress=self.progress.advance)

    def answers(self) -> Answers:
        """Everything: the answers to the case's questions and all that they rest on."""
        ensemble = self.ensemble
        questions, claims = self.lowered.questions, self.lowered.claims
        named = self.lowered.interventions
        asked = [named[q.intervention] for q in questions if q.intervention]
        changed = self.prepare([*asked, *worlds_of(claims, named)])
        findings = judge_claims(ensemble, claims, named)
        deals = [
            self.deal_view(name, draws=run_draws(deal)) for name, deal in self.lowered.deals.items()
        ]
        return compose_answers(
            Wording(self.lowered),
            ensemble,
            findings,
            changed,
            whys=self.why.run(),
            deals=deals,
            name=self.name,
            draws_asked=self.draws,
            seed=self.seed,
            began=self.began,
        )

    def report(self, path: str | Path, *, force: bool = False) -> Path:
        """Write everything as one HTML page, interactive where it was built so; see docs/interface.md.

        A file that Backchannel did not write is replaced with `force` only.

        Raises:
            CommandError: The file cannot or may not be written.
        """
        from backchannel.answers.page.report import compose_report

        target = Path(path)
        outputs = single_output(target, is_page, reads=self.reads, force=force)
        outputs.write(target, compose_report(self.answers()))
        return target

    def widget(self, *, height: int | None = None) -> ReportWidget:
        """The report in a notebook, in a frame so many pixels high.

        Raises:
            CommandError: The packages for it are not installed.
        """
        try:
            from backchannel.notebook import HEIGHT, ReportWidget
        except ModuleNotFoundError as error:
            raise CommandError(str(error)) from None
        return ReportWidget(self.answers(), height=height or HEIGHT)

    def rounds(self, nodes: Sequence[str] = ()) -> list[RoundsFan]:
        """Repeated nodes over all rounds, in the document's words; without names, all of them."""
        return fans(self.lowered, self.ensemble, repeated(self.case, nodes))

    def settings(self, texts: Sequence[str]) -> dict[NodeName, Value]:
        """Read `NODE=VALUE` texts, as a command line gives them."""
        return settings_from_user(self.lowered, texts)

    def prepare(self, interventions: Sequence[Intervention]) -> list[Changed]:
        """Solve changed worlds together, which is faster than one by one as they are asked for."""
        return solve_worlds(self.ensemble, interventions, self.progress)

    def _check_node(self, node: NodeName) -> None:
        check_node(self.case, self.lowered.diagram, node)
