"""One attachment in, its text out."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
import zlib

from nlp.attachments import kinds
from nlp.attachments.content import Content, UnreadableError, join
from nlp.attachments.limits import Limits
from nlp.attachments.mhtml import read_mhtml
from nlp.attachments.ofd import read_ofd
from nlp.attachments.ole import is_locked_doc
from nlp.attachments.pdf import read_pdf
from nlp.attachments.pictures import Ocr, lay_out
from nlp.attachments.sheet import read_delimited, read_sheets
from nlp.attachments.slides import read_pptx
from nlp.attachments.word import read_docx
from nlp.attachments.xmlsheet import read_xml_sheets
from nlp.attachments.zips import Entry, gunzip, rar_entries, seven_zip_entries, zip_entries
from nlp.document import decode, html_document, text_document
from nlp.document.layout import Line, assemble
from nlp.types import AttachmentText, Document, Issue

_STANDARD = Limits()
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, LookupError, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError,
)  # fmt: skip
"""What the libraries raise on broken input."""
_CONVERTER = "it needs LibreOffice to be converted: install the package"
_NO_READER = {
    kinds.DOC: f"a legacy Word file; {_CONVERTER} libreoffice-writer",
    kinds.RTF: f"a rich-text file; {_CONVERTER} libreoffice-writer",
    kinds.ODT: f"an OpenDocument text; {_CONVERTER} libreoffice-writer",
    kinds.XML_WORD: f"a Word 2003 XML file; {_CONVERTER} libreoffice-writer",
    kinds.PPT: f"a legacy presentation; {_CONVERTER} libreoffice-impress",
    kinds.ODP: f"an OpenDocument presentation; {_CONVERTER} libreoffice-impress",
    kinds.OLE: "an unknown kind of compound file",
    kinds.UNKNOWN: "no format we know",
}
CONVERTIBLE = {
    kinds.DOC: ("doc", "docx"),
    kinds.RTF: ("rtf", "docx"),
    kinds.ODT: ("odt", "docx"),
    kinds.XML_WORD: ("xml", "docx"),
    kinds.PPT: ("ppt", "pptx"),
    kinds.ODP: ("odp", "pptx"),
}
"""Kinds that LibreOffice turns into one that is read here: the suffix of each, and what it becomes."""
_CONTAINERS = {kinds.ZIP: zip_entries, kinds.SEVEN_ZIP: seven_zip_entries, kinds.RAR: rar_entries}
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_IGNORED_ENTRY = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_attachment(
    name: str, body: bytes, url: str | None = None, *, limits: Limits = _STANDARD, ocr: Ocr | None = None
) -> AttachmentText:
    """Text and tables of one file. Never raises on content; ``document`` is null where nothing could be read and an issue says why.

    ``ocr`` reads pictures and pages without a text layer. ``pages`` of the answer holds where each page begins.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    issues: list[Issue] = []
    kind = kinds.UNKNOWN
    content: Content | None = None
    try:
        _check_size(body, limits)
        kind = kinds.kind_of(name, body)
        _check_name(name, kind, issues)
        if kind in {kinds.DOC, kinds.PPT} and _MACROS in body:
            issues.append(Issue("attachment_macro", "the document carries macros; they were not run", name))
        content = _content(name, body, kind, limits, ocr, 0)
    except UnreadableError as error:
        issues.append(Issue(error.code, error.message, name))
    except RecursionError:
        issues.append(Issue("attachment_nested", "the file is nested too deeply", name))
    if content is None:
        return AttachmentText(name, url, sha256, kind, None, (), tuple(issues))
    document, starts, cut = join(content.documents, limits.text, pages=content.paged)
    issues.extend(
        Issue(issue.code, issue.message, name if issue.where is None else f"{name}: {issue.where}")
        for issue in content.issues
    )
    if cut:
        issues.append(Issue("attachment_truncated", f"text cut after {len(document.text)} characters", name))
    if not document.text.strip() and not issues:
        issues.append(Issue("attachment_no_text", "the file was read and holds no text", name))
    return AttachmentText(name, url, sha256, kind, document, starts if content.paged else (), tuple(issues))


def _check_size(body: bytes, limits: Limits) -> None:
    if not body:
        raise UnreadableError("attachment_empty", "the file has no bytes")
    if len(body) > limits.file_bytes:
        raise UnreadableError("attachment_too_large", f"{len(body)} bytes, more than {limits.file_bytes}")


def _check_name(name: str, kind: str, issues: list[Issue]) -> None:
    promised = kinds.expected(name)
    if promised and kind not in promised and kind != kinds.UNKNOWN:
        issues.append(
            Issue("attachment_wrong_extension", f"named .{kinds.extension(name)}, but the bytes are {kind}", name)
        )


def _content(name: str, body: bytes, kind: str, limits: Limits, ocr: Ocr | None, depth: int) -> Content:
    try:
        if kind in _CONTAINERS:
            return _container(_CONTAINERS[kind], body, limits, ocr, depth)
        if kind == kinds.PDF:
            return read_pdf(body, limits, ocr)
        if kind == kinds.DOCX:
            return read_docx(body, limits, ocr)
        if kind in {kinds.XLSX, kinds.XLS, kinds.ODS}:
            return read_sheets(body, limits)
        if kind == kinds.XML_SHEET:
            return read_xml_sheets(body, limits)
        if kind == kinds.PPTX:
            return read_pptx(body, limits)
        if kind == kinds.OFD:
            return read_ofd(body, limits)
        if kind == kinds.MHTML:
            return Content([html_document(read_mhtml(body))])
    except _BROKEN as error:
        if isinstance(error, RecursionError):
            raise
        raise UnreadableError("attachment_damaged", f"the file is damaged: {error}") from error
    if kind == kinds.GZIP:
        inner = gunzip(body, limits)
        inner_name = name[:-3] if name.lower().endswith(".gz") else name
        return _nested(inner_name, inner, limits, ocr, depth + 1)
    if kind == kinds.DOC and is_locked_doc(body):
        raise UnreadableError("attachment_encrypted", "the document needs a password")
    if kind in {kinds.HTML, kinds.TEXT}:
        text = decode(body).text
        table = read_delimited(text, kinds.extension(name), limits) if kind == kinds.TEXT else None
        return table or Content([html_document(text) if kind == kinds.HTML else text_document(text)])
    if kind == kinds.IMAGE:
        if ocr is None:
            raise UnreadableError("attachment_scanned", "a picture; no OCR is installed")
        boxes = ocr(body)
        if boxes is None:
            raise UnreadableError("attachment_truncated", "a picture; the time for recognition ran out before it")
        return Content([assemble(lay_out(boxes))])
    if kind == kinds.ENCRYPTED_OFFICE:
        raise UnreadableError("attachment_encrypted", "the document needs a password")
    raise UnreadableError("attachment_no_reader", _NO_READER.get(kind, f"no reader for {kind}"))


def _nested(name: str, body: bytes, limits: Limits, ocr: Ocr | None, depth: int) -> Content:
    if depth > limits.depth:
        raise UnreadableError("attachment_nested", f"archives nested more than {limits.depth} deep")
    if not body:
        raise UnreadableError("attachment_empty", "the entry has no bytes")
    return _content(name, body, kinds.kind_of(name, body), limits, ocr, depth)


def _container(opener: object, body: bytes, limits: Limits, ocr: Ocr | None, depth: int) -> Content:
    assert callable(opener)
    out = Content()
    left = limits.unpacked_bytes
    entries: list[Entry] = list(opener(body, limits, out.issues))
    if not entries and not out.issues:
        raise UnreadableError("attachment_empty", "the archive holds no files")
    for name, reader in entries:
        if name.startswith(_IGNORED_ENTRY) or name.endswith(_IGNORED_ENTRY):
            continue
        try:
            inner = reader()
            left -= len(inner)
            if left < 0:
                out.issues.append(Issue("attachment_bomb", f"unpacks to more than {limits.unpacked_bytes} bytes", name))
                break
            found = _nested(name, inner, limits, ocr, depth + 1)
        except UnreadableError as error:
            out.issues.append(Issue(error.code, error.message, name))
            continue
        out.documents.append(assemble([Line(name)]))
        out.documents.extend(_kept(found.documents))
        out.issues.extend(
            Issue(issue.code, issue.message, name if issue.where is None else f"{name}: {issue.where}")
            for issue in found.issues
        )
    return out


def _kept(documents: list[Document]) -> list[Document]:
    return [document for document in documents if document.text]
