"""The ledger in Postgres: captures through :mod:`db.ingest`, runs, windows and leases of portals in their tables."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crawler.archive import RecordRef
from crawler.errors import CrawlError
from crawler.types import CaptureRow, FileLink, Kind, Known, Verdict, Window, WindowResult
from db import ingest
from db.engine import open_database
from db.errors import DatabaseError
from db.keys import url_key
from db.models import CrawlWindow, Run
from db.models.capture import CaptureKind
from db.models.portal import RunKind
from db.models.portal import Verdict as StoredVerdict
from db.settings import Settings
from db.tombstones import purged_ids

logger = logging.getLogger(__name__)

LEASE = 180.0
"""Seconds a portal stays with a run that gives no more sign of life."""

_STORED = {
    Verdict.COMPLETE: StoredVerdict.COMPLETE,
    Verdict.EMPTY_EXPECTED: StoredVerdict.COMPLETE,
    Verdict.EMPTY_SUSPECT: StoredVerdict.DEFICIT,
    Verdict.UNKNOWN_TOTAL: StoredVerdict.DEFICIT,
    Verdict.DEFICIT: StoredVerdict.DEFICIT,
    Verdict.BLOCKED: StoredVerdict.BLOCKED,
    Verdict.OPEN: StoredVerdict.OPEN,
}
_RUN = {
    "complete": StoredVerdict.COMPLETE,
    "open": StoredVerdict.OPEN,
    "deficit": StoredVerdict.DEFICIT,
    "suspect": StoredVerdict.DEFICIT,
    "blocked": StoredVerdict.BLOCKED,
    "interrupted": StoredVerdict.FAILED,
    "failed": StoredVerdict.FAILED,
}
_KNOWN = text("""
    SELECT DISTINCT ON (c.url_key) c.url_key, c.source_id, c.warc_file, c.warc_offset, c.warc_length, c.sha256, f.files
      FROM capture c
      LEFT JOIN page_files f ON f.portal_id = c.portal_id AND f.url_key = c.url_key AND f.sha256 = c.sha256
     WHERE c.url_key = ANY(:keys) AND c.portal_id = :portal AND c.kind = 'page' AND c.source_id IS NOT NULL
     ORDER BY c.url_key, c.captured_at DESC, c.id DESC
""")
_PAGE_FILES = text("""
    INSERT INTO page_files (portal_id, url_key, sha256, files)
    SELECT * FROM unnest(CAST(:portals AS text[]), CAST(:keys AS text[]), CAST(:digests AS text[]), CAST(:files AS jsonb[]))
    ON CONFLICT (portal_id, url_key) DO UPDATE SET sha256 = excluded.sha256, files = excluded.files
""")
_FILES = text("""
    SELECT DISTINCT url_key FROM capture
     WHERE url_key = ANY(:keys) AND portal_id = :portal AND kind = 'attachment' AND source_id IS NOT NULL
""")


_LAST = text("SELECT coalesce(max(id), 0) FROM capture")
_LOCK = text("SELECT pg_try_advisory_lock(:kind, :number)")
_RUN_LOCK = 0x6361_6901

_LEASE_ROW = text("INSERT INTO portal_lease (portal_id) VALUES (:portal) ON CONFLICT DO NOTHING")
_LEASE_LOOK = text("""
    SELECT run_id, archive, expires_at > clock_timestamp() FROM portal_lease WHERE portal_id = :portal FOR UPDATE SKIP LOCKED
""")
_LEASE_TAKE = text("""
    UPDATE portal_lease SET run_id = :run, archive = :archive, claimed_at = clock_timestamp(),
                            expires_at = clock_timestamp() + make_interval(secs => :lease)
     WHERE portal_id = :portal
""")
_LEASE_RENEW = text("""
    UPDATE portal_lease SET expires_at = clock_timestamp() + make_interval(secs => :lease)
     WHERE run_id = :run AND portal_id = ANY(:portals) AND expires_at IS NOT NULL
    RETURNING portal_id
""")
_LEASE_GIVE = text("UPDATE portal_lease SET expires_at = NULL WHERE run_id = :run AND portal_id = ANY(:portals)")
_LEASE_STANDING = text("SELECT expires_at > clock_timestamp() FROM portal_lease WHERE portal_id = :portal")


class DatabaseLedger:
    """Holds the database open from construction to :meth:`close`. Errors of the database become CrawlError.

    ``archive``: id of the archive this machine writes to. ``lease``: seconds after which a portal is free again when its
    run gives no sign of life; a thread gives one four times as often.
    """

    def __init__(self, settings: Settings, *, archive: str | None = None, lease: float = LEASE) -> None:
        self._archive = archive
        self._lease = lease
        self._held: set[str] = set()
        self._lost: Callable[[str], None] = lambda _: None
        self._beating = threading.Event()
        self._beat: threading.Thread | None = None
        self._connection_lock = threading.Lock()
        self._stack = ExitStack()
        try:
            self._engine: Engine = self._stack.enter_context(open_database(settings))
        except DatabaseError as error:
            raise CrawlError(f"{error.message}.", error.remedy) from error
        self.run_id: int | None = None
        self._holding: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction."""
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            line = " ".join(str(getattr(error, "orig", None) or error).split())
            raise CrawlError(
                f"the database cannot be written ({line}).",
                "What was captured is in the archive; run the same command again.",
            ) from error

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_run(self, portals: Sequence[str], arguments: Mapping[str, Any]) -> int:
        who = {"host": socket.gethostname(), "archive": self._archive}
        with self.session() as session:
            ingest.ensure_portals(session, portals)
            run = Run(kind=RunKind.CRAWL, arguments={**arguments, **who, "portals": list(portals)})
            session.add(run)
            session.flush()
            number = run.id
        self.run_id = number
        self._hold(_RUN_LOCK, number)
        return number

    def claim(self, portal: str) -> bool:
        """True when no other run has this portal in hand; it is then ours until :meth:`release`, or until this process gives
        no more sign of life for the time of the lease.

        One portal is one job: several machines with one database can share a night, and no host is asked by two of them.
        A run of this very archive whose process is gone holds nothing back: its connection, and with it its lock, is gone too.
        """
        with self.session() as session:
            ingest.ensure_portals(session, [portal])
            session.execute(_LEASE_ROW, {"portal": portal})
        with self.session() as session:
            row = session.execute(_LEASE_LOOK, {"portal": portal}).one_or_none()
            if row is None:  # another run is taking it at this moment
                return False
            holder, archive, standing = row
            if standing and holder != self.run_id:
                mine = archive is not None and archive == self._archive
                if not mine or not self._hold(_RUN_LOCK, holder):
                    return False
            values = {"portal": portal, "run": self.run_id, "archive": self._archive, "lease": self._lease}
            session.execute(_LEASE_TAKE, values)
        self._held.add(portal)
        if self._beat is None:
            self._beat = threading.Thread(target=self._keep_alive, name="lease", daemon=True)
            self._beat.start()
        return True

    def standing(self, portal: str) -> str:
        with self.session() as session:
            alive = session.execute(_LEASE_STANDING, {"portal": portal}).scalar_one_or_none()
        return "free" if alive is None else "held" if alive else "expired"

    def release(self, portal: str) -> None:
        self._held.discard(portal)
        with self.session() as session:
            session.execute(_LEASE_GIVE, {"run": self.run_id, "portals": [portal]})

    def watch(self, lost: Callable[[str], None]) -> None:
        self._lost = lost

    def _keep_alive(self) -> None:
        """Renew the leases until :meth:`close`; say which were lost. A database that is away for less than the lease costs nothing."""
        renewed_at = time.monotonic()
        while not self._beating.wait(self._lease / 4):
            held = set(self._held)
            began = time.monotonic()
            try:
                with self.session() as session:
                    values = {"run": self.run_id, "portals": sorted(held), "lease": self._lease}
                    kept = set(session.execute(_LEASE_RENEW, values).scalars())
                self._hold_again()
                renewed_at = began
            except CrawlError:
                if began - renewed_at < self._lease:
                    continue
                kept = set()
            for portal in sorted((held - kept) & self._held):
                self._held.discard(portal)
                logger.error("the lease of %s is lost: another run may have it", portal)
                self._lost(portal)

    def _hold_again(self) -> None:
        """The run's own lock went with the connection when the database was restarted."""
        with self._connection_lock:
            if self._holding is None or self.run_id is None:
                return
            try:
                self._holding.execute(text("SELECT 1"))
            except SQLAlchemyError:
                with contextlib.suppress(SQLAlchemyError):
                    self._holding.close()
                self._holding = None
            else:
                return
        self._hold(_RUN_LOCK, self.run_id)

    def _hold(self, kind: int, number: int) -> bool:
        # Session locks of Postgres end with the connection: they tell a run that was killed from one that lives.
        with self._connection_lock:
            try:
                if self._holding is None:
                    self._holding = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                taken = self._holding.execute(_LOCK, {"kind": kind, "number": number % 2**31}).scalar_one()
            except SQLAlchemyError as error:
                line = " ".join(str(getattr(error, "orig", None) or error).split())
                raise CrawlError(f"the database cannot be used ({line}).", "Run the same command again.") from error
        return bool(taken)

    def open_windows(self, windows: Sequence[Window]) -> None:
        """Promise the windows: whatever happens to the run, it can be seen what it set out to fetch."""
        values = [
            {
                "run_id": self.run_id,
                "portal_id": w.portal,
                "channel": w.channel,
                "since": w.since,
                "until": w.until,
                "claimed_by": f"{socket.gethostname()} {self._archive or ''}".strip(),
                "claimed_at": dt.datetime.now(dt.UTC),
            }
            for w in windows
        ]
        with self.session() as session:
            for start in range(0, len(values), 1000):
                session.execute(insert(CrawlWindow).values(values[start : start + 1000]).on_conflict_do_nothing())

    def interrupted_runs(self) -> list[int]:
        """Crawls into this archive that never ended and whose process is gone."""
        with self.session() as session:
            rows = session.execute(
                select(Run.id, Run.arguments).where(
                    Run.kind == RunKind.CRAWL,
                    Run.verdict == StoredVerdict.OPEN,
                    Run.ended_at.is_(None),
                    Run.id != self.run_id,
                )
            ).all()
        # Another archive's runs are for its own machine: only there lies what they archived and did not write down.
        candidates = [number for number, arguments in rows if arguments and arguments.get("archive") == self._archive]
        return [number for number in candidates if self._hold(_RUN_LOCK, number)]

    def give_up_run(self, run_id: int, summary: Mapping[str, Any]) -> None:
        """Mark a run that was killed, after what it archived is written down."""
        with self.session() as session:
            session.execute(
                update(Run)
                .where(Run.id == run_id)
                .values(verdict=StoredVerdict.FAILED, ended_at=dt.datetime.now(dt.UTC), summary=dict(summary))
            )

    def close_run(self, verdict: str, summary: Mapping[str, Any]) -> None:
        with self.session() as session:
            session.execute(
                update(Run)
                .where(Run.id == self.run_id)
                .values(verdict=_RUN[verdict], ended_at=dt.datetime.now(dt.UTC), summary=dict(summary))
            )

    def close(self) -> None:
        self._beating.set()
        if self._beat is not None:
            self._beat.join()
        if self._held:
            with contextlib.suppress(CrawlError), self.session() as session:
                session.execute(_LEASE_GIVE, {"run": self.run_id, "portals": sorted(self._held)})
            self._held.clear()
        if self._holding is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._holding.close()
            self._holding = None
        self._stack.close()

    # ── captures ─────────────────────────────────────────────────────────────────────────────────────────────────

    def known(self, portal: str, addresses: Mapping[str, str]) -> dict[str, Known]:
        by_key = {url_key(url): number for number, url in addresses.items()}
        with self.session() as session:
            rows = session.execute(_KNOWN, {"keys": list(by_key), "portal": portal}).all()
        return {
            by_key[key]: Known(
                RecordRef(file, offset, length, sha256),
                None if files is None else tuple(FileLink(name, url) for name, url in files),
            )
            for key, source_id, file, offset, length, sha256, files in rows
            if by_key[key] == source_id
        }

    def purged(self, portal: str, numbers: Sequence[str]) -> set[str]:
        with self.session() as session:
            return purged_ids(session, portal, numbers)

    def known_files(self, portal: str, urls: Sequence[str]) -> set[str]:
        by_key: dict[str, list[str]] = {}
        for url in urls:
            by_key.setdefault(url_key(url), []).append(url)
        with self.session() as session:
            rows = session.execute(_FILES, {"keys": list(by_key), "portal": portal}).scalars().all()
        return {url for key in rows for url in by_key[key]}

    def record(self, rows: Sequence[CaptureRow]) -> int:
        """New captures. A refused answer to the question for a file is kept in the archive alone: in the store it would
        be taken for the file.
        """
        wanted = [row for row in rows if not (row.kind is Kind.ATTACHMENT and row.source_id is None)]
        if not wanted:
            return 0
        captures = [self._capture(row) for row in wanted]
        with self.session() as session:
            last = session.execute(_LAST).scalar_one()
            ids = ingest.record_captures(session, captures)
            self._record_files(session, wanted)
        # Another writer may record in between; the number is for people.
        return sum(number > last for number in set(ids))

    @staticmethod
    def _record_files(session: Session, rows: Sequence[CaptureRow]) -> None:
        linking = {(row.portal, url_key(row.url)): row for row in rows if row.files is not None}
        if linking:
            values = {
                "portals": [portal for portal, _ in linking],
                "keys": [key for _, key in linking],
                "digests": [row.ref.sha256 for row in linking.values()],
                "files": [json.dumps([[f.name, f.url] for f in row.files or ()]) for row in linking.values()],
            }
            session.execute(_PAGE_FILES, values)

    def _capture(self, row: CaptureRow) -> ingest.CaptureRow:
        media = (row.content_type or "application/octet-stream").split(";")[0].strip().lower()
        return ingest.CaptureRow(
            portal=row.portal,
            url=row.url,
            captured_at=row.captured_at,
            sha256=row.ref.sha256,
            media_type=media or "application/octet-stream",
            http_status=row.status,
            warc_file=row.ref.file,
            warc_offset=row.ref.offset,
            warc_length=row.ref.length,
            name=row.name,
            content_type=row.content_type,
            source_id=row.source_id,
            run_id=self.run_id,
            kind=CaptureKind(row.kind.value),
        )

    # ── windows ──────────────────────────────────────────────────────────────────────────────────────────────────

    def save_window(self, result: WindowResult, evidence: Mapping[str, Any]) -> None:
        values = {
            "listed": result.listed,
            "captured": result.captured,
            "verdict": _STORED[result.verdict],
            "deficit": [{"source_id": a, "url": b, "reason": c} for a, b, c in result.deficit] or None,
            "reason": ", ".join(f"{count} {reason}" for reason, count in sorted(result.reasons.items())) or None,
            "state": {
                "verdict": result.verdict.value,
                "discovered": result.discovered,
                "new": result.new,
                "files": result.files,
                "over": result.over,
                "reasons": dict(result.reasons),
                "notes": list(result.notes),
                "parts": {name: {"listed": listed, "seen": seen} for name, (listed, seen) in result.parts.items()},
                **evidence,
            },
            "ended_at": dt.datetime.now(dt.UTC),
        }
        where = {
            "run_id": self.run_id, "portal_id": result.portal, "channel": result.channel, "since": result.since, "until": result.until,
        }  # fmt: skip
        with self.session() as session:
            session.execute(
                insert(CrawlWindow)
                .values(**where, **values)
                .on_conflict_do_update(index_elements=["run_id", "portal_id", "channel", "since", "until"], set_=values)
            )
