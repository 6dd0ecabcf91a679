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
from crawler.types import FileLink, Kind, Listed, ListPage, Window
from nlp.page_state import StateVerdict

logger = logging.getLogger(__name__)

MAX_PASSES = 5
MAX_PAGES = 2000
"""No list of one day is longer: a portal that shows page after page without end is not listing a day."""
REFUSALS = frozenset({"refused", "captcha"})
TOO_MUCH = frozenset({"capped", "too_wide", "narrow_the_query", "full_last_page"})
"""The portal shows a part of what was asked for, or nothing tells that it does not."""
SAME_FAILURES = 3
"""So many lists are no accident any more."""
OTHER_ANSWERS = frozenset({"json_of_another_kind", "other_json", "refused"})
"""What is said of an answer in JSON that is no record; its platform may know what it says of the notice."""
HTML_LISTS = frozenset(
    {
        "vocabulary",
        "no_text",
        "short_text",
        "application_shell",
        "list_of_links",
        "no_procurement_words",
        "content_node",
    }
)
"""What the page recogniser says of pages that are lists for those who know their markup."""


class PagedSpider(PortalSpider):
    """A platform says which channels there are, how page n is asked for and how it is read."""

    name = "paged-platform"
    ends = frozenset({"total", "empty_page"})
    option_names: frozenset[str] = frozenset()
    list_problems: frozenset[str] = frozenset({"json_of_another_kind", "refused"})
    """What the recogniser may call a list of this platform. A refusal in JSON is read here, where it can be told from a list."""

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

    def optional(self, channel: str) -> bool:
        """Whether a list is known from old sources only: where the portal has none at that address, nothing is missing."""
        _ = channel
        return False

    def narrower(self, channel: str) -> Sequence[str]:
        """Channels that together are this one, for a portal that shows no more than a part of what it counts."""
        _ = channel
        return ()

    def absence(self, body: bytes) -> str | None:
        """Why an answer of another kind holds no record of a notice; None where nobody knows. May raise PageError."""
        _ = body
        return None

    def _problem(
        self, response: Response | None, state: StateVerdict, kind: Kind, listed: Listed | None, link: FileLink | None
    ) -> str | None:
        problem = super()._problem(response, state, kind, listed, link)
        if kind is not Kind.PAGE or response is None or problem not in OTHER_ANSWERS:
            return problem
        try:
            return self.absence(response.body) or problem
        except PageError as error:
            return error.reason

    async def discover(self, window: Window) -> None:
        seen: set[str] = set()
        failed, asked = await self._all(window, self.channels(), seen)
        if len(failed) < asked:
            # What failed in passing is asked once more when everything else is done.
            again = [channel for channel, error in failed if error.reason not in TOO_MUCH]
            lasting = [(channel, error) for channel, error in failed if error.reason in TOO_MUCH]
            failed = [*lasting, *(await self._all(window, again, seen))[0]]
        for channel, error in failed:
            self.list_failed(window, error, channel)
        if not failed:
            # A notice may stand in two channels and be counted by both: the day's total is that of different notices.
            window.listed = len(seen | set(window.discovered)) + window.hidden

    async def _all(
        self, window: Window, channels: Sequence[str], seen: set[str]
    ) -> tuple[list[tuple[str, PageError]], int]:
        """Walk these channels; return those that could not be walked to their end, with the reason, and how many were asked."""
        failed: list[tuple[str, PageError]] = []
        left = list(channels)
        asked = 0
        while left:
            channel = left.pop(0)
            asked += 1
            try:
                seen |= await self._channel(window, channel)
            except PageError as error:
                parts = self.narrower(channel) if error.reason in TOO_MUCH else ()
                left[:0] = parts
                if error.reason == "not_found" and self.optional(channel):
                    window.notes.append(f"{channel}: there is no such list")
                elif not parts:
                    failed.append((channel, error))
            if len(failed) == asked == SAME_FAILURES < len(left) and len({error.reason for _, error in failed}) == 1:
                # The first lists fail one after the other for the same reason: the others would, too.
                break
        return failed, asked

    async def _channel(self, window: Window, channel: str) -> set[str]:
        told = True

        async def ask(number: int) -> ListPage:
            nonlocal told
            page = await self.list_page(self.list_request(window, channel, number))
            told = told and page.total is not None
            return page

        total, seen = await walk(self.keep(window), ask, asked=self.page_size)
        cap = self.parts.config.expect.cap
        # A count that stands exactly at the limit is the limit; one above it shows that there is none.
        if cap is not None and told and total == cap:
            raise PageError("capped", f"{total} counted, no question shows more")
        window.hidden += max(0, total - len(seen))
        window.untold = window.untold or not told
        window.parts[channel] = (total if told else None, len(seen))
        return seen

    def keep(self, window: Window) -> Callable[[Sequence[Listed]], Awaitable[None]]:
        """What is done with rows: those of the window's day are its notices, others are refused by name."""

        async def kept(rows: Sequence[Listed]) -> None:
            for row in rows:
                if row.published is None:
                    raise PageError("row_without_date", row.source_id)
                day = row.published.astimezone(BEIJING).date()
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
        if fetched.response is None or fetched.problem not in {None, *self.list_problems}:
            raise PageError(fetched.problem or "no_answer", request.url)
        return self.read_list(fetched.response)


async def walk(
    keep: Callable[[Sequence[Listed]], Awaitable[None]],
    ask: Callable[[int], Awaitable[ListPage]],
    page_rows: int = 0,
    asked: int = 0,
) -> tuple[int, set[str]]:
    """All pages, from the first, again until they hold as many notices as the portal counts and the count stands still.

    Returns the largest total and the ids seen. A list without a total ends with the page it calls its last, else with an empty
    page or one that shows nothing new: a short page may also be all that the portal cares to show at once. ``page_rows``: how
    many rows a full page is known to have; 0: what the fullest page so far had, whatever was asked for. ``asked``: how many rows
    a page was asked for; a list without a total whose last page is full may have been cut there: PageError ``full_last_page``.
    """
    seen: set[str] = set()
    total = 0
    for _ in range(MAX_PASSES):
        number, shown, full, last_rows = 1, 0, 0, 0
        this_pass: set[str] = set()
        totals: list[int] = []
        while True:
            page = await ask(number)
            await keep(page.rows)
            ids = {row.source_id for row in page.rows}
            repeated = ids <= this_pass
            this_pass |= ids
            seen |= ids
            shown += len(page.rows)
            full = page_rows or max(full, len(page.rows))
            totals.append(page.total if page.total is not None else len(seen))
            # A page behind the end may count nothing any more: what the list counts is the most that any page says.
            total = max(totals)
            if page.last or (page.last is None and (not page.rows or (page.total is None and repeated))):
                cut = last_rows and (last_rows >= asked > 0 or (number > 2 and last_rows == full))
                if page.last is None and page.total is None and cut:
                    raise PageError("full_last_page", f"{len(seen)} rows, and nothing counts them")
                break
            last_rows = len(page.rows)
            if page.total is not None and (shown >= page.total or _last_page(page, number, full)):
                break
            number += 1
            if number > MAX_PAGES:
                raise PageError("endless_list", f"{number - 1} pages")
        if len(seen) >= total and (page.total is None or len(set(totals)) == 1):
            break
    return max(total, len(seen)), seen


def _last_page(page: ListPage, number: int, full: int) -> bool:
    """Whether a short page stands where the total says that the last one stands."""
    return page.total is not None and len(page.rows) < full and number * full >= page.total
