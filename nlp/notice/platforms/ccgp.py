"""www.ccgp.gov.cn 中国政府采购网: detail pages since 2013.

The 公告概要 table is data even where the page hides it, and is no part of the document: it repeats the body in 万元, and pages of Shenzhen put
the whole pool of experts in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from nlp.notice.labels import whole_label
from nlp.notice.norm import even
from nlp.notice.source import RawPage, Source, file_links, node_text
from nlp.patterns import regex
from nlp.types import Attachment

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NAME = "ccgp"
_MARK = regex(r"v[FT]_detail_(?:content|main|table)")
_URL = regex(r"/cggg/(?P<level>zygg|dfgg)/(?P<code>[a-z]+)/\d{6}/t(?P<day>\d{8})_(?P<id>\d+)\.htm")
_ID = regex(r"t\d{8}_(\d+)\.s?html?")
_TYPE_OF_CODE = {
    "gkzb": "公开招标公告", "yqzbgg": "邀请招标公告", "zgysgg": "资格预审公告", "jzxtpgg": "竞争性谈判公告", "jzxcs": "竞争性磋商公告",
    "xjgg": "询价公告", "dylygg": "单一来源公告", "gzgg": "更正公告", "fblbgg": "终止公告", "zbgg": "中标公告", "cjgg": "成交公告", "qtgg": "其他公告",
}  # fmt: skip
_DOWNLOAD = "https://download.ccgp.gov.cn/oss/download?uuid="
_FILES = "https://download.ccgp.gov.cn"
_UUID = regex(r"[0-9A-Fa-f-]{24,40}")
_SUMMARY_ONLY = frozenset({"published", "region", "category", "award_total", "title"})


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "html" and "_detail_" in raw.decoded.words and _MARK.search(raw.decoded.text) is not None


def read(raw: RawPage) -> Source:
    tree = raw.tree
    title = _title(raw)
    content = (
        tree.css_first("div.vF_detail_content")
        or tree.css_first("div.vT_detail_content")
        or tree.css_first("div.vF_detail_main, div.vT_detail_main")
    )
    nodes: list[LexborNode | str] = [title] if title else []
    if content is not None:
        nodes.append(content)
    summary = _summary_table(raw)
    skip = frozenset([summary.mem_id] if summary is not None else [])
    source = Source(raw.document(nodes, skip=skip), title=title)
    if summary is not None:
        _read_summary(summary, source)
    published = tree.css_first("meta[name=PubDate]")
    if published is not None:
        source.fact("published", published.attributes.get("content"), -2)
    source.fact("published", node_text(tree.css_first("#pubTime")), -1)
    labels = [text for text in map(node_text, tree.css(".CurrChnlCls")) if text]
    identify(source, raw.url)
    if source.source_id is None and raw.profile is not None and raw.profile.source_id:
        # Its sister sites (contracts, the library before 2013) name their notices otherwise.
        found = re.search(raw.profile.source_id, raw.url or "")
        source.source_id = found.group(1) if found is not None else None
    source.type_labels = (*reversed(labels), *source.type_labels)
    _attach(raw, source, content)
    return source


def identify(source: Source, url: str | None) -> None:
    """What the address alone says: id, day, type. Also for records of other collectors that carry a ccgp address."""
    if url is None:
        return
    found = _ID.search(url)
    if found is not None:
        source.source_id = source.source_id or found.group(1)
    match = _URL.search(url)
    if match is not None:
        source.fact("published", match.group("day"), 5)
        label = _TYPE_OF_CODE.get(match.group("code"))
        if label is not None:
            source.type_labels = (*source.type_labels, label)


def _title(raw: RawPage) -> str | None:
    tree = raw.tree
    meta = tree.css_first("meta[name=ArticleTitle]")
    if meta is not None and (meta.attributes.get("content") or "").strip():
        return " ".join((meta.attributes["content"] or "").split())
    for selector in ("div.vF_detail_header h2", "h2.tc", "h1"):
        text = node_text(tree.css_first(selector))
        if text:
            return text
    text = node_text(tree.css_first("title"))
    if text and "中国政府采购网" not in text:
        return text
    return text.removesuffix("_中国政府采购网") if text and text.endswith("_中国政府采购网") else None


def _summary_table(raw: RawPage) -> LexborNode | None:
    for selector in (
        "div.vF_detail_table table",
        "div.vF_detail_main > div.table table",
        "div.vT_detail_main > div.table table",
        "div.table > table",
    ):
        table = raw.tree.css_first(selector)
        if table is not None and table.css_first("td.title") is not None:
            return table
    return None


def _read_summary(table: LexborNode, source: Source) -> None:
    """Rows of ``td.title`` and the cell after it; the first value of a key wins, because 采购单位 stands twice."""
    seen: set[str] = set()
    for cell in table.css("td.title"):
        label = whole_label(even(node_text(cell) or ""))
        following = cell.next
        while following is not None and following.tag != "td":
            following = following.next
        if label is None or following is None:
            continue
        _, (kind, rank), _ = label
        value = node_text(following)
        if value is None or kind in seen:
            continue
        seen.add(kind)
        source.fact(
            kind,
            value,
            0 if kind in _SUMMARY_ONLY else 10 + rank,
            "万元" if kind in {"budget", "ceiling", "award_total"} else None,
        )


def _attach(raw: RawPage, source: Source, content: LexborNode | None) -> None:
    found: dict[str, Attachment] = {item.url: item for item in file_links(source.document.links)}
    for anchor in raw.tree.css("a.bizDownload"):
        identifier = anchor.attributes.get("id") or ""
        href = (anchor.attributes.get("href") or "").strip()
        url = _DOWNLOAD + identifier if _UUID.fullmatch(identifier) else urljoin(raw.url or _FILES, href)
        if identifier or href:
            found.setdefault(url, Attachment(node_text(anchor) or identifier, url))
    for anchor in raw.tree.css("ul.fjxx a[href], a[ignore][href]"):
        href = (anchor.attributes.get("href") or "").strip()
        if href and "zfwzgl.www.gov.cn" not in href and not href.startswith(("javascript:", "#")):
            url = urljoin(raw.url or _FILES, href)
            found.setdefault(url, Attachment(node_text(anchor) or url.rsplit("/", 1)[-1], url))
    if content is not None:
        for anchor in content.css("a[target^=CMSFILEINCONTENT][href]"):
            href = (anchor.attributes.get("href") or "").strip()
            url = f"{_FILES}/oss{href}" if href.startswith("/UploadFiles") else urljoin(raw.url or _FILES, href)
            found.setdefault(url, Attachment(node_text(anchor) or url.rsplit("/", 1)[-1], url))
    source.attachments = list(found.values())
