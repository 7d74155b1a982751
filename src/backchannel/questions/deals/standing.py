"""The standing of a deal's packages: the order in which they are shown, and the marks of each."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView


def by_standing(view: DealView) -> list[DealPackage]:
    """The packages in order: the chosen one, those in range, the Pareto set, those most likely to be kept."""
    return sorted(
        view.packages,
        key=lambda p: (p.number != view.chosen, not p.in_range, not p.pareto, -p.kept, p.number),
    )


def package_marks(view: DealView, package: DealPackage) -> str:
    """The marks of a package, such as "in range, Pareto"."""
    held = {
        "in range": package.in_range,
        "Pareto": package.pareto,
        "Nash": package.nash,
        "Kalai–Smorodinsky": package.kalai_smorodinsky,
        "chosen": package.number == view.chosen,
    }
    return ", ".join(mark for mark, holds in held.items() if holds)
