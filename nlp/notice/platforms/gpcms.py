"""gpcms and freecms: Guangdong, Sichuan, Heilongjiang, Hainan, Inner Mongolia, Fujian, Tibet, Shaanxi, plap.mil.cn.

JSON with the HTML inside, or the HTML itself: ``div#noticeArea`` (twice where a correction repeats the original; the first one counts).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from nlp.notice.source import RawPage, Source, file_links, fragment, node_text
from nlp.patterns import regex
from nlp.types import Attachment, RelatedNotice

NAME = "gpcms"
_KEYS = frozenset(
    {
        "noticeTime",
        "noticeType",
        "openTenderCode",
        "purchaser",
        "regionCode",
        "purchaseManner",
        "attchList",
        "noticeId",
        "addtimeStr",
    }
)
_MARK = regex(r"id=[\"']?noticeArea\b|class=[\"'][^\"']*notice-con\b")
_CCGP = regex(r"v[FT]_detail_content")
_PATH_ID = regex(r"/info/\d{4}/([0-9a-zA-Z-]{8,64})\.html?")
_TYPES: tuple[tuple[str, str], ...] = (
    ("59", "采购意向"), ("5E", "采购意向"), ("001004", "终止公告"), ("001006", "废标公告"), ("001009", "验收公告"), ("00105A", "验收公告"),
    ("00105B", "更正公告"), ("001051", "单一来源公示"), ("001052", "资格预审公告"), ("001053", "资格预审公告"), ("001054", "合同公告"),
    ("001059", "采购需求公示"), ("001101", "采购计划"), ("00103", "更正公告"), ("001003", "更正公告"), ("00102", "中标(成交)结果公告"), ("00101", "采购公告"),
)  # fmt: skip
_METHODS = {"1": "公开招标", "2": "邀请招标", "3": "竞争性谈判", "4": "询价", "5": "单一来源", "6": "竞争性磋商"}


def matches(raw: RawPage) -> bool:
    if raw.decoded.kind == "json":
        return _row(raw.value, raw.url) is not None
    text, words = raw.decoded.text, raw.decoded.words
    if raw.decoded.kind != "html" or not ("noticeArea" in words or "notice-con" in words):
        return False
    return _MARK.search(text) is not None and _CCGP.search(text) is None


def read(raw: RawPage) -> Source:
    source = _read_json(raw) if raw.decoded.kind == "json" else _read_html(raw)
    source.source_id = source.source_id or notice_id(raw.url)
    return source


def notice_id(url: str | None) -> str | None:
    """``id`` of a gpcms address, or the file name of a freecms page."""
    if url is None:
        return None
    found = _PATH_ID.search(url)
    if found is not None:
        return found.group(1)
    values = parse_qs(urlsplit(url.replace("/#/", "/")).query)
    for key in ("id", "noticeId", "contentId"):
        if values.get(key):
            return values[key][0]
    return None


def type_label(code: str) -> str | None:
    """The portal's ``noticeType`` code in words; longer codes before the families they belong to."""
    for prefix, label in _TYPES:
        if code.startswith(prefix):
            return label
    return None


def _word(value: Any) -> str | None:
    return re.sub(r"<[^<>]{1,60}>", "", value).strip() or None if isinstance(value, str) else None


def _rows(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [row for row in value if isinstance(row, dict)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("content"), str):
        return [value]
    for key in ("data", "rows", "result"):
        rows = _rows(value.get(key))
        if rows:
            return rows
    return []


def _row(value: Any, url: str | None) -> dict[str, Any] | None:
    """The record that is meant: the one whose id the address names, else the first with a body."""
    rows = [row for row in _rows(value) if isinstance(row.get("content"), str) and len(_KEYS & row.keys()) >= 3]
    if not rows:
        return None
    wanted = notice_id(url)
    return next((row for row in rows if wanted is not None and row.get("id") == wanted), rows[0])


def _read_json(raw: RawPage) -> Source:
    row = _row(raw.value, raw.url)
    assert row is not None
    title = _word(row.get("title")) or _word(row.get("shorttitle"))
    document, _ = fragment(row["content"], title, raw.url)
    source = Source(document, title=title, source_id=_word(row.get("id")) or _word(row.get("noticeId")))
    page = _word(row.get("pageurl")) or _word(row.get("htmlpath"))
    source.page_url = urljoin(raw.url, page) if raw.url is not None and page is not None else None
    source.region_code = _word(row.get("regionCode"))
    source.fact("published", row.get("noticeTime") or row.get("addtimeStr"), -2)
    source.fact("project_no", _word(row.get("openTenderCode")), 3)
    source.fact("buyer", _word(row.get("purchaser")), 10)
    source.fact("agency", _word(row.get("agency")), 10)
    source.fact("budget", row.get("budget"), 10, "元")
    source.fact("opening", row.get("openTenderTime"), 10)
    source.fact("region", row.get("regionName"))
    source.fact("category", row.get("catalogueNameList"))
    source.fact("author", row.get("author"), 10)
    manner = str(row.get("purchaseManner") or "")
    source.fact("method", _METHODS.get(manner, manner), 10)
    labels = [_word(row.get("noticeTypeName")), type_label(str(row.get("noticeType") or ""))]
    source.type_labels = tuple(label for label in labels if label)
    files = row.get("attchList")
    if isinstance(files, list):
        for item in files:
            if isinstance(item, dict) and _word(item.get("fileUrl")):
                source.attachments.append(Attachment(_word(item.get("fileName")) or item["fileUrl"], item["fileUrl"]))
    source.attachments.extend(file_links(document.links))
    for other in _rows(raw.value):
        identifier = _word(other.get("id"))
        if other is not row and identifier is not None:
            label = _word(other.get("noticeTypeName")) or type_label(str(other.get("noticeType") or ""))
            source.related.append(RelatedNotice(identifier, None, label))
    return source


def _read_html(raw: RawPage) -> Source:
    tree = raw.tree
    content, title = None, None
    for node in tree.css(
        "#noticeArea, div.notice-con, .title-box, h1, h2.title, .info-title, .noticeTitle, #print-content h2"
    ):
        if node.attributes.get("id") == "noticeArea" or "notice-con" in (node.attributes.get("class") or ""):
            content = node
            break
        # Only what stands before the notice is its title: a correction is followed by the original under the original's title.
        title = node_text(node) or title
    source = Source(raw.document([content] if content is not None else []), title=title)
    source.fact("published", node_text(tree.css_first("#noticeTime, .noticeTime, [name=releaseDateSpan]")), 1)
    source.attachments = file_links(raw.links())
    return source
