# ruff: noqa: S608 -- SQL is put together from names of ours; every value is a parameter
"""Taking a notice out for legal reasons: everything it said goes, in one transaction; a tombstone stays.

The one exception to "facts are added, never changed". The bytes in the archive are overwritten by the caller afterwards
(:mod:`jobs.purge`); until that is done the tombstone says where they are, so that a killed purge can be finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.desk.write import clear
from db.filters import UnknownValue
from db.keys import organisation_key
from db.link import link
from db.show import find_notice
from db.tombstones import ISSUE, PurgedError, Tombstone, find_tombstone, tombstones

_BY_READING = (
    "link_key",
    "issue",
    "attachment",
    "related_notice",
    "field_change",
    "span",
    "mention",
    "item",
    "lot",
    "party",
)


class PurgeError(ValueError):
    """Raised where a purge cannot be: ``message`` says why, ``remedy`` what to do."""

    exit_code = 2

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Record:
    """Where bytes stand in the archive."""

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(slots=True)
class Plan:
    """What a purge would take: ``rows`` by table. ``kept`` are files that other notices link, too; ``copies`` the other notices of its

    announcement, each to be purged by its own name.
    """

    notices: dict[int, str]
    captures: list[int]
    rows: dict[str, int]
    records: list[Record]
    kept: list[str]
    copies: list[str]
    again: list[str] = field(default_factory=list)
    """Notices among them that were purged before, and whose bytes came in again."""

    @property
    def bytes(self) -> int:
        return sum(record.length for record in self.records)


def plan(session: Session, given: Sequence[str]) -> Plan:
    """What purging these notices would take. A notice already purged is planned again where bytes of it are left or have come back.

    Raises :class:`db.filters.UnknownValue` for a notice the store never had, and :class:`PurgeError` where a capture shows a notice
    that is not among those given.
    """
    notices: dict[int, str] = {}
    again: list[str] = []
    for one in given:
        try:
            id_ = find_notice(session, one)
        except PurgedError as error:
            again.append(error.notice)
            continue
        notices[id_] = _name(session, id_)
    return _plan(session, notices, again)


def purge(session: Session, found: Plan, reason: str, by: str) -> list[str]:
    """Take everything of a plan out of the store, in the caller's transaction. Returns the names of the notices.

    What the notices had part in is linked again at once, so that no answer is ever given with half of it.
    """
    now = tick(session)
    readings = _readings(session, found.notices)
    orphans = _organisations(session, readings)
    groups = {table: _groups(session, table, found.notices) for table in ("announcement", "process")}
    fellows, processes = _fellows(session, found.notices)
    _bury(session, found, reason, by, now)
    clear(session, processes, found.notices)
    _delete(session, found, readings)
    if fellows:
        link(session, fellows)
    _sweep(session, groups, orphans)
    return [*found.notices.values(), *found.again]


def to_erase(session: Session, names: Iterable[str]) -> list[Record]:
    """Records of purged notices that still hold their bytes."""
    rows = session.execute(
        text("""
            SELECT r->>'file', (r->>'offset')::bigint, (r->>'length')::bigint, t.identity
              FROM tombstone t, jsonb_array_elements(t.details->'records') r
             WHERE t.subject = 'bytes' AND t.erased_at IS NULL AND t.notice = ANY(:names) ORDER BY 1, 2
        """),
        {"names": list(names)},
    )
    return [Record(*row) for row in rows]


def erased(session: Session, names: Iterable[str], but: Iterable[str] = ()) -> None:
    """Write down that no bytes of these notices are left in the archive, ``but`` those of the digests given."""
    session.execute(
        text("""
            UPDATE tombstone SET erased_at = :now
             WHERE subject = 'bytes' AND erased_at IS NULL AND notice = ANY(:names) AND identity <> ALL(:but)
        """),
        {"now": tick(session), "names": list(names), "but": list(but)},
    )


def lift(session: Session, given: str, reason: str, by: str) -> Tombstone:
    """Let a purged notice be fetched or imported again. What was erased does not come back by itself.

    Pages of it that were refused meanwhile are read again. Raises :class:`db.filters.UnknownValue`.
    """
    found = find_tombstone(session, given)
    if found is None:
        raise UnknownValue("notice", given, [one.notice for one in tombstones(session)][:5])
    session.execute(
        text("""
            UPDATE tombstone SET lifted_at = :now, lifted_by = :by, lift_reason = :reason
             WHERE notice = :notice AND lifted_at IS NULL
        """),
        {"now": tick(session), "by": by, "reason": reason, "notice": found.notice},
    )
    _forget_refusals(session, _refused(session, [found.notice]))
    (lifted,) = [one for one in tombstones(session, [found.notice], standing=False) if one.purged_at == found.purged_at]
    return lifted


# ── what goes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _name(session: Session, id_: int) -> str:
    name: str = session.execute(
        text("SELECT portal_id || '/' || identity FROM notice WHERE id = :id"), {"id": id_}
    ).scalar_one()
    return name


def _plan(session: Session, notices: dict[int, str], again: list[str]) -> Plan:
    ids = {"ids": list(notices)}
    pages = set(
        session.execute(
            text("""
                SELECT cr.capture_id FROM capture_reading cr WHERE cr.notice_id = ANY(:ids)
                UNION SELECT r.capture_id FROM reading r JOIN revision v ON v.id = r.revision_id WHERE v.notice_id = ANY(:ids)
            """),
            ids,
        ).scalars()
    )
    others = session.execute(
        text("""
            SELECT DISTINCT n.portal_id || '/' || coalesce(n.source_id, n.identity) FROM notice n WHERE n.id <> ALL(:ids) AND n.id IN (
                SELECT cr.notice_id FROM capture_reading cr WHERE cr.capture_id = ANY(:captures)
                UNION SELECT v.notice_id FROM reading r JOIN revision v ON v.id = r.revision_id WHERE r.capture_id = ANY(:captures))
             ORDER BY 1
        """),
        {**ids, "captures": list(pages)},
    ).scalars()
    if also := list(others):
        raise PurgeError(
            f"a capture of {', '.join(notices.values())} was read as {', '.join(also)}, too",
            "name all of them: they are one page",
        )
    unread = session.execute(text(_UNREAD), {**ids, "captures": list(pages)}).scalars()
    files = session.execute(text(_FILES), ids).all()
    kept = sorted({row[1] for row in files if row[2]})
    captures = sorted(
        {*pages, *unread, *(row[0] for row in files if not row[2]), *_refused(session, [*notices.values(), *again])}
    )
    rows = session.execute(
        text(
            "SELECT warc_file, warc_offset, warc_length, sha256 FROM capture WHERE id = ANY(:ids) ORDER BY warc_file, warc_offset"
        ),
        {"ids": captures},
    )
    records = {Record(*row) for row in rows} | set(to_erase(session, again))
    copies = session.execute(
        text("""
            SELECT DISTINCT n.portal_id || '/' || coalesce(n.source_id, n.identity)
              FROM announcement_member a JOIN announcement_member o USING (announcement_id) JOIN notice n ON n.id = o.notice_id
             WHERE a.notice_id = ANY(:ids) AND o.notice_id <> ALL(:ids) AND a.superseded_at IS NULL AND o.superseded_at IS NULL ORDER BY 1
        """),
        ids,
    ).scalars()
    return Plan(
        notices=notices,
        captures=captures,
        rows=_count(session, list(notices), captures),
        records=sorted(records, key=lambda r: (r.file, r.offset)),
        kept=kept,
        copies=list(copies),
        again=again,
    )


# Captures nobody has read yet, or that were no notice when they were read: filed under the notice's id, or at an address that is its alone.
_UNREAD = """
    SELECT c.id FROM capture c JOIN notice n ON n.id = ANY(:ids) AND n.source_id = c.source_id AND n.portal_id = c.portal_id
     WHERE NOT EXISTS (SELECT FROM capture_reading cr WHERE cr.capture_id = c.id AND cr.notice_id <> ALL(:ids))
       AND (c.kind = 'page' OR NOT EXISTS (
            SELECT FROM attachment a JOIN reading r ON r.id = a.reading_id JOIN revision v ON v.id = r.revision_id
             WHERE a.url_key = c.url_key AND v.notice_id <> ALL(:ids)))
    UNION
    SELECT c.id FROM capture c JOIN capture known ON known.id = ANY(:captures) AND known.url_key = c.url_key
     WHERE c.kind = 'page' AND NOT EXISTS (
            SELECT FROM capture other JOIN capture_reading cr ON cr.capture_id = other.id
             WHERE other.url_key = c.url_key AND cr.notice_id <> ALL(:ids))
       AND NOT EXISTS (
            SELECT FROM capture other WHERE other.url_key = c.url_key AND other.source_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM notice n WHERE n.id = ANY(:ids) AND n.source_id = other.source_id))
"""
# Files the notice links: the capture, its address, and whether another notice links the same file.
_FILES = """
    SELECT DISTINCT c.id, a.url,
           EXISTS (SELECT FROM attachment o JOIN reading r ON r.id = o.reading_id JOIN revision w ON w.id = r.revision_id
                    WHERE o.url_key = a.url_key AND w.notice_id <> ALL(:ids))
      FROM attachment a JOIN reading r ON r.id = a.reading_id JOIN revision v ON v.id = r.revision_id
      JOIN capture c ON c.url_key = a.url_key
     WHERE v.notice_id = ANY(:ids)
       AND NOT EXISTS (SELECT FROM capture_reading cr WHERE cr.capture_id = c.id AND cr.notice_id <> ALL(:ids))
"""


def _refused(session: Session, names: Sequence[str]) -> list[int]:
    """Captures of purged notices that came in again and were not read."""
    rows = session.execute(
        text("""
            SELECT DISTINCT cr.capture_id FROM issue i JOIN capture_reading cr ON cr.id = i.capture_reading_id
             WHERE i.code = :code AND i.at = ANY(:names) ORDER BY 1
        """),
        {"code": ISSUE, "names": list(names)},
    )
    return list(rows.scalars())


def _count(session: Session, notices: list[int], captures: list[int]) -> dict[str, int]:
    row = session.execute(
        text("""
            WITH v AS (SELECT id FROM revision WHERE notice_id = ANY(:ids)), r AS (SELECT id FROM reading WHERE revision_id IN (SELECT id FROM v))
            SELECT cardinality(CAST(:captures AS bigint[])) AS captures, (SELECT count(*) FROM v) AS revisions, (SELECT count(*) FROM r) AS readings,
                   (SELECT count(*) FROM mention WHERE reading_id IN (SELECT id FROM r)) AS mentions,
                   (SELECT count(*) FROM item WHERE reading_id IN (SELECT id FROM r)) AS items,
                   (SELECT count(*) FROM party WHERE reading_id IN (SELECT id FROM r)) AS parties,
                   (SELECT count(*) FROM review WHERE revision_id IN (SELECT id FROM v) OR notice_id = ANY(:ids)
                                                   OR other_notice_id = ANY(:ids)) AS reviews
        """),
        {"ids": notices, "captures": captures},
    ).one()
    return dict(row._mapping)  # noqa: SLF001 -- the documented way to a mapping


def _readings(session: Session, notices: Iterable[int]) -> list[int]:
    rows = session.execute(
        text("SELECT r.id FROM reading r JOIN revision v ON v.id = r.revision_id WHERE v.notice_id = ANY(:ids)"),
        {"ids": list(notices)},
    )
    return list(rows.scalars())


def _groups(session: Session, table: str, notices: Iterable[int]) -> list[int]:
    """Groups the notices were ever in."""
    rows = session.execute(
        text(f"SELECT DISTINCT {table}_id FROM {table}_member WHERE notice_id = ANY(:ids)"), {"ids": list(notices)}
    )
    return list(rows.scalars())


def _fellows(session: Session, notices: Iterable[int]) -> tuple[list[int], list[int]]:
    """Other notices that were ever grouped or compared with these, and the processes they are in now."""
    ids = {"ids": list(notices)}
    fellows = session.execute(
        text("""
            SELECT o.notice_id FROM process_member a JOIN process_member o USING (process_id)
             WHERE a.notice_id = ANY(:ids) AND o.superseded_at IS NULL
            UNION SELECT o.notice_id FROM announcement_member a JOIN announcement_member o USING (announcement_id)
             WHERE a.notice_id = ANY(:ids) AND o.superseded_at IS NULL
            UNION SELECT w.notice_id FROM revision v JOIN pair p ON v.id IN (p.left_revision_id, p.right_revision_id)
              JOIN revision w ON w.id IN (p.left_revision_id, p.right_revision_id) WHERE v.notice_id = ANY(:ids)
            EXCEPT SELECT unnest(CAST(:ids AS bigint[])) ORDER BY 1
        """),
        ids,
    ).scalars()
    processes = session.execute(
        text("SELECT DISTINCT process_id FROM process_member WHERE notice_id = ANY(:ids) AND superseded_at IS NULL"),
        ids,
    ).scalars()
    return list(fellows), list(processes)


def _bury(session: Session, found: Plan, reason: str, by: str, now: dt.datetime) -> None:
    """The tombstones: one a notice, one a content, one for the bytes of each capture."""
    rows: list[dict[str, Any]] = []
    common = {"reason": reason, "by": by, "now": now}
    for id_, name in found.notices.items():
        source_id = session.execute(text("SELECT source_id FROM notice WHERE id = :id"), {"id": id_}).scalar_one()
        rows.append(
            {
                "subject": "notice",
                "identity": name,
                "notice": name,
                "source_id": source_id,
                "details": Jsonb(found.rows),
                **common,
            }
        )
        digests = session.execute(
            text("SELECT content_digest FROM revision WHERE notice_id = :id ORDER BY id"), {"id": id_}
        ).scalars()
        portal = name.partition("/")[0]
        rows.extend(
            {
                "subject": "revision",
                "identity": f"{portal}/{digest}",
                "notice": name,
                "source_id": source_id,
                "details": Jsonb({}),
                **common,
            }
            for digest in digests
        )
    names = [*found.notices.values(), *found.again]
    captures: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for sha256, file, offset, length, at, name in session.execute(
        text("""
            SELECT c.sha256, c.warc_file, c.warc_offset, c.warc_length, c.captured_at,
                   (SELECT coalesce(n.portal_id || '/' || n.identity, i.at) FROM capture_reading cr LEFT JOIN notice n ON n.id = cr.notice_id
                      LEFT JOIN issue i ON i.capture_reading_id = cr.id AND i.code = :code
                     WHERE cr.capture_id = c.id ORDER BY 1 NULLS LAST LIMIT 1)
              FROM capture c WHERE c.id = ANY(:ids) ORDER BY c.captured_at, c.id
        """),
        {"ids": found.captures, "code": ISSUE},
    ):
        record = {"file": file, "offset": offset, "length": length, "captured_at": at.isoformat()}
        captures.setdefault((name if name in names else names[0], sha256), []).append(record)
    rows.extend(
        {
            "subject": "bytes",
            "identity": sha256,
            "notice": name,
            "source_id": None,
            "details": Jsonb({"records": records}),
            **common,
        }
        for (name, sha256), records in captures.items()
    )
    if rows:
        session.execute(
            text("""
                INSERT INTO tombstone AS t (subject, identity, notice, source_id, reason, purged_by, details, recorded_at)
                VALUES (:subject, :identity, :notice, :source_id, :reason, :by, :details, :now)
                ON CONFLICT (subject, identity, notice) WHERE lifted_at IS NULL DO UPDATE
                   SET erased_at = NULL, details = jsonb_set(t.details, '{records}',
                       coalesce(t.details->'records', '[]') || coalesce(excluded.details->'records', '[]'))
            """),
            rows,
        )


def _delete(session: Session, found: Plan, readings: list[int]) -> None:
    ids, notices, captures = {"ids": readings}, {"ids": list(found.notices)}, {"ids": found.captures}
    for table in _BY_READING:
        session.execute(text(f"DELETE FROM {table} WHERE reading_id = ANY(:ids)"), ids)
    session.execute(
        text("""
            DELETE FROM review WHERE revision_id IN (SELECT id FROM revision WHERE notice_id = ANY(:ids))
                OR notice_id = ANY(:ids) OR other_notice_id = ANY(:ids)
        """),
        notices,
    )
    session.execute(
        text("""
            DELETE FROM pair WHERE left_revision_id IN (SELECT id FROM revision WHERE notice_id = ANY(:ids))
                OR right_revision_id IN (SELECT id FROM revision WHERE notice_id = ANY(:ids))
        """),
        notices,
    )
    session.execute(text("DELETE FROM reading WHERE id = ANY(:ids)"), ids)
    session.execute(
        text("DELETE FROM body WHERE revision_id IN (SELECT id FROM revision WHERE notice_id = ANY(:ids))"), notices
    )
    _forget_refusals(session, found.captures)
    session.execute(text("DELETE FROM capture_reading WHERE notice_id = ANY(:ids)"), notices)
    session.execute(text("DELETE FROM revision WHERE notice_id = ANY(:ids)"), notices)
    session.execute(
        text("""
            DELETE FROM page_files f USING capture c WHERE c.id = ANY(:ids) AND f.sha256 = c.sha256 AND f.url_key = c.url_key
               AND f.portal_id = c.portal_id
        """),
        captures,
    )
    session.execute(text("DELETE FROM capture WHERE id = ANY(:ids)"), captures)
    for table in ("link_queue", "announcement_member", "process_member"):
        session.execute(text(f"DELETE FROM {table} WHERE notice_id = ANY(:ids)"), notices)
    session.execute(text("DELETE FROM notice WHERE id = ANY(:ids)"), notices)


def _forget_refusals(session: Session, captures: list[int]) -> None:
    """What was made of captures that are no notice, or of ones that were not let in."""
    for sql in (
        "DELETE FROM issue WHERE capture_reading_id IN (SELECT id FROM capture_reading WHERE capture_id = ANY(:ids))",
        "DELETE FROM capture_reading WHERE capture_id = ANY(:ids)",
    ):
        session.execute(text(sql), {"ids": captures})


def _organisations(session: Session, readings: list[int]) -> list[int]:
    """Organisations the notices name; some may be named nowhere else."""
    rows = session.execute(
        text("""
            SELECT name FROM party WHERE reading_id = ANY(:ids) UNION SELECT supplier FROM lot WHERE reading_id = ANY(:ids)
            UNION SELECT supplier FROM item WHERE reading_id = ANY(:ids)
        """),
        {"ids": readings},
    ).scalars()
    keys = {
        organisation_key(part) for joined in rows if joined for part in (joined, *joined.split("、")) if part.strip()
    }
    found = session.execute(
        text("""
            SELECT organisation_id FROM organisation_name WHERE key = ANY(:keys)
            UNION SELECT organisation_id FROM party WHERE reading_id = ANY(:ids)
        """),
        {"keys": list(keys), "ids": readings},
    )
    return list(found.scalars())


def _sweep(session: Session, groups: dict[str, list[int]], organisations: list[int]) -> None:
    """Groups without a member, and organisations nothing else names: not a seed, a list, a person's decision, another notice."""
    for table, ids in groups.items():
        empty = f"g.id = ANY(:ids) AND NOT EXISTS (SELECT FROM {table}_member m WHERE m.{table}_id = g.id)"
        if table == "process":
            session.execute(
                text(
                    f"UPDATE process SET predecessor_id = NULL WHERE predecessor_id IN (SELECT id FROM process g WHERE {empty})"
                ),
                {"ids": ids},
            )
        session.execute(text(f"DELETE FROM {table} g WHERE {empty}"), {"ids": ids})
    orphans = list(
        session.execute(
            text("""
                SELECT o.id FROM organisation o WHERE o.id = ANY(:ids) AND o.seed_id IS NULL
                   AND NOT EXISTS (SELECT FROM party p WHERE p.organisation_id = o.id)
                   AND NOT EXISTS (SELECT FROM listing l WHERE l.organisation_id = o.id)
                   AND NOT EXISTS (SELECT FROM organisation_name n WHERE n.organisation_id = o.id AND n.source <> 'notice')
                   AND NOT EXISTS (SELECT FROM organisation_name n JOIN organisation_decision d ON n.key IN (d.left_key, d.right_key)
                                    WHERE n.organisation_id = o.id)
                   AND NOT EXISTS (SELECT FROM fact_award a WHERE a.member_ids @> ARRAY[o.id])
                   AND NOT EXISTS (SELECT FROM fact_line f WHERE f.supplier_id = o.id)
                   AND NOT EXISTS (SELECT FROM fact_mention f WHERE f.supplier_id = o.id)
            """),
            {"ids": organisations},
        ).scalars()
    )
    session.execute(text("DELETE FROM organisation_name WHERE organisation_id = ANY(:ids)"), {"ids": orphans})
    session.execute(text("DELETE FROM organisation WHERE id = ANY(:ids)"), {"ids": orphans})
