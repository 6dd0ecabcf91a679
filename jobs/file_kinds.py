"""What a saved file is, told from its name and its first bytes."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class FileKind(StrEnum):
    PAGE = "page"
    ATTACHMENT = "attachment"
    WARC = "warc"
    WACZ = "wacz"
    GZIP = "gzip"
    """One compressed page."""


@dataclass(frozen=True, slots=True)
class Kind:
    kind: FileKind
    media_type: str


_PAGES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".json": "application/json",
    ".txt": "text/plain",
}
_ATTACHMENTS = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".et": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wps": "application/vnd.ms-works",
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".ppt": "application/vnd.ms-powerpoint",
    ".dps": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".rtf": "application/rtf",
    ".csv": "text/csv",
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
    ".7z": "application/x-7z-compressed",
    ".rar": "application/vnd.rar",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_TEXT_PROBE = 4096


def kind_of(path: Path, head: bytes) -> Kind | None:
    """The kind of ``path`` whose first bytes are ``head``; None where neither name nor bytes tell anything we read."""
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")) or head.startswith(b"WARC/"):
        return Kind(FileKind.WARC, "application/warc")
    if name.endswith(".wacz"):
        return Kind(FileKind.WACZ, "application/wacz")
    if head.startswith(b"\x1f\x8b"):
        inner = mimetypes.guess_type(name.removesuffix(".gz"))[0] or "text/html"
        return Kind(FileKind.GZIP, inner)
    suffix = path.suffix.lower()
    if suffix in _ATTACHMENTS:
        return Kind(FileKind.ATTACHMENT, _ATTACHMENTS[suffix])
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return Kind(FileKind.ATTACHMENT, media_type)
    if suffix in _PAGES:
        return Kind(FileKind.PAGE, _PAGES[suffix])
    if _is_text(head):
        first = head.lstrip()[:1]
        return Kind(
            FileKind.PAGE,
            "text/html" if first == b"<" else "application/json" if first in (b"{", b"[") else "text/plain",
        )
    return None


def _is_text(head: bytes) -> bool:
    """Text in UTF-8 or GB18030: no NUL and hardly a control byte."""
    probe = head[:_TEXT_PROBE]
    if not probe or b"\0" in probe:
        return False
    control = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in probe)
    if control > len(probe) // 100:
        return False
    for charset in ("utf-8", "gb18030"):
        try:
            probe[: len(probe) - 4].decode(charset, errors="strict")
        except UnicodeDecodeError as error:
            if error.start < len(probe) - 8:
                continue
        return True
    return False
