"""JSON records of portals and collectors that have no file of their own: the record with a body or a title, its keys by their common names."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from nlp.notice.norm import squeeze
from nlp.notice.platforms import ccgp, ggzy
from nlp.notice.platforms.chongqing import _ID as _CHONGQING_ID
from nlp.notice.source import RawPage, Source, file_links, fragment
from nlp.types import Attachment

NAME = "generic_json"

_CONTENT = (
    "content", "CONTENT", "html", "clean_text", "content_text", "contentHtml", "body", "gonggaocontent", "infoContent", "infocontent", "noticeContent", "NOTICE_CONTENT",
    "bulletinContent", "articleContent", "text", "detail", "purchaseContent", "description",
)  # fmt: skip
_TITLE = ("title", "noticeTitle", "NOTICE_TITLE", "bulletintitle", "BULLETINTITLE", "articleTitle", "shorttitle")
_KEYS: tuple[tuple[str, str, int, str | None], ...] = (
    # key, kind, rank (from 10 on the body is the better witness), unit
    ("publishDate", "published", -1, None), ("publishTime", "published", -1, None), ("publish_time", "published", -1, None),
    ("publish_date", "published", -1, None), ("published_ts", "published", -1, None), ("noticeTime", "published", -1, None),
    ("issueTime", "published", -1, None), ("webdate", "published", -1, None), ("infodate", "published", -1, None), ("infoDate", "published", -1, None),
    ("pubDate", "published", -1, None), ("NEWWORK_DATE", "published", -1, None), ("TM", "published", -1, None), ("date", "published", 0, None),
    ("createDate", "published", 1, None), ("time", "published", 1, None), ("releaseDate", "published", 0, None), ("FINISHDAY", "published", 1, None),
    ("correctionDate", "published", 6, None), ("createTime", "published", 7, None),
    ("projectCode", "project_no", 3, None), ("projectNo", "project_no", 3, None), ("project_code", "project_no", 11, None), ("PROCODE", "project_no", 0, None),
    ("openTenderCode", "project_no", 3, None), ("tenderProjectCode", "project_no", 11, None), ("TENDER_PROJECT_CODE", "project_no", 11, None),
    ("projectNumber", "project_no", 3, None), ("purchaseProjectCode", "project_no", 3, None),
    ("projectName", "project_name", 3, None), ("project_name", "project_name", 3, None), ("NAME", "project_name", 0, None),
    ("procurementName", "project_name", 3, None), ("purchaseProjectName", "project_name", 3, None),
    ("buyer", "buyer", 10, None), ("buyerName", "buyer", 10, None), ("purchaser", "buyer", 10, None), ("purchaserName", "buyer", 10, None),
    ("purchaser_name", "buyer", 10, None), ("procurementCompany", "buyer", 10, None), ("purchaseName", "buyer", 10, None), ("issuer", "buyer", 10, None),
    ("tenderee", "buyer", 10, None), ("operator", "buyer", 13, None),
    ("agency", "agency", 10, None), ("agentName", "agency", 10, None), ("agent_name", "agency", 10, None), ("agencyName", "agency", 10, None),
    ("purchaserAgencyName", "agency", 10, None),
    ("budget", "budget", 10, "元"), ("projectBudget", "budget", 10, "元"), ("budgetPrice", "budget", 10, "元"), ("bidAmount", "award_total", 0, "元"),
    ("region", "region", 0, None), ("area", "region", 0, None), ("districtName", "region", 0, None), ("AREA_NAME", "region", 0, None),
    ("provinceText", "region", 1, None), ("administrativeRegion", "region", 0, None), ("regionName", "region", 0, None),
    ("purchase_category", "category", 0, None), ("projectDirectoryName", "category", 0, None), ("item", "category", 1, None),
    ("purchase_type", "method", 10, None), ("PRCM_MODE_NAME", "method", 10, None), ("procurementMethod", "method", 10, None),
    ("open_bid_ts", "opening", 10, None), ("openBidTime", "opening", 10, None), ("bidOpenTime", "opening", 10, None), ("bidOpeningTime", "opening", 10, None),
    ("deal_ts", "award_date", 10, None), ("announced_ts", "first_notice", 10, None), ("firstNoticeDate", "first_notice", 10, None),
    ("winner", "supplier", 10, None), ("supplierName", "supplier", 10, None), ("bidCompany", "supplier", 10, None),
)  # fmt: skip
_LABELS = (
    "announce_type", "ann_type", "announcementType", "noticeTypeName", "NOTICE_NAME", "NOTICE_TYPE_NAME", "pathName", "noticeType", "type", "subtype", "info_type",
    "informationTypeText", "infoType", "category", "publishOneType", "categoryname", "note",
)  # fmt: skip
_RECORD = frozenset(key for key, _, _, _ in _KEYS) | frozenset(_TITLE)
_IDS = (
    "articleId",
    "ggid",
    "noticeId",
    "NOTICE_ID",
    "sourceId",
    "contentId",
    "record_id",
    "infoid",
    "BULLETIN_ID",
    "id",
)
_MIN_CONTENT = 10


def matches(raw: RawPage) -> bool:
    return raw.decoded.kind == "json" and record_of(raw.value) is not None


def record_of(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """The first object, from outside in, that has a body or a title and two known keys."""
    if depth > 5:
        return None
    if isinstance(value, dict):
        if _content(value) or (
            len(_RECORD & value.keys()) >= 3 and any(isinstance(value.get(key), str) for key in _TITLE)
        ):
            return value
        for entry in value.values():
            if isinstance(entry, dict | list):
                found = record_of(entry, depth + 1)
                if found is not None:
                    return found
    elif isinstance(value, list):
        for entry in value[:3]:
            found = record_of(entry, depth + 1)
            if found is not None:
                return found
    return None


def read(raw: RawPage) -> Source:
    record = record_of(raw.value)
    assert record is not None
    title = next(
        (
            " ".join(str(record[key]).split())
            for key in _TITLE
            if isinstance(record.get(key), str) and record[key].strip()
        ),
        None,
    )
    heading = title
    label_title: str | None = None
    capital = record.get("TITLE")
    if title is None and isinstance(capital, str):
        # Some interfaces put the kind of notice there and the project under NAME.
        if isinstance(record.get("NAME"), str):
            label_title, heading = capital, record["NAME"]
        else:
            title = heading = capital.strip() or None
    if title is not None and title.endswith(("...", "…")):
        title = None
    document, _ = fragment(_content(record), heading, raw.url)
    url = _address(record)
    source = Source(document, title=title, url=url)
    for key, kind, rank, unit in _KEYS:
        source.fact(kind, record.get(key), rank, unit)
    _money(record, source)
    source.type_labels = tuple(
        label
        for label in (label_title, *(record.get(key) for key in _LABELS))
        if isinstance(label, str) and 1 < len(label) <= 40
    )
    address = raw.url or url
    ccgp.identify(source, address)
    ggzy.identify(source, address)
    pattern = raw.profile.source_id if raw.profile is not None else None
    own = re.search(pattern, address) if pattern and address else None
    if own is not None:
        source.source_id = own.group(1)
    found = _CHONGQING_ID.search(address or "")
    if source.source_id is None and found is not None:
        source.source_id = found.group(1)
    if source.source_id is None:
        # A collector's running number is no id of the portal's; where there is an address, the address is the identity.
        keys = [key for key in _IDS if key != "id" or address is None]
        source.source_id = next(
            (str(record[key]) for key in keys if isinstance(record.get(key), str | int) and str(record[key]).strip()),
            None,
        )
    source.attachments = _attachments(record, address) + file_links(document.links)
    return source


def _content(record: dict[str, Any]) -> str:
    for key in _CONTENT:
        value = record.get(key)
        if isinstance(value, str) and len(value.strip()) >= _MIN_CONTENT:
            return value
    custom = record.get("custom")
    return _content(custom) if isinstance(custom, dict) else ""


def _address(record: dict[str, Any]) -> str | None:
    for key in ("url", "URL", "website", "detail_url", "detailUrl", "original_link"):
        value = record.get(key)
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return None


def _money(record: dict[str, Any], source: Source) -> None:
    total = record.get("total_winning_money")
    if isinstance(total, dict):
        source.fact("award_total", f"{total.get('money_amount')}{total.get('money_unit') or '元'}", 0)
    winners = record.get("winnerInfo")
    if isinstance(winners, list) and not record.get("winner"):
        for entry in winners:
            if isinstance(entry, dict):
                source.fact("supplier", entry.get("winner"), 10)


def _attachments(record: dict[str, Any], base: str | None) -> list[Attachment]:
    found: dict[str, Attachment] = {}
    for key in ("attachments", "files", "attachmentList", "attachFiles", "attchList"):
        items = record.get(key)
        if not isinstance(items, list):
            continue
        for item in items:
            if not isinstance(item, dict):
                continue
            url = next(
                (
                    item[k]
                    for k in ("url", "fileUrl", "path", "href", "link")
                    if isinstance(item.get(k), str) and item[k].strip()
                ),
                None,
            )
            if url is not None:
                # A relative address glued behind a host that it should have replaced: the last one is meant.
                address = squeeze(url[url.rfind("http") :]) if url.count("http") > 1 else squeeze(url)
                address = urljoin(base, address) if base else address
                name = next(
                    (
                        item[k]
                        for k in ("name", "fileName", "title")
                        if isinstance(item.get(k), str) and item[k].strip()
                    ),
                    address,
                )
                found.setdefault(address, Attachment(name, address))
    return list(found.values())
