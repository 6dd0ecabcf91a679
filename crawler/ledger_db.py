"""The ledger in Postgres: captures through :mod:`db.ingest`, runs and windows in their tables."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crawler.archive import RecordRef
from crawler.errors import CrawlError
from crawler.types import CaptureRow, Kind, Verdict, Window, WindowResult
from db import ingest
from db.engine import open_database
from db.errors import DatabaseError
from db.keys import url_key
from db.models import CrawlWindow, Run
from db.models.capture import CaptureKind
from db.models.portal import RunKind
from db.models.portal import Verdict as StoredVerdict
from db.settings import Settings

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
    "deficit": StoredVerdict.DEFICIT,
    "suspect": StoredVerdict.DEFICIT,
    "blocked": StoredVerdict.BLOCKED,
    "interrupted": StoredVerdict.FAILED,
    "failed": StoredVerdict.FAILED,
}
_KNOWN = text("""
    SELECT DISTINCT ON (url_key) url_key, source_id, warc_file, warc_offset, warc_length, sha256
      FROM capture
     WHERE url_key = ANY(:keys) AND portal_id = :portal AND kind = 'page' AND source_id IS NOT NULL
     ORDER BY url_key, captured_at DESC, id DESC
""")
_FILES = text("""
    SELECT DISTINCT url_key FROM capture
     WHERE url_key = ANY(:keys) AND portal_id = :portal AND kind = 'attachment' AND source_id IS NOT NULL
""")


_LAST = text("SELECT coalesce(max(id), 0) FROM capture")
_LOCK = text("SELECT pg_try_advisory_lock(:kind, :number)")
_RUN_LOCK, _PORTAL_LOCK = 0x6361_6901, 0x6361_6902


class DatabaseLedger:
    """Holds the database open from construction to :meth:`close`. Errors of the database become CrawlError."""

    def __init__(self, settings: Settings) -> None:
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
        who = {"host": socket.gethostname()}
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
        """True when no other run has this portal in hand; it is then ours until :meth:`close`, or until this process dies.

        One portal is one job: several machines with one database can share a night, and no host is asked by two of them.
        """
        return self._hold(_PORTAL_LOCK, zlib.crc32(portal.encode()) & 0x7FFFFFFF)

    def _hold(self, kind: int, number: int) -> bool:
        # Session locks of Postgres: they end with the connection, so a lease needs no clock and outlives no crash.
        try:
            if self._holding is None:
                self._holding = self._stack.enter_context(
                    self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                )
            taken = self._holding.execute(_LOCK, {"kind": kind, "number": number % 2**31}).scalar_one()
        except SQLAlchemyError as error:
            line = " ".join(str(getattr(error, "orig", None) or error).split())
            raise CrawlError(f"the database cannot be used ({line}).", "Run the same command again.") from error
        return bool(taken)

    def open_windows(self, windows: Sequence[Window]) -> None:
        """Promise the windows: whatever happens to the run, it can be seen what it set out to fetch."""
        values = [
            {"run_id": self.run_id, "portal_id": w.portal, "channel": w.channel, "since": w.since, "until": w.until}
            for w in windows
        ]
        with self.session() as session:
            for start in range(0, len(values), 1000):
                session.execute(insert(CrawlWindow).values(values[start : start + 1000]).on_conflict_do_nothing())

    def interrupted_runs(self) -> list[int]:
        """Crawls of this machine that never ended and whose process is gone."""
        with self.session() as session:
            rows = session.execute(
                select(Run.id, Run.arguments).where(
                    Run.kind == RunKind.CRAWL,
                    Run.verdict == StoredVerdict.OPEN,
                    Run.ended_at.is_(None),
                    Run.id != self.run_id,
                )
            ).all()
        here = socket.gethostname()
        candidates = [number for number, arguments in rows if arguments and arguments.get("host") == here]
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
        self._stack.close()

    # ── captures ─────────────────────────────────────────────────────────────────────────────────────────────────

    def known(self, portal: str, addresses: Mapping[str, str]) -> dict[str, RecordRef]:
        by_key = {url_key(url): number for number, url in addresses.items()}
        with self.session() as session:
            rows = session.execute(_KNOWN, {"keys": list(by_key), "portal": portal}).all()
        return {
            by_key[key]: RecordRef(file, offset, length, sha256)
            for key, source_id, file, offset, length, sha256 in rows
            if by_key[key] == source_id
        }

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
        # Another writer may record in between; the number is for people.
        return sum(number > last for number in set(ids))

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
                "reasons": dict(result.reasons),
                "notes": list(result.notes),
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
