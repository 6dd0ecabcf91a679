# ruff: noqa: S608 -- SQL is put together from names of ours; every value is a parameter
"""What a question asks for. One value for ``bought``, ``count``, ``search``, exports and reports.

:class:`Filters` holds what the user gave; :func:`resolve` turns names into ids and refuses what the store does not know, with the
nearest names it does.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import SHANGHAI
from db.desk.sheet import Moment
from db.keys import organisation_key, storable
from db.merges import effective
from db.nearest import nearest_names
from db.organisations import lookup_names, read_name
from db.seeds_then import relation
from nlp.brands.knowledge import PRODUCT_CLASSES, PRODUCT_KINDS
from nlp.classify.areas import AREA_NAMES, OUTSIDE
from nlp.text import key
from nlp.types import PUBLIC_SECURITY_TIERS, MentionRole, NoticeType, Tier

Then = Callable[[str], str]
"""A seeds' table as it was at the moment asked about, as SQL."""

PURCHASED = frozenset({"awarded", "contracted"})
USES = PURCHASED | {"installed", "maintained"}
SOUGHT = frozenset({"required", "reference", "alternative"})
REFERENCES = frozenset(role.value for role in MentionRole) - {"incidental", "unresolved"}
ROLE_SETS: Mapping[str, frozenset[str]] = {
    "purchased": PURCHASED,
    "uses": USES,
    "sought": SOUGHT,
    "references": REFERENCES,
}
DATE_FIELDS: Mapping[str, str] = {
    "published": "published_on",
    "award": "award_on",
    "signed": "signed_on",
    "first_seen": "first_seen_on",
}
PUBLIC_SECURITY = "public_security"
_CHOICES: Mapping[str, frozenset[str]] = {
    "party": frozenset({"buyer", "end_user"}),
    "xpcc": frozenset({"include", "exclude", "only"}),
    "date_field": frozenset(DATE_FIELDS),
    "within": frozenset({"lot", "award", "process", "document"}),
}
_SHORT_DIVISION = re.compile(
    r"(?:省|市|(?:维吾尔|壮族|回族)?自治区|特别行政区|地区|(?:[\u4e00-\u9fff]{1,4}族)*自治(?:州|县)|盟|区|县)$"
)


class UnknownValue(ValueError):  # noqa: N818 -- the contract's name
    """A filter names something the store does not know. ``suggestions`` are the nearest things it does."""

    exit_code = 2

    def __init__(self, option: str, value: str, suggestions: Sequence[str] = ()) -> None:
        self.option, self.value, self.suggestions = option, value, tuple(suggestions)
        self.message = f"--{option.replace('_', '-')}: unknown value {value!r}"
        nearest = f"nearest: {', '.join(self.suggestions)}" if self.suggestions else ""
        self.remedy = nearest or "see --help"
        super().__init__(f"{self.message}; {nearest}" if nearest else self.message)


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of DESIGN section 6 as given: values of one field are alternatives, fields add up. Empty = no filter."""

    brand: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    product_kind: tuple[str, ...] = ()
    product_class: tuple[str, ...] = ()
    product_line: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    buyer: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    unit_class: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    party: str = "buyer"
    region: tuple[str, ...] = ()
    xpcc: str = "include"
    roles: tuple[str, ...] = ("purchased",)
    types: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    date_field: str = "published"
    with_brand: tuple[str, ...] = ()
    within: str = "award"
    as_of: dt.datetime | None = None
    known_at: dt.datetime | None = None
    reviewed_only: bool = False

    @property
    def moment(self) -> Moment:
        return Moment(self.as_of, self.known_at)

    def as_json(self) -> dict[str, Any]:
        """The filters that are set, as canonical JSON values."""
        shown: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value == f.default and f.name not in {"roles", "date_field", "party"}:
                continue
            if isinstance(value, tuple):
                shown[f.name] = list(value)
            elif isinstance(value, dt.datetime | dt.date):
                shown[f.name] = value.isoformat()
            else:
                shown[f.name] = value
        return shown

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Filters:
        """The inverse of :meth:`as_json`. Raises :class:`UnknownValue` for a field it does not know."""
        known = {f.name for f in fields(cls)}
        given: dict[str, Any] = {}
        for name, each in value.items():
            if name not in known:
                raise UnknownValue("query", name, difflib.get_close_matches(name, known))
            if name in {"since", "until"}:
                given[name] = dt.date.fromisoformat(each)
            elif name in {"as_of", "known_at"}:
                given[name] = parse_moment(each, name)
            else:
                given[name] = tuple(each) if isinstance(each, list) else each
        return cls(**given)


def split_values(given: Iterable[str]) -> tuple[str, ...]:
    """Repeated options, each perhaps several values joined by commas; a value that holds a comma stands in double quotes."""
    values: list[str] = []
    for one in given:
        # A line break is white space here, not the end of a row.
        for row in csv.reader([re.sub(r"[\r\n]", " ", one)], skipinitialspace=True):
            values.extend(value.strip() for value in row if value.strip())
    return tuple(dict.fromkeys(values))


def parse_day(value: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise UnknownValue(option, value, ["2022-05-12"]) from None


def parse_moment(value: str, option: str) -> dt.datetime:
    """A day (its last moment, Asia/Shanghai) or a time with or without zone (then Asia/Shanghai)."""
    try:
        if len(value) == len("2022-05-12"):
            return dt.datetime.combine(dt.date.fromisoformat(value), dt.time.max, SHANGHAI)
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise UnknownValue(option, value, ["2022-05-12", "2022-05-12T18:00:00+08:00"]) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Filters with names turned into ids. Null = no such filter; an empty list = nothing can match."""

    filters: Filters
    roles: frozenset[str]
    purchased: bool
    """The roles asked are exactly the purchased ones: awards, lines and units are those of final states."""
    brands: list[str] | None = None
    owners: list[str] | None = None
    product_kinds: list[str] | None = None
    product_classes: list[str] | None = None
    product_lines: list[str] | None = None
    areas: list[str] | None = None
    buyers: list[int] | None = None
    suppliers: list[int] | None = None
    unit_tiers: list[str] = field(default_factory=list)
    unit_kinds: list[str] = field(default_factory=list)
    tiers: list[str] | None = None
    regions: list[str] | None = None
    """``LIKE`` patterns over division codes."""
    types: list[str] | None = None
    with_brands: list[str] | None = None
    covers_xpcc: bool = False
    """The regions asked hold places the Corps runs."""

    @property
    def by_item(self) -> bool:
        """Whether lines that name no brand can match."""
        return (
            self.brands is None
            and self.owners is None
            and bool(self.product_kinds or self.product_classes or self.product_lines or self.areas)
        )


def resolve(session: Session, filters: Filters) -> Resolved:
    """Names to ids. Raises :class:`UnknownValue`."""
    for f in fields(filters):
        for value in getattr(filters, f.name) if isinstance(getattr(filters, f.name), tuple) else ():
            if storable(value) != value:
                raise UnknownValue(f.name, storable(value))
    for name, allowed in _CHOICES.items():
        value = getattr(filters, name)
        if value not in allowed:
            raise UnknownValue(name, value, sorted(allowed))
    if filters.since and filters.until and filters.since > filters.until:
        raise UnknownValue("until", filters.until.isoformat(), [f"{filters.since.isoformat()} or later"])
    roles = _roles(filters.roles)
    then = functools.partial(relation, session, known_at=filters.known_at)
    brands = _intersect(_brands(session, then, "brand", filters.brand), _by_origin(session, then, filters.origin))
    regions = _regions(session, then, filters.region)
    tiers, kinds = _unit_classes(session, filters.unit_class)
    return Resolved(
        filters=filters,
        roles=roles,
        purchased=roles == PURCHASED,
        brands=brands,
        owners=_owners(session, then, filters.owner),
        product_kinds=_closed("product_kind", filters.product_kind, PRODUCT_KINDS),
        product_classes=_closed("product_class", filters.product_class, PRODUCT_CLASSES),
        product_lines=_product_lines(session, then, filters.product_line),
        areas=_areas(filters.area),
        buyers=_buyers(session, filters),
        suppliers=_organisations(session, "supplier", filters.supplier, filters.known_at),
        unit_tiers=tiers,
        unit_kinds=kinds,
        tiers=_closed("tier", filters.tier, frozenset(tier.value for tier in Tier)),
        regions=regions,
        types=_closed("types", filters.types, frozenset(t.value for t in NoticeType)),
        with_brands=_brands(session, then, "with_brand", filters.with_brand),
        covers_xpcc=regions is not None and any(p in {"%", "65%", "66%"} or p.startswith("659") for p in regions),
    )


def _intersect(*found: list[str] | None) -> list[str] | None:
    given = [set(one) for one in found if one is not None]
    return sorted(set.intersection(*given)) if given else None


def _closed(option: str, given: Sequence[str], allowed: Iterable[str]) -> list[str] | None:
    if not given:
        return None
    known = {key(value): value for value in allowed}
    return [known[key(v)] if key(v) in known else _refuse(option, v, known.values()) for v in given]


def _refuse(option: str, value: str, known: Iterable[str]) -> Any:
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(value.casefold(), list(names), n=3, cutoff=0.5)
    inside = [folded for folded in names if value.casefold() in folded][:3]
    raise UnknownValue(option, value, [names[n] for n in dict.fromkeys([*near, *inside])][:5])


def _roles(given: Sequence[str]) -> frozenset[str]:
    roles: set[str] = set()
    for value in given or ("purchased",):
        if value in ROLE_SETS:
            roles |= ROLE_SETS[value]
        elif value in {role.value for role in MentionRole}:
            roles.add(value)
        else:
            _refuse("roles", value, [*ROLE_SETS, *(role.value for role in MentionRole)])
    return frozenset(roles)


def _brands(session: Session, then: Then, option: str, given: Sequence[str]) -> list[str] | None:
    """Ids from ids, canonical names and aliases."""
    if not given:
        return None
    brand, alias = then("brand"), then("brand_alias")
    rows = session.execute(
        text(f"""
            SELECT key, brand_id, 2 AS rank FROM {alias} a
            UNION ALL SELECT lower(regexp_replace(name, '\\s', '', 'g')), id, 1 FROM {brand} b
            UNION ALL SELECT lower(id), id, 0 FROM {brand} b ORDER BY rank DESC
        """)
    ).all()
    names = {row[0]: row[1] for row in rows}
    found: set[str] = set()
    for value in given:
        id_ = names.get(key(value))
        if id_ is None:
            shown = session.execute(text(f"SELECT name FROM {brand} b UNION SELECT alias FROM {alias} a")).scalars()
            _refuse(option, value, shown)
        else:
            found.add(id_)
    return sorted(found)


def _by_origin(session: Session, then: Then, given: Sequence[str]) -> list[str] | None:
    if not given:
        return None
    brand = then("brand")
    known = set(session.execute(text(f"SELECT DISTINCT origin FROM {brand} b WHERE origin IS NOT NULL")).scalars())
    wanted = [v.upper() if v.upper() in known else _refuse("origin", v, known) for v in given]
    return list(session.execute(text(f"SELECT id FROM {brand} b WHERE origin = ANY(:o)"), {"o": wanted}).scalars())


def _areas(given: Sequence[str]) -> list[str] | None:
    """Areas from their ids or English names; ``outside`` asks for goods of none of them."""
    if not given:
        return None
    known = {OUTSIDE: OUTSIDE}
    for area, name in AREA_NAMES.items():
        known[key(area.value.replace("_", " "))] = known[key(area.value)] = known[key(name)] = area.value
    return [known[key(v)] if key(v) in known else _refuse("area", v, set(known.values())) for v in given]


def _owners(session: Session, then: Then, given: Sequence[str]) -> list[str] | None:
    if not given:
        return None
    rows = session.execute(text(f"SELECT DISTINCT owner_key, owner FROM {then('brand_owner')} o")).all()
    known = {row[0]: row[1] for row in rows}
    return [key(v) if key(v) in known else _refuse("owner", v, known.values()) for v in given]


def _product_lines(session: Session, then: Then, given: Sequence[str]) -> list[str] | None:
    """Names of the lines asked and of all lines that are part of them."""
    if not given:
        return None
    rows = session.execute(text(f"SELECT name, name_zh, parent FROM {then('product_line')} l")).all()
    names: dict[str, str] = {key(parent): parent for parent in sorted({row[2] for row in rows if row[2] is not None})}
    for name, zh, _ in rows:
        names[key(name)] = name
        if zh:
            names.setdefault(key(zh), name)
    wanted: set[str] = set()
    for value in given:
        found = names.get(key(value))
        wanted.add(found if found is not None else _refuse("product_line", value, names.values()))
    while True:
        children = {row[0] for row in rows if row[2] in wanted} - wanted
        if not children:
            return sorted(wanted)
        wanted |= children


def _organisations(
    session: Session, option: str, given: Sequence[str], known_at: dt.datetime | None
) -> list[int] | None:
    """Ids of organisations under any of their names, and of those that people merged with them; never a substring."""
    if not given:
        return None
    found = lookup_names(session, {organisation_key(value): value for value in given})
    counted = effective(session, known_at)
    ids: set[int] = set()
    for value in given:
        name_key = organisation_key(value)
        filed = found.get(name_key)
        if filed is not None:
            ids.add(counted.of(filed.id, name_key))
        else:
            ids |= {counted.of(id_) for id_ in _by_identity(session, option, value)}
    return counted.filed_as(ids)


def _by_identity(session: Session, option: str, value: str) -> set[int]:
    """A spelling the store has not met may still name an organ it has; English names count, too."""
    from seeds.orgs import load_org_knowledge  # noqa: PLC0415 -- a quarter of a second, seldom needed

    named = read_name(value, load_org_knowledge(), dt.datetime.now(SHANGHAI).date())
    rows = session.execute(
        text("SELECT id FROM organisation WHERE key = :key OR lower(name_en) = :en"),
        {"key": named.key, "en": value.casefold()},
    )
    ids = set(rows.scalars())
    if ids:
        return ids
    raise UnknownValue(option, value, nearest_names(session, value))


def _buyers(session: Session, filters: Filters) -> list[int] | None:
    buyers, under = filters.buyer, filters.under
    ids = set(_organisations(session, "buyer", buyers, filters.known_at) or ())
    heads = _organisations(session, "under", under, filters.known_at)
    if heads:
        rows = session.execute(
            text("""
                SELECT o.id FROM organisation o JOIN organisation head ON head.id = ANY(:heads)
                 WHERE o.id = head.id OR o.chain @> ARRAY[head.key] OR starts_with(o.name, head.name)
            """),
            {"heads": heads},
        )
        counted = effective(session, filters.known_at)
        below = {counted.of(id_) for id_ in rows.scalars()}
        ids = ids & below if buyers else below
    return sorted(ids) if buyers or under else None


def _unit_classes(session: Session, given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tiers and kinds of organ from kinds, tiers and the group ``public_security``."""
    tiers: set[str] = set()
    kinds: set[str] = set()
    known_tiers = {tier.value for tier in Tier}
    known_kinds: set[str] | None = None
    for value in given:
        if value == PUBLIC_SECURITY:
            tiers |= {tier.value for tier in PUBLIC_SECURITY_TIERS}
        elif value in known_tiers:
            tiers.add(value)
        else:
            if known_kinds is None:
                known_kinds = _known_kinds(session)
            kinds.add(
                value
                if value in known_kinds
                else _refuse("unit_class", value, {*known_kinds, *known_tiers, PUBLIC_SECURITY})
            )
    return sorted(tiers), sorted(kinds)


def _known_kinds(session: Session) -> set[str]:
    from seeds.orgs import load_org_knowledge  # noqa: PLC0415

    knowledge = load_org_knowledge()
    kinds = {term.kind for term in knowledge.terms} | {known.unit_class for known in knowledge.known.values()}
    kinds |= set(
        session.execute(text("SELECT DISTINCT buyer_class FROM fact_notice WHERE buyer_class IS NOT NULL")).scalars()
    )
    return {kind for kind in kinds if kind}


def _regions(session: Session, then: Then, given: Sequence[str]) -> list[str] | None:
    """``LIKE`` patterns from names and code prefixes; 65 takes the Corps along."""
    if not given:
        return None
    patterns: set[str] = set()
    division = then("division")
    for value in given:
        code = value if value.isdigit() else _division(session, division, value)
        if not 2 <= len(code) <= 6 or len(code) % 2:
            _refuse("region", value, ["65", "650000", "新疆"])
        prefix = re.sub(r"(?:00)+$", "", code) or code
        known = session.execute(
            text(f"SELECT count(*) > 0 FROM {division} d WHERE code LIKE :p"), {"p": f"{prefix}%"}
        ).scalar_one()
        empty = session.execute(text(f"SELECT count(*) = 0 FROM {division} d")).scalar_one()
        if not known and not empty:
            _refuse("region", value, session.execute(text(f"SELECT DISTINCT code FROM {division} d")).scalars())
        patterns.add(f"{prefix}%")
        if prefix == "65":
            patterns.add("66%")
    return sorted(patterns)


def _division(session: Session, division: str, value: str) -> str:
    rows = session.execute(
        text(f"""
            SELECT code, name, valid_to IS NULL, level FROM {division} d
             WHERE name = :v OR name LIKE :start OR lower(name_en) = :en
        """),
        {"v": value, "start": f"{_like(value)}%", "en": value.casefold()},
    ).all()
    exact = [r for r in rows if r[1] == value or (r[1].casefold() != value.casefold() and not r[1].startswith(value))]
    short = [r for r in rows if _SHORT_DIVISION.sub("", r[1]) == value]
    order = {"province": 0, "prefecture": 1, "county": 2}
    found = sorted(exact or short, key=lambda r: (not r[2], order.get(r[3] or "", 3), r[0]))
    best = [r for r in found if found and (r[2], r[3]) == (found[0][2], found[0][3])]
    if len({r[0] for r in best}) == 1:
        return str(best[0][0])
    if best:
        raise UnknownValue("region", value, [f"{r[0]} {r[1]}" for r in best[:5]])
    names = session.execute(text(f"SELECT DISTINCT name FROM {division} d")).scalars()
    _refuse("region", value, names)
    raise AssertionError


def _like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
