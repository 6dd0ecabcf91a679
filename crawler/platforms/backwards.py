"""Portals whose lists cannot be asked for a day: they go from the newest notice back, and are walked until they are past it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from scrapy import Request
from scrapy.http import Response

from crawler.errors import HostClosedError
from crawler.pages.common import BEIJING, PageError
from crawler.platforms.base import PortalSpider
from crawler.platforms.paged import HTML_LISTS, MAX_PASSES
from crawler.types import Kind, Listed, Window

logger = logging.getLogger(__name__)


class BackwardSpider(PortalSpider):
    """A platform names its lists, asks for page n of one (from 0) and reads its rows. All windows share one walk."""

    name = "backward-platform"
    ends = frozenset({"past_day"})
    page_rows: int | None = None
    """Rows of a full page; a shorter first page is all there is. None: nobody knows, only an older row ends a walk."""
    lists_may_be_gone = False
    """True where a list that is not there any more, or empty, is no loss: another look at the same notices confirms the day."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._by_day: dict[dt.date, Window] = {}
        self._back_to: dt.date | None = None
        """Every list was walked back to this day; None when one could not be."""
        self._failed: list[tuple[str, PageError]] = []
        self._closed: HostClosedError | None = None

    def lists(self) -> Sequence[str]:
        raise NotImplementedError

    @property
    def list_pages(self) -> int:
        """How many pages a list keeps, or may be walked."""
        raise NotImplementedError

    def list_request(self, name: str, number: int) -> Request:
        raise NotImplementedError

    def read_rows(self, response: Response) -> Sequence[Listed]:
        """May raise PageError."""
        raise NotImplementedError

    # ── the walk ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def prepare(self, windows: Sequence[Window]) -> None:
        if not windows:
            return
        self._by_day = {window.since: window for window in windows}
        since = min(window.since for window in windows)
        until = max(window.until for window in windows)
        try:
            await self._walk_all(since, until)
        except HostClosedError as error:
            self._back_to, self._closed = None, error
            raise

    async def discover(self, window: Window) -> None:
        if self._closed is not None:
            raise self._closed
        if self.walked(window):
            window.confirmed = True
            window.listed = len(window.discovered)
            return
        for name, error in self._failed:
            self.list_failed(window, error, name)
        if not self._failed:
            raise PageError("list_too_short", f"the lists go back to {self._back_to}")

    def walked(self, window: Window) -> bool:
        """Whether every list was walked past this window."""
        return self._back_to is not None and not self._failed and self._back_to <= window.since

    async def _walk_all(self, since: dt.date, until: dt.date) -> None:
        back_to: list[dt.date] = []
        for name in self.lists():
            try:
                reached = await self._walk_list(name, since, until)
            except PageError as error:
                logger.warning("list %s: %s", name, error)
                self._failed.append((name, error))
                continue
            if reached is not None:
                back_to.append(reached)
        self._back_to = max(back_to, default=None)

    async def _walk_list(self, name: str, since: dt.date, until: dt.date) -> dt.date | None:
        """Walk one list from its newest page until it is older than ``since``. Return the day it was walked back to (its
        oldest row's next day when it holds no older page), None when there is no such list and that is no loss.
        """
        reached: dt.date | None = None
        for _ in range(MAX_PASSES):
            first, reached, pages = await self._one_pass(name, since, until)
            if first is None:
                return None
            if reached is None:
                return until + dt.timedelta(1)
            if pages == 1:
                # Rows that slip from one page to the other while it is walked can only be lost between two pages.
                break
            again = await self._list_page(name, 0)
            if again is not None and {row.source_id for row in again} == first:
                break
        return reached

    async def _one_pass(self, name: str, since: dt.date, until: dt.date) -> tuple[set[str] | None, dt.date | None, int]:
        """Ids of the first page (None: no such list), the day reached (None: out of reach), how many pages were asked for."""
        first: set[str] = set()
        seen: set[str] = set()
        oldest: dt.date | None = None
        shown: list[int] = []
        for number in range(self.list_pages):
            rows = await self._list_page(name, number)
            if number == 0:
                if not rows and not self.lists_may_be_gone:
                    raise PageError("empty_archive" if rows is not None else "list_gone", name)
                if rows is None:
                    return None, None, 1
                first = {row.source_id for row in rows}
                if self._out_of_reach(rows, until):
                    return first, None, 1
            if not rows or (number and {row.source_id for row in rows} <= seen):
                # After its last page a list answers nothing, or its last page again. Where that one was as full as the ones before
                # it, the list may have been cut there: then it goes no further back than its oldest row.
                if oldest is not None and len(shown) > 1 and shown[-1] == max(shown):
                    return first, oldest + dt.timedelta(1), number + 1
                return first, dt.date.min, number + 1
            shown.append(len(rows))
            seen |= {row.source_id for row in rows}
            await self._sort(rows)
            days = [day_of(row) for row in rows]
            oldest = min(days)
            if self.page_rows is not None and number == 0 and len(rows) < self.page_rows:
                return first, dt.date.min, number + 1
            if oldest < since:
                return first, since, number + 1
        # The list keeps no more pages: the last day seen may be there only in part.
        return first, oldest + dt.timedelta(1) if oldest is not None else None, self.list_pages

    def _out_of_reach(self, rows: Sequence[Listed], until: dt.date) -> bool:
        """True when even all pages of a list that moves as fast as its first one would not reach back to ``until``."""
        times = [row.published for row in rows if row.published]
        if self.page_rows is None or len(rows) < self.page_rows or not times or max(times) == min(times):
            return False
        span = (max(times) - min(times)) * self.list_pages * 2
        return (max(times) - span).date() > until

    async def _list_page(self, name: str, number: int) -> Sequence[Listed] | None:
        """Rows of one page; None when there is no such page."""
        request = self.list_request(name, number)
        fetched = await self.fetch(request, Kind.LIST)
        if fetched.problem == "not_found":
            return None
        if fetched.response is None or fetched.problem not in {None, *HTML_LISTS}:
            raise PageError(fetched.problem or "no_answer", request.url)
        return self.read_rows(fetched.response)

    async def _sort(self, rows: Sequence[Listed]) -> None:
        """Give each row to the window of its day."""
        by_day: dict[dt.date, list[Listed]] = {}
        for row in rows:
            by_day.setdefault(day_of(row), []).append(row)
        for day, group in by_day.items():
            if day in self._by_day:
                await self.found(self._by_day[day], group)


def day_of(row: Listed) -> dt.date:
    """The day in Beijing. Raises PageError ``row_without_date``."""
    if row.published is None:
        raise PageError("row_without_date", row.url)
    return row.published.astimezone(BEIJING).date()
