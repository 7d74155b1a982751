"""Scalars of NumPy and pandas become the Python values that they stand for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from backchannel.language.plain_values import plain


class Answer(StrEnum):
    """A text with a name of its own."""

    PAYS = "pays"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.int64(3), 3),
        (np.uint8(3), 3),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("pays"), "pays"),
        (Answer.PAYS, "pays"),
        (np.array(3), 3),
        (np.array(["a", "b"]), ["a", "b"]),
        (jnp.int32(3), 3),
        (pd.Series([1, 2]), [1, 2]),
        (pd.Index(["a"]), ["a"]),
        (pd.Timestamp("2030-01-05"), date(2030, 1, 5)),
        (np.datetime64("2030-01-05"), date(2030, 1, 5)),
        (np.datetime64("2030-01-05T00:00:00.000000000"), date(2030, 1, 5)),
        (datetime(2030, 1, 5), date(2030, 1, 5)),
        (date(2030, 1, 5), date(2030, 1, 5)),
        ({np.str_("a"): (np.int64(1), {"b": np.float64(2)})}, {"a": [1, {"b": 2.0}]}),
    ],
)
def test_scalars_become_plain(given, expected):
    made = plain(given)
    assert made == expected
    assert type(made) is type(expected)
    assert type(plain([given])[0]) is type(expected)


def test_what_stands_for_no_value_stays_as_it_is():
    """A moment within a day is no day, and what is missing is no value."""
    for moment in (datetime(2030, 1, 5, 12), datetime(2030, 1, 5, tzinfo=UTC)):
        assert plain(moment) == moment
    for missing in (pd.NaT, pd.NA, np.datetime64("NaT")):
        assert plain(missing) is None
