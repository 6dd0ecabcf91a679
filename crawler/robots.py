"""robots.txt as RFC 9309 says: 4xx = there are no rules; 5xx or no answer = the host must not be asked; redirects followed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.archive import ArchiveError
from crawler.errors import CrawlError, NotInArchiveError
from crawler.types import Kind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024
"""A crawler must read at least 500 KiB; what stands behind is ignored."""


class RobotsMiddleware:
    """Asks each host for its rules once a run, before the first request to it.

    May raise IgnoreRequest: ``robots_disallowed`` (a rule forbids the path) or ``robots_unreachable`` (the host waits).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        parts = crawler.settings["CAIGOU_PARTS"]
        self._parts = parts
        self._agent: str = parts.robots_agent
        self._exempt: frozenset[str] = parts.robots_exempt
        self._answers: dict[str, asyncio.Task[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        if parts.netloc in self._exempt:
            return
        if parts.netloc not in self._answers:
            self._answers[parts.netloc] = asyncio.ensure_future(self._ask(parts.scheme, parts.netloc))
        rules = await self._answers[parts.netloc]
        if rules is None:
            raise IgnoreRequest("robots_unreachable")
        if not rules.can_fetch(request.url, self._agent):
            raise IgnoreRequest("robots_disallowed")
        pause = rules.crawl_delay(self._agent)
        if pause:
            self._slow_down(parts.hostname or parts.netloc, float(pause))

    async def _ask(self, scheme: str, netloc: str) -> Protego | None:
        """The host's rules; None when it must wait."""
        request = Request(
            f"{scheme}://{netloc}/robots.txt",
            dont_filter=True,
            priority=1000,
            meta={
                "dont_obey_robotstxt": True,
                "download_fail_on_dataloss": False,
                "capture": {"kind": Kind.ROBOTS.value, "portal": getattr(self._crawler.spider, "name", "")},
            },
        )
        assert self._crawler.engine is not None
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except (ArchiveError, CrawlError, NotInArchiveError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever kept the answer away, the host must wait
            logger.warning("robots.txt of %s cannot be had (%s): the host waits", netloc, type(error).__name__)
            return None
        if response.status >= 500:
            logger.warning("robots.txt of %s answers %d: the host waits", netloc, response.status)
            return None
        if response.status >= 300:
            return Protego.parse("")
        self._parts.robots_pages += response.body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        return Protego.parse(response.body[:MAX_BYTES].decode("utf-8", errors="replace"))

    def _slow_down(self, host: str, pause: float) -> None:
        """Crawl-delay is no part of the RFC, but it is a wish that costs nothing to honour."""
        assert self._crawler.engine is not None
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None and slot.delay < pause and self._parts.obey_crawl_delay:
            slot.delay = self._parts.host_delays[host] = pause
