"""What every result of a study offers: a table, a document in words, and a display in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd


ResultT = TypeVar("ResultT", bound="Result")

_WORDS = "_words"


class Result(ABC):
    """The result of a question."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a table with one row for each value."""

    def document(self) -> Any:
        """The result in the words of its case: labels, sentences, captions; a pydantic model.

        Raises:
            ValueError: A function of the engine made the result, without the words of a case; ask a
                `Study` instead.
        """
        words: Callable[[Any], Any] | None = self.__dict__.get(_WORDS)
        if words is None:
            raise ValueError("This result has no case to take words from: ask a Study for it.")
        return words(self)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.3f}".format)


def with_words(result: ResultT, compose: Callable[[ResultT], Any]) -> ResultT:
    """Attach to a result the function that puts it into words; it runs when asked for."""
    # Not a function that holds the result: such a circle would keep its draws in memory for a while.
    object.__setattr__(result, _WORDS, compose)
    return result
