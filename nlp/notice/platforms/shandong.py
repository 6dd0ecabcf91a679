"""www.ccgp-shandong.gov.cn: JSON whose ``body`` is base64 of HTML in GB18030 or UTF-8, without a declared character set."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from nlp.document.decoding import decode
from nlp.notice.source import RawPage, Source, file_links, fragment
from nlp.types import Attachment, Issue

NAME = "shandong"
_HOST = "http://www.ccgp-shandong.gov.cn:8087"
_PAGE = "http://www.ccgp-shandong.gov.cn/detail"
_COLUMNS = {
    "0301": "采购公告", "0302": "结果公告", "0303": "采购公告", "0304": "结果公告", "2500": "采购意向", "2504": "采购意向", "0305": "更正公告",
    "0306": "更正公告", "0307": "废标公告",
}  # fmt: skip


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "json" and _data(raw.value) is not None


def read(raw: RawPage) -> Source:
    data = _data(raw.value)
    assert data is not None
    issues: list[Issue] = []
    try:
        html = decode(base64.b64decode(str(data["body"]), validate=False)).text
    except (binascii.Error, ValueError):
        html = str(data["body"])
        issues.append(Issue("body_not_base64", "the body field is not base64; read as it stands", "body"))
    title = " ".join(str(data.get("title") or "").split()) or None
    document, _ = fragment(html, title, raw.url or _HOST)
    source = Source(document, title=title, issues=issues)
    query = parse_qs(urlsplit(raw.url or "").query)
    source.source_id = str(data.get("id") or "") or (query.get("id") or [None])[0]  # type: ignore[list-item]
    source.fact("published", data.get("date"), -2)
    source.fact("region", data.get("areaName"))
    source.fact("project_no", data.get("projectCode"), 3)
    column = str(data.get("colCode") or (query.get("colCode") or [""])[0])
    if source.source_id and column:
        old = (query.get("oldData") or ["0"])[0]
        source.page_url = f"{_PAGE}?{urlencode({'id': source.source_id, 'colCode': column, 'oldData': old})}"
    label = _COLUMNS.get(column)
    source.type_labels = (label,) if label else ()
    files = data.get("files")
    if isinstance(files, list):
        for item in files:
            if isinstance(item, dict) and (item.get("url") or item.get("path")):
                address = urljoin(_HOST, str(item.get("url") or item.get("path")))
                source.attachments.append(Attachment(str(item.get("name") or address), address))
    source.attachments.extend(file_links(document.links))
    return source


def _data(value: Any) -> dict[str, Any] | None:
    """Two nested ``data``; the inner one holds the record."""
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        body = value.get("body")
        if isinstance(body, str) and body and "<" not in body[:200] and {"title", "colCode", "id"} & value.keys():
            return value
        value = value.get("data")
    return None
