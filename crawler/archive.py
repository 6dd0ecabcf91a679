"""The archive: every answer a portal gave, byte for byte, in WARC 1.1 files (ISO 28500:2017), gzip per record.

What is on disk is what came over the wire after transfer decoding: a body compressed by the server stays compressed,
the digest is the sha256 of those bytes. Each response stands right behind the request that caused it. Every process
writes its own file (``<label>-<UTC time>-<random>.warc.gz``), so writers never share one.

Durability: :meth:`Archive.append` returns when the record is on the disk (one ``write``, then ``fsync``). Inside
``with archive.group():`` the ``fsync`` is done once, when the block ends; refer to a record from a database only after
that. A process killed in the middle of a write leaves a cut tail; :meth:`Archive.iterate` yields what is whole.

The module imports neither Scrapy nor the database.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import errno
import gzip
import hashlib
import io
import json
import os
import secrets
import threading
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import quote

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Headers = tuple[tuple[str, str], ...]

MAX_FILE_BYTES = 1 << 30
"""A new file is begun when the current one has grown to this size."""
COMPRESSION_LEVEL = 6
URL_SAFE = "%/:=&?~#+!$,;'@()*[]"
CONTEXT_HEADER = "Caigou-Context"
REFERS_HEADER = "Caigou-Refers-To"
NOTE_HEADER = "Caigou-Note"
PURGED_HEADER = "Caigou-Purged"


class ArchiveError(Exception):
    """Raised wherever the archive cannot be written or read. ``message`` names the file, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where one record stands: ``file`` relative to the archive's root, ``offset`` and ``length`` in bytes of the
    compressed file, ``sha256`` of the payload as stored (lower-case hex).
    """

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, to be archived. ``url`` is the portal's own, whatever gateway was in between.

    ``headers`` and ``body`` are those of the response as received after transfer decoding. ``captured_at`` is
    timezone-aware. ``context`` is what the crawler knew when it asked (portal, kind, notice id): with it the database
    can be rebuilt from the archive alone.
    """

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    captured_at: dt.datetime
    method: str = "GET"
    request_headers: Sequence[tuple[str, str]] = ()
    request_body: bytes = b""
    reason: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """One archived answer. ``status`` is None for an imported file. ``payload`` is as stored; ``body`` is decoded."""

    url: str
    status: int | None
    headers: Headers
    payload: bytes
    captured_at: dt.datetime
    ref: RecordRef
    method: str = "GET"
    request_body: bytes = b""
    context: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None

    @property
    def body(self) -> bytes:
        """The payload with its content encoding taken off; a damaged or unknown encoding is left as it is."""
        return decode_body(self.payload, self.header("content-encoding") or "")

    @property
    def content_type(self) -> str | None:
        return self.header("content-type")

    def header(self, name: str) -> str | None:
        """First header of that name, case-insensitively."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing wrong with an archive file: where, and what."""

    file: str
    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    files: int
    records: int
    payload_bytes: int
    damages: tuple[Damage, ...]

    @property
    def ok(self) -> bool:
        return not self.damages


def decode_body(payload: bytes, encoding: str) -> bytes:
    """Take ``Content-Encoding`` gzip or deflate off ``payload``. What cannot be decoded comes back unchanged."""
    name = encoding.strip().lower()
    if not payload or name in {"", "identity"}:
        return payload
    try:
        if name in {"gzip", "x-gzip"}:
            return _gunzip(payload)
        if name == "deflate":
            try:
                return zlib.decompress(payload)
            except zlib.error:
                return zlib.decompress(payload, -zlib.MAX_WBITS)
    except (OSError, EOFError, zlib.error):
        return payload
    return payload


def _gunzip(payload: bytes) -> bytes:
    """All members; of a cut stream, what can be had."""
    out, data = [], payload
    while data:
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        out.append(decoder.decompress(data))
        if not decoder.eof:
            break
        data = decoder.unused_data.lstrip(b"\0")
    return b"".join(out)


class Archive:
    """The WARC files under ``root``. One object writes one file at a time; use it from several threads if you like.

    ``label`` begins the name of the files written (the portal or the job). Nothing is created before the first
    record. Close it, or use it as a context manager.
    """

    def __init__(
        self, root: Path, *, label: str = "caigou", software: str = "caigou", max_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self.root = Path(root)
        self.label = label
        self.software = software
        self.max_bytes = max_bytes
        self._lock = threading.RLock()
        self._handle: BinaryIO | None = None
        self._name = ""
        self._offset = 0
        self._grouped = 0
        self._dirty = False

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def append(self, exchange: Exchange, *, revisit_of: ArchivedResponse | None = None) -> RecordRef:
        """Write request and response; return where the response stands, durable (see the module's text).

        With ``revisit_of`` (an archived answer with the same payload) only the headers are stored again; reading the
        returned reference gives the whole answer all the same. Raises :class:`ArchiveError`.
        """
        digest = hashlib.sha256(exchange.body).digest()
        if revisit_of is not None and revisit_of.ref.sha256 != digest.hex():
            revisit_of = None
        uri, date = quote(exchange.url, safe=URL_SAFE), _warc_date(exchange.captured_at)
        if revisit_of is None:
            number = _record_id()
            response = _packed(_response(exchange, uri, date, digest, number))
        else:
            builder = _Builder()
            record = builder.revisit(exchange, uri, date, digest, revisit_of)
            number = record.rec_headers.get_header("WARC-Record-ID")
            response = builder.member(record)
        return self._write([_packed(_request(exchange, uri, date, number)), response], digest.hex())

    def append_resource(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str | None,
        captured_at: dt.datetime | None,
        note: str,
        context: Mapping[str, Any] | None = None,
    ) -> RecordRef:
        """Write a saved file as a ``resource`` record. ``captured_at`` None = now, the time of import; say so in ``note``."""
        digest = hashlib.sha256(body).digest()
        moment = captured_at or dt.datetime.now(dt.UTC)
        headers = {
            "WARC-Date": _warc_date(moment),
            "WARC-Payload-Digest": _digest_text(digest),
            "WARC-Block-Digest": _digest_text(digest),
            NOTE_HEADER: quote(note, safe=URL_SAFE + " "),
        }
        if context:
            headers[CONTEXT_HEADER] = json.dumps(dict(context), sort_keys=True)
        builder = _Builder()
        record = builder.writer.create_warc_record(
            quote(url, safe=URL_SAFE),
            "resource",
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type or "application/octet-stream",
            warc_headers_dict=headers,
        )
        return self._write([builder.member(record)], digest.hex())

    @contextlib.contextmanager
    def group(self) -> Iterator[None]:
        """Write many records with one ``fsync`` at the end of the block."""
        with self._lock:
            self._grouped += 1
        try:
            yield
        finally:
            with self._lock:
                self._grouped -= 1
                if not self._grouped:
                    self.sync()

    def sync(self) -> None:
        """Force what is written to the disk."""
        with self._lock:
            if self._handle is None or not self._dirty:
                return
            with self._errors():
                os.fsync(self._handle.fileno())
            self._dirty = False

    def close(self) -> None:
        with self._lock:
            if self._handle is None:
                return
            try:
                self.sync()
            finally:
                handle, self._handle = self._handle, None
                handle.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def identity(self) -> str:
        """What tells this archive from those of other machines: made up once, kept in the file ``archive-id``."""
        path = self.root / "archive-id"
        with contextlib.suppress(OSError):
            found = path.read_text(encoding="ascii").strip()
            if found:
                return found
        with self._errors():
            self.root.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"archive-id.{secrets.token_hex(4)}")
            fresh.write_text(f"{secrets.token_hex(8)}\n", encoding="ascii")
            try:
                os.link(fresh, path)  # of two that begin at once, one wins
            except FileExistsError:
                pass
            except OSError:  # a file system without links
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
            return path.read_text(encoding="ascii").strip()

    @property
    def current_file(self) -> str | None:
        """Name of the file being written, relative to the root; None before the first record."""
        return self._name or None

    def _write(self, members: list[bytes], sha256: str) -> RecordRef:
        with self._lock:
            if self._handle is None or self._offset >= self.max_bytes:
                self._begin()
            data = b"".join(members)
            start = self._offset
            self._write_bytes(data)
            if not self._grouped:
                self.sync()
            offset = start + len(data) - len(members[-1])
            return RecordRef(self._name, offset, len(members[-1]), sha256)

    def _write_bytes(self, data: bytes) -> None:
        assert self._handle is not None
        try:
            with self._errors():
                left = memoryview(data)
                while left:  # a disk that fills up takes a part, and says so only by the number
                    left = left[self._handle.write(left) :]
        except ArchiveError:
            # Keep the file whole up to the last complete record; a fresh file is begun if writing goes on.
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle.fileno(), self._offset)
            with contextlib.suppress(OSError):
                self._handle.close()
            self._handle = None
            raise
        self._offset += len(data)
        self._dirty = True

    def _begin(self) -> None:
        self.close()
        now = dt.datetime.now(dt.UTC)
        folder = f"{now:%Y%m}"
        name = f"{folder}/{self.label}-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.warc.gz"
        with self._errors():
            (self.root / folder).mkdir(parents=True, exist_ok=True)
            descriptor = os.open(
                self.root / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644
            )
            self._handle = os.fdopen(descriptor, "wb", buffering=0)
            _sync_folder(self.root / folder)
        self._name, self._offset = name, 0
        builder = _Builder()
        info = {
            "software": self.software,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        }
        self._write_bytes(builder.member(builder.writer.create_warcinfo_record(Path(name).name, info)))

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = self.root / self._name if self._name else self.root
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise ArchiveError(
                    f"the disk is full: cannot write the archive file {where}.",
                    "Free some space and run again; what was written is kept.",
                ) from error
            if error.errno == errno.EFBIG:
                raise ArchiveError(
                    f"the archive file {where} may not grow any more (a limit on the size of files).",
                    "Raise the limit (ulimit -f) and run again; what was written is kept.",
                ) from error
            raise ArchiveError(
                f"cannot write the archive in {self.root} ({error.strerror or error}).",
                "Make the folder writable, or set CAIGOU_HOME to a folder that is.",
            ) from error

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def path(self, ref: RecordRef) -> Path:
        return self.root / ref.file

    def read(self, ref: RecordRef) -> ArchivedResponse:
        """The answer at ``ref``, its payload checked against ``ref.sha256``. Raises :class:`ArchiveError`."""
        path = self.root / ref.file
        try:
            with path.open("rb") as handle:
                handle.seek(ref.offset)
                member = handle.read(ref.length)
        except OSError as error:
            raise ArchiveError(
                f"cannot read the archive file {path} ({error.strerror}).", "Restore the file from a backup."
            ) from error
        try:
            record = _parse(gzip.decompress(member))
            if (purged := record.rec_headers.get_header(PURGED_HEADER)) is not None:
                raise ArchiveError(
                    f"the record at byte {ref.offset} of {path} was purged on {purged[:10]}.",
                    "`caigou db purge --list` says why.",
                )
            found = self._response(record, ref.file, ref.offset, ref.length, None)
        except (OSError, EOFError, zlib.error, ArchiveLoadFailed, ValueError) as error:
            raise ArchiveError(
                f"no whole record at byte {ref.offset} of {path}.", "Run `caigou archive verify`."
            ) from error
        if hashlib.sha256(found.payload).hexdigest() != ref.sha256:
            raise ArchiveError(
                f"the payload at byte {ref.offset} of {path} is not the one recorded.", "Run `caigou archive verify`."
            )
        return found

    def erase(self, ref: RecordRef, purged_at: dt.datetime) -> bool:
        """Overwrite the record at ``ref`` with one that says it was purged; False when it says so already.

        The new record is a gzip member of the very same length, so every other record stays where it was. Of the old one only its
        id and the digest of its payload stay. A kill in the middle leaves a record that the next call overwrites. Raises
        :class:`ArchiveError`.
        """
        path = self.root / ref.file
        try:
            with path.open("r+b") as handle:
                handle.seek(ref.offset)
                member = handle.read(ref.length + 2)
                whole = len(member) >= ref.length and member[:2] == _GZIP and member[ref.length :] in {b"", _GZIP}
                if not whole:
                    raise ArchiveError(
                        f"no record of {ref.length} bytes at byte {ref.offset} of {path}.",
                        "Run `caigou archive verify`.",
                    )
                warc = _headers_at(member[: ref.length])
                if warc is not None and warc.get_header(PURGED_HEADER):
                    return False
                blank = _blank_member(ref, purged_at, warc.get_header("WARC-Record-ID") if warc is not None else None)
                handle.seek(ref.offset)
                handle.write(blank)
                handle.flush()
                os.fsync(handle.fileno())
        except OSError as error:
            raise ArchiveError(
                f"cannot overwrite the record at byte {ref.offset} of {path} ({error.strerror}).",
                "Make the file writable, or restore it from a backup, and purge again.",
            ) from error
        return True

    def files(self) -> list[str]:
        """Names of all archive files, relative to the root, oldest first."""
        if not self.root.is_dir():
            return []
        found = (p for p in self.root.rglob("*.warc*") if p.is_file() and p.name.endswith((".warc", ".warc.gz")))
        return sorted(
            (p.relative_to(self.root).as_posix() for p in found),
            key=lambda name: name.rsplit("/", 1)[-1].split("-")[-2:],
        )

    def iterate(self, file: str | Path, damages: list[Damage] | None = None) -> Iterator[ArchivedResponse]:
        """All answers of one file (relative to the root, or any path), whole ones only, in order.

        Works on WARC files written by others too, compressed or not. A cut or damaged tail ends the iteration; what
        was found is added to ``damages`` if given.
        """
        path = self.root / file
        name = file.as_posix() if isinstance(file, Path) else file
        sink = damages if damages is not None else []
        request: tuple[str, str, bytes] | None = None
        for offset, length, record in _records(path, name, sink):
            if record.rec_type == "request":
                request = _request_of(record)
                continue
            if record.rec_type not in {"response", "resource", "revisit"}:
                continue
            try:
                yield self._response(record, name, offset, length, request)
            except (ArchiveError, ArchiveLoadFailed, ValueError, zlib.error) as error:
                sink.append(Damage(name, offset, f"the record cannot be read: {error}"))
            request = None

    def verify(self, files: Sequence[str] | None = None) -> VerifyReport:
        """Re-hash every payload of every file (or of those named) and report all damage."""
        damages: list[Damage] = []
        records = size = 0
        names = list(files) if files is not None else self.files()
        for name in names:
            for answer in self.iterate(name, damages):
                records += 1
                size += len(answer.payload)
                actual = hashlib.sha256(answer.payload).hexdigest()
                if answer.ref.sha256 != actual:
                    damages.append(
                        Damage(
                            name,
                            answer.ref.offset,
                            f"payload of {answer.url} has sha256 {actual}, recorded {answer.ref.sha256}",
                        )
                    )
        return VerifyReport(len(names), records, size, tuple(damages))

    def _response(
        self, record: ArcWarcRecord, file: str, offset: int, length: int, request: tuple[str, str, bytes] | None
    ) -> ArchivedResponse:
        warc = record.rec_headers
        url = warc.get_header("WARC-Target-URI") or ""
        http = record.http_headers
        status = int(http.get_statuscode()) if http is not None and record.rec_type != "resource" else None
        headers = tuple((str(k), str(v)) for k, v in http.headers) if http is not None else ()
        if status is None:
            headers = (("Content-Type", record.content_type or "application/octet-stream"), *headers)
        if record.rec_type == "revisit":
            payload = self._refers_to(warc, url).payload
        else:
            payload = record.raw_stream.read()
            if any(k.lower() == "transfer-encoding" and v.lower() == "chunked" for k, v in headers):
                payload = _dechunk(payload)
        method, _, sent = request if request is not None and request[1] == url else ("GET", "", b"")
        context = warc.get_header(CONTEXT_HEADER)
        return ArchivedResponse(
            url=url,
            status=status,
            headers=headers,
            payload=payload,
            captured_at=_moment(warc.get_header("WARC-Date")),
            ref=RecordRef(file, offset, length, _digest_hex(warc.get_header("WARC-Payload-Digest"), payload)),
            method=method,
            request_body=sent,
            context=json.loads(context) if context else {},
            note=_unquoted(warc.get_header(NOTE_HEADER)),
        )

    def _refers_to(self, warc: StatusAndHeaders, url: str) -> ArchivedResponse:
        pointer = warc.get_header(REFERS_HEADER)
        if not pointer:
            raise ArchiveError(
                f"the revisit of {url} names no record of ours.", "Import the file that holds the original."
            )
        file, offset, length, sha256 = pointer.split(" ")
        if not (self.root / file).exists() and (self.root / Path(file).name).exists():
            file = Path(file).name  # a pack holds all files side by side
        return self.read(RecordRef(file, int(offset), int(length), sha256))

    def referred(self, file: str) -> list[str]:
        """Files of this archive that hold what revisits in ``file`` refer to, each once."""
        found: dict[str, None] = {}
        for _, _, record in _records(self.root / file, file, []):
            pointer = record.rec_headers.get_header(REFERS_HEADER) if record.rec_type == "revisit" else None
            if pointer and (self.root / pointer.split(" ")[0]).exists():
                found[pointer.split(" ")[0]] = None
        found.pop(file, None)
        return list(found)


_GZIP = b"\x1f\x8b"
_STORED = 0xFFFF
"""Most bytes of one stored block of a deflate stream."""


def _headers_at(member: bytes) -> StatusAndHeaders | None:
    """The WARC headers of a compressed record; null where it is torn."""
    try:
        return _parse(gzip.decompress(member)).rec_headers
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed, ValueError):
        return None


def _blank_member(ref: RecordRef, purged_at: dt.datetime, record_id: str | None) -> bytes:
    """A gzip member of ``ref.length`` bytes: a metadata record whose block names the digest and is filled up with spaces."""
    said = f"purged: {_warc_date(purged_at)}\r\nsha256: {ref.sha256}\r\n".encode()
    number = f"<urn:uuid:{uuid.uuid4()}>"
    refers = f"WARC-Refers-To: {record_id}\r\n" if record_id else ""

    def head(filling: int) -> bytes:
        return (
            f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {number}\r\nWARC-Date: {_warc_date(purged_at)}\r\n{refers}"
            f"{PURGED_HEADER}: {_warc_date(purged_at)}\r\nContent-Type: application/warc-fields\r\n"
            f"Content-Length: {len(said) + filling}\r\n\r\n"
        ).encode() + said

    filling = ref.length
    while filling >= 0:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(head(filling)) + packer.flush(zlib.Z_FULL_FLUSH)
        # Ten bytes of header and eight of trailer; the filling is stored as it is, so that each byte of it takes one.
        spare = ref.length - 18 - len(packed) - _stored_size(filling + len(_END))
        if spare >= 0:
            # What no filling fits exactly is taken by the member's comment.
            comment = b" " * (spare - 1) + b"\0" if spare else b""
            plain = head(filling) + b" " * filling + _END
            return (
                _GZIP + b"\x08" + (b"\x10" if spare else b"\0") + b"\0" * 5 + b"\xff" + comment + packed
                + _stored(b" " * filling + _END) + zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
            )  # fmt: skip
        filling += min(spare, -1)
    raise ArchiveError(f"the record at byte {ref.offset} of {ref.file} is too short to be overwritten.", "Tell us.")


_END = b"\r\n\r\n"


def _stored_size(length: int) -> int:
    return length + 5 * max(1, -(-length // _STORED))


def _stored(data: bytes) -> bytes:
    """The end of a deflate stream, holding ``data`` uncompressed."""
    parts = [data[at : at + _STORED] for at in range(0, len(data), _STORED)] or [b""]
    return b"".join(
        bytes([number == len(parts) - 1])
        + len(part).to_bytes(2, "little")
        + (len(part) ^ _STORED).to_bytes(2, "little")
        + part
        for number, part in enumerate(parts)
    )


class _Builder:
    """Makes WARC records and compresses each into its own gzip member."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()
        self.writer = WARCWriter(self.buffer, gzip=False, warc_version="1.1")

    def revisit(
        self, exchange: Exchange, uri: str, date: str, digest: bytes, earlier: ArchivedResponse
    ) -> ArcWarcRecord:
        """An answer whose payload is that of an earlier one: its headers alone."""
        http = StatusAndHeaders(
            _status(exchange), [_archived_header(name, value) for name, value in exchange.headers], protocol="HTTP/1.1"
        )
        ref = earlier.ref
        return self.writer.create_revisit_record(
            uri,
            _digest_text(digest),
            quote(earlier.url, safe=URL_SAFE),
            _warc_date(earlier.captured_at),
            http_headers=http,
            warc_headers_dict={
                "WARC-Date": date,
                **_about(exchange),
                REFERS_HEADER: f"{ref.file} {ref.offset} {ref.length} {ref.sha256}",
            },
        )

    def member(self, record: ArcWarcRecord) -> bytes:
        self.buffer.seek(0)
        self.buffer.truncate()
        self.writer.write_record(record)
        return _packed(self.buffer.getvalue())


# The two records of every answer are put together here, not by warcio: at hundreds of answers a second its general way costs
# as much as everything else the archive does. Readers of others check the result in the tests.


def _response(exchange: Exchange, uri: str, date: str, digest: bytes, number: str) -> bytes:
    lines = [f"HTTP/1.1 {_status(exchange)}"]
    lines += [f"{name}: {value}" for name, value in (_archived_header(*pair) for pair in exchange.headers)]
    block = _http(lines) + exchange.body
    more = {**_about(exchange), "WARC-Payload-Digest": _digest_text(digest)}
    return _record("response", number, uri, date, more, block)


def _request(exchange: Exchange, uri: str, date: str, response: str) -> bytes:
    host, slash, path = uri.split("://", 1)[-1].partition("/")
    lines = [f"{exchange.method} {slash}{path} HTTP/1.1" if slash else f"{exchange.method} / HTTP/1.1"]
    if not any(name.lower() == "host" for name, _ in exchange.request_headers):
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in exchange.request_headers]
    block = _http(lines) + exchange.request_body
    return _record("request", _record_id(), uri, date, {"WARC-Concurrent-To": response}, block)


def _record(kind: str, number: str, uri: str, date: str, more: Mapping[str, str], block: bytes) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in more.items())
    return (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {number}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n{headers}"
        f"WARC-Block-Digest: {_digest_text(hashlib.sha256(block).digest())}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def _http(lines: Sequence[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def _about(exchange: Exchange) -> dict[str, str]:
    """What the crawler knew, as headers of the record."""
    found = {}
    if exchange.context:
        found[CONTEXT_HEADER] = json.dumps(dict(exchange.context), sort_keys=True)
    if exchange.note:
        found[NOTE_HEADER] = quote(exchange.note, safe=URL_SAFE + " ")
    return found


def _status(exchange: Exchange) -> str:
    return f"{exchange.status} {exchange.reason or _reason(exchange.status)}".strip()


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _packed(record: bytes) -> bytes:
    packer = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(record) + packer.flush()


def _archived_header(name: str, value: str) -> tuple[str, str]:
    # The body is stored without its transfer coding: say so the way other archivers do, or readers try to take it off.
    return (f"X-Archive-Orig-{name}", value) if name.lower() == "transfer-encoding" else (name, value)


def _reason(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _warc_date(moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("captured_at needs a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
"""Base 32, ten bits at a time: the library goes byte by byte, and this is asked for three times an answer."""


def _digest_text(digest: bytes) -> str:
    value = int.from_bytes(digest) << 4
    return "sha256:" + "".join([_PAIRS[(value >> shift) & 1023] for shift in range(250, -1, -10)]) + "===="


def _digest_hex(text: str | None, payload: bytes) -> str:
    """The recorded digest as hex; of files that carry another algorithm, our own of the payload."""
    if text and text.lower().startswith("sha256:"):
        value = text.split(":", 1)[1]
        if len(value) == 64:
            return value.lower()
        with contextlib.suppress(ValueError):
            return base64.b32decode(value).hex()
    return hashlib.sha256(payload).hexdigest()


def _unquoted(text: str | None) -> str | None:
    from urllib.parse import unquote

    return unquote(text) if text else None


def _parse(data: bytes) -> ArcWarcRecord:
    return ArcWarcRecordLoader().parse_record_stream(io.BytesIO(data))


def _request_of(record: ArcWarcRecord) -> tuple[str, str, bytes]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    http = record.http_headers
    # warcio keeps the request line's method in ``protocol`` of a parsed request.
    method = http.protocol if http is not None else "GET"
    return method, url, record.raw_stream.read()


def _records(path: Path, name: str, damages: list[Damage]) -> Iterator[tuple[int, int, ArcWarcRecord]]:
    try:
        handle = path.open("rb")
    except OSError as error:
        raise ArchiveError(
            f"cannot read the archive file {path} ({error.strerror}).", "Check the name, or restore the file."
        ) from error
    with handle:
        compressed = handle.read(2) == b"\x1f\x8b"
        handle.seek(0)
        yield from (_members(handle, name, damages) if compressed else _plain(handle, name, damages))


def _members(handle: BinaryIO, name: str, damages: list[Damage]) -> Iterator[tuple[int, int, ArcWarcRecord]]:
    """Records of a compressed file. A member normally holds one record; one that holds many is read too."""
    offset, pending = 0, b""
    while True:
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        out: list[bytes] = []
        used = 0
        while not decoder.eof:
            chunk = pending or handle.read(1 << 16)
            pending = b""
            if not chunk:
                break
            try:
                out.append(decoder.decompress(chunk))
            except zlib.error as error:
                damages.append(Damage(name, offset, f"damaged: {error}"))
                return
            used += len(chunk) - len(decoder.unused_data)
        if not decoder.eof:
            if used:
                damages.append(Damage(name, offset, "cut off: the last record is not whole"))
            return
        pending = decoder.unused_data
        data = b"".join(out)
        stream = io.BytesIO(data)
        while (start := stream.tell()) < len(data):
            try:
                record = ArcWarcRecordLoader().parse_record_stream(stream)
            except (EOFError, ArchiveLoadFailed) as error:
                if data[start:].strip():
                    damages.append(Damage(name, offset, f"not a WARC record: {error}"))
                break
            yield offset, used, record
            while record.raw_stream.read(1 << 16):
                pass
            _skip_blank(stream)
        offset += used


def _skip_blank(stream: io.BytesIO) -> None:
    data = stream.getbuffer()
    position = stream.tell()
    while position < len(data) and data[position] in b"\r\n":
        position += 1
    stream.seek(position)


def _plain(handle: BinaryIO, name: str, damages: list[Damage]) -> Iterator[tuple[int, int, ArcWarcRecord]]:
    """Records of a file that is not compressed. Their length is given as 0: the importer archives them anew."""
    loader = ArcWarcRecordLoader()
    while True:
        offset = handle.tell()
        try:
            record = loader.parse_record_stream(handle)
        except (EOFError, ArchiveLoadFailed) as error:
            handle.seek(offset)
            if handle.read(1 << 10).strip():
                damages.append(Damage(name, offset, f"not a WARC record: {error}"))
            return
        end = handle.tell() + record.raw_stream.limit
        yield offset, 0, record
        handle.seek(end)
        while (byte := handle.read(1)) in {b"\r", b"\n"}:
            pass
        if not byte:
            return
        handle.seek(-1, os.SEEK_CUR)


def _dechunk(payload: bytes) -> bytes:
    """Undo chunked coding, which other archivers store; a payload that is not chunked comes back unchanged."""
    out: list[bytes] = []
    position = 0
    while True:
        end = payload.find(b"\r\n", position)
        if end < 0:
            return payload
        try:
            size = int(payload[position:end].split(b";")[0], 16)
        except ValueError:
            return payload
        if size == 0:
            return b"".join(out)
        out.append(payload[end + 2 : end + 2 + size])
        position = end + 2 + size + 2


def _sync_folder(folder: Path) -> None:
    """Make the new file's name durable too; not every system lets a folder be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
