"""One small linear model for all classifiers: a vocabulary, whole numbers, a temperature and thresholds. Needs no library to answer."""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SCALE = 1024
"""Weights are whole multiples of 1/SCALE, so that the compiled model says exactly what the trained pipeline says."""


_LANE = 4
_BIAS = 1 << 15
_START = 1 << 31
"""What each lane begins with, so that an intercept below zero is no borrowing either. There is room for 32,000 features."""


class _WideRows(dict[str, int]):
    """Feature → its row as one integer with a lane of four bytes for each label, so that one addition adds all labels at once.

    Each weight is raised by ``_BIAS``: no lane ever borrows from its neighbour. A row is made at its first use.
    """

    def __init__(self, rows: Mapping[str, int], weights: bytes, width: int) -> None:
        super().__init__()
        self._rows = rows
        self._weights = weights
        self._width = width

    def __missing__(self, feature: str) -> int:
        width = self._width
        weights = struct.unpack_from(f"<{width}h", self._weights, 2 * width * self._rows[feature])
        wide = int.from_bytes(struct.pack(f"<{width}I", *[weight + _BIAS for weight in weights]), "little")
        self[feature] = wide
        return wide

    def __reduce__(self) -> tuple[type[_WideRows], tuple[Mapping[str, int], bytes, int]]:
        return _WideRows, (self._rows, self._weights, self._width)


@dataclass(frozen=True, slots=True)
class Answer:
    """The best label, its calibrated probability, and whether that reaches the label's threshold."""

    label: str
    score: float
    decided: bool


@dataclass(frozen=True, repr=False)
class LinearModel:
    """Multinomial logistic regression over words and character n-grams.

    ``rows`` gives the row of a feature; ``weights`` holds the rows one after the other, each ``len(labels)`` little-endian 16-bit
    numbers in steps of 1/SCALE; ``intercept`` is in the same steps. ``thresholds`` is the least score at which a label is an answer.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    intercept: tuple[int, ...]
    rows: Mapping[str, int]
    weights: bytes
    temperature: float
    thresholds: Mapping[str, float]

    def __repr__(self) -> str:
        return f"LinearModel({self.name}, {self.version})"

    def totals(self, features: Iterable[str]) -> tuple[list[int], int]:
        """The sum of weights of each label in steps of 1/SCALE, and how many features were known. Each feature counts once."""
        lanes, count = self._lanes(features)
        raised = _START + count * _BIAS
        return [lane - raised for lane in lanes], count

    def _lanes(self, features: Iterable[str]) -> tuple[tuple[int, ...], int]:
        """The totals as they add up: each too high by the same, which no comparison of them sees."""
        known = self.rows.keys() & features
        added = sum(map(self._wide.__getitem__, known), self._intercept)
        width = len(self.labels)
        return struct.unpack(f"<{width}I", added.to_bytes(_LANE * width, "little")), len(known)

    @functools.cached_property
    def _intercept(self) -> int:
        lanes = struct.pack(f"<{len(self.labels)}I", *[_START + start for start in self.intercept])
        return int.from_bytes(lanes, "little")

    @functools.cached_property
    def _wide(self) -> _WideRows:
        return _WideRows(self.rows, self.weights, len(self.labels))

    def probabilities(self, features: Iterable[str]) -> tuple[float, ...]:
        """Calibrated probability of each label, in the order of ``labels``. Features the model does not know add nothing."""
        exponents = self._exponents(self._lanes(features)[0])
        scale = sum(exponents)
        return tuple([exponent / scale for exponent in exponents])

    def answer(self, features: Iterable[str]) -> Answer | None:
        """The best label; null where the model knows none of the features, because a prior is no reading."""
        lanes, known = self._lanes(features)
        if not known:
            return None
        best = lanes.index(max(lanes))
        exponents = self._exponents(lanes)
        label = self.labels[best]
        score = exponents[best] / sum(exponents)
        return Answer(label, score, score >= self.thresholds[label])

    def _exponents(self, lanes: Sequence[int]) -> list[float]:
        top = max(lanes)
        step = SCALE * self.temperature
        exp = math.exp
        return [exp((lane - top) / step) for lane in lanes]
