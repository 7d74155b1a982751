"""The front door: load a case, ask it questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from backchannel.case.catalog import find_case
from backchannel.case.lower import Lowered, lower
from backchannel.case.lower_interventions import read_intervention
from backchannel.case.lower_nodes import Numbers
from backchannel.case.read import as_case, read_case, read_case_text
from backchannel.diagram.surgery import Intervention
from backchannel.equilibrium.certify import prepare
from backchannel.equilibrium.models import build_models
from backchannel.errors import CommandError
from backchannel.names import NodeName, Value, did_you_mean
from backchannel.present.answers import compose_answers
from backchannel.present.compose import Composer
from backchannel.present.document import Answers, ClaimFinding, NodeForecast, WhatIf
from backchannel.present.why_asked import Asked, asked_by_hand, asked_of_case
from backchannel.present.why_explain import Explainer
from backchannel.present.words import Wording
from backchannel.priors import draw_numbers
from backchannel.queries.apart import Apart
from backchannel.queries.change import Changed, change_all
from backchannel.queries.claims import Finding, intervention_of, judge_claims
from backchannel.queries.ensemble import Ensemble, build_ensemble
from backchannel.queries.forecast import Forecast, forecast
from backchannel.queries.what_if import Comparison, what_if
from backchannel.queries.why import WORLDS, Explanation

if TYPE_CHECKING:
    from backchannel.case.document import Document
    from backchannel.case.schema import Case

DRAWS = 1024
"""Draws taken unless the user says otherwise; a power of two."""
FEWEST_EFFECTIVE = 100
"""Effective draws below which more are drawn."""
MOST_TIMES = 8
"""At most so many times the draws asked for are drawn."""


class Progress(Protocol):
    """What shows a user how far things are."""

    def stage(self, name: str, total: int) -> Any:
        """Begin a stage of so many steps."""

    def advance(self, steps: int) -> Any:
        """Take some steps of the stage."""


class Silence:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage, unseen."""

    def advance(self, steps: int) -> None:
        """Take some steps, unseen."""


@dataclass(frozen=True)
class Claims:
    """The verdicts on a case's claims."""

    findings: Sequence[Finding]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def to_frame(self) -> pd.DataFrame:
        """One row a claim."""
        rows = [
            {
                "claim": finding.claim.name,
                "says": finding.claim.says,
                "verdict": finding.verdict.value,
                "support": finding.support,
                "difference": finding.difference[0] if finding.difference else None,
                "hinges on": finding.hinges_on.parameter if finding.hinges_on else "",
            }
            for finding in self.findings
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.3f}".format)


class Study:
    """One case, solved on first use and asked as often as wanted.

    >>> study = Study.load("sanctions-threat", draws=64)
    >>> study.forecast("comply").domain
    ('yields', 'defies')
    """

    def __init__(self, lowered: Lowered, *, name: str, draws: int = DRAWS, seed: int = 0) -> None:
        if draws < 2:
            raise CommandError(f"{draws} draws are too few: take at least 2, better {DRAWS}.")
        self.lowered = lowered
        self.name = name
        self.draws = draws
        self.seed = seed
        self.progress: Progress = Silence()
        self.began = time.perf_counter()

    @classmethod
    def load(
        cls,
        case: str | Path | Mapping[str, Any] | Case,
        *,
        draws: int = DRAWS,
        seed: int = 0,
    ) -> Study:
        """Load and check a case.

        Args:
            case: A name in the catalog, the path of a file, the text of one, a mapping in the
                form of one, or a `Case`.
            draws: How many times the uncertain numbers are drawn; a power of two is best.
            seed: The same seed gives the same numbers.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        found, document, name = _opened(case)
        return cls(lower(found, document), name=name, draws=draws, seed=seed)

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
        draws = self.draws
        with self._certificate_prepared():
            while True:
                ensemble = self._solved(draws)
                if ensemble.effective_draws >= min(FEWEST_EFFECTIVE, self.draws / 2):
                    return ensemble
                if 2 * draws > MOST_TIMES * self.draws:
                    return ensemble
                draws *= 2

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

    def why(
        self,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        causes: Sequence[str] | Mapping[str, Any] = (),
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Explanation:
        """Why: would it have happened otherwise, and what share has each cause?

        Args:
            question: The name of a `why` question of the case (its first, if left out), or what
                happened: `why({"reply": "fight"}, causes=["greed"])`.
            causes: With an outcome: names of causes of the case, or by any names mappings in the
                form of the file.
            worlds: Worlds drawn from what the record leaves open, in each draw.
            draws: Use only the first so many draws.

        Raises:
            CommandError: The question has no answer; everything that keeps it from one is told.
        """
        asked = self.asked_why(question, causes)
        return self.explainer.explanation(asked, worlds=worlds, draws=draws)

    def apart(
        self,
        cause: str,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Apart:
        """One cause taken apart: through whom it came to matter to an outcome.

        Args:
            cause: Its name.
            question: The name of a `why` question of the case, or what happened.
            worlds: Worlds in each draw.
            draws: Use only the first so many draws.

        Raises:
            CommandError: The question has no answer.
        """
        hand = isinstance(question, Mapping)
        asked = self.asked_why(question, [cause] if hand else ())
        return self.explainer.apart(asked, cause, worlds=worlds, draws=draws)

    def asked_why(
        self,
        question: str | Mapping[NodeName, Value] = "",
        causes: Sequence[str] | Mapping[str, Any] = (),
    ) -> Asked:
        """Read a `why`, of the case or by hand, without answering it."""
        if isinstance(question, Mapping):
            return asked_by_hand(self.lowered, question, causes, self.intervention)
        if causes:
            raise CommandError("A question of the case names its own causes; leave them out.")
        return asked_of_case(self.lowered, question)

    @property
    def explainer(self) -> Explainer:
        """What answers `why`, in numbers or in the document's words."""
        return Explainer(self.lowered, self.ensemble, self.seed, self.progress)

    def intervention(
        self, intervention: str | Mapping[str, Any] | None = None, /, **changes: Any
    ) -> Intervention:
        """Read an intervention: a name in the case, or its keys."""
        if isinstance(intervention, str):
            known = self.lowered.interventions
            if intervention not in known:
                hint = did_you_mean(intervention, list(known))
                raise CommandError(
                    f"No cause or question is called '{intervention}'.{hint} "
                    f"There are: {', '.join(known)}."
                )
            return known[intervention]
        raw = {**(intervention or {}), **changes}
        numbers = Numbers(dict(self.lowered.priors), list(self.lowered.correlations))
        return read_intervention(self.case, self.lowered.diagram, numbers, raw)

    def claims(self) -> Claims:
        """Which of the case's claims stand up."""
        claims = self.lowered.claims
        self.prepare([w for c in claims for q in c.test.quantities if (w := self._made(q))])
        return Claims(judge_claims(self.ensemble, claims, self.lowered.interventions))

    def answers(self) -> Answers:
        """Everything: the answers to the case's questions and all that they rest on."""
        ensemble = self.ensemble
        named = self.lowered.interventions
        worlds = [named[q.intervention] for q in self.lowered.questions if q.intervention]
        worlds += [
            w for c in self.lowered.claims for q in c.test.quantities if (w := self._made(q))
        ]
        changed = self.prepare(worlds)
        claims = judge_claims(ensemble, self.lowered.claims, named)
        return compose_answers(
            Wording(self.lowered),
            ensemble,
            claims,
            changed,
            whys=self.explainer.run(),
            name=self.name,
            draws_asked=self.draws,
            seed=self.seed,
            began=self.began,
        )

    def forecasts(self, nodes: Sequence[NodeName] = ()) -> list[NodeForecast]:
        """Forecasts in the document's words; without names, of all that lies ahead."""
        for node in nodes:
            self._check_node(node)
        composer, diagram = self._composer, self.lowered.diagram
        seen = {entry.node for entry in self.case.record}
        ahead = [n for n in diagram.order if diagram.dates[n] > self.case.as_of and n not in seen]
        chosen = list(nodes) or ahead
        return [composer.forecast(self.forecast(node), composer.prior(node)) for node in chosen]

    def changes(
        self, name: str, intervention: Intervention, outcomes: Sequence[NodeName]
    ) -> WhatIf:
        """An intervention and some outcomes, in the document's words."""
        for node in outcomes:
            self._check_node(node)
        self.prepare([intervention])
        compared = [what_if(self.ensemble, intervention, node) for node in outcomes]
        return self._composer.what_if(name, compared)

    def findings(self) -> list[ClaimFinding]:
        """The claims' verdicts, in the document's words."""
        return [self._composer.claim(finding) for finding in self.claims()]

    def settings(self, texts: Sequence[str]) -> dict[NodeName, Value]:
        """Read `NODE=VALUE` texts, as a command line gives them."""
        found: dict[NodeName, Value] = {}
        for text in texts:
            node, sign, value = (part.strip() for part in text.partition("="))
            if not sign:
                raise CommandError(f"'{text}' sets nothing; write NODE=VALUE.")
            self._check_node(node)
            domain = self.lowered.diagram.domains[node]
            found[node] = next((v for v in domain if str(v) == value), value)
        return found

    @property
    def _composer(self) -> Composer:
        return Composer(self.lowered, self.ensemble, Wording(self.lowered))

    def prepare(self, interventions: Sequence[Intervention]) -> list[Changed]:
        """Solve changed worlds together, which is faster than one by one as they are asked for."""
        distinct = {repr(one): one for one in interventions}
        ensemble = self.ensemble
        models = 1 + len(ensemble.beliefs)
        self.progress.stage("what-ifs", len(distinct) * models * ensemble.n_draws)
        return change_all(ensemble, list(distinct.values()), progress=self.progress.advance)

    def _solved(self, draws: int) -> Ensemble:
        lowered = self.lowered
        numbers = draw_numbers(
            lowered.priors, draws, seed=self.seed, correlations=lowered.correlations
        )
        self.progress.stage("equilibria", draws * (1 + len(lowered.beliefs)))
        return build_ensemble(
            lowered.diagram,
            lowered.beliefs,
            numbers,
            lowered.record,
            progress=self.progress.advance,
        )

    @contextmanager
    def _certificate_prepared(self) -> Iterator[None]:
        # The certificate compiles on the other core while the case is being solved.
        lowered = self.lowered
        medians = {name: prior.quantile(_HALF) for name, prior in lowered.priors.items()}
        models = build_models(lowered.diagram, lowered.beliefs, medians)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(prepare, models.truth.game)
            yield

    def _made(self, quantity: Any) -> Intervention | None:
        return intervention_of(quantity, self.lowered.interventions)

    def _check_node(self, node: NodeName) -> None:
        known = list(self.lowered.diagram.node)
        if node not in known:
            raise CommandError(
                f"No node is called '{node}'.{did_you_mean(str(node), known)} "
                f"There are: {', '.join(known)}."
            )


def _opened(case: str | Path | Mapping[str, Any] | Case) -> tuple[Case, Document, str]:
    from backchannel.case.document import Document, read_text
    from backchannel.case.schema import Case
    from backchannel.case.write import write_case

    if isinstance(case, Case):
        return *read_case_text(write_case(case)), "case"
    if isinstance(case, Mapping):
        document = Document("case", dict(case), {}, {})
        return as_case(document), document, "case"
    if isinstance(case, str) and "\n" in case:
        document = read_text(case)
        return as_case(document), document, "case"
    path = find_case(case)
    name = path.parent.name if path.name == "case.yaml" else path.stem
    return *read_case(path), name


_HALF = np.array([0.5])
