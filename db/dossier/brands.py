"""Brands in a dossier: by role, bought beside each other, used without an observed purchase, owned by whom on the day. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from db.dossier.gather import LineRow, MentionRow, NoticeRow, plain, span
from db.dossier.records import MENTION_ROLES, tallied
from db.filters import PURCHASED
from db.network import Brands, chain

STRENGTHS = ("lot", "award", "process", "document")
_USED = frozenset({"installed", "maintained"})
_CHAINS = 200


def by_role(
    mentions: Sequence[MentionRow], lines: Sequence[LineRow], notices: Mapping[int, NoticeRow], brands: Brands
) -> list[dict[str, Any]]:
    """One row a brand: announcements by role, what was bought, who owned it on those days."""
    announcements: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    days: dict[str, dict[int, dt.date | None]] = defaultdict(dict)
    for mention in mentions:
        announcements[mention.brand_id][mention.shown_role].add(mention.announcement_id)
        notice = notices.get(mention.notice_id)
        days[mention.brand_id][mention.announcement_id] = notice.award_day if notice is not None else None
    bought: dict[str, list[LineRow]] = defaultdict(list)
    for line in lines:
        if line.brand_id is not None:
            bought[line.brand_id].append(line)
    rows = []
    for brand in {*announcements, *bought}:
        roles = {role: len(found) for role, found in announcements[brand].items()}
        owners = Counter(owner for day in days[brand].values() for owner in brands.owners_at(brand, day))
        observed = bool(bought[brand]) or any(roles.get(role) for role in PURCHASED)
        rows.append(
            {
                "brand": brands.names.get(brand, brand),
                "brand_id": brand,
                "origin": brands.origins.get(brand),
                "records": len(days[brand]),
                "roles": tallied(roles, MENTION_ROLES),
                "purchased": purchased(bought[brand]),
                "used_without_observed_purchase": not observed and any(roles.get(role) for role in _USED),
                "owners": [{"owner": owner, "records": number} for owner, number in owners.most_common()],
                **span(days[brand].values()),
            }
        )
    return sorted(rows, key=lambda row: (-row["purchased"]["lines"], -row["records"], row["brand"]))


def purchased(lines: Sequence[LineRow]) -> dict[str, Any]:
    """Lines certainly bought (N4), pieces known (N5, lower bound), and how many lines state none."""
    counted: dict[int, Decimal | None] = {line.item_id: line.units for line in lines if line.item_id is not None}
    outside = sum(line.item_id is None for line in lines)
    known = [units for units in counted.values() if units is not None]
    return {
        "awards": len({line.award_id for line in lines if line.award_id is not None}),
        "lines": len(counted) + outside,
        "units": plain(sum(known, Decimal(0))),
        "lines_without_quantity": len(counted) - len(known) + outside,
    }


def used_only(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Brands in use that no notice of the subject shows being bought: how they were acquired is not known from here."""
    return [
        {name: row[name] for name in ("brand", "brand_id", "roles", "records", "first", "last")}
        for row in rows
        if row["used_without_observed_purchase"]
    ]


def co_procurement(
    lines: Sequence[LineRow], mentions: Sequence[MentionRow], brands: Brands, brand: str | None = None
) -> list[dict[str, Any]]:
    """Brands bought beside each other: in how many lots, awards (lot × winner), processes, documents. With ``brand`` its pairs only.

    Lots, awards and processes count final lines; a document counts where it says of both that they were bought. What a document merely
    names (in scoring criteria, say) is no purchase and counts nowhere.
    """
    places: dict[str, dict[tuple[Any, ...], set[str]]] = {name: defaultdict(set) for name in STRENGTHS}
    for line in lines:
        if line.brand_id is None:
            continue
        places["lot"][line.process_id, line.lot].add(line.brand_id)
        places["award"][line.process_id, line.lot, line.supplier_id].add(line.brand_id)
        places["process"][line.process_id,].add(line.brand_id)
    for mention in mentions:
        if mention.decided and mention.role in PURCHASED:
            places["document"][mention.announcement_id,].add(mention.brand_id)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for strength, found in places.items():
        for together in found.values():
            ordered = sorted(together, key=lambda id_: brands.names.get(id_, id_))
            for index, one in enumerate(ordered):
                for other in ordered[index + 1 :]:
                    if brand is None:
                        counts[one, other][strength] += 1
                    elif brand in {one, other}:
                        counts[brand, other if one == brand else one][strength] += 1
    rows = [
        {
            "brand": brands.names.get(one, one),
            "with": brands.names.get(other, other),
            "with_origin": brands.origins.get(other),
            **{strength: found[strength] for strength in STRENGTHS},
        }
        for (one, other), found in counts.items()
    ]
    return sorted(rows, key=lambda row: (*(-row[s] for s in STRENGTHS), row["brand"], row["with"]))


def by_owner(
    brand: str, mentions: Sequence[MentionRow], notices: Mapping[int, NoticeRow], brands: Brands
) -> list[dict[str, Any]]:
    """Records and purchases under each owner, by the day of each record."""
    days: dict[str, list[dt.date | None]] = defaultdict(list)
    purchases: Counter[str] = Counter()
    done: set[int] = set()
    bought = {m.announcement_id for m in mentions if m.decided and m.role in PURCHASED}
    for mention in mentions:
        notice = notices.get(mention.notice_id)
        if notice is None or mention.announcement_id in done:
            continue
        done.add(mention.announcement_id)
        for owner in brands.owners_at(brand, notice.award_day) or ["(not known)"]:
            days[owner].append(notice.award_day)
            purchases[owner] += mention.announcement_id in bought
    shown = [*dict.fromkeys(owner.owner for owner in brands.owners(brand)), "(not known)"]
    return [
        {"owner": owner, "records": len(days[owner]), "purchase_records": purchases[owner], **span(days[owner])}
        for owner in shown
        if days[owner]
    ]


def chains(
    lines: Iterable[LineRow], notices: Mapping[int, NoticeRow], names: Mapping[int, str], brands: Brands
) -> list[dict[str, Any]]:
    """Brand owner → subsidiary → reseller → bureau for what was bought, one row a way, with the awards that went it."""
    cached: dict[tuple[str, str | None, str | None, dt.date | None], dict[str, Any]] = {}
    awards: dict[tuple[str, ...], set[tuple[int, int | None]]] = defaultdict(set)
    days: dict[tuple[str, ...], list[dt.date | None]] = defaultdict(list)
    shown: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        notice = notices.get(line.notice_id)
        if line.brand_id is None or notice is None:
            continue
        supplier = names.get(line.supplier_id) if line.supplier_id is not None else None
        buyer = names.get(notice.buyer_id) if notice.buyer_id is not None else None
        at = (line.brand_id, supplier, buyer, notice.award_day)
        if at not in cached:
            cached[at] = chain(brands, *at)
        way = cached[at]
        key = (line.brand_id, *way["steps"])
        shown[key] = way
        awards[key].add((line.process_id, line.award_id))
        days[key].append(notice.award_day)
    rows = [
        {**way, "awards": len(awards[key]), **span(days[key])}
        for key, way in shown.items()
        if way["links"] or way["claims"]
    ]
    rows.sort(key=lambda row: (-len(row["links"]), -row["awards"], row["steps"]))
    return rows[:_CHAINS]
