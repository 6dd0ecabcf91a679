"""Small pieces: gateway addresses, breakers, windows, configuration."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.breaker import RECOVERED_AFTER, Breakers
from crawler.config import load_portal, parse_portal, portal_ids
from crawler.errors import CrawlError, HostClosedError
from crawler.platforms.base import result_of
from crawler.types import CrawlReport, Expectations, Listed, Verdict, Window
from crawler.via import Gateway

MONDAY = dt.date(2026, 5, 11)

# ── gateway ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", "https://mirror.example.org/cn"])
@pytest.mark.parametrize(
    "url", ["http://www.ccgp.gov.cn/a?b=c&d=%E9", "https://search.ccgp.gov.cn:8087/", "http://x.cn/"]
)
def test_out_and_in_again(base: str, url: str) -> None:
    gateway = Gateway.parse(base)
    out = gateway.outward(url)
    assert out == f"{base.rstrip('/')}/{url.split('://')[1]}"
    assert gateway.inward(out, url) == url


@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("http://www.ccgp.gov.cn/b", "http://www.ccgp.gov.cn/b"),
        ("/b/c.htm", "/b/c.htm"),
        ("../c.htm", "../c.htm"),
        ("//pub.ccgp.gov.cn/x", "//pub.ccgp.gov.cn/x"),
        ("http://gw:1/m/www.ccgp.gov.cn/b", "http://www.ccgp.gov.cn/b"),
        ("/m/search.ccgp.gov.cn/b?c", "http://search.ccgp.gov.cn/b?c"),
        ("/m/index.htm", "/m/index.htm"),
    ],
)
def test_redirects_belong_to_the_portal(location: str, seen: str) -> None:
    assert Gateway("http://gw:1/m").inward(location, "http://www.ccgp.gov.cn/a") == seen


@pytest.mark.parametrize("text", ["", "gw:8000", "ftp://gw", "http://", "http://gw/?x=1", "http://gw/#x"])
def test_what_is_no_gateway(text: str) -> None:
    with pytest.raises(CrawlError, match="not the address of a gateway"):
        Gateway.parse(text)


# ── breakers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_breaker_waits_then_closes() -> None:
    breakers = Breakers(lambda _: (0.02, 0.02))

    async def story() -> None:
        for _ in range(2):
            breakers.trip("a", "throttled")
            breakers.trip("a", "throttled")  # the second answer of one pause is no second offence
            assert breakers.closed("a") is None
            await breakers.wait("a")
        breakers.trip("a", "throttled")
        with pytest.raises(HostClosedError, match="throttled"):
            await breakers.wait("a")
        await breakers.wait("b")

    asyncio.run(story())


def test_good_answers_take_a_trip_off_the_record() -> None:
    breakers = Breakers(lambda _: (0.0,))

    async def story() -> None:
        for _ in range(3):
            breakers.trip("a", "throttled")
            await breakers.wait("a")
            for _ in range(RECOVERED_AFTER):
                breakers.good("a")

    asyncio.run(story())
    assert breakers.closed("a") is None


def test_without_pauses_the_first_trip_closes() -> None:
    breakers = Breakers(lambda _: ())
    breakers.trip("a", "throttled")
    assert breakers.closed("a") == "throttled"


# ── windows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def window(
    listed: int | None = 0, found: int = 0, captured: int | None = None, day: dt.date = MONDAY, **more
) -> Window:
    made = Window("ccgp", day, day, listed=listed, closed=True, **more)
    made.discovered = {str(n): Listed(str(n), f"http://x/{n}", "t", None) for n in range(found)}
    made.captured = {str(n) for n in range(found if captured is None else captured)}
    return made


@pytest.mark.parametrize(
    ("given_window", "expect", "verdict"),
    [
        (window(3, 3), Expectations(), Verdict.COMPLETE),
        (window(3, 4), Expectations(), Verdict.COMPLETE),
        (window(3, 3, 2), Expectations(), Verdict.DEFICIT),
        (window(4, 3), Expectations(), Verdict.DEFICIT),
        (window(None, 3), Expectations(), Verdict.UNKNOWN_TOTAL),
        (window(None, 3), Expectations(gives_total=False), Verdict.COMPLETE),
        (window(None, 3, confirmed=True), Expectations(), Verdict.COMPLETE),
        (window(None, 0), Expectations(), Verdict.UNKNOWN_TOTAL),
        (window(None, 0), Expectations(gives_total=False), Verdict.EMPTY_SUSPECT),
        (window(0, 0), Expectations(), Verdict.EMPTY_SUSPECT),
        (window(0, 0), Expectations(empty_weekdays=frozenset({0})), Verdict.EMPTY_EXPECTED),
        (
            window(0, 0, day=MONDAY + dt.timedelta(1)),
            Expectations(empty_weekdays=frozenset({0})),
            Verdict.EMPTY_SUSPECT,
        ),
        (window(None, 2, blocked="captcha"), Expectations(), Verdict.BLOCKED),
        (window(3, 3, 2, blocked="captcha"), Expectations(), Verdict.BLOCKED),
        (window(3, 3, blocked="captcha"), Expectations(), Verdict.COMPLETE),
        (window(3, 3, files_failed={"http://f": "404"}), Expectations(), Verdict.DEFICIT),
        (window(3, 3, list_failures=["other_json"]), Expectations(), Verdict.UNKNOWN_TOTAL),
        (window(None, 3, list_failures=["x"]), Expectations(gives_total=False), Verdict.UNKNOWN_TOTAL),
        (window(3, 2, list_failures=["x"]), Expectations(), Verdict.DEFICIT),
    ],
)
def test_verdicts(given_window: Window, expect: Expectations, verdict: Verdict) -> None:
    assert given_window.verdict(expect) is verdict


def test_an_open_window_has_no_verdict_yet() -> None:
    going = window(3, 3)
    going.closed = False
    assert going.verdict(Expectations()) is Verdict.OPEN


@given(listed=st.none() | st.integers(0, 20), found=st.integers(0, 20), captured=st.integers(0, 20))
def test_complete_means_that_nothing_is_missing(listed: int | None, found: int, captured: int) -> None:
    made = window(listed, found, min(captured, found))
    result = result_of(made, Expectations())
    if result.verdict is Verdict.COMPLETE:
        assert listed is not None
        assert result.captured == result.discovered >= listed
    else:
        assert listed is None or result.captured < max(listed, found) or found == 0
    missing = max(0, (listed or 0) - found) + found - min(captured, found)
    assert sum(result.reasons.values()) == missing


@pytest.mark.parametrize(
    ("windows", "verdict", "code"),
    [
        ([window(1, 1)], "complete", 0),
        ([window(1, 1), window(0, 0)], "suspect", 1),
        ([window(0, 0)], "suspect", 1),
        ([window(1, 1), window(2, 1)], "deficit", 1),
        ([window(None, 1)], "deficit", 1),
        ([window(2, 1), window(None, blocked="captcha")], "blocked", 1),
        ([window(0, 0, day=MONDAY - dt.timedelta(1))], "complete", 0),
    ],
)
def test_the_verdict_of_a_run(windows: list[Window], verdict: str, code: int) -> None:
    expect = Expectations(empty_weekdays=frozenset({6}))
    report = CrawlReport(1, [result_of(w, expect) for w in windows])
    assert (report.verdict, report.exit_code) == (verdict, code)
    report.interrupted = True
    assert (report.verdict, report.exit_code) == ("interrupted", 1)


# ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────────

EXPECT = {"total": "stated", "ends": "total", "cap": "unknown"}
GOOD = {"name": "试", "crawl": {"platform": "ccgp", "expect": EXPECT, "evidence": {"level": "captured", "year": 2026}}}


@pytest.mark.parametrize("portal", portal_ids())
def test_every_portal_is_configured(portal: str) -> None:
    from crawler.run import spider_class

    config = load_portal(portal)
    assert config.evidence.level != "none" or not config.enabled
    assert config.evidence.note
    assert config.delay >= 1.5
    spider = spider_class(config)
    assert spider.name == portal


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"platform": None}, "crawl.platform is missing"),
        ({"delay": "5"}, "crawl.delay is not a number"),
        ({"delay": -1}, "crawl.delay is not a number"),
        ({"delay": True}, "crawl.delay is not a number"),
        ({"colour": "red"}, "crawl.colour is not known"),
        ({"evidence": {"level": "rumour"}}, "evidence.level 'rumour'"),
        ({"evidence": None}, "crawl.evidence is missing"),
        ({"expect": {**EXPECT, "empty_weekdays": ["sunday"]}}, "'sunday' is not a day"),
        ({"expect": {}}, "crawl.expect.total None is not known"),
        ({"expect": {**EXPECT, "ends": "somehow"}}, "crawl.expect.ends 'somehow'"),
        ({"expect": {**EXPECT, "cap": "many"}}, "crawl.expect.cap is not a number"),
        ({"expect": {**EXPECT, "gives_total": True}}, "crawl.expect.gives_total is not known"),
        ({"missing": "all"}, "crawl.missing is not a list"),
        ({"robots": {"exempt": ["x.cn"]}}, "needs a written reason"),
        ({"hosts": ["x"]}, "crawl.hosts is missing or not a mapping"),
    ],
)
def test_a_wrong_file_is_one_line(change, words: str) -> None:
    with pytest.raises(CrawlError) as error:
        parse_portal({**GOOD, "crawl": {**GOOD["crawl"], **change}}, Path("ccgp-demo.yml"))
    assert words in error.value.message
    assert error.value.message.startswith("ccgp-demo.yml")
    assert "\n" not in str(error.value)


def test_a_file_without_a_crawl_part() -> None:
    with pytest.raises(CrawlError, match="crawl is missing"):
        parse_portal({"name": "试"}, Path("ccgp-demo.yml"))
