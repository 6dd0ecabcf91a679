"""What the organisation reader knows: places, terms, organisations with a rule of their own, reforms.

Built by ``seeds.orgs.load_org_knowledge`` from its tables. Immutable; the reader opens no file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nlp.types import Level, Tier
from nlp.values import value

if TYPE_CHECKING:
    from nlp.classify.model import LinearModel


@value
class Division:
    """One administrative division over one span of years.

    ``code`` is the GB/T 2260 code it had, ``current`` the code of what it is today (itself, its successor, or the same code where
    it was divided among several). ``since`` and ``until`` are years, ``until`` exclusive of nothing finer than a year; null = still so.
    """

    code: str
    name: str
    level: Level
    since: int
    until: int | None
    current: str
    roman: str
    bare: str
    """``roman`` without the peoples of an autonomous division: Ili, for Ili Kazakh."""
    generic: str

    @property
    def prefix(self) -> str:
        """The digits every code below this division begins with."""
        if self.code.endswith("0000"):
            return self.code[:2]
        return self.code[:4] if self.code.endswith("00") else self.code

    @property
    def name_en(self) -> str:
        return f"{self.roman} {self.generic}".rstrip()

    def in_force(self, year: int) -> bool:
        return self.since <= year and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class XpccDivision:
    """A division (师) of the Xinjiang Production and Construction Corps and the city it runs, where there is one."""

    number: int
    name: str
    city: str | None
    city_code: str | None
    roman: str


class Sign(StrEnum):
    """What a term says about the organisation whose name it stands in."""

    ORGAN = "organ"
    """A public-security organ by itself: 公安局."""
    UNIT = "unit"
    """A public-security unit even where 公安 is not written: 交警, 看守所."""
    WORD = "word"
    """Police work, decided by what stands beside it: 公安, 治安, 警务保障."""
    DEPARTMENT = "department"
    """A department any authority has (装备财务处, 办公室): takes the tier of what it belongs to."""
    SPECIAL = "special"
    """Specialised public security: 缉私, 边检, 森林公安."""
    FIRE = "fire"
    AGAINST = "against"
    """An organ of its own tier that is not public security: 法院, 监狱, 海警."""
    GOVERNMENT = "government"
    """Any other authority; ``other``."""
    HEAD = "head"
    """An organisation that is no authority: 公司, 医院, 村民委员会."""
    FORM = "form"
    """The form of a unit: 总队, 支队, 大队, 局, 处."""
    TRAP = "trap"
    """Looks like public security and is not: 电子警察, 国家安全生产."""


@value
class Term:
    """One term of organisation names. ``kind`` is its unit class, ``level`` the level it gives where it is the last organ."""

    text: str
    sign: Sign
    kind: str
    tier: Tier | None
    level: Level | None
    english: str


@value
class KnownOrg:
    """An organisation the rules cannot read off its name; wins over them."""

    name: str
    tier: Tier
    unit_class: str
    level: Level | None
    division_code: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Reform:
    """On ``day`` units of this kind left one tier for another; ``before`` is what names read as until the day before."""

    kind: str
    day: dt.date
    before: Tier
    after: Tier


@dataclass(frozen=True, repr=False)
class OrgKnowledge:
    """``full`` holds names with their generic word (and abbreviations as good as them), ``short`` names without.

    ``lengths`` gives, for a first character, the lengths worth trying, longest first. ``matcher`` finds ``terms`` leftmost-longest.
    """

    version: str
    divisions: Mapping[str, Division]
    full: Mapping[str, tuple[Division, ...]]
    short: Mapping[str, tuple[Division, ...]]
    full_lengths: Mapping[str, tuple[int, ...]]
    short_lengths: Mapping[str, tuple[int, ...]]
    words: frozenset[str]
    """Short names that are first of all words: believed only inside a place already known."""
    place_english: Mapping[str, str]
    """English of zones and other names that stand for a place without being a division: 苏州工业园区."""
    names_en: Mapping[str, str]
    """English names people have settled on, by canonical key; they win over the rules."""
    xpcc: tuple[XpccDivision, ...]
    xpcc_by_city: Mapping[str, XpccDivision]
    xpcc_by_name: Mapping[str, XpccDivision]
    terms: tuple[Term, ...]
    matcher: Any
    known: Mapping[str, KnownOrg]
    reforms: Mapping[str, Reform]
    pinyin: Mapping[str, str]
    romanised: Mapping[str, str]
    """Names of places and words with a spelling of their own, for pieces that are not divisions."""
    open_names: LinearModel | None = None
    """Classifier of the tier where no rule answers; null = such names stay ``other`` with reason ``no_rule``."""

    def __repr__(self) -> str:
        return f"OrgKnowledge({self.version})"
