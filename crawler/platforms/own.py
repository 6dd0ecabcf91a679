"""Portals with systems of their own that answer in JSON, one class each: ggzy, inteligentsearch, Hunan, Chongqing, Shandong,
Jiangsu, Yunnan, Liaoning, and the ministry's intentions.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from urllib.parse import urlencode

from scrapy import FormRequest, Request
from scrapy.http import Response

from crawler.pages import records
from crawler.pages.ccgp import files as page_files
from crawler.pages.common import BEIJING
from crawler.platforms.paged import PagedSpider
from crawler.types import FileLink, Listed, ListPage, Window

PROVINCES = (
    "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000", "340000", "350000", "360000",
    "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000", "510000", "520000", "530000", "540000", "610000", "620000",
    "630000", "640000", "650000", "660000",
)  # fmt: skip
"""``DEAL_PROVINCE`` of the national index; 660000 is XPCC."""
JSON = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}


class _OwnSpider(PagedSpider):
    """What these portals share: a base address, channels in the file, files in the page's links."""

    name = "own-platform"
    option_names = frozenset({"base", "channels", "page_size"})

    def channels(self) -> Sequence[str]:
        return [str(channel) for channel in self.option("channels")]

    def page_request(self, listed: Listed) -> Request:
        return Request(listed.url)

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = listed
        return page_files(body, url, content_type)


class GgzySpider(_OwnSpider):
    """National index of trading platforms. A channel is ``stage`` or ``stage province``; values the form calls "unlimited"
    are left out, as the site's own script does: sent, they find nothing.
    """

    name = "ggzy-platform"
    option_names = frozenset({"base", "channels", "page_size", "classify", "source_type", "province"})

    @property
    def page_size(self) -> int:
        return 20

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        stage, _, province = channel.partition(" ")
        province = province or str(self.option("province", ""))
        form = {
            "TIMEBEGIN_SHOW": window.since.isoformat(),
            "TIMEEND_SHOW": window.until.isoformat(),
            "TIMEBEGIN": window.since.isoformat(),
            "TIMEEND": window.until.isoformat(),
            "DEAL_TIME": "06",
            "SOURCE_TYPE": str(self.option("source_type", "1")),
            "DEAL_CLASSIFY": str(self.option("classify", "02")),
            "DEAL_STAGE": stage,
            "isShowAll": "1",
            "PAGENUMBER": str(number),
            "FINDTXT": "",
            "validationCode": "",
        }
        if province:
            form["DEAL_PROVINCE"] = province
        url = f"{self.option('base')}/information/pubTradingInfo/getTradList"
        return FormRequest(url, formdata=form, headers={**JSON, "X-Pass-Token": ""})

    def narrower(self, channel: str) -> Sequence[str]:
        return [] if " " in channel else [f"{channel} {province}" for province in PROVINCES]

    def read_list(self, response: Response) -> ListPage:
        return records.ggzy(response.body, response.url)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return None if listed.source_id in response.url else "other_notice"


class InteligentSearchSpider(_OwnSpider):
    """Provincial trading platforms on the "inteligentsearch" product: ``pn`` is an offset, the body raw JSON sent as a form.

    A channel is the beginning of a category's number. ``link_base``: what the addresses of its records are relative to.
    """

    name = "inteligentsearch-platform"
    option_names = frozenset({"base", "channels", "page_size", "path", "cnum", "link_base"})

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        size = self.page_size
        body = {
            "token": "", "pn": (number - 1) * size, "rn": size, "sdt": "", "edt": "", "wd": "", "inc_wd": "", "exc_wd": "", "fields": "",
            "cnum": str(self.option("cnum", "")), "sort": '{"webdate":"0"}', "ssort": "", "cl": 10000, "terminal": "",
            "condition": [{"fieldName": "categorynum", "equal": channel, "notEqual": None, "equalList": None, "notEqualList": None,
                           "isLike": True, "likeType": 2}],
            "time": [{"fieldName": "webdate", "startTime": f"{window.since} 00:00:00", "endTime": f"{window.until} 23:59:59"}],
            "highlights": "", "statistics": None, "unionCondition": None, "accuracy": "", "noParticiple": "1", "searchRange": None,
        }  # fmt: skip
        url = f"{self.option('base')}{self.option('path', '/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew')}"
        headers = {**JSON, "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
        return Request(url, method="POST", body=json.dumps(body).encode(), headers=headers)

    def read_list(self, response: Response) -> ListPage:
        return records.inteligentsearch(response.body, str(self.option("link_base", self.option("base"))))


class HunanSpider(_OwnSpider):
    """Form-encoded lists, bare HTML bodies. A channel is a service: the province's own list, or that of cities and counties.

    ``optional``: services known from old sources only.
    """

    name = "hunan-platform"
    option_names = frozenset({"base", "channels", "page_size", "optional"})

    def optional(self, channel: str) -> bool:
        return channel in self.option("optional", [])

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        form = {
            "pType": "", "prcmPrjName": "", "prcmItemCode": "", "prcmOrgName": "", "prcmPlanNo": "",
            "startDate": window.since.isoformat(), "endDate": window.until.isoformat(), "page": str(number),
            "pageSize": str(self.page_size),
        }  # fmt: skip
        return FormRequest(f"{self.option('base')}/mvc/{channel}", formdata=form, headers=JSON)

    def read_list(self, response: Response) -> ListPage:
        return records.hunan(response.body, self.option("base"), "1" if "CityCounty" in response.url else "")

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return None if f"noticeId={listed.source_id}&" in response.url else "other_notice"


class ChongqingSpider(_OwnSpider):
    """``/gwebsite/api/v1/notices/stable``. A channel is a comma-separated list of types."""

    name = "chongqing-platform"
    option_names = frozenset({"base", "channels", "page_size", "domain"})

    def _query(self, **more: str) -> str:
        return urlencode({"__platDomain__": str(self.option("domain")), **more})

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        query = self._query(
            startDate=window.since.isoformat(),
            endDate=window.until.isoformat(),
            pi=str(number),
            ps=str(self.page_size),
            type=channel,
        )
        return Request(f"{self.option('base')}/gwebsite/api/v1/notices/stable/new?{query}", headers=JSON)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return records.record_problem(response.body, listed.source_id, ("notice",), "id", "html", "attachments")

    def read_list(self, response: Response) -> ListPage:
        return records.chongqing(response.body, self.option("base"))

    def page_request(self, listed: Listed) -> Request:
        return Request(f"{listed.url}?{self._query()}", headers=JSON)

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = content_type, listed
        return records.chongqing_files(body, url)


class ShandongSpider(_OwnSpider):
    """The plain home list (``homePage`` 1) needs no captcha; every other filter does and is not used. A channel is ``colCode area``."""

    name = "shandong-platform"

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        column, _, area = channel.partition(" ")
        body = {
            "colCode": column, "area": area, "currentPage": number, "pageSize": self.page_size, "title": "", "projectCode": "",
            "buyKind": "", "buyType": "", "startTime": f"{window.since} 00:00:00", "endTime": f"{window.until} 23:59:59",
            "oldData": 0, "homePage": 1, "mergeType": 0, "cityType": 1,
        }  # fmt: skip
        url = f"{self.option('base')}/api/website/site/getListByCode"
        return Request(
            url,
            method="POST",
            body=json.dumps(body).encode(),
            headers={**JSON, "Content-Type": "application/json;charset=UTF-8"},
        )

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return records.record_problem(response.body, listed.source_id, ("data", "data"), "id", "body", "files")

    def read_list(self, response: Response) -> ListPage:
        return records.shandong(response.body, self.option("base"))

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = content_type, listed
        return records.shandong_files(body, url)


class JiangsuSpider(_OwnSpider):
    """Days in milliseconds; the search wants the code of an image, without which it answers a message."""

    name = "jiangsu-platform"

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        begin = dt.datetime.combine(window.since, dt.time(), BEIJING)
        end = dt.datetime.combine(window.until, dt.time(23, 59, 59), BEIJING)
        query = {
            "cgr": "", "xmbh": "", "pqy": "", "sd": f"{begin.timestamp() * 1000:.0f}", "ed": f"{end.timestamp() * 1000:.0f}", "dljg": "",
            "cglx": channel, "bt": "", "nr": "", "cgfs": "", "page": str(number),
        }  # fmt: skip
        return Request(f"{self.option('base')}/pss/jsp/search_cggg.jsp?{urlencode(query)}", headers=JSON)

    def channels(self) -> Sequence[str]:
        return [""]

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return records.record_problem(response.body, listed.source_id, ("data",), "id", "content", "extend", "files")

    def read_list(self, response: Response) -> ListPage:
        return records.jiangsu(response.body, self.option("base"))

    def page_request(self, listed: Listed) -> Request:
        return Request(listed.url, headers=JSON)

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = content_type, listed
        return records.jiangsu_files(body, url)


class YunnanSpider(_OwnSpider):
    """The table of the procurement list. A channel is a ``query_sign``."""

    name = "yunnan-platform"

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        form = {
            "current": str(number), "rowCount": str(self.page_size), "searchPhrase": "", "query_sign": channel,
            "query_startTime": window.since.isoformat(), "query_endTime": window.until.isoformat(),
        }  # fmt: skip
        url = f"{self.option('base')}/api/procurement/Procurement.purchaseList.svc?captchaCheckFlag=0&p={number}"
        return FormRequest(url, formdata=form, headers=JSON)

    def read_list(self, response: Response) -> ListPage:
        return records.yunnan(response.body, self.option("base"))


class LiaoningSpider(_OwnSpider):
    """``getHomePunInfoList``. A channel is an ``infoTypeCode``; ``pages`` the host of the notices' pages."""

    name = "liaoning-platform"
    option_names = frozenset({"base", "channels", "page_size", "pages"})

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        body = {
            "title": "", "planNo": "", "district": "[]", "releaseDateStart": window.since.isoformat(),
            "releaseDateEnd": window.until.isoformat(), "infoTypeCode": channel, "current": number, "rowCount": self.page_size,
        }  # fmt: skip
        return Request(
            f"{self.option('base')}/gateway/complaint_core/homePage/getHomePunInfoList",
            method="POST",
            body=json.dumps(body).encode(),
            headers={**JSON, "Content-Type": "application/json;charset=UTF-8"},
        )

    def read_list(self, response: Response) -> ListPage:
        return records.liaoning(response.body, str(self.option("pages")))


class IntentionSpider(_OwnSpider):
    """The ministry's 采购意向. A channel is a ``type`` (1 central, 2 local, 0 both). It tells the number of pages, not of notices."""

    name = "intention-platform"
    ends = frozenset({"last_page"})

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        form = {
            "releaseStar": window.since.isoformat(), "releaseEnd": window.until.isoformat(), "title": "", "releaseUnitName": "",
            "zoneId": "", "type": channel, "pageSize": str(self.page_size), "pageNo": str(number),
        }  # fmt: skip
        return FormRequest(f"{self.option('base')}/cgyx/pub/pubSearchData", formdata=form, headers=JSON)

    def read_list(self, response: Response) -> ListPage:
        return records.intentions(response.body, self.option("base"))
