"""Patterns that are compiled when they are first asked.

The reader holds some seven hundred of them, and most questions need few: compiling all at import made a third of the time of a short command.
Whoever reads an archive asks nearly all of them once.
"""

from __future__ import annotations

import re
from typing import Any, cast

_TAKEN = ("findall", "finditer", "fullmatch", "groupindex", "match", "search", "split", "sub", "subn")


class _Waiting:
    """Source of a pattern; takes over the methods of the compiled one when the first of them is asked for.

    Two threads that ask at once compile the same pattern and store equal values.
    """

    __slots__ = ("flags_given", "pattern", *_TAKEN)

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self.flags_given = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags_given)
        for taken in _TAKEN:
            setattr(self, taken, getattr(compiled, taken))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"regex({self.pattern!r})"


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """What :func:`re.compile` gives, without the compiling. An error of the source shows at its first use (a test asks them all)."""
    return cast("re.Pattern[str]", _Waiting(source, flags))
