"""Every place of a case file that cites a source or gives a judgement, in the order of the file's parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backchannel.case.lower.belief_entries import belief_entries
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.language.names import split_round


@dataclass(frozen=True)
class CitedPlace:
    """One reason, record entry or claim, and where it stands."""

    path: KeyPath
    """The path of what rests on the source, such as `parameters.cost`."""
    place: KeyPath
    """The path of the mapping that has the key `source`; of a reason in a list, with its position."""
    reason: ReasonEntry


def citations(case: Case) -> Iterator[CitedPlace]:
    """Yield every citation and every judgement of a case."""
    for part in ("record", "claims"):
        for i, entry in enumerate(getattr(case, part)):
            words = {"source": entry.source, "at": entry.at, "quotes": entry.quotes}
            # The form of an entry allows an empty source, which a reason does not; it is reported elsewhere.
            yield CitedPlace((part, i), (part, i), ReasonEntry.model_construct(**words))
    for path, reasons in reasons_of(case):
        for i, reason in enumerate(reasons):
            yield CitedPlace(path, (*path, "why", i), reason)


def reasons_of(case: Case) -> Iterator[tuple[KeyPath, Sequence[ReasonEntry]]]:
    """Yield the path of everything that can have reasons (`why`), with its reasons.

    What repeats in rounds is yielded once, as it stands once in the file.
    """
    for part in ("players", "parameters", "quantities", "nodes", "interests", "deals"):
        seen: set[str] = set()
        for name, entry in getattr(case, part).items():
            if (written := split_round(name)[0]) not in seen:
                seen.add(written)
                yield (part, name), entry.why
    for good, entry in case.trade.items():
        yield ("trade", good), entry.why
        for part in ("demand", "supply", "routes"):
            for name, of_part in getattr(entry, part).items():
                yield ("trade", good, part, name), of_part.why
    for path, _, entry in belief_entries(case):
        yield path, entry.why
    for part in ("correlations", "base_rates"):
        for i, entry in enumerate(getattr(case, part)):
            yield (part, i), entry.why
