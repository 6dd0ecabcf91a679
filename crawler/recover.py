"""Rebuild rows of the ledger from archive files: after a kill between archive and database, or when the database is lost."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Protocol

from crawler.archive import Archive, Damage
from crawler.pages.same import tells_of
from crawler.types import CaptureRow, Kind
from nlp.page_state import recognise
from nlp.types import PageState

logger = logging.getLogger(__name__)

BATCH = 500


class Records(Protocol):
    def record(self, rows: Sequence[CaptureRow]) -> int: ...


def recover(archive: Archive, ledger: Records, files: Sequence[str] | None = None) -> int:
    """Record every capture of these files (default: all). Recording twice changes nothing. Returns how many were seen."""
    seen = 0
    for name in files if files is not None else archive.files():
        damages: list[Damage] = []
        batch: list[CaptureRow] = []
        for row in rows(archive, name, damages):
            batch.append(row)
            if len(batch) >= BATCH:
                ledger.record(batch)
                batch.clear()
            seen += 1
        if batch:
            ledger.record(batch)
        for damage in damages:
            logger.warning("archive %s at byte %d: %s", damage.file, damage.offset, damage.message)
    return seen


def rows(archive: Archive, file: str, damages: list[Damage] | None = None) -> Iterator[CaptureRow]:
    """The captures of one file as the crawl would have recorded them. Redirects, robots.txt and records of others are left out."""
    for answer in archive.iterate(file, damages):
        portal, kind_name = answer.context.get("portal"), answer.context.get("kind")
        if not portal or kind_name not in {Kind.PAGE, Kind.LIST, Kind.ATTACHMENT} or answer.status is None:
            continue
        if 300 <= answer.status < 400:
            continue
        kind = Kind(kind_name)
        body = answer.body
        state = recognise(body, answer.content_type, answer.url, answer.status)
        cut = "dataloss" in (answer.note or "") or state.reason == "truncated"
        if kind is Kind.PAGE:
            title = answer.context.get("title")
            told = state.reason == "record" or not isinstance(title, str) or tells_of(title, body, answer.content_type)
            good = state.state is PageState.NOTICE and not cut and told
        else:
            good = answer.status == 200 and bool(body) and not cut and state.state is not PageState.BLOCKED
        number = answer.context.get("source_id")
        yield CaptureRow(
            portal=portal,
            kind=kind,
            url=answer.context.get("url") or answer.url,
            status=answer.status,
            content_type=answer.content_type,
            captured_at=answer.captured_at,
            ref=answer.ref,
            state=state.state.value,
            reason=state.reason,
            source_id=number if good and isinstance(number, str) else None,
            name=answer.context.get("name"),
        )
