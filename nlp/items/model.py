"""Values inside the reader of lots and items."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from enum import IntEnum, auto

from nlp.money.plain import plain
from nlp.types import Cell, Issue, Item, Lot, LotStatus, Money, Party
from nlp.values import value


@value
class ItemsReading:
    """``suppliers`` are winners, contractors and proposed suppliers (their role says which); ``candidates`` ranked or losing bidders."""

    lots: tuple[Lot, ...] = ()
    items: tuple[Item, ...] = ()
    suppliers: tuple[Party, ...] = ()
    candidates: tuple[Party, ...] = ()
    issues: tuple[Issue, ...] = ()


class Section(IntEnum):
    """What a part of a notice is about, told by its heading's words and never by its number."""

    BASIC = auto()
    RESULT = auto()
    WINNERS = auto()
    CANDIDATES = auto()
    BIDDERS = auto()
    FAILED = auto()
    ITEMS = auto()
    CONTRACT = auto()
    PROPOSED = auto()
    TENDER = auto()
    FEE = auto()
    EXPERTS = auto()
    CONTACT = auto()
    PERIOD = auto()
    OTHER = auto()


class Column(IntEnum):
    """Meaning of a column or label."""

    SEQUENCE = auto()
    ITEM_NO = auto()
    LOT = auto()
    LOT_NAME = auto()
    WINNER = auto()
    CANDIDATE = auto()
    SUPPLIER = auto()
    AMOUNT = auto()
    BID = auto()
    BUDGET = auto()
    RATE = auto()
    UNIT_PRICE = auto()
    TOTAL = auto()
    NAME = auto()
    CATEGORY = auto()
    BRAND = auto()
    MODEL = auto()
    BRAND_MODEL = auto()
    SPEC = auto()
    QUANTITY = auto()
    UNIT = auto()
    IMPORTED = auto()
    MAKER = auto()
    ORIGIN = auto()
    RANK = auto()
    SCORE = auto()
    STATUS = auto()
    REASON = auto()
    OTHER = auto()
    """A known header that carries none of our facts (address, remarks, service standard …)."""


@value
class Grid:
    """Rows of cells, from a table or rebuilt from flattened text; ``width`` columns each."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int
    caption: str | None = None
    rebuilt: bool = False


def name_key(name: str) -> str:
    """Equal for two spellings of one name that differ in width, case or white space only."""
    return "".join(plain(name).casefold().split())


@dataclass
class Outcome:
    """What one place of the notice says about one lot: who, how much, what became of it."""

    status: LotStatus
    start: int
    end: int
    lot: str | None = None
    lot_name: str | None = None
    members: tuple[str, ...] = ()
    raw: str | None = None
    name_start: int | None = None
    name_end: int | None = None
    amount: Money | None = None
    sure: bool = True
    """Named as winner in so many words; false where only the place says so."""
    proposed: bool = False
    rank: int | None = None
    table: int | None = None
    """Where the table begins that the row stands in."""
    notes: list[str] = field(default_factory=list)

    @functools.cached_property
    def mark(self) -> frozenset[str]:
        """The names in the form in which they are compared."""
        return frozenset(name_key(name) for name in self.members)

    @property
    def supplier(self) -> str | None:
        return "、".join(self.members) or None
