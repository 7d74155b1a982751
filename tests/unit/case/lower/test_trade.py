"""Trade in a case: flows in expressions, with the costs and capacities of each draw and context."""

from __future__ import annotations

from textwrap import dedent

import jax
import numpy as np
import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.diagram.tables import worth_terms
from backchannel.language.coded_words import node_axes
from backchannel.language.errors import CaseError
from backchannel.language.evaluation import evaluate
from tests.oracles.trade import best_flows

CASE = dedent(
    """
    case: Machines
    utility_unit: share
    as_of: 2022-03-01
    players:
      west: {name: West, precision: 3}
      north: {name: North, precision: 3}
    parameters:
      grip: {prior: {uniform: [0, 1]}, unit: mark-up, why: {judgement: test}}
    quantities:
      detour: "flow('machines', 'via_north')"
    trade:
      machines:
        unit: million euros a month
        demand: {rus: {size: 100, elasticity: {between: [0.2, 1]}, why: {judgement: test}}}
        supply: {eu: {capacity: 80, why: {judgement: test}}}
        routes:
          direct: {from: eu, to: rus, cost: "2 * (ban == 'yes')", why: {judgement: test}}
          via_north: {from: eu, to: rus, through: north, cost: grip, capacity: "50 * (watch == 'no')",
                      why: {judgement: test}}
        sensitivity: {between: [1, 6]}
        why: {judgement: test}
    nodes:
      ban: {player: west, domain: ['yes', 'no'], at: 2022-04-01}
      watch: {player: north, sees: [ban], domain: ['yes', 'no'], at: 2022-05-01}
    interests:
      squeeze: {player: west, worth: "-delivered('machines', 'rus') / 100"}
      transit: {player: north, worth: "rerouted('machines') / 100"}
      fees: {player: north, worth: "detour + flow('machines', 'direct') + price('machines', 'rus')
             + 0 * rerouted('machines')"}
    """
)


def read(text):
    return lower(*read_case_text(text))


@pytest.mark.parametrize(
    ("interest", "worth"),
    [
        ("squeeze", lambda flows: -flows.sum()),
        ("transit", lambda flows: flows[1]),
    ],
)
def test_flows_follow_the_costs_and_capacities_of_each_context(interest, worth):
    """What is delivered, and what is rerouted, is that of SciPy's solver of the concave program."""
    lowered = read(CASE)
    (interest,) = [i for i in lowered.diagram.interests if i.name == interest]
    numbers = {
        "grip": np.array([0.2, 0.7]),
        "trade.machines.rus.elasticity": np.array([0.5, 0.9]),
        "trade.machines.sensitivity": np.array([2.0, 5.0]),
    }
    ((scope, table),) = worth_terms(lowered.diagram, interest, numbers)
    assert scope == ("ban", "watch")
    for i, ban in enumerate((1, 0)):
        for j, watch in enumerate((1, 0)):
            for draw in range(2):
                flows = best_flows(
                    supplier=[0, 0],
                    demander=[0, 0],
                    cost=np.array([2.0 * ban, numbers["grip"][draw]]),
                    capacity=np.array([np.inf, 0.5 * (1 - watch) + 1e-12]),
                    supply={0: 0.8},
                    size=np.array([1.0]),
                    elasticity=numbers["trade.machines.rus.elasticity"][draw : draw + 1],
                    sensitivity=float(numbers["trade.machines.sensitivity"][draw]),
                )
                assert table[i, j, draw] == pytest.approx(worth(flows), abs=1e-6)


@pytest.mark.slow
def test_compiled_code_has_the_same_numbers():
    """Fitting evaluates expressions in JAX."""
    lowered = read(CASE)
    (interest,) = [i for i in lowered.diagram.interests if i.name == "fees"]
    axes = node_axes(lowered.diagram.domains, ["ban", "watch"])
    given = {
        "grip": np.array([0.2]),
        "trade.machines.rus.elasticity": np.array([0.5]),
        "trade.machines.sensitivity": np.array([2.0]),
    }
    with jax.enable_x64(True):
        names = [jax.numpy.asarray(x) for x in given.values()]
        traced = evaluate(
            interest.worth, {**axes, **dict(zip(given, names, strict=True))}, jax.numpy
        )
    np.testing.assert_allclose(traced, evaluate(interest.worth, {**axes, **given}), rtol=1e-9)


def test_a_node_of_words_is_no_number():
    """It is told with its place, like every problem of the file."""
    with pytest.raises(CaseError) as caught:
        read(CASE.replace("cost: grip", 'cost: "ban"'))
    told = "trade.machines.routes.via_north.cost: a cost must be a number. This is a word"
    assert any(told in str(problem) for problem in caught.value.problems)


def test_a_quantity_about_flows_cannot_enter_the_numbers_of_the_good():
    """Flows follow from costs; costs that follow from flows would be a circle."""
    with pytest.raises(CaseError) as caught:
        read(CASE.replace("cost: grip", "cost: detour"))
    (problem,) = caught.value.problems
    assert "numbers of a good cannot depend on flows or prices" in str(problem)


def test_a_node_cannot_depend_on_flows_that_follow_from_a_later_node():
    """A cost that names a later node makes every node that uses the flow later."""
    text = CASE.replace(
        "nodes:",
        "nodes:\n  loud: {derived: \"flow('machines', 'direct') > 1\", domain: [0, 1], at: 2022-03-05}",
        1,
    )
    with pytest.raises(CaseError) as caught:
        read(text)
    told = [str(problem) for problem in caught.value.problems]
    assert any(
        "but depends on ban, of 2022-04-01, by a flow or price that follows from "
        "trade.machines.routes.direct.cost. Name an earlier node there, or give loud a later day."
        in line
        for line in told
    )
    # `watch` is later, too, and comes in by another number.
    assert any("depends on watch" in line and "via_north.capacity" in line for line in told)


ROUNDS = dedent(
    """
    rounds:
      n: 3
      every: month
      from: 2022-06-01
      nodes:
        gate: {chance: true, domain: [shut, open], probability: {shut: grip, open: rest}, day: 20}
        loud: {derived: "flow('machines', 'direct') > 1", domain: [0, 1], day: 5}
    """
)


def test_a_flow_of_a_round_cannot_follow_from_a_later_day_of_the_round():
    """It is told once for all rounds, with the number of the good that names the later node."""
    text = CASE.replace("2 * (ban == 'yes')", "2 * (gate == 'shut')").replace(
        "nodes:", ROUNDS + "nodes:", 1
    )
    with pytest.raises(CaseError) as caught:
        read(text)
    told = [str(problem) for problem in caught.value.problems if "comes about" in str(problem)]
    assert len(told) == 1
    assert (
        "rounds.nodes.loud: it comes about on 2022-06-05, but depends on gate, of 2022-06-20, by"
        in told[0]
    )
    assert "trade.machines.routes.direct.cost. Name an earlier node there" in told[0]


def test_a_node_that_names_the_later_node_itself_is_told_so():
    """The remedy lies in the node, not in the good."""
    text = CASE.replace(
        "nodes:",
        "nodes:\n  loud: {derived: \"ban == 'yes' and flow('machines', 'direct') > 1\", "
        "domain: [0, 1], at: 2022-03-05}",
        1,
    )
    with pytest.raises(CaseError) as caught:
        read(text)
    told = [str(problem) for problem in caught.value.problems if "depends on ban" in str(problem)]
    assert [line.endswith("depends on ban, of 2022-04-01.") for line in told] == [True]


def test_a_call_needs_names_in_quotes():
    """A route's name without quotes would be read as a node."""
    with pytest.raises(CaseError) as caught:
        read(CASE.replace("flow('machines', 'direct')", "flow(machines, direct)"))
    assert any("flow takes names from `trade` in quotes" in str(p) for p in caught.value.problems)


def test_a_good_that_nothing_uses_is_told():
    """It changes no answer."""
    import re

    text = re.sub(r"worth: \"[^\"]*\"", "worth: \"ban == 'yes'\"", CASE)
    text = text.replace("quantities:\n  detour: \"flow('machines', 'via_north')\"\n", "")
    warnings = [str(w) for w in read(text).warnings]
    assert any("trade.machines: nothing uses it" in w for w in warnings)
