"""The ``crawl:`` part of ``seeds/portals/<id>.yml``: how a portal may be asked and what it promises. Strict: an unknown key,
a missing one or a wrong kind of value is a :class:`~crawler.errors.CrawlError` that names the file.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crawler.errors import CrawlError, CrawlUsageError
from crawler.pages.common import BEIJING
from crawler.types import Expectations

PORTALS = Path(__file__).parent.parent / "seeds" / "portals"

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVIDENCE = ("live", "captured", "code", "none")
DEFAULT_DELAY = 5.0
DEFAULT_PAUSES = (60.0, 240.0, 960.0)
"""Pauses after a throttle page, as multiples of the host's delay: at five seconds 5, 20 and 80 minutes."""
_KEYS = {
    "platform", "enabled", "delay", "hosts", "pauses", "retries", "max_file_mb", "robots", "terms", "evidence", "cadence",
    "expect", "options", "wants", "off_peak",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """How we know: ``live`` (met by this program), ``captured`` (saved answers seen), ``code`` (other people's working
    code), ``none``; the year, and a note on limits.
    """

    level: str
    year: int | None
    note: str


@dataclass(frozen=True, slots=True)
class PortalCrawl:
    """One portal as the crawler needs it. ``delay`` and ``host_delays`` in seconds; ``options`` belong to the platform.

    ``robots_exempt`` are hosts whose robots.txt is not asked, only with a written ``robots_note``. ``wants`` says what
    keeps the portal from being crawled (``captcha``, ``signature``): such a portal reports ``blocked``, it is never solved.
    """

    id: str
    name: str
    platform: str
    region_code: str | None = None
    enabled: bool = True
    delay: float = DEFAULT_DELAY
    host_delays: Mapping[str, float] = field(default_factory=dict)
    pauses: tuple[float, ...] = DEFAULT_PAUSES
    retries: int = 2
    max_file_mb: float = 50.0
    robots_exempt: frozenset[str] = frozenset()
    robots_note: str = ""
    terms: str = ""
    evidence: Evidence = Evidence("none", None, "")
    cadence_days: int = 1
    expect: Expectations = field(default_factory=Expectations)
    options: Mapping[str, Any] = field(default_factory=dict)
    wants: str | None = None
    off_peak: tuple[int, int] | None = None


@cache
def portal_ids() -> tuple[str, ...]:
    """Ids of all portals that have a ``crawl:`` part, sorted."""
    return tuple(sorted(p.stem for p in PORTALS.glob("*.yml") if _raw(p).get("crawl")))


@cache
def load_portal(portal: str) -> PortalCrawl:
    """Raises CrawlError for an unknown portal or a broken file."""
    path = PORTALS / f"{portal}.yml"
    if "/" in portal or not path.is_file():
        known = portal_ids()
        raise CrawlUsageError(
            f"unknown portal {portal!r}.", f"Known portals: {', '.join(known)}." if known else "None is configured."
        )
    return parse_portal(_raw(path), path)


def parse_portal(data: Mapping[str, Any], path: Path) -> PortalCrawl:
    """The portal described by the content of one file."""
    reader = _Reader(path)
    crawl = reader.mapping(data.get("crawl"), "crawl")
    for key in crawl:
        if key not in _KEYS:
            raise reader.error(f"crawl.{key} is not known", f"known: {', '.join(sorted(_KEYS))}")
    expect = reader.mapping(crawl.get("expect") or {}, "crawl.expect")
    evidence = reader.mapping(crawl.get("evidence"), "crawl.evidence")
    robots = reader.mapping(crawl.get("robots") or {}, "crawl.robots")
    exempt = frozenset(reader.words(robots.get("exempt") or [], "crawl.robots.exempt"))
    note = str(robots.get("note") or "")
    if exempt and not note:
        raise reader.error("crawl.robots.exempt needs a written reason", "add crawl.robots.note")
    level = str(evidence.get("level"))
    if level not in EVIDENCE:
        raise reader.error(f"crawl.evidence.level {level!r} is not known", f"one of {', '.join(EVIDENCE)}")
    days = reader.words(expect.get("empty_weekdays") or [], "crawl.expect.empty_weekdays")
    for day in days:
        if day not in WEEKDAYS:
            raise reader.error(f"crawl.expect.empty_weekdays: {day!r} is not a day", f"one of {', '.join(WEEKDAYS)}")
    off_peak = crawl.get("off_peak")
    return PortalCrawl(
        id=path.stem,
        name=str(data.get("name") or path.stem),
        platform=str(crawl.get("platform") or reader.missing("crawl.platform")),
        region_code=str(data["region_code"]) if data.get("region_code") else None,
        enabled=bool(crawl.get("enabled", True)),
        delay=reader.number(crawl.get("delay", DEFAULT_DELAY), "crawl.delay"),
        host_delays={
            str(host): reader.number(value, f"crawl.hosts.{host}")
            for host, value in reader.mapping(crawl.get("hosts") or {}, "crawl.hosts").items()
        },
        pauses=tuple(reader.number(v, "crawl.pauses") for v in crawl.get("pauses") or DEFAULT_PAUSES),
        retries=int(reader.number(crawl.get("retries", 2), "crawl.retries")),
        max_file_mb=reader.number(crawl.get("max_file_mb", 50), "crawl.max_file_mb"),
        robots_exempt=exempt,
        robots_note=note,
        terms=str(crawl.get("terms") or ""),
        evidence=Evidence(level, evidence.get("year"), str(evidence.get("note") or "")),
        cadence_days=int(reader.number(crawl.get("cadence", 1), "crawl.cadence")),
        expect=Expectations(
            empty_weekdays=frozenset(WEEKDAYS.index(day) for day in days),
            gives_total=bool(expect.get("gives_total", True)),
            # Who keeps office hours keeps the public holidays, too.
            empty_days=holidays() if days else frozenset(),
        ),
        options=reader.mapping(crawl.get("options") or {}, "crawl.options"),
        wants=str(crawl["wants"]) if crawl.get("wants") else None,
        off_peak=(int(off_peak[0]), int(off_peak[1])) if off_peak else None,
    )


@cache
def holidays() -> frozenset[dt.date]:
    """Public holidays as the State Council's office announces them each November for the year after. Raises CrawlError."""
    path = PORTALS / "holidays.csv"
    found: set[dt.date] = set()
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                since, until = dt.date.fromisoformat(row["since"]), dt.date.fromisoformat(row["until"])
                found.update(since + dt.timedelta(n) for n in range((until - since).days + 1))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrawlError(f"{path.name} cannot be read: {error}.", "Correct the file: since,until,name.") from error
    return frozenset(found)


def today() -> dt.date:
    """The day it is in Beijing, whatever this machine's clock shows."""
    return dt.datetime.now(BEIJING).date()


def days(since: dt.date, until: dt.date) -> list[dt.date]:
    """All days of a closed range, newest first: what is in danger of leaving the lists is fetched first."""
    return [until - dt.timedelta(n) for n in range((until - since).days + 1)]


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, message: str, remedy: str) -> CrawlError:
        return CrawlError(f"{self.path.name}: {message}.", f"Correct the file ({remedy}).")

    def missing(self, key: str) -> str:
        raise self.error(f"{key} is missing", "every portal needs it")

    def mapping(self, value: Any, key: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.error(f"{key} is missing or not a mapping", "see docs/portals.md")
        return value

    def number(self, value: Any, key: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise self.error(f"{key} is not a number ≥ 0: {value!r}", "seconds, or a count")
        return float(value)

    def words(self, value: Any, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} is not a list of words", "write it as [a, b]")
        return value


@cache
def _raw(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe either way
    except (OSError, yaml.YAMLError) as error:
        line = " ".join(str(error).split())
        raise CrawlError(f"{path.name} cannot be read: {line}.", "Correct the file.") from error
    return data if isinstance(data, dict) else {}
