"""A thousand packages on the flagship: seconds, packages per second, memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.registry import Figure

ABOUT = "deals: 1,008 packages in 256 draws on the flagship"
CASE = "belarus-2025"
DRAWS = 256


def measure() -> Iterator[Figure]:
    """The case's own deal compiles the program's like; then the large family, twice."""
    from backchannel.questions.deals.ask import solve_deal
    from backchannel.questions.deals.enforcing import enforce
    from backchannel.study import Study

    study = Study.load(CASE, draws=DRAWS)
    ensemble = study.ensemble
    own = study.lowered.deals["exchange"]
    began = time.perf_counter()
    found = solve_deal(ensemble, own)
    yield Figure("compile, and the case's own 4 packages", time.perf_counter() - began, "s")
    began = time.perf_counter()
    enforce(ensemble, found, found.chosen)
    yield Figure("what would make one hold", time.perf_counter() - began, "s")
    deal = family(own)
    solve_deal(ensemble, replace(deal, amounts=()))
    began, busy = time.perf_counter(), time.process_time()
    found = solve_deal(ensemble, deal)
    seconds = time.perf_counter() - began
    note = f"{time.process_time() - busy:.0f} s of processor time"
    yield Figure(f"{deal.n_packages:,} packages", seconds, "s", target="at most 60 s", note=note)
    yield Figure("packages", deal.n_packages / seconds, "packages/s")
    began = time.perf_counter()
    found.to_frame()
    yield Figure("their table", time.perf_counter() - began, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("peak memory", peak, "GB", target="at most 3 GB")


def family(own):
    """Four promises with all their values, and a grid of penalties on both parties."""
    from backchannel.diagram.deals import Amount, Commitment
    from backchannel.language.expressions import constant

    commitments = (
        Commitment("us_return", "usa", ("reengages", "drops"), 0),
        Commitment("arrests", "blr", ("refills", "refrains"), 1),
        Commitment("later_release", "blr", ("none", "some", "all"), 2),
        Commitment("later_relief", "usa", ("none", "partial", "full"), 3),
    )
    grids = {"usa": 7, "blr": 4}
    amounts = tuple(
        Amount(f"penalty on {p}", tuple(constant(0.1 * i) for i in range(n)), {p: -1.0}, None, (p,))
        for p, n in grids.items()
    )
    return replace(own, name="family", commitments=commitments, amounts=amounts)
