"""www.ccgp-chongqing.gov.cn: own API; the record names buyer and agency, the body follows a local order of headings."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from nlp.notice.source import RawPage, Source, file_links, fragment
from nlp.patterns import regex
from nlp.types import Attachment, RelatedNotice

NAME = "chongqing"
_HOST = "https://www.ccgp-chongqing.gov.cn"
_ID = regex(r"/(?:notices(?:/detail|/stable)?|procument-notice-detail)/(\d{5,20})")
_WAYS = {
    "100": "公开招标", "200": "邀请招标", "300": "竞争性谈判", "400": "询价", "500": "单一来源", "800": "竞争性磋商", "6001": "电子竞价",
    "6002": "电子反拍", "6003": "网上询价",
}  # fmt: skip
_TYPES = {
    "300": "结果公告",
    "302": "结果公告",
    "304": "结果公告",
    "3041": "结果公告",
    "301": "采购预公告",
    "303": "采购预公告",
}


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "json" and _notice(raw.value) is not None


def read(raw: RawPage) -> Source:
    notice = _notice(raw.value)
    assert notice is not None
    title = " ".join(str(notice.get("title") or "").split()) or None
    document, _ = fragment(str(notice.get("html") or ""), title, raw.url or _HOST)
    source = Source(document, title=title)
    found = _ID.search(raw.url or "")
    source.source_id = str(notice["id"]) if notice.get("id") else (found.group(1) if found is not None else None)
    source.page_url = f"{_HOST}/info-notice/procument-notice-detail/{source.source_id}" if source.source_id else None
    source.fact("published", notice.get("issueTime"), -2)
    source.fact("buyer", notice.get("buyerName"), 1)
    agent = notice.get("agentName")
    if agent != notice.get("buyerName"):
        source.fact("agency", agent, 10)
    source.fact("budget", notice.get("projectBudget"), 10, "元")
    source.fact("opening", notice.get("openBidTime"), 10)
    source.fact("region", notice.get("districtName"))
    source.fact("category", notice.get("projectDirectoryName"))
    source.fact("project_no", notice.get("projectCode"), 3)
    source.fact(
        "method", notice.get("projectPurchaseWayName") or _WAYS.get(str(notice.get("projectPurchaseWay") or "")), 10
    )
    number = str(notice.get("noticeType") or "")
    label = _TYPES.get(number) or (
        "采购公告" if number[:1] in {"1", "2", "4"} else "结果公告" if number[:2] == "30" else None
    )
    source.type_labels = (label,) if label else ()
    source.attachments = _attachments(notice.get("attachments")) + file_links(document.links)
    refers = raw.value.get("refers") if isinstance(raw.value, dict) else None
    if isinstance(refers, list):
        for entry in refers:
            if isinstance(entry, dict) and entry.get("target"):
                source.related.append(
                    RelatedNotice(str(entry["target"]), None, str(entry.get("targetName") or "") or None)
                )
    return source


def _notice(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    notice = value.get("notice")
    if isinstance(notice, dict) and isinstance(notice.get("html"), str):
        return notice
    return None


def _attachments(value: Any) -> list[Attachment]:
    """A JSON string in the JSON: ``[{"name","value"}]``, values relative to the host."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if not isinstance(value, list):
        return []
    return [
        Attachment(str(item.get("name") or item["value"]), urljoin(_HOST, str(item["value"])))
        for item in value
        if isinstance(item, dict) and item.get("value")
    ]
