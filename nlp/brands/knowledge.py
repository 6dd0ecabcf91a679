"""What is known about brands: names, owners, product lines, and the words around a name that speak for or against it.

Built by ``seeds.brands`` and never changed afterwards. The indexes hang on the value itself, so two knowledges never share state.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp.text import key

if TYPE_CHECKING:
    from nlp.brands.context import Evidence
    from nlp.brands.gazetteer import Gazetteer
    from nlp.brands.models import ModelMatcher

SURE = 3
"""Fires alone, unless something speaks against it."""
LIKELY = 2
"""Fires where its borders are clean or a product noun, a cue or a list supports it."""
CONTEXT = 1
"""An ordinary word, abbreviation or place name too: fires only with evidence of its own field."""
BESIDE = 0
"""Never fires alone: an unconfirmed transliteration, or a word that only says something beside the brand."""

STRENGTHS: Mapping[str, int] = {"sure": SURE, "likely": LIKELY, "context": CONTEXT, "beside": BESIDE}

PRODUCT_KINDS = frozenset({"hdd", "ssd", "portable", "other"})
PRODUCT_CLASSES = frozenset(
    {
        "surveillance", "nas", "enterprise", "desktop", "mobile", "portable", "ssd", "switch", "router", "firewall", "wireless",
        "server", "storage", "laptop", "computer", "monitor", "printer", "scanner", "ups", "camera", "nvr", "thermal_camera",
        "night_vision", "cpu", "gpu", "radio", "satellite_modem", "helicopter", "vehicle", "drone", "genetic_analyzer", "sequencer",
        "pcr", "dna_extraction", "str_kit", "reagent", "microscope", "mobile_forensics", "video_forensics",
        "nonlinear_junction_detector", "explosive_detector", "software", "other",
    }
)  # fmt: skip
"""The closed list of DESIGN section 5a."""


_SIZES = "0123456789 ./*×~-tgb寸路口u"
"""What may stand behind the head noun of a name: a capacity or size."""


class KnowledgeError(ValueError):
    """A contradiction in the facts handed in: an unknown brand, an alias given twice, a class outside the list."""


@dataclass(frozen=True, slots=True)
class Brand:
    """``origin`` is the ISO 3166 code of the brand's home; ``family`` joins names of one house (EMC and Dell): a model beside either is one mention."""

    brand_id: str
    name: str
    name_zh: str | None
    origin: str
    hq: str
    family: str
    domains: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    note: str | None = None

    @property
    def domestic(self) -> bool:
        return self.origin == "CN"


@dataclass(frozen=True, slots=True)
class Owner:
    """``owner`` held ``share`` per cent (null = control, share not stated) of the brand from ``since`` (null = always) until the day before ``until``."""

    brand_id: str
    owner: str
    country: str
    since: dt.date | None = None
    until: dt.date | None = None
    share: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """``kind``: name, company (the house's own firms), line (a product name). ``exact`` = only in this very case."""

    text: str
    brand_id: str
    kind: str = "name"
    strength: int = SURE
    exact: bool = False
    line: str | None = None
    product_class: str | None = None


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model-number pattern. ``strong`` patterns stand for their brand alone; weak ones need the brand or a noun of ``needs`` beside them.

    ``starts`` are the characters (lower case) a match can begin with: the prefilter. ``parent_line`` is the family a child line counts in.
    """

    model_id: str
    brand_id: str
    pattern: str
    starts: str
    strong: bool
    product_line: str | None = None
    parent_line: str | None = None
    product_class: str | None = None
    product_kind: str | None = None
    needs: str | None = None
    samples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextRule:
    """Words that speak for (``allow``) or against one alias.

    ``side``: left and right are words that touch the alias; near is anywhere in the same line within 24 characters.
    """

    target: str
    side: str
    allow: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassNoun:
    """A Chinese product noun that names a class by itself (监控级硬盘, 交换机)."""

    noun: str
    product_class: str
    product_kind: str | None = None
    alone: bool = True
    """Says the class without a brand or model beside it, too: 笔记本 may be paper."""


@dataclass(frozen=True)
class BrandKnowledge:
    """All of it. ``nouns`` maps a field of goods (``storage``, ``vehicle``…) to its product nouns; ``phrases`` are longer words that swallow an alias."""

    brands: Mapping[str, Brand]
    aliases: tuple[Alias, ...] = ()
    owners: tuple[Owner, ...] = ()
    lines: tuple[ModelLine, ...] = ()
    contexts: tuple[ContextRule, ...] = ()
    nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    class_nouns: tuple[ClassNoun, ...] = ()
    phrases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Word lists of the finder's general rules by name: ``place_suffix``, ``organisation_tail``, ``list_separator``…"""

    def __post_init__(self) -> None:
        seen: dict[tuple[str, str], str] = {}
        for alias in self.aliases:
            if alias.brand_id not in self.brands:
                raise KnowledgeError(f"alias {alias.text!r}: unknown brand {alias.brand_id!r}")
            mark = (key(alias.text), alias.text if alias.exact else "")
            if mark in seen:
                raise KnowledgeError(f"alias {alias.text!r} is given twice, for {seen[mark]} and {alias.brand_id}")
            seen[mark] = alias.brand_id
        for line in self.lines:
            if line.brand_id not in self.brands:
                raise KnowledgeError(f"model line {line.model_id}: unknown brand {line.brand_id!r}")
            if line.product_class is not None and line.product_class not in PRODUCT_CLASSES:
                raise KnowledgeError(f"model line {line.model_id}: {line.product_class!r} is not a product class")
        for owner in self.owners:
            if owner.brand_id not in self.brands:
                raise KnowledgeError(f"owner {owner.owner!r}: unknown brand {owner.brand_id!r}")

    def owners_at(self, brand_id: str, date: dt.date) -> tuple[Owner, ...]:
        """Everybody who held a part of the brand on ``date``, largest stated share last in the file first in the answer."""
        return tuple(
            o
            for o in self._owners.get(brand_id, ())
            if (o.since is None or o.since <= date) and (o.until is None or date < o.until)
        )

    def owner_at(self, brand_id: str, date: dt.date) -> Owner | None:
        """The controlling owner on ``date``; null where the seeds do not say."""
        held = self.owners_at(brand_id, date)
        control = [o for o in held if o.share is None or float(o.share) > 50]
        return control[0] if control else (held[0] if held else None)

    def resolve(self, name: str) -> Brand | None:
        """The brand behind an id, a canonical name or any alias; null when nobody is called that."""
        found = self._names.get(key(name))
        return self.brands[found] if found is not None else None

    def class_of(self, text: str) -> str | None:
        """The class of the first product noun in folded ``text`` (监控级硬盘, 交换机); null when there is none."""
        noun = self.class_noun(text)
        return noun.product_class if noun is not None else None

    def class_noun(self, text: str) -> ClassNoun | None:
        """The first product noun in folded ``text``."""
        if self._class_pattern is None:
            return None
        match = self._class_pattern.search(text)
        return self._class_nouns[match.group()] if match is not None else None

    def class_of_goods(self, name: str) -> str | None:
        """The class that the name of goods says, folded or not: its head noun's (视频服务器 → server, 服务器机柜 → null), or that of a drive's kind
        (监控级8T硬盘 → surveillance).
        """
        text = key(name)
        head = min((text.partition(bracket)[0] for bracket in "([【"), key=len).strip()
        if not head.endswith(self._ending_nouns):
            head = head.rstrip(_SIZES)
        if head.endswith(self._ending_nouns):
            return next(self._class_nouns[noun].product_class for noun in self._ending_nouns if head.endswith(noun))
        if "盘" not in head:
            return None
        found = {noun.product_class for noun in self._drive_nouns if noun.noun.casefold() in text}
        return found.pop() if len(found) == 1 else None

    @functools.cached_property
    def _ending_nouns(self) -> tuple[str, ...]:
        alone = (noun for noun, known in self._class_nouns.items() if known.alone)
        return tuple(sorted(alone, key=len, reverse=True))

    @functools.cached_property
    def _drive_nouns(self) -> tuple[ClassNoun, ...]:
        return tuple(noun for noun in self.class_nouns if noun.product_kind in {"hdd", "ssd", "portable"})

    @functools.cached_property
    def _class_nouns(self) -> Mapping[str, ClassNoun]:
        return {n.noun.casefold(): n for n in self.class_nouns}

    @functools.cached_property
    def _class_pattern(self) -> re.Pattern[str] | None:
        words = sorted(self._class_nouns, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words))) if words else None

    def strength_of(self, name: str) -> int | None:
        """How much the alias that is written like ``name`` says by itself; null when there is none."""
        return self._strengths.get(key(name))

    @functools.cached_property
    def _strengths(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for alias in self.aliases:
            mark = key(alias.text)
            found[mark] = max(alias.strength, found.get(mark, BESIDE))
        return found

    @functools.cached_property
    def _owners(self) -> Mapping[str, tuple[Owner, ...]]:
        by_brand: dict[str, list[Owner]] = {}
        for owner in self.owners:
            by_brand.setdefault(owner.brand_id, []).append(owner)
        return {k: tuple(v) for k, v in by_brand.items()}

    @functools.cached_property
    def _names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for alias in self.aliases:
            names.setdefault(key(alias.text), alias.brand_id)
        for brand in self.brands.values():
            if brand.name_zh:
                names.setdefault(key(brand.name_zh), brand.brand_id)
        for brand in self.brands.values():
            names[key(brand.name)] = brand.brand_id
        for brand in self.brands.values():
            names[key(brand.brand_id)] = brand.brand_id
        return names

    @functools.cached_property
    def gazetteer(self) -> Gazetteer:
        """The automaton over aliases and phrases."""
        from nlp.brands.gazetteer import Gazetteer  # noqa: PLC0415 -- the index knows this type

        return Gazetteer(self)

    @functools.cached_property
    def models(self) -> ModelMatcher:
        """The model-number matcher."""
        from nlp.brands.models import ModelMatcher  # noqa: PLC0415

        return ModelMatcher(self)

    @functools.cached_property
    def evidence(self) -> Evidence:
        """The compiled context rules."""
        from nlp.brands.context import Evidence  # noqa: PLC0415

        return Evidence(self)
