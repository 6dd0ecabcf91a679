"""Records of a dossier: one an announcement, each with every role it shows, its client and the lists of its day. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db.dossier.gather import AwardRow, LineRow, NoticeRow, PartyRow, iso, plain, span
from db.listings import Found
from nlp.types import PUBLIC_SECURITY_TIERS

PARTY_ROLES = (
    "winner",
    "sub_supplier",
    "candidate",
    "proposed_supplier",
    "buyer",
    "end_user",
    "agency",
    "mentioned",
)
"""Strongest first."""
MENTION_ROLES = (
    "contracted", "awarded", "candidate", "required", "reference", "alternative", "installed", "maintained", "authorised", "supplier_is_brand",
    "consumable_for", "compared", "compatible_with", "excluded", "target", "environment", "negated", "unresolved",
)  # fmt: skip
_BEFORE_AWARD = frozenset({"intention", "prequalification", "tender", "import_review", "complaint", "failed"})
_STATUS_ORDER = ("listed", "unknown", "removed", "not_yet")
_TIERS = frozenset(tier.value for tier in PUBLIC_SECURITY_TIERS)


@dataclass(slots=True)
class Record:
    """One announcement. ``notice`` is the copy that speaks for it, where the subject stands in that copy."""

    notice: NoticeRow
    order: Sequence[str]
    roles: set[str] = field(default_factory=set)

    @property
    def role(self) -> str:
        """The strongest of its roles."""
        return min(self.roles, key=self.order.index)


def role_of(party: PartyRow, notice: NoticeRow) -> str:
    """The role a party has in a notice of that type: a supplier named before the award has not won."""
    if party.role != "supplier":
        return party.role
    if notice.type == "candidate":
        return "candidate"
    if notice.type == "single_source":
        return "proposed_supplier"
    return "mentioned" if notice.type in _BEFORE_AWARD else "winner"


def records_of(
    stated: Iterable[tuple[int, str]], notices: Mapping[int, NoticeRow], order: Sequence[str]
) -> list[Record]:
    """Records from (notice, role), newest first; undated ones last."""
    made: dict[int, Record] = {}
    for notice_id, role in stated:
        notice = notices.get(notice_id)
        if notice is None:
            continue
        record = made.get(notice.announcement_id)
        if record is None:
            record = made[notice.announcement_id] = Record(notice, order)
        elif (notice.is_primary, record.notice.notice) > (record.notice.is_primary, notice.notice):
            record.notice = notice
        record.roles.add(role)
    return sorted(
        made.values(),
        key=lambda r: (r.notice.day or dt.date.min, r.notice.notice, r.notice.announcement_id),
        reverse=True,
    )


def tallied(counts: Mapping[str, int], order: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in order if counts.get(name)}


def summary(records: Sequence[Record], order: Sequence[str]) -> dict[str, Any]:
    """How many, by role, type and year. A record counts once, under its strongest role; ``in_role`` counts it under each."""
    years: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        if record.notice.day is not None:
            years[str(record.notice.day.year)][record.role] += 1
    return {
        "total": len(records),
        "by_role": tallied(Counter(r.role for r in records), order),
        "in_role": tallied(Counter(role for r in records for role in r.roles), order),
        "by_type": dict(sorted(Counter(r.notice.type or "unknown" for r in records).items())),
        "by_year": [
            {"year": year, "records": sum(found.values()), "by_role": tallied(found, order)}
            for year, found in sorted(years.items())
        ],
        "undated": sum(r.notice.day is None for r in records),
    }


def seen(records: Sequence[Record], order: Sequence[str]) -> dict[str, Any]:
    """First and last day of a record, overall and by role, and when the first capture of any was made."""
    captured = [r.notice.first_captured_at for r in records]
    return {
        **span(r.notice.day for r in records),
        "first_captured_at": min(captured).isoformat() if captured else None,
        "by_role": {
            role: span(r.notice.day for r in records if role in r.roles)
            for role in order
            if any(role in r.roles for r in records)
        },
    }


def client_classes(records: Sequence[Record], awards: Sequence[AwardRow], notices: Mapping[int, NoticeRow]) -> Any:
    """Records and wins by the buyer's tier and kind of organ on the day of each."""
    counted: Counter[tuple[str, str]] = Counter()
    wins: Counter[tuple[str, str]] = Counter()
    for record in records:
        counted[record.notice.buyer_tier or "unknown", record.notice.buyer_class or "unknown"] += 1
    for award in awards:
        notice = notices.get(award.notice_id)
        if notice is not None:
            wins[notice.buyer_tier or "unknown", notice.buyer_class or "unknown"] += 1
    rows = [
        {
            "tier": tier,
            "unit_class": class_,
            "public_security": tier in _TIERS,
            "records": number,
            "wins": wins[tier, class_],
        }
        for (tier, class_), number in counted.items()
    ]
    rows.sort(
        key=lambda row: (
            not row["public_security"],
            -int(str(row["records"])),
            str(row["tier"]),
            str(row["unit_class"]),
        )
    )
    return {
        "public_security": sum(n for (tier, _), n in counted.items() if tier in _TIERS),
        "end_user_only": sum(r.notice.end_user_tier in _TIERS and r.notice.buyer_tier not in _TIERS for r in records),
        "classes": rows,
    }


def wins(awards: Sequence[AwardRow], notices: Mapping[int, NoticeRow]) -> dict[str, Any]:
    """Awards in the final state of their processes (N3): a project seen at three stages is one."""
    stating = [award.amount for award in awards if award.amount is not None]
    years = Counter(
        str(day.year)
        for a in awards
        if (n := notices.get(a.notice_id)) is not None and (day := n.award_day) is not None
    )
    return {
        "awards": len(awards),
        "processes": len({award.process_id for award in awards}),
        "in_consortium": sum(len(award.members) > 1 for award in awards),
        "amount_cny": plain(sum(stating, Decimal(0))) if stating else None,
        "stating_amount": len(stating),
        "by_year": [{"year": year, "awards": number} for year, number in sorted(years.items())],
    }


# ── lists on the day ─────────────────────────────────────────────────────────────────────────────────────────────────


def status_on(found: Sequence[Found], day: dt.date | None) -> dict[str, str]:
    """Status of each list on a day; ``undated`` where there is none. Lists with no entry are not named."""
    statuses: dict[str, str] = {}
    for one in found:
        name = one.listing.list.value
        status = one.status(day) if day is not None else "undated"
        known = statuses.get(name)
        if known is None or (status in _STATUS_ORDER and _STATUS_ORDER.index(status) < _STATUS_ORDER.index(known)):
            statuses[name] = status
    return dict(sorted(statuses.items()))


def by_status(records: Iterable[tuple[Sequence[Found], dt.date | None]]) -> dict[str, dict[str, int]]:
    """Records by list and status on their day. Computed here and now: no verdict is kept."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for found, day in records:
        for name, status in status_on(found, day).items():
            counts[name][status] += 1
    order = (*_STATUS_ORDER, "undated")
    return {name: tallied(counts[name], order) for name in sorted(counts)}


# ── whom with ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Partner:
    """The other side of records: a client, a supplier."""

    id: int
    name: str
    tier: str | None
    records: int = 0
    wins: int = 0
    amount: Decimal | None = None
    days: list[dt.date | None] = field(default_factory=list)
    roles: Counter[str] = field(default_factory=Counter)

    def as_json(self, found: Sequence[Found]) -> dict[str, Any]:
        return {
            "name": self.name,
            "tier": self.tier,
            "records": self.records,
            "wins": self.wins,
            "amount_cny": plain(self.amount),
            **span(self.days),
            "lists": by_status((found, day) for day in self.days),
        }


def clients(
    records: Sequence[Record], awards: Sequence[AwardRow], notices: Mapping[int, NoticeRow], names: Mapping[int, str]
) -> list[Partner]:
    """Buyers of the records, most records first."""
    made: dict[int, Partner] = {}
    for record in records:
        notice = record.notice
        if notice.buyer_id is None:
            continue
        partner = made.setdefault(
            notice.buyer_id, Partner(notice.buyer_id, names.get(notice.buyer_id, ""), notice.buyer_tier)
        )
        partner.records += 1
        partner.days.append(notice.award_day)
        partner.roles.update(record.roles)
    for award in awards:
        found = notices.get(award.notice_id)
        if found is not None and found.buyer_id in made:
            partner = made[found.buyer_id]
            partner.wins += 1
            if award.amount is not None:
                partner.amount = (partner.amount or Decimal(0)) + award.amount
    return sorted(made.values(), key=lambda p: (-p.records, -p.wins, p.name))


def suppliers(awards: Sequence[AwardRow], notices: Mapping[int, NoticeRow], names: Mapping[int, str]) -> list[Partner]:
    """Winners of the awards, most awards first. The amount of a consortium's award stands with its lead."""
    made: dict[int, Partner] = {}
    for award in awards:
        notice = notices.get(award.notice_id)
        for member in dict.fromkeys((*award.members, *((award.supplier_id,) if award.supplier_id else ()))):
            partner = made.setdefault(member, Partner(member, names.get(member, ""), None))
            partner.records += 1
            partner.wins += 1
            partner.days.append(notice.award_day if notice is not None else None)
            if award.amount is not None and member == award.supplier_id:
                partner.amount = (partner.amount or Decimal(0)) + award.amount
    return sorted(made.values(), key=lambda p: (-p.wins, p.name))


def rows_json(
    records: Sequence[Record],
    limit: int,
    names: Mapping[int, str],
    listed: Callable[[int | None], Sequence[Found]],
    own: Sequence[Found],
    brands: Callable[[Record], list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """The newest ``limit`` records."""
    return [
        {
            "date": iso(record.notice.day),
            "award_on": iso(record.notice.award_on),
            "notice": record.notice.notice,
            "url": record.notice.url,
            "type": record.notice.type,
            "title": record.notice.title,
            "role": record.role,
            "roles": [role for role in record.order if role in record.roles],
            "buyer": names.get(record.notice.buyer_id) if record.notice.buyer_id is not None else None,
            "buyer_tier": record.notice.buyer_tier,
            "buyer_lists": status_on(listed(record.notice.buyer_id), record.notice.award_day),
            "own_lists": status_on(own, record.notice.award_day),
            "brands": brands(record),
        }
        for record in records[:limit]
    ]


def bought_lines(lines: Iterable[LineRow]) -> list[LineRow]:
    """Lines certainly bought; guesses and alternatives left to the ladder's upper bound."""
    return [line for line in lines if line.bought and line.brand_id is not None]
