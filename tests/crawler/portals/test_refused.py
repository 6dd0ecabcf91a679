"""Portals that are known and cannot be crawled: refused by name, with the reason and the facts that are missing, before anything is asked."""

import datetime as dt
from pathlib import Path

import pytest

from cli.commands.crawling import _known_portals
from crawler.config import (
    UNKNOWN_LISTS,
    load_portal,
    load_refusal,
    parse_refusal,
    portal_ids,
    refused_ids,
)
from crawler.errors import CrawlError, CrawlUsageError
from crawler.ledger import MemoryLedger
from crawler.run import crawl
from db.settings import Settings
from seeds.portals import load_portals

DAY = dt.date(2026, 5, 12)
WITH_REASONS = [portal for portal in refused_ids() if load_refusal(portal).reason != UNKNOWN_LISTS[0]]


def test_every_portal_is_crawled_or_refused() -> None:
    assert set(portal_ids()).isdisjoint(refused_ids())
    assert {*portal_ids(), *refused_ids()} == set(load_portals())


def test_whose_provincial_site_is_refused() -> None:
    """May only become shorter: who finds out how one of them is asked writes its spider."""
    provincial = {portal for portal in refused_ids() if portal.startswith("ccgp-")}
    assert provincial == {
        "ccgp-changsha",
        "ccgp-gansu",
        "ccgp-henan",
        "ccgp-hubei",
        "ccgp-jiangxi",
        "ccgp-jilin",
        "ccgp-ningxia",
        "ccgp-qingdao",
    }


@pytest.mark.parametrize("portal", [*WITH_REASONS, "ggzy-yunnan"])
def test_a_refusal_names_portal_reason_and_missing_facts(portal: str, tmp_path: Path) -> None:
    refusal = load_refusal(portal)
    ledger = MemoryLedger()
    with pytest.raises(CrawlUsageError) as error:
        crawl(Settings(home=tmp_path, database_url=None), [portal], DAY, DAY, ledger=ledger)
    assert error.value.exit_code == 2
    assert error.value.message.startswith(f"{portal} cannot be crawled: {refusal.reason}")
    assert all(fact in error.value.remedy for fact in refusal.missing)
    assert ledger.rows == []
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_refuses_before_it_begins() -> None:
    _known_portals(["ccgp", "ccgp-hebei"])
    with pytest.raises(CrawlUsageError, match="ccgp-hubei cannot be crawled"):
        _known_portals(["ccgp", "ccgp-hubei"])
    with pytest.raises(CrawlUsageError, match="unknown portal 'ccgp-atlantis'"):
        _known_portals(["ccgp-atlantis"])


@pytest.mark.parametrize(
    ("crawl_part", "words"),
    [
        ({"refused": "", "missing": ["x"], "evidence": {"level": "none"}}, "needs a reason"),
        ({"refused": "why", "missing": [], "evidence": {"level": "none"}}, "needs a reason"),
        ({"refused": "why", "evidence": {"level": "none"}}, "crawl.missing is not a list"),
        ({"refused": "why", "missing": ["x"]}, "crawl.evidence is missing"),
        ({"refused": "why", "missing": ["x"], "evidence": {"level": "none"}, "delay": 5}, "crawl.delay has no meaning"),
    ],
)
def test_a_refusal_is_strict(crawl_part: dict, words: str) -> None:
    with pytest.raises(CrawlError, match=words):
        parse_refusal({"name": "试", "crawl": crawl_part}, Path("ccgp-demo.yml"))


def test_what_a_refusal_is_not() -> None:
    path = Path("ccgp-demo.yml")
    assert parse_refusal({"name": "试", "crawl": {"platform": "zcy"}}, path) is None
    assert parse_refusal({"name": "试"}, path).missing == UNKNOWN_LISTS[1]
    assert load_refusal("ccgp") is None
    assert load_portal("ccgp").missing == ()
