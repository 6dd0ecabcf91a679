"""Which of the words that tell pages apart stand in a source, found in one pass.

The state of a page, its platform, its chrome and its hidden parts are each told by a few words of markup. Looking for them one by one read
the source fifty times; an automaton reads it once. A word that is here says nothing yet: who asks looks closer.
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
    "code-0000", "code-00014", "ann-wrapper", "article-content", "ewb-trade-right", "news_content", "infodetail", "details-panel", "purPage",
    # platforms
    "_detail_", "articleDetail", "h4_o", "notice-con",
    # hidden and named elements
    "isplay", "ISPLAY", "isib", "ize:", "mso-hide", " hidden", "code-", "notice",
    # chrome
    "<body", "<BODY", "footer", "header", "nav", "aside", "crumb", "location", "hare", "qr", "copyright", "pagination", "sidebar",
    "currentpos", "relcontent", "trade-process",
)  # fmt: skip
_CHUNK = 1 << 20
_OVERLAP = max(map(len, _WORDS)) - 1


@functools.cache
def _automaton() -> BytesAhoCorasick:
    """Built for the first page, so that whoever only imports this stays light."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415

    return BytesAhoCorasick([word.encode("ascii") for word in _WORDS], implementation=Implementation.DFA)


def marks(*words: str) -> frozenset[str]:
    """Words to ask :func:`words_of` for. Raises KeyError for a word that it does not look for."""
    for word in words:
        if word not in _WORDS:
            raise KeyError(word)
    return frozenset(words)


def words_of(source: str) -> frozenset[str]:
    """The words that stand anywhere in ``source``, upper and lower case told apart."""
    body = source.encode("utf-8", "surrogatepass")
    find = _automaton().find_matches_as_indexes
    found: set[int] = set()
    for at in range(0, len(body), _CHUNK):
        piece = body[at : at + _CHUNK + _OVERLAP] if len(body) > _CHUNK else body
        found.update([index for index, _, _ in find(piece, overlapping=True)])
        if len(found) == len(_WORDS):
            break
    return frozenset([_WORDS[index] for index in found])
