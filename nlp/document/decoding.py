"""Bytes to text: which character set, and whether it is HTML, JSON or plain text.

The declared character set is a hint, never trusted against the bytes: valid UTF-8 is UTF-8 whatever the page says, everything else is tried as
GB18030 (a superset of GBK and GB2312, so never those two) and as the declared set, and the one with fewer undecodable places wins.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from nlp.document.marks import words_in
from nlp.patterns import regex
from nlp.values import value

Kind = Literal["html", "json", "text"]

_META_CHARSET = re.compile(
    rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})|encoding\s*=\s*[\"']([A-Za-z0-9_\-]{2,20})[\"']", re.IGNORECASE
)
_HTML_TAG = regex(
    r"<(?:!doctype|html|head|body|div|p|table|tr|td|span|br|h[1-6]|meta|title|script|style|section|ul|li|a|font|strong|input|form)\b",
    re.IGNORECASE,
)
_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "gb-2312", "gb_2312-80", "x-gbk", "cp936", "euc-cn"})
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SNIFF_BYTES = 4096
_SAMPLE_BYTES = 400_000


@value
class Decoded:
    """``charset`` is what the bytes were read as; ``replaced`` counts places that could not be decoded.

    ``words`` are the words of :mod:`nlp.document.marks` that stand in the source of HTML; ``extra`` is by how many bytes its UTF-8 form is
    longer than the text: one or two for each character that is not ASCII. ``utf8`` are the bytes given, where they are just the UTF-8 form of
    ``text``: a parser that wants bytes need not make them again.
    """

    text: str
    charset: str
    kind: Kind
    replaced: int = 0
    words: frozenset[str] = frozenset()
    extra: int = 0
    utf8: bytes | None = None


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Any bytes give a text; undecodable places become U+FFFD and are counted."""
    text, charset, replaced = _to_text(body, content_type)
    # Bytes are searched much faster than characters.
    plain = b"\x00" not in body if charset == "utf-8" and not replaced else "\x00" not in text
    if not plain:
        text = text.replace("\x00", "")
    kind = _kind(text, content_type)
    if kind != "html":
        return Decoded(text, charset, kind, replaced)
    same = plain and charset == "utf-8" and not replaced and not body.startswith(codecs.BOM_UTF8)
    source = body if same else text.encode("utf-8", "surrogatepass")
    return Decoded(text, charset, kind, replaced, words_in(source), len(source) - len(text), body if same else None)


def _to_text(body: bytes, content_type: str | None) -> tuple[str, str, int]:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _lenient(body[len(bom) :], name)
    try:
        return body.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    candidates = ["utf-8", "gb18030"]
    declared = _declared(body, content_type)
    if declared is not None and declared not in candidates:
        candidates.append(declared)
    sample = body[:_SAMPLE_BYTES]
    best = min(candidates, key=lambda name: sample.decode(name, "replace").count("\ufffd"))
    return _lenient(body, best)


def _lenient(body: bytes, charset: str) -> tuple[str, str, int]:
    text = body.decode(charset, "replace")
    return text, charset, text.count("\ufffd")


def _declared(body: bytes, content_type: str | None) -> str | None:
    for source in ((content_type or "").encode("ascii", "ignore"), body[:_SNIFF_BYTES]):
        match = _META_CHARSET.search(source)
        if match is None:
            continue
        name = (match.group(1) or match.group(2)).decode("ascii").lower()
        if name in _GB_NAMES:
            return "gb18030"
        try:
            b"a".decode(name)
        except (LookupError, UnicodeError):
            continue  # not a character set, or not one for this kind of bytes
        return codecs.lookup(name).name
    return None


def _kind(text: str, content_type: str | None) -> Kind:
    head = text[:_SNIFF_BYTES].lstrip()
    first = head[:1]
    if first in {"{", "["} and _looks_like_json(head):
        return "json"
    if _HTML_TAG.search(head) is not None or (
        len(text) > _SNIFF_BYTES and _HTML_TAG.search(text, 0, 65_536) is not None
    ):
        return "html"
    if content_type is not None and "html" in content_type.lower() and first == "<":
        return "html"
    return "text"


_JSON_HEAD = regex(r"\{\s*(?:\"|\})|\[\s*(?:\{\s*\"|\[|\"|\]|-?\d)")


def _looks_like_json(head: str) -> bool:
    """A brace alone is not JSON: plain notices start with ``[市本级]``."""
    return _JSON_HEAD.match(head) is not None
