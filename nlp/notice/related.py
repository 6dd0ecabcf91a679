"""Other notices of the same project that the body links to."""

from __future__ import annotations

from nlp.notice.notice_type import type_of_title
from nlp.patterns import regex
from nlp.types import Document, RelatedNotice

_NOTICE_URL = regex(
    r"/t(?P<day>20\d{6})_(?P<id>\d+)\.htm|[?&]articleId=(?P<article>[^&]+)|[?&](?:noticeId|infoid|id)=(?P<other>[0-9A-Za-z-]{8,64})"
)
_MAX = 50


def linked_notices(document: Document, own_id: str | None) -> list[RelatedNotice]:
    """Links whose words name a kind of notice and whose address carries an id."""
    found: dict[str, RelatedNotice] = {}
    for link in document.links[:500]:
        if len(link.text) < 6:
            continue
        match = _NOTICE_URL.search(link.url)
        if match is None or type_of_title(link.text) is None:
            continue
        identifier = match.group("id") or match.group("article") or match.group("other")
        if identifier != own_id and link.url not in found and len(found) < _MAX:
            found[link.url] = RelatedNotice(identifier, link.url, link.text[:200])
    return list(found.values())
