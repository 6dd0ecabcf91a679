"""JSON answers of 政采云 and gpcms portals, made from constructed notices."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from seeds.demo.bodies import body_html
from seeds.demo.ccgp import attachment_url
from seeds.demo.model import CONSTRUCTED, DemoNotice

ZCY_CODES = {
    "gkzb": "ZcyAnnouncement3001",
    "yqzbgg": "ZcyAnnouncement3020",
    "zgysgg": "ZcyAnnouncement2001",
    "jzxtpgg": "ZcyAnnouncement3002",
    "jzxcs": "ZcyAnnouncement3011",
    "xjgg": "ZcyAnnouncement3003",
    "dylygg": "ZcyAnnouncement3012",
    "gzgg": "ZcyAnnouncement3005",
    "fblbgg": "ZcyAnnouncement3015",
    "zbgg": "ZcyAnnouncement3004",
    "cjgg": "ZcyAnnouncement3004",
    "qtgg": "ZcyAnnouncement3014",
}
GPCMS_TYPES = {
    "gkzb": "001011",
    "yqzbgg": "001012",
    "zgysgg": "001052",
    "jzxtpgg": "001013",
    "jzxcs": "001016",
    "xjgg": "001014",
    "dylygg": "001051",
    "gzgg": "001031",
    "fblbgg": "001004",
    "zbgg": "00102",
    "cjgg": "00102",
    "qtgg": "001055",
}


def article_id(notice: DemoNotice) -> str:
    """政采云's identity of a notice: base64 of 16 bytes, with ``+``, ``/`` and ``=`` as they come."""
    return base64.b64encode(hashlib.md5(b"zcy%d" % notice.source_id, usedforsecurity=False).digest()).decode()


def gpcms_id(notice: DemoNotice) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"gpcms{notice.source_id}"))


def zcy_list(notices: Sequence[DemoNotice], total: int) -> dict[str, Any]:
    """Answer of ``POST /portal/category``: these records, ``total`` over all pages."""
    return {
        "success": True,
        "result": {"data": {"total": total, "data": [_zcy_record(n) for n in notices]}},
        "error": None,
    }


def zcy_detail(notice: DemoNotice, chain: Sequence[DemoNotice] = ()) -> dict[str, Any]:
    """Answer of ``GET /portal/detail``; ``chain`` are the notices of the same project."""
    n = notice
    data = {
        "title": n.title,
        "articleId": article_id(n),
        "siteId": 990,
        "author": n.agency,
        "projectCode": n.project_no,
        "projectName": n.project_name,
        "publishDate": int(n.published.timestamp() * 1000),
        "announcementType": int(ZCY_CODES[n.code].removeprefix("ZcyAnnouncement")),
        "isGovPurchase": True,
        "districtCode": n.district_code,
        "categoryNames": ["信息公告", "采购公告", n.label],
        "announcementLinkDtoList": [
            {
                "articleId": article_id(c),
                "type": ZCY_CODES[c.code],
                "typeName": c.label,
                "isExist": True,
                "isCurrent": c.source_id == n.source_id,
                "publishDate": c.day.isoformat(),
                "order": k,
            }
            for k, c in enumerate(chain, start=1)
        ],
        "content": body_html(n),
        "click": 0,
        "attachmentList": None,
        "attachmentVO": {
            "domain": "https://demo-store.ccgp.gov.cn/",
            "attachments": [
                {"name": a.name, "fileId": attachment_url(n, a).split("/", 3)[3], "isShow": True}
                for a in n.attachments
                if a.form == 2
            ],
        },
        "constructed": CONSTRUCTED,
    }
    return {"success": True, "result": {"data": data}, "error": None}


def gpcms_list(notices: Sequence[DemoNotice], total: int) -> dict[str, Any]:
    """Answer of ``selectInfoMoreChannel``."""
    return {"code": "200", "msg": "操作成功", "data": {"rows": [_gpcms_record(n) for n in notices], "total": total}}


def gpcms_detail(notice: DemoNotice) -> dict[str, Any]:
    """Answer of ``getInfoById``."""
    files = [{"fileName": a.name, "fileUrl": attachment_url(notice, a)} for a in notice.attachments if a.form != 4]
    record = {**_gpcms_record(notice), "content": f"<html>{body_html(notice)}</html>", "attchList": files}
    return {"code": "200", "msg": "操作成功", "data": record}


def freecms_list(notices: Sequence[DemoNotice], total: int, site: str = "demo") -> dict[str, Any]:
    """Answer of freecms' ``selectInfoMoreChannel.do``: ``data`` is the list, ``total`` stands beside it."""
    rows = [
        {
            **_gpcms_record(n),
            "noticeId": gpcms_id(n),
            "pageurl": f"/freecms/site/{site}/ggxx/info/{n.day:%Y}/{gpcms_id(n)}.html",
        }
        for n in notices
    ]
    return {"code": "200", "msg": "操作成功", "data": rows, "total": total}


def freecms_page(notice: DemoNotice) -> str:
    """A freecms detail page."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{notice.title}</title></head><body>'
        f'<div class="constructed">{CONSTRUCTED}</div><h1>{notice.title}</h1><p>发布时间：{notice.local_time:%Y-%m-%d %H:%M:%S}</p>'
        f'<div class="notice-con">{body_html(notice)}</div></body></html>'
    )


def _zcy_record(n: DemoNotice) -> dict[str, Any]:
    return {
        "articleId": article_id(n),
        "annId": None,
        "siteId": 990,
        "author": n.agency,
        "pathName": n.label,
        "title": n.title,
        "content": None,
        "publishDate": int(n.published.timestamp() * 1000),
        "districtCode": n.district_code,
        "districtName": n.region,
        "gpCatalogName": None,
        "procurementMethod": n.method,
        "projectCode": None,
        "projectName": None,
        "purchaseName": None,
        "invalid": 0,
        "announcementType": None,
    }


def _gpcms_record(n: DemoNotice) -> dict[str, Any]:
    return {
        "id": gpcms_id(n),
        "title": n.title,
        "author": n.agency,
        "description": CONSTRUCTED,
        "noticeTime": f"{n.local_time:%Y-%m-%d %H:%M:%S}",
        "regionName": n.region,
        "regionCode": n.district_code,
        "noticeType": GPCMS_TYPES[n.code],
        "noticeTypeName": n.label,
        "openTenderCode": n.project_no,
        "purchaser": n.buyer,
        "agency": n.agency,
        "purchaseManner": "1",
        "budget": str(n.budget) if n.budget is not None else None,
        "planId": "",
        "content": None,
        "attchList": None,
    }
