"""What was purged, and that it stays out. Purging itself is :mod:`db.purge`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

ISSUE = "purged"
"""Code of the issue that a page of a purged notice gets when it comes in again."""


class PurgedError(ValueError):
    """Raised where a purged notice is asked for. ``message`` says when, by whom and why, ``remedy`` what may be done."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(tombstone.words)
        self.message = tombstone.words
        self.notice = tombstone.notice
        self.remedy = "nothing of it is kept; caigou db purge --lift lets it be fetched or imported again"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One purged notice. ``unerased`` counts captures whose bytes are still in the archive; ``lifted_at`` null = it stays out."""

    notice: str
    source_id: str | None
    reason: str
    purged_by: str
    purged_at: dt.datetime
    rows: dict[str, int]
    bytes: tuple[str, ...]
    unerased: int
    lifted_at: dt.datetime | None
    lifted_by: str | None
    lift_reason: str | None

    @property
    def words(self) -> str:
        return f"{self.notice} was purged on {self.purged_at:%Y-%m-%d} by {self.purged_by} ({self.reason})"

    def as_json(self) -> dict[str, Any]:
        """One JSON-ready object."""
        lifted = None
        if self.lifted_at is not None:
            lifted = {"at": self.lifted_at.isoformat(), "by": self.lifted_by, "reason": self.lift_reason}
        return {
            "notice": self.notice,
            "source_id": self.source_id,
            "purged_at": self.purged_at.isoformat(),
            "by": self.purged_by,
            "reason": self.reason,
            "rows": self.rows,
            "sha256": list(self.bytes),
            "unerased": self.unerased,
            "lifted": lifted,
        }


def tombstones(session: Session, notices: Sequence[str] | None = None, *, standing: bool = True) -> list[Tombstone]:
    """Purged notices (``portal/identity``), oldest first; with ``standing`` false also those allowed in again."""
    where = ["t.subject = 'notice'"]
    if standing:
        where.append("t.lifted_at IS NULL")
    if notices is not None:
        where.append("t.identity = ANY(:notices)")
    rows = session.execute(
        text(f"""
            SELECT t.identity, t.source_id, t.reason, t.purged_by, t.recorded_at, t.details,
                   coalesce((SELECT array_agg(DISTINCT b.identity ORDER BY b.identity) FROM tombstone b
                              WHERE b.subject = 'bytes' AND b.notice = t.notice AND b.recorded_at >= t.recorded_at
                                AND b.lifted_at IS NOT DISTINCT FROM t.lifted_at), '{{}}'),
                   (SELECT count(*) FROM tombstone b WHERE b.subject = 'bytes' AND b.notice = t.notice AND b.erased_at IS NULL
                       AND b.lifted_at IS NOT DISTINCT FROM t.lifted_at),
                   t.lifted_at, t.lifted_by, t.lift_reason
              FROM tombstone t WHERE {" AND ".join(where)} ORDER BY t.recorded_at, t.id
        """),  # noqa: S608 -- pieces of ours
        {} if notices is None else {"notices": list(notices)},
    )
    columns = (
        "notice",
        "source_id",
        "reason",
        "purged_by",
        "purged_at",
        "rows",
        "bytes",
        "unerased",
        "lifted_at",
        "lifted_by",
        "lift_reason",
    )
    return [Tombstone(**dict(zip(columns, (*row[:6], tuple(row[6]), *row[7:]), strict=True))) for row in rows]


def find_tombstone(session: Session, given: str) -> Tombstone | None:
    """The standing tombstone that ``portal/identity``, ``portal/source_id``, a source id alone, or an address names."""
    from db.keys import storable, url_key  # noqa: PLC0415 -- seldom needed

    value = storable(given).strip()
    if not value:
        return None
    portal, _, rest = value.partition("/")
    names = session.execute(
        text("""
            SELECT identity FROM tombstone
             WHERE subject = 'notice' AND lifted_at IS NULL
               AND (identity = :value OR source_id = :value OR (source_id = :rest AND starts_with(identity, :portal))
                    OR (:address <> '' AND right(identity, length(:address)) = :address))
        """),
        {
            "value": value, "rest": rest, "portal": f"{portal}/", "address": f"/url:{url_key(value)}" if "://" in value else "",
        },
    ).scalars()  # fmt: skip
    found = sorted(set(names))
    return tombstones(session, found)[0] if len(found) == 1 else None


def count_standing(session: Session) -> int:
    """How many notices were purged and stay out."""
    return int(
        session.execute(
            text("SELECT count(*) FROM tombstone WHERE subject = 'notice' AND lifted_at IS NULL")
        ).scalar_one()
    )


def stay_out(
    session: Session, *, notices: Iterable[str] = (), revisions: Iterable[str] = (), sha256: Iterable[str] = ()
) -> dict[tuple[str, str], str]:
    """(subject, identity) -> the purged notice, for those of the arguments that must not come in."""
    rows = session.execute(
        text("""
            SELECT subject, identity, notice FROM tombstone
             WHERE lifted_at IS NULL AND ((subject = 'notice' AND identity = ANY(:notices))
                OR (subject = 'revision' AND identity = ANY(:revisions)) OR (subject = 'bytes' AND identity = ANY(:bytes)))
             ORDER BY id
        """),
        {"notices": list(notices), "revisions": list(revisions), "bytes": list(sha256)},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def purged_ids(session: Session, portal: str, numbers: Iterable[str]) -> set[str]:
    """Of a portal's ids of notices, those that were purged: not to be fetched."""
    rows = session.execute(
        text("""
            SELECT source_id FROM tombstone WHERE subject = 'notice' AND lifted_at IS NULL AND source_id = ANY(:numbers)
               AND starts_with(identity, :portal)
        """),
        {"numbers": list(numbers), "portal": f"{portal}/"},
    )
    return set(rows.scalars())
