"""A list that is not what it should be is never an empty one, and never a complete day: each portal's own list is spoilt in every
way a portal or a wire spoils one, and what comes of it is either the same rows or a failure with a name.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import load_portal, portal_ids
from crawler.errors import CrawlError
from crawler.ledger import MemoryLedger
from crawler.pages.common import PageError
from crawler.platforms.paged import MAX_PAGES, walk
from crawler.types import Kind, Listed, ListPage, Verdict
from tests.crawler.portals.harness import (
    Exchange,
    crawl_scene,
    load_cassette,
    load_expected,
    read_answer,
    spider_of,
)

PORTALS = portal_ids()
ELSEWHERE = "<html><head><title>首页</title></head><body>欢迎访问政府采购网，构造（constructed）。</body></html>"


def listing(spider, exchange: Exchange, body: bytes | None = None):
    total, rows = read_answer(spider, exchange, body)
    return total, [(row.source_id, row.url, row.title, row.published) for row in rows]


def keys_of(value) -> Iterator[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from keys_of(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from keys_of(entry)


def renamed(value, key: str):
    if isinstance(value, dict):
        return {f"{k}_new" if k == key else k: renamed(v, key) for k, v in value.items()}
    return [renamed(v, key) for v in value] if isinstance(value, list) else value


def emptied(value, key: str):
    if isinstance(value, dict):
        return {k: None if k == key else emptied(v, key) for k, v in value.items()}
    return [emptied(v, key) for v in value] if isinstance(value, list) else value


def spoilt(exchange: Exchange) -> Iterator[tuple[str, bytes]]:
    """The answer with each of its names changed in turn: keys of JSON; tags, classes, ids and attributes of pages."""
    if "json" in exchange.media:
        value = json.loads(exchange.body)
        for key in sorted(set(keys_of(value))):
            yield f"{key} renamed", json.dumps(renamed(value, key), ensure_ascii=False).encode()
            yield f"{key} null", json.dumps(emptied(value, key), ensure_ascii=False).encode()
        return
    charset = "gb18030" if "gb" in exchange.media else "utf-8"
    text = exchange.body.decode(charset)
    names = set(re.findall(r"(?:class|id)=\"([^\"]+)\"", text)) | {
        "href=",
        "发布时间：",
        "共找到",
        "条内容",
        "搜索结果共",
    }
    for name in sorted(names):
        yield f"{name} renamed", text.replace(name, f"{name[0]}x{name[1:]}").encode(charset)
    for tag in sorted(set(re.findall(r"<(ul|li|table|tr|span|em)\b", text))):
        yield f"<{tag}> renamed", re.sub(rf"(</?){tag}\b", r"\1div", text).encode(charset)


@pytest.mark.parametrize("portal", PORTALS)
def test_a_changed_name_is_noticed_or_does_not_matter(portal: str, tmp_path: Path) -> None:
    spider = spider_of(portal, tmp_path)
    noticed = 0
    for exchange in load_cassette(portal).of("list"):
        right = listing(spider, exchange)
        for what, body in spoilt(exchange):
            if failure(lambda body=body, exchange=exchange: listing(spider, exchange, body)):
                noticed += 1
            else:
                assert listing(spider, exchange, body) == right, f"{portal} {exchange.name}: {what} goes unnoticed"
    assert noticed >= 4


@pytest.mark.parametrize("portal", PORTALS)
def test_what_is_no_list_at_all_has_a_name(portal: str, tmp_path: Path) -> None:
    spider = spider_of(portal, tmp_path)
    for exchange in [*load_cassette(portal).of("list"), *load_cassette(portal).of("empty")]:
        for body in (b"", b"{}", b"[]", b"null", ELSEWHERE.encode(), exchange.body[: len(exchange.body) // 2]):
            reason = failure(lambda body=body, exchange=exchange: listing(spider, exchange, body))
            assert re.fullmatch(r"[a-z_]+", reason), f"{portal} {exchange.name}: {body[:40]!r}"


def failure(read: Callable[[], tuple[int | None, list]]) -> str:
    """Why a list cannot be read, or that it shows less than it counts; empty when it is a good list."""
    try:
        total, rows = read()
    except PageError as error:
        return error.reason
    return "never_listed" if total is not None and total > len(rows) else ""


SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "html_instead": lambda _: ELSEWHERE.encode(),
    "truncated": lambda body: body[: len(body) * 2 // 3],
    "nothing": lambda body: b"{}" if body.lstrip().startswith(b"{") else b"<html><body></body></html>",
    "other_keys": lambda body: (
        re.sub(rb"(total|count|rows|records|notices|data|list)(\"\s*:)", rb"\1New\2", body)
        if body.lstrip().startswith(b"{")
        else re.sub(rb"(</?)(ul|table)\b", rb"\1div", body).replace(b"href=", b"data-href=")
    ),
}
PLATFORMS = {load_portal(portal).platform: portal for portal in reversed(PORTALS)}


@pytest.mark.parametrize("how", sorted(SPOILS))
@pytest.mark.parametrize("portal", sorted(PLATFORMS.values()))
def test_a_spoilt_list_never_ends_as_a_good_day(portal: str, how: str, tmp_path: Path) -> None:
    """One portal of each platform, through the whole crawl."""
    cassette, ledger = load_cassette(portal), MemoryLedger()
    with contextlib.suppress(CrawlError):
        # Where nothing at all can be read the run says so in one line; what became of the day is written down all the same.
        crawl_scene(tmp_path, cassette, change=SPOILS[how], config=quick(portal), ledger=ledger)
    window = ledger.windows[0]
    if window.verdict is Verdict.COMPLETE:
        # What was spoilt is nothing that its reader needs: then nothing is missing.
        pages = {row.source_id for row in ledger.rows if row.kind is Kind.PAGE}
        assert pages == {str(entry["id"]) for entry in load_expected(portal)["listed"]}
        assert how == "truncated"
        return
    assert window.verdict in {Verdict.UNKNOWN_TOTAL, Verdict.DEFICIT, Verdict.BLOCKED}
    assert window.reasons


def quick(portal: str):
    from tests.crawler.portals.harness import patient

    return replace(patient(portal), retries=1)


def test_a_list_that_fails_leaves_the_others_standing(tmp_path: Path) -> None:
    """One of Hunan's two lists is spoilt: what the other lists is captured, and the day is not complete."""
    cassette = load_cassette("ccgp-hunan")
    spoilt_lists = tuple(
        replace(e, body=b'{"error": "constructed"}') if e.name == "list-city" else e for e in cassette.exchanges
    )
    crawled = crawl_scene(tmp_path, replace(cassette, exchanges=spoilt_lists))
    window = crawled.report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.UNKNOWN_TOTAL, 2)
    assert dict(window.reasons) == {"list:other_json": 1}
    assert any("getNoticeListOfCityCounty.do" in note for note in window.notes)


@pytest.mark.parametrize(
    ("portal", "key"),
    [
        ("ccgp-guangxi", "content"),
        ("ccgp-guangdong", "content"),
        ("ccgp-jiangsu", "content"),
        ("ccgp-chongqing", "html"),
        ("ccgp-shandong", "body"),
    ],
)
def test_a_record_without_text_is_no_notice(portal: str, key: str, tmp_path: Path) -> None:
    page = "tender"
    cassette = load_cassette(portal)
    number = str(load_expected(portal)["readings"][page]["id"])

    def bare(exchange: Exchange) -> Exchange:
        value = json.loads(exchange.body)
        return replace(exchange, body=json.dumps(emptied(value, key), ensure_ascii=False).encode())

    exchanges = tuple(bare(e) if (e.kind, e.name) == ("page", page) else e for e in cassette.exchanges)
    crawled = crawl_scene(tmp_path, replace(cassette, exchanges=exchanges))
    window = crawled.report.windows[0]
    # Where the record then looks like nothing at all, its recogniser already says so.
    assert window.verdict is Verdict.DEFICIT
    assert set(window.reasons) <= {"no_content", "json_of_another_kind"}
    assert [entry[0] for entry in window.deficit] == [number]


def test_a_list_known_from_old_sources_may_be_gone(tmp_path: Path) -> None:
    """Hunan's list of cities and counties: where there is none, a note says so; the province's own list may not be gone."""
    cassette = load_cassette("ccgp-hunan")

    def gone(name: str) -> tuple[Exchange, ...]:
        return tuple(
            replace(e, status=404, body=b"constructed: 404 Not Found") if e.name == name else e
            for e in cassette.exchanges
        )

    window = crawl_scene(tmp_path / "a", replace(cassette, exchanges=gone("list-city"))).report.windows[0]
    assert (window.verdict, window.captured) == (Verdict.COMPLETE, 2)
    assert window.notes == ("getNoticeListOfCityCounty.do: there is no such list",)
    window = crawl_scene(tmp_path / "b", replace(cassette, exchanges=gone("list"))).report.windows[0]
    assert window.verdict is Verdict.UNKNOWN_TOTAL


def test_an_answer_at_the_limit_is_asked_for_in_parts(tmp_path: Path) -> None:
    """The national index shows no more than 1,000 of what it counts: such a list is asked for by province."""
    cassette = load_cassette("ggzy")
    full = cassette.of("list")[0]
    limited = replace(full, body=full.body.replace(b'"total": 1,', b'"total": 1000,'))
    assert limited.body != full.body
    province = replace(full, name="province", params={**full.params, "DEAL_PROVINCE": "660000"})
    whole = (province, limited, *(e for e in cassette.exchanges if e is not full))
    crawled = crawl_scene(tmp_path / "a", replace(cassette, exchanges=whole))
    window = crawled.report.windows[0]
    assert (window.verdict, window.captured, dict(window.reasons)) == (
        Verdict.UNKNOWN_TOTAL,
        len(load_expected("ggzy")["listed"]),
        # Every province but one still counts more than it shows.
        {"list:capped": 31},
    )
    beyond = replace(full, body=full.body.replace(b'"total": 1,', b'"total": 1001,'))
    crawled = crawl_scene(
        tmp_path / "c", replace(cassette, exchanges=tuple(beyond if e is full else e for e in cassette.exchanges))
    )
    assert dict(crawled.report.windows[0].reasons) == {"never_listed": 1000}
    everywhere = (
        province,
        replace(cassette.of("empty")[0], kind="list", params={**full.params, "isShowAll": "1", "FINDTXT": ""}),
        *(e for e in cassette.exchanges if e is not full),
    )
    crawled = crawl_scene(tmp_path / "b", replace(cassette, exchanges=everywhere))
    assert crawled.report.windows[0].captured == len(load_expected("ggzy")["listed"]) - 1


def rows(*numbers: int) -> tuple[Listed, ...]:
    return tuple(Listed(str(n), f"http://x/{n}", "t", None) for n in numbers)


def walked(pages: dict[int, ListPage]) -> tuple[int, list[str], list[int]]:
    asked: list[int] = []

    async def ask(number: int) -> ListPage:
        asked.append(number)
        return pages.get(number, ListPage(pages[1].total, ()))

    async def keep(_: object) -> None:
        return None

    total, seen = asyncio.run(walk(keep, ask))
    return total, sorted(seen), asked


@pytest.mark.parametrize(
    ("pages", "total", "seen", "asked"),
    [
        ({1: ListPage(2, rows(1, 2))}, 2, "12", [1]),
        ({1: ListPage(0, ())}, 0, "", [1]),
        # however few a portal shows at once
        ({n: ListPage(6, rows(2 * n - 1, 2 * n)) for n in (1, 2, 3)}, 6, "123456", [1, 2, 3]),
        # a short page is the end where the total says so, and nowhere else
        ({1: ListPage(6, rows(1, 2)), 2: ListPage(6, rows(3)), 3: ListPage(6, rows(5))}, 6, "1235", [1, 2, 3] * 5),
        # a list without a total ends with an empty page, however short the ones before it were
        ({1: ListPage(None, rows(1, 2)), 2: ListPage(None, rows(3))}, 3, "123", [1, 2, 3]),
        # or with its last page again
        ({1: ListPage(None, rows(1, 2, 3)), 2: ListPage(None, rows(1, 2, 3))}, 3, "123", [1, 2]),
        # or with the one it calls its last
        ({1: ListPage(None, rows(1), last=False), 2: ListPage(None, rows(2), last=True)}, 2, "12", [1, 2]),
        # counted and never shown: five walks, then a deficit
        ({1: ListPage(3, rows(1, 2))}, 3, "12", [1, 2] * 5),
    ],
)
def test_how_a_list_ends(pages, total: int, seen: str, asked: list[int]) -> None:
    assert walked(pages) == (total, list(seen), asked)


def test_a_list_without_end_is_named() -> None:
    async def ask(number: int) -> ListPage:
        return ListPage(None, rows(number))

    async def keep(_: object) -> None:
        return None

    with pytest.raises(PageError, match="endless_list"):
        asyncio.run(walk(keep, ask))
    assert MAX_PAGES == 2000
