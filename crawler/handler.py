"""The download handler: sends the request (directly, through a gateway, or to an archive file) and archives the answer.

It is the lowest layer of Scrapy, so nothing that comes over the wire can pass by the archive: redirects, robots.txt,
throttle pages and retries are kept like everything else. ``request.meta["record"]`` afterwards holds the
:class:`~crawler.archive.RecordRef` of the answer and ``request.meta["captured_at"]`` its time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive import Archive, ArchivedResponse, ArchiveError, Exchange
from crawler.errors import NotInArchiveError
from crawler.proxies import SocksHandler
from crawler.via import Gateway

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

logging.getLogger("scrapy.core.downloader.handlers._base_streaming").setLevel(logging.ERROR)


class Replay:
    """Answers of one archive file, by method, address and request body; several answers to one question in order."""

    def __init__(self, answers: Sequence[ArchivedResponse]) -> None:
        self._answers: dict[tuple[str, str, bytes], deque[ArchivedResponse]] = defaultdict(deque)
        for answer in answers:
            if answer.status is not None:
                self._answers[answer.method, answer.url, answer.request_body].append(answer)

    @classmethod
    def open(cls, path: Path, archive: Archive) -> Replay:
        """Read the whole file. Raises ArchiveError."""
        return cls(list(archive.iterate(path.absolute())))

    def __len__(self) -> int:
        return sum(map(len, self._answers.values()))

    def answer(self, method: str, url: str, body: bytes) -> ArchivedResponse:
        """The next answer to that question; the last one again when all were given. Raises NotInArchiveError."""
        queue = self._answers.get((method, url, body))
        if not queue:
            raise NotInArchiveError(f"{method} {url}")
        return queue.popleft() if len(queue) > 1 else queue[0]


class ArchivingHandler(BaseDownloadHandler):
    """Scrapy's aiohttp handler between gateway and archive. Its parts come from ``crawler.settings["CAIGOU_JOB"]``."""

    lazy = False
    inner_class: type[BaseDownloadHandler] = AiohttpDownloadHandler

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        parts = crawler.settings["CAIGOU_PARTS"]
        self.archive: Archive = parts.archive
        self.gateway: Gateway | None = parts.gateway
        self.replay: Replay | None = parts.replay
        self.keep_replayed: bool = parts.archive_replayed
        self.inner: BaseDownloadHandler | None = None
        if self.replay is None:
            chosen = parts.handler_class or (SocksHandler if parts.socks is not None else self.inner_class)
            self.inner = chosen(crawler)

    async def download_request(self, request: Request) -> Response:
        if self.replay is not None:
            return self._replayed(request, self.replay)
        assert self.inner is not None
        url = request.url if self.gateway is None else self.gateway.outward(request.url)
        # Sent as it stands: the client would otherwise decode %2F, %3A and %3D in a query, and portals compare literally.
        sent = request.replace(url=url, meta={**request.meta, "verbatim_url": True})
        response: Response = await self.inner.download_request(sent)
        captured_at = dt.datetime.now(dt.UTC)
        if "download_latency" in sent.meta:
            request.meta["download_latency"] = sent.meta["download_latency"]
        if self.gateway is not None:
            response = self._as_the_portal(response, request, self.gateway)
        self._keep(request, response, captured_at)
        return response

    async def close(self) -> None:
        if self.inner is not None:
            await self.inner.close()

    @staticmethod
    def _as_the_portal(response: Response, request: Request, gateway: Gateway) -> Response:
        headers = response.headers
        location = headers.get("Location")
        if location is not None:
            headers = headers.copy()
            headers["Location"] = gateway.inward(location.decode("latin-1"), request.url)
        return response.replace(url=request.url, headers=headers)

    def _keep(self, request: Request, response: Response, captured_at: dt.datetime) -> None:
        flags = [flag for flag in response.flags if flag != "replayed"]
        previous = request.meta.get("previous")
        unchanged = None
        if previous is not None and hashlib.sha256(response.body).hexdigest() == previous.sha256:
            # Where the first copy cannot be had (another machine's archive, a damaged file) this one is kept whole.
            with contextlib.suppress(ArchiveError):
                unchanged = self.archive.read(previous)
        ref = self.archive.append(
            Exchange(
                url=request.url,
                status=response.status,
                headers=_pairs(response.headers),
                body=response.body,
                captured_at=captured_at,
                method=request.method,
                # What a proxy on the way was told is not for the portal, and no archive is a place for passwords.
                request_headers=[pair for pair in _pairs(request.headers) if pair[0].lower() != "proxy-authorization"],
                request_body=request.body,
                context=request.meta.get("capture", {}),
                note=", ".join(flags) or None,
            ),
            revisit_of=unchanged,
        )
        request.meta["record"] = ref
        request.meta["captured_at"] = captured_at

    def _replayed(self, request: Request, replay: Replay) -> Response:
        answer = replay.answer(request.method, request.url, request.body)
        assert answer.status is not None
        headers = Headers()
        for name, value in answer.headers:
            if not name.lower().startswith("x-archive-orig-"):
                headers.appendlist(name, value)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.payload[:5000])
        flags = (answer.note.split(", ") if answer.note else []) + ["replayed"]
        response: Response = kind(
            url=request.url, status=answer.status, headers=headers, body=answer.payload, flags=flags
        )
        if self.keep_replayed:
            self._keep(request, response, answer.captured_at)
        else:
            request.meta["record"], request.meta["captured_at"] = answer.ref, answer.captured_at
        return response


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
