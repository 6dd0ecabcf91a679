# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""Counting set-wise: one statement a ladder, one more for its groups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from importlib import metadata
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import last_tick
from db.filters import DATE_FIELDS, Filters, Resolved, UnknownValue, resolve
from db.match.compare import VERSION as LINK_VERSION
from db.seeds_then import relation
from db.selection import counts, level, of_lines, of_mentions
from db.tombstones import count_standing
from db.world import World, world
from nlp.classify.areas import AREA_NAMES

RUNGS = ("N0", "N1", "N2", "N3", "N4", "N5", "buyers", "suppliers")

_NOTICE_DIMENSIONS = {
    "buyer": "{side}_id::text",
    "type": "type",
    "month": "to_char({date}, 'YYYY-MM')",
    "year": "to_char({date}, 'YYYY')",
    "region": "left({side}_division, 2) || '0000'",
    "division": "{side}_division",
    "tier": "{side}_tier",
    "unit_class": "{side}_class",
    "xpcc": "{side}_xpcc::text",
}
_ITEM_DIMENSIONS = {
    "brand": "brand_id",
    "product_kind": "product_kind",
    "product_class": "product_class",
    "product_line": "product_line",
    "area": "area",
    "supplier": "supplier_id::text",
    "role": "role",
}
DIMENSIONS = (*_NOTICE_DIMENSIONS, *_ITEM_DIMENSIONS, "origin", "portal")


@dataclass(frozen=True, slots=True)
class Bounds:
    """``upper`` null = unknown; all three null = the rung does not exist for the roles asked."""

    lower: int | Decimal | None
    point: int | Decimal | None
    upper: int | Decimal | None

    def as_json(self) -> dict[str, Any]:
        return {"lower": _number(self.lower), "point": _number(self.point), "upper": _number(self.upper)}


@dataclass(slots=True)
class Ladder:
    query: dict[str, Any]
    as_of: dt.datetime | None
    known_at: dt.datetime | None
    ladder: dict[str, Bounds]
    groups: list[dict[str, Any]] = field(default_factory=list)
    coverage: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, Any] = field(default_factory=dict)
    distribution: dict[str, Any] = field(default_factory=dict)
    """Median and largest line, sum of amounts and how many awards state one: one bulk buy shows."""

    def as_json(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "ladder": ladder_json(self.ladder),
            "groups": self.groups,
            "coverage": self.coverage,
            "distribution": self.distribution,
            "versions": self.versions,
        }


def ladder_json(ladder: dict[str, Bounds]) -> dict[str, Any]:
    return {rung: ladder[rung].as_json() for rung in RUNGS}


def count(session: Session, filters: Filters, by: str | None = None) -> Ladder:
    """The ladder of DESIGN section 3; with ``by``, one more for each value of that dimension.

    Raises :class:`db.filters.UnknownValue` for a name the store does not know.
    """
    if by is not None and by not in DIMENSIONS:
        raise UnknownValue("by", by, sorted(DIMENSIONS))
    asked = resolve(session, filters)
    with world(session, filters.moment, asked.brands, asked.regions) as there:
        ladder = Ladder(
            query=filters.as_json() | ({"by": by} if by else {}),
            as_of=filters.as_of or newest_evidence(session),
            known_at=filters.known_at or last_tick(session),
            ladder=_nothing(asked),
        )
        told: dict[str, Any] = {}
        ladder.ladder = _ladders(session, asked, there, None, told).get(None, ladder.ladder)
        if by is not None:
            ladder.groups = _groups(session, asked, there, by)
        ladder.coverage = _coverage(session, asked, there, told)
        ladder.distribution = _distribution(told) if asked.purchased else {}
        ladder.versions = versions(session, filters.known_at)
        if asked.covers_xpcc and filters.xpcc == "include":
            only = replace(asked, filters=replace(filters, xpcc="only"))
            corps = _ladders(session, only, there, None).get(None, _nothing(asked))
            ladder.coverage["xpcc"] = ladder_json(corps)
    return ladder


def newest_evidence(session: Session) -> dt.datetime | None:
    """When the newest capture that was read was made: what "now" means for evidence."""
    moment: dt.datetime | None = session.execute(
        text("""
            SELECT c.captured_at FROM capture c
             WHERE EXISTS (SELECT FROM capture_reading r WHERE r.capture_id = c.id) ORDER BY c.captured_at DESC LIMIT 1
        """)
    ).scalar_one_or_none()
    return moment


def versions(session: Session, known_at: dt.datetime | None = None) -> dict[str, Any]:
    """Code, linking rules, and the newest reader, lexicon and model in use."""
    row = session.execute(
        text("""
            SELECT reader, lexicon, model FROM versions
             WHERE first_used_at <= coalesce(CAST(:known_at AS timestamptz), 'infinity') ORDER BY first_used_at DESC, id DESC LIMIT 1
        """),
        {"known_at": known_at},
    ).one_or_none()
    reader, lexicon, model = row if row is not None else (None, None, None)
    return {
        "code": metadata.version("caigou"),
        "reader": reader,
        "lexicon": lexicon,
        "model": model,
        "link": LINK_VERSION,
    }


def selected_sql(
    asked: Resolved, there: World, dimension: str | None = None, *, whole: bool = True
) -> tuple[str, dict[str, Any]]:
    """``WITH sel, lines``: the mentions chosen and the final lines of their processes, each with level and group.

    ``whole`` false leaves out the columns that only who names the rows asks for: copying them is a tenth of a large count.
    """
    mentions, lines = of_mentions(asked, there), of_lines(asked, there)
    side = asked.filters.party
    date = f"m.{DATE_FIELDS[asked.filters.date_field]}"
    group_m, group_l = "NULL::text", "NULL::text"
    if dimension in _NOTICE_DIMENSIONS:
        group_m = _NOTICE_DIMENSIONS[dimension].format(side=f"m.{side}", date=date)
        group_m = group_m if group_m.startswith(("to_char", "left")) else f"m.{group_m.removeprefix('m.')}"
        group_l = "p.g"
    elif dimension in _ITEM_DIMENSIONS:
        group_m, group_l = f"m.{_ITEM_DIMENSIONS[dimension]}", f"l.{_ITEM_DIMENSIONS[dimension]}"
    elif dimension == "origin":
        group_m, group_l = (f"(SELECT b.origin FROM {there.brands} b WHERE b.id = {a}.brand_id)" for a in ("m", "l"))
    elif dimension == "portal":
        group_m, group_l = "m.portal_id", "p.g"
    by_class = dimension == "product_class"
    by_process = dimension in _NOTICE_DIMENSIONS or dimension == "portal"
    of_items = "m.units, m.is_primary, " if whole or not asked.purchased else ""
    sql = f"""
        WITH sel AS MATERIALIZED (
            SELECT m.announcement_id, m.process_id, m.notice_id, m.{side}_id AS buyer, m.supplier_id, m.item_id, m.portal_id, m.captures,
                   m.published_on, {of_items}{level(asked, "m", by_class=by_class)} AS lvl, {group_m} AS g
              FROM {there.mention} m
             WHERE {counts(asked, "m")} AND {mentions.sql}
             {"ORDER BY m.published_on, m.announcement_id, m.notice_id" if _in_order(asked) else ""}
        ), procs AS MATERIALIZED (
            SELECT process_id, min(lvl) AS lvl, {"min(g)" if by_process else "NULL::text"} AS g FROM sel GROUP BY process_id
        ), lines AS MATERIALIZED (
            SELECT l.award_id, l.item_id, l.units, l.award_cny, {"l.process_id, " if whole else ""}
                   greatest({level(asked, "l", by_class=by_class)}, p.lvl) AS lvl, {group_l} AS g
              FROM {there.line} l JOIN procs p USING (process_id)
             WHERE {counts(asked, "l")} AND {lines.sql}
        )"""
    return sql, {**lines.parameters, **mentions.parameters}


def _in_order(asked: Resolved) -> bool:
    """An announcement has one day: the rows of one brand come from the index notice by notice, and need no table of hashes."""
    return asked.brands is not None and len(asked.brands) == 1


def _ladders(
    session: Session, asked: Resolved, there: World, dimension: str | None, told: dict[str, Any] | None = None
) -> dict[str | None, dict[str, Bounds]]:
    """One ladder for each group; for no dimension, the group null. Into ``told`` goes what coverage and distribution ask for."""
    sql, parameters = selected_sql(asked, there, dimension, whole=False)
    g, null = ("g, ", "g") if dimension is not None else ("", "NULL::text AS g")
    in_order = _in_order(asked)
    day, of = (
        ("published_on, ", "published_on, announcement_id")
        if in_order
        else ("", "min(announcement_id) AS announcement_id")
    )
    # Each grouping stands on the one before it: a notice is in one announcement, and that in one process with one buyer.
    sql += f""", notices AS MATERIALIZED (
            SELECT {null}, {of}, notice_id, min(process_id) AS process_id, min(buyer) AS buyer, min(portal_id) AS portal_id,
                   max(captures) AS captures, min(lvl) AS lvl, count(item_id) > 0 AS with_line
              FROM sel GROUP BY {g}{day}{"announcement_id, " if in_order else ""}notice_id
        ), announcements AS MATERIALIZED (
            SELECT {null}, announcement_id, min(process_id) AS process_id, min(buyer) AS buyer, min(lvl) AS lvl
              FROM notices GROUP BY {g}{day}announcement_id
        )"""
    if told is not None:
        sql += """, by_portal AS MATERIALIZED (
            SELECT portal_id, lvl, sum(captures) AS captures, count(*) AS notices, count(*) FILTER (WHERE with_line) AS with_line
              FROM notices GROUP BY portal_id, lvl
        )"""
    sql += f""", by_buyer AS MATERIALIZED (
            SELECT {null}, buyer, min(lvl) AS lvl, count(*) FILTER (WHERE lvl = 0) AS sure, count(*) FILTER (WHERE lvl = 1) AS likely,
                   count(*) FILTER (WHERE lvl = 2) AS possible
              FROM announcements GROUP BY {g}buyer
        )"""
    parts = []
    if not there.moment.now:
        # On the day asked, with what had been read by then.
        parts.append("""
            SELECT 'N0' AS rung, g, lvl, count(DISTINCT c.id)::numeric AS n, false AS unknown
              FROM notices s
              JOIN capture_reading r ON r.notice_id = s.notice_id
               AND r.recorded_at <= coalesce(CAST(:known_at AS timestamptz), 'infinity')
               AND coalesce(r.superseded_at, 'infinity') > coalesce(CAST(:known_at AS timestamptz), '-infinity')
               AND (CAST(:known_at AS timestamptz) IS NOT NULL OR r.superseded_at IS NULL)
              JOIN capture c ON c.id = r.capture_id AND c.captured_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
             GROUP BY g, lvl""")
        parameters |= {"known_at": there.moment.known_at, "as_of": there.moment.as_of}
    else:
        group, rows = ("NULL::text", "by_portal") if told is not None else ("g", "notices")
        parts.append(
            f"SELECT 'N0' AS rung, {group} AS g, lvl, sum(captures)::numeric AS n, false AS unknown FROM {rows} GROUP BY 2, lvl"
        )
    parts.append("""
        SELECT 'N1', g, v.lvl, v.n, false
          FROM (SELECT g, sum(sure) AS sure, sum(likely) AS likely, sum(possible) AS possible FROM by_buyer GROUP BY g) t
         CROSS JOIN LATERAL (VALUES (0, sure), (1, likely), (2, possible)) AS v (lvl, n)""")
    parts.append("SELECT 'buyers', g, lvl, count(*), false FROM by_buyer WHERE buyer IS NOT NULL GROUP BY g, lvl")
    rungs = [("suppliers", "supplier_id", "sel")]
    if dimension is None:
        parts.append("SELECT 'N2', NULL, lvl, count(*), false FROM procs GROUP BY lvl")
    else:
        rungs.append(("N2", "process_id", "announcements"))
    for rung, what, source in rungs:
        parts.append(f"""
            SELECT '{rung}', g, lvl, count(*), false
              FROM (SELECT {null}, {what}, min(lvl) AS lvl FROM {source} WHERE {what} IS NOT NULL GROUP BY {g}{what}) s GROUP BY g, lvl""")
    if asked.purchased:
        source, item_rows = "lines", "item_id IS NOT NULL"
        sql += f""", awards AS MATERIALIZED (
            SELECT {null}, award_id, min(lvl) AS lvl, max(award_cny) AS cny FROM lines WHERE award_id IS NOT NULL GROUP BY {g}award_id
        )"""
        parts.append("SELECT 'N3', g, lvl, count(*), false FROM awards GROUP BY g, lvl")
        # A purchase told outside any line has a quantity nobody states.
        parts.append("SELECT 'N5', g, lvl, 0, true FROM lines WHERE item_id IS NULL GROUP BY g, lvl")
    else:
        source, item_rows = "sel", "item_id IS NOT NULL AND is_primary"
    sql += f""", items AS MATERIALIZED (
            SELECT {null}, item_id, min(lvl) AS lvl, max(units) AS units FROM {source} WHERE {item_rows} GROUP BY {g}item_id
        )"""
    parts.append(
        """
        SELECT v.rung, g, lvl, v.n, v.unknown FROM (
            SELECT g, lvl, count(*) AS lines, coalesce(sum(units), 0) AS units, bool_or(units IS NULL) AS unknown
              FROM items GROUP BY g, lvl) t
         CROSS JOIN LATERAL (VALUES ('N4', lines::numeric, false), ('N5', units, t.unknown)) AS v (rung, n, unknown)"""
    )
    if told is not None:
        parts.extend(_asides(asked))
    found: dict[str | None, dict[str, list[Any]]] = {}
    for rung, g, lvl, n, unknown in session.execute(text(sql + " UNION ALL ".join(parts)), parameters):
        if rung in _ASIDES:
            assert told is not None
            told.setdefault(rung, {})[g] = n
            continue
        cell = found.setdefault(g, {}).setdefault(rung, [0, 0, 0, False])
        cell[lvl] += n
        cell[3] = cell[3] or unknown
    return {g: {rung: _bounds(rung, cells.get(rung), asked) for rung in RUNGS} for g, cells in found.items()}


def _bounds(rung: str, cell: list[Any] | None, asked: Resolved) -> Bounds:
    if rung == "N3" and not asked.purchased:
        return Bounds(None, None, None)
    at = cell or [0, 0, 0, False]
    lower, point = at[0], at[0] + at[1]
    return Bounds(_plain(lower), _plain(point), None if at[3] else _plain(point + at[2]))


def _nothing(asked: Resolved) -> dict[str, Bounds]:
    return {rung: _bounds(rung, None, asked) for rung in RUNGS}


def _plain(value: Any) -> int | Decimal:
    return int(value) if value == int(value) else Decimal(value)


def _number(value: int | Decimal | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _groups(session: Session, asked: Resolved, there: World, by: str) -> list[dict[str, Any]]:
    ladders = _ladders(session, asked, there, by)
    shown = _labels(session, by, [g for g in ladders if g is not None], there.moment.known_at)
    ranked = sorted(
        ladders.items(),
        key=lambda pair: (-_rank(pair[1]["N1"]), -_rank(pair[1]["N5"]), shown.get(pair[0] or "", pair[0] or "~")),
    )
    if by in {"month", "year"}:
        ranked.sort(key=lambda pair: pair[0] or "~")
    return [{"key": g, "name": shown.get(g, g) if g else None, "ladder": ladder_json(ladder)} for g, ladder in ranked]


def _rank(bounds: Bounds) -> float:
    return float(bounds.point or 0)


def _labels(session: Session, by: str, keys: list[str], known_at: dt.datetime | None) -> dict[str, str]:
    """What to show for the groups' keys."""
    if by in {"buyer", "supplier"}:
        sql = "SELECT id::text, name FROM organisation WHERE id = ANY(CAST(:keys AS bigint[]))"
    elif by == "brand":
        sql = f"SELECT id, name FROM {relation(session, 'brand', known_at)} b WHERE id = ANY(:keys)"
    elif by in {"region", "division"}:
        division = relation(session, "division", known_at)
        sql = f"""SELECT DISTINCT ON (code) code, name FROM {division} d
                   WHERE code = ANY(:keys) ORDER BY code, valid_to DESC NULLS FIRST"""
    elif by == "area":
        return {area.value: name for area, name in AREA_NAMES.items()}
    else:
        return {}
    return {row[0]: row[1] for row in session.execute(text(sql), {"keys": keys})}


_ASIDES = frozenset({"portals", "with_lines", "median", "largest", "total", "without", "cny", "stating", "awards"})


def _asides(asked: Resolved) -> list[str]:
    """Parts of the ladder's statement that tell what it rests on: (name, key, level, number, false)."""
    parts = [
        "SELECT 'portals', portal_id, 0, sum(notices), false FROM by_portal GROUP BY portal_id",
        "SELECT 'with_lines', NULL, 0, coalesce(sum(with_line), 0), false FROM by_portal",
    ]
    if asked.purchased:
        parts.append(
            """
            SELECT v.name, NULL, 0, v.n, false FROM (
                SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY units) AS median, max(units) AS largest, sum(units) AS total,
                       count(*) FILTER (WHERE units IS NULL) AS without
                  FROM items WHERE lvl = 0) d
            CROSS JOIN (SELECT sum(cny) AS cny, count(cny) AS stating, count(*) AS awards FROM awards WHERE lvl = 0) e
            CROSS JOIN LATERAL (VALUES ('median', d.median), ('largest', d.largest), ('total', d.total), ('without', d.without),
                                       ('cny', e.cny), ('stating', e.stating), ('awards', e.awards)) AS v (name, n)"""
        )
    return parts


def _coverage(session: Session, asked: Resolved, there: World, told: dict[str, Any]) -> dict[str, Any]:
    """What the answer rests on: portals, notices without the date asked for, what is still to be read or linked, crawl deficits."""
    filters = asked.filters
    coverage: dict[str, Any] = {"undated": 0}
    if filters.since is not None or filters.until is not None:
        chosen = of_mentions(asked, there, dated=False)
        coverage["undated"] = session.execute(
            text(f"""
                SELECT count(DISTINCT m.announcement_id) FROM {there.mention} m
                 WHERE {counts(asked, "m")} AND m.{DATE_FIELDS[filters.date_field]} IS NULL AND {chosen.sql}
            """),
            chosen.parameters,
        ).scalar_one()
    if filters.area:
        chosen = of_mentions(asked, there, unknown_area=True)
        coverage["area_unknown"] = session.execute(
            text(f"""
                SELECT count(DISTINCT m.announcement_id) FROM {there.mention} m
                 WHERE {counts(asked, "m")} AND {chosen.sql}
            """),
            chosen.parameters,
        ).scalar_one()
    coverage["portals"] = {portal: int(n) for portal, n in sorted(told.get("portals", {}).items())}
    coverage["with_lines"] = int(told.get("with_lines", {}).get(None, 0))
    coverage["unlinked"] = session.execute(text("SELECT count(*) FROM link_queue")).scalar_one()
    coverage["windows"] = _windows(session, filters)
    coverage["purged"] = count_standing(session)
    return coverage


def _windows(session: Session, filters: Filters) -> dict[str, Any]:
    """The newest verdict of each crawl window that touches the days asked, and per portal the days no window covers.

    ``days_without`` counts days of the closed interval asked; null where the question names no first or no last day.
    """
    rows = session.execute(
        text("""
            WITH newest AS (
                SELECT DISTINCT ON (portal_id, channel, since, until) portal_id, since, until,
                       coalesce(state ->> 'verdict', verdict) AS verdict,
                       greatest(listed - captured, 0) AS missing
                  FROM crawl_window
                 WHERE until >= coalesce(CAST(:since AS date), '-infinity') AND since <= coalesce(CAST(:until AS date), 'infinity')
                 ORDER BY portal_id, channel, since, until, id DESC
            ), days AS (
                SELECT portal_id, range_agg(daterange(since, until, '[]')) AS covered FROM newest GROUP BY portal_id
            )
            SELECT n.portal_id, n.verdict, count(*), coalesce(sum(n.missing), 0),
                   (SELECT sum(upper(gap) - lower(gap))
                      FROM unnest(datemultirange(daterange(CAST(:since AS date), CAST(:until AS date), '[]')) - range_agg(d.covered)) gap)
              FROM newest n JOIN days d USING (portal_id)
             GROUP BY n.portal_id, n.verdict ORDER BY n.portal_id, n.verdict
        """),
        {"since": filters.since, "until": filters.until},
    ).all()
    bounded = filters.since is not None and filters.until is not None
    verdicts: dict[str, int] = {}
    portals: dict[str, dict[str, Any]] = {}
    for portal, verdict, windows, missing, without in rows:
        verdicts[verdict] = verdicts.get(verdict, 0) + windows
        told = portals.setdefault(
            portal, {"verdicts": {}, "missing": 0, "days_without": int(without or 0) if bounded else None}
        )
        told["verdicts"][verdict] = windows
        told["missing"] += int(missing)
    return {
        "verdicts": dict(sorted(verdicts.items())),
        "missing": sum(told["missing"] for told in portals.values()),
        "portals": portals,
    }


def _distribution(told: dict[str, Any]) -> dict[str, Any]:
    """Over the lines and awards of the lower bound."""
    value = {name: told.get(name, {}).get(None) for name in _ASIDES}
    median, largest, total = value["median"], value["largest"], value["total"]
    return {
        "median_line": _number(_plain(median)) if median is not None else None,
        "largest_line": _number(_plain(largest)) if largest is not None else None,
        "largest_share": round(float(largest / total), 4) if total else None,
        "lines_without_quantity": int(value["without"] or 0),
        "awards_cny": str(value["cny"]) if value["cny"] is not None else None,
        "awards_stating_amount": int(value["stating"] or 0),
        "awards": int(value["awards"] or 0),
    }
