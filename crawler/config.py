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
TOTALS = ("stated", "none")
ENDS = ("total", "empty_page", "past_day", "last_page")
DEFAULT_DELAY = 5.0
DEFAULT_PAUSES = (60.0, 240.0, 960.0)
"""Pauses after a throttle page, as multiples of the host's delay: at five seconds 5, 20 and 80 minutes."""
_EXPECT_KEYS = {"empty_weekdays", "total", "ends", "cap"}
_KEYS = {
    "platform", "enabled", "delay", "hosts", "pauses", "retries", "max_file_mb", "robots", "terms", "evidence", "cadence",
    "expect", "options", "wants", "off_peak", "missing",
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

    ``missing`` names what is not known of it and therefore not fetched. ``robots_exempt`` are hosts whose robots.txt is
    not asked, only with a written ``robots_note``. ``wants`` says what keeps the portal from being crawled (``captcha``,
    ``signature``): such a portal reports ``blocked``, it is never solved.
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
    publisher: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A portal that is known and cannot be crawled: why, and which facts are missing."""

    id: str
    name: str
    reason: str
    missing: tuple[str, ...]
    year: int | None = None

    @property
    def error(self) -> CrawlUsageError:
        return CrawlUsageError(
            f"{self.id} cannot be crawled: {self.reason}.",
            f"Missing: {'; '.join(self.missing)}. Its notices also stand on ccgp; saved pages of it can be imported.",
        )


UNKNOWN_LISTS = ("nothing is known of how its lists are asked", ("the address, form and answer of its lists",))


@cache
def portal_ids() -> tuple[str, ...]:
    """Ids of all portals that can be crawled, sorted: those with a ``crawl:`` part that refuses nothing."""
    return tuple(sorted(p.stem for p in PORTALS.glob("*.yml") if load_refusal(p.stem) is None))


@cache
def refused_ids() -> tuple[str, ...]:
    """Ids of the portals that are known and cannot be crawled, sorted."""
    return tuple(sorted(p.stem for p in PORTALS.glob("*.yml") if load_refusal(p.stem) is not None))


@cache
def load_refusal(portal: str) -> Refusal | None:
    """Why a portal cannot be crawled; None when it can. Raises CrawlError for an unknown portal or a broken file."""
    path = _path(portal)
    data = _raw(path)
    return parse_refusal(data, path)


@cache
def load_portal(portal: str) -> PortalCrawl:
    """Raises CrawlError for an unknown portal, one that cannot be crawled, or a broken file."""
    path = _path(portal)
    refusal = load_refusal(portal)
    if refusal is not None:
        raise refusal.error
    return parse_portal(_raw(path), path)


def _path(portal: str) -> Path:
    path = PORTALS / f"{portal}.yml"
    if "/" in portal or not path.is_file():
        known = portal_ids()
        raise CrawlUsageError(
            f"unknown portal {portal!r}.", f"Known portals: {', '.join(known)}." if known else "None is configured."
        )
    return path


def parse_refusal(data: Mapping[str, Any], path: Path) -> Refusal | None:
    """What a file says of why its portal cannot be crawled: ``crawl.refused`` with ``missing``, or no ``crawl:`` part at all."""
    crawl = data.get("crawl")
    name = str(data.get("name") or path.stem)
    if not crawl:
        return Refusal(path.stem, name, *UNKNOWN_LISTS)
    if not isinstance(crawl, dict) or "refused" not in crawl:
        return None
    reader = _Reader(path)
    unknown = crawl.keys() - {"refused", "missing", "evidence"}
    if unknown:
        raise reader.error(f"crawl.{min(unknown)} has no meaning beside crawl.refused", "refused, missing, evidence")
    missing = reader.words(crawl.get("missing"), "crawl.missing")
    if not crawl["refused"] or not missing:
        raise reader.error("crawl.refused needs a reason, and crawl.missing the facts", "say what is not known")
    evidence = reader.evidence(crawl)
    return Refusal(path.stem, name, str(crawl["refused"]), tuple(missing), evidence.year)


def parse_portal(data: Mapping[str, Any], path: Path) -> PortalCrawl:
    """The portal described by the content of one file."""
    reader = _Reader(path)
    crawl = reader.mapping(data.get("crawl"), "crawl")
    for key in crawl:
        if key not in _KEYS:
            raise reader.error(f"crawl.{key} is not known", f"known: {', '.join(sorted(_KEYS))}")
    expect = reader.mapping(crawl.get("expect") or {}, "crawl.expect")
    evidence = reader.evidence(crawl)
    robots = reader.mapping(crawl.get("robots") or {}, "crawl.robots")
    exempt = frozenset(reader.words(robots.get("exempt") or [], "crawl.robots.exempt"))
    note = str(robots.get("note") or "")
    if exempt and not note:
        raise reader.error("crawl.robots.exempt needs a written reason", "add crawl.robots.note")
    for key in expect:
        if key not in _EXPECT_KEYS:
            raise reader.error(f"crawl.expect.{key} is not known", f"known: {', '.join(sorted(_EXPECT_KEYS))}")
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
        enabled=reader.truth(crawl.get("enabled", True), "crawl.enabled"),
        delay=reader.number(crawl.get("delay", DEFAULT_DELAY), "crawl.delay"),
        host_delays={
            str(host): reader.number(value, f"crawl.hosts.{host}")
            for host, value in reader.mapping(crawl.get("hosts") or {}, "crawl.hosts").items()
        },
        pauses=tuple(reader.numbers(crawl.get("pauses", list(DEFAULT_PAUSES)), "crawl.pauses")),
        retries=int(reader.number(crawl.get("retries", 2), "crawl.retries")),
        max_file_mb=reader.number(crawl.get("max_file_mb", 50), "crawl.max_file_mb"),
        robots_exempt=exempt,
        robots_note=note,
        terms=str(crawl.get("terms") or ""),
        evidence=evidence,
        cadence_days=int(reader.number(crawl.get("cadence", 1), "crawl.cadence")),
        expect=Expectations(
            empty_weekdays=frozenset(WEEKDAYS.index(day) for day in days),
            gives_total=reader.one_of(expect.get("total"), "crawl.expect.total", TOTALS) == "stated",
            ends=reader.one_of(expect.get("ends"), "crawl.expect.ends", ENDS),
            cap=reader.cap(expect.get("cap")),
            # Who keeps office hours keeps the public holidays, too.
            empty_days=holidays() if days else frozenset(),
        ),
        options=reader.mapping(crawl.get("options") or {}, "crawl.options"),
        wants=str(crawl["wants"]) if crawl.get("wants") else None,
        off_peak=reader.hours(off_peak, "crawl.off_peak") if off_peak is not None else None,
        publisher=str(data.get("publisher") or ""),
        missing=tuple(reader.words(crawl.get("missing") or [], "crawl.missing")),
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

    def evidence(self, crawl: Mapping[str, Any]) -> Evidence:
        given = self.mapping(crawl.get("evidence"), "crawl.evidence")
        level = self.one_of(given.get("level"), "crawl.evidence.level", EVIDENCE)
        return Evidence(level, given.get("year"), str(given.get("note") or ""))

    def one_of(self, value: Any, key: str, known: tuple[str, ...]) -> str:
        if value not in known:
            raise self.error(f"{key} {value!r} is not known", f"one of {', '.join(known)}")
        return str(value)

    def cap(self, value: Any) -> int | None:
        """The most notices one question ever shows; ``unknown`` when nobody saw such a limit."""
        if value == "unknown":
            return None
        return int(self.number(value, "crawl.expect.cap"))

    def numbers(self, value: Any, key: str) -> list[float]:
        if not isinstance(value, list):
            raise self.error(f"{key} is not a list of numbers", "write it as [60, 240, 960]")
        return [self.number(entry, key) for entry in value]

    def hours(self, value: Any, key: str) -> tuple[int, int]:
        """First and last hour of a day in Beijing, the last not included; the second may be the smaller one."""
        found = self.numbers(value, key)
        if len(found) != 2 or any(hour != int(hour) or hour > 24 for hour in found) or found[0] == found[1]:
            raise self.error(f"{key} is not two hours of a day: {value!r}", "write it as [22, 6]")
        return int(found[0]), int(found[1])

    def truth(self, value: Any, key: str) -> bool:
        if not isinstance(value, bool):
            raise self.error(f"{key} is neither true nor false: {value!r}", "write true or false")
        return value

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
