"""gpcms and its sister freecms: channel lists and records as JSON (gpcms) or pages (freecms)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.pages import json_lists
from crawler.pages.ccgp import files as page_files
from crawler.pages.common import PageError
from crawler.platforms.paged import PagedSpider
from crawler.types import FileLink, Listed, ListPage, Window

LIST_HEADERS = {"Accept": "application/json, text/plain, */*", "X-Requested-With": "XMLHttpRequest"}


class GpcmsSpider(PagedSpider):
    """Options: ``base``, ``site_id``, ``channels`` (ids), ``notice_types`` (empty: all of a channel), ``region_code``,
    ``page_size``, ``path`` (of the services).
    """

    name = "gpcms-platform"
    option_names = frozenset({"base", "site_id", "channels", "notice_types", "region_code", "page_size", "path"})

    def channels(self) -> Sequence[str]:
        types = [str(t) for t in self.option("notice_types", [""])]
        return [f"{channel} {kind}".strip() for channel in self.option("channels") for kind in types]

    @property
    def services(self) -> str:
        return f"{self.option('base')}{self.option('path', '/gpcms/rest/web/v2')}"

    def query(self, window: Window, channel: str, number: int) -> dict[str, str]:
        channel_id, _, kind = channel.partition(" ")
        return {
            "siteId": str(self.option("site_id")),
            "channel": channel_id,
            "currPage": str(number),
            "pageSize": str(self.page_size),
            "noticeType": kind,
            "regionCode": str(self.option("region_code", "")),
            "cityOrArea": "",
            "purchaseManner": "",
            "title": "",
            "openTenderCode": "",
            "purchaser": "",
            "agency": "",
            "operationStartTime": f"{window.since} 00:00:00",
            "operationEndTime": f"{window.until} 23:59:59",
            "selectTimeName": "noticeTime",
            "subChannel": "false",
            "verifyCode": "",
        }

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        query = urlencode(self.query(window, channel, number))
        return Request(f"{self.services}/info/selectInfoMoreChannel?{query}", headers=LIST_HEADERS)

    def read_list(self, response: Response) -> ListPage:
        return json_lists.gpcms_list(response.body, response.url)

    def page_request(self, listed: Listed) -> Request:
        return Request(f"{self.services}/info/getInfoById?id={quote(listed.source_id, safe='')}", headers=LIST_HEADERS)

    def absence(self, body: bytes) -> str | None:
        return json_lists.gpcms_absence(body)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        try:
            record = json_lists.gpcms_record(response.body, listed.source_id)
        except PageError as error:
            return error.reason
        return json_lists.problem_of(record, listed.source_id, "id", "content", "attchList")

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = content_type
        return json_lists.gpcms_files(body, url, listed.source_id)


class FreecmsSpider(GpcmsSpider):
    """freecms: the same list service under another path; a notice is a page."""

    name = "freecms-platform"

    @property
    def services(self) -> str:
        return f"{self.option('base')}{self.option('path', '/freecms/rest/v1')}"

    def query(self, window: Window, channel: str, number: int) -> dict[str, str]:
        query = super().query(window, channel, number)
        query["noticeName"] = query.pop("title")
        return {key: value for key, value in query.items() if key != "verifyCode"}

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        query = urlencode(self.query(window, channel, number))
        return Request(f"{self.services}/notice/selectInfoMoreChannel.do?{query}", headers=LIST_HEADERS)

    def page_request(self, listed: Listed) -> Request:
        return Request(listed.url)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return None if listed.source_id in response.url else "other_notice"

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = listed
        return page_files(body, url, content_type)
