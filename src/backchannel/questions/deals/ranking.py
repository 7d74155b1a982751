"""Ranking: the order of a deal's packages, and the marks of each."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView


def rank_packages(view: DealView) -> list[DealPackage]:
    """Order packages: the chosen one, then those that all parties prefer, the Pareto set, and P(kept)."""
    return sorted(
        view.packages,
        key=lambda p: (p.number != view.chosen, not p.in_range, not p.pareto, -p.kept, p.number),
    )


def package_marks(
    *, in_range: bool, pareto: bool, nash: bool, kalai_smorodinsky: bool, is_chosen: bool
) -> list[str]:
    """List the marks of a package.

    >>> package_marks(in_range=True, pareto=False, nash=True, kalai_smorodinsky=False, is_chosen=False)
    ['in range', 'Nash']
    """
    marks = {
        "in range": in_range,
        "Pareto": pareto,
        "Nash": nash,
        "Kalai–Smorodinsky": kalai_smorodinsky,
        "chosen": is_chosen,
    }
    return [mark for mark, applies in marks.items() if applies]
