"""What kind of file the bytes are, whatever the name says."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
OFD = "application/ofd"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
XML_SHEET = "application/vnd.ms-excel+xml"
XML_WORD = "application/msword+xml"
MHTML = "multipart/related"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/x-ole-encrypted-package"
ZIP = "application/zip"
SEVEN_ZIP = "application/x-7z-compressed"
RAR = "application/vnd.rar"
GZIP = "application/gzip"
HTML = "text/html"
TEXT = "text/plain"
RTF = "application/rtf"
IMAGE = "image/*"
UNKNOWN = "application/octet-stream"

_EXTENSIONS = {
    "pdf": {PDF}, "docx": {DOCX}, "docm": {DOCX}, "xlsx": {XLSX}, "xlsm": {XLSX}, "xlsb": {XLSX}, "pptx": {PPTX}, "pptm": {PPTX}, "ods": {ODS},
    "odt": {ODT}, "odp": {ODP}, "ppt": {PPT, OLE, ENCRYPTED_OFFICE}, "dps": {PPT, OLE, PPTX}, "mht": {MHTML}, "mhtml": {MHTML}, "ofd": {OFD}, "doc": {DOC, OLE, ENCRYPTED_OFFICE}, "wps": {DOC, OLE, DOCX}, "xls": {XLS, OLE, ENCRYPTED_OFFICE}, "et": {XLS, OLE, XLSX}, "zip": {ZIP},
    "7z": {SEVEN_ZIP}, "rar": {RAR}, "gz": {GZIP}, "html": {HTML}, "htm": {HTML}, "txt": {TEXT}, "csv": {TEXT}, "xml": {TEXT, XML_SHEET, XML_WORD}, "rtf": {RTF}, "jpg": {IMAGE},
    "jpeg": {IMAGE}, "png": {IMAGE}, "gif": {IMAGE}, "bmp": {IMAGE}, "tif": {IMAGE}, "tiff": {IMAGE}, "webp": {IMAGE},
}  # fmt: skip
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_START = re.compile(
    rb"^[\s\xef\xbb\xbf]*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html|<head|<body|<table|<div|<p\b|<meta)",
    re.IGNORECASE,
)
_XML_OFFICE = re.compile(
    rb"<\?mso-application\s+progid=[\"'](Excel\.Sheet|Word\.Document)[\"']|urn:schemas-microsoft-com:office:spreadsheet"
)
_MHTML_START = re.compile(rb"\s*(?:From:|Subject:|Date:|MIME-Version:)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ZIP_MARKS = (
    ("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("xl/workbook.bin", XLSX), ("ppt/presentation.xml", PPTX), ("OFD.xml", OFD),
)  # fmt: skip


def extension(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def expected(name: str) -> frozenset[str]:
    """The kinds a name's extension promises; empty where it promises nothing we know."""
    return frozenset(_EXTENSIONS.get(extension(name), set()))


def kind_of(name: str, body: bytes) -> str:
    """Media type by content; the name decides only between kinds whose bytes look alike (doc and xls)."""
    if body[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in body[:1024]:
        return PDF
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(body)
    if body.startswith(_OLE_MAGIC):
        return _ole_kind(name, body)
    if body.startswith(b"7z\xbc\xaf\x27\x1c"):
        return SEVEN_ZIP
    if body.startswith(b"Rar!\x1a\x07"):
        return RAR
    if body.startswith(b"\x1f\x8b"):
        return GZIP
    if body.startswith(_IMAGES) or (body.startswith(b"RIFF") and body[8:12] == b"WEBP"):
        return IMAGE
    if body.startswith(b"{\\rtf"):
        return RTF
    if _HTML_START.match(body[:2000]):
        return HTML
    if _MHTML_START.match(body[:200]) and b"multipart/" in body[:4000].lower():
        return MHTML
    if (office := _XML_OFFICE.search(body[:2000])) is not None:
        return XML_WORD if office[1] == b"Word.Document" else XML_SHEET
    if _is_text(body[:8000]):
        return TEXT
    return UNKNOWN


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if _CONTROL.search(head):
        return False
    for charset in ("utf-8", "gb18030"):
        try:
            head.decode(charset)
        except UnicodeDecodeError as error:
            # a character cut at the end of the sample is no fault
            if error.start < len(head) - 4:
                continue
        return True
    return False


def _zip_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                info = archive.getinfo("mimetype")
                declared = archive.read(info)[:100].decode("ascii", "replace").strip() if info.file_size < 200 else ""
                if declared in {ODS, ODT, ODP}:
                    return declared
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ZIP
    return next((kind for mark, kind in _ZIP_MARKS if mark in names), ZIP)


def _ole_kind(name: str, body: bytes) -> str:
    """Streams are named in UTF-16 in the directory of the compound file."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in body

    if has("EncryptedPackage"):
        return ENCRYPTED_OFFICE
    if has("WordDocument"):
        return DOC
    if has("PowerPoint Document"):
        return PPT
    if has("Workbook") or has("Book"):
        return XLS
    promised = expected(name)
    return DOC if promised == {DOC, OLE, ENCRYPTED_OFFICE} else XLS if XLS in promised else OLE
