"""HTML of portals without a file of their own: the declared content node of the profile, else the page without its chrome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlp.document.marks import marks, marks_in_any_case
from nlp.notice.dates import STATED_DATE
from nlp.notice.notice_type import type_of_title
from nlp.notice.source import RawPage, Source, file_links, node_text
from nlp.patterns import regex

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NAME = "generic_html"

_CONTENT = {
    "noticearea": "#noticeArea",
    "mycontent": "#mycontent",
    "newstext": "#newsText",
    "wrap-post": "div.wrap-post",
    "ewb-trade-right": "div.ewb-trade-right div.con",
    "article-content": "div.epoint-article-content, div.article-content",
    "tdcontent": "#TDContent",
    "news_content": "div.news_content",
    "notice-con": "div.notice-con",
    "infodetail": "div.infodetail",
    "details-panel": "div.details-panel",
    "noticedetail": "#NoticeDetail",
    "ann-wrapper": "div.ann-wrapper",
    "purpage": "div.purPage",
}
"""Known content nodes, and the words without which there are none of them; likewise below. Asking the tree is dear, and mostly for nothing."""
_CONTENT_WORDS = marks_in_any_case(*_CONTENT)
_TITLES = (
    "#tdTitle b, #tdTitle font, .title-box, .info-title, .ewb-info-title, .article-title, .detail-title, .noticeTitle"
)
"""Nodes that the markup itself calls the title. Other headings, and the page's ``title``, must also name a kind of notice."""
_TITLE_WORDS = marks_in_any_case("tdtitle", "title-box", "info-title", "article-title", "detail-title", "noticetitle")
_HEADINGS = "h1, h2, h3, title"
_CHROME = {
    "footer": "footer, [class*=footer], [id*=footer]",
    "header": "header, [id*=header]",
    "nav": "nav, [class*=topnav], [class*=navbar]",
    "aside": "aside",
    "crumb": "[class*=crumb]",
    "location": "[class*=location]",
    "hare": "[class*=share], [class*=Share]",
    "qr": "[class*=qrcode], [class*=qrCode], [class*=qr-code]",
    "copyright": "[class*=copyright]",
    "pagination": "[class*=pagination]",
    "sidebar": "[class*=sidebar]",
    "currentpos": "[class*=currentpos]",
    "relcontent": "[class*=relcontent]",
    "trade-process": "[class*=trade-process]",
}
"""Chrome to look for, and the words without which there is none of it."""
_CHROME_WORDS = marks(*_CHROME)
_META_TITLE = marks_in_any_case("articletitle")
_META_DATE = marks_in_any_case("pubdate", "publishdate")
_DATE_NODES = (
    "span.datetime, .pubtime, .pubTime, #pubTime, .publish-time, .publishTime, .info-source, .sourceTime, .article-time"
)
_DATE_WORDS = marks_in_any_case(
    "datetime", "pubtime", "publish-time", "publishtime", "info-source", "sourcetime", "article-time"
)
_SITE = regex(r"(?:网|平台|中心|系统|首页|门户)$|^(?:无标题文档|Title|Document|详情|公告详情|信息详情)$")
_KIND_TAIL = regex(r"[_\-—|].{0,30}(?:网|平台|中心|系统)$")
_MIN_TITLE = 8
_MAX_TITLE = 200


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "html"


def read(raw: RawPage) -> Source:
    tree = raw.tree
    content = _content(raw)
    skip = _chrome(raw, content)
    title = _title(raw)
    nodes: list[LexborNode | str] = []
    if title is not None and (content is None or not _holds(raw, content, title)):
        nodes.append(title)
    if content is not None:
        nodes.append(content)
    source = Source(raw.document(nodes, skip=skip), title=title)
    if not raw.words.isdisjoint(_META_DATE):
        published = tree.css_first("meta[name=PubDate], meta[name=pubdate], meta[name=publishdate]")
        if published is not None:
            source.fact("published", published.attributes.get("content"), -2)
    selectors = raw.profile.published if raw.profile is not None else ()
    if not raw.words.isdisjoint(_DATE_WORDS):
        selectors = (*selectors, _DATE_NODES)
    for selector in selectors:
        source.fact("published", node_text(tree.css_first(selector)), 1)
    if not source.facts and tree.body is not None:
        stated = STATED_DATE.search(" ".join(raw.body_text[:6_000].split()))
        source.fact("published", stated.group("date") if stated is not None else None, 1)
    if raw.profile is not None and raw.profile.source_id and raw.url:
        found = re.search(raw.profile.source_id, raw.url)
        if found is not None:
            source.source_id = found.group(1)
    source.attachments = file_links(source.document.links)
    if tree.body is not None and content is not None and content.mem_id != tree.body.mem_id:
        source.attachments = file_links((*source.document.links, *raw.links()))
    return source


def _content(raw: RawPage) -> LexborNode | None:
    """The profile's node; else a known one that holds most of the page's words; else the body."""
    tree = raw.tree
    body = tree.body or tree.root
    if raw.profile is not None:
        for selector in raw.profile.content:
            node = tree.css_first(selector)
            if node is not None:
                return node
    if body is None:
        return None
    named = sorted(_CONTENT_WORDS & raw.words)
    nodes = tree.css(", ".join([_CONTENT[word.removeprefix("~")] for word in named])) if named else []
    if nodes:
        total = _size(raw.text_of(body))
        for node in nodes:
            if _size(node.text()) * 2 >= total:
                return node
    return body


def _size(text: str) -> int:
    """Number of characters, white space not counted."""
    return sum(map(len, text.split()))


def _chrome(raw: RawPage, content: LexborNode | None) -> frozenset[int]:
    """Nodes to leave out: navigation and footers, unless they hold most of the words."""
    if content is None:
        return frozenset()
    drop = raw.profile.drop if raw.profile is not None else ()
    found = [node for selector in drop for node in content.css(selector)]
    # A fragment has no chrome; a whole page has a body.
    whole = "<body" in raw.words or "<BODY" in raw.words
    chrome = ", ".join([_CHROME[word] for word in sorted(_CHROME_WORDS & raw.words)]) if whole else ""
    candidates = content.css(chrome) if chrome else []
    if candidates:
        limit = 0.4 * max(len(raw.text_of(content)), 1)
        found.extend(node for node in candidates if len(node.text()) < limit)
    return frozenset(node.mem_id for node in found if node.mem_id != content.mem_id)


def _title(raw: RawPage) -> str | None:
    tree = raw.tree
    meta = tree.css_first("meta[name=ArticleTitle]") if not raw.words.isdisjoint(_META_TITLE) else None
    if meta is not None and (meta.attributes.get("content") or "").strip():
        return " ".join((meta.attributes["content"] or "").split())
    if raw.profile is not None:
        for selector in raw.profile.title:
            text = node_text(tree.css_first(selector))
            if text:
                return text
    for node in tree.css(_TITLES)[:4] if not raw.words.isdisjoint(_TITLE_WORDS) else ():
        text = node_text(node)
        if text and _MIN_TITLE <= len(text) <= _MAX_TITLE and _SITE.search(text) is None:
            return text
    named = tree.css(_HEADINGS)
    candidates = [node_text(node) or "" for node in named if node.tag != "title"][:20]
    head = node_text(next((node for node in named if node.tag == "title"), None))
    if head:
        candidates.append(_KIND_TAIL.sub("", head).strip())
    return next(
        (
            text
            for text in candidates
            if _MIN_TITLE < len(text) <= _MAX_TITLE and _SITE.search(text) is None and type_of_title(text) is not None
        ),
        None,
    )


def _holds(raw: RawPage, content: LexborNode, title: str) -> bool:
    return "".join(title.split()) in "".join(raw.text_of(content)[:5000].split())
