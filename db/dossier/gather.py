# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""The rows a dossier is made of, fetched set-wise: one statement a kind of row, whatever the number of records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.filters import PURCHASED
from db.keys import organisation_key
from db.merges import Effective
from db.tokens import query
from db.world import World

MENTIONED_AT_MOST = 2_000
"""Notices looked at for names that stand in the text only."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it stood at the moment asked about, with its buyer."""

    notice_id: int
    reading_id: int
    announcement_id: int
    process_id: int
    is_primary: bool
    notice: str
    url: str | None
    type: str | None
    title: str | None
    published_on: dt.date | None
    award_on: dt.date | None
    signed_on: dt.date | None
    first_captured_at: dt.datetime
    buyer_id: int | None
    buyer_tier: str | None
    buyer_class: str | None
    end_user_id: int | None
    end_user_tier: str | None

    @property
    def day(self) -> dt.date | None:
        """The day a record is filed under: publication, else award, else signature."""
        return self.published_on or self.award_on or self.signed_on

    @property
    def award_day(self) -> dt.date | None:
        """The day that matters for lists and owners: the award's, else the publication's."""
        return self.award_on or self.signed_on or self.published_on


@dataclass(frozen=True, slots=True)
class PartyRow:
    notice_id: int
    role: str
    name: str
    tier: str | None
    unit_class: str | None
    level: str | None
    division_code: str | None


@dataclass(frozen=True, slots=True)
class MentionRow:
    notice_id: int
    announcement_id: int
    process_id: int
    brand_id: str
    role: str
    best_role: str
    decided: bool
    reviewed: bool
    product_class: str | None
    product_line: str | None
    supplier_id: int | None
    lot: str | None

    @property
    def shown_role(self) -> str:
        return self.role if self.decided else "unresolved"


@dataclass(frozen=True, slots=True)
class LineRow:
    """One brand in one final line of a process; ``brand_id`` null = the line names none."""

    process_id: int
    notice_id: int
    item_id: int | None
    brand_id: str | None
    role: str
    decided: bool
    lot: str | None
    units: Decimal | None
    amount: Decimal | None
    supplier_id: int | None
    award_id: int | None
    product_class: str | None

    @property
    def bought(self) -> bool:
        return self.decided and self.role in PURCHASED


@dataclass(frozen=True, slots=True)
class AwardRow:
    id: int
    process_id: int
    notice_id: int
    lot: str | None
    supplier_id: int | None
    members: Sequence[int]
    amount: Decimal | None


_NOTICE = """
    f.notice_id, f.reading_id, f.announcement_id, f.process_id, f.is_primary, n.portal_id || '/' || coalesce(n.source_id, n.identity),
    n.url, f.type, f.title, f.published_on, f.award_on, f.signed_on, f.first_captured_at, f.buyer_id, f.buyer_tier, f.buyer_class,
    f.end_user_id, f.end_user_tier
"""


def notices(session: Session, there: World, ids: Iterable[int]) -> dict[int, NoticeRow]:
    rows = session.execute(
        text(
            f"SELECT {_NOTICE} FROM {there.notice} f JOIN notice n ON n.id = f.notice_id WHERE f.notice_id = ANY(:ids)"
        ),
        {"ids": list(ids)},
    )
    return {row[0]: NoticeRow(*row) for row in rows}


def parties(session: Session, there: World, organisation: int, counted: Effective) -> list[PartyRow]:
    """Every role the organisation has in a notice, under any name that counts as it."""
    apart = [key for key, id_ in counted.of_name.items() if id_ == organisation]
    filed = set(counted.filed_as([organisation]))
    if apart:
        filed |= set(
            session.execute(
                text("SELECT organisation_id FROM organisation_name WHERE key = ANY(:apart) AND superseded_at IS NULL"),
                {"apart": apart},
            ).scalars()
        )
    rows = session.execute(
        text(f"""
            SELECT f.notice_id, p.role, p.name, p.tier, p.unit_class, p.level, p.division_code, p.organisation_id
              FROM party p JOIN {there.notice} f ON f.reading_id = p.reading_id WHERE p.organisation_id = ANY(:ids)
        """),
        {"ids": sorted(filed)},
    )
    if not counted:
        return [PartyRow(*row[:7]) for row in rows]
    return [PartyRow(*row[:7]) for row in rows if counted.of(row[7], organisation_key(row[2])) == organisation]


def named_in_text(session: Session, there: World, names: Sequence[str]) -> tuple[set[int], bool]:
    """Notices whose text holds one of the names, and whether there were more than are looked at."""
    found: set[int] = set()
    more = False
    for name in names:
        wanted = query(f'"{name}"')
        if wanted.tsquery is None or len(name) < 4:
            continue
        rows = (
            session.execute(
                text(f"""
                    SELECT f.notice_id FROM body b JOIN {there.notice} f ON f.body_id = b.id
                     WHERE b.tokens @@ CAST(:q AS tsquery) LIMIT :most
                """),
                {"q": wanted.tsquery, "most": MENTIONED_AT_MOST + 1},
            )
            .scalars()
            .all()
        )
        more = more or len(rows) > MENTIONED_AT_MOST
        found.update(rows[:MENTIONED_AT_MOST])
    return found, more


_MENTION = """
    m.notice_id, m.announcement_id, m.process_id, m.brand_id, m.role, m.best_role, m.decided, m.reviewed, m.product_class, m.product_line,
    m.supplier_id, m.lot
"""


def mentions_in(session: Session, there: World, ids: Iterable[int]) -> list[MentionRow]:
    """Brand mentions of the notices given, what is not the brand at all left out."""
    rows = session.execute(
        text(f"""
            SELECT {_MENTION} FROM {there.mention} m
             WHERE m.notice_id = ANY(:ids) AND m.brand_id IS NOT NULL AND NOT (m.decided AND m.role = 'incidental')
        """),
        {"ids": list(ids)},
    )
    return [MentionRow(*row) for row in rows]


def mentions_of(session: Session, there: World, brand: str) -> list[MentionRow]:
    rows = session.execute(
        text(f"""
            SELECT {_MENTION} FROM {there.mention} m WHERE m.brand_id = :brand AND NOT (m.decided AND m.role = 'incidental')
        """),
        {"brand": brand},
    )
    return [MentionRow(*row) for row in rows]


def lines_of(session: Session, there: World, processes: Iterable[int]) -> list[LineRow]:
    """Final lines of the processes that are, or may be, purchases of a known brand."""
    rows = session.execute(
        text(f"""
            SELECT l.process_id, l.notice_id, l.item_id, l.brand_id, l.role, l.decided, l.lot, l.units, l.amount_cny, l.supplier_id,
                   l.award_id, l.product_class
              FROM {there.line} l WHERE l.process_id = ANY(:ids) AND l.brand_id IS NOT NULL
        """),
        {"ids": list(processes)},
    )
    return [LineRow(*row) for row in rows]


def awards_won(session: Session, there: World, organisation: int, processes: Iterable[int]) -> list[AwardRow]:
    """Awards whose lead the organisation is, and those of ``processes`` (where it is a party) in whose consortium it is."""
    rows = session.execute(
        text(f"""
            SELECT a.id, a.process_id, a.notice_id, a.lot, a.supplier_id, a.member_ids, a.amount_cny FROM {there.award} a
             WHERE a.supplier_id = :id
            UNION
            SELECT a.id, a.process_id, a.notice_id, a.lot, a.supplier_id, a.member_ids, a.amount_cny FROM {there.award} a
             WHERE a.process_id = ANY(:processes) AND a.member_ids @> ARRAY[CAST(:id AS bigint)]
             ORDER BY 1
        """),
        {"id": organisation, "processes": sorted(set(processes))},
    )
    return [AwardRow(*row) for row in rows]


def awards_in(session: Session, there: World, processes: Iterable[int]) -> list[AwardRow]:
    rows = session.execute(
        text(f"""
            SELECT a.id, a.process_id, a.notice_id, a.lot, a.supplier_id, a.member_ids, a.amount_cny FROM {there.award} a
             WHERE a.process_id = ANY(:ids)
        """),
        {"ids": list(processes)},
    )
    return [AwardRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Organisation:
    id: int
    key: str
    name: str
    name_en: str | None
    division_code: str | None
    is_xpcc: bool
    chain: Sequence[str]


def organisations(session: Session, ids: Iterable[int | None]) -> dict[int, Organisation]:
    rows = session.execute(
        text(
            "SELECT id, key, name, name_en, division_code, is_xpcc, coalesce(chain, '{}') FROM organisation WHERE id = ANY(:ids)"
        ),
        {"ids": sorted({id_ for id_ in ids if id_ is not None})},
    )
    return {row[0]: Organisation(*row) for row in rows}


def above(session: Session, chain: Sequence[str]) -> list[dict[str, str]]:
    """The organs above, nearest first, by the names the store has for them; else the place and the organ's words."""
    known = organisations_by_key(session, chain)
    places = place_names(session, [key.partition(":")[0] for key in chain])
    shown = []
    for key in chain:
        where, _, words = key.partition(":")
        shown.append({"key": key, "name": known.get(key) or f"{places.get(where, '')}{words}"})
    return shown


def organisations_by_key(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Names shown, by key."""
    rows = session.execute(text("SELECT key, name FROM organisation WHERE key = ANY(:keys)"), {"keys": list(keys)})
    return {row[0]: row[1] for row in rows}


def below(session: Session, keys: Sequence[str]) -> list[str]:
    """Names of the organisations whose chain holds one of the keys."""
    return list(
        session.execute(
            text("SELECT name FROM organisation WHERE chain && CAST(:keys AS text[]) ORDER BY name"),
            {"keys": list(keys)},
        ).scalars()
    )


def place_names(session: Session, codes: Iterable[str | None]) -> Mapping[str, str]:
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (code) code, name FROM division WHERE code = ANY(:codes) ORDER BY code, valid_to DESC NULLS FIRST"
        ),
        {"codes": sorted({code for code in codes if code})},
    )
    return {row[0]: row[1] for row in rows}


def plain(value: Decimal | None) -> str | None:
    """Money and quantities as strings, without an exponent."""
    return None if value is None else f"{value:f}"


def iso(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def span(days: Iterable[dt.date | None]) -> dict[str, Any]:
    known = [day for day in days if day is not None]
    return {"first": iso(min(known, default=None)), "last": iso(max(known, default=None))}
