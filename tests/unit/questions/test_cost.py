"""What `check` says that a run will cost: counted by hand, and compared with what runs take."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import replace

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.machine.memory import limited
from backchannel.questions.cost import cost_of, cost_sentences
from tests.commands import run
from tests.level_bargains import canal_with_deal

FACTOR = 4
"""How far the seconds of a run may be from what is said; machines and their load differ by as much."""


def lowered(case: str) -> Lowered:
    return lower(*open_case(case)[:2])


def test_equilibria_and_tables_are_those_counted_by_hand() -> None:
    visit = cost_of(lowered("tests/cases/visit.yaml"), 512)
    # One model in 512 draws; one `why` with one cause: two sets, in 256 draws.
    assert visit.equilibria == 512 + 2 * 256
    # The worth: weather (2) by trip (2).
    assert (visit.largest, set(visit.scope)) == (4, {"weather", "trip"})
    threat = cost_of(lowered("sanctions-threat"), 100)
    # The case, its what-if, and of the claims: threats, no threat, no audience. One of these is the what-if,
    # which stands in the claim in other words, and is counted twice.
    assert threat.equilibria == 100 * (1 + 1 + 3)


def test_a_deal_counts_on_paper_and_as_kept() -> None:
    flagship = lowered("belarus-2025")
    without = replace(flagship, deals={})
    # Four packages: the `Deal.n_packages` of its exchange, in the file: two promises with two values each.
    difference = cost_of(flagship, 100).equilibria - cost_of(without, 100).equilibria
    assert difference == 2 * 4 * 100


def test_a_deal_in_which_somebody_reasons_in_levels_counts_their_views() -> None:
    """Borland is in a hierarchy of two levels: each of both players has two views of the only package."""
    case = canal_with_deal({}, borland={"hierarchy": 1.5, "max_level": 2})
    plain, levels = (lower(*open_case(c)[:2]) for c in (canal_with_deal({}), case))
    difference = cost_of(levels, 100).equilibria - cost_of(plain, 100).equilibria
    assert difference == 2 * (2 * 2) * 100
    assert cost_of(levels, 100).seconds > cost_of(plain, 100).seconds


def test_more_draws_cost_more() -> None:
    case = lowered("sanctions-threat")
    few, many = cost_of(case, 256), cost_of(case, 4096)
    assert many.equilibria == 16 * few.equilibria
    assert many.seconds > few.seconds
    assert many.memory > few.memory
    assert many.largest == few.largest


def test_memory_that_is_not_enough_is_said() -> None:
    cost = cost_of(lowered("sanctions-threat"), 1024)
    with limited(100_000_000):
        assert "more than the 100 MB that is allowed" in cost_sentences(cost, 1024)
    with limited(8_000_000_000):
        assert "of the 8 GB that are allowed" in cost_sentences(cost, 1024)


def test_check_says_it_without_the_solver() -> None:
    told = run("check", "sanctions-threat", "--draws", "256", "--memory", "2GB").stdout
    assert "A run with 256 draws solves about 1,300 equilibria" in told
    assert "24 numbers" in told
    code = (
        "import sys; from backchannel.questions.cost import cost_of; "
        "assert not {'jax', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["sanctions-threat", "fall-of-france"])
def test_seconds_are_near_those_of_a_run(case: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "backchannel", "run", case, "--draws", "512"]
    environment = {**os.environ, "BACKCHANNEL_CACHE": ""}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert taken / FACTOR < cost_of(lowered(case), 512).seconds < taken * FACTOR
