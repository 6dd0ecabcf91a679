"""Plain text: flattened pages, text records, text layers."""

from __future__ import annotations

from nlp.document.plain import text_document
from nlp.notice.source import RawPage, Source

NAME = "plain"


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "text"


def read(raw: RawPage) -> Source:
    return Source(text_document(raw.decoded.text))
