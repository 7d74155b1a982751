"""Put forecasts and comparisons over very many draws into the words of their case."""

from __future__ import annotations

from datetime import date

from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.forecast.compose import compose_spread
from backchannel.questions.what_if.compose import as_it_looked
from backchannel.questions.what_if.document import AS_IT_IS, OutcomeChange, ValueChange
from backchannel.questions.what_if.results import Comparison
from backchannel.scale.document import ShardedForecast, ShardedWhatIf
from backchannel.wording.interventions import if_clause, who_knows
from backchannel.wording.pieces import clean
from backchannel.wording.words import Wording


def compose_sharded_forecast(wording: Wording, view: Forecast) -> ShardedForecast:
    """Put the forecast of a node into words."""
    when = wording.lowered.diagram.dates[view.node]
    return ShardedForecast(
        node=view.node,
        title=wording.node(view.node),
        date=None if when == date.min else when,
        draws=len(view.weights),
        values=[compose_spread(wording, view, i) for i in range(len(view.domain))],
    )


def compose_sharded_what_if(wording: Wording, name: str, compared: Comparison) -> ShardedWhatIf:
    """Put the comparison of an outcome into words.

    Args:
        wording: The words of the case.
        name: The part of the case's questions that asks.
        compared: The comparison.
    """
    cut = compared.cut
    label = "without the change" if compared.omits_base_rates else AS_IT_IS
    node = compared.before.node
    return ShardedWhatIf(
        name=name,
        title=if_clause(wording, name.removesuffix(":before"), compared.intervention),
        who_knows=who_knows(compared.intervention, wording),
        draws=len(compared.before.weights),
        record_before=cut,
        before_label=label if cut is None else as_it_looked(cut),
        is_counterfactual=compared.independent is not None,
        left_out=clean(compared.left_out),
        outcome=OutcomeChange(
            node=node,
            title=wording.node(node),
            values=[_change(wording, compared, i) for i in range(len(compared.before.domain))],
        ),
    )


def _change(wording: Wording, compared: Comparison, i: int) -> ValueChange:
    value = compared.before.domain[i]
    difference, low, high = compared.of(value)
    independent = compared.independent
    return ValueChange(
        value=value,
        label=wording.value(compared.before.node, value),
        before=clean(compared.before.mean[i]),
        after=clean(compared.after.mean[i]),
        after_independent=None if independent is None else clean(independent.mean[i]),
        difference=clean(difference),
        low=clean(low),
        high=clean(high),
    )
