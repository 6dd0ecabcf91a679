"""政采云: ``POST /portal/category`` lists, ``GET /portal/detail`` gives the record. A challenge page is never solved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from crawler.pages import json_lists
from crawler.pages.common import PageError
from crawler.platforms.paged import PagedSpider
from crawler.types import FileLink, Listed, ListPage, Window


class ZcySpider(PagedSpider):
    """Options: ``base`` (scheme and host), ``parent_id``, ``categories`` (codes; ``ZcyAnnouncement`` stands before those that are numbers),
    ``page_size``, ``exclude_district_prefix``, ``districts``.
    """

    name = "zcy-platform"
    option_names = frozenset({"base", "parent_id", "categories", "page_size", "exclude_district_prefix", "districts"})

    def channels(self) -> Sequence[str]:
        return [str(code) for code in self.option("categories")]

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        code = f"ZcyAnnouncement{channel}" if channel.isdecimal() else channel
        base, parent = self.option("base"), self.option("parent_id", "")
        body = {
            "pageNo": number,
            "pageSize": self.page_size,
            "categoryCode": code,
            "districtCode": self.option("districts", []) or None,
            "publishDateBegin": window.since.isoformat(),
            "publishDateEnd": window.until.isoformat(),
            "excludeDistrictPrefix": self.option("exclude_district_prefix", []),
        }
        return Request(
            f"{base}/portal/category",
            method="POST",
            body=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json;charset=UTF-8",
                "Accept": "application/json",
                "X-Requested-With": "XMLHttpRequest",
                "Referer": f"{base}/site/category?parentId={parent}&childrenCode={code}",
            },
        )

    def read_list(self, response: Response) -> ListPage:
        return json_lists.zcy_list(response.body, self.option("base"))

    def page_request(self, listed: Listed) -> Request:
        # A raw "+" would be read as a space: the id must be encoded whole.
        base, parent = self.option("base"), self.option("parent_id", "")
        query = f"articleId={quote(listed.source_id, safe='')}" + (
            f"&parentId={quote(str(parent), safe='')}" if parent else ""
        )
        return Request(
            f"{base}/portal/detail?{query}",
            headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
        )

    def absence(self, body: bytes) -> str | None:
        return json_lists.zcy_absence(body)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        try:
            record = json_lists.zcy_record(response.body)
        except PageError as error:
            return error.reason
        return json_lists.problem_of(record, listed.source_id, "articleId", "content", "attachmentVO", "attachmentList")

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = content_type, listed
        return json_lists.zcy_files(body, url)
