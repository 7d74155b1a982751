"""What every result of a study can do: a table, its part of a document, a display in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

R = TypeVar("R", bound="Result")

_WORDS = "_words"


class Result(ABC):
    """A result of a question; `document` puts it into the words of its case."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a table, one row a value."""

    def document(self) -> Any:
        """The result in the words of its case: labels, sentences, captions; a pydantic model.

        Raises:
            ValueError: The result was made by a function of the engine, which knows no words; ask a `Study`.
        """
        words: Callable[[], Any] | None = self.__dict__.get(_WORDS)
        if words is None:
            raise ValueError("This result knows no case to put it into words: ask a Study for it.")
        return words()

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.3f}".format)


def with_words(result: R, compose: Callable[[R], Any]) -> R:
    """Give a result what puts it into words; it is composed on demand."""
    object.__setattr__(result, _WORDS, lambda: compose(result))
    return result
