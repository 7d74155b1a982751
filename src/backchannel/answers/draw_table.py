"""All draws of a solved case as a table for other programs: every number, the weight, every forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.answers.draw_table_document import DrawnColumn, DrawTableDocument
from backchannel.case.lower.origin import origin_of
from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import effective_size, mean, quantile
from backchannel.files.table_file import FIRST_COLUMNS, table_content
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.language.names import NodeName, ParameterName
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast
from backchannel.wording.pieces import clean
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

        columns: dict[str, Any] = dict(
            zip(FIRST_COLUMNS, (self._draw, self.weights, self.converged), strict=True)
        )
        for column in self._columns:
            columns[column.name] = column.values
        return pd.DataFrame(columns)

    def document(self) -> DrawTableDocument:
        """What each column is, and how it is spread over the draws."""
        return DrawTableDocument(
            case=self.case,
            draws=len(self.weights),
            effective_draws=clean(effective_size(self.weights)),
            left_out=clean(1 - self.converged.mean()),
            columns=[self._described(column) for column in self._columns],
        )

    def _repr_html_(self) -> str:
        """The columns: the draws themselves are too many to look at."""
        import pandas as pd

        rows = [column.model_dump() for column in self.document().columns]
        return pd.DataFrame(rows).to_html(index=False, float_format="{:.3f}".format)

    def to_xarray(self) -> Any:
        """The draws as an `xarray.Dataset` over the dimension `draw`.

        Numbers and forecasts carry `long_name`, `units` and `role`; a forecast has a second dimension with
        the node's values. The draws are weighted: `weight` must be used, or draws be taken in proportion to it. A
        number or node that is called like a variable of the dataset's own (`draw`, `weight`, `converged`) has
        "number" or "node" before its name.

        Raises:
            CommandError: xarray is not installed.
        """
        try:
            import xarray as xr
        except ImportError:
            raise CommandError(
                f"This needs one more package: {how_to_install('ensemble')}."
            ) from None
        variables: dict[str, Any] = {
            "weight": ("draw", self.weights, {"long_name": "weight given the record"}),
            "converged": ("draw", self.converged, {"long_name": "play converged"}),
        }
        coordinates: dict[str, Any] = {"draw": self._draw}
        for name, column in self.numbers.items():
            attributes = self._attributes(name, "assumption")
            variables[_own_name(name, "number")] = ("draw", column, attributes)
        for node, view in self.forecasts.items():
            values = f"{node}_value"
            if values in self.words:
                values = f"values of {node}"
            coordinates[values] = [str(value) for value in view.domain]
            attributes = self._attributes(node, "forecast")
            variables[_own_name(node, "node")] = (("draw", values), view.per_draw, attributes)
        return xr.Dataset(variables, coordinates, {"title": self.case})

    @property
    def _draw(self) -> Int[np.ndarray, " draw"]:
        return np.arange(1, len(self.weights) + 1)

    @property
    def _columns(self) -> list[_Column]:
        """Numbers, then a column for each value of each forecast: `P(reply=pay)`."""
        numbers = [
            _Column(_own_name(name, "number"), "assumption", self.words[name], values)
            for name, values in self.numbers.items()
        ]
        forecasts = [
            _Column(f"P({node}={value})", "forecast", self.words[node], view.per_draw[:, i])
            for node, view in self.forecasts.items()
            for i, value in enumerate(view.domain)
        ]
        return [*numbers, *forecasts]

    def _described(self, column: _Column) -> DrawnColumn:
        # Where the record is impossible there is no forecast, and the weight is 0.
        values = np.broadcast_to(column.values, self.weights.shape)
        used = np.where(np.isfinite(values), self.weights, 0.0)
        spread = [mean(values, used), *(quantile(values, used, at) for at in (LOW, HIGH))]
        average, low, high = map(clean, spread) if (used > 0).any() else (None, None, None)
        return DrawnColumn(
            column=column.name,
            title=column.described.title,
            unit=column.described.unit,
            role=column.role,
            mean=average,
            low=low,
            high=high,
        )

    def _attributes(self, name: str, role: str) -> dict[str, str]:
        described = self.words[name]
        return {"long_name": described.title, "units": described.unit, "role": role}


@dataclass(frozen=True)
class _Column:
    name: str
    role: Literal["assumption", "forecast"]
    described: Described
    values: Float[np.ndarray, " draw"]


def _own_name(name: str, kind: str) -> str:
    """A name of the case that no other column of the table has."""
    return f"{kind} {name}" if name in FIRST_COLUMNS else name


def draw_table(
    lowered: Lowered, ensemble: Ensemble, forecasts: Mapping[NodeName, Forecast]
) -> DrawTable:
    """Collect every draw of a case.

    Args:
        lowered: The case.
        ensemble: The case solved in every draw.
        forecasts: The forecast of every node given the record.
    """
    wording = Wording(lowered)
    total = ensemble.weights.sum()
    words = {
        name: Described(wording.parameter(name), origin_of(lowered, name)[1])
        for name in lowered.priors
    }
    words |= {node: Described(wording.node(node), "probability") for node in forecasts}
    return DrawTable(
        case=lowered.case.case,
        numbers={name: ensemble.numbers[name] for name in lowered.priors},
        weights=ensemble.weights / total,
        converged=ensemble.converged,
        forecasts=forecasts,
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
