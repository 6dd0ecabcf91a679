"""Which of the words that tell pages apart stand in a source, found in one pass.

The state of a page, its platform, its chrome and its hidden parts are each told by a few words of markup. Looking for them one by one read
the source fifty times; an automaton reads it once. A word that is here says nothing yet: who asks looks closer.

Classes and ids of nodes to look for count in any case, because a page without the doctype of today writes them so.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_WORDS = (
    # lists and their links
    "list_bid", "list-bid", "moredingannctable", "bulletinlistid", "searchForm", "DEAL_CLASSIFY", "showDetail(",
    # challenges
    "acw_sc__v2", "renderData", "aliyun_waf", "aliyunCaptcha", "nc_1_n1z", "wzws_sessionid", "yunsuo_session", "__jsl_clearance",
    # content nodes
    "_detail_content", "noticeArea", "mycontent", "TDContent", "newsText", "NoticeDetail", "SupplierInfos", "tblInfo", "wrap-post",
    "code-0000", "code-00014", "ann-wrapper", "article-content",
    # platforms
    "_detail_", "articleDetail", "h4_o", "notice-con",
    # hidden and named elements
    "isplay", "ISPLAY", "isib", "ize:0", "ize: 0", "mso-hide", " hidden", "code-", "notice",
    # chrome
    "<body", "<BODY", "footer", "header", "nav", "aside", "crumb", "location", "hare", "qr", "copyright", "pagination", "sidebar",
    "currentpos", "relcontent", "trade-process",
)  # fmt: skip
_ANY_CASE = (
    # content nodes
    "noticearea", "mycontent", "newstext", "wrap-post", "ewb-trade-right", "article-content", "tdcontent", "news_content", "notice-con", "infodetail",
    "details-panel", "noticedetail", "ann-wrapper", "purpage",
    # titles
    "articletitle", "tdtitle", "title-box", "info-title", "article-title", "detail-title", "noticetitle",
    # dates
    "pubdate", "publishdate", "datetime", "pubtime", "publish-time", "publishtime", "info-source", "sourcetime", "article-time",
)  # fmt: skip
_CHUNK = 1 << 20
_MAX_BODY = 8 << 20
_OVERLAP = max(map(len, (*_WORDS, *_ANY_CASE))) - 1
_EXACT = {word.encode("ascii"): word for word in _WORDS}
_LOWER = tuple(dict.fromkeys(word.lower() for word in (*_WORDS, *_ANY_CASE)))
_MARKED = tuple(f"~{lower}" for lower in _LOWER)
"""What each entry of the automaton says in any case."""


@functools.cache
def _automaton() -> BytesAhoCorasick:
    """Built for the first page, so that whoever only imports this stays light."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415

    return BytesAhoCorasick([word.encode("ascii") for word in _LOWER], implementation=Implementation.DFA)


def marks(*words: str) -> frozenset[str]:
    """Words to ask :func:`words_of` for. Raises KeyError for a word that it does not look for."""
    for word in words:
        if word not in _WORDS:
            raise KeyError(word)
    return frozenset(words)


def marks_in_any_case(*words: str) -> frozenset[str]:
    """The same for words in lower case that may be written in any. Raises KeyError for a word that is not looked for so."""
    for word in words:
        if word not in _ANY_CASE:
            raise KeyError(word)
    return frozenset(f"~{word}" for word in words)


def words_of(source: str) -> frozenset[str]:
    """The words that stand anywhere in ``source``, upper and lower case told apart; and those of any case, marked so."""
    return words_in(source.encode("utf-8", "surrogatepass"))


def words_in(body: bytes) -> frozenset[str]:
    """The same for a source in UTF-8; of one without end only the first megabytes are looked at."""
    find = _automaton().find_matches_as_indexes
    entries: set[int] = set()
    spelled: set[bytes] = set()
    for at in range(0, min(len(body), _MAX_BODY), _CHUNK):
        piece = body[at : at + _CHUNK + _OVERLAP] if len(body) > _CHUNK else body
        hits = find(piece.lower(), overlapping=True)
        entries.update([entry for entry, _, _ in hits])
        spelled.update([piece[start:end] for _, start, end in hits])
    found = [word for spelling, word in _EXACT.items() if spelling in spelled]
    return frozenset(found + [_MARKED[entry] for entry in entries])
