"""The audit of a case's sources: what every number rests on, with grades and ages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field

from backchannel.answers.background import cited_reasons, sources_of
from backchannel.case.lower.origin import origin_of
from backchannel.case.lowered import Lowered
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.language.sources import (
    Source,
    count_independent,
    grade_in_words,
    original_source,
    weakness,
)
from backchannel.wording.nouns import several
from backchannel.wording.pieces import Piece
from backchannel.wording.words import Wording

if TYPE_CHECKING:
    import pandas as pd


class Basis(Piece):
    """A source or a judgement that a number rests on."""

    source: str
    title: str
    at: str
    grade: str
    grade_in_words: str
    age_days: int | None = Field(
        description="Days from the source's date to the case's; null if it has no date."
    )
    copy_of: str = Field(description="The report that this one copies; the two count once.")
    judgement: str


class Audited(Piece):
    """One number and what it rests on."""

    number: str
    label: str
    prior: Any
    independent_sources: int
    weakness: str = Field(description="Empty, or why the number is weakly supported.")
    rests_on: list[Basis]


class Audit(Piece):
    """Every number of a case, with its sources."""

    case: str
    numbers: list[Audited]

    @property
    def counted(self) -> str:
        """How many numbers there are, with base rates told apart, as `check` counts them."""
        rates = sum(number.number.startswith(_RATE) for number in self.numbers)
        numbers = several(len(self.numbers) - rates, "uncertain number")
        return f"{numbers} and {several(rates, 'base rate')}" if rates else numbers

    @property
    def weak(self) -> list[Audited]:
        """Numbers that rest on judgement alone, on one ungraded source, or on nothing."""
        return [number for number in self.numbers if number.weakness]

    def to_frame(self) -> pd.DataFrame:
        """One row for each reason of each number."""
        import pandas as pd

        rows = [
            {"number": number.number, "label": number.label, "weakness": number.weakness}
            | basis.model_dump()
            for number in self.numbers
            for basis in number.rests_on or [_NOTHING]
        ]
        return pd.DataFrame(rows)

    def document(self) -> Audit:
        """Return the audit itself, which is in words already."""
        return self

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


_RATE = "base_rates."
"""How the names of base rates begin."""
_NOTHING = Basis(
    source="", title="", at="", grade="", grade_in_words="", age_days=None, copy_of="", judgement=""
)


def audit(lowered: Lowered) -> Audit:
    """List what every number of a case rests on; nothing is solved for it."""
    wording, case = Wording(lowered), lowered.case
    sources = sources_of(lowered)
    audited = []
    for name in lowered.priors:
        _, _, prior, reasons = origin_of(lowered, name)
        cited = cited_reasons(reasons)
        bases = [_basis(lowered, reason, sources) for reason in reasons]
        audited.append(
            Audited(
                number=name,
                label=wording.parameter(name),
                prior=prior,
                independent_sources=count_independent(cited, sources),
                weakness=weakness(cited, sources),
                rests_on=bases,
            )
        )
    return Audit(case=case.case, numbers=[*audited, *_base_rates(lowered, wording, sources)])


def _base_rates(
    lowered: Lowered, wording: Wording, sources: dict[str, Source]
) -> Iterator[Audited]:
    """The counts of every base rate, with what they rest on."""
    for entry in lowered.case.base_rates:
        cited = cited_reasons(entry.why)
        yield Audited(
            number=f"{_RATE}{entry.node}",
            label=f"base rate of {_title(lowered, wording, entry.node)}: {entry.of}",
            prior=dict(entry.counts),
            independent_sources=count_independent(cited, sources),
            weakness=weakness(cited, sources),
            rests_on=[_basis(lowered, reason, sources) for reason in entry.why],
        )


def _title(lowered: Lowered, wording: Wording, node: str) -> str:
    return wording.node(node) if node in lowered.diagram.node else node


def _basis(lowered: Lowered, reason: ReasonEntry, sources: dict[str, Source]) -> Basis:
    case = lowered.case
    if not reason.source:
        return _NOTHING.model_copy(update={"judgement": reason.judgement})
    entry = case.sources[reason.source]
    first = original_source(reason.source, sources)
    return Basis(
        source=reason.source,
        title=entry.title,
        at=reason.at,
        grade=entry.grade,
        grade_in_words=grade_in_words(entry.grade),
        age_days=_age(entry.date or entry.reported, case.as_of),
        copy_of=first if first != reason.source else "",
        judgement="",
    )


def _age(when: date | None, as_of: date) -> int | None:
    return (as_of - when).days if when else None
