"""The form that several label sets share: lines of a text file, and families of names in ``label/family: name|name``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path


class LabelError(ValueError):
    """A line that cannot be read. The message names the file and line."""


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is neither blank nor a comment."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read_families(path: Path, labels: Collection[str], shape: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(label, label/family, names) in file order. ``shape`` says in an error how a line is written. Raises LabelError."""
    out = []
    seen: set[str] = set()
    for number, line in lines(path):
        head, colon, names = line.partition(": ")
        label, slash, _ = head.partition("/")
        if not colon or not slash or label not in labels:
            raise LabelError(f"{path.name}:{number}: not `{shape}`")
        if head in seen:
            raise LabelError(f"{path.name}:{number}: family {head} stands twice")
        seen.add(head)
        out.append((label, head, tuple(names.split("|"))))
    return tuple(out)
