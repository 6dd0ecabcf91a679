"""What a portal's fixtures are, and a crawl of them through everything but the network.

``tests/fixtures/portals/<id>/cassette.yml`` holds answers in the portal's own format, written by us about invented bureaus:

- ``constructed``: says so. ``day``: the day asked for. ``charset``: of its pages (utf-8).
- ``exchanges``: each with ``kind`` (list, page, file, empty, blocked), ``name``, ``type`` (json, html, file), ``body``, and but for blocked ones
  ``ask`` (method, host and path, ``*`` for anything) and ``with`` (what the query, form or JSON of the question must hold).
  A question for a list that no list exchange answers is answered by the first ``empty`` exchange that matches.

``expected.yml`` says what must be found: ``listed`` (id, title, day, url) and ``readings`` (page → what the reader makes of it).
"""

import contextlib
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive import Archive
from crawler.breaker import Breakers
from crawler.config import PortalCrawl, load_portal
from crawler.ledger import MemoryLedger
from crawler.pages import ccgp as ccgp_pages
from crawler.parts import Parts
from crawler.platforms.base import PortalSpider
from crawler.run import crawl, spider_class
from crawler.types import CrawlReport, Listed
from crawler.writer import Writer
from db.settings import Settings

FIXTURES = Path(__file__).parents[2] / "fixtures" / "portals"
GATEWAY = "http://fixture.invalid"
MEDIA = {"json": "application/json;charset=UTF-8", "html": "text/html", "file": "application/octet-stream"}
KINDS = ("list", "page", "empty", "blocked")
"""Every portal has these; one whose pages link files has ``file``, too."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Exchange:
    kind: str
    name: str
    ask: str
    params: dict[str, str]
    status: int
    media: str
    body: bytes

    def answers(self, method: str, address: str, given: dict[str, set[str]]) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.ask.split("*"))
        return re.fullmatch(pattern, f"{method} {address}") is not None and all(
            value in given.get(key, ()) for key, value in self.params.items()
        )


@dataclass(frozen=True, slots=True)
class Cassette:
    portal: str
    constructed: str
    day: dt.date
    exchanges: tuple[Exchange, ...]

    def of(self, kind: str) -> list[Exchange]:
        return [e for e in self.exchanges if e.kind == kind]


def load_cassette(portal: str, root: Path = FIXTURES) -> Cassette:
    """Raises AssertionError, naming the file, for a cassette that is not what it should be."""
    path = root / portal / "cassette.yml"
    data = yaml.load(path.read_bytes(), LOADER)
    charset = data.get("charset", "utf-8")
    exchanges = []
    for entry in data["exchanges"] or ():
        assert entry["kind"] in {*KINDS, "file"}, f"{path}: {entry['kind']}"
        media = MEDIA[entry["type"]]
        text = entry["body"]
        exchanges.append(
            Exchange(
                kind=entry["kind"],
                name=entry["name"],
                ask=entry.get("ask", ""),
                params={key: str(value) for key, value in (entry.get("with") or {}).items()},
                status=int(entry.get("status", 200)),
                media=f"{media};charset={charset}" if entry["type"] == "html" else media,
                body=text.encode(charset if entry["type"] == "html" else "utf-8"),
            )
        )
    return Cassette(portal, str(data["constructed"]), data["day"], tuple(exchanges))


def load_expected(portal: str, root: Path = FIXTURES) -> dict:
    return yaml.load((root / portal / "expected.yml").read_bytes(), LOADER)


class Fixtures:
    """Answers of one scene: ``day``, ``empty``, or one in which every list (``blocked_list``) or page (``blocked_page``) refuses."""

    def __init__(
        self, cassette: Cassette, scene: str, blocked: Exchange | None, change: Callable[[bytes], bytes] | None
    ):
        self.cassette, self.scene, self.blocked, self.change = cassette, scene, blocked, change
        self.unexpected: list[str] = []

    def answer(self, method: str, url: str, body: bytes) -> Exchange | None:
        parts = urlsplit(url)
        address = f"{parts.netloc}{parts.path}"
        if parts.path == "/robots.txt":
            return None
        given = _flat(parts.query, body)
        found = self._find(method, address, given)
        if found is None:
            self.unexpected.append(f"{method} {url} {body[:300]!r}")
        elif found.kind == "file":
            return found
        elif found.kind == "page":
            return self.blocked if self.scene == "blocked_page" else found
        elif self.scene == "blocked_list":
            return self.blocked
        elif self.change is not None and found.kind == "list":
            return replace(found, body=self.change(found.body))
        return found

    def _find(self, method: str, address: str, given: dict[str, set[str]]) -> Exchange | None:
        kinds = ("page", "file", "empty") if self.scene == "empty" else ("page", "file", "list", "empty")
        matching = (e for kind in kinds for e in self.cassette.of(kind) if e.answers(method, address, given))
        return next(matching, None)

    def handler(self) -> type[BaseDownloadHandler]:
        """A download handler that never opens a socket."""
        fixtures = self

        class Handler(BaseDownloadHandler):
            lazy = False

            def __init__(self, crawler):
                super().__init__(crawler)

            async def download_request(self, request) -> Response:
                url = f"http://{request.url.removeprefix(GATEWAY + '/')}"
                found = fixtures.answer(request.method, url, request.body)
                status, media, body = (
                    (404, "text/plain", b"") if found is None else (found.status, found.media, found.body)
                )
                headers = Headers({"Content-Type": media})
                kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
                return kind(url=request.url, status=status, headers=headers, body=body)

            async def close(self) -> None:
                """Nothing to close."""

        return Handler


def _flat(query: str, body: bytes) -> dict[str, set[str]]:
    """All that a question holds: names of the query, the form or the JSON, however deep → values as texts."""
    found: dict[str, set[str]] = {}
    text = body.decode("utf-8", "replace")
    pairs: list[tuple[str, str]] = parse_qsl(query, keep_blank_values=True)
    with contextlib.suppress(ValueError):
        pairs += list(_leaves(json.loads(text))) if text.startswith("{") else parse_qsl(text, keep_blank_values=True)
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from _leaves(entry, name)
    else:
        yield name, "" if value is None else str(value)


@dataclass(slots=True)
class Crawled:
    report: CrawlReport
    ledger: MemoryLedger | None
    archive: Archive
    unexpected: list[str]


def patient(portal: str) -> PortalCrawl:
    """The portal's own declaration, without its pauses: a throttle closes the host at once."""
    return replace(load_portal(portal), pauses=())


def crawl_scene(
    home: Path,
    cassette: Cassette,
    scene: str = "day",
    *,
    blocked: Exchange | None = None,
    change: Callable[[bytes], bytes] | None = None,
    config: PortalCrawl | None = None,
    ledger: MemoryLedger | None = None,
    database_url: str | None = None,
) -> Crawled:
    """A crawl of the cassette's day. ``change`` is done to every list answer. With a database, its ledger is used."""
    fixtures = Fixtures(cassette, scene, blocked, change)
    settings = Settings(home=home, database_url=database_url)
    ledger = ledger or (None if database_url else MemoryLedger())
    report = crawl(
        settings,
        [cassette.portal],
        cassette.day,
        cassette.day,
        via=GATEWAY,
        delay=0,
        ledger=ledger,
        handler_class=fixtures.handler(),
        configs=[config or patient(cassette.portal)],
    )
    return Crawled(report, ledger, Archive(settings.archive), fixtures.unexpected)


def spider_of(portal: str, home: Path) -> PortalSpider:
    """The portal's own spider with everything it needs but a crawl."""
    config = patient(portal)
    archive, ledger = Archive(home / "archive"), MemoryLedger()
    spider = spider_class(config)()
    spider.parts = Parts(
        config=config,
        archive=archive,
        ledger=ledger,
        writer=Writer(archive, ledger),
        windows=[],
        breakers=Breakers(lambda _: ()),
    )
    return spider


def read_answer(spider: PortalSpider, exchange: Exchange, body: bytes | None = None) -> tuple[int | None, list[Listed]]:
    """What the portal's own code reads from a list answer: the total it states, and the rows. Raises PageError."""
    url = f"http://{exchange.ask.partition(' ')[2].replace('*', '')}"
    headers = Headers({"Content-Type": exchange.media})
    data = exchange.body if body is None else body
    response = responsetypes.from_args(headers=headers, url=url, body=data)(url=url, headers=headers, body=data)
    if hasattr(spider, "read_list"):
        page = spider.read_list(response)
        return page.total, list(page.rows)
    if "/bxsearch" in url:
        found = ccgp_pages.search_page(data, url, exchange.media)
        return found.total, list(found.rows)
    return None, list(spider.read_rows(response))
