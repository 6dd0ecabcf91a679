"""Lists that go back in time: walked until they are past the day, and never taken for complete when they end before it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.types import Verdict
from tests.crawler.portals.harness import Cassette, Exchange, crawl_scene, load_cassette, patient

PORTAL = "ccgp-tianjin"
ONE = "2013"


def one_list(*pages: bytes, status: int = 200) -> tuple[Cassette, object]:
    """Tianjin with a single list, of these pages; behind them its pager shows the last one again."""
    cassette = load_cassette(PORTAL)
    given = next(e for e in cassette.of("list") if e.params["id"] == ONE)
    lists = [
        replace(given, name=f"page-{n}", params={**given.params, "page": str(n)}, body=body, status=status)
        for n, body in enumerate(pages, start=1)
    ]
    behind = replace(lists[-1], kind="empty", params={"id": ONE})
    others = [e for e in cassette.exchanges if e.kind in {"page", "blocked"}]
    config = patient(PORTAL)
    config = replace(config, options={**config.options, "lists": [ONE]})
    return replace(cassette, exchanges=(*lists, behind, *others)), config


def split(exchange: Exchange) -> tuple[bytes, bytes]:
    """The row of the day on one page, the older ones on the next."""
    rows = re.findall(rb"<li>.*?</li>", exchange.body, re.DOTALL)
    return exchange.body.replace(b"\n".join(rows[1:]), b""), exchange.body.replace(rows[0], b"")


def list_of(cassette: Cassette) -> Exchange:
    return next(e for e in cassette.of("list") if e.params["id"] == ONE)


def test_a_list_is_walked_until_it_is_past_the_day(tmp_path: Path) -> None:
    first, second = split(list_of(load_cassette(PORTAL)))
    cassette, config = one_list(first, second)
    crawled = crawl_scene(tmp_path, cassette, config=config)
    window = crawled.report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.COMPLETE, 1)
    # Both pages, the first once more because rows may have slipped between them, and the notice.
    assert crawled.report.requests == 4


def test_a_list_that_ends_is_whole(tmp_path: Path) -> None:
    first, _ = split(list_of(load_cassette(PORTAL)))
    cassette, config = one_list(first, first)
    window = crawl_scene(tmp_path, cassette, config=config).report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.COMPLETE, 1)


def test_a_list_that_stops_behind_a_full_page_may_have_been_cut(tmp_path: Path) -> None:
    first, _ = split(list_of(load_cassette(PORTAL)))
    second = re.sub(rb"(?<=;id=)\d+", b"987654321", first)
    assert second != first
    cassette, config = one_list(first, second)
    window = crawl_scene(tmp_path, cassette, config=config).report.windows[0]
    assert window.verdict is not Verdict.COMPLETE
    assert window.reasons["list:list_too_short"] == 1


def test_a_list_that_is_kept_too_short_is_named(tmp_path: Path) -> None:
    first, second = split(list_of(load_cassette(PORTAL)))
    cassette, config = one_list(first, second)
    config = replace(config, options={**config.options, "list_pages": 1})
    window = crawl_scene(tmp_path, cassette, config=config).report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.UNKNOWN_TOTAL, 1)
    assert dict(window.reasons) == {"list:list_too_short": 1}


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b'<html><body>constructed<ul class="dataList"></ul></body></html>', 200, "empty_archive"),
        (b"<html><head><title>404</title></head><body>constructed</body></html>", 404, "list_gone"),
        (b"<html><body>" + "构造的公告列表，采购人".encode() * 20 + b"</body></html>", 200, "not_a_list"),
    ],
)
def test_an_archive_is_never_empty(tmp_path: Path, body: bytes, status: int, reason: str) -> None:
    good = list_of(load_cassette(PORTAL))
    cassette, config = one_list(good.body)
    config = replace(config, options={**config.options, "lists": [ONE, "1665"]})
    bad = replace(good, name="bad", params={"id": "1665"}, body=body, status=status)
    crawled = crawl_scene(tmp_path, replace(cassette, exchanges=(bad, *cassette.exchanges)), config=config)
    window = crawled.report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.UNKNOWN_TOTAL, 1)
    assert dict(window.reasons) == {f"list:{reason}": 1}
