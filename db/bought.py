# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""Which unit bought which brand: one row a line, each with the words that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.count.ladder import count
from db.expected import expected_rows
from db.filters import DATE_FIELDS, Filters, Resolved, resolve
from db.selection import level, of_lines, of_mentions
from db.world import World, world

_QUOTE = 60
"""Characters shown on each side of a mention."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``start`` and ``end`` are code points of the notice's text; ``quote`` is the words there with what stands around them."""

    url: str | None
    start: int | None
    end: int | None
    quote: str | None

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "start": self.start, "end": self.end, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Row:
    """``quantity`` is what the line states (after corrections), ``units`` the pieces that makes: null for 1批. ``certain`` is false where the role is only the best guess and a person should look. ``cursor`` continues after this row."""

    notice: str
    buyer: str | None
    brand: str | None
    brand_raw: str | None
    item: str | None
    quantity: Decimal | None
    units: Decimal | None
    unit: str | None
    role: str
    supplier: str | None
    amount_cny: Decimal | None
    date: dt.date | None
    region: str | None
    evidence: Evidence
    reviewed: bool
    certain: bool
    model: str | None
    product_class: str | None
    product_class_from: str | None
    """The notice whose word the class is, where the one of the row leaves it out."""
    product_line: str | None
    area: str | None
    lot: str | None
    ocid: str
    type: str | None
    buyer_tier: str | None
    cursor: tuple[str, int, int]

    def as_json(self) -> dict[str, Any]:
        """The keys of DESIGN section 6 first, in their order."""
        return {
            "notice": self.notice,
            "buyer": self.buyer,
            "brand": self.brand,
            "item": self.item,
            "quantity": _plain(self.quantity),
            "unit": self.unit,
            "role": self.role,
            "supplier": self.supplier,
            "amount_cny": _plain(self.amount_cny),
            "date": self.date.isoformat() if self.date else None,
            "region": self.region,
            "evidence": self.evidence.as_json(),
            "reviewed": self.reviewed,
            "certain": self.certain,
            "units": _plain(self.units),
            "brand_raw": self.brand_raw,
            "model": self.model,
            "product_class": self.product_class,
            "product_class_from": self.product_class_from,
            "product_line": self.product_line,
            "area": self.area,
            "lot": self.lot,
            "ocid": self.ocid,
            "type": self.type,
            "buyer_tier": self.buyer_tier,
        }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


_COLUMNS = """
    n.portal_id || '/' || coalesce(n.source_id, n.identity), org.name, br.name, i.name, {units}, i.quantity, i.unit, {x}.role,
    {x}.best_role, sup.name, {amount}, f.{date}, f.{side}_division, n.url, m.start, m."end",
    substring(b.text FROM greatest(m.start - :around, 0) + 1 FOR (m."end" - m.start) + least(m.start, :around) + :around),
    {x}.reviewed, {x}.lvl, i.brand_raw, i.units, i.model_raw, {x}.product_class,
    (SELECT c.portal_id || '/' || coalesce(c.source_id, c.identity) FROM notice c WHERE c.id = {x}.class_from), {x}.product_line, {x}.area, {x}.lot, p.ocid, f.type, f.{side}_tier,
    coalesce({x}.mention_id, 0), coalesce({x}.item_id, 0), i.start, i."end",
    CASE WHEN m.id IS NULL THEN substring(b.text FROM i.start + 1 FOR i."end" - i.start) END
"""
_JOINS = """
    JOIN {notice} f ON f.notice_id = {x}.notice_id
    JOIN notice n ON n.id = {x}.notice_id
    JOIN {process} p ON p.id = {x}.process_id
    LEFT JOIN body b ON b.id = f.body_id
    LEFT JOIN item i ON i.id = {x}.item_id
    LEFT JOIN mention m ON m.id = {x}.mention_id
    LEFT JOIN brand br ON br.id = {x}.brand_id
    LEFT JOIN organisation org ON org.id = f.{side}_id
    LEFT JOIN organisation sup ON sup.id = {x}.supplier_id
"""


@dataclass(frozen=True, slots=True)
class Bought:
    """``groups`` is null without ``by``. ``next`` continues behind the last row; null when there may be no more."""

    rows: tuple[Row, ...]
    groups: list[dict[str, Any]] | None = None
    next: tuple[str, int, int] | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def bought(
    session: Session,
    filters: Filters,
    by: str | None = None,
    limit: int | None = None,
    after: tuple[str, int, int] | None = None,
) -> Bought:
    """Rows behind the ladder, newest first; with ``by``, groups of them in place of rows.

    For purchased roles: the final lines of the processes selected (award and contract of one purchase are one row); for other roles:
    the mentions themselves, of one copy of each announcement. Rows whose role is only guessed carry ``certain`` false; alternatives and
    guesses that point elsewhere are left to ``count``'s upper bound. Raises :class:`db.filters.UnknownValue`.
    """
    if by is not None:
        return Bought((), _by(session, filters, by))
    asked = resolve(session, filters)
    with world(session, filters.moment, asked.brands, asked.regions) as there:
        newest_first = limit is not None and _many(session, asked, there)
        sql, parameters = _sql(asked, there, limit, after, newest_first=newest_first)
        rows = tuple(_row(row) for row in session.execute(text(sql), parameters))
    return Bought(rows, None, rows[-1].cursor if limit is not None and len(rows) == limit else None)


def _by(session: Session, filters: Filters, by: str) -> list[dict[str, Any]]:
    """One row for each value of ``by``: announcements, lines and pieces, lower bound and point."""
    return [
        {
            "key": group["key"],
            by: group["name"],
            **{rung: group["ladder"][rung] for rung in ("N1", "N3", "N4", "N5", "buyers")},
        }
        for group in count(session, filters, by).groups
    ]


def _sql(
    asked: Resolved, there: World, limit: int | None, after: tuple[str, int, int] | None, *, newest_first: bool
) -> tuple[str, dict[str, Any]]:
    mentions, lines = of_mentions(asked, there), of_lines(asked, there)
    filters = asked.filters
    parameters: dict[str, Any] = {**lines.parameters, **mentions.parameters, "around": _QUOTE}
    date = DATE_FIELDS[filters.date_field]
    if asked.purchased:
        lowest = f"min({level(asked, 'm')}) AS lvl"
        selected = f"FROM {there.mention} m WHERE {level(asked, 'm')} <= 1 AND {mentions.sql}"
        if newest_first:
            # Many match: the newest lines are looked at one by one until the page is full.
            procs = ""
            joined = f"CROSS JOIN LATERAL (SELECT {lowest} {selected} AND m.process_id = l.process_id HAVING count(*) > 0) procs"
        else:
            procs = f"procs AS MATERIALIZED (SELECT m.process_id, {lowest} {selected} GROUP BY m.process_id),"
            joined = "JOIN procs USING (process_id)"
        chosen = f"""
            {procs} x AS (
                SELECT l.notice_id, l.process_id, l.item_id, l.mention_id, l.brand_id, l.role, l.best_role, l.reviewed, l.units,
                       l.amount_cny, l.supplier_id, l.product_class, l.class_from, l.product_line, l.area, l.lot, l.{date},
                       greatest({level(asked, "l")}, procs.lvl) AS lvl
                  FROM {there.line} l {joined}
                 WHERE {level(asked, "l")} <= 1 AND {lines.sql}
            )"""
        amount = "x.amount_cny"
    else:
        chosen = f"""
            x AS (
                SELECT m.notice_id, m.process_id, m.item_id, m.mention_id, m.brand_id, m.role, m.best_role, m.reviewed, m.units,
                       m.supplier_id, m.product_class, m.class_from, m.product_line, m.area, m.lot, m.{date},
                       {level(asked, "m")} AS lvl
                  FROM {there.mention} m
                 WHERE {level(asked, "m")} <= 1 AND m.is_primary AND {mentions.sql}
            )"""
        amount = "i.total_cny"
    order = f"coalesce(x.{date}, '0001-01-01'::date)"
    paging = ""
    if after is not None:
        paging = f"WHERE ({order}, coalesce(x.mention_id, 0), coalesce(x.item_id, 0)) < (CAST(:a0 AS date), :a1, :a2)"
        parameters |= {"a0": after[0], "a1": after[1], "a2": after[2]}
    columns = _COLUMNS.format(x="x", units="x.units", amount=amount, date=date, side=filters.party)
    joins = _JOINS.format(notice=there.notice, process=there.process, x="x", side=filters.party)
    ordering = f"{order} DESC, coalesce(x.mention_id, 0) DESC, coalesce(x.item_id, 0) DESC"
    most = ""
    if limit is not None:
        most = "LIMIT :limit"
        parameters["limit"] = limit
    # The page is cut before names and words are fetched for it.
    sql = f"""
        WITH {chosen}, page AS MATERIALIZED (
            SELECT x.* FROM x {paging} ORDER BY {ordering} {most}
        )
        SELECT {columns} FROM page x {joins} ORDER BY {ordering}"""
    return sql, parameters


_MANY = 5_000
"""Mentions expected, from which on a page is filled from the newest line backwards."""


def _many(session: Session, asked: Resolved, there: World) -> bool:
    """Whether so many mentions are expected that a page of the newest lines is soon full: no scan is made."""
    filters = asked.filters
    narrow = filters.until is not None or filters.date_field != "published" or not there.moment.now
    if narrow or not asked.purchased or asked.brands is None or len(asked.brands) != 1:
        return False
    mentions = of_mentions(asked, there)
    asking = f"SELECT FROM {there.mention} m WHERE {mentions.sql}"
    return expected_rows(session, asking, mentions.parameters) >= _MANY


def _row(row: Any) -> Row:
    (
        notice, buyer, brand, item, units, quantity, unit, role, best, supplier, amount, date, region, url, start, end, quote, reviewed,
        lvl, brand_raw, stated, model, class_, class_from, line, area, lot, ocid, type_, tier, mention_id, item_id, item_start, item_end, item_quote,
    ) = row  # fmt: skip
    if start is None:
        start, end, quote = item_start, item_end, item_quote
    elif quote is not None:
        quote = _one_line(quote, min(start, _QUOTE), end - start)
    return Row(
        notice=notice,
        buyer=buyer,
        brand=brand,
        brand_raw=brand_raw,
        item=item,
        quantity=quantity if units == stated else units,
        units=units,
        unit=unit,
        role=role if role != "unresolved" else best,
        supplier=supplier,
        amount_cny=amount,
        date=date,
        region=region,
        evidence=Evidence(url, start, end, quote),
        reviewed=reviewed,
        certain=lvl == 0,
        model=model,
        product_class=class_,
        product_class_from=class_from,
        product_line=line,
        area=area,
        lot=lot,
        ocid=ocid,
        type=type_,
        buyer_tier=tier,
        cursor=((date or dt.date.min).isoformat(), mention_id, item_id),
    )


def _one_line(around: str, at: int, length: int) -> str:
    """The line a mention stands in, as far as it was fetched."""
    first = around.rfind("\n", 0, at) + 1
    last = around.find("\n", at + length)
    return around[first : last if last >= 0 else len(around)].strip()
