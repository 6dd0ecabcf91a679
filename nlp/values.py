"""Values of the reader: frozen for the type checker, plain at run time.

A frozen dataclass sets each field through ``object.__setattr__``, which made a tenth of the time of a reading. These are made in the
thousands for a page, so the promise never to change one is kept by mypy (``dataclass_transform``) instead of by the interpreter. Equality
and hash are those of a frozen dataclass.
"""

from __future__ import annotations

import dataclasses
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def value(cls: type[T]) -> type[T]:
    """``@dataclass(frozen=True, slots=True)`` without the price of it."""
    return dataclasses.dataclass(slots=True, unsafe_hash=True)(cls)
