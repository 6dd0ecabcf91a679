"""Purge a notice: out of the store first, then out of the archive, then out of the pages the database keeps for itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from crawler.archive import Archive, ArchiveError, RecordRef
from db.engine import session_scope
from db.purge import Plan, erased, plan, purge, to_erase

if TYPE_CHECKING:
    from sqlalchemy import Engine

_TABLES = (
    "capture capture_reading notice revision body reading party lot item mention attachment related_notice field_change issue span "
    "link_key pair review fact_notice fact_mention fact_award fact_line organisation organisation_name"
)


def purge_notices(
    engine: Engine, archive_root: Path, given: Sequence[str], reason: str, by: str
) -> tuple[list[str], int]:
    """The names of the notices purged and how many archive records were overwritten. Killed anywhere, it can be run again.

    Raises UnknownValue, PurgeError, ArchiveError and DatabaseError.
    """
    with session_scope(engine) as session:
        found: Plan = plan(session, given)
        names = purge(session, found, reason, by)
    done = erase(engine, archive_root, names)
    # Rows that are gone leave their bytes and their share of the statistics behind until their pages are cleaned.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join(_TABLES.split())}"))
    return names, done


def erase(engine: Engine, archive_root: Path, names: Sequence[str]) -> int:
    """Overwrite what the archive still holds of purged notices. Returns how many records were.

    What cannot be overwritten here (another machine's archive, a read-only file) stays on the tombstone; the first such record is raised
    as ArchiveError once all others are done.
    """
    with session_scope(engine) as session:
        records = to_erase(session, names)
    now = dt.datetime.now(dt.UTC)
    archive = Archive(archive_root)
    left: dict[str, ArchiveError] = {}
    for record in records:
        try:
            archive.erase(RecordRef(record.file, record.offset, record.length, record.sha256), now)
        except ArchiveError as error:
            left.setdefault(record.sha256, error)
    if records:
        with session_scope(engine) as session:
            erased(session, names, left)
    if left:
        raise next(iter(left.values()))
    return len(records)
