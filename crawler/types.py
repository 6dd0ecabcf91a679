"""Values that pass between spider, ledger and report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crawler.archive import RecordRef


class Kind(StrEnum):
    """What was asked for."""

    PAGE = "page"
    ATTACHMENT = "attachment"
    LIST = "list"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Listed:
    """One notice as a list shows it: the portal's own id, the address of its page, the day it was published."""

    source_id: str
    url: str
    title: str
    published: dt.datetime | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; ``total`` over all pages, None where the portal gives none. ``last``: whether the portal says that
    it is the last page; None where it does not say.
    """

    total: int | None
    rows: tuple[Listed, ...]
    last: bool | None = None


@dataclass(frozen=True, slots=True)
class FileLink:
    """One attachment as the page links it. ``url`` is absolute, without fragment."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One archived response, to be written to the ledger. ``state`` and ``reason`` are those of the page recogniser;
    ``source_id`` stands only on what the notice's page or file really is, so that a refused page counts as nothing.
    ``files`` are those a notice's page links; None where nobody looked.
    """

    portal: str
    kind: Kind
    url: str
    status: int | None
    content_type: str | None
    captured_at: dt.datetime
    ref: RecordRef
    state: str
    reason: str
    source_id: str | None = None
    name: str | None = None
    files: tuple[FileLink, ...] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A notice's page captured before: where it stands, and the files it links (None where nobody wrote them down)."""

    ref: RecordRef
    files: tuple[FileLink, ...] | None = None


class Verdict(StrEnum):
    """How a window ended."""

    COMPLETE = "complete"
    DEFICIT = "deficit"
    BLOCKED = "blocked"
    EMPTY_EXPECTED = "empty_expected"
    EMPTY_SUSPECT = "empty_suspect"
    UNKNOWN_TOTAL = "unknown_total"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a portal declares about itself. ``empty_weekdays``: days (0 = Monday) on which it may publish nothing;
    ``empty_days``: single days of the same kind (public holidays). ``gives_total``: False for a portal that never says
    how many notices a day has. ``ends``: how a walk knows that it saw the whole list: its ``total``, an ``empty_page``, rows
    ``past_day``, or the ``last_page`` the portal names. ``cap``: the most notices one question ever shows; None when no limit
    is known.
    """

    empty_weekdays: frozenset[int] = frozenset()
    gives_total: bool = True
    ends: str = "total"
    cap: int | None = None
    empty_days: frozenset[dt.date] = frozenset()

    def may_be_empty(self, day: dt.date) -> bool:
        return day.weekday() in self.empty_weekdays or day in self.empty_days


@dataclass(slots=True)
class Window:
    """One portal on one closed range of days (normally one day): what it listed, what was found, what was captured."""

    portal: str
    since: dt.date
    until: dt.date
    channel: str = ""
    listed: int | None = None
    """Notices the portal says there are; None = it did not say."""
    hidden: int = 0
    """Of these, those no page of the list showed, however often it was walked."""
    untold: bool = False
    """A list gave no total: ``listed`` is what was seen, not what the portal counts."""
    parts: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    """Where the day was asked for in parts (type, region, channel): part → (counted by the portal, seen)."""
    over: bool = True
    """False on a day that has not ended yet in Beijing: whatever is captured, it stays ``open`` and is walked again."""
    discovered: dict[str, Listed] = field(default_factory=dict)
    captured: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    files_listed: int = 0
    files_captured: int = 0
    files_failed: dict[str, str] = field(default_factory=dict)
    blocked: str | None = None
    notes: list[str] = field(default_factory=list)
    closed: bool = False
    recheck: tuple[tuple[Listed, RecordRef | None], ...] = ()
    """Notices to be looked at again, with the capture to compare with. Such a window lists nothing."""
    list_failures: list[str] = field(default_factory=list)
    """Why lists of the window could not be read to their end, one reason a list. Such a window is never complete."""
    confirmed: bool = False
    """True when the list was walked until it stood still and every row of it is in ``discovered``."""

    @property
    def missing(self) -> dict[str, str]:
        """Notices discovered and not captured → why."""
        return {key: self.failed.get(key, "not_attempted") for key in self.discovered if key not in self.captured}

    @property
    def lacking(self) -> dict[str, str]:
        """What is missing and was to be had: a notice looked at again that its portal has taken down is a finding."""
        return {key: why for key, why in self.missing.items() if not (self.recheck and why == "not_found")}

    @property
    def unexplained(self) -> int:
        """Notices the portal counts and no list showed."""
        return max(self.hidden, (self.listed or 0) - len(self.discovered), 0)

    def verdict(self, expect: Expectations) -> Verdict:
        """What may be said of the window now; ``OPEN`` before it is closed, and at best for a day that is not over."""
        if not self.closed:
            return Verdict.BLOCKED if self.blocked else Verdict.OPEN
        if self.blocked and (self.listed is None or self.lacking or self.unexplained):
            return Verdict.BLOCKED
        if self.lacking or self.unexplained or self.files_failed:
            return Verdict.DEFICIT
        if self.list_failures:
            return Verdict.UNKNOWN_TOTAL
        if (self.listed is None or self.untold) and not self.confirmed and expect.gives_total:
            return Verdict.UNKNOWN_TOTAL
        if not self.over:
            return Verdict.OPEN
        if not self.discovered:
            days = [self.since + dt.timedelta(n) for n in range((self.until - self.since).days + 1)]
            expected = all(expect.may_be_empty(day) for day in days)
            return Verdict.EMPTY_EXPECTED if expected else Verdict.EMPTY_SUSPECT
        return Verdict.COMPLETE


@dataclass(frozen=True, slots=True)
class WindowResult:
    """A window as reported and stored. ``reasons`` counts what is missing by reason."""

    portal: str
    since: dt.date
    until: dt.date
    channel: str
    verdict: Verdict
    listed: int | None
    discovered: int
    captured: int
    new: int
    files: int
    deficit: tuple[tuple[str, str, str], ...]
    """(notice id, address, reason) of everything missing; files have their address in both places."""
    reasons: Mapping[str, int]
    notes: tuple[str, ...] = ()
    parts: Mapping[str, tuple[int | None, int]] = field(default_factory=dict)
    rechecked: tuple[str, ...] = ()
    """Ids of the notices looked at again."""
    over: bool = True
    """False for a day walked to its end that was not over in Beijing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Told to the caller after every capture and every window."""

    portal: str
    day: dt.date | None
    windows_done: int
    windows: int
    captured: int
    message: str


@dataclass(slots=True)
class CrawlReport:
    """What a crawl did. ``exit_code`` is 0 only when nothing is missing, unknown or blocked, and no day empty without reason; a
    day that is not over yet stays open and is no fault. ``captured``: notices not captured before; ``new``: answers of any kind
    that the store did not have.
    """

    run_id: int | None
    windows: list[WindowResult]
    captured: int = 0
    new: int = 0
    files: int = 0
    requests: int = 0
    states: dict[str, int] = field(default_factory=dict)
    archive_files: list[str] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0
    adopted: int = 0
    held: list[str] = field(default_factory=list)
    """Portals left out because another run had them in hand."""
    errors: list[str] = field(default_factory=list)
    """Portals that failed for a reason of their own, with it; the others stand."""

    @property
    def verdict(self) -> str:
        """``complete``, ``blocked``, ``deficit``, ``suspect`` (a day without any notice, undeclared), ``open`` (no day is over
        yet), ``interrupted`` or ``failed``.
        """
        if self.interrupted:
            return "interrupted"
        if self.errors:
            return "failed"
        found = {w.verdict for w in self.windows if w.over or w.verdict is not Verdict.OPEN}
        if Verdict.BLOCKED in found:
            return "blocked"
        if found & {Verdict.DEFICIT, Verdict.UNKNOWN_TOTAL, Verdict.OPEN}:
            return "deficit"
        if Verdict.EMPTY_SUSPECT in found:
            return "suspect"
        return "complete" if found or not self.windows else "open"

    @property
    def exit_code(self) -> int:
        return 0 if self.verdict in {"complete", "open"} else 1
