"""A crawl of the replica with everything but the database."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.config import load_portal
from crawler.ledger import MemoryLedger
from crawler.run import crawl
from crawler.types import CrawlReport, Kind
from db.settings import Settings


class Workspace:
    """One home: crawls into it share archive and ledger, as runs of a night do."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, database_url=None)
        self.ledger = MemoryLedger()
        self.archive = Archive(self.settings.archive)

    def crawl(
        self,
        portal,
        since: dt.date,
        until: dt.date | None = None,
        *,
        portal_id: str = "ccgp",
        options=None,
        config=None,
        **more,
    ) -> CrawlReport:
        """``options`` override the portal's own platform options."""
        config = config or load_portal(portal_id)
        if options is not None:
            config = replace(config, options={**config.options, **options})
        if portal is not None:
            more = {"via": portal.base, "delay": 0, **more}
        return crawl(self.settings, [portal_id], since, until or since, ledger=self.ledger, configs=[config], **more)

    @property
    def pages(self) -> dict[str, str]:
        """Notice id → address of every captured notice."""
        return {row.source_id: row.url for row in self.ledger.rows if row.kind is Kind.PAGE and row.source_id}

    @property
    def files(self) -> list[str]:
        return [row.url for row in self.ledger.rows if row.kind is Kind.ATTACHMENT and row.source_id]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")
