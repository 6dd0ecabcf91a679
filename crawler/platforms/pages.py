"""Portals whose lists are pages: Hebei's search, Tianjin, Beijing, XPCC's trading platform, the ministry's contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from scrapy import FormRequest, Request
from scrapy.http import Response

from crawler.errors import CrawlError
from crawler.pages import html_lists
from crawler.pages.ccgp import files as page_files
from crawler.platforms.backwards import BackwardSpider
from crawler.platforms.paged import HTML_LISTS, PagedSpider
from crawler.types import FileLink, Listed, ListPage, Window

LIST_PAGES = 300
"""How far back a list may be walked that keeps everything: beyond, the portal's own search would be the way."""


def _content_type(response: Response) -> str | None:
    return (response.headers.get("Content-Type") or b"").decode("latin-1") or None


class HebeiSpider(PagedSpider):
    """``was5/web/search``, a day at a time. A channel is a ``lanmu``; ``channel_id`` the search's own number."""

    name = "hebei-platform"
    option_names = frozenset({"base", "channels", "page_size", "channel_id"})
    list_problems = HTML_LISTS

    def channels(self) -> Sequence[str]:
        return [str(channel) for channel in self.option("channels")]

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        query = {
            "channelid": str(self.option("channel_id")), "lanmu": channel, "admindivcode": "", "purchaseWay": "", "procurementcode": "",
            "agencyfullname": "", "PurchaserName": "", "doctitle": "", "fstarttime": window.since.isoformat(),
            "fendtime": window.until.isoformat(), "page": str(number), "perpage": str(self.page_size),
        }  # fmt: skip
        base = self.option("base")
        headers = {"Referer": f"{base}/province/cggg/{channel}/"}
        return Request(
            f"{base}/was5/web/search?{urlencode(query)}", headers=headers, cookies={"cityurl": "..%2Fprovince%2F"}
        )

    def read_list(self, response: Response) -> ListPage:
        return html_lists.hebei(response.body, self.option("base"), _content_type(response))

    def check_page(self, response: Response, listed: Listed) -> str | None:
        found = html_lists.TRS_ID.search(response.url)
        return None if found and found[1] == listed.source_id else "other_notice"

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = listed
        packed = html_lists.hebei_files(body, url, content_type)
        linked = [link for link in page_files(body, url, content_type) if not link.url.endswith("undefined.undefined")]
        return list({link.url: link for link in [*packed, *linked]}.values())


class _PageLists(BackwardSpider):
    """What the lists that are walked back share: options, files, whose page it is."""

    option_names: frozenset[str] = frozenset({"base", "lists", "list_pages"})

    def option(self, name: str, default: Any = None) -> Any:
        """A value of ``crawl.options``. Raises CrawlError for one that is missing (no default) or that nobody reads."""
        portal, options = self.parts.config.id, self.parts.config.options
        unknown = set(options) - self.option_names
        if unknown:
            raise CrawlError(f"{portal}.yml: crawl.options.{min(unknown)} is not known.", "See docs/portals.md.")
        if name not in options and default is None:
            raise CrawlError(f"{portal}.yml: crawl.options.{name} is missing.", "See docs/portals.md.")
        return options.get(name, default)

    def lists(self) -> Sequence[str]:
        return [str(name) for name in self.option("lists")]

    @property
    def list_pages(self) -> int:
        return int(self.option("list_pages", LIST_PAGES))

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return None if listed.source_id in response.url else "other_notice"

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = listed
        return page_files(body, url, content_type)


class TianjinSpider(_PageLists):
    """``topicView.do``, asked as its pager does. A list is the ``id`` of a topic."""

    name = "tianjin-platform"

    def list_request(self, name: str, number: int) -> Request:
        form = {"method": "view", "page": str(number + 1), "id": name, "step": "1", "view": "Infor", "st": "1"}
        return FormRequest(f"{self.option('base')}/portal/topicView.do", formdata=form)

    def read_rows(self, response: Response) -> Sequence[Listed]:
        return html_lists.tianjin(response.body, response.url, _content_type(response))


class BeijingSpider(_PageLists):
    """``<list>index_N.htm``, counted from 1. A list is a path up to that."""

    name = "beijing-platform"

    def list_request(self, name: str, number: int) -> Request:
        return Request(f"{self.option('base')}/xxgg/{name}index_{number + 1}.htm")

    def read_rows(self, response: Response) -> Sequence[Listed]:
        return html_lists.beijing(response.body, response.url, _content_type(response))


class TpFrontSpider(_PageLists):
    """Older Epoint sites: ``/TPFront/jyxx/<list>/?Paging=N``. A list is a path of category numbers."""

    name = "tpfront-platform"

    def list_request(self, name: str, number: int) -> Request:
        return Request(f"{self.option('base')}/TPFront/jyxx/{name}/?Paging={number + 1}")

    def read_rows(self, response: Response) -> Sequence[Listed]:
        return html_lists.tpfront(response.body, response.url, _content_type(response))


class ContractSpider(_PageLists):
    """The ministry's published contracts, ``/GS8/contractpublish/index_N`` from 1. Its search wants a captcha; this list does not."""

    name = "contract-platform"

    def list_request(self, name: str, number: int) -> Request:
        return Request(f"{self.option('base')}/{name}/index_{number + 1}")

    def read_rows(self, response: Response) -> Sequence[Listed]:
        return html_lists.contracts(response.body, response.url, _content_type(response))
