"""What one portal's spider and the layers below it share during a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.breaker import Breakers
from crawler.config import PortalCrawl
from crawler.ledger import Ledger
from crawler.types import Progress, Window, WindowResult
from crawler.via import Gateway
from crawler.writer import Writer

if TYPE_CHECKING:
    from crawler.handler import Replay

MIN_PAUSE_UNIT = 0.005
"""With no delay at all (a gateway, a replay) pauses are still reckoned from this many seconds."""


@dataclass(slots=True)
class Parts:
    """``delay`` overrides the portal's own (only with a gateway or a replay below it). ``workers`` is how many notices are
    under way at once; each host still has one connection.
    """

    config: PortalCrawl
    archive: Archive
    ledger: Ledger
    writer: Writer
    windows: list[Window]
    breakers: Breakers
    gateway: Gateway | None = None
    replay: Replay | None = None
    archive_replayed: bool = True
    delay: float | None = None
    user_agent: str = ""
    robots_agent: str = "caigou"
    robots_exempt: frozenset[str] = frozenset()
    handler_class: type | None = None
    socks: str | None = None
    workers: int = 4
    refetch: bool = False
    host_delays: dict[str, float] = field(default_factory=dict)
    obey_crawl_delay: bool = True
    progress: Callable[[Progress], None] | None = None
    results: list[WindowResult] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    robots_pages: int = 0
    """Hosts that answered a page of HTML when they were asked for robots.txt."""
    requests: int = 0
    captured: int = 0
    files: int = 0
    stopping: bool = False
    failure: Exception | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> Parts:
        """Scrapy copies its settings deeply; these parts are shared on purpose."""
        return self

    def delay_of(self, host: str) -> float:
        """Seconds between two requests to a host."""
        base = self.config.host_delays.get(host, self.config.delay) if self.delay is None else self.delay
        return max(base, self.host_delays.get(host, 0.0))
