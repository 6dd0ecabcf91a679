"""What every trained classifier shares: scores from decision values, their temperature, and the file a pipeline is kept in."""

from __future__ import annotations

import io
import itertools
import json
import math
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


def softmax(values: Sequence[float], temperature: float) -> list[float]:
    top = max(values)
    out = [math.exp((value - top) / temperature) for value in values]
    total = sum(out)
    return [value / total for value in out]


def temperature(values: Sequence[tuple[Sequence[float], int, float]]) -> float:
    """Temperature with the least weighted log loss; golden-section search over a fixed interval.

    ``values``: the decision values of a row, the index of its true label, its weight.
    """

    def loss(degree: float) -> float:
        return -sum(weight * math.log(max(softmax(row, degree)[truth], 1e-12)) for row, truth, weight in values)

    low, high = 0.3, 4.0
    ratio = (math.sqrt(5) - 1) / 2
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    for _ in range(24):
        if loss(left) < loss(right):
            high, right = right, left
            left = high - ratio * (high - low)
        else:
            low, left = left, right
            right = low + ratio * (high - low)
    return round((low + high) / 2, 3)


def skops_bytes(pipeline: Any) -> bytes:
    """The skops file with objects numbered in the order of the schema and no time of day, so that equal models are equal files."""
    import skops.io  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(pipeline))) as source:
        schema = json.loads(source.read("schema.json"))
        renamed: dict[str, str] = {}
        _renumber(schema, {}, renamed, itertools.count(1))
        members = {new: source.read(old) for old, new in renamed.items()}
    members["schema.json"] = json.dumps(schema, ensure_ascii=False, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(members.items()):
            target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _renumber(node: Any, numbers: dict[int, int], files: dict[str, str], counter: Iterator[int]) -> None:
    """Ids are memory addresses: number them by occurrence. Only a ``CachedNode`` refers back to an earlier object."""
    if isinstance(node, dict):
        if "__id__" in node:
            old = node["__id__"]
            if node.get("__loader__") != "CachedNode":
                numbers[old] = next(counter)
            node["__id__"] = numbers[old]
        if isinstance(node.get("file"), str):
            node["file"] = files.setdefault(node["file"], f"array-{len(files)}{Path(node['file']).suffix}")
        for value in node.values():
            _renumber(value, numbers, files, counter)
    elif isinstance(node, list):
        for value in node:
            _renumber(value, numbers, files, counter)
