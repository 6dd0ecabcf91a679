"""政采云 (zcygov): provincial portals of Xinjiang, XPCC, Guangxi, Guizhou, Qinghai, Shanxi, Anhui, Shanghai, Zhejiang.

Detail answers are JSON with the HTML inside; the older pages carry the same JSON in an input field. The values in the HTML are named by
``code-…`` classes, wherever the HTML ends up.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from nlp.notice.source import RawPage, Source, file_links, fragment
from nlp.types import Attachment, RelatedNotice

NAME = "zcy"
_KEYS = frozenset({"articleId", "announcementLinkDtoList", "attachmentVO", "categoryNames", "isGovPurchase"})
TYPE_OF_NUMBER = {
    "10016": "采购意向", "3001": "公开招标公告", "3002": "竞争性谈判公告", "3003": "询价公告", "3008": "资格预审公告", "2001": "资格预审公告",
    "3011": "竞争性磋商公告", "3020": "邀请招标公告", "3012": "单一来源公示", "3014": "采购文件需求公示", "3005": "更正公告", "3006": "澄清公告",
    "3018": "中止公告", "3004": "中标(成交)结果公告", "3009": "资格入围公告", "3015": "终止公告", "3017": "采购结果变更公告", "4004": "资格入围公告",
    "4005": "中标公告", "4006": "成交公告", "3010": "采购合同公告", "3016": "验收公告", "3007": "废标公告", "2004": "框架协议征集公告",
    "2005": "框架协议征集公告", "4009": "框架协议入围公告", "8043": "成交公告", "8042": "成交公告", "8031": "工程招标公告",
}  # fmt: skip


def matches(raw: RawPage) -> bool:
    if raw.decoded.kind == "json":
        return _detail(raw.value) is not None
    return raw.decoded.kind == "html" and "articleDetail" in raw.decoded.words and _from_input(raw) is not None


def read(raw: RawPage) -> Source:
    data = _detail(raw.value) if raw.decoded.kind == "json" else _from_input(raw)
    assert data is not None
    title = _word(data.get("title"))
    document, _ = fragment(_word(data.get("content")) or "", title, raw.url)
    source = Source(document, title=title)
    source.source_id = _word(data.get("articleId")) or article_id(raw.url)
    source.page_url = _page(raw.url)
    source.region_code = _word(data.get("districtCode"))
    source.fact("published", data.get("publishDate"), -2)
    source.fact("project_no", data.get("projectCode"), -1)
    source.fact("project_name", data.get("projectName"), 3)
    source.fact("buyer", data.get("purchaseName"), 10)
    source.fact("category", data.get("gpCatalogName"))
    source.fact("method", data.get("procurementMethod"), 10)
    source.fact("budget", data.get("budgetPrice"), 10, "元")
    source.fact("opening", data.get("bidOpeningTime"), 10)
    source.fact("region", data.get("districtName"))
    source.fact("author", data.get("author"), 10)
    labels = [TYPE_OF_NUMBER.get(str(data.get("announcementType") or ""))]
    labels.append(_word(data.get("pathName")))
    names = data.get("categoryNames")
    if isinstance(names, list):
        labels.extend(_word(name) for name in reversed(names))
    source.type_labels = tuple(label for label in labels if label)
    _relate(data, source)
    source.attachments = _attachments(data) + file_links(document.links)
    return source


def article_id(url: str | None) -> str | None:
    """The decoded ``articleId`` of an address; a raw ``+`` of base64 that was read as a blank becomes a plus again."""
    if url is None:
        return None
    parts = urlsplit(url.replace("/#/", "/"))
    values = parse_qs(parts.query).get("articleId")
    return values[0].replace(" ", "+") if values else None


def _page(url: str | None) -> str | None:
    """The page that shows what ``/portal/detail`` answers to it."""
    if url is None:
        return None
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    article = article_id(url)
    if parts.path != "/portal/detail" or article is None:
        return None
    wanted = {"parentId": asked["parentId"][0], "articleId": article} if "parentId" in asked else {"articleId": article}
    return urlunsplit((parts.scheme, parts.netloc, "/site/detail", urlencode(wanted), ""))


def _word(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _detail(value: Any) -> dict[str, Any] | None:
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        if isinstance(value.get("content"), str) and len(_KEYS & value.keys()) >= 2:
            return value
        value = value.get("result") or value.get("data")
    return (
        value
        if isinstance(value, dict) and isinstance(value.get("content"), str) and len(_KEYS & value.keys()) >= 2
        else None
    )


def _from_input(raw: RawPage) -> dict[str, Any] | None:
    node = raw.tree.css_first("input[name=articleDetail]")
    if node is None:
        return None
    try:
        value = json.loads(node.attributes.get("value") or "")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("content"), str) else None


def _relate(data: dict[str, Any], source: Source) -> None:
    import datetime as dt  # noqa: PLC0415 - the only use in this file

    links = data.get("announcementLinkDtoList")
    if not isinstance(links, list):
        return
    for link in links:
        if not isinstance(link, dict) or link.get("isCurrent") is True or link.get("isExist") is False:
            continue
        identifier = _word(link.get("articleId"))
        if identifier is None or identifier == source.source_id:
            continue
        try:
            day = dt.date.fromisoformat(str(link.get("publishDate"))[:10])
        except ValueError:
            day = None
        source.related.append(RelatedNotice(identifier, _word(link.get("url")), _word(link.get("typeName")), day))


def _attachments(data: dict[str, Any]) -> list[Attachment]:
    found: list[Attachment] = []
    holder = data.get("attachmentVO")
    if isinstance(holder, dict) and isinstance(holder.get("attachments"), list):
        domain = _word(holder.get("domain")) or ""
        found.extend(
            Attachment(_word(item.get("name")) or item["fileId"], domain + item["fileId"])
            for item in holder["attachments"]
            if isinstance(item, dict) and _word(item.get("fileId")) and item.get("isShow") is not False
        )
    items = data.get("attachmentList")
    if isinstance(items, list):
        found.extend(
            Attachment(_word(item.get("name")) or item["path"], item["path"])
            for item in items
            if isinstance(item, dict) and _word(item.get("path"))
        )
    return found
