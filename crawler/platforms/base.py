"""What every portal's spider does, whatever the platform: windows, captures, files, states, reconciliation.

A platform says how its lists are walked (:meth:`PortalSpider.prepare`, :meth:`PortalSpider.discover`), where a notice is
(:meth:`PortalSpider.page_request`), what is wrong with an answer (:meth:`PortalSpider.check_page`) and which files a page
links (:meth:`PortalSpider.files_of`). A portal is a subclass of a platform with a name.

The spider yields :class:`~crawler.types.CaptureRow` and window results; the pipeline hands them to the writer.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from crawler.archive import ArchiveError, RecordRef
from crawler.errors import CrawlError, HostClosedError, NotInArchiveError
from crawler.pages.common import PageError
from crawler.pages.same import tells_of
from crawler.parts import Parts
from crawler.types import CaptureRow, FileLink, Kind, Known, Listed, Progress, Window, WindowResult
from nlp.page_state import StateVerdict, recognise
from nlp.types import PageState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one question. ``problem`` is None when the answer is what was asked for; ``links`` are the files of a
    notice's page (None: not looked for, or not to be read, and then ``trouble`` says why).
    """

    response: Response | None
    problem: str | None
    links: tuple[FileLink, ...] | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    window: Window
    listed: Listed
    link: FileLink | None = None
    previous: RecordRef | None = None


class PortalSpider(scrapy.Spider):
    """Base of all platforms. ``parts`` come with the crawler's settings."""

    name = "portal"
    list_method: ClassVar[str] = "GET"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: Parts
        self._out: asyncio.Queue[CaptureRow | WindowResult | None] = asyncio.Queue()
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(maxsize=500)
        self._open: dict[int, int] = {}
        self._listing: set[int] = set()
        self._seen_files: set[bytes] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> PortalSpider:
        spider: PortalSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.parts = crawler.settings["CAIGOU_PARTS"]
        return spider

    # ── what a platform says ─────────────────────────────────────────────────────────────────────────────────────

    async def prepare(self, windows: Sequence[Window]) -> None:
        """Look at lists that are not divided by day, once, for all windows."""

    async def discover(self, window: Window) -> None:
        """Find every notice of the window: call :meth:`found` for each, set ``window.listed`` to the portal's own total.

        May raise HostClosedError (the window is blocked) and PageError (its total stays unknown).
        """
        raise NotImplementedError

    def page_request(self, listed: Listed) -> Request:
        """The request for a notice's page or record."""
        return Request(listed.url)

    def check_page(self, response: Response, listed: Listed) -> str | None:
        """One word for what is wrong with an answer that looks like a notice; None when it is the one asked for."""
        _ = response, listed
        return None

    def files_of(self, body: bytes, url: str, content_type: str | None, listed: Listed) -> Sequence[FileLink]:
        """The files a page links."""
        _ = body, url, content_type, listed
        return ()

    def expects(self, kind: Kind) -> frozenset[PageState]:
        """States an answer of that kind may have."""
        return frozenset({PageState.LIST}) if kind is Kind.LIST else frozenset({PageState.NOTICE})

    # ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> AsyncIterator[Any]:
        self._task = asyncio.ensure_future(self._main())
        try:
            while (item := await self._out.get()) is not None:
                yield item
        finally:
            self._task.cancel()

    def stop(self) -> None:
        """End the run soon: nothing new is begun, what is under way is left, what was archived is written down."""
        self.parts.stopping = True
        if self._task is not None:
            self._task.cancel()

    async def _main(self) -> None:
        workers: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                workers = [group.create_task(self._work()) for _ in range(self.parts.workers)]
                await self._discover_all()
                await self._jobs.join()
                for worker in workers:
                    worker.cancel()
        except BaseExceptionGroup as errors:
            self.parts.failure = _first(errors)
        except asyncio.CancelledError:
            if not self.parts.stopping:
                raise
        finally:
            self._out.put_nowait(None)

    async def _discover_all(self) -> None:
        windows = self.parts.windows
        for window in windows:
            self._listing.add(id(window))
            self._open[id(window)] = 0
        listing = [window for window in windows if not window.recheck]
        try:
            await self.prepare(listing)
        except HostClosedError as error:
            for window in listing:
                window.notes.append(f"list: {error.reason}")
        for window in windows:
            if self.parts.stopping:
                return
            try:
                if window.recheck:
                    await self._look_again(window)
                else:
                    await self.discover(window)
            except HostClosedError as error:
                window.blocked = error.reason
            except PageError as error:
                self.list_failed(window, error)
            self._listing.discard(id(window))
            await self._maybe_close(window)

    def list_failed(self, window: Window, error: PageError, name: str = "") -> None:
        """A list of the window that is not what it should be: named, and the window never complete."""
        window.list_failures.append(error.reason)
        window.notes.append(f"{name}: {error}" if name else str(error))
        if error.reason == "robots_disallowed":
            window.blocked = window.blocked or error.reason

    async def found(self, window: Window, rows: Sequence[Listed]) -> None:
        """Notices of a window, as a list shows them; those not seen before are fetched."""
        fresh = [row for row in rows if row.source_id not in window.discovered]
        for row in fresh:
            window.discovered[row.source_id] = row
        if not fresh:
            return
        rows_by_id = {row.source_id: row for row in fresh}
        known: dict[str, Known] = {}
        if not self.parts.refetch:
            addresses = {number: self.page_request(row).url for number, row in rows_by_id.items()}
            known = await asyncio.to_thread(self.parts.ledger.known, self.parts.config.id, addresses)
        purged = await asyncio.to_thread(self.parts.ledger.purged, self.parts.config.id, list(rows_by_id))
        if purged:
            window.notes.append(f"purged, not fetched: {len(purged)}")
        for row in rows_by_id.values():
            self._open[id(window)] += 1
            before = known.get(row.source_id)
            if row.source_id in purged:
                window.captured.add(row.source_id)
                window.known.add(row.source_id)
                await self._done(window)
            elif before is not None:
                await self._adopt(window, row, before)
            else:
                await self._jobs.put(_Job(window, row))

    async def _look_again(self, window: Window) -> None:
        """Fetch notices captured before, whatever the ledger knows of them."""
        window.confirmed = True
        for row, previous in window.recheck:
            window.discovered[row.source_id] = row
            self._open[id(window)] += 1
            await self._jobs.put(_Job(window, row, previous=previous))

    async def _adopt(self, window: Window, row: Listed, known: Known) -> None:
        """A notice captured by an earlier run: only files still missing are fetched."""
        links, trouble = known.files, None
        if links is None:
            try:
                answer = await asyncio.to_thread(self.parts.archive.read, known.ref)
            except ArchiveError:
                # Its bytes are not here (another machine's archive, a lost file), and nobody wrote down its files: ask again.
                await self._jobs.put(_Job(window, row))
                return
            links, trouble = self._links(answer.body, answer.url, answer.content_type, row)
        window.captured.add(row.source_id)
        window.known.add(row.source_id)
        await self._queue_files(window, row, links, trouble)
        await self._done(window)

    def _links(
        self, body: bytes, url: str, content_type: str | None, listed: Listed
    ) -> tuple[tuple[FileLink, ...] | None, str | None]:
        try:
            return tuple(self.files_of(body, url, content_type, listed)), None
        except PageError as error:
            return None, str(error)

    async def _queue_files(
        self, window: Window, row: Listed, links: Sequence[FileLink] | None, trouble: str | None
    ) -> None:
        if trouble is not None:
            window.notes.append(f"files of {row.source_id}: {trouble}")
        fresh = []
        for link in links or ():
            digest = hashlib.blake2b(link.url.encode(), digest_size=8).digest()
            if digest not in self._seen_files:
                self._seen_files.add(digest)
                fresh.append(link)
        if not fresh:
            return
        window.files_listed += len(fresh)
        have = await asyncio.to_thread(
            self.parts.ledger.known_files, self.parts.config.id, [link.url for link in fresh]
        )
        window.files_captured += len(have)
        for link in fresh:
            if link.url not in have:
                self._open[id(window)] += 1
                # Never wait for a free place here: this may be the worker that must make it.
                if self._jobs.full():
                    await self._one(_Job(window, row, link))
                else:
                    self._jobs.put_nowait(_Job(window, row, link))

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await self._one(job)
            finally:
                self._jobs.task_done()

    async def _one(self, job: _Job) -> None:
        if not self.parts.stopping:
            if job.link is None:
                await self._page(job.window, job.listed, job.previous)
            else:
                await self._file(job.window, job.listed, job.link)
        await self._done(job.window)

    async def _done(self, window: Window) -> None:
        self._open[id(window)] -= 1
        await self._maybe_close(window)

    async def _page(self, window: Window, listed: Listed, previous: RecordRef | None = None) -> None:
        request = self.page_request(listed)
        if previous is not None:
            request.meta["previous"] = previous
        try:
            fetched = await self.fetch(request, Kind.PAGE, listed=listed)
        except HostClosedError as error:
            window.failed[listed.source_id] = error.reason
            window.blocked = window.blocked or error.reason
            return
        if fetched.problem is not None or fetched.response is None:
            window.failed[listed.source_id] = fetched.problem or "no_answer"
            return
        window.captured.add(listed.source_id)
        self.parts.captured += not window.recheck
        response = fetched.response
        if _same(request, response):
            window.known.add(listed.source_id)
            return
        await self._queue_files(window, listed, fetched.links, fetched.trouble)
        self._tell(window, listed.title)

    async def _file(self, window: Window, listed: Listed, link: FileLink) -> None:
        try:
            fetched = await self.fetch(Request(link.url), Kind.ATTACHMENT, listed=listed, link=link)
        except HostClosedError as error:
            window.files_failed[link.url] = error.reason
            return
        except ValueError:
            window.files_failed[link.url] = "bad_address"
            return
        if fetched.problem is None:
            window.files_captured += 1
            self.parts.files += 1
        else:
            window.files_failed[link.url] = fetched.problem

    async def _maybe_close(self, window: Window) -> None:
        if window.closed or id(window) in self._listing or self._open[id(window)]:
            return
        window.closed = not self.parts.stopping
        result = result_of(window, self.parts.config.expect, lambda row: self.page_request(row).url)
        self.parts.results.append(result)
        await self._out.put(result)
        self._tell(window, f"{window.since}: {result.verdict}")
        # What is written down need not stay in memory.
        window.discovered, window.captured, window.known = {}, set(), set()

    def _tell(self, window: Window, message: str) -> None:
        if self.parts.progress is not None:
            done = len(self.parts.results)
            self.parts.progress(
                Progress(
                    self.parts.config.id, window.since, done, len(self.parts.windows), self.parts.captured, message
                )
            )

    # ── one question ─────────────────────────────────────────────────────────────────────────────────────────────

    async def fetch(
        self, request: Request, kind: Kind, *, listed: Listed | None = None, link: FileLink | None = None
    ) -> Fetched:
        """Ask, archive, recognise, ask again where that helps. Raises HostClosedError when the host must be left alone.

        A throttle page trips the host's breaker, a challenge or a captcha closes it; both are archived and recorded as
        what they are. Errors that pass (5xx, an empty or a cut body, a broken connection) are asked again.
        """
        host = urlsplit(request.url).hostname or ""
        attempt = 0
        cut: str | None = None
        while True:
            # One question at a time: what waits behind it is not under way when the answer is to leave the host alone.
            async with self._turns[host]:
                await self.parts.breakers.wait(host)
                response, state = await self._ask(request, kind, listed, link)
                if state.state is PageState.BLOCKED and (state.transient or kind is not Kind.ATTACHMENT):
                    self._leave_alone(host, state)
            if response is not None and state.reason == "truncated":
                # A page that ends the same way twice is not cut by the wire: some portals never close their markup.
                digest = hashlib.sha256(response.body).hexdigest()
                if cut == digest:
                    state = StateVerdict(state.state, "unclosed")
                cut = digest
            problem = self._problem(response, state, kind, listed, link)
            links, trouble = None, None
            if response is not None:
                if problem is None and kind is Kind.PAGE and listed is not None and not _same(request, response):
                    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
                    links, trouble = self._links(response.body, response.url, content_type, listed)
                await self._out.put(self._row(request, response, state, problem, kind, listed, link, links))
            if problem is None:
                self.parts.breakers.good(host)
                return Fetched(response, None, links, trouble)
            if state.state is PageState.BLOCKED:
                if state.transient:
                    continue
                if kind is not Kind.ATTACHMENT:
                    raise HostClosedError(host, state.reason)
                return Fetched(response, problem)
            attempt += 1
            if not state.transient or attempt > self.parts.config.retries or self.parts.stopping:
                return Fetched(response, problem)
            await self.pause(request.url, attempt)

    def _leave_alone(self, host: str, state: StateVerdict) -> None:
        """For a while, or for the rest of the run."""
        if state.transient:
            self.parts.breakers.trip(host, state.reason)
        else:
            self.parts.breakers.close(host, state.reason)

    async def pause(self, url: str, attempt: int) -> None:
        """Before asking again: two delays of the host, then four, then six."""
        await asyncio.sleep(max(self.parts.delay_of(urlsplit(url).hostname or ""), 0.02) * 2 * attempt)

    async def _ask(
        self, request: Request, kind: Kind, listed: Listed | None, link: FileLink | None
    ) -> tuple[Response | None, StateVerdict]:
        context: dict[str, Any] = {"portal": self.parts.config.id, "kind": kind.value, "url": request.url}
        if listed is not None:
            context |= {"source_id": listed.source_id, "title": listed.title}
        if link is not None:
            context["name"] = link.name
        asked = request.replace(
            dont_filter=True,
            meta={
                **request.meta,
                "capture": context,
                "download_fail_on_dataloss": False,
                "download_maxsize": int(self.parts.config.max_file_mb * 1_000_000),
            },
        )
        self.parts.requests += 1
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(asked)
        except IgnoreRequest as error:
            reason = str(error) or "ignored"
            if reason == "robots_unreachable":
                host = urlsplit(request.url).hostname or ""
                self.parts.breakers.close(host, reason)
                raise HostClosedError(host, reason) from error
            return None, StateVerdict(PageState.UNKNOWN, reason)
        except NotInArchiveError:
            return None, StateVerdict(PageState.UNKNOWN, "not_in_archive")
        except DownloadCancelledError:
            return None, StateVerdict(PageState.UNKNOWN, "too_large")
        except (ArchiveError, CrawlError, asyncio.CancelledError):
            raise
        except Exception as error:
            if type(error).__name__ in {"TypeError", "AttributeError", "AssertionError", "KeyError", "NameError"}:
                raise
            return None, StateVerdict(PageState.ERROR_PAGE, _word(type(error).__name__), transient=True)
        if "dataloss" in response.flags:
            return response, StateVerdict(PageState.ERROR_PAGE, "dataloss", transient=True)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        if kind is Kind.ATTACHMENT:
            return response, _file_state(response, content_type, link)
        state = recognise(response.body, content_type, response.url, response.status)
        if kind is Kind.LIST and state.state is PageState.LIST and _unclosed(response.body):
            return response, StateVerdict(PageState.LIST, "truncated", transient=True)
        if state.reason in {"truncated", "truncated_json"}:
            return response, StateVerdict(state.state, "truncated", transient=True)
        return response, state

    def _problem(
        self, response: Response | None, state: StateVerdict, kind: Kind, listed: Listed | None, link: FileLink | None
    ) -> str | None:
        _ = link
        if response is None:
            return state.reason
        if kind is Kind.ATTACHMENT:
            return None if state.reason == "file" else state.reason
        if state.state not in self.expects(kind) or state.reason == "truncated":
            return state.reason
        if kind is Kind.PAGE and listed is not None:
            return self.check_page(response, listed) or _other_content(response, state, listed)
        return None

    def _row(
        self,
        request: Request,
        response: Response,
        state: StateVerdict,
        problem: str | None,
        kind: Kind,
        listed: Listed | None,
        link: FileLink | None,
        links: tuple[FileLink, ...] | None,
    ) -> CaptureRow:
        self.parts.states[state.state.value] = self.parts.states.get(state.state.value, 0) + 1
        meta = response.meta
        return CaptureRow(
            portal=self.parts.config.id,
            kind=kind,
            # The address that was asked for, wherever it was redirected to: by it a file joins its notice, and a notice is
            # known again by the next run. The record itself carries the address that answered.
            url=link.url if link is not None else request.url,
            status=response.status,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1") or None,
            captured_at=meta["captured_at"],
            ref=meta["record"],
            state=state.state.value,
            reason=problem or state.reason,
            source_id=listed.source_id if listed is not None and problem is None else None,
            name=link.name if link is not None else None,
            files=links,
        )


def result_of(
    window: Window, expect: Any, address: Callable[[Listed], str] = lambda listed: listed.url
) -> WindowResult:
    """The window as it is reported and stored. ``address``: where a notice's own page or record is asked for."""
    deficit = [(key, address(window.discovered[key]), reason) for key, reason in window.missing.items()]
    deficit += [(url, url, reason) for url, reason in window.files_failed.items()]
    reasons = Counter(reason for _, _, reason in deficit)
    if window.unexplained:
        reasons["never_listed"] += window.unexplained
    for reason in window.list_failures:
        reasons[f"list:{reason}"] += 1
    if window.blocked:
        reasons[f"blocked:{window.blocked}"] += 1
    return WindowResult(
        portal=window.portal,
        since=window.since,
        until=window.until,
        channel=window.channel,
        verdict=window.verdict(expect),
        listed=window.listed,
        discovered=len(window.discovered),
        captured=len(window.captured),
        new=len(window.captured) - len(window.known),
        files=window.files_captured,
        deficit=tuple(deficit),
        reasons=dict(reasons),
        notes=tuple(window.notes),
        parts=dict(window.parts),
        rechecked=tuple(row.source_id for row, _ in window.recheck),
        over=window.over or not window.closed,
    )


def _other_content(response: Response, state: StateVerdict, listed: Listed) -> str | None:
    """A page of words that are not the listed notice's. A record of an API has been told by its id."""
    if state.reason == "record":
        return None
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
    return None if tells_of(listed.title, response.body, content_type) else "other_content"


def _file_state(response: Response, content_type: str | None, link: FileLink | None) -> StateVerdict:
    """A file is anything with bytes, except a page or an error message where a file was promised."""
    body = response.body
    if response.status >= 400 or not body:
        return recognise(body, content_type, response.url, response.status)
    head = body[:512].lstrip().lower()
    name = (link.name if link else response.url).lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) and not name.endswith(
        (".htm", ".html", ".shtml")
    ):
        state = recognise(body, content_type, None, response.status)
        if state.state in {PageState.BLOCKED, PageState.EMPTY, PageState.ERROR_PAGE}:
            return state
        return StateVerdict(PageState.UNKNOWN, "html_instead_of_file")
    if head.startswith(b"{") and "json" in (content_type or "") and not name.endswith(".json"):
        return StateVerdict(PageState.UNKNOWN, "json_instead_of_file")
    return StateVerdict(PageState.UNKNOWN, "file")


def _same(request: Request, response: Response) -> bool:
    """True for a page looked at again that has not changed."""
    previous = request.meta.get("previous")
    return previous is not None and response.meta["record"].sha256 == previous.sha256


def _unclosed(body: bytes) -> bool:
    """A page that opens and never closes."""
    return b"<html" in body[:1000].lower() and b"</html" not in body[-400:].lower()


def _word(name: str) -> str:
    """``DownloadTimeoutError`` → ``download_timeout``."""
    plain = name.removesuffix("Error")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in plain).lstrip("_")


def _first(errors: BaseExceptionGroup[BaseException]) -> Exception:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            return _first(error)
        if isinstance(error, Exception):
            return error
    return RuntimeError(str(errors))


__all__ = ["Fetched", "PortalSpider", "result_of"]
