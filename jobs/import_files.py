"""Saved files into the archive and the ledger: pages, API answers, attachments, WARC and WACZ files.

Bytes are archived before anything else happens to them. A file that cannot be used is refused with one line; the others
go in. Importing the same file again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.archive import Archive, ArchivedResponse, Damage, Exchange
from db.engine import session_scope
from db.ingest import CaptureRow, record_captures
from db.models import Capture
from db.models.capture import CaptureKind
from db.tombstones import stay_out
from jobs.file_kinds import FileKind, kind_of
from jobs.manifest import ManifestRow

if TYPE_CHECKING:
    from sqlalchemy import Engine

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A single page or attachment larger than this is refused; WARC files are streamed and have no limit."""
BATCH = 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One file that did not go in: what happened and what to do."""

    path: Path
    message: str
    remedy: str


@dataclass
class ImportReport:
    """``recorded`` new captures, ``known`` ones that were there before, by kind; and what was refused."""

    recorded: Counter[str] = field(default_factory=Counter)
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.refused


class _Refused(Exception):  # noqa: N818 - not an error: one file stays out, the others go in
    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class _Payload:
    """One capture to be: what the archive and the ledger need."""

    body: bytes
    media_type: str
    kind: CaptureKind
    url: str | None
    portal: str | None
    name: str | None
    captured_at: dt.datetime
    is_import_time: bool
    source_id: str | None = None
    answer: ArchivedResponse | None = None

    @property
    def payload(self) -> bytes:
        """The bytes as they are archived."""
        return self.answer.payload if self.answer is not None else self.body

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        return hashlib.sha256(self.payload).hexdigest(), self.url, self.name


def expand(paths: Sequence[Path]) -> tuple[list[ManifestRow], list[Refusal]]:
    """Files named, and all files below directories named, in a stable order; what cannot be listed is refused."""
    rows: list[ManifestRow] = []
    refused: list[Refusal] = []
    for path in paths:
        if path.is_dir():
            found = _files_below(path, refused)
            if not found and not any(r.path == path for r in refused):
                refused.append(Refusal(path, "an empty folder", "name a folder with saved pages"))
            rows.extend(ManifestRow(file, None, None, None, file.relative_to(path).as_posix()) for file in found)
        else:
            rows.append(ManifestRow(path, None, None, None))
    return rows, refused


def _files_below(folder: Path, refused: list[Refusal]) -> list[Path]:
    found: list[Path] = []
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        refused.append(Refusal(folder, f"cannot be listed ({error.strerror})", "check the folder's owner and mode"))
        return found
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            found.extend(_files_below(entry, refused))
        else:
            found.append(entry)
    return found


def import_files(
    engine: Engine, archive_root: Path, rows: Sequence[ManifestRow], *, progress: Progress | None = None
) -> ImportReport:
    """Import ``rows``. Raises ArchiveError and DatabaseError; everything about single files is in the report."""
    report = ImportReport()
    with Archive(archive_root, label="import") as archive:
        batch: list[_Payload] = []
        for number, row in enumerate(rows, start=1):
            try:
                for payload in _payloads(row):
                    batch.append(payload)
                    if len(batch) >= BATCH:
                        _store(engine, archive, batch, report)
                        batch = []
            except _Refused as error:
                report.refused.append(Refusal(row.path, error.message, error.remedy))
            if progress is not None:
                progress(number, len(rows))
        _store(engine, archive, batch, report)
    return report


def _store(engine: Engine, archive: Archive, batch: Sequence[_Payload], report: ImportReport) -> None:
    """Archive, then record: a row in the database never points at bytes that are not on the disk."""
    if not batch:
        return
    with session_scope(engine) as session:
        fresh = _unrecorded(session, batch)
        purged = stay_out(session, sha256={payload.key[0] for payload in fresh})
        for payload in fresh:
            if (notice := purged.get(("bytes", payload.key[0]))) is not None:
                report.refused.append(
                    Refusal(
                        Path(payload.name or payload.url or payload.key[0]),
                        f"{notice} was purged, and this is its content",
                        f"leave it out, or let it in again: caigou db purge {notice} --lift",
                    )
                )
        left_out = sum(("bytes", payload.key[0]) in purged for payload in fresh)
        fresh = [payload for payload in fresh if ("bytes", payload.key[0]) not in purged]
        with archive.group():
            rows = [_archived(archive, payload) for payload in fresh]
        record_captures(session, rows)
    report.known += len(batch) - len(fresh) - left_out
    report.recorded.update(payload.kind.value for payload in fresh)


def _unrecorded(session: Session, batch: Sequence[_Payload]) -> list[_Payload]:
    """Those of the batch that are not in the ledger yet, each once."""
    keys = [payload.key for payload in batch]
    statement = select(Capture.sha256, Capture.url, Capture.name).where(Capture.sha256.in_({key[0] for key in keys}))
    seen = {tuple(row) for row in session.execute(statement)}
    fresh: list[_Payload] = []
    for key, payload in zip(keys, batch, strict=True):
        if key not in seen:
            seen.add(key)
            fresh.append(payload)
    return fresh


def _archived(archive: Archive, payload: _Payload) -> CaptureRow:
    answer = payload.answer
    if answer is not None and answer.status is not None:
        ref = archive.append(
            Exchange(
                url=answer.url,
                status=answer.status,
                headers=answer.headers,
                body=answer.payload,
                captured_at=answer.captured_at,
                method=answer.method,
                request_body=answer.request_body,
                context=answer.context,
                note=answer.note,
            )
        )
    else:
        digest = hashlib.sha256(payload.payload).hexdigest()
        time_note = "captured_at is the time of import" if payload.is_import_time else "captured_at as given"
        ref = archive.append_resource(
            payload.url or f"urn:sha256:{digest}",
            payload.payload,
            content_type=payload.media_type,
            captured_at=payload.captured_at,
            note=f"imported from {payload.name}; {time_note}",
            context={"portal": payload.portal, "kind": payload.kind.value},
        )
    return CaptureRow(
        kind=payload.kind,
        portal=payload.portal,
        url=payload.url,
        name=payload.name,
        source_id=payload.source_id,
        captured_at=payload.captured_at,
        captured_at_is_import=payload.is_import_time,
        http_status=answer.status if answer is not None else None,
        media_type=payload.media_type,
        content_type=answer.content_type if answer is not None else None,
        sha256=ref.sha256,
        warc_file=ref.file,
        warc_offset=ref.offset,
        warc_length=ref.length,
    )


# ── what is in a file ────────────────────────────────────────────────────────────────────────────────────────────────


def _payloads(row: ManifestRow) -> Iterator[_Payload]:
    path = row.path
    try:
        if path.is_dir():
            raise _Refused("a directory, not a file", "list the files in it")
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(8192)
    except FileNotFoundError:
        raise _Refused("no such file", "check the path") from None
    except OSError as error:
        raise _Refused(f"cannot be read ({error.strerror})", "check the file's owner and mode") from None
    if size == 0:
        raise _Refused("an empty file", "save the page again")
    found = kind_of(path, head)
    if found is None:
        raise _Refused(
            "not a page, an API answer, an attachment or a WARC file",
            "import html, json, txt, pdf, office or warc files",
        )
    if found.kind is FileKind.WARC:
        yield from _warc_payloads(path)
        return
    if found.kind is FileKind.WACZ:
        yield from _wacz_payloads(path)
        return
    if size > MAX_FILE_BYTES:
        raise _Refused(
            f"{size / 1e6:,.0f} MB is more than any page or attachment has (limit 64 MB)",
            "leave it out, or import it as a WARC file",
        )
    try:
        body = path.read_bytes()
    except OSError as error:
        raise _Refused(f"cannot be read ({error.strerror})", "check the disk") from None
    if found.kind is FileKind.GZIP:
        body = _gunzip(body)
    yield _Payload(
        body=body,
        media_type=found.media_type,
        kind=CaptureKind.ATTACHMENT if found.kind is FileKind.ATTACHMENT else CaptureKind.PAGE,
        url=row.url,
        portal=row.portal,
        name=row.name or path.name,
        captured_at=row.captured_at or dt.datetime.now(dt.UTC),
        is_import_time=row.captured_at is None,
    )


def _gunzip(data: bytes) -> bytes:
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = decoder.decompress(data, MAX_FILE_BYTES + 1)
    except zlib.error as error:
        raise _Refused(f"a damaged gzip file ({error})", "copy it again from its source") from None
    if len(body) > MAX_FILE_BYTES:
        raise _Refused("more than 64 MB once unpacked", "leave it out")
    if not decoder.eof:
        raise _Refused("a gzip file that ends too early", "copy it again from its source")
    if not body:
        raise _Refused("an empty file inside gzip", "save the page again")
    return body


def _warc_payloads(path: Path) -> Iterator[_Payload]:
    damages: list[Damage] = []
    count = 0
    with Archive(path.parent) as reader:
        for answer in reader.iterate(path, damages):
            count += 1
            if not _by_the_way(answer):
                yield _from_answer(answer)
    if damages:
        first = damages[0]
        raise _Refused(
            f"damaged at byte {first.offset} ({first.message}); the {count} whole records before it are in",
            "copy the file again and import it again",
        )
    if count == 0:
        raise _Refused("a WARC file without responses", "check the file")


def _wacz_payloads(path: Path) -> Iterator[_Payload]:
    try:
        with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory(prefix="caigou-") as folder:
            names = [n for n in package.namelist() if n.startswith("archive/") and n.endswith((".warc", ".warc.gz"))]
            if not names:
                raise _Refused("a WACZ file without archive/*.warc.gz", "check the file")
            targets: list[Path] = []
            for number, name in enumerate(names):
                # Side by side under their own names: a record may refer to one in another file.
                target = Path(folder) / Path(name).name
                target = target if target not in targets else target.with_name(f"{number}-{target.name}")
                targets.append(target)
                with package.open(name) as source, target.open("wb") as sink:
                    while chunk := source.read(1 << 20):
                        sink.write(chunk)
            for target in targets:
                yield from _warc_payloads(target)
    except zipfile.BadZipFile:
        raise _Refused("not a zip file inside", "copy the file again") from None


def _by_the_way(answer: ArchivedResponse) -> bool:
    """What a crawl of ours met on its way and wrote down nowhere: robots.txt, redirects, a refusal where a file was asked for."""
    kind, status = answer.context.get("kind"), answer.status or 200
    return kind == "robots" or (kind is not None and (300 <= status < 400 or (kind == "attachment" and status != 200)))


def _from_answer(answer: ArchivedResponse) -> _Payload:
    """A record of a WARC file. Records of our own archive say which portal they are from and what was asked for."""
    context = answer.context
    media_type = (answer.content_type or "application/octet-stream").split(";")[0].strip().lower()
    asked = context.get("kind")
    if asked in {kind.value for kind in CaptureKind}:
        kind = CaptureKind(asked)
    else:
        kind = (
            CaptureKind.PAGE
            if media_type.startswith("text/") or media_type.endswith(("json", "xml"))
            else CaptureKind.ATTACHMENT
        )
    return _Payload(
        body=b"",
        media_type=media_type,
        kind=kind,
        # The address that was asked for: by it a file joins its notice, wherever the answer came from.
        url=(context.get("url") or answer.url) if "://" in answer.url else None,
        portal=context.get("portal"),
        name=context.get("name") if "://" in answer.url else answer.url,
        captured_at=answer.captured_at,
        is_import_time=False,
        source_id=context.get("source_id"),
        answer=answer,
    )
