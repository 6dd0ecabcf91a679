"""One notice with everything the store knows about it: what it says, where that stands, where the bytes are, what it belongs to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.desk.sheet import NOW, Moment, states
from db.filters import UnknownValue
from db.keys import storable, url_key
from db.reviewed import Spot, decisions
from db.tombstones import PurgedError, find_tombstone

_FIELDS = (
    "title", "type", "type_raw", "stage", "published_on", "published_at", "published_raw", "opening_on", "award_on", "signed_on",
    "first_notice_on", "project_no", "project_no_raw", "project_name", "contract_no", "method", "method_raw", "region_code", "region_raw",
    "category_raw", "budget_cny", "budget_raw", "ceiling_cny", "ceiling_raw", "award_total_cny", "award_total_raw",
)  # fmt: skip


def find_notice(session: Session, given: str) -> int:
    """The notice behind an id of ours (digits after #), ``portal/source_id``, a source id, or an address.

    Raises :class:`db.filters.UnknownValue`, with the candidates where several portals use one id; and
    :class:`db.tombstones.PurgedError`.
    """
    value = storable(given).strip()
    if value.startswith("#") and value[1:].isdigit():
        found = session.execute(text("SELECT id FROM notice WHERE id = :id"), {"id": int(value[1:])}).scalars().all()
    elif "://" in value:
        found = (
            session.execute(
                text("""
                    SELECT id FROM notice WHERE identity = :identity OR url = :url
                    UNION SELECT r.notice_id FROM capture c JOIN capture_reading r ON r.capture_id = c.id
                     WHERE c.url_key = :key AND r.notice_id IS NOT NULL AND r.superseded_at IS NULL
                """),
                {"identity": f"url:{url_key(value)}", "url": value, "key": url_key(value)},
            )
            .scalars()
            .all()
        )
    else:
        portal, _, rest = value.partition("/")
        found = (
            session.execute(
                text("""
                    SELECT id FROM notice WHERE source_id = :value
                       OR (portal_id = :portal AND (source_id = :rest OR identity = :rest
                           OR (:begins <> '' AND starts_with(identity, :begins)))) ORDER BY id
                """),
                {"value": value, "portal": portal, "rest": rest, "begins": _shortened(rest)},
            )
            .scalars()
            .all()
        )
    if len(found) == 1:
        return int(found[0])
    if not found and (tombstone := find_tombstone(session, given)) is not None:
        raise PurgedError(tombstone)
    names = session.execute(
        text(
            "SELECT portal_id || '/' || coalesce(source_id, identity) FROM notice WHERE id = ANY(:ids) ORDER BY 1 LIMIT 5"
        ),
        {"ids": list(found)},
    ).scalars()
    raise UnknownValue("notice", given, list(names))


def _shortened(identity: str) -> str:
    """The beginning of a digest identity as tables print it (``sha256:9cb321e28d4c``); empty for anything else."""
    return identity if re.fullmatch(r"sha256:[0-9a-f]{8,63}", identity) else ""


def show(session: Session, given: str, moment: Moment = NOW) -> dict[str, Any]:
    """The notice as JSON-ready values: money and quantities as strings, times in ISO form. Raises :class:`db.filters.UnknownValue`."""
    notice_id = find_notice(session, given)
    state = states(session, [notice_id], moment).get(notice_id)
    row = session.execute(
        text("SELECT id, portal_id, source_id, identity, url, provisional FROM notice WHERE id = :id"),
        {"id": notice_id},
    ).one()
    shown: dict[str, Any] = {
        "notice": f"{row[1]}/{row[2] or row[3]}",
        "id": f"#{row[0]}",
        "portal": row[1],
        "source_id": row[2],
        "url": row[4],
        "provisional": row[5],
        "captures": _rows(session, _CAPTURES, {"id": notice_id}),
        "revisions": _rows(session, _REVISIONS, {"id": notice_id}),
        "readings": _rows(session, _READINGS, {"id": notice_id}),
        "reading": None,
    }
    if state is not None:
        shown["reading"] = _reading(session, state.reading_id, state.revision_id, state.body_id)
    shown["announcement"] = _group(session, "announcement", "key", notice_id)
    shown["process"] = _group(session, "process", "ocid", notice_id)
    shown["links"] = _rows(session, _PAIRS, {"id": notice_id})
    return shown


_CAPTURES = """
    SELECT c.captured_at, c.captured_at_is_import, c.url, c.http_status, c.media_type, c.sha256, c.warc_file, c.warc_offset, c.warc_length,
           r.state, v.content_digest
      FROM capture_reading r JOIN capture c ON c.id = r.capture_id LEFT JOIN revision v ON v.id = r.revision_id
     WHERE r.notice_id = :id AND r.superseded_at IS NULL ORDER BY c.captured_at, c.id
"""
_REVISIONS = "SELECT content_digest, recorded_at FROM revision WHERE notice_id = :id ORDER BY id"
_READINGS = """
    SELECT v.content_digest, w.reader, w.lexicon, w.model, r.recorded_at, r.superseded_at
      FROM reading r JOIN revision v ON v.id = r.revision_id JOIN versions w ON w.id = r.versions_id
     WHERE v.notice_id = :id ORDER BY r.id
"""
_PAIRS = """
    WITH mine AS MATERIALIZED (SELECT id FROM revision WHERE notice_id = :id), found AS (
        SELECT p.*, p.right_revision_id AS other_revision FROM mine JOIN pair p ON p.left_revision_id = mine.id
        UNION SELECT p.*, p.left_revision_id FROM mine JOIN pair p ON p.right_revision_id = mine.id
    )
    SELECT f.level, f.verdict, f.score, f.evidence, n.portal_id || '/' || coalesce(n.source_id, n.identity) AS other, f.link_version,
           f.recorded_at
      FROM found f JOIN revision v ON v.id = f.other_revision JOIN notice n ON n.id = v.notice_id
     WHERE f.superseded_at IS NULL ORDER BY f.level, f.verdict, other
"""


def _reading(session: Session, reading_id: int, revision_id: int, body_id: int) -> dict[str, Any]:
    fields = ", ".join(_FIELDS)
    id_ = {"id": reading_id}
    (notice,) = _rows(session, f"SELECT {fields} FROM reading WHERE id = :id", id_)  # noqa: S608 -- names of ours
    body = session.execute(text("SELECT text FROM body WHERE id = :id"), {"id": body_id}).scalar_one()
    mentions = _rows(
        session,
        """
        SELECT m.id, m.brand_id, m.brand, m.surface, m.start, m."end", m.field, m.role, m.best_role, m.score, m.rule, m.product_line,
               m.product_class, m.item_position AS item, m.lot
          FROM mention m WHERE m.reading_id = :id ORDER BY m.position
        """,
        id_,
    )
    spots = (Spot(m["id"], reading_id, m["brand_id"], m["start"], m["end"]) for m in mentions)
    reviewed = decisions(session, {reading_id: revision_id}, spots)
    for mention in mentions:
        said = reviewed.get(mention.pop("id"))
        mention["reviewed_role"] = said.role if said else None
        mention["reviewer"] = said.reviewer if said else None
        mention["review_note"] = said.note if said else None
        mention["quote"] = quote(body, mention["start"], mention["end"])
    (versions,) = _rows(
        session,
        "SELECT v.reader, v.lexicon, v.model FROM reading r JOIN versions v ON v.id = r.versions_id WHERE r.id = :id",
        id_,
    )
    return {
        "notice": notice,
        "parties": _rows(
            session,
            """SELECT p.role, p.name, p.name_raw, o.name AS organisation, p.unit_class, p.tier, p.level, p.is_public_security,
                      p.division_code, o.name_en, p.reason, p.lot, p.start, p."end"
                 FROM party p JOIN organisation o ON o.id = p.organisation_id WHERE p.reading_id = :id ORDER BY p.id""",
            id_,
        ),
        "lots": _rows(
            session,
            """SELECT lot, name, status, supplier, amount_cny, amount_raw, amount_reason, start, "end"
                 FROM lot WHERE reading_id = :id ORDER BY position""",
            id_,
        ),
        "items": _rows(
            session,
            """SELECT lot, name, brand_raw, brand, model_raw, product_line, product_class, quantity, quantity_raw, unit, units,
                      unit_price_cny, total_cny, declared_imported, supplier, status, source, system, start, "end"
                 FROM item WHERE reading_id = :id ORDER BY position""",
            id_,
        ),
        "mentions": mentions,
        "attachments": _rows(
            session,
            """SELECT a.name, a.url, c.sha256, c.captured_at FROM attachment a
                 LEFT JOIN LATERAL (SELECT sha256, captured_at FROM capture c WHERE c.url_key = a.url_key
                                     ORDER BY captured_at, id LIMIT 1) c ON true
                WHERE a.reading_id = :id ORDER BY a.id""",
            id_,
        ),
        "related": _rows(
            session,
            "SELECT source_id, url, type_raw, published_on FROM related_notice WHERE reading_id = :id ORDER BY id",
            id_,
        ),
        "changes": _rows(
            session, "SELECT field, before, after FROM field_change WHERE reading_id = :id ORDER BY id", id_
        ),
        "issues": _rows(
            session, 'SELECT code, message, at AS "where" FROM issue WHERE reading_id = :id ORDER BY id', id_
        ),
        "spans": _rows(session, 'SELECT label, start, "end" FROM span WHERE reading_id = :id ORDER BY start, id', id_),
        "text": body,
        "versions": versions,
    }


def quote(body: str, start: int, end: int, around: int = 40) -> str:
    """The words of a span with what stands around them on the same line."""
    first = max(body.rfind("\n", 0, start) + 1, start - around)
    last = body.find("\n", end)
    last = min(last if last >= 0 else len(body), end + around)
    return body[first:last].strip()


def _group(session: Session, table: str, name: str, notice_id: int) -> dict[str, Any] | None:
    row = session.execute(
        text(f"""
            SELECT g.id, g.{name} FROM {table}_member m JOIN {table} g ON g.id = m.{table}_id
             WHERE m.notice_id = :id AND m.superseded_at IS NULL
        """),  # noqa: S608 -- names of ours
        {"id": notice_id},
    ).one_or_none()
    if row is None:
        return None
    members = _rows(
        session,
        f"""SELECT n.portal_id || '/' || coalesce(n.source_id, n.identity) AS notice, n.url, f.type, f.title, f.own_published_on AS published_on,
                   f.is_primary
              FROM {table}_member m JOIN notice n ON n.id = m.notice_id LEFT JOIN fact_notice f ON f.notice_id = n.id
             WHERE m.{table}_id = :group AND m.superseded_at IS NULL ORDER BY f.own_published_on NULLS LAST, 1""",  # noqa: S608
        {"group": row[0]},
    )
    shown: dict[str, Any] = {name: row[1], "members": members}
    if table == "process":
        shown["awards"] = _rows(
            session,
            "SELECT lot, supplier, amount_cny FROM fact_award WHERE process_id = :id ORDER BY key, amount_cny",
            {"id": row[0]},
        )
        shown["re_runs"] = session.execute(
            text("SELECT o.ocid FROM process p JOIN process o ON o.id = p.predecessor_id WHERE p.id = :id"),
            {"id": row[0]},
        ).scalar_one_or_none()
    return shown


def _rows(session: Session, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    result = session.execute(text(sql), parameters)
    names: Sequence[str] = list(result.keys())
    return [{name: _json(value) for name, value in zip(names, row, strict=True)} for row in result]


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value
