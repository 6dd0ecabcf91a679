"""Values of the reader: frozen for the type checker, plain at run time.

A frozen dataclass sets each field through ``object.__setattr__``, which made a tenth of the time of a reading. These are made in the
thousands for a page, so the promise never to change one is kept by mypy (``dataclass_transform``) instead of by the interpreter. Equality,
hash and form are those of a frozen dataclass, but shared by all of them: writing and compiling them for a hundred classes made a tenth of
the time to start.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


def _fields(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def changed(given: T, **fields: Any) -> T:
    """What :func:`dataclasses.replace` gives, in half of its time: a notice has thirty fields. Raises TypeError for a field it has not."""
    names: tuple[str, ...] = given.__match_args__  # type: ignore[attr-defined]  # every value has them
    made = type(given)(*[fields.pop(name) if name in fields else getattr(given, name) for name in names])
    if fields:
        raise TypeError(f"{type(given).__name__} has no field {', '.join(fields)}")
    return made


def _equal(self: Any, other: object) -> bool:
    return _fields(self) == _fields(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_fields(self))


def _form(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def value(cls: type[T]) -> type[T]:
    """``@dataclass(frozen=True, slots=True)`` without the price of it."""
    made: Any = dataclasses.dataclass(slots=True, eq=False, repr=False)(cls)
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _form
    kept: type[T] = made
    return kept
