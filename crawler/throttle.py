"""AutoThrottle that never goes below the delay declared for a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.extensions.throttle import AutoThrottle

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class HostThrottle(AutoThrottle):
    """Scrapy's own knows one minimum for all hosts; here each host keeps at least its own delay."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._parts = crawler.settings["CAIGOU_PARTS"]
        self._key: str | None = None

    def _get_slot(self, request: Request, spider: Spider) -> tuple[str | None, Slot | None]:
        found: tuple[str | None, Slot | None] = super()._get_slot(request, spider)
        self._key = found[0]
        return found

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._parts.delay_of(self._key or ""))
