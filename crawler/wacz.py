"""Archive files packed as one WACZ 1.1.1: ``archive/`` (the WARC files as they are), ``indexes/`` (CDXJ), ``pages/``, ``datapackage.json``.

A pack is whole in itself: the files that a revisit points into are packed with it. It is written beside its place and moved
there when it is finished, so a kill or a full disk leaves no half pack behind.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import os
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from crawler.archive import Archive, ArchivedResponse, ArchiveError, Damage
from crawler.types import Kind

WACZ_VERSION = "1.1.1"
SOFTWARE = "caigou"
TITLE = "Caigou: archive of public procurement notices"
CHUNK = 1 << 20
_TITLE = re.compile(r"<title[^>]*>(.{1,300}?)</title", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class PackReport:
    """``damages`` are records that could not be indexed; their files are packed as they are."""

    path: Path
    files: int
    records: int
    pages: int
    size: int
    damages: tuple[Damage, ...]


@dataclass(slots=True)
class _Resource:
    """One entry of the data package."""

    path: str
    sha256: str
    size: int


def pack(
    archive: Archive,
    target: Path,
    files: Sequence[str] | None = None,
    *,
    title: str = TITLE,
    created: dt.datetime | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> PackReport:
    """Pack these files of the archive (default: all) into ``target``. Raises ArchiveError."""
    chosen = list(files) if files is not None else archive.files()
    if not chosen:
        raise ArchiveError("there is nothing to pack.", "Crawl first, or name other files.")
    damages: list[Damage] = []
    index: list[str] = []
    pages: list[str] = []
    done = 0
    while done < len(chosen):
        name = chosen[done]
        for answer in archive.iterate(name, damages):
            index.append(_index_line(answer))
            page = _page(answer)
            if page is not None:
                pages.append(page)
        # What an unchanged answer refers to must be in the pack, or the pack cannot be read alone.
        chosen += [other for other in archive.referred(name) if other not in chosen]
        done += 1
        progress(done, len(chosen) * 2)
    index.sort()
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        _write(archive, fresh, chosen, index, pages, title, created or dt.datetime.now(dt.UTC), progress)
        fresh.replace(target)
    except OSError as error:
        raise ArchiveError(
            f"cannot write the pack {target} ({error.strerror or error}).",
            "Free some space, or name another place; the archive is as it was.",
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return PackReport(target, len(chosen), len(index), len(pages), target.stat().st_size, tuple(damages))


def _write(
    archive: Archive,
    path: Path,
    files: Sequence[str],
    index: Sequence[str],
    pages: Sequence[str],
    title: str,
    created: dt.datetime,
    progress: Callable[[int, int], None],
) -> None:
    resources: list[_Resource] = []
    with path.open("wb") as handle:
        # Stored, not compressed once more: readers ask for ranges of the parts.
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_STORED) as package:
            for number, name in enumerate(files, start=1):
                with (archive.root / name).open("rb") as source:
                    resources.append(_add(package, f"archive/{Path(name).name}", _chunks(source)))
                progress(len(files) + number, len(files) * 2)
            resources.append(_add(package, "indexes/index.cdx", (f"{line}\n".encode() for line in index)))
            head = json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Notices"})
            resources.append(_add(package, "pages/pages.jsonl", (f"{line}\n".encode() for line in [head, *pages])))
            described = json.dumps(_described(resources, title, created), ensure_ascii=False, indent=1).encode()
            _add(package, "datapackage.json", [described])
            digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
            _add(package, "datapackage-digest.json", [json.dumps(digest).encode()])
        handle.flush()
        os.fsync(handle.fileno())


def _described(resources: Sequence[_Resource], title: str, created: dt.datetime) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "software": SOFTWARE,
        "created": created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [
            {"name": Path(r.path).name, "path": r.path, "hash": f"sha256:{r.sha256}", "bytes": r.size}
            for r in resources
        ],
    }


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _add(package: zipfile.ZipFile, name: str, chunks: Sequence[bytes] | Iterator[bytes]) -> _Resource:
    total, size = hashlib.sha256(), 0
    with package.open(name, "w", force_zip64=True) as sink:
        for chunk in chunks:
            total.update(chunk)
            size += len(chunk)
            sink.write(chunk)
    return _Resource(name, total.hexdigest(), size)


def _index_line(answer: ArchivedResponse) -> str:
    """One line of CDXJ: search key, time, JSON."""
    status = "-" if answer.status is None else str(answer.status)
    entry = {
        "url": answer.url,
        "mime": (answer.content_type or "application/octet-stream").split(";")[0].strip().lower(),
        "status": status,
        "digest": f"sha256:{answer.ref.sha256}",
        "length": str(answer.ref.length),
        "offset": str(answer.ref.offset),
        "filename": Path(answer.ref.file).name,
    }
    if answer.method != "GET":
        entry["method"] = answer.method
    return f"{search_key(answer.url)} {answer.captured_at:%Y%m%d%H%M%S} {json.dumps(entry, ensure_ascii=False)}"


def search_key(url: str) -> str:
    """``http://www.ccgp.gov.cn/cggg/?a=1`` → ``cn,gov,ccgp)/cggg/?a=1``: the host turned round, without ``www``."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url.lower().replace(" ", "%20")
    host = parts.hostname.removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path or '/'}{query}".lower().replace(" ", "%20")


def _page(answer: ArchivedResponse) -> str | None:
    """The line of a page a person may open; None for lists, files and what is no notice."""
    if answer.context.get("kind") not in {Kind.PAGE.value, None} or answer.status not in {200, None}:
        return None
    if "html" not in (answer.content_type or ""):
        return None
    found = _TITLE.search(answer.body[:20_000].decode("utf-8", "replace"))
    entry = {
        "id": f"{answer.ref.sha256[:16]}-{answer.captured_at:%Y%m%d%H%M%S%f}",
        "url": answer.url,
        "ts": answer.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if found is not None:
        entry["title"] = " ".join(html.unescape(found.group(1)).split())
    return json.dumps(entry, ensure_ascii=False)
