"""Every portal that can be crawled has answers of its own in ``tests/fixtures/portals/<id>``, and its own code reads them right.

One walk over all portals: a new one without fixtures fails here.
"""

import datetime as dt
from pathlib import Path

import pytest

from crawler.config import load_portal, portal_ids
from crawler.pages.common import PageError
from crawler.run import spider_class
from crawler.types import Kind, Verdict
from nlp.page_state import recognise
from nlp.read import read
from nlp.types import PageInput, PageState
from seeds import load_knowledge
from tests.crawler.portals.harness import (
    FIXTURES,
    Cassette,
    crawl_scene,
    load_cassette,
    load_expected,
    read_answer,
    spider_of,
)

EXCEPTIONS: dict[str, str] = {}
"""Portals that may be without fixtures, and why. It may only become shorter: a portal without fixtures does not ship."""
ONE_KIND = {"ccgp-htgs": "contract", "ccgp-cgyx": "intention"}
"""Portals that publish one kind of notice; of all others tenders, awards and corrections or failures are read."""
PORTALS = portal_ids()


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


def fixtures_of(portal: str) -> Cassette:
    if not (FIXTURES / portal / "cassette.yml").is_file():
        if portal in EXCEPTIONS:
            pytest.skip(EXCEPTIONS[portal])
        pytest.fail(f"{portal} has no tests/fixtures/portals/{portal}/cassette.yml: see docs/portals.md")
    return load_cassette(portal)


def test_no_portal_is_excepted_that_is_not_named() -> None:
    assert EXCEPTIONS == {}


def test_no_fixtures_of_portals_that_are_gone() -> None:
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} <= set(PORTALS)


@pytest.mark.parametrize("portal", PORTALS)
def test_the_fixtures_are_whole(portal: str) -> None:
    cassette, expected = fixtures_of(portal), load_expected(portal)
    assert "unfilled" not in expected, f"{portal}: {expected['unfilled']}"
    assert "constructed" in cassette.constructed
    for kind in ("list", "page", "empty", "blocked"):
        assert cassette.of(kind), f"{portal}: no {kind} answer"
    for exchange in cassette.exchanges:
        assert "constructed" in exchange.body.decode("gb18030" if "gb" in exchange.media else "utf-8"), exchange.name
    pages = {exchange.name for exchange in cassette.of("page")}
    assert set(expected["readings"]) == pages
    assert len(expected["listed"]) >= len(pages)
    kinds = {reading["type"] for reading in expected["readings"].values()}
    if portal in ONE_KIND:
        assert kinds == {ONE_KIND[portal]}
    else:
        assert {"tender", "award"} <= kinds
        assert kinds & {"correction", "failed", "intention"}


@pytest.mark.parametrize("portal", PORTALS)
def test_what_the_portal_declares(portal: str) -> None:
    """A complete declaration: who publishes, how a walk ends, on what its robots and terms rest."""
    config = load_portal(portal)
    assert config.publisher
    assert config.terms
    assert config.evidence.note
    assert config.expect.ends in spider_class(config).ends
    assert config.expect.gives_total == (config.expect.ends == "total")
    if config.evidence.level != "none":
        assert 2015 <= (config.evidence.year or 0) <= 2026
        assert config.robots_note


@pytest.mark.parametrize("portal", PORTALS)
def test_the_lists_say_what_they_say(portal: str, tmp_path: Path) -> None:
    cassette, expected = fixtures_of(portal), load_expected(portal)
    spider = spider_of(portal, tmp_path)
    found = {}
    for exchange in cassette.of("list"):
        total, rows = read_answer(spider, exchange)
        assert total is None or total >= len(rows) > 0
        for row in rows:
            assert row.published is not None
            if row.published.date() == cassette.day:
                url = spider.page_request(row).url
                found[row.source_id] = (row.title, row.published.date(), url.split("://")[1].split("?__")[0])
    wanted = {str(e["id"]): (e["title"], e["day"], e["url"].split("://")[1]) for e in expected["listed"]}
    if spider.name.startswith("ccgp-") and load_portal(portal).platform == "zcy":
        wanted = {key: (title, day, f"{url}?") for key, (title, day, url) in wanted.items()}
        found = {key: (title, day, url.split("?")[0] + "?") for key, (title, day, url) in found.items()}
    assert found == wanted
    for exchange in cassette.of("empty"):
        total, rows = read_answer(spider, exchange)
        assert not [row for row in rows if row.published and row.published.date() == cassette.day]
        assert total in {None, 0}


@pytest.mark.parametrize("portal", PORTALS)
def test_a_day_is_captured_and_read(portal: str, tmp_path: Path, knowledge) -> None:
    cassette, expected = fixtures_of(portal), load_expected(portal)
    crawled = crawl_scene(tmp_path, cassette)
    assert crawled.unexpected == []
    window = crawled.report.windows[0]
    assert (window.verdict, dict(window.reasons), window.notes) == (Verdict.COMPLETE, {}, ())
    pages = {row.source_id: row for row in crawled.ledger.rows if row.kind is Kind.PAGE and row.source_id}
    assert set(pages) == {str(entry["id"]) for entry in expected["listed"]}
    assert window.files == len(cassette.of("file"))
    files = {row.url for row in crawled.ledger.rows if row.kind is Kind.ATTACHMENT and row.source_id}
    wrong, linked = {}, set()
    bodies = {exchange.body: exchange.name for exchange in cassette.of("page")}
    for row in pages.values():
        answer = crawled.archive.read(row.ref)
        name = bodies[answer.body]
        page = PageInput(body=answer.body, url=row.url, portal=portal, content_type=row.content_type)
        reading = read(page, knowledge)
        linked |= {attachment.url for attachment in reading.attachments}
        differences = compare(expected["readings"][name], reading)
        if differences:
            wrong[name] = differences
    assert wrong == {}
    # By its address a file joins its notice: crawler and reader must take the same from the same page.
    assert files <= linked


def compare(wanted: dict, reading) -> dict:
    """What the reading says otherwise than it should: field → (wanted, read)."""
    notice = reading.notice
    buyers = [party.name for party in reading.parties if party.role == "buyer"]
    read_as = {
        "id": notice.source_id,
        "type": notice.type,
        "title": notice.title,
        "buyer": buyers[0] if buyers else None,
        "published_on": notice.published_on,
        "project_no": notice.project_no,
    }
    wanted = {"id": None, **wanted} if "id" not in wanted else wanted
    found = {key: (wanted[key], read_as[key]) for key in read_as if key in wanted and wanted[key] != read_as[key]}
    if reading.state != "notice":
        found["state"] = ("notice", reading.state)
    if "items" in wanted:
        given = [(i["name"], i["brand"], i["model"], i["quantity"], i["unit_price"]) for i in wanted["items"]]
        items = [
            (i.name, i.brand_raw, i.model_raw, _plain(i.quantity), _plain(i.unit_price_cny)) for i in reading.items
        ]
        if items != given:
            found["items"] = (given, items)
    return found


def _plain(value) -> str | None:
    return None if value is None else f"{value.normalize():f}"


@pytest.mark.parametrize("portal", PORTALS)
def test_a_day_without_notices(portal: str, tmp_path: Path) -> None:
    crawled = crawl_scene(tmp_path, fixtures_of(portal), "empty")
    window = crawled.report.windows[0]
    assert crawled.unexpected == []
    config = load_portal(portal)
    expected = Verdict.EMPTY_EXPECTED if config.expect.may_be_empty(window.since) else Verdict.EMPTY_SUSPECT
    assert (window.verdict, window.captured, dict(window.reasons)) == (expected, 0, {})


def blocked_scenes() -> list[tuple[str, str, str]]:
    return [
        (portal, scene, exchange.name)
        for portal in PORTALS
        if (FIXTURES / portal / "cassette.yml").is_file()
        for exchange in load_cassette(portal).of("blocked")
        for scene in ("blocked_list", "blocked_page")
    ]


@pytest.mark.parametrize(("portal", "scene", "name"), blocked_scenes())
def test_a_refusal_is_no_notice(portal: str, scene: str, name: str, tmp_path: Path) -> None:
    cassette = fixtures_of(portal)
    refusal = next(exchange for exchange in cassette.of("blocked") if exchange.name == name)
    crawled = crawl_scene(tmp_path, cassette, scene, blocked=refusal)
    window = crawled.report.windows[0]
    assert window.captured == 0
    assert not [row for row in crawled.ledger.rows if row.kind is Kind.PAGE and row.source_id]
    assert window.reasons
    if scene == "blocked_list":
        assert window.verdict is Verdict.BLOCKED
    else:
        assert window.verdict in {Verdict.BLOCKED, Verdict.DEFICIT}
    assert recognise(refusal.body, refusal.media, None, refusal.status).state is not PageState.NOTICE


def test_a_row_without_its_essentials_is_named() -> None:
    from crawler.pages.common import BEIJING, row

    when = dt.datetime(2026, 5, 12, tzinfo=BEIJING)
    assert row("1", "http://x", "t", when).source_id == "1"
    for values, reason in (
        (("", "http://x", "t", when), "row_without_id"),
        (("1", "", "t", when), "row_without_address"),
        (("1", "http://x", "", when), "row_without_title"),
        (("1", "http://x", "t", None), "row_without_date"),
    ):
        with pytest.raises(PageError) as error:
            row(*values)
        assert error.value.reason == reason
