"""Ranking: the order of a deal's packages, and the marks of each."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView


def rank_packages(view: DealView) -> list[DealPackage]:
    """Order packages: the chosen one, then those that all parties prefer, the Pareto set, and P(kept)."""
    return sorted(
        view.packages,
        key=lambda p: (p.number != view.chosen, not p.in_range, not p.pareto, -p.kept, p.number),
    )


def package_marks(view: DealView, package: DealPackage, *, in_range: str) -> str:
    """List the marks of a package; `in_range` is the mark of the bargaining range."""
    marks = {
        in_range: package.in_range,
        "Pareto": package.pareto,
        "Nash": package.nash,
        "Kalai–Smorodinsky": package.kalai_smorodinsky,
        "chosen": package.number == view.chosen,
    }
    return ", ".join(mark for mark, applies in marks.items() if applies)
