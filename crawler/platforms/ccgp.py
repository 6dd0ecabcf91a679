"""The national portal: static lists of the newest notices, the search by day, detail pages, attachments.

Lists and search are two independent looks at the same library: what either shows is fetched; the search's total is what
the day is reconciled with. Lists say nothing about what they leave out: without that total no day is complete.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.config import PortalCrawl
from crawler.errors import CrawlError, HostClosedError
from crawler.pages import ccgp as pages
from crawler.pages.common import PageError
from crawler.platforms.backwards import BackwardSpider
from crawler.platforms.paged import HTML_LISTS, walk
from crawler.types import FileLink, Kind, Listed, ListPage, Window

PAGE_ROWS = 20
LIBRARY_BEGINS = dt.date(2013, 1, 1)
"""What was published before is in another library, with pages and ids of its own."""
ZONES = (
    "11", "12", "13", "14", "15", "21 not 2102", "22", "23", "31", "32", "33 not 3302", "34", "35 not 3502", "36", "37 not 3702",
    "41", "42", "43", "44 not 4403", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "2102", "3302", "3502", "3702", "4403",
)  # fmt: skip
"""``zoneId`` values of the search form, as it writes them."""


@dataclass(frozen=True, slots=True)
class CcgpOptions:
    """``lists``: base address of the static lists (None: they are not walked), ``sides`` × ``codes`` the lists,
    ``list_pages`` how many pages each keeps; ``search``: address of the search (None: not asked), ``bid_types`` its types,
    ``split_above``: a query with more hits is divided by type, then by zone; ``old_search``: address of the library of days before
    2013 (None: they are asked of the search, which has none of them).
    """

    lists: str | None
    sides: tuple[str, ...]
    codes: tuple[str, ...]
    list_pages: int
    search: str | None
    bid_types: tuple[str, ...]
    split_above: int
    old_search: str | None

    @classmethod
    def parse(cls, options: Mapping[str, Any], config: PortalCrawl) -> CcgpOptions:
        unknown = set(options) - {
            "lists",
            "sides",
            "codes",
            "list_pages",
            "search",
            "bid_types",
            "split_above",
            "old_search",
        }
        if unknown:
            raise CrawlError(f"{config.id}.yml: crawl.options.{min(unknown)} is not known.", "See docs/portals.md.")
        return cls(
            lists=options.get("lists"),
            sides=tuple(options.get("sides") or ()),
            codes=tuple(options.get("codes") or ()),
            list_pages=int(options.get("list_pages") or 25),
            search=options.get("search"),
            bid_types=tuple(str(t) for t in options.get("bid_types") or ()),
            split_above=int(options.get("split_above") or 400),
            old_search=options.get("old_search"),
        )


class CcgpSpider(BackwardSpider):
    name = "ccgp-platform"

    page_rows = PAGE_ROWS
    ends = frozenset({"total"})
    lists_may_be_gone = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._search_gone: str | None = None

    @property
    def options(self) -> CcgpOptions:
        return CcgpOptions.parse(self.parts.config.options, self.parts.config)

    # ── static lists ─────────────────────────────────────────────────────────────────────────────────────────────

    async def prepare(self, windows: Sequence[Window]) -> None:
        if any(window.until >= LIBRARY_BEGINS for window in windows) and self.lists():
            await super().prepare(windows)

    def lists(self) -> Sequence[str]:
        options = self.options
        if not options.lists:
            return ()
        return [f"{options.lists}/{side}/{code}/" for side in options.sides for code in options.codes]

    @property
    def list_pages(self) -> int:
        return self.options.list_pages

    def list_request(self, name: str, number: int) -> Request:
        return Request(urljoin(name, f"index_{number}.htm" if number else "index.htm"))

    def read_rows(self, response: Response) -> Sequence[Listed]:
        return pages.list_rows(response.body, response.url, _content_type(response))

    # ── search ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def discover(self, window: Window) -> None:
        if not self.options.search:
            if self.walked(window):
                window.confirmed = True
                window.listed = len(window.discovered)
            else:
                self._lists_failed(window)
            return
        trouble: PageError | None = None
        if self._search_gone is None:
            try:
                await self._search_day(window)
            except HostClosedError as error:
                self._search_gone = error.reason
            except PageError as error:
                trouble = error
                if error.reason == "not_found":
                    self._search_gone = error.reason
            else:
                return
        # What the lists show is fetched, but only the search counts the day: without its count nothing says what they left out.
        reason = trouble.reason if trouble is not None else self._search_gone or "no_answer"
        window.notes.append(f"search: {trouble or reason}")
        window.list_failures.append(reason)
        self._lists_failed(window)
        if (trouble is None and reason != "not_found") or reason == "robots_disallowed":
            window.blocked = reason

    def _lists_failed(self, window: Window) -> None:
        for name, failure in self._failed:
            self.list_failed(window, failure, name)

    async def _search_day(self, window: Window) -> None:
        total, seen = await self._query(window, "0", "")
        if seen is None:
            seen = set()
            for bid_type in self.options.bid_types:
                seen |= await self._by_type(window, bid_type)
        if not total and window.discovered:
            raise PageError("nothing_counted", f"0 counted, {len(window.discovered)} in the lists")
        # However the day was divided, the portal's own count of the whole is what must be found.
        window.hidden = max(0, total - len(seen))
        # The lists may know notices that the search does not count: the day's total is that of different notices.
        window.listed = len(seen | set(window.discovered)) + window.hidden

    async def _by_type(self, window: Window, bid_type: str) -> set[str]:
        total, ids = await self._query(window, bid_type, "")
        if ids is not None:
            return ids
        seen: set[str] = set()
        for zone in ZONES:
            seen |= (await self._query(window, bid_type, zone, split=False))[1] or set()
        if len(seen) < total:
            # Some notices lie in no zone: then the type is walked whole, however long it is.
            seen |= (await self._query(window, bid_type, "", split=False))[1] or set()
        return seen

    async def _query(
        self, window: Window, bid_type: str, zone: str, *, split: bool = True
    ) -> tuple[int, set[str] | None]:
        """What one query counts and the ids it showed, walked until it stands still; None for the ids when it is too large
        and must be divided.
        """
        first = await self._search_page(window, bid_type, zone, 1)
        if split and first.total > self.options.split_above:
            return first.total, None
        given: list[pages.SearchPage] = [first]

        async def ask(number: int) -> ListPage:
            page = given.pop() if given else await self._search_page(window, bid_type, zone, number)
            return ListPage(page.total, page.rows)

        async def keep(rows: Sequence[Listed]) -> None:
            await self.found(window, rows)

        total, seen = await walk(keep, ask, PAGE_ROWS)
        window.parts[f"{bid_type} {zone}".strip()] = (total, len(seen))
        return total, seen

    async def _search_page(self, window: Window, bid_type: str, zone: str, number: int) -> pages.SearchPage:
        options = self.options
        query = {
            "searchtype": "1",
            "page_index": str(number),
            "bidSort": "0",
            "buyerName": "",
            "projectId": "",
            "pinMu": "0",
            "bidType": bid_type,
            "dbselect": "bidx",
            "kw": "",
            "start_time": f"{window.since:%Y:%m:%d}",
            "end_time": f"{window.until:%Y:%m:%d}",
            "timeType": "6",
            "displayZone": "",
            "zoneId": zone,
            "pppStatus": "0",
            "agentName": "",
        }
        address = options.search
        if options.old_search and window.until < LIBRARY_BEGINS:
            address = options.old_search
            del query["pppStatus"]
        url = f"{address}?{urlencode(query)}"
        page = await self._result_page(url)
        if (page.since, page.until) != (window.since, window.until):
            raise PageError("other_days", f"asked {window.since}, got {page.since}–{page.until}")
        return page

    async def _result_page(self, url: str) -> pages.SearchPage:
        """A page of results; asked again when the search shows its front page instead."""
        attempt = 0
        while True:
            fetched = await self.fetch(Request(url), Kind.LIST)
            problem = fetched.problem
            try:
                # What is no list for the recogniser may still be the front page: read, it says so itself.
                if fetched.response is None or problem not in {None, *HTML_LISTS}:
                    raise PageError(problem or "no_answer", url)  # noqa: TRY301 - one place decides about asking again
                return pages.search_page(fetched.response.body, url, _content_type(fetched.response))
            except PageError as error:
                attempt += 1
                if error.reason != "landing_page" or attempt > self.parts.config.retries:
                    raise
            await self.pause(url, attempt)

    # ── notices ──────────────────────────────────────────────────────────────────────────────────────────────────

    def check_page(self, response: Response, listed: Listed) -> str | None:
        return None if pages.notice_id(response.url) == listed.source_id else "other_notice"

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        _ = listed
        return pages.files(body, url, content_type)


def _content_type(response: Response) -> str | None:
    return (response.headers.get("Content-Type") or b"").decode("latin-1") or None
