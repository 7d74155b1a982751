"""How the packages of a deal stand among each other: which come first, and what is special about each."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView


def by_standing(view: DealView) -> list[DealPackage]:
    """The chosen package, then those that all parties prefer, the Pareto set, and what is kept most surely."""
    return sorted(
        view.packages,
        key=lambda p: (p.number != view.chosen, not p.in_range, not p.pareto, -p.kept, p.number),
    )


def marks(view: DealView, package: DealPackage, *, in_range: str) -> str:
    """What is special about a package; `in_range` is how that is said where the marks stand."""
    held = {
        in_range: package.in_range,
        "Pareto": package.pareto,
        "Nash": package.nash,
        "Kalai–Smorodinsky": package.kalai_smorodinsky,
        "chosen": package.number == view.chosen,
    }
    return ", ".join(mark for mark, holds in held.items() if holds)
