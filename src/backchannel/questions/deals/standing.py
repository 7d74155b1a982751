"""How the packages of a deal stand among each other: which come first, and what is special about each."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView


def by_standing(view: DealView) -> list[DealPackage]:
    """The chosen package, then those that all parties prefer, the Pareto set, and what is kept most surely."""
    return sorted(
        view.packages,
        key=lambda p: (p.number != view.chosen, not p.in_range, not p.pareto, -p.kept, p.number),
    )


def marks(
    *, in_range: bool, pareto: bool, nash: bool, kalai_smorodinsky: bool, is_chosen: bool
) -> list[str]:
    """Say what is special about a package.

    >>> marks(in_range=True, pareto=False, nash=True, kalai_smorodinsky=False, is_chosen=False)
    ['in range', 'Nash']
    """
    held = {
        "in range": in_range,
        "Pareto": pareto,
        "Nash": nash,
        "Kalai–Smorodinsky": kalai_smorodinsky,
        "chosen": is_chosen,
    }
    return [mark for mark, holds in held.items() if holds]
