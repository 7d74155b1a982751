"""What anybody would use instead: the base rate, multinomial logit, gradient boosting, by scikit-learn.

Each sees covariates either as the case has them or all of the table. Gaps are a level of their own for
words; for numbers, logit gets the median and an indicator, and boosting takes them as they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from backchannel.estimation.folds import Folds
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install

NEEDS = f"The baselines need one more package: {how_to_install('evaluate')}."
PENALTIES = (0.01, 0.1, 1.0)
"""Inverse strengths of the penalty that logit chooses from, inside of what it is trained on."""
RATES = (0.05,)
"""Learning rates of boosting, with 60 rounds of trees."""
LEAST = 1e-6
"""The smallest chance whose logarithm is taken while strengths are compared."""
MOST_LEVELS = 60
"""Levels of a column of words beyond which it says which row it is, and no more."""
BASE_RATE = "base rate"


@dataclass(frozen=True)
class Baseline:
    """A model of scikit-learn with its covariates."""

    name: str
    columns: tuple[str, ...]
    make: Callable[[Any, float], Any]
    """Makes the unfitted model for a table and a strength."""
    strengths: tuple[float, ...] = (1.0,)
    """The strengths that it chooses from."""

    def choose(
        self, table: Any, seen: Int[np.ndarray, " row"], train: Bool[np.ndarray, " row"],
        inner: Folds, count: int,
    ) -> tuple[float, Float[np.ndarray, "row outcome"]]:  # fmt: skip
        """Predict each row that is trained on from the others of them, at the best strength.

        Args:
            table: All rows.
            seen: Each row's outcome.
            train: The rows that are trained on.
            inner: The folds in which they are predicted.
            count: How many outcomes there are.

        Returns:
            The strength with the best log score, and the chances at it; nan in other rows.
        """
        best, chosen, height = np.full((len(seen), count), np.nan), self.strengths[0], -np.inf
        for strength in self.strengths:
            made = np.full((len(seen), count), np.nan)
            for kept, held in inner.pairs(train):
                made[held] = self.predict(table, seen, kept, strength, count)[held]
            rows = np.flatnonzero(np.isfinite(made).all(axis=1))
            own = (
                float(np.log(np.maximum(made[rows, seen[rows]], LEAST)).mean())
                if len(rows)
                else 0.0
            )
            if own > height:
                best, chosen, height = made, strength, own
        return chosen, best

    def predict(
        self, table: Any, seen: Int[np.ndarray, " row"], train: Bool[np.ndarray, " row"],
        strength: float, count: int,
    ) -> Float[np.ndarray, "row outcome"]:  # fmt: skip
        """Fit to some rows at a strength, and predict all."""
        from threadpoolctl import threadpool_limits

        rows = prepared(table, self.columns)
        classes = np.unique(seen[train])
        made = np.zeros((len(table), count))
        if len(classes) == 1:
            made[:, classes] = 1.0
            return made
        # Many small fits: threads would wait for each other longer than they work.
        with warnings.catch_warnings(), threadpool_limits(1):
            warnings.simplefilter("ignore")
            model = self.make(rows, strength).fit(rows[train], seen[train])
            made[:, classes] = model.predict_proba(rows)
        return made


def is_installed() -> bool:
    """Whether scikit-learn is there."""
    from importlib.util import find_spec

    return find_spec("sklearn") is not None


def baselines(own: Sequence[str], every: Sequence[str]) -> list[Baseline]:
    """Logit and boosting, on the case's covariates and on all.

    Raises:
        CommandError: scikit-learn is not installed.
    """
    if not is_installed():
        raise CommandError(NEEDS)
    sets = {"its covariates": tuple(own), "all covariates": tuple(every)}
    if set(own) == set(every):
        sets.pop("all covariates")
    return [
        Baseline(f"{name}, {which}", columns, make, strengths)
        for which, columns in sets.items()
        if columns
        for name, make, strengths in (("logit", _logit, PENALTIES), ("boosting", _boosting, RATES))
    ]


def base_rate(
    seen: Int[np.ndarray, " row"], train: Bool[np.ndarray, " row"], count: int
) -> Float[np.ndarray, "row outcome"]:
    """The shares of the outcomes in the rows that are trained on, for all rows."""
    shares = np.bincount(seen[train], minlength=count) / train.sum()
    return np.tile(shares, (len(seen), 1))


def base_rate_left_out(
    seen: Int[np.ndarray, " row"], train: Bool[np.ndarray, " row"], inner: Folds, count: int
) -> Float[np.ndarray, "row outcome"]:
    """The base rate of each row that is trained on, from others of them; an outcome counts half more often."""
    made = np.full((len(seen), count), np.nan)
    for kept, held in inner.pairs(train):
        counts = np.bincount(seen[kept], minlength=count) + 0.5
        made[held] = counts / counts.sum()
    return made


def usable(table: Any, columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns that a baseline can use; and those that have too many levels of words."""
    wide = [c for c in columns if _is_words(table[c]) and table[c].nunique() > MOST_LEVELS]
    return [c for c in columns if c not in wide and table[c].notna().any()], wide


def prepared(table: Any, columns: Sequence[str]) -> Any:
    """The covariates: numbers as numbers, words as categories."""
    made = {}
    for name in columns:
        column = table[name]
        made[name] = (
            column.map(lambda cell: "missing" if pd.isna(cell) else str(cell)).astype(object)
            if _is_words(column)
            else column.astype(float)
        )
    return pd.DataFrame(made)


def _is_words(column: Any) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _split(rows: Any) -> tuple[list[str], list[str]]:
    words = [name for name in rows.columns if rows[name].dtype == object]
    return words, [name for name in rows.columns if name not in words]


def _logit(rows: Any, strength: float) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    words, numbers = _split(rows)
    filled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    laid = ColumnTransformer(
        [
            ("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False), words),
            ("numbers", filled, numbers),
        ]
    )  # fmt: skip
    return make_pipeline(laid, LogisticRegression(C=strength, max_iter=500))


def _boosting(rows: Any, strength: float) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    words, numbers = _split(rows)
    coded = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    laid = ColumnTransformer([("words", coded, words), ("numbers", "passthrough", numbers)])
    # The library's annotations follow its defaults only.
    kind: Any = HistGradientBoostingClassifier
    model = kind(
        learning_rate=strength,
        max_iter=60,
        max_leaf_nodes=8,
        min_samples_leaf=10,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
        categorical_features=list(range(len(words))) or None,
    )
    return make_pipeline(laid, model)
