"""The only door for machine-made facts: captures as they are made, readings in batches by COPY.

Nothing is overwritten. A batch is one transaction of the caller's; storing it twice stores it once. What a batch touched is put
into ``link_queue``; questions see it after :func:`db.link.link`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import tokens
from db.clock import tick
from db.copying import copy_rows, next_ids
from db.keys import organisation_key, storable, url_key
from db.match.features import features, keys
from db.models import Portal
from db.models.capture import CaptureKind
from db.organisations import Filed, file_names
from db.tombstones import ISSUE, stay_out
from db.units import pieces
from nlp.types import Issue, NoticeReading, PageState

UNKNOWN_PORTAL = "unknown"
"""Portal of a notice that neither the fetcher nor the page could place."""

_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/vnd.%",
    "application/zip",
    "application/x-zip%",
    "application/x-rar%",
    "application/vnd.rar",
    "application/x-7z%",
    "image/%",
)


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One response or file as it was put into the archive.

    ``url`` is the portal's own address (null for files imported without one), ``sha256`` is over the body, the ``warc_*`` fields
    say where its record stands (file relative to the archive folder; offset and length in bytes). ``captured_at`` is timezone-aware;
    with ``captured_at_is_import`` it is merely the time of import, and importing the same bytes again is the same capture.
    """

    portal: str | None
    url: str | None
    captured_at: dt.datetime
    sha256: str
    media_type: str
    http_status: int | None
    warc_file: str
    warc_offset: int
    warc_length: int
    captured_at_is_import: bool = False
    name: str | None = None
    content_type: str | None = None
    source_id: str | None = None
    run_id: int | None = None
    kind: CaptureKind = CaptureKind.PAGE


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """A captured attachment of a page: what it is called there, and where its bytes are."""

    capture_id: int
    name: str
    url: str
    captured_at: dt.datetime
    sha256: str
    media_type: str
    warc_file: str
    warc_offset: int
    warc_length: int


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """A capture to read, with everything the reader asks for."""

    id: int
    portal: str | None
    url: str | None
    captured_at: dt.datetime
    sha256: str
    media_type: str
    warc_file: str
    warc_offset: int
    warc_length: int
    content_type: str | None = None
    name: str | None = None
    source_id: str | None = None
    http_status: int | None = None
    attachments: tuple[AttachmentRef, ...] = ()
    refused: bool = False
    """A crawl asked for a notice's page, and what came was not the page of that notice."""
    tools: tuple[str, ...] = ()
    """Optional programs at hand for attachments (``ocr``, ``office``, ``rar``): with one more, a file may say more."""

    @property
    def attachments_digest(self) -> str:
        """Tells readings with other attachments, or made with other tools, apart; empty without any."""
        if not self.attachments:
            return ""
        listed = "\n".join(sorted(f"{a.url} {a.sha256}" for a in self.attachments))
        return "+".join((hashlib.sha256(listed.encode()).hexdigest(), *sorted(self.tools)))

    def outdates(self, digest: str | None) -> bool:
        """Whether what stands under ``digest`` was read from other attachments, or lacked a tool there is now."""
        before, now = (digest or "").split("+"), self.attachments_digest.split("+")
        return before[0] != now[0] or not set(now) <= set(before)


@dataclass(frozen=True, slots=True)
class Stored:
    """What one batch did: ``readings`` counts new readings, ``same`` captures that showed what was already read.

    ``purged`` names the purged notices that pages of the batch would have brought back.
    """

    captures: int = 0
    notices: int = 0
    revisions: int = 0
    readings: int = 0
    same: int = 0
    not_notices: int = 0
    purged: tuple[str, ...] = ()


# ── captures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ensure_portals(session: Session, portals: Iterable[str]) -> None:
    """Rows for portal ids not seen before; ids no seed describes stay marked unknown."""
    values = [{"id": portal} for portal in sorted(set(portals))]
    if values:
        session.execute(insert(Portal).values(values).on_conflict_do_nothing())


def record_capture(session: Session, row: CaptureRow) -> int:
    """The id of the capture's row. Recording the same capture again changes nothing."""
    return record_captures(session, [row])[0]


def record_captures(session: Session, rows: Sequence[CaptureRow]) -> list[int]:
    """Ids of the rows' captures, in order. Raises ``ValueError`` for a time without zone."""
    if not rows:
        return []
    ensure_portals(session, (row.portal for row in rows if row.portal))
    identities = [_capture_identity(row) for row in rows]
    values = {identity: _capture_values(identity, row) for identity, row in zip(identities, rows, strict=True)}
    columns = list(zip(*values.values(), strict=True))
    arrays = {f"c{n}": list(column) for n, column in enumerate(columns)}
    # Arrays in place of one VALUES row a capture: one plan, whatever the number of rows.
    found = session.execute(_RECORD, arrays)
    ids: dict[str, int] = {row[0]: row[1] for row in found}
    missing = [identity for identity in values if identity not in ids]
    if missing:
        known = session.execute(
            text("SELECT identity, id FROM capture WHERE identity = ANY(:identities)"), {"identities": missing}
        )
        ids.update({row[0]: row[1] for row in known})
    return [ids[identity] for identity in identities]


_CAPTURE_COLUMNS = {
    "identity": "text", "kind": "text", "portal_id": "text", "url": "text", "url_key": "text", "name": "text", "source_id": "text",
    "captured_at": "timestamptz", "captured_at_is_import": "boolean", "http_status": "integer", "media_type": "text", "content_type": "text",
    "sha256": "text", "warc_file": "text", "warc_offset": "bigint", "warc_length": "bigint", "run_id": "bigint",
}  # fmt: skip
_RECORD = text(
    f"""
    INSERT INTO capture ({", ".join(_CAPTURE_COLUMNS)})
    SELECT * FROM unnest({", ".join(f"CAST(:c{n} AS {kind}[])" for n, kind in enumerate(_CAPTURE_COLUMNS.values()))})
    ON CONFLICT DO NOTHING RETURNING identity, id
"""  # noqa: S608 -- names of ours
)


def _capture_identity(row: CaptureRow) -> str:
    if row.captured_at.tzinfo is None:
        raise ValueError(f"captured_at of {row.url or row.name or row.sha256} has no time zone")
    when = "import" if row.captured_at_is_import else row.captured_at.astimezone(dt.UTC).isoformat()
    address = row.url or row.name or ""
    return hashlib.sha256(
        "\n".join((row.portal or "", address, row.sha256, when)).encode("utf-8", "replace")
    ).hexdigest()


def _capture_values(identity: str, row: CaptureRow) -> tuple[Any, ...]:
    return (
        identity, row.kind.value, row.portal, _clean(row.url), _clean(url_key(row.url)) if row.url else None, _clean(row.name),
        _clean(row.source_id), row.captured_at, row.captured_at_is_import, row.http_status, row.media_type, _clean(row.content_type),
        row.sha256, row.warc_file, row.warc_offset, row.warc_length, row.run_id,
    )  # fmt: skip


# ── what is to be read ───────────────────────────────────────────────────────────────────────────────────────────────

_PENDING = text("""
    SELECT c.id, c.portal_id, c.url, c.captured_at, c.sha256, c.media_type, c.warc_file, c.warc_offset, c.warc_length, c.content_type,
           c.name, c.source_id, c.http_status, cr.attachments_digest, v.reader, v.lexicon, v.model, cr.revision_id,
           c.source_id IS NULL AND r.kind IN ('crawl', 'nightly') AS refused
      FROM capture c
      LEFT JOIN run r ON r.id = c.run_id
      LEFT JOIN capture_reading cr ON cr.capture_id = c.id AND cr.superseded_at IS NULL
      LEFT JOIN versions v ON v.id = cr.versions_id
     WHERE c.id > :after AND c.id <= :last AND c.kind = 'page' AND NOT (c.media_type LIKE ANY (:documents))
       AND (c.url_key IS NULL OR NOT EXISTS (SELECT FROM attachment a WHERE a.url_key = c.url_key))
     ORDER BY c.id LIMIT :page
""")

_ATTACHMENTS = text("""
    SELECT DISTINCT ON (r.revision_id, a.url_key)
           r.revision_id, a.name, a.url, c.id, c.captured_at, c.sha256, c.media_type, c.warc_file, c.warc_offset, c.warc_length
      FROM reading r
      JOIN attachment a ON a.reading_id = r.id
      JOIN capture c ON c.url_key = a.url_key
     WHERE r.revision_id = ANY(:revisions) AND r.superseded_at IS NULL AND (c.http_status IS NULL OR c.http_status = 200)
     ORDER BY r.revision_id, a.url_key, c.captured_at, c.id
""")


def pending_readings(
    session: Session,
    lexicon: str,
    reader: str,
    model: str,
    *,
    all: bool = False,  # noqa: A002 -- the word of the command line
    page: int = 1000,
    tools: tuple[str, ...] = (),
) -> Iterator[CaptureRef]:
    """Page captures these versions have not read yet with the attachments now in the archive; with ``all``, every one.

    A page whose attachments arrived after it was read comes again, with them; so does one whose attachments were read without one
    of the ``tools`` there are now. The first capture of each attachment counts, so
    what arrives later changes nothing that was read. Rows are fetched by key in pages, so batches may be stored (and committed)
    while this is being consumed; captures recorded after the start wait for the next call.
    """
    last = session.execute(text("SELECT coalesce(max(id), 0) FROM capture")).scalar_one()
    after = 0
    while True:
        rows = session.execute(
            _PENDING, {"after": after, "last": last, "page": page, "documents": list(_DOCUMENTS)}
        ).all()
        if not rows:
            return
        after = rows[-1][0]
        attached: dict[int, list[AttachmentRef]] = {}
        revisions = [row[17] for row in rows if row[17] is not None]
        if revisions:
            for revision, name, url, *capture in session.execute(_ATTACHMENTS, {"revisions": revisions}):
                attached.setdefault(revision, []).append(AttachmentRef(capture[0], name, url, *capture[1:]))
        for row in rows:
            ref = CaptureRef(
                id=row[0],
                portal=row[1],
                url=row[2],
                captured_at=row[3],
                sha256=row[4],
                media_type=row[5],
                warc_file=row[6],
                warc_offset=row[7],
                warc_length=row[8],
                content_type=row[9],
                name=row[10],
                source_id=row[11],
                http_status=row[12],
                attachments=tuple(attached.get(row[17], ())),
                refused=bool(row[18]),
                tools=tools,
            )
            read_by = (row[14], row[15], row[16])
            if all or read_by != (reader, lexicon, model) or ref.outdates(row[13]):
                yield ref


# ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Page:
    ref: CaptureRef
    reading: NoticeReading
    versions_id: int
    portal: str = UNKNOWN_PORTAL
    identity: str = ""
    digest: str = ""
    notice_id: int = 0
    revision_id: int = 0


@dataclass(slots=True)
class _Rows:
    """Child rows on their way to COPY."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def add(self, table: str, *row: Any) -> None:
        self.tables.setdefault(table, []).append(row)


_COLUMNS = {
    "attachment": ("reading_id", "name", "url", "url_key"),
    "related_notice": ("reading_id", "source_id", "url", "type_raw", "published_on"),
    "field_change": ("reading_id", "field", "before", "after"),
    "issue": ("reading_id", "capture_reading_id", "code", "message", "at"),
    "span": ("reading_id", "label", "start", "end"),
    "party": (
        "reading_id", "organisation_id", "role", "name", "name_raw", "lot", "is_public_security", "tier", "unit_class", "level",
        "division_code", "reason", "start", "end",
    ),
    "lot": (
        "reading_id", "position", "lot", "name", "status", "supplier", "amount_cny", "amount_raw", "amount_reason", "start", "end",
    ),
    "item": (
        "reading_id", "position", "lot", "name", "brand_id", "brand", "brand_raw", "model_raw", "product_line", "product_class",
        "quantity", "quantity_raw", "unit", "units", "unit_price_cny", "unit_price_raw", "total_cny", "total_raw",
        "declared_imported", "supplier", "status", "source", "system", "start", "end", "brand_start", "brand_end", "area", "area_rule",
        "area_score",
    ),
    "mention": (
        "reading_id", "position", "brand_id", "brand", "surface", "start", "end", "field", "role", "best_role", "score", "rule",
        "product_line", "product_class", "item_position", "lot", "area", "area_rule",
    ),
    "link_key": ("key", "reading_id"),
}  # fmt: skip

_READING = (
    "id", "revision_id", "versions_id", "attachments_digest", "capture_id", "body_id", "evidence_at", "recorded_at", "title", "type",
    "type_raw", "stage", "published_on", "published_at", "published_raw", "opening_on", "award_on", "signed_on", "first_notice_on",
    "project_no", "project_no_raw", "project_name", "contract_no", "method", "method_raw", "region_code", "region_raw",
    "category_raw", "budget_cny", "budget_raw", "ceiling_cny", "ceiling_raw", "award_total_cny", "award_total_raw", "link_keys",
)  # fmt: skip


def store_readings(
    session: Session, batch: Sequence[tuple[CaptureRef, NoticeReading]], *, with_tokens: bool = True
) -> Stored:
    """Store one batch in the caller's transaction; the caller commits.

    Only pages of state ``notice`` make a notice and a revision; of all others the state and the issues are kept. A capture that
    shows what is already read with the same versions adds nothing but the fact that it does. ``with_tokens`` false leaves search
    tokens to :func:`index_bodies`.
    """
    if not batch:
        return Stored()
    now = tick(session)
    pages = _pages(session, batch, now)
    purged = _keep_out(session, pages)
    notices = [page for page in pages if page.reading.state is PageState.NOTICE]
    new_notices = _place_notices(session, notices, now)
    new_revisions = _place_revisions(session, notices, now)
    readings = _store_new_readings(session, notices, now, with_tokens=with_tokens)
    touched = _store_states(session, pages, now)
    if touched:
        session.execute(
            text("INSERT INTO link_queue (notice_id) SELECT unnest(CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING"),
            {"ids": sorted(touched)},
        )
    return Stored(
        captures=len(pages),
        notices=new_notices,
        revisions=new_revisions,
        readings=readings,
        same=len(notices) - readings,
        not_notices=len(pages) - len(notices),
        purged=purged,
    )


def index_bodies(session: Session, limit: int = 1000) -> int:
    """Make search tokens for up to ``limit`` texts stored without. Returns how many; 0 = none are left."""
    rows = session.execute(
        text("SELECT id, text FROM body WHERE tokens IS NULL ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED"),
        {"limit": limit},
    ).all()
    if rows:
        session.execute(
            text("""
                UPDATE body SET tokens = made.tokens
                  FROM unnest(CAST(:ids AS bigint[]), CAST(CAST(:vectors AS text[]) AS tsvector[])) AS made (id, tokens)
                 WHERE body.id = made.id
            """),
            {"ids": [row[0] for row in rows], "vectors": [tokens.vector(row[1]) for row in rows]},
        )
    return len(rows)


def _pages(session: Session, batch: Sequence[tuple[CaptureRef, NoticeReading]], now: dt.datetime) -> list[_Page]:
    """The batch with versions, in the order of the captures; of a capture given twice the later reading counts."""
    wanted = {reading.versions for _, reading in batch}
    known: dict[Any, int] = {}
    for version in sorted(wanted, key=lambda v: (v.reader, v.lexicon, v.model)):
        known[version] = session.execute(
            text("""
                INSERT INTO versions (reader, lexicon, model, first_used_at) VALUES (:reader, :lexicon, :model, :now)
                ON CONFLICT (reader, lexicon, model) DO UPDATE SET reader = excluded.reader RETURNING id
            """),
            {"reader": version.reader, "lexicon": version.lexicon, "model": version.model, "now": now},
        ).scalar_one()
    by_capture = {ref.id: _Page(ref, reading, known[reading.versions]) for ref, reading in batch}
    return [by_capture[id_] for id_ in sorted(by_capture)]


def _identify(page: _Page) -> None:
    notice = page.reading.notice
    page.portal = page.ref.portal or notice.portal or UNKNOWN_PORTAL
    source_id, url = notice.source_id or page.ref.source_id, page.ref.url or notice.url
    page.identity = f"id:{source_id}" if source_id else f"url:{url_key(url)}" if url else f"sha256:{page.ref.sha256}"
    page.digest = page.reading.content_digest or f"text:{_sha256(page.reading.text)}"


def _keep_out(session: Session, pages: list[_Page]) -> tuple[str, ...]:
    """Pages of purged notices, known by their identity, their content or their bytes, count as pages that are no notice."""
    notices = [page for page in pages if page.reading.state is PageState.NOTICE]
    for page in notices:
        _identify(page)
    found = stay_out(
        session,
        notices={f"{page.portal}/{page.identity}" for page in notices},
        revisions={f"{page.portal}/{page.digest}" for page in notices},
        sha256={page.ref.sha256 for page in notices},
    )
    if not found:
        return ()
    purged = set()
    for page in notices:
        for key in (
            ("notice", f"{page.portal}/{page.identity}"),
            ("revision", f"{page.portal}/{page.digest}"),
            ("bytes", page.ref.sha256),
        ):
            if key in found:
                issue = Issue(ISSUE, f"{found[key]} was purged; nothing of this page was kept", found[key])
                page.reading = replace(page.reading, state=PageState.UNKNOWN, issues=(issue,))
                purged.add(found[key])
                break
    return tuple(sorted(purged))


def _place_notices(session: Session, pages: list[_Page], now: dt.datetime) -> int:
    ensure_portals(session, {page.portal for page in pages})
    # Of two pages of one notice the first names it; ids follow the order of the captures, as those of revisions do.
    wanted: dict[tuple[str, str], _Page] = {}
    for page in pages:
        wanted.setdefault((page.portal, page.identity), page)
    found = _lookup(session, "notice", "portal_id", "text", "identity", wanted)
    missing = [key for key in wanted if key not in found]
    ids = next_ids(session, "notice", len(missing))
    rows = []
    for key, id_ in zip(missing, ids, strict=True):
        page = wanted[key]
        notice = page.reading.notice
        url = notice.page_url or page.ref.url or notice.url
        provisional = page.identity.startswith("sha256:")
        rows.append((id_, *key, _clean(notice.source_id or page.ref.source_id), _clean(url), provisional, now))
    copy_rows(
        session, "notice", ("id", "portal_id", "identity", "source_id", "url", "provisional", "recorded_at"), rows
    )
    found.update(zip(missing, ids, strict=True))
    for page in pages:
        page.notice_id = found[page.portal, page.identity]
    return len(missing)


def _place_revisions(session: Session, pages: list[_Page], now: dt.datetime) -> int:
    wanted = {(page.notice_id, page.digest): None for page in pages}
    found = _lookup(session, "revision", "notice_id", "bigint", "content_digest", wanted)
    missing = [key for key in wanted if key not in found]
    ids = next_ids(session, "revision", len(missing))
    copy_rows(
        session,
        "revision",
        ("id", "notice_id", "content_digest", "recorded_at"),
        [(id_, *key, now) for key, id_ in zip(missing, ids, strict=True)],
    )
    found.update(zip(missing, ids, strict=True))
    for page in pages:
        page.revision_id = found[page.notice_id, page.digest]
    return len(missing)


def _lookup(
    session: Session, table: str, first: str, kind: str, second: str, wanted: Iterable[tuple[Any, str]]
) -> dict[tuple[Any, str], int]:
    pairs = list(wanted)
    rows = session.execute(
        text(f"""
            SELECT t.{first}, t.{second}, t.id
              FROM unnest(CAST(:firsts AS {kind}[]), CAST(:seconds AS text[])) AS w (a, b)
              JOIN {table} t ON t.{first} = w.a AND t.{second} = w.b
        """),  # noqa: S608 -- names of ours
        {"firsts": [pair[0] for pair in pairs], "seconds": [pair[1] for pair in pairs]},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _store_new_readings(session: Session, pages: list[_Page], now: dt.datetime, *, with_tokens: bool) -> int:
    standing = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            text("""
                SELECT revision_id, versions_id, attachments_digest FROM reading
                 WHERE revision_id = ANY(:revisions) AND superseded_at IS NULL
            """),
            {"revisions": [page.revision_id for page in pages]},
        )
    }
    fresh: dict[int, _Page] = {}
    for page in pages:
        before = standing.get(page.revision_id)
        if before == (page.versions_id, page.ref.attachments_digest):
            continue
        # Two captures of one content in a batch: the one with attachments says more; else the first speaks.
        rival = fresh.get(page.revision_id)
        if rival is None or len(page.ref.attachments) > len(rival.ref.attachments):
            fresh[page.revision_id] = page
    if not fresh:
        return 0
    superseded = [revision for revision in fresh if revision in standing]
    if superseded:
        session.execute(
            text(
                "UPDATE reading SET superseded_at = :now WHERE revision_id = ANY(:revisions) AND superseded_at IS NULL"
            ),
            {"now": now, "revisions": superseded},
        )
    chosen = list(fresh.values())
    bodies = _store_bodies(session, chosen, with_tokens=with_tokens)
    organisations = file_names(session, (name for page in chosen for name in _names(page.reading)), now)
    own_keys = {key: filed.key for key, filed in organisations.items()}
    children = _Rows()
    reading_rows = []
    for page, reading_id in zip(chosen, next_ids(session, "reading", len(chosen)), strict=True):
        issues: list[Issue] = []
        compared = features(page.reading, page.portal, page.identity, own_keys)
        _child_rows(children, reading_id, page.reading, organisations, issues)
        reading_rows.append(_reading_row(page, reading_id, bodies, now, issues, Jsonb(compared.as_json())))
        for issue in (*page.reading.issues, *issues):
            children.add("issue", reading_id, None, *_issue(issue))
        for key in keys(compared):
            children.add("link_key", _clean(key), reading_id)
    copy_rows(session, "reading", _READING, reading_rows)
    for table, rows in children.tables.items():
        copy_rows(session, table, _COLUMNS[table], rows)
    return len(chosen)


def _store_bodies(session: Session, pages: list[_Page], *, with_tokens: bool) -> dict[tuple[int, str], int]:
    wanted: dict[tuple[int, str], str] = {}
    for page in pages:
        body = storable(page.reading.text)
        wanted[page.revision_id, _sha256(body)] = body
    found = _lookup(session, "body", "revision_id", "bigint", "digest", wanted)
    missing = [key for key in wanted if key not in found]
    ids = next_ids(session, "body", len(missing))
    copy_rows(
        session,
        "body",
        ("id", "revision_id", "digest", "text", "tokens"),
        (
            (id_, *key, wanted[key], tokens.vector(wanted[key]) if with_tokens else None)
            for key, id_ in zip(missing, ids, strict=True)
        ),
    )
    found.update(zip(missing, ids, strict=True))
    return found


def _names(reading: NoticeReading) -> Iterator[str]:
    """Parties, and the winners that only a lot or a line names."""
    for party in reading.parties:
        yield storable(party.name)
    for joined in {lot.supplier for lot in reading.lots} | {item.supplier for item in reading.items}:
        for name in (joined or "").split("、"):
            if name.strip():
                yield storable(name.strip())


def _reading_row(
    page: _Page,
    reading_id: int,
    bodies: dict[tuple[int, str], int],
    now: dt.datetime,
    issues: list[Issue],
    link_keys: Jsonb,
) -> tuple[Any, ...]:
    notice, ref = page.reading.notice, page.ref
    evidence = max((a.captured_at for a in ref.attachments), default=None)
    return (
        reading_id, page.revision_id, page.versions_id, ref.attachments_digest, ref.id,
        bodies[page.revision_id, _sha256(storable(page.reading.text))], evidence, now, _clean(notice.title), _value(notice.type),
        _clean(notice.type_raw), _value(notice.stage), notice.published_on, notice.published_at, _clean(notice.published_raw),
        notice.opening_on, notice.award_on, notice.signed_on, notice.first_notice_on, _clean(notice.project_no),
        _clean(notice.project_no_raw), _clean(notice.project_name), _clean(notice.contract_no), _clean(notice.method),
        _clean(notice.method_raw), _clean(notice.region_code), _clean(notice.region_raw), _clean(notice.category_raw),
        _amount(notice.budget_cny, "budget_cny", issues), _clean(notice.budget_raw),
        _amount(notice.ceiling_cny, "ceiling_cny", issues), _clean(notice.ceiling_raw),
        _amount(notice.award_total_cny, "award_total_cny", issues), _clean(notice.award_total_raw), link_keys,
    )  # fmt: skip


def _child_rows(
    rows: _Rows, reading_id: int, reading: NoticeReading, organisations: dict[str, Filed], issues: list[Issue]
) -> None:
    for a in reading.attachments:
        rows.add("attachment", reading_id, _clean(a.name), _clean(a.url), _clean(url_key(a.url)))
    for r in reading.related:
        rows.add("related_notice", reading_id, _clean(r.source_id), _clean(r.url), _clean(r.type_raw), r.published_on)
    for c in reading.changes:
        rows.add("field_change", reading_id, _clean(c.field), _clean(c.before), _clean(c.after))
    for s in reading.spans:
        rows.add("span", reading_id, s.label, s.start, s.end)
    for p in reading.parties:
        org = p.org
        name = _clean(p.name) or ""
        rows.add(
            "party", reading_id, organisations[organisation_key(name)].id, p.role.value, name, _clean(p.name_raw), _clean(p.lot),
            org.is_public_security if org else None, _value(org.tier) if org else None, org.unit_class if org else None,
            _value(org.level) if org else None, org.division_code if org else None, org.reason if org else None, p.start, p.end,
        )  # fmt: skip
    for position, lot in enumerate(reading.lots):
        rows.add(
            "lot", reading_id, position, _clean(lot.lot), _clean(lot.name), _value(lot.status), _clean(lot.supplier),
            _amount(lot.amount_cny, "lots.amount_cny", issues), _clean(lot.amount_raw), lot.amount_reason, lot.start, lot.end,
        )  # fmt: skip
    for position, item in enumerate(reading.items):
        quantity = _amount(item.quantity, "items.quantity", issues)
        rows.add(
            "item", reading_id, position, _clean(item.lot), _clean(item.name), item.brand_id, item.brand, _clean(item.brand_raw),
            _clean(item.model_raw), item.product_line, item.product_class, quantity, _clean(item.quantity_raw), _clean(item.unit),
            pieces(quantity, item.unit, item.quantity_raw), _amount(item.unit_price_cny, "items.unit_price_cny", issues),
            _clean(item.unit_price_raw), _amount(item.total_cny, "items.total_cny", issues), _clean(item.total_raw),
            item.declared_imported, _clean(item.supplier), _value(item.status), _clean(item.source), _clean(item.system),
            item.start, item.end, item.brand_start, item.brand_end, item.area, item.area_rule, item.area_score,
        )  # fmt: skip
    for position, m in enumerate(reading.mentions):
        rows.add(
            "mention", reading_id, position, m.brand_id, m.brand, _clean(m.surface), m.start, m.end, m.field, m.role.value,
            _value(m.best_role), m.score, m.rule, m.product_line, m.product_class, m.item, _clean(m.lot), m.area, m.area_rule,
        )  # fmt: skip


def _store_states(session: Session, pages: list[_Page], now: dt.datetime) -> set[int]:
    """One row a capture, unless it stands already. Returns the notices whose evidence or reading changed."""
    standing = {
        row[0]: tuple(row[1:])
        for row in session.execute(
            text("""
                SELECT capture_id, versions_id, attachments_digest, state, revision_id, notice_id FROM capture_reading
                 WHERE capture_id = ANY(:captures) AND superseded_at IS NULL
            """),
            {"captures": [page.ref.id for page in pages]},
        )
    }
    touched: set[int] = set()
    changed: list[_Page] = []
    for page in pages:
        is_notice = page.reading.state is PageState.NOTICE
        says = (page.versions_id, page.ref.attachments_digest, page.reading.state.value, page.revision_id or None)
        before = standing.get(page.ref.id)
        if before is not None and before[:4] == says:
            continue
        changed.append(page)
        if is_notice:
            touched.add(page.notice_id)
        if before is not None and before[4] is not None:
            touched.add(before[4])
    superseded = [page.ref.id for page in changed if page.ref.id in standing]
    if superseded:
        session.execute(
            text(
                "UPDATE capture_reading SET superseded_at = :now WHERE capture_id = ANY(:captures) AND superseded_at IS NULL"
            ),
            {"now": now, "captures": superseded},
        )
    rows: list[tuple[Any, ...]] = []
    issues: list[tuple[Any, ...]] = []
    for page, id_ in zip(changed, next_ids(session, "capture_reading", len(changed)), strict=True):
        rows.append(
            (
                id_, page.ref.id, page.versions_id, page.ref.attachments_digest, page.reading.state.value, page.notice_id or None,
                page.revision_id or None, now,
            )
        )  # fmt: skip
        if page.reading.state is not PageState.NOTICE:
            issues.extend((None, id_, *_issue(issue)) for issue in page.reading.issues)
    copy_rows(
        session,
        "capture_reading",
        ("id", "capture_id", "versions_id", "attachments_digest", "state", "notice_id", "revision_id", "recorded_at"),
        rows,
    )
    copy_rows(session, "issue", _COLUMNS["issue"], issues)
    return touched


def _issue(issue: Issue) -> tuple[str | None, str | None, str | None]:
    return _clean(issue.code), _clean(issue.message), _clean(issue.where)


def _amount(value: Decimal | None, where: str, issues: list[Issue]) -> Decimal | None:
    """A figure the store can hold: finite and not negative. Others become null, with an issue beside their raw text."""
    if value is None:
        return None
    if not value.is_finite() or value < 0:
        issues.append(Issue("impossible_number", f"{value} cannot stand here", where))
        return None
    return value


def _value(member: Any) -> str | None:
    return None if member is None else str(member.value)


def _clean(value: str | None) -> str | None:
    return None if value is None else storable(value)


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
