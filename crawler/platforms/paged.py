"""Portals whose lists answer "page n of the records of this day": walked until they stand still."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.errors import CrawlError, HostClosedError
from crawler.pages.common import BEIJING, PageError
from crawler.platforms.base import Fetched, PortalSpider
from crawler.types import Kind, Listed, ListPage, Window

logger = logging.getLogger(__name__)

MAX_PASSES = 5
REFUSALS = frozenset({"refused", "captcha"})


class PagedSpider(PortalSpider):
    """A platform says which channels there are, how page n is asked for and how it is read."""

    name = "paged-platform"
    option_names: frozenset[str] = frozenset()

    def channels(self) -> Sequence[str]:
        """Kinds of notices that are listed apart; together they are the day."""
        raise NotImplementedError

    def list_request(self, window: Window, channel: str, number: int) -> Request:
        raise NotImplementedError

    def read_list(self, response: Response) -> ListPage:
        """May raise PageError."""
        raise NotImplementedError

    @property
    def page_size(self) -> int:
        return int(self.option("page_size", 50))

    def option(self, name: str, default: Any = None) -> Any:
        """A value of ``crawl.options``. Raises CrawlError for one that is missing (no default) or that nobody reads."""
        options: Mapping[str, Any] = self.parts.config.options
        unknown = set(options) - self.option_names
        if unknown:
            raise CrawlError(
                f"{self.parts.config.id}.yml: crawl.options.{min(unknown)} is not known.", "See docs/portals.md."
            )
        if name not in options and default is None:
            raise CrawlError(f"{self.parts.config.id}.yml: crawl.options.{name} is missing.", "See docs/portals.md.")
        return options.get(name, default)

    async def discover(self, window: Window) -> None:
        seen: set[str] = set()
        for channel in self.channels():
            seen |= await self._channel(window, channel)
        # A notice may stand in two channels and be counted by both: the day's total is that of different notices.
        window.listed = len(seen | set(window.discovered)) + window.hidden

    async def _channel(self, window: Window, channel: str) -> set[str]:
        async def ask(number: int) -> ListPage:
            return await self.list_page(self.list_request(window, channel, number))

        total, seen = await walk(self.keep(window), ask, self.page_size)
        window.hidden += max(0, total - len(seen))
        return seen

    def keep(self, window: Window) -> Callable[[Sequence[Listed]], Awaitable[None]]:
        """What is done with rows: those of the window's day are its notices, others are refused by name."""

        async def kept(rows: Sequence[Listed]) -> None:
            for row in rows:
                day = row.published.astimezone(BEIJING).date() if row.published else window.since
                if not window.since <= day <= window.until:
                    raise PageError("other_days", f"asked {window.since}, got {day}: {row.source_id}")
            await self.found(window, rows)

        return kept

    async def list_page(self, request: Request) -> ListPage:
        """One list page. A portal known to want a captcha or a signature closes itself when it refuses."""
        fetched = await self.fetch(request, Kind.LIST)
        try:
            return self._read(fetched, request)
        except PageError as error:
            if error.reason in REFUSALS:
                reason = self.parts.config.wants or error.reason
                host = urlsplit(request.url).hostname or ""
                self.parts.breakers.close(host, reason)
                raise HostClosedError(host, reason) from error
            raise

    def _read(self, fetched: Fetched, request: Request) -> ListPage:
        # A refusal in JSON is read here, where it can be told from a list; the recogniser calls it by other names.
        if fetched.response is None or fetched.problem not in {None, "json_of_another_kind", "refused"}:
            raise PageError(fetched.problem or "no_answer", request.url)
        return self.read_list(fetched.response)


async def walk(
    keep: Callable[[Sequence[Listed]], Awaitable[None]], ask: Callable[[int], Awaitable[ListPage]], page_size: int
) -> tuple[int, set[str]]:
    """All pages, from the first, again until they hold as many notices as the portal counts and the count stands still.

    Returns the largest total and the ids seen. A list without a total ends with its first short page.
    """
    seen: set[str] = set()
    total = 0
    for _ in range(MAX_PASSES):
        number, first_total = 1, None
        while True:
            page = await ask(number)
            await keep(page.rows)
            seen |= {row.source_id for row in page.rows}
            total = page.total if page.total is not None else len(seen)
            if first_total is None:
                first_total = total
            if not page.rows or (page.total is not None and number * page_size >= page.total):
                break
            if page.total is None and len(page.rows) < page_size:
                break
            number += 1
        if len(seen) >= total and (page.total is None or total == first_total):
            break
    return max(total, len(seen)), seen
