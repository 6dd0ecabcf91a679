"""The constructed sample through the real pipeline: replica portal → spider → archive → reader → ledger, in a workspace of its own.

Nothing here can be mistaken for evidence: the portal's addresses end in ``.invalid``, its id is ``demo``, every page and title
says that it is constructed, and the workspace lies beside the real data, never in it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.settings import Settings
from jobs.demo_portal import Answer, DemoPortal
from jobs.link import link_queue
from jobs.read import ReadReport, read_captures
from seeds.demo.load import load_demo_notices

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.types import CrawlReport, Progress

PORTAL = "demo"
SINCE = dt.date(2022, 1, 1)
UNTIL = dt.date(2022, 5, 12)
REAL, INVENTED = "ccgp.gov.cn", "ccgp-demo.invalid"


def demo_settings(settings: Settings) -> Settings:
    """A home inside the home, with an embedded database of its own, whatever database the real data is in."""
    return dataclasses.replace(settings, home=settings.home / "demo-constructed", database_url=None)


class InventedPortal(DemoPortal):
    """The replica under invented addresses: asked for them, it answers with them."""

    def answer(self, method: str, host: str, path: str, query: str, body: bytes) -> Answer:
        real = host.replace(INVENTED, REAL)
        found = super().answer(method, real, path, query.replace(INVENTED, REAL), body)
        if not found.content_type.startswith("text/html"):
            return found
        return dataclasses.replace(found, body=found.body.replace(REAL.encode(), INVENTED.encode()))


@dataclass(frozen=True, slots=True)
class DemoRun:
    """What one run did. ``published`` is how many notices the invented portal has."""

    published: int
    crawl: CrawlReport
    read: ReadReport


def run_demo(
    settings: Settings,
    engine: Engine,
    *,
    on_crawl: Callable[[Progress], None] | None = None,
    on_read: Callable[[int], None] | None = None,
) -> DemoRun:
    """Crawl, read and link the sample into ``settings`` (those of :func:`demo_settings`); the invented places must be known
    (``CAIGOU_DIVISIONS``). A second run finds nothing new.
    """
    from crawler.run import crawl  # noqa: PLC0415 - Scrapy takes half a second to import
    from db.engine import session_scope  # noqa: PLC0415
    from db.seed_load import load_seeds  # noqa: PLC0415
    from seeds import load_knowledge  # noqa: PLC0415

    notices = load_demo_notices()
    with session_scope(engine) as session:
        load_seeds(session)
    with InventedPortal(notices) as portal:
        crawled = crawl(settings, [PORTAL], SINCE, UNTIL, via=portal.base, delay=0.0, progress=on_crawl)
    read = read_captures(engine, settings.archive, knowledge_source=load_knowledge, progress=on_read)
    link_queue(engine)
    return DemoRun(len(notices), crawled, read)
