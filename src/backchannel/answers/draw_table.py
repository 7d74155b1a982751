"""All draws of a solved case as a table for other programs: every number, the weight, every forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.case.lower.origin import origin_of
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.files.table_file import FIRST_COLUMNS, table_content
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, ParameterName
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.wording.result import Result
from backchannel.wording.words import Wording

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Described:
    """A column in words: what it is, and its unit."""

    title: str
    unit: str


@dataclass(frozen=True)
class DrawTable(Result):
    """Every draw of a case: its numbers, its weight given the record, and its forecasts."""

    case: str
    """The title of the case."""
    numbers: Mapping[ParameterName, Float[np.ndarray, " draw"]]
    """The value of every number in every draw, fixed ones too."""
    weights: Float[np.ndarray, " draw"]
    """The weight of each draw given the record; they sum to 1."""
    converged: Bool[np.ndarray, " draw"]
    """Whether play converged; other draws have weight 0."""
    forecasts: Mapping[NodeName, Forecast]
    """Every node given the record."""
    words: Mapping[str, Described]
    """Titles and units of numbers and nodes, by name."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each draw; a forecast has a column for each value: `P(reply=pay)`."""
        import pandas as pd

        columns: dict[str, Any] = {
            **dict(zip(FIRST_COLUMNS, (self._draw, self.weights, self.converged), strict=True)),
            **self.numbers,
        }
        for node, view in self.forecasts.items():
            for i, value in enumerate(view.domain):
                columns[f"P({node}={value})"] = view.per_draw[:, i]
        return pd.DataFrame(columns)

    def to_xarray(self) -> Any:
        """The draws as an `xarray.Dataset` over the dimension `draw`.

        Numbers and forecasts carry `long_name`, `units` and `role`; a forecast has a second dimension with
        the node's values.

        Raises:
            CommandError: xarray is not installed.
        """
        try:
            import xarray as xr
        except ImportError:
            raise CommandError(
                "This needs one more package: pip install 'backchannel[ensemble]'."
            ) from None
        variables: dict[str, Any] = {
            "weight": ("draw", self.weights, {"long_name": "weight given the record"}),
            "converged": ("draw", self.converged, {"long_name": "play converged"}),
        }
        coordinates: dict[str, Any] = {"draw": self._draw}
        for name, column in self.numbers.items():
            variables[name] = ("draw", column, self._attributes(name, "assumption"))
        for node, view in self.forecasts.items():
            values = f"{node}_value"
            coordinates[values] = [str(value) for value in view.domain]
            attributes = self._attributes(node, "forecast")
            variables[node] = (("draw", values), view.per_draw, attributes)
        return xr.Dataset(variables, coordinates, {"title": self.case})

    @property
    def _draw(self) -> Int[np.ndarray, " draw"]:
        return np.arange(1, len(self.weights) + 1)

    def _attributes(self, name: str, role: str) -> dict[str, str]:
        described = self.words[name]
        return {"long_name": described.title, "units": described.unit, "role": role}


def draw_table(case: SolvedCase) -> DrawTable:
    """Collect every draw of a case."""
    lowered, ensemble = case.lowered, case.ensemble
    wording = Wording(lowered)
    total = ensemble.weights.sum()
    words = {
        name: Described(wording.parameter(name), origin_of(lowered, name)[1])
        for name in lowered.priors
    }
    order = ensemble.diagram.order
    words |= {node: Described(wording.node(node), "probability") for node in order}
    return DrawTable(
        case=lowered.case.case,
        numbers={name: ensemble.numbers[name] for name in lowered.priors},
        weights=ensemble.weights / total,
        converged=ensemble.converged,
        forecasts={node: forecast(ensemble, node) for node in order},
        words=words,
    )


def draw_table_file(table: DrawTable, path: Path) -> str | bytes:
    """What the file of a draw table holds: CSV, or Parquet with titles and units in its metadata."""
    notes = {
        "title": table.case,
        "columns": {
            name: {"title": described.title, "unit": described.unit}
            for name, described in table.words.items()
        },
    }
    return table_content(table.to_frame(), path, notes)
