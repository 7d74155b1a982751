"""Values along the axes of a table: words as codes, numbers as they are, and how they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

import numpy as np

from backchannel.language.names import NOT_APPLICABLE, NodeName, Value
from backchannel.language.table_cells import Array


@dataclass(frozen=True)
class CodedWords:
    """Words along axes, as codes: `codes` index `labels`, and -1 means n/a."""

    codes: Array
    labels: tuple[str, ...]


def along_axis(domain: Sequence[Value], *, axis: int, axes: int) -> CodedWords | Array:
    """Put the values of a node along one of `axes` axes; the last axis is that of the draws.

    Numbers become an array with nan for n/a, words become `CodedWords`.
    """
    shape = [1] * (axes + 1)
    shape[axis] = len(domain)
    if any(isinstance(value, str) and value != NOT_APPLICABLE for value in domain):
        labels = tuple(str(value) for value in domain)
        codes = [-1 if label == NOT_APPLICABLE else i for i, label in enumerate(labels)]
        return CodedWords(np.array(codes).reshape(shape), labels)
    numbers = [np.nan if value == NOT_APPLICABLE else float(value) for value in domain]
    return np.array(numbers).reshape(shape)


def equals(left: CodedWords | Array, right: CodedWords | Array, xp: ModuleType = np) -> Array:
    """Compare two values; n/a never equals anything."""
    if isinstance(left, CodedWords) and isinstance(right, CodedWords):
        translate = {label: i for i, label in enumerate(left.labels)}
        # One entry more than there are labels, so that code -1 (n/a) maps to -1.
        into_left = np.array([translate.get(label, -2) for label in right.labels] + [-1])
        return (left.codes == into_left[right.codes]) & (left.codes >= 0)
    if isinstance(left, CodedWords) or isinstance(right, CodedWords):
        return xp.zeros((), dtype=bool)
    return left == right


def values_on_axis(axis: CodedWords | Array) -> tuple[list[Value], tuple[int, ...]]:
    """List the values along an axis; a table may name n/a, a comparison may not."""
    if isinstance(axis, CodedWords):
        labels = [*axis.labels, NOT_APPLICABLE]  # code -1 (n/a) is the last
        return [labels[code] for code in axis.codes.ravel().tolist()], axis.codes.shape
    numbers = np.asarray(axis).ravel().tolist()
    return [NOT_APPLICABLE if x != x else x for x in numbers], np.shape(axis)


def recode(words: CodedWords, labels: tuple[str, ...]) -> Array:
    """Codes of the same words by other labels; all of them must be among these."""
    into = np.array([labels.index(label) for label in words.labels] + [-1])
    return into[words.codes]


def value_indicator(
    result: CodedWords | Array, domain: Sequence[Value], *, tolerance: float = 1e-9
) -> list[Array]:
    """Mark for each value of a domain where a derived node's result equals it.

    Numbers are matched within `tolerance`, relative to the size of the value (at least 1).
    """
    indicators = []
    for value in domain:
        if isinstance(result, CodedWords):
            indicators.append(equals(result, CodedWords(np.asarray(0), (str(value),))))
        elif isinstance(value, str):
            indicators.append(np.zeros(np.shape(result), dtype=bool))
        else:
            indicators.append(abs(result - value) <= tolerance * max(1.0, abs(value)))
    return indicators


NodeAxes: TypeAlias = Mapping[NodeName, Sequence[Value]]


def node_axes(domains: NodeAxes, scope: Sequence[NodeName]) -> dict[str, CodedWords | Array]:
    """Put several nodes along the axes of one table, in the order of `scope`, draws last."""
    return {
        name: along_axis(domains[name], axis=i, axes=len(scope)) for i, name in enumerate(scope)
    }
