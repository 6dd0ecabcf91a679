"""What becomes of a spider's items: everything goes to the one writer, in the order it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from crawler.types import CaptureRow, WindowResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LedgerPipeline:
    """May raise what stopped the writer; the run then fails."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._parts = crawler.settings["CAIGOU_PARTS"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        try:
            if isinstance(item, CaptureRow):
                await self._parts.writer.put(item)
            elif isinstance(item, WindowResult):
                await self._parts.writer.put((item, {}))
        except Exception as error:
            self._parts.failure = error
            spider = self._crawler.spider
            if spider is not None:
                spider.stop()  # type: ignore[attr-defined]
            raise
        return item
