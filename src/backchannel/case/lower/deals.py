"""Lower deals: who takes part, what is promised, and what follows if a promise is kept or broken."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.commitments import CommitmentReader
from backchannel.case.lower.deal_amounts import AmountReader
from backchannel.case.lower.deal_steps import read_steps
from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.written_deal import WrittenDeal
from backchannel.diagram.beliefs import Belief, walk_beliefs
from backchannel.diagram.deals import MOST_PACKAGES, Deal
from backchannel.diagram.nodes import Decision


def lower_deals(reader: InterventionReader, beliefs: Sequence[Belief]) -> dict[str, Deal]:
    """Read the deals; every name, value, date and amount is checked."""
    deals = {}
    for view, belief in walk_beliefs(beliefs):
        # Such a player's rules have other contexts, and a deal is solved for one set of contexts.
        if reader.case.deals and (belief.unaware.nodes or belief.unaware.sees):
            reader.words.report.error(
                ("deals",),
                f"deals cannot be solved while {' thinks that '.join(view)} overlooks nodes (`unaware`). "
                "Remove `nodes` and `sees` there, or the deals.",
            )
    for name, entry in reader.case.deals.items():
        deal = _read_deal(WrittenDeal(reader, name, entry))
        if deal:
            deals[name] = deal
    return deals


def _read_deal(written: WrittenDeal) -> Deal | None:
    """Read one deal; `None` after reporting what is wrong."""
    report, entry = written.report, written.entry
    before = len(report.problems)
    _check_parties(written)
    commitments = CommitmentReader(written).read()
    optional, together = read_steps(written, commitments)
    amounts = AmountReader(written).read()
    if len(report.problems) > before or not commitments:
        return None
    first = min(written.diagram.dates[c.node] for c in commitments)
    deal = Deal(
        name=written.name,
        parties=tuple(entry.parties),
        commitments=tuple(commitments),
        amounts=tuple(amounts),
        date=entry.at or first,
        title=entry.title,
        optional=optional,
        together=together,
    )
    if deal.n_packages > MOST_PACKAGES:
        report.error(
            written.path,
            f"the alternatives make {deal.n_packages:,} packages, more than {MOST_PACKAGES:,}. "
            "Remove some of them, or split the deal.",
        )
    _warn_of_other_decisions(written, deal)
    _warn_of_idle_penalties(written)
    return deal


def _check_parties(written: WrittenDeal) -> None:
    parties, here = written.entry.parties, (*written.path, "parties")
    for i, party in enumerate(parties):
        written.check_player((*here, i), party)
    if len(set(parties)) < len(parties):
        written.report.error(here, "a party is listed twice.")


def _warn_of_other_decisions(written: WrittenDeal, deal: Deal) -> None:
    """Warn of promises that can be kept only if a decision allows it that the deal leaves free."""
    promised, node_of = set(deal.nodes), written.diagram.node
    for c in deal.commitments:
        node = node_of[c.node]
        assert isinstance(node, Decision)
        conditions = [node.allowed[v] for v in c.values if v in node.allowed]
        conditions += [node.when] if node.when else []
        for other in sorted(
            {n for condition in conditions for n in condition.names} & set(node_of)
        ):
            free = isinstance(node_of[other], Decision) and other not in promised
            if free and written.diagram.dates[other] >= deal.date:
                written.report.warn(
                    (*written.path, "steps", c.step, "do", c.node),
                    f"it can be kept only if {other} allows it, and the deal does not fix {other}. If "
                    f"it cannot be kept, the deal lapses. Make {other} a step as well.",
                )


def _warn_of_idle_penalties(written: WrittenDeal) -> None:
    for player in written.entry.breach:
        if player not in written.promisers:
            written.report.warn(
                (*written.path, "breach", player),
                f"{player} promises nothing, so it cannot break the deal.",
            )
